//! Step 1: what will use the key.
//!
//! ```text
//! intro
//! purposes (list)            | about the focused one, its roles, a warning
//! I have a key already
//! A saved system (where there is one)
//! ```
//! Below 76 columns the details stand under the list.

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
    /// The focused purpose is compared with the chosen one.
    comparing: bool,
}

impl State {
    /// How many rows can have the focus.
    fn rows(session: &Session) -> usize {
        session.content.purposes.len() + 1 + usize::from(!session.saved.systems().is_empty())
    }

    /// True on the row for saved systems.
    fn on_saved(&self, session: &Session) -> bool {
        self.focus == session.content.purposes.len() + 1 && !session.saved.systems().is_empty()
    }

    /// The purpose with the focus; `None` on the rows for a key that exists.
    fn purpose<'a>(&self, session: &'a Session) -> Option<&'a Purpose> {
        session.content.purposes.get(self.focus)
    }

    /// The chosen purpose, where the focused one is to be compared with it.
    fn compared<'a>(&self, session: &'a Session) -> Option<&'a Purpose> {
        let chosen = session.draft.purpose(&session.content).filter(|_| self.comparing)?;
        self.purpose(session).filter(|purpose| purpose.id != chosen.id).map(|_| chosen)
    }

    fn details(&self, session: &Session, theme: &Theme, width: u16, beside: bool) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        if self.on_saved(session) {
            let count = session.saved.systems().len();
            let words = format!(
                "{count} saved. Open one and test it again. t tests all of them side by side. The keyring is asked only \
                 then."
            );
            return text::wrap(&words, width, theme.text);
        }
        let Some(purpose) = self.purpose(session) else {
            return text::wrap(
                "Go straight to Quick Fill: paste the key, see what it is, and test it. The test then asks for reading monitoring data alone.",
                width,
                theme.text,
            );
        };
        if let Some(chosen) = self.compared(session) {
            return compared(purpose, chosen, session, theme, width, beside);
        }
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
        if count > 0 && !beside {
            let words =
                format!("{count} {}: {}", if count == 1 { "role" } else { "roles" }, purpose.role_names().join(", "));
            lines.extend(text::wrap(&words, width, theme.dim));
        } else if count > 0 {
            let heading = format!("{count} {}", if count == 1 { "role" } else { "roles" });
            lines.push(Line::styled(heading, theme.title));
            for entry in &purpose.roles {
                lines.extend(text::wrap_bullet(theme.glyphs.bullet, theme.dim, &entry.role, theme.text, width));
            }
        }
        lines
    }
}

/// What the focused purpose takes beyond the chosen one, and what it leaves out. A role a row where there is room.
fn compared(
    purpose: &Purpose,
    chosen: &Purpose,
    session: &Session,
    theme: &Theme,
    width: u16,
    roomy: bool,
) -> Vec<Line<'static>> {
    let found = Comparison::of(purpose, chosen);
    let title = format!("{} compared with {}", purpose.title, chosen.title);
    let mut lines = text::wrap(&title, width, theme.title);
    let groups = [
        ("More", &found.only_first, chosen),
        ("Left out", &found.only_second, purpose),
        ("The same", &found.both, purpose),
    ];
    for (heading, roles, other) in groups {
        // What one purpose lacks by name it may have through another role.
        let words = |role: &&str| match session.content.catalogue.covered_by(role, &other.role_names()) {
            Some(wider) if other.why(role).is_none() => format!("{role} (covered by {})", wider.name),
            _ => (*role).to_owned(),
        };
        let names: Vec<String> = roles.iter().map(words).collect();
        let heading = format!("{heading}: {}", names.len());
        if names.is_empty() {
            continue;
        }
        if roomy {
            lines.push(Line::styled(heading, theme.accent));
            for name in names {
                lines.extend(text::wrap_bullet(theme.glyphs.bullet, theme.dim, &name, theme.text, width));
            }
        } else {
            let spans = [(format!("{heading}. "), theme.accent), (names.join(", "), theme.text)];
            lines.extend(text::wrap_spans(&spans, width));
        }
    }
    lines
}

impl Screen for State {
    fn commands(&self, session: &Session) -> Vec<Command> {
        let label = match self.purpose(session) {
            Some(_) => "choose and go on",
            None if self.on_saved(session) => "choose one",
            None => "go to Quick Fill",
        };
        let mut commands =
            vec![command(Action::Primary, label), command(Action::Toggle, "choose").hidden_from_footer()];
        if !session.saved.systems().is_empty() {
            let test_all = command(Action::TestAll, "test all saved systems");
            commands.push(if self.on_saved(session) { test_all } else { test_all.hidden_from_footer() });
        }
        if self.purpose(session).is_some() {
            let view = if self.comparing { "stop comparing" } else { "compare" };
            commands.push(command(Action::View, view).only_if(
                session.draft.purpose(&session.content).is_some(),
                "Choose one purpose with space first; the one with the focus is then compared with it.",
            ));
        }
        commands
    }

    fn enter(&mut self, _why: Enter, session: &mut Session) -> Update {
        if let Some(index) =
            session.content.purposes.iter().position(|purpose| Some(&purpose.id) == session.draft.purpose.as_ref())
        {
            self.focus = index;
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        // The last saved system may be gone.
        self.focus = self.focus.min(Self::rows(session) - 1);
        if move_focus(&mut self.focus, Self::rows(session), action) {
            return Update::none();
        }
        match action {
            Action::View => {
                self.comparing = !self.comparing;
                if self.comparing {
                    session.notice =
                        Some(Notice::note("Move to another purpose to see what it takes beyond the chosen one."));
                }
                Update::none()
            }
            Action::Primary | Action::Toggle if self.on_saved(session) => Update::go(Navigation::Systems(Enter::Plain)),
            Action::TestAll => Update::go(Navigation::Systems(Enter::TestSystems)),
            Action::Primary | Action::Toggle => {
                let content = std::sync::Arc::clone(&session.content);
                match content.purposes.get(self.focus) {
                    Some(purpose) => {
                        // Choosing the same purpose again keeps what was changed since.
                        if session.draft.purpose.as_ref() != Some(&purpose.id) {
                            session.draft.choose_purpose(purpose, &content);
                        }
                        Update::go(if action == Action::Primary { Navigation::Next } else { Navigation::Stay })
                    }
                    None => Update::go(Navigation::To(StepId::QuickFill, Enter::Plain)),
                }
            }
            _ => Update::none(),
        }
    }

    fn plain(&self, session: &Session) -> String {
        let mut out = String::new();
        for purpose in session.content.purposes.iter() {
            out.push_str(&format!("{}: {}\n", purpose.title, purpose.about));
            out.push_str(&format!("  roles: {}\n\n", purpose.role_names().join(", ")));
        }
        out
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let intro = session.content.step(StepId::Purpose).map(|step| step.intro.clone()).unwrap_or_default();
        let intro = text::wrap(&intro, area.width.min(layout::PROSE), theme.dim);
        let (top, rest) = layout::top(area, intro.len() as u16 + 1);
        list::draw_lines(&intro, 0, theme, frame, top);
        let (main, details) = layout::with_details(rest);
        let all = Self::rows(session) as u16 + 1;
        // A comparison needs more room than a description.
        let rows = if self.compared(session).is_some() { all.min(main.height / 2) } else { all };
        let (list_area, below) = if details.is_some() {
            (main, Rect::ZERO)
        } else {
            layout::top(main, rows.min(main.height.saturating_sub(3)).max(3))
        };
        let title_width =
            session.content.purposes.iter().map(|p| p.title.chars().count()).max().unwrap_or_default().max(20) as u16;
        let summary_room = list_area.width.saturating_sub(title_width + 7);
        let mut entries: Vec<Entry> = session
            .content
            .purposes
            .iter()
            .map(|purpose| {
                let chosen = session.draft.purpose.as_ref() == Some(&purpose.id);
                let mark = if chosen { theme.glyphs.good } else { " " };
                let summary = if summary_room >= 16 {
                    text::truncate(&purpose.summary, summary_room, theme.glyphs.ellipsis)
                } else {
                    String::new()
                };
                Entry::item(vec![Line::from(vec![
                    Span::styled(format!("{mark} "), theme.good),
                    Span::raw(text::pad(&purpose.title, title_width, theme.glyphs.ellipsis)),
                    Span::styled(format!("  {summary}"), theme.dim),
                ])])
            })
            .collect();
        entries.push(Entry::heading(vec![Line::default()]));
        entries.push(Entry::item(vec![Line::from(vec![
            Span::raw("  "),
            Span::raw("I have a key already"),
            Span::styled("  paste it and test it", theme.dim),
        ])]));
        let saved = session.saved.systems().len();
        if saved > 0 {
            entries.push(Entry::item(vec![Line::from(vec![
                Span::raw("  "),
                Span::raw(text::pad("A saved system", 20, theme.glyphs.ellipsis)),
                Span::styled(format!("  {saved} saved"), theme.dim),
            ])]));
        }
        let focus = self.focus.min(Self::rows(session) - 1);
        list::draw(&entries, focus, Focus::Here, theme, frame, list_area);
        let details_area = details.unwrap_or(Rect {
            y: below.y + 1.min(below.height),
            height: below.height.saturating_sub(1),
            ..below
        });
        let width = details_area.width.saturating_sub(1).min(layout::PROSE);
        let lines = self.details(session, theme, width, details.is_some());
        list::draw_lines(&lines, 0, theme, frame, details_area);
    }
}
