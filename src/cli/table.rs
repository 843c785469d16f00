//! Tables. On a terminal they have a heading and fit its width; in a file or pipe each row is one line.

use unicode_width::UnicodeWidthStr as _;

use super::{
    output::{GAP, Output},
    style::Meaning,
};
use crate::domain::{
    finding::Severity,
    problem::Problem,
    text::{
        columns::{pad, widest},
        wrap::wrap,
    },
};

/// The minimum width at which the last column is wrapped.
const NARROWEST: usize = 24;
/// The indent of a last column that does not fit next to the others.
const BELOW: usize = 4;

/// Rows of `N` columns. Empty columns are omitted.
pub struct Table<'a, const N: usize> {
    /// The headings of the columns.
    pub head: [&'a str; N],
    /// The rows.
    pub rows: Vec<Row<N>>,
}

/// One row.
pub struct Row<const N: usize> {
    /// The sign before the row: good, a severity, or none.
    pub sign: Option<Option<Severity>>,
    /// The cells. On a terminal the last one may be wrapped.
    pub cells: [String; N],
}

impl<const N: usize> Table<'_, N> {
    /// Writes the rows.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn write(&self, output: &mut Output<'_>) -> Result<(), Problem> {
        let page = output.page();
        let signs = if self.rows.iter().any(|row| row.sign.is_some()) { GAP } else { 0 };
        let widths: [usize; N] = std::array::from_fn(|column| match self.width(column) {
            width if width > 0 && page.columns.is_some() => width.max(self.head[column].width()),
            width => width,
        });
        let start =
            signs + widths.iter().rev().skip(1).filter(|width| **width > 0).map(|width| width + GAP).sum::<usize>();
        let beside = page.columns.is_none_or(|columns| self.fits(columns.saturating_sub(start)));
        if page.columns.is_some_and(|columns| beside || start <= columns) && !self.rows.is_empty() {
            let shown = if beside { N } else { N - 1 };
            let head = std::array::from_fn(|column| if column < shown { self.head[column] } else { "" });
            let head = joined(&head, &widths);
            output.line(format!("{:signs$}{}", "", page.paint(head.trim_end(), Meaning::Skip)))?;
        }
        let stacked = page.columns.is_some_and(|columns| !beside && start > columns);
        for row in &self.rows {
            if stacked {
                self.write_stacked(row, signs, output)?;
                continue;
            }
            let sign = row.sign.map(|severity| output.sign(severity) + " ").unwrap_or_default();
            let indent = if beside { start } else { signs + BELOW };
            let mut lines = match page.columns {
                Some(columns) => wrap(&row.cells[N - 1], columns.saturating_sub(indent)).into_iter(),
                None => vec![row.cells[N - 1].clone()].into_iter(),
            };
            let last = if beside { lines.next().unwrap_or_default() } else { String::new() };
            let cells =
                std::array::from_fn(|column| if column == N - 1 { last.as_str() } else { row.cells[column].as_str() });
            let line = joined(&cells, &widths);
            // The name is the first cell.
            let (name, others) = line.split_at(cells[0].len());
            output.line(sign + &page.paint(name, Meaning::Strong) + others)?;
            lines.try_for_each(|line| output.line(format!("{:indent$}{line}", "")))?;
        }
        Ok(())
    }

    /// Writes cells below each other, on a terminal that is too narrow for columns.
    fn write_stacked(&self, row: &Row<N>, signs: usize, output: &mut Output<'_>) -> Result<(), Problem> {
        let sign = row.sign.map(|severity| output.sign(severity) + " ").unwrap_or_default();
        let indent = signs + BELOW;
        let room = output.page().columns.map_or(usize::MAX, |columns| columns.saturating_sub(indent));
        output.line(sign + &output.page().paint(&row.cells[0], Meaning::Strong))?;
        for line in row.cells[1..].iter().flat_map(|cell| wrap(cell, room)) {
            output.line(format!("{:indent$}{line}", ""))?;
        }
        Ok(())
    }

    fn width(&self, column: usize) -> usize {
        widest(self.rows.iter().map(|row| row.cells[column].as_str()))
    }

    /// Whether the last column fits next to the others within `room` columns.
    fn fits(&self, room: usize) -> bool {
        let lines = |row: &Row<N>| wrap(&row.cells[N - 1], room).iter().all(|line| line.width() <= room);
        self.width(N - 1) <= room || (room >= NARROWEST && self.rows.iter().all(lines))
    }
}

/// The cells in their columns.
fn joined<const N: usize>(cells: &[&str; N], widths: &[usize; N]) -> String {
    let shown = cells.iter().zip(widths).filter(|(_, width)| **width > 0);
    shown.map(|(cell, width)| pad(cell, width + GAP)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::style::Page, words::Words};

    fn written(rows: &[[&str; 3]], columns: Option<usize>) -> Vec<String> {
        let (mut results, mut messages) = (Vec::new(), Vec::new());
        let page = Page { columns, ..Page::default() };
        let mut output = Output::new(&mut results, &mut messages, true, Words::default()).on(page, Page::default());
        let row = |cells: &[&str; 3]| Row { sign: Some(None), cells: cells.map(str::to_owned) };
        Table { head: ["name", "state", "what"], rows: rows.iter().map(row).collect() }.write(&mut output).unwrap();
        String::from_utf8(results).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_pipe_gets_one_line_a_row_and_no_heading() {
        let long = "word ".repeat(40);
        let lines = written(&[["a", "", &long], ["bcd", "", "x"]], None);
        assert_eq!(lines, [format!("✓ a    {}", long.trim_end()), "✓ bcd  x".to_owned()]);
    }

    #[test]
    fn a_terminal_gets_a_heading_and_lines_that_fit() {
        let lines = written(&[["a", "ok", &"word ".repeat(12)], ["bcd", "ok", "x"]], Some(40));
        assert!(lines.iter().all(|line| line.width() <= 40), "{lines:?}");
        assert_eq!(lines[0], "  name  state  what");
        assert!(
            lines[1].starts_with("✓ a     ok     word") && lines[2].starts_with("               word"),
            "{lines:?}"
        );
        assert_eq!(lines.last().unwrap(), "✓ bcd   ok     x");
    }

    #[test]
    fn what_does_not_fit_beside_goes_below_in_one_piece() {
        let host = "a-very-long-host-name.example.com";
        assert_eq!(written(&[["a", "ok", host]], Some(40)), ["  name  state", "✓ a     ok", &format!("      {host}")]);
    }

    #[test]
    fn a_terminal_too_narrow_for_columns_gets_one_cell_below_the_other() {
        let lines = written(&[["a-name", "a state of some words", "x"]], Some(20));
        assert_eq!(lines, ["✓ a-name", "      a state of", "      some words", "      x"]);
    }

    #[test]
    fn characters_need_not_be_one_column_wide() {
        assert_eq!(
            written(&[["名前", "a", "x"], ["e\u{301}t", "b", "y"]], None),
            ["✓ 名前  a  x", "✓ e\u{301}t    b  y"]
        );
    }
}
