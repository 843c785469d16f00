//! Step 3: the name of the service instance, and where it is to be (optional).

use crossterm::event::KeyEvent;
use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
};

use super::{Command, Navigation, Screen, Update, command, move_between};
use crate::{
    domain::sap::{guide::StepId, name},
    keymap::{Action, Context},
    model::{Effect, Notice, Pasted, Session},
    ui::{
        Theme, layout, text,
        widget::{field::Field, list},
    },
};

/// Labels and remarks of the fields, in their order.
const FIELDS: [(&str, &str); 4] = [
    ("Instance name", ""),
    ("Region", "optional: eu10, us10 ..."),
    ("Org", "optional: Cloud Foundry org"),
    ("Space", "optional: Cloud Foundry space"),
];

/// Four fields and a row to go on.
#[derive(Debug, Default)]
pub struct State {
    fields: [Field; 4],
    focus: usize,
}

impl State {
    fn in_field(&self) -> bool {
        self.focus < FIELDS.len()
    }

    fn store(&self, session: &mut Session) {
        let draft = &mut session.draft;
        let texts = self.fields.each_ref().map(|field| field.text().trim().to_owned());
        [draft.instance, draft.region, draft.org, draft.space] = texts;
        draft.region.make_ascii_lowercase();
    }

    /// What is wrong with the fields, if anything.
    fn problem(&self) -> Option<String> {
        name::check_name(self.fields[0].text()).err().map(|problem| problem.to_string())
    }

    /// A remark beside a field: good, wrong, or worth knowing.
    fn remark(&self, index: usize, session: &Session, theme: &Theme) -> (String, ratatui::style::Style) {
        let text = self.fields[index].text().trim();
        match index {
            0 => match name::check_name(self.fields[0].text()) {
                Ok(()) => (format!("{} {} of 32 characters", theme.glyphs.good, text.chars().count()), theme.good),
                Err(problem) => (format!("{} {problem}", theme.glyphs.bad), theme.bad),
            },
            1 if !text.is_empty() => {
                let id = text.to_lowercase();
                // A landscape such as eu10-003 belongs to the region eu10.
                let region = session.content.region(id.split('-').next().unwrap_or(&id));
                match region {
                    Some(region) if region.offered => {
                        (format!("{} {}, {}", theme.glyphs.good, region.name, region.provider), theme.good)
                    }
                    Some(region) => (
                        format!(
                            "{} {}: the service is not offered here, as far as is known",
                            theme.glyphs.warning, region.name
                        ),
                        theme.warning,
                    ),
                    None => (
                        format!("{} not a region that is known here; it may be new", theme.glyphs.warning),
                        theme.warning,
                    ),
                }
            }
            index => (FIELDS[index].1.to_owned(), theme.dim),
        }
    }
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        if self.in_field() { Context::Edit } else { Context::Browse }
    }

    fn commands(&self, _session: &Session) -> Vec<Command> {
        vec![
            command(Action::Primary, "next"),
            command(Action::NextField, "next field"),
            command(Action::Paste, "paste").hidden_from_footer(),
        ]
    }

    fn enter(&mut self, session: &mut Session) -> Update {
        let draft = &session.draft;
        for (field, text) in self.fields.iter_mut().zip([&draft.instance, &draft.region, &draft.org, &draft.space]) {
            field.set(text);
        }
        self.focus = 0;
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        let rows = FIELDS.len() + 1;
        match action {
            Action::Up | Action::Down | Action::NextField | Action::PreviousField => {
                self.focus = move_between(self.focus, rows, action);
            }
            Action::Primary => {
                if let Some(problem) = self.problem() {
                    self.focus = 0;
                    session.notice = Some(Notice::error(problem));
                    return Update::none();
                }
                self.store(session);
                return Update::go(Navigation::Next);
            }
            Action::Back | Action::Cancel => {
                self.store(session);
                return Update::go(Navigation::Back);
            }
            Action::Paste => return Update::effect(Effect::ReadClipboard),
            _ => {}
        }
        Update::none()
    }

    fn key(&mut self, key: KeyEvent, session: &mut Session) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.key(key);
            self.store(session);
        }
    }

    fn paste(&mut self, text: &Pasted, session: &mut Session) -> Update {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.paste(&text.text());
            self.store(session);
        }
        Update::none()
    }

    fn needs_attention(&self, session: &Session) -> bool {
        session.done.contains(&StepId::Instance) && name::check_name(&session.draft.instance).is_err()
    }

    fn plain(&self, session: &Session) -> String {
        let draft = &session.draft;
        format!(
            "Instance name: {}\nRegion: {}\nOrg: {}\nSpace: {}\n",
            draft.instance, draft.region, draft.org, draft.space
        )
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let intro = session.content.step(StepId::Instance).map(|step| step.intro.clone()).unwrap_or_default();
        let mut intro = text::wrap(&theme.glyphs.fit(intro), area.width.min(layout::PROSE), theme.dim);
        if area.height >= 14 {
            intro.push(Line::default());
            intro.extend(text::wrap(
                "Take a new instance for each consumer, even where others exist: its roles then belong to that consumer alone.",
                area.width.min(layout::PROSE),
                theme.text,
            ));
        }
        let (top, rest) = layout::top(area, intro.len() as u16 + 1);
        list::draw_lines(&intro, 0, theme, frame, top);
        let spacing = if rest.height >= 13 { 3 } else { 2 };
        let label_width = 15;
        for (index, (label, _)) in FIELDS.iter().enumerate() {
            let y = rest.y + index as u16 * spacing;
            if y + 1 > rest.bottom() {
                break;
            }
            let focused = self.focus == index;
            let row = Rect { y, height: 1, ..rest };
            let mark = if focused { theme.glyphs.cursor } else { " " };
            let label_style = if focused { theme.title } else { theme.text };
            frame.render_widget(
                Line::from(vec![Span::styled(format!("{mark} "), theme.accent), Span::styled(*label, label_style)]),
                row,
            );
            let field =
                Rect { x: row.x + label_width + 2, width: 40.min(row.width.saturating_sub(label_width + 2)), ..row };
            self.fields[index].draw(focused, theme, frame, field);
            let (remark, style) = self.remark(index, session, theme);
            let below = Rect { x: field.x, y: y + 1, width: rest.right().saturating_sub(field.x), height: 1 };
            if below.y < rest.bottom() {
                frame.render_widget(
                    Line::styled(text::truncate(&theme.glyphs.fit(remark), below.width, theme.glyphs.ellipsis), style),
                    below,
                );
            }
        }
        let y = rest.y + FIELDS.len() as u16 * spacing;
        if y < rest.bottom() {
            let style = if self.in_field() { theme.text } else { theme.selected };
            let row = Rect { y, height: 1, x: rest.x + 2, width: 10.min(rest.width) };
            frame.render_widget(Line::styled(" Continue ", style), row);
            if !self.in_field() {
                frame.set_cursor_position(Position::new(row.x, row.y));
            }
        }
    }
}
