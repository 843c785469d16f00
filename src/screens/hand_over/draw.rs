//! How the screen looks.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    State,
    rows::{Part, Row, RowsKey, export_at, file_names, link, preview, step_at},
    save::stored,
};
use crate::{
    domain::{finding::Verdict, text::secret::MASK},
    model::{Draft, Session},
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
        self.with_lines(session, theme, main.width.saturating_sub(2).min(WIDEST), |entries| {
            list::draw(entries, self.focus, Focus::Here, theme, frame, main);
        });
        if let Some(details) = details {
            let (_, below) = layout::top(details, 1);
            list::draw_lines(&self.details(session, theme, below.width), 0, theme, frame, below);
        }
    }

    /// The rows as entries of a list, drawn by `draw`. Only the rows that gain or lose the focus are laid out again.
    fn with_lines(&self, session: &Session, theme: &Theme, width: u16, draw: impl FnOnce(&[Entry])) {
        let key = LinesKey {
            rows: RowsKey::of(session),
            draft: session.draft.clone(),
            saved: session.saved_system().map(|system| system.name.to_string()),
            width,
            theme: theme.clone(),
        };
        let rows = self.rows(session);
        let layout = Layout { session, rows: &rows, theme, width };
        let mut lines = self.lines.get(key, |_| layout.all(self.focus));
        let before = std::mem::replace(&mut lines.focus, self.focus);
        if before != self.focus {
            for index in [before, self.focus] {
                if let Some(&at) = lines.rows.get(index) {
                    lines.entries[at] = layout.row(index, index == self.focus);
                }
            }
        }
        draw(&lines.entries);
    }

    /// The focused row in full: the export without its secret, the value.
    fn details(&self, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let text = match self.focused(session) {
            Some(Row::Export(at)) => export_at(at, session).and_then(|target| preview(target, session)),
            Some(Row::Value(value)) => value.text(session),
            _ => None,
        };
        let lines = text.iter().flat_map(|text| text.lines()).flat_map(|line| text::wrap_exact(line, width));
        lines.map(|line| Line::styled(line, theme.code)).collect()
    }
}

/// What the lines are made from.
#[derive(Clone, Debug, PartialEq)]
pub struct LinesKey {
    rows: RowsKey,
    draft: Draft,
    saved: Option<String>,
    width: u16,
    theme: Theme,
}

/// The rows laid out, with one of them in full.
#[derive(Debug)]
pub struct RowLines {
    entries: Vec<Entry>,
    /// Where the rows are among the entries.
    rows: Vec<usize>,
    /// Which row is shown in full.
    focus: usize,
}

/// What is needed to lay out a row.
struct Layout<'a> {
    session: &'a Session,
    rows: &'a [(Part, Row)],
    theme: &'a Theme,
    width: u16,
}

impl Layout<'_> {
    fn all(&self, focus: usize) -> RowLines {
        let mut lines = RowLines { entries: Vec::new(), rows: Vec::with_capacity(self.rows.len()), focus };
        for (index, (part, _)) in self.rows.iter().enumerate() {
            if index == 0 || self.rows[index - 1].0 != *part {
                lines.entries.push(heading(*part, self.session, self.theme));
            }
            lines.rows.push(lines.entries.len());
            lines.entries.push(self.row(index, index == focus));
        }
        if let Some(link) = link(self.session) {
            let mut page = vec![Line::default()];
            page.extend(text::wrap(&link.title, self.width, self.theme.text));
            page.extend(text::wrap(&link.url, self.width, self.theme.dim));
            lines.entries.push(Entry::heading(page));
        }
        lines
    }

    fn row(&self, index: usize, focused: bool) -> Entry {
        let Some((part, row)) = self.rows.get(index) else { return Entry::item(Vec::new()) };
        let (session, theme, width) = (self.session, self.theme, self.width);
        Entry::item(match row {
            Row::Step(at) => {
                let spans = text::styled(&step_at(*at, session), theme, theme.text);
                text::wrap_indented(&format!(" {}.", at + 1), theme.dim, &spans, width)
            }
            Row::Export(at) => match export_at(*at, session) {
                Some(target) => {
                    let mut lines = vec![self.columns(*part).line(&target.title, &file_names(target, session), theme)];
                    if focused {
                        lines.extend(text::wrap_indented(" ", theme.dim, &[(target.about.clone(), theme.dim)], width));
                    }
                    lines
                }
                None => Vec::new(),
            },
            Row::Save | Row::Rotate => {
                let label = label(row, session).unwrap_or_default();
                self.columns(*part).wrapped(label, said(row, session), theme)
            }
            Row::Value(_) => {
                let label = label(row, session).unwrap_or_default();
                vec![self.columns(*part).line(label, &said(row, session), theme)]
            }
        })
    }

    /// The columns of a part: the labels take as much as the widest of them needs.
    fn columns(&self, part: Part) -> Columns {
        let of_part = self.rows.iter().filter(|(other, _)| *other == part);
        let labels = of_part.filter_map(|(_, row)| label(row, self.session)).map(text::width);
        let labels = labels.max().unwrap_or_default() as u16;
        Columns { labels: labels.min(self.width / 2), width: self.width }
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
    Entry::heading(vec![Line::default(), Line::styled(title(part, session), theme.accent)])
}

/// The heading of a part.
pub fn title(part: Part, session: &Session) -> String {
    let words = session.content.words.hand_over();
    match part {
        Part::First => words.first().to_owned(),
        Part::Values => words.values().to_owned(),
        Part::Steps => {
            let purpose = session.draft.purpose(&session.content);
            words.next_for(purpose.map_or(words.your_client(), |purpose| purpose.title.as_str()))
        }
        Part::Exports => words.exports().to_owned(),
        Part::Later => words.later().to_owned(),
    }
}

/// The label of a row that has one.
pub fn label<'a>(row: &Row, session: &'a Session) -> Option<&'a str> {
    let words = session.content.words.hand_over();
    match row {
        Row::Save if session.saved_system().is_some() => Some(words.save_again()),
        Row::Save => Some(words.save_system()),
        Row::Export(at) => export_at(*at, session).map(|target| target.title.as_str()),
        Row::Value(value) => Some(value.label(session.content.words)),
        Row::Rotate => Some(words.rotate()),
        Row::Step(_) => None,
    }
}

/// What is said beside the label.
pub fn said(row: &Row, session: &Session) -> String {
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
