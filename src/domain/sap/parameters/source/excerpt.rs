//! An excerpt of a text that tracks the origin of each byte.

use std::ops::Range;

use zeroize::Zeroizing;

/// A text extracted from the original, possibly with decoded escapes. It may be a key, so it is wiped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    text: Zeroizing<String>,
    places: Places,
}

/// The origin of the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Places {
    /// An unchanged part that begins at this offset of the original.
    From(usize),
    /// The offset of each byte, and of the end.
    Each(Vec<u32>),
}

impl Excerpt {
    /// The original text.
    pub(super) fn whole(text: &str) -> Self {
        Self { text: Zeroizing::new(text.to_owned()), places: Places::From(0) }
    }

    /// An empty text for decoded characters.
    pub(super) fn empty(capacity: usize, end: usize) -> Self {
        let mut places = Vec::with_capacity(capacity + 1);
        places.push(offset(end));
        Self { text: Zeroizing::new(String::with_capacity(capacity)), places: Places::Each(places) }
    }

    /// Adds `c`, which is at `place` in the original and ends before `end`.
    pub(super) fn push(&mut self, c: char, place: usize, end: usize) {
        self.text.push(c);
        if let Places::Each(places) = &mut self.places {
            places.pop();
            places.extend(std::iter::repeat_n(offset(place), c.len_utf8()));
            places.push(offset(end));
        }
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The offset in the original of the byte `at`.
    pub(super) fn origin(&self, at: usize) -> usize {
        match &self.places {
            Places::From(start) => start + at,
            Places::Each(places) => places.get(at).or(places.last()).map_or(0, |place| *place as usize),
        }
    }

    /// A part of it.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        let places = match &self.places {
            Places::From(start) => Places::From(start + range.start),
            Places::Each(places) => Places::Each(places[range.start..=range.end].to_vec()),
        };
        Self { text: Zeroizing::new(self.text[range].to_owned()), places }
    }

    /// Without white space at both ends.
    pub(super) fn trimmed(self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let end = start + self.text.trim().len();
        if (start, end) == (0, self.text.len()) { self } else { self.part(start..end) }
    }

    /// The same with another text of equal length, in which bytes were blanked out.
    pub(super) fn with_text(&self, text: String) -> Self {
        debug_assert_eq!(text.len(), self.text.len());
        Self { text: Zeroizing::new(text), places: self.places.clone() }
    }
}

/// Inputs have at most 256 KiB.
fn offset(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoded_characters_have_their_place_in_the_source() {
        let mut decoded = Excerpt::empty(4, 1);
        decoded.push('\u{e4}', 1, 7);
        decoded.push('b', 7, 8);
        assert_eq!([0, 1, 2, 3].map(|at| decoded.origin(at)), [1, 1, 7, 8]);
        assert_eq!(decoded.part(2..3).origin(0), 7);
        assert_eq!(Excerpt::whole("  ab ").trimmed().origin(1), 3);
    }
}
