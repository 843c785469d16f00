//! Finds the end of a row that moved left or right because a text before it became shorter or longer.

use super::code::{BLANK, Code};

/// The cost of moving it, in bytes: the sequence, and the plain style before it.
const COST: usize = 12;

/// Inserted or deleted cells that move what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slide {
    /// The column.
    at: usize,
    by: usize,
    /// Whether cells are inserted.
    longer: bool,
}

impl Slide {
    /// The slide that moves the last text of the row into place, if that saves anything.
    pub(super) fn best(shown: &[Code], wanted: &[Code]) -> Option<Self> {
        let (from, to) = (text_end(shown), text_end(wanted));
        let pairs = || shown[..from].iter().rev().zip(wanted[..to].iter().rev());
        let moved = pairs().take_while(|(shown, wanted)| shown == wanted).count();
        if from == to || moved <= COST {
            return None;
        }
        // The pen has to go to the first difference anyway.
        let first = shown.iter().zip(wanted).position(|(shown, wanted)| shown != wanted)?;
        let slide = Self { at: first.min(from.min(to) - moved), by: from.abs_diff(to), longer: to > from };
        let mut after = shown.to_vec();
        slide.apply(&mut after);
        (differences(shown, wanted) > differences(&after, wanted) + COST).then_some(slide)
    }

    /// The column.
    pub(super) fn at(self) -> u16 {
        self.at as u16
    }

    /// Inserts or deletes characters. The current style must be invisible on blank cells.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        let letter = if self.longer { '@' } else { 'P' };
        out.extend_from_slice(format!("\x1b[{}{letter}", self.by).as_bytes());
    }

    /// Applies the effect of the sequence to a row.
    pub(super) fn apply(self, shown: &mut [Code]) {
        let cells = &mut shown[self.at..];
        let blank = if self.longer {
            cells.rotate_right(self.by);
            0..self.by
        } else {
            cells.rotate_left(self.by);
            cells.len() - self.by..cells.len()
        };
        cells[blank].fill(BLANK);
    }
}

fn differences(shown: &[Code], wanted: &[Code]) -> usize {
    shown.iter().zip(wanted).filter(|(shown, wanted)| shown != wanted).count()
}

fn text_end(cells: &[Code]) -> usize {
    cells.iter().rposition(|code| *code != BLANK).map_or(0, |last| last + 1)
}
