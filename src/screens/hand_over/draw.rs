//! Draws the screen.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    State,
    rows::{
        Part, Row, RowsKey, Value, export_at, exports, is_recommended, link, more_values, recommended, step_at,
        step_tick,
    },
    save::stored,
};
use crate::{
    domain::{check::report, draft::Draft, finding::Verdict, text::secret::MASK},
    keymap::{self, Action, Context},
    model::Session,
    screens::preview::{self, Pane},
    ui::{
        Theme, layout, text,
        widget::{
            json,
            list::{self, Entry, Focus},
            markdown,
        },
    },
};

/// The list width at which most URLs fit on one line.
const LIST: u16 = 77;
/// Values are not set wider than this.
const WIDEST: u16 = 110;
/// An area as high as this has blank lines between its parts.
const AIRY: u16 = 14;

impl State {
    pub(super) fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let status = status(session, theme, area.width.min(WIDEST));
        let (top, rest) = layout::top(area, status.len() as u16);
        list::draw_lines(&status, 0, theme, frame, top);
        let (_, rest) = layout::top(rest, u16::from(area.height >= AIRY));
        if let Some(form) = &self.form {
            form.draw(session, theme, frame, rest);
            return;
        }
        if let Some(list) = &self.exports {
            self.draw_exports(list, session, theme, frame, rest);
            return;
        }
        let (mut main, mut pane) = preview::divide(rest, LIST, rest.height);
        let width = |main: Rect| main.width.saturating_sub(1).min(WIDEST);
        // A list that does not fit gets the full width, where fewer lines wrap.
        if pane.is_some() && self.with_lines(session, theme, width(main), |entries| !list::fits(entries, main.height)) {
            (main, pane) = (rest, None);
        }
        self.with_lines(session, theme, width(main), |entries| {
            let entries = list::tightened(entries, main.height);
            list::draw(&entries, self.focus, Focus::Here, theme, frame, main);
        });
        if let Some(Pane::Beside(right)) = pane {
            list::draw_lines(&self.preview(session, theme, right.width), 0, theme, frame, right);
        }
    }

    /// The rows as entries of a list, drawn by `draw`.
    fn with_lines<T>(&self, session: &Session, theme: &Theme, width: u16, draw: impl FnOnce(&[Entry]) -> T) -> T {
        let key = LinesKey {
            rows: RowsKey::of(session, self.more),
            draft: session.draft.clone(),
            saved: session.saved_system().map(|system| system.name.to_string()),
            width,
            theme: theme.clone(),
        };
        let lines = self.lines.get(key, |_| Layout { state: self, session, theme, width }.all());
        draw(&lines)
    }

    /// Details of the focused row: the file, the value, what is stored.
    fn preview(&self, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let words = session.content.words;
        let labels = words.hand_over();
        let prose = width.min(layout::PROSE);
        let heading = |text: &str| Line::styled(text.to_owned(), theme.title);
        let said = |title: &str, about: &str| {
            let mut lines = text::wrap(title, prose, theme.title);
            lines.extend(text::wrap(about, prose, theme.text).into_iter().filter(|_| !about.is_empty()));
            lines
        };
        match self.focused(session) {
            Some(row @ Row::Save) => said(label(&row, session), words.hand_over().form_about_keyring()),
            Some(Row::HandOver) => {
                let first = exports(session).first().and_then(|at| export_at(*at, session));
                first.map(|target| self.export_lines(target, session, theme, width)).unwrap_or_default()
            }
            Some(row @ Row::Others) => {
                let mut lines = vec![heading(label(&row, session))];
                let others = exports(session).into_iter().filter_map(|at| export_at(at, session));
                lines.extend(others.flat_map(|target| {
                    text::wrap_bullet(theme.glyphs.bullet, theme.text, &target.title, theme.text, prose)
                }));
                lines
            }
            Some(Row::Report) => {
                let text = session.run.as_ref().map(|run| report::markdown(&run.report, words)).unwrap_or_default();
                markdown::lines(&text, theme, width)
            }
            Some(Row::Value(value)) => {
                let mut lines = vec![heading(value.label(words))];
                match value.text(session) {
                    Some(json) if value == Value::Parameters => lines.extend(json::lines(&json, theme, width)),
                    Some(text) => lines.extend(text::cut(&text, width, theme.value)),
                    None => lines.extend(text::wrap(labels.copy_secret_text(), prose, theme.text)),
                }
                lines
            }
            Some(Row::More) => {
                let mut lines = vec![heading(labels.also())];
                lines.extend(more_values(session).map(|value| Line::raw(value.label(words))));
                lines
            }
            Some(row @ Row::Rotate) => {
                let page = session.content.page("rotate-key");
                said(label(&row, session), page.map_or("", |page| page.intro.as_str()))
            }
            Some(Row::Step(_)) | None => link(session)
                .map(|link| {
                    let mut lines = said(&link.title, "");
                    lines.extend(text::wrap(&link.url, width, theme.text));
                    lines
                })
                .unwrap_or_default(),
        }
    }
}

/// The input for the layout.
#[derive(Clone, Debug, PartialEq)]
pub struct LinesKey {
    rows: RowsKey,
    draft: Draft,
    saved: Option<String>,
    width: u16,
    theme: Theme,
}

/// The rows laid out.
pub type RowLines = Vec<Entry>;

/// What is needed to lay out a row.
struct Layout<'a> {
    state: &'a State,
    session: &'a Session,
    theme: &'a Theme,
    width: u16,
}

impl Layout<'_> {
    fn all(&self) -> Vec<Entry> {
        let rows = self.state.rows(self.session);
        let mut entries = Vec::new();
        for (index, (part, row)) in rows.iter().enumerate() {
            if index == 0 || rows[index - 1].0 != *part {
                let gap = (index > 0).then(Line::default);
                let heading = heading(*part, self.session).map(|title| Line::styled(title, self.theme.title));
                entries.push(Entry::heading(gap.into_iter().chain(heading).collect()));
            }
            let columns = rows.iter().filter(|(other, _)| other == part);
            let columns = columns.map(|(_, row)| text::width(label(row, self.session))).max().unwrap_or_default();
            entries.push(Entry::item(self.row(row, columns as u16)));
        }
        entries
    }

    fn row(&self, row: &Row, column: u16) -> Vec<Line<'static>> {
        let (session, theme, width) = (self.session, self.theme, self.width);
        if let Row::Step(at) = row {
            let ticked = session.draft.ticks.contains(&step_tick(*at, session));
            let (mark, style) = match ticked {
                true => (theme.glyphs.ticked, theme.good),
                false => (theme.glyphs.unticked, theme.text),
            };
            let spans = text::styled(&step_at(*at, session), theme, theme.text);
            return text::wrap_indented(&format!("  {mark} {}", at + 1), style, &spans, width.min(layout::PROSE));
        }
        let key = match row {
            Row::Rotate => theme.glyphs.arrow.to_owned(),
            _ => action_of(*row).map(|action| key_of(action, session, theme)).unwrap_or_default(),
        };
        // Values are long, so they have no column for keys.
        let keys = if matches!(row, Row::Value(_) | Row::More) { 0 } else { 3 };
        let style = if matches!(row, Row::Value(_)) { theme.text } else { theme.value };
        let mut lead = vec![Span::raw("  "), Span::styled(text::pad(&key, keys, theme.glyphs.ellipsis), theme.key)];
        let named = Span::styled(label(row, session).to_owned(), style);
        let column = column.min(width / 2);
        let mut free = usize::from(column).saturating_sub(named.width());
        lead.push(named);
        if *row == Row::More {
            let mark = if self.state.more { theme.glyphs.unfolded } else { theme.glyphs.folded };
            lead.extend([Span::raw(" "), Span::styled(mark, theme.key)]);
            free = free.saturating_sub(1 + text::width(mark));
        }
        lead.push(Span::raw(" ".repeat(free + 2)));
        let used = column + keys + 4;
        let room = width.saturating_sub(used).max(1);
        let said = said(row, session);
        let style =
            if matches!(row, Row::Value(value) if value.text(session).is_some()) { theme.value } else { theme.text };
        let said = text::wrap(&said, room, style);
        let indent = || vec![Span::raw(" ".repeat(used.into()))];
        let line = |(at, said): (usize, Line<'static>)| {
            let mut spans = if at == 0 { lead.clone() } else { indent() };
            spans.extend(said.spans.into_iter().map(|span| span.patch_style(said.style)));
            Line::from(spans)
        };
        said.into_iter().enumerate().map(line).collect()
    }
}

/// The outcome of the test, and what is stored.
fn status(session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let words = session.content.words.hand_over();
    let (mark, style, said) = match session.run.as_ref().and_then(|run| run.verdict()) {
        Some(Verdict::Ready) => (theme.glyphs.good, theme.good, words.tested_ready().to_owned()),
        Some(verdict) => (theme.glyphs.warning, theme.warning, words.tested(verdict.shown(session.content.words))),
        None => (theme.glyphs.warning, theme.warning, words.untested().to_owned()),
    };
    let mut lines = text::wrap_indented(mark, style, &[(said, theme.title)], width);
    lines.extend(text::wrap_indented(" ", theme.text, &[(stored(session), theme.text)], width));
    lines
}

/// The heading of a part that has one.
pub fn heading(part: Part, session: &Session) -> Option<String> {
    let words = session.content.words.hand_over();
    Some(match part {
        Part::First => words.first().to_owned(),
        Part::Values => words.values().to_owned(),
        Part::Steps => {
            let purpose = session.draft.purpose(&session.content);
            words.next_for(purpose.map_or(words.your_client(), |purpose| purpose.title.as_str()))
        }
        Part::Later => return None,
    })
}

/// The action with the same effect regardless of the focus.
fn action_of(row: Row) -> Option<Action> {
    match row {
        Row::Save => Some(Action::Save),
        Row::HandOver => Some(Action::Edit),
        Row::Others => Some(Action::Filter),
        Row::Report => Some(Action::Report),
        Row::Value(_) | Row::More | Row::Step(_) | Row::Rotate => None,
    }
}

fn key_of(action: Action, session: &Session, theme: &Theme) -> String {
    let key = keymap::binding(Context::Browse, action).and_then(|binding| binding.keys.first());
    key.map(|key| key.label(session.content.words, theme.glyphs.unicode)).unwrap_or_default()
}

/// The label of a row; none for a sentence.
pub fn label<'a>(row: &Row, session: &'a Session) -> &'a str {
    let words = session.content.words.hand_over();
    match row {
        Row::Save if session.saved_system().is_some() => words.save_again(),
        Row::Save => words.save_system(),
        Row::HandOver => words.hand_it_over(),
        Row::Others => words.another_consumer(),
        Row::Report => words.report(),
        Row::Value(value) => value.label(session.content.words),
        Row::More => words.also(),
        Row::Rotate => words.rotate(),
        Row::Step(_) => "",
    }
}

/// The text next to the label.
pub fn said(row: &Row, session: &Session) -> String {
    let words = session.content.words;
    let labels = words.hand_over();
    match row {
        Row::Save => match session.saved_system() {
            Some(system) => labels.save_again_about(&system.name),
            None => labels.save_system_about().to_owned(),
        },
        Row::HandOver => {
            let targets = exports(session).into_iter().filter_map(|at| export_at(at, session));
            let own = targets.filter(|target| is_recommended(target, session));
            text::facts(own.map(|target| target.title.as_str()))
        }
        Row::Others => labels.another_consumer_about(exports(session).len() - recommended(session)),
        Row::Report => labels.report_about().to_owned(),
        // They are long: the preview shows them in full.
        Row::Value(Value::Parameters) => {
            let parameters = &session.draft.parameters;
            words.guide().roles_and_grants(parameters.roles.len(), parameters.grant_types.join(", "))
        }
        Row::Value(value) => value.text(session).unwrap_or_else(|| labels.asks_before_copying(MASK)),
        Row::More => text::facts(more_values(session).map(|value| value.label(words))),
        Row::Rotate => labels.rotate_about().to_owned(),
        Row::Step(_) => String::new(),
    }
}
