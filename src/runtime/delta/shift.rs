//! Finds rows that moved up or down from one picture to the next.

use std::ops::Range;

use super::code::{BLANK, Code};

/// What moving rows costs, in bytes.
const COST: isize = 24;

/// The columns at the right that a row may differ in and still be taken for the same: lists have their marks there.
const MARKS: usize = 2;

/// Rows that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    /// The rows that take part, those that become blank included.
    rows: Range<usize>,
    /// How far.
    by: usize,
    /// Whether they moved towards the first row.
    up: bool,
}

impl Shift {
    /// The move that saves most, if one saves anything. What it does not get right is written afterwards.
    pub(super) fn best(rows: &Rows) -> Option<Self> {
        let height = rows.shown.len();
        let moves = (1..height).flat_map(|by| [(by, true), (by, false)]);
        let (saved, shift) = moves.filter_map(|(by, up)| rows.best_of(by, up)).max_by_key(|(saved, _)| *saved)?;
        (saved > COST).then_some(shift)
    }

    /// Lines are deleted or inserted within a region, which the oldest terminals know.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (first, last, letter) = (self.rows.start + 1, self.rows.end, if self.up { 'M' } else { 'L' });
        let sequence = format!("\x1b[{first};{last}r\x1b[{first};1H\x1b[{}{letter}\x1b[r", self.by);
        out.extend_from_slice(sequence.as_bytes());
    }

    /// Does to a picture what the sequence does to the terminal.
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

/// What is known of the rows of two pictures. Two rows with the same sum are taken for equal; if they are not, a move
/// saves less than it seemed to.
pub(super) struct Rows {
    shown: Vec<u64>,
    wanted: Vec<u64>,
    /// What it takes to write a row of the wanted picture over the one that is there.
    changes: Vec<isize>,
    /// What it takes to write it on a blank row.
    lengths: Vec<isize>,
}

impl Rows {
    /// Looks at two pictures of this width.
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

    /// Looks at the shown picture again, after rows of it were moved.
    pub(super) fn look_again(&mut self, shown: &[Code], wanted: &[Code], width: usize) {
        let rows = || shown.chunks_exact(width.max(1));
        self.shown = rows().map(sum).collect();
        self.changes =
            rows().zip(wanted.chunks_exact(width.max(1))).map(|(shown, wanted)| differences(shown, wanted)).collect();
    }

    /// The run of rows for which a move by `by` saves most, and how much.
    fn best_of(&self, by: usize, up: bool) -> Option<(isize, Shift)> {
        let height = self.wanted.len();
        let (mut best, mut start, mut total) = (None, 0, 0);
        for at in 0..height - by {
            // Numbers of the row in the wanted picture and in the shown one.
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

/// A number for what a row shows, apart from its last columns.
fn sum(cells: &[Code]) -> u64 {
    let cells = &cells[..cells.len().saturating_sub(MARKS)];
    cells.iter().fold(0, |sum: u64, code| (sum.rotate_left(5) ^ code.number()).wrapping_mul(0x517c_c1b7_2722_0a95))
}
