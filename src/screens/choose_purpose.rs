//! Step 1: what will use the key.
//!
//! ```text
//! intro
//! purposes (list)            | about the focused one, its roles, a warning
//! I have a key already
//! A saved system (if there is one)
//! ```
//! Below 92 columns the details are under the list.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Command, Enter, Navigation, Screen, Update, command, move_focus};
use crate::{
    domain::sap::{
        guide::StepId,
        purpose::{Comparison, Purpose},
    },
    keymap::Action,
    model::{Notice, Session},
    ui::{
        Theme, layout, text,
        widget::list::{self, Entry, Focus},
    },
};

/// Which row has the focus.
#[derive(Debug, Default)]
pub struct State {
    focus: usize,
    /// Whether the focused purpose is compared with the chosen one.
    comparing: bool,
}

/// What the focused row is about.
enum Row<'a> {
    Purpose(&'a Purpose),
    /// "I have a key already."
    Key,
    /// Saved systems, and how many there are.
    Saved(usize),
}

impl State {
    /// How many rows can have the focus.
    fn rows(session: &Session) -> usize {
        session.content.purposes.len() + 1 + usize::from(!session.saved.systems().is_empty())
    }

    /// The last saved system may have been removed since the focus was set.
    fn focus(&self, session: &Session) -> usize {
        self.focus.min(Self::rows(session) - 1)
    }

    fn focused<'a>(&self, session: &'a Session) -> Row<'a> {
        let purposes = &session.content.purposes;
        let focus = self.focus(session);
        match purposes.get(focus) {
            Some(purpose) => Row::Purpose(purpose),
            None if focus == purposes.len() => Row::Key,
            None => Row::Saved(session.saved.systems().len()),
        }
    }

    /// The purpose that `purpose` is to be compared with, if any.
    fn compared_with<'a>(&self, purpose: &Purpose, session: &'a Session) -> Option<&'a Purpose> {
        session.draft.purpose(&session.content).filter(|chosen| self.comparing && chosen.id != purpose.id)
    }

    fn is_comparison_shown(&self, session: &Session) -> bool {
        matches!(self.focused(session), Row::Purpose(purpose) if self.compared_with(purpose, session).is_some())
    }

    fn toggle_comparison(&mut self, session: &mut Session) {
        self.comparing = !self.comparing;
        if self.comparing {
            session.notice = Some(Notice::note(session.content.words.purpose().compare_hint()));
        }
    }

    /// Chooses the focused purpose, or goes where the focused row leads.
    fn choose(&self, then: Navigation, session: &mut Session) -> Update {
        let content = std::sync::Arc::clone(&session.content);
        match content.purposes.get(self.focus(session)) {
            Some(purpose) => {
                // Choosing the same purpose again must not undo what was changed since.
                if session.draft.purpose.as_ref() != Some(&purpose.id) {
                    session.draft.choose_purpose(purpose, &content);
                }
                Update::go(then)
            }
            None if matches!(self.focused(session), Row::Saved(_)) => Update::go(Navigation::Systems(Enter::Plain)),
            None => Update::go(Navigation::To(StepId::QuickFill, Enter::Plain)),
        }
    }

    /// The text about the focused row. `beside`: it has a column of its own.
    fn details(&self, session: &Session, theme: &Theme, width: u16, beside: bool) -> Vec<Line<'static>> {
        let words = session.content.words.purpose();
        match self.focused(session) {
            Row::Key => text::wrap(words.key_about(), width, theme.text),
            Row::Saved(count) => text::wrap(&words.saved_about(count), width, theme.text),
            Row::Purpose(purpose) => match self.compared_with(purpose, session) {
                Some(chosen) => comparison(purpose, chosen, session, theme, width, beside),
                None => about(purpose, session, theme, width, beside),
            },
        }
    }
}

/// What a purpose means, and its roles: one a row in a column of their own, else all in one paragraph.
fn about(purpose: &Purpose, session: &Session, theme: &Theme, width: u16, beside: bool) -> Vec<Line<'static>> {
    let words = session.content.words.purpose();
    let mut lines = Vec::new();
    if beside {
        lines.push(Line::styled(purpose.title.clone(), theme.title));
        lines.push(Line::default());
    }
    lines.extend(text::wrap(&purpose.about, width, theme.text));
    if beside {
        lines.push(Line::default());
    }
    if !purpose.warning.is_empty() {
        lines.extend(text::wrap_bullet(theme.glyphs.warning, theme.warning, &purpose.warning, theme.text, width));
        lines.push(Line::default());
    }
    let count = purpose.roles.len();
    if count > 0 && beside {
        lines.push(Line::styled(words.roles(count), theme.title));
        lines.extend(bullets(&purpose.role_names(), theme, width));
    } else if count > 0 {
        let roles = words.roles_named(count, purpose.role_names().join(", "));
        lines.extend(text::wrap(&roles, width, theme.dim));
    }
    lines
}

/// The roles that the focused purpose has and the chosen one does not, those it leaves out, and those of both.
fn comparison(
    purpose: &Purpose,
    chosen: &Purpose,
    session: &Session,
    theme: &Theme,
    width: u16,
    beside: bool,
) -> Vec<Line<'static>> {
    let words = session.content.words.purpose();
    let found = Comparison::of(purpose, chosen);
    let mut lines = text::wrap(&words.compared(&purpose.title, &chosen.title), width, theme.title);
    for (heading, roles, other) in [
        (words.more(found.only_first.len()), &found.only_first, chosen),
        (words.left_out(found.only_second.len()), &found.only_second, purpose),
        (words.same(found.both.len()), &found.both, purpose),
    ] {
        let names: Vec<String> = roles.iter().map(|role| role_or_wider(role, other, session)).collect();
        if names.is_empty() {
            continue;
        }
        if beside {
            lines.extend(text::wrap(&heading, width, theme.accent));
            lines.extend(bullets(&names, theme, width));
        } else {
            let separator = (" · ".to_owned(), theme.dim);
            lines
                .extend(text::wrap_spans(&[(heading, theme.accent), separator, (names.join(", "), theme.text)], width));
        }
    }
    lines
}

/// A role that `other` does not name, but may have through a wider one.
fn role_or_wider(role: &str, other: &Purpose, session: &Session) -> String {
    match session.content.catalogue.covered_by(role, &other.role_names()) {
        Some(wider) if other.why(role).is_none() => session.content.words.purpose().covered(role, &wider.name),
        _ => role.to_owned(),
    }
}

fn bullets(texts: &[String], theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let bullet = theme.glyphs.bullet;
    texts.iter().flat_map(|words| text::wrap_bullet(bullet, theme.dim, words, theme.text, width)).collect()
}

/// The rows of the list: the purposes, a blank row, and what leads to a key that exists.
fn entries(session: &Session, theme: &Theme, width: u16) -> Vec<Entry> {
    let words = session.content.words.purpose();
    let saved = session.saved.systems().len();
    let chosen = |purpose: &Purpose| session.draft.purpose.as_ref() == Some(&purpose.id);
    let purposes: Vec<(bool, &str, &str)> = session
        .content
        .purposes
        .iter()
        .map(|purpose| (chosen(purpose), purpose.title.as_str(), purpose.summary.as_str()))
        .collect();
    let saved_hint = words.saved_row_hint(saved);
    let mut others = vec![(false, words.key_row(), words.key_row_hint())];
    if saved > 0 {
        others.push((false, words.saved_row(), saved_hint.as_str()));
    }
    let widest = purposes.iter().chain(&others).map(|(_, title, _)| text::width(title)).max().unwrap_or_default();
    let columns = (widest as u16).min(width.saturating_sub(MARK));
    let entry = |row: &(bool, &str, &str)| Entry::item(vec![row_line(*row, columns, theme, width)]);
    let mut entries: Vec<Entry> = purposes.iter().map(entry).collect();
    entries.push(Entry::heading(vec![Line::default()]));
    entries.extend(others.iter().map(entry));
    entries
}

/// Columns of the mark before a title.
const MARK: u16 = 2;
/// A hint with fewer columns says nothing.
const SHORTEST_HINT: u16 = 16;

fn row_line((chosen, title, hint): (bool, &str, &str), columns: u16, theme: &Theme, width: u16) -> Line<'static> {
    let mark = if chosen { theme.glyphs.good } else { " " };
    // At the end of the row is the sign that there is more.
    let room = width.saturating_sub(MARK + columns + 4);
    let hint = if room >= SHORTEST_HINT { text::truncate(hint, room, theme.glyphs.ellipsis) } else { String::new() };
    Line::from(vec![
        Span::styled(format!("{mark} "), theme.good),
        Span::raw(text::pad(title, columns, theme.glyphs.ellipsis)),
        Span::styled(format!("  {hint}"), theme.dim),
    ])
}

impl Screen for State {
    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.purpose();
        let row = self.focused(session);
        let label = match row {
            Row::Purpose(_) => words.use_purpose(),
            Row::Key => words.to_quick_fill(),
            Row::Saved(_) => words.choose_saved(),
        };
        let mut commands =
            vec![command(Action::Primary, label), command(Action::Toggle, words.choose()).hidden_from_footer()];
        if !session.saved.systems().is_empty() {
            let test_all = command(Action::TestAll, words.test_all());
            commands.push(if matches!(row, Row::Saved(_)) { test_all } else { test_all.hidden_from_footer() });
        }
        if matches!(row, Row::Purpose(_)) {
            let view = if self.comparing { words.stop_comparing() } else { words.compare() };
            let has_chosen = session.draft.purpose(&session.content).is_some();
            commands.push(command(Action::View, view).only_if(has_chosen, words.choose_first()));
        }
        commands
    }

    fn enter(&mut self, _why: Enter, session: &mut Session) -> Update {
        let chosen = session.draft.purpose.as_ref();
        if let Some(index) = session.content.purposes.iter().position(|purpose| Some(&purpose.id) == chosen) {
            self.focus = index;
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        self.focus = self.focus(session);
        if move_focus(&mut self.focus, Self::rows(session), action) {
            return Update::none();
        }
        match action {
            Action::View => self.toggle_comparison(session),
            Action::TestAll => return Update::go(Navigation::Systems(Enter::TestSystems)),
            Action::Primary => return self.choose(Navigation::Next, session),
            Action::Toggle => return self.choose(Navigation::Stay, session),
            _ => {}
        }
        Update::none()
    }

    fn plain(&self, session: &Session) -> String {
        let words = session.content.words.purpose();
        let purpose = |purpose: &Purpose| words.plain(&purpose.title, &purpose.about, purpose.role_names().join(", "));
        session.content.purposes.iter().map(purpose).collect()
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let intro = session.content.step(StepId::Purpose).intro.as_str();
        let rest = super::draw_intro(intro, theme, frame, area);
        let (main, details) = layout::with_details(rest);
        let (list_area, details_area) = match details {
            Some(details) => (main, details),
            None => {
                let all = Self::rows(session) as u16 + 1;
                // A comparison needs more room than a description.
                let rows = if self.is_comparison_shown(session) { all.min(main.height / 2) } else { all };
                let (above, below) = layout::top(main, rows.min(main.height.saturating_sub(3)).max(3));
                (above, layout::top(below, 1).1)
            }
        };
        let entries = entries(session, theme, list_area.width);
        list::draw(&entries, self.focus(session), Focus::Here, theme, frame, list_area);
        let width = details_area.width.saturating_sub(1).min(layout::PROSE);
        let lines = self.details(session, theme, width, details.is_some());
        list::draw_lines(&lines, 0, theme, frame, details_area);
    }
}
