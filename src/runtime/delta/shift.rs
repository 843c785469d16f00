//! Finds rows that moved up or down from one frame to the next.

use std::ops::Range;

use super::code::{BLANK, Code};

/// The cost of moving rows, in bytes.
const COST: isize = 24;

/// The number of rightmost columns that are ignored when comparing rows: lists have their marks there.
const MARKS: usize = 2;

/// Rows that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    /// The affected rows, including those that become blank.
    rows: Range<usize>,
    /// The distance.
    by: usize,
    /// Whether they moved up.
    up: bool,
}

impl Shift {
    /// The move that saves the most, if any. Remaining differences are written afterwards.
    pub(super) fn best(rows: &Rows) -> Option<Self> {
        let height = rows.shown.len();
        let moves = (1..height).flat_map(|by| [(by, true), (by, false)]);
        let (saved, shift) = moves.filter_map(|(by, up)| rows.best_of(by, up)).max_by_key(|(saved, _)| *saved)?;
        (saved > COST).then_some(shift)
    }

    /// Deletes or inserts lines within a region, which even the oldest terminals support.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (first, last, letter) = (self.rows.start + 1, self.rows.end, if self.up { 'M' } else { 'L' });
        let sequence = format!("\x1b[{first};{last}r\x1b[{first};1H\x1b[{}{letter}\x1b[r", self.by);
        out.extend_from_slice(sequence.as_bytes());
    }

    /// Applies the effect of the sequence to a frame.
    pub(super) fn apply(&self, shown: &mut [Code], width: usize) {
        let cells = &mut shown[self.rows.start * width..self.rows.end * width];
        let by = self.by * width;
        let blank = if self.up {
            cells.rotate_left(by);
            cells.len() - by..cells.len()
        } else {
            cells.rotate_right(by);
            0..by
        };
        cells[blank].fill(BLANK);
    }
}

/// Information about the rows of two frames. Rows with the same checksum are considered equal; if they are not, a move
/// just saves less than estimated.
pub(super) struct Rows {
    shown: Vec<u64>,
    wanted: Vec<u64>,
    /// The cost of writing a row of the wanted frame over the current one.
    changes: Vec<isize>,
    /// The cost of writing it on a blank row.
    lengths: Vec<isize>,
}

impl Rows {
    /// Analyzes two frames of this width.
    pub(super) fn of(shown: &[Code], wanted: &[Code], width: usize) -> Self {
        let rows = || wanted.chunks_exact(width.max(1));
        let mut of = Self {
            shown: Vec::new(),
            wanted: rows().map(sum).collect(),
            changes: Vec::new(),
            lengths: rows().map(extent).collect(),
        };
        of.look_again(shown, wanted, width);
        of
    }

    /// Analyzes the shown frame again after rows were moved.
    pub(super) fn look_again(&mut self, shown: &[Code], wanted: &[Code], width: usize) {
        let rows = || shown.chunks_exact(width.max(1));
        self.shown = rows().map(sum).collect();
        self.changes =
            rows().zip(wanted.chunks_exact(width.max(1))).map(|(shown, wanted)| differences(shown, wanted)).collect();
    }

    /// The range of rows for which a move by `by` saves the most, and how much.
    fn best_of(&self, by: usize, up: bool) -> Option<(isize, Shift)> {
        let height = self.wanted.len();
        let (mut best, mut start, mut total) = (None, 0, 0);
        for at in 0..height - by {
            // Indices of the row in the wanted and the shown frame.
            let (to, from) = if up { (at, at + by) } else { (at + by, at) };
            if total <= 0 {
                (start, total) = (at, 0);
            }
            let is_there = self.shown[from] == self.wanted[to];
            total += if is_there { self.changes[to] } else { (self.changes[to] - self.lengths[to]).min(0) };
            if total <= best.as_ref().map_or(COST, |(most, _)| *most) {
                continue;
            }
            let rows = start..at + 1 + by;
            let blank = if up { at + 1..rows.end } else { rows.start..rows.start + by };
            let saved = total - blank.map(|row| (self.lengths[row] - self.changes[row]).max(0)).sum::<isize>();
            if best.as_ref().is_none_or(|(most, _)| saved > *most) {
                best = Some((saved, Shift { rows, by, up }));
            }
        }
        best
    }
}

fn differences(shown: &[Code], wanted: &[Code]) -> isize {
    shown.iter().zip(wanted).filter(|(shown, wanted)| shown != wanted).count() as isize
}

/// How many cells the text of a row takes, from its first letter to its last.
fn extent(cells: &[Code]) -> isize {
    let first = cells.iter().position(|code| *code != BLANK).unwrap_or_default();
    let last = cells.iter().rposition(|code| *code != BLANK).map_or(first, |last| last + 1);
    (last - first) as isize
}

/// A checksum of a row's content, apart from its last columns.
fn sum(cells: &[Code]) -> u64 {
    let cells = &cells[..cells.len().saturating_sub(MARKS)];
    cells.iter().fold(0, |sum: u64, code| (sum.rotate_left(5) ^ code.number()).wrapping_mul(0x517c_c1b7_2722_0a95))
}
