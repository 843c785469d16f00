//! Rendered Markdown: headings, tables, lists, JSON. It supports what the request sheet uses.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use super::json;
use crate::ui::{text, theme::Theme};

/// A text as lines of at most `width` columns.
pub fn lines(markdown: &str, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut rest = markdown.lines().peekable();
    while let Some(line) = rest.next() {
        if line.starts_with("```") {
            let body: Vec<&str> = rest.by_ref().take_while(|line| !line.starts_with("```")).collect();
            let inner = width.saturating_sub(2);
            lines.extend(json::lines(&body.join("\n"), theme, inner).into_iter().map(|line| indented(line, 2)));
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(row) = rest.next_if(|line| line.starts_with('|')) {
                rows.push(cells(row));
            }
            lines.extend(table(&rows, theme, width));
        } else if let Some(title) = line.strip_prefix("## ").or_else(|| line.strip_prefix("# ")) {
            lines.extend(text::wrap_spans(&[(title.to_owned(), theme.title)], width));
        } else if let Some((mark, item)) = list_item(line) {
            // A long item continues on the next line, indented.
            let mut item = item.to_owned();
            while let Some(more) = rest.next_if(|line| line.starts_with("  ") && !line.trim().is_empty()) {
                item = format!("{item} {}", more.trim());
            }
            lines.extend(text::wrap_indented(mark, theme.text, &spans(&item, theme), width));
        } else {
            lines.extend(text::wrap_spans(&spans(line, theme), width));
        }
    }
    lines
}

/// The mark of an item of a list, and the item.
fn list_item(line: &str) -> Option<(&str, &str)> {
    let (mark, item) = line.split_once(' ')?;
    let number = mark.strip_suffix('.').is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
    (mark == "-" || number && mark.len() > 1).then_some((mark, item))
}

/// The cells of a row of a table.
fn cells(row: &str) -> Vec<String> {
    let inner = row.trim().trim_start_matches('|');
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            '|' if !escaped => cells.push(String::new()),
            '|' => {
                if let Some(cell) = cells.last_mut() {
                    cell.pop();
                    cell.push('|');
                }
            }
            c => cells.last_mut().into_iter().for_each(|cell| cell.push(c)),
        }
        escaped = c == '\\' && !escaped;
    }
    cells.pop();
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// A table of two columns: the first as wide as necessary, the second gets the rest.
fn table(rows: &[Vec<String>], theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let is_rule = |row: &[String]| row.iter().all(|cell| cell.bytes().all(|b| b == b'-'));
    let has_head = rows.len() > 1 && is_rule(&rows[1]);
    let columns = |cell: &str| spans(cell, theme).iter().map(|(text, _)| text::width(text)).sum::<usize>();
    let cells = rows.iter().filter(|row| !is_rule(row)).filter_map(|row| row.first());
    let first = cells.map(|cell| columns(cell)).max().unwrap_or_default();
    let first = (first as u16 + 2).min(width / 2);
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let empty = row.iter().all(String::is_empty);
        if empty || (has_head && at == 1) {
            continue;
        }
        let head = has_head && at == 0;
        let cell = |at: usize| {
            let mut spans = row.get(at).map(|cell| spans(cell, theme)).unwrap_or_default();
            if head {
                spans.iter_mut().for_each(|(_, style)| *style = theme.title);
            }
            spans
        };
        let left = text::wrap_spans(&cell(0), first.saturating_sub(2).max(1));
        let right = text::wrap_spans(&cell(1), width.saturating_sub(first + 2).max(1));
        for at in 0..left.len().max(right.len()) {
            let mut spans = vec![Span::raw("  ")];
            let before = left.get(at).cloned().unwrap_or_default();
            let gap = usize::from(first).saturating_sub(before.width());
            spans.extend(before.spans);
            spans.push(Span::raw(" ".repeat(gap)));
            spans.extend(right.get(at).cloned().unwrap_or_default().spans);
            lines.push(Line::from(spans));
        }
    }
    lines
}

fn indented(mut line: Line<'static>, columns: usize) -> Line<'static> {
    line.spans.insert(0, Span::raw(" ".repeat(columns)));
    line
}

/// A line with its marks for strong text, emphasis and code; a backslash escapes a mark.
fn spans(line: &str, theme: &Theme) -> Vec<(String, Style)> {
    let mut out: Vec<(String, Style)> = Vec::new();
    let mut push = |text: &str, style: Style| match out.last_mut() {
        Some((last, same)) if *same == style => last.push_str(text),
        _ => out.push((text.to_owned(), style)),
    };
    let mut rest = line;
    let mut style = theme.text;
    while let Some(at) = rest.find(['\\', '*', '`']) {
        push(&rest[..at], style);
        let marked = &rest[at..];
        if let Some(escaped) = marked.strip_prefix('\\') {
            let length = escaped.chars().next().map_or(0, char::len_utf8);
            push(&escaped[..length], style);
            rest = &escaped[length..];
        } else if marked.starts_with('*') {
            let length = if marked.starts_with("**") { 2 } else { 1 };
            style = if style == theme.text { theme.title } else { theme.text };
            rest = &marked[length..];
        } else {
            let fence = marked.len() - marked.trim_start_matches('`').len();
            let inner = &marked[fence..];
            let end = inner.find(&marked[..fence]).unwrap_or(inner.len());
            push(inner[..end].trim(), theme.value);
            rest = inner.get(end + fence..).unwrap_or_default();
        }
    }
    push(rest, style);
    out.retain(|(text, _)| !text.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::Palette;

    fn plain(markdown: &str, width: u16) -> Vec<String> {
        let theme = Theme::new(Palette::Ansi, true);
        lines(markdown, &theme, width).iter().map(|line| line.to_string().trim_end().to_owned()).collect()
    }

    #[test]
    fn a_table_is_drawn_in_columns_and_its_cells_are_wrapped() {
        let table = "| Role | Why |\n|---|---|\n| `One` \\* | It is needed for this |\n| `Longer` | a\\|b |";
        assert_eq!(
            plain(table, 30),
            ["  Role    Why", "  One *   It is needed for", "          this", "  Longer  a|b"]
        );
        assert_eq!(plain("| | |\n|---|---|\n| A | b |", 30), ["  A  b"]);
    }

    #[test]
    fn marks_are_styles_and_escaped_marks_are_text() {
        let theme = Theme::new(Palette::Ansi, true);
        let shown = |text: &str| spans(text, &theme);
        assert_eq!(
            shown("Choose **Next**, then *JSON* and `a*b`. 2 \\* 3"),
            [
                ("Choose ".to_owned(), theme.text),
                ("Next".to_owned(), theme.title),
                (", then ".to_owned(), theme.text),
                ("JSON".to_owned(), theme.title),
                (" and ".to_owned(), theme.text),
                ("a*b".to_owned(), theme.value),
                (". 2 * 3".to_owned(), theme.text),
            ]
        );
        assert_eq!(plain("an open ` mark and \\", 40), ["an open mark and \\"]);
    }

    #[test]
    fn headings_lists_and_json_have_no_marks() {
        let text = "# Title\n\n- one that is\n  longer\n12. twelve\n\n```json\n{\n  \"a\": 1\n}\n```";
        assert_eq!(
            plain(text, 40),
            ["Title", "", "- one that is longer", "12. twelve", "", "  {", "    \"a\": 1", "  }"]
        );
    }
}
