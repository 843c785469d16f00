//! Findings in words.

use ratatui::text::Line;

use crate::{
    domain::finding::{Explained, Severity},
    ui::{text, theme::Theme},
    words::{WidgetsLabels, Words},
};

/// A finding in words: what happened, why it usually happens, what to do.
fn lines(found: &Explained, labels: WidgetsLabels, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let (style, mark) = theme.severity(found.severity);
    let title_style = if found.severity == Severity::Note { theme.text } else { theme.title };
    let mut lines = text::wrap_bullet(mark, style, &found.title, title_style, width);
    if found.severity != Severity::Note {
        let column = text::width(labels.why()).max(text::width(labels.fix())) as u16 + 1;
        let parts = [(labels.why(), Some(&found.cause)), (labels.fix(), found.fix.as_ref())];
        for (label, part) in parts.into_iter().filter_map(|(label, part)| Some((label, part?))) {
            lines.extend(text::wrap_bullet(&text::pad(label, column, ""), theme.title, part, theme.text, width));
        }
        lines.push(Line::default());
    } else if let Some(fix) = &found.fix {
        lines.extend(text::wrap_bullet(" ", theme.text, fix, theme.text, width));
    }
    lines
}

/// Lines for all findings.
pub fn all_lines(findings: &[Explained], words: Words, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    findings.iter().flat_map(|found| lines(found, words.widgets(), theme, width)).collect()
}
