//! Findings in words.

use ratatui::text::Line;

use crate::{
    domain::{
        finding::{Explained, NOTHING_TO_DO, Severity},
        text::safe_text::SafeText,
    },
    ui::{text, theme::Theme},
};

/// A finding in words: what happened, why that usually is, what to do.
fn lines(words: &Explained, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let fit = |text: &str| theme.glyphs.fit(text.to_owned());
    let (style, mark) = theme.severity(words.severity);
    let title_style = if words.severity == Severity::Note { theme.text } else { theme.title };
    let mut lines = text::wrap_bullet(mark, style, &fit(&words.title), title_style, width);
    if words.severity != Severity::Note {
        let parts = [("Why", &words.cause), ("Do", &words.fix)];
        for (label, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
            lines.extend(text::wrap_bullet(&text::pad(label, 5, ""), theme.dim, &fit(part), theme.text, width));
        }
        lines.push(Line::default());
    } else if words.fix != NOTHING_TO_DO {
        lines.extend(text::wrap_bullet(" ", theme.dim, &fit(&words.fix), theme.dim, width));
    }
    lines
}

/// Lines for all findings. Those of one code are joined to one about all their subjects.
pub fn all_lines(findings: &[Explained], theme: &Theme, width: u16) -> Vec<Line<'static>> {
    gathered(findings).iter().flat_map(|found| lines(found, theme, width)).collect()
}

/// The findings with those of one code joined to one about all their subjects.
fn gathered(findings: &[Explained]) -> Vec<Explained> {
    let mut out: Vec<Explained> = Vec::new();
    for found in findings {
        let twin = out.iter_mut().find(|other| other.code == found.code);
        match (twin, &found.subject) {
            (Some(twin), Some(subject)) => {
                let before = twin.subject.as_ref().map(|subject| subject.as_str().to_owned()).unwrap_or_default();
                let joined = format!("{before}, {subject}");
                twin.title = twin.title.replace(&before, &joined);
                twin.evidence = None;
                twin.subject = Some(SafeText::capped(&joined, 4000));
            }
            (Some(_), None) => {}
            (None, _) => out.push(found.clone()),
        }
    }
    out
}
