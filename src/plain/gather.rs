//! A multi-line text, such as a key: collected until its braces balance or a line is empty.

use zeroize::Zeroizing;

use super::answer::press;
use crate::{
    app::Described,
    domain::key::service_key::SIZE_LIMIT,
    keymap::{Action, Context},
    model::{Msg, Pasted, capture::Braces},
};

/// A longer line is text, not a command.
const LONGEST_COMMAND: usize = 24;

/// The lines so far. They may contain a secret, so there is no `Debug`.
pub struct Gather {
    text: Zeroizing<String>,
    braces: Braces,
    /// Whether balanced braces end it.
    in_braces: bool,
}

impl std::fmt::Debug for Gather {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gather({} bytes)", self.text.len())
    }
}

/// Whether a line that is not a command starts a pasted text.
pub fn begins(line: &str, now: &Described) -> bool {
    let braces = line.contains('{') || line.trim_start().starts_with('[');
    match now.context {
        Context::Browse | Context::Editor => {
            let fields = line.contains(['=', '"', '\'']) || line.contains(": ") || line.trim_end().ends_with(':');
            braces || fields || line.contains("-----") || line.trim().chars().count() > LONGEST_COMMAND
        }
        // A whole key in a field is meant as a key; a passphrase may contain a brace.
        Context::Edit => braces && !hides(now),
        _ => false,
    }
}

fn hides(now: &Described) -> bool {
    now.page.field.and_then(|at| now.page.fields.get(at)).is_some_and(|field| field.masked)
}

impl Gather {
    /// An empty text that starts with the line `first`.
    pub fn new(first: &str) -> Self {
        let in_braces = first.contains('{') || first.trim_start().starts_with('[');
        // Larger than most keys: reallocation would leave an unwiped copy behind.
        Self { text: Zeroizing::new(String::with_capacity(32 * 1024)), braces: Braces::default(), in_braces }
    }

    /// Adds a line. Returns the text when it is complete. Input beyond the length of any key is dropped, so that
    /// parsing reports that it is too long.
    pub fn add(&mut self, line: &str) -> Option<Pasted> {
        if line.trim().is_empty() && !self.text.is_empty() {
            return Some(self.take());
        }
        for c in line.chars().chain(['\n']) {
            self.braces.follow(c);
            if self.text.len() <= SIZE_LIMIT {
                self.text.push(c);
            }
        }
        (self.in_braces && self.braces.are_balanced()).then(|| self.take())
    }

    /// Whether it has only its first line.
    pub fn has_one_line(&self) -> bool {
        self.text.trim_end_matches('\n').lines().count() <= 1
    }

    /// The text so far.
    pub fn take(&mut self) -> Pasted {
        Pasted::new(self.text.as_bytes())
    }
}

/// The messages that pass the text to the app. In the JSON editor it replaces the content.
pub fn messages(text: Pasted, context: Context) -> Vec<Msg> {
    let leave = if context == Context::Editor { press(Action::Cancel, context) } else { None };
    leave.into_iter().chain([Msg::Paste(text)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text from these lines, and how many of them it took.
    fn gathered(lines: &[&str]) -> Option<(String, usize)> {
        let mut gather = Gather::new(lines[0]);
        let at = |(index, line): (usize, &&str)| gather.add(line).map(|text| (text.text().to_string(), index + 1));
        lines.iter().enumerate().find_map(at)
    }

    #[test]
    fn balanced_braces_end_a_text() {
        assert_eq!(gathered(&["{", "\"a\": \"}\"", "}", "q"]), Some(("{\n\"a\": \"}\"\n}\n".to_owned(), 3)));
        assert_eq!(gathered(&["[{},", "{}]", "q"]).map(|(_, lines)| lines), Some(2));
    }

    #[test]
    fn an_empty_line_ends_any_other_text_and_one_that_is_cut_off() {
        assert_eq!(gathered(&["clientid: a", "clientsecret: b", "", "q"]).map(|(_, lines)| lines), Some(3));
        assert_eq!(gathered(&["{ \"a\":", " ", "q"]).map(|(_, lines)| lines), Some(2));
    }

    #[test]
    fn a_text_longer_than_any_key_is_cut() {
        let mut gather = Gather::new("{");
        for _ in 0..40 {
            assert!(gather.add(&format!("{{{}", "x".repeat(10_000))).is_none());
        }
        assert_eq!(gather.take().bytes().len(), SIZE_LIMIT + 1);
    }
}
