//! How the screen looks.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr as _;

use super::{
    State,
    rows::{Part, Row, file_names, filled, link, preview, rows},
    save::stored,
};
use crate::{
    domain::{finding::Verdict, text::secret::MASK},
    model::Session,
    ui::{
        Theme, layout, text,
        widget::list::{self, Entry, Focus},
    },
};

/// Values are not set wider than this.
const WIDEST: u16 = 110;

impl State {
    pub(super) fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let mut lines = vec![tested(session, theme)];
        if let Some(form) = &self.form {
            let (top, rest) = layout::top(area, 2);
            list::draw_lines(&lines, 0, theme, frame, top);
            form.draw(session.content.words, theme, frame, rest);
            return;
        }
        lines.extend(text::wrap(&stored(session), area.width.min(WIDEST), theme.dim));
        let (top, rest) = layout::top(area, lines.len() as u16);
        list::draw_lines(&lines, 0, theme, frame, top);
        let (main, details) = layout::with_details(rest);
        let entries = self.entries(session, theme, main.width.saturating_sub(2).min(WIDEST));
        list::draw(&entries, self.focus, Focus::Here, theme, frame, main);
        if let Some(details) = details {
            let (_, below) = layout::top(details, 1);
            list::draw_lines(&self.details(session, theme, below.width), 0, theme, frame, below);
        }
    }

    fn entries(&self, session: &Session, theme: &Theme, width: u16) -> Vec<Entry> {
        let rows = rows(session);
        let mut entries = Vec::new();
        let (mut part, mut number) = (None, 0);
        let mut columns = Columns { labels: 0, width };
        for (index, (of, row)) in rows.iter().enumerate() {
            if part != Some(*of) {
                part = Some(*of);
                let labels = rows.iter().filter(|(part, _)| part == of).filter_map(|(_, row)| label(row, session));
                let widest = labels.map(|label| label.width()).max().unwrap_or_default() as u16;
                columns.labels = widest.min(width / 2);
                entries.push(heading(*of, session, theme));
            }
            let lines = match row {
                Row::Step(step) => {
                    number += 1;
                    let spans = text::styled(&filled(step, session), theme, theme.text);
                    text::wrap_indented(&format!(" {number}."), theme.dim, &spans, width)
                }
                Row::Export(target) => {
                    let mut lines = vec![columns.line(&target.title, &file_names(target, session), theme)];
                    if index == self.focus {
                        lines.extend(text::wrap_indented(" ", theme.dim, &[(target.about.clone(), theme.dim)], width));
                    }
                    lines
                }
                Row::Save | Row::Rotate => {
                    columns.wrapped(label(row, session).unwrap_or_default(), said(row, session), theme)
                }
                Row::Value(_) => {
                    vec![columns.line(label(row, session).unwrap_or_default(), &said(row, session), theme)]
                }
            };
            entries.push(Entry::item(lines));
        }
        if let Some(link) = link(session) {
            let mut lines = vec![Line::default()];
            lines.extend(text::wrap(&link.title, width, theme.text));
            lines.extend(text::wrap(&link.url, width, theme.dim));
            entries.push(Entry::heading(lines));
        }
        entries
    }

    /// What the focused row comes to in full: the export without its secret, the value.
    fn details(&self, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let text = match rows(session).get(self.focus) {
            Some((_, Row::Export(target))) => preview(target, session),
            Some((_, Row::Value(value))) => value.text(session),
            _ => None,
        };
        let lines = text.iter().flat_map(|text| text.lines()).flat_map(|line| text::wrap_exact(line, width));
        lines.map(|line| Line::styled(line, theme.code)).collect()
    }
}

/// The outcome of the test.
fn tested(session: &Session, theme: &Theme) -> Line<'static> {
    let words = session.content.words.hand_over();
    let (mark, style, said) = match session.run.as_ref().and_then(|run| run.verdict()) {
        Some(Verdict::Ready) => (theme.glyphs.good, theme.good, words.tested_ready().to_owned()),
        Some(verdict) => (theme.glyphs.warning, theme.warning, words.tested(verdict.shown(session.content.words))),
        None => (theme.glyphs.warning, theme.warning, words.untested().to_owned()),
    };
    Line::styled(format!("{mark} {said}"), style)
}

/// A blank line and the heading of a part.
fn heading(part: Part, session: &Session, theme: &Theme) -> Entry {
    let words = session.content.words.hand_over();
    let title = match part {
        Part::First => words.first().to_owned(),
        Part::Values => words.values().to_owned(),
        Part::Steps => {
            let purpose = session.draft.purpose(&session.content);
            words.next_for(purpose.map_or(words.your_client(), |purpose| purpose.title.as_str()))
        }
        Part::Exports => words.exports().to_owned(),
        Part::Later => words.later().to_owned(),
    };
    Entry::heading(vec![Line::default(), Line::styled(title, theme.accent)])
}

/// The label of a row that has one.
fn label<'a>(row: &Row<'a>, session: &Session) -> Option<&'a str> {
    let words = session.content.words.hand_over();
    match row {
        Row::Save if session.saved_system().is_some() => Some(words.save_again()),
        Row::Save => Some(words.save_system()),
        Row::Export(target) => Some(&target.title),
        Row::Value(value) => Some(value.label(session.content.words)),
        Row::Rotate => Some(words.rotate()),
        Row::Step(_) => None,
    }
}

/// What stands beside the label.
fn said(row: &Row<'_>, session: &Session) -> String {
    let words = session.content.words.hand_over();
    match row {
        Row::Save => match session.saved_system() {
            Some(system) => words.save_again_about(&system.name),
            None => words.save_system_about().to_owned(),
        },
        Row::Value(value) => value.text(session).map_or_else(|| MASK.to_owned(), |text| on_one_line(&text)),
        Row::Rotate => words.rotate_about().to_owned(),
        Row::Export(_) | Row::Step(_) => String::new(),
    }
}

/// A column for labels, as wide as the widest of them, and one for what they are about.
struct Columns {
    labels: u16,
    width: u16,
}

impl Columns {
    /// Prose beside the label, on as many lines as it takes.
    fn wrapped(&self, label: &str, about: String, theme: &Theme) -> Vec<Line<'static>> {
        let lead = format!(" {} ", text::pad(label, self.labels, theme.glyphs.ellipsis));
        text::wrap_indented(&lead, theme.text, &[(about, theme.dim)], self.width)
    }

    fn line(&self, label: &str, value: &str, theme: &Theme) -> Line<'static> {
        let room = self.width.saturating_sub(self.labels + 4);
        Line::from(vec![
            Span::raw(format!(" {}  ", text::pad(label, self.labels, theme.glyphs.ellipsis))),
            Span::styled(text::truncate(value, room, theme.glyphs.ellipsis), theme.dim),
        ])
    }
}

fn on_one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}
