//! Findings in words.

use ratatui::text::Line;

use crate::{
    domain::finding::{Explained, Severity},
    ui::{text, theme::Theme},
};

/// A finding in words: what happened, why that usually is, what to do.
fn lines(words: &Explained, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let (style, mark) = theme.severity(words.severity);
    let title_style = if words.severity == Severity::Note { theme.text } else { theme.title };
    let mut lines = text::wrap_bullet(mark, style, &words.title, title_style, width);
    if words.severity != Severity::Note {
        let parts = [("Why", Some(&words.cause)), ("Do", words.fix.as_ref())];
        for (label, part) in parts.into_iter().filter_map(|(label, part)| Some((label, part?))) {
            lines.extend(text::wrap_bullet(&text::pad(label, 5, ""), theme.dim, part, theme.text, width));
        }
        lines.push(Line::default());
    } else if let Some(fix) = &words.fix {
        lines.extend(text::wrap_bullet(" ", theme.dim, fix, theme.dim, width));
    }
    lines
}

/// Lines for all findings.
pub fn all_lines(findings: &[Explained], theme: &Theme, width: u16) -> Vec<Line<'static>> {
    findings.iter().flat_map(|found| lines(found, theme, width)).collect()
}
