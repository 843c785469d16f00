//! Step 2: `api` or `integration-flow`, side by side where there is room, one above the other where there is not.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Position, Rect},
    text::{Line, Span},
};

use unicode_width::UnicodeWidthStr as _;

use super::{Command, Enter, Navigation, Screen, Update, command};
use crate::{
    domain::sap::{
        guide::StepId,
        plan::{Plan, PlanId},
    },
    keymap::Action,
    model::{Notice, Session},
    ui::{
        Theme, layout, text,
        widget::list::{self, Entry, Focus},
    },
};

/// Which plan has the focus.
#[derive(Debug, Default)]
pub struct State {
    focus: PlanId,
    scroll: u16,
}

impl State {
    fn choose(&self, session: &mut Session) {
        let content = std::sync::Arc::clone(&session.content);
        session.draft.choose_plan(self.focus, &content);
        if let Some(warning) = contradiction(session) {
            session.notice = Some(Notice::warning(warning));
        }
    }

    fn lines(&self, plan: &Plan, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let chosen = session.draft.parameters.plan == plan.id;
        let mark = if chosen { theme.glyphs.ticked } else { theme.glyphs.unticked };
        let title = format!("{mark} {}", plan.id.as_str());
        let style = if self.focus == plan.id { theme.selected } else { theme.title };
        let mut lines = vec![Line::styled(text::pad(&title, width, theme.glyphs.ellipsis), style)];
        lines.extend(text::wrap(&plan.summary, width, theme.text));
        lines.push(Line::default());
        lines.extend(reasons(plan, theme, width));
        lines
    }
}

/// What a plan is for, what not, and how its keys look.
fn reasons(plan: &Plan, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut group = |heading: &str, mark: &str, mark_style, items: &[String]| {
        lines.push(Line::styled(heading.to_owned(), theme.dim));
        for item in items {
            lines.extend(text::wrap_bullet(mark, mark_style, item, theme.text, width));
        }
        lines.push(Line::default());
    };
    group("For", theme.glyphs.good, theme.good, &plan.uses);
    group("Not for", theme.glyphs.bad, theme.bad, &plan.cannot);
    group("How its keys look", theme.glyphs.bullet, theme.dim, &plan.signs);
    lines
}

/// What speaks against the chosen plan, where the purpose takes the other one.
fn contradiction(session: &Session) -> Option<String> {
    let purpose = session.draft.purpose(&session.content)?;
    let plan = session.draft.parameters.plan;
    (purpose.plan != plan).then(|| {
        format!(
            "{} needs the plan {}. A key of the plan {} cannot manage, deploy or monitor content.",
            purpose.title,
            purpose.plan.as_str(),
            plan.as_str()
        )
    })
}

impl Screen for State {
    fn commands(&self, _session: &Session) -> Vec<Command> {
        vec![
            command(Action::Primary, format!("take {}", self.focus.as_str())),
            command(Action::Toggle, "choose").hidden_from_footer(),
            command(Action::Down, "other plan"),
        ]
    }

    fn enter(&mut self, _why: Enter, session: &mut Session) -> Update {
        self.focus = session.draft.parameters.plan;
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        match action {
            Action::PageUp => self.scroll = self.scroll.saturating_sub(4),
            Action::PageDown => self.scroll = (self.scroll + 4).min(40),
            Action::Up | Action::First => self.focus = PlanId::Api,
            Action::Down | Action::Last => {
                self.focus = if action == Action::Down && self.focus == PlanId::IntegrationFlow {
                    PlanId::Api
                } else {
                    PlanId::IntegrationFlow
                };
            }
            Action::NextField | Action::PreviousField => {
                self.focus = if self.focus == PlanId::Api { PlanId::IntegrationFlow } else { PlanId::Api };
            }
            Action::Toggle => self.choose(session),
            Action::Primary => {
                self.choose(session);
                return Update::go(Navigation::Next);
            }
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            _ => {}
        }
        Update::none()
    }

    fn needs_attention(&self, session: &Session) -> bool {
        session.done.contains(&StepId::Plan) && contradiction(session).is_some()
    }

    fn plain(&self, session: &Session) -> String {
        let mut out = String::new();
        for plan in session.content.plans.iter() {
            out.push_str(&format!("{}: {}\n", plan.id.as_str(), plan.summary));
            for (heading, items) in [("for", &plan.uses), ("not for", &plan.cannot), ("signs", &plan.signs)] {
                for item in items {
                    out.push_str(&format!("  {heading}: {item}\n"));
                }
            }
            out.push('\n');
        }
        out
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let intro = session.content.step(StepId::Plan).map(|step| step.intro.clone()).unwrap_or_default();
        let intro = text::wrap(&intro, area.width.min(layout::PROSE), theme.dim);
        let (top, rest) = layout::top(area, intro.len() as u16 + 1);
        list::draw_lines(&intro, 0, theme, frame, top);
        let mut rest = rest;
        if let Some(warning) = contradiction(session) {
            let lines = text::wrap_bullet(theme.glyphs.warning, theme.warning, &warning, theme.text, rest.width);
            let (above, below) = layout::top(rest, lines.len() as u16 + 1);
            list::draw_lines(&lines, 0, theme, frame, above);
            rest = below;
        }
        let plan = |id: PlanId| session.content.plan(id);
        if rest.width >= layout::DETAILS {
            let [left, _, right] =
                Layout::horizontal([Constraint::Fill(1), Constraint::Length(3), Constraint::Fill(1)]).areas(rest);
            for (id, column) in PlanId::ALL.into_iter().zip([left, right]) {
                if let Some(plan) = plan(id) {
                    list::draw_lines(&self.lines(plan, session, theme, column.width), 0, theme, frame, column);
                }
                if self.focus == id {
                    frame.set_cursor_position(Position::new(column.x, column.y));
                }
            }
            return;
        }
        let entries: Vec<Entry> = session
            .content
            .plans
            .iter()
            .map(|plan| {
                let mark =
                    if session.draft.parameters.plan == plan.id { theme.glyphs.ticked } else { theme.glyphs.unticked };
                let title = format!(" {mark} {}", text::pad(plan.id.as_str(), 18, ""));
                let room = rest.width.saturating_sub(title.width() as u16 + 1);
                let summary = text::truncate(&plan.summary, room, theme.glyphs.ellipsis);
                Entry::item(vec![Line::from(vec![Span::raw(title), Span::styled(summary, theme.dim)])])
            })
            .collect();
        let (above, below) = layout::top(rest, entries.len() as u16 + 1);
        list::draw(&entries, self.focus as usize, Focus::Here, theme, frame, above);
        if let Some(plan) = plan(self.focus) {
            list::draw_lines(&reasons(plan, theme, below.width), self.scroll, theme, frame, below);
        }
    }
}
