//! Step 2: `api` or `integration-flow`, side by side if there is room, else one above the other.

use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
};

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
    words::Words,
};

/// Columns between the two plans.
const GAP: u16 = 3;

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

    fn switch(&mut self) {
        self.focus = match self.focus {
            PlanId::Api => PlanId::IntegrationFlow,
            PlanId::IntegrationFlow => PlanId::Api,
        };
    }

    fn draw_beside(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let width = area.width.saturating_sub(GAP).div_ceil(2);
        let left = Rect { width, ..area };
        let right = Rect { x: area.x + width + GAP, width: area.width - width - GAP, ..area };
        for (id, column) in PlanId::ALL.into_iter().zip([left, right]) {
            let lines = self.lines(session.content.plan(id), session, theme, column.width);
            list::draw_lines(&lines, 0, theme, frame, column);
            if self.focus == id {
                frame.set_cursor_position(Position::new(column.x, column.y));
            }
        }
    }

    fn lines(&self, plan: &Plan, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let title = format!("{} {}", tick(plan, session, theme), plan.id.as_str());
        let style = if self.focus == plan.id { theme.selected } else { theme.title };
        let mut lines = vec![Line::styled(text::pad(&title, width, theme.glyphs.ellipsis), style)];
        lines.extend(text::wrap(&plan.summary, width, theme.text));
        lines.push(Line::default());
        lines.extend(reasons(plan, session.content.words, theme, width));
        lines
    }

    fn draw_stacked(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let entries = entries(session, theme, area.width);
        let (above, below) = layout::top(area, entries.len() as u16 + 1);
        list::draw(&entries, self.focus as usize, Focus::Here, theme, frame, above);
        let lines = reasons(session.content.plan(self.focus), session.content.words, theme, below.width);
        list::draw_lines(&lines, self.scroll, theme, frame, below);
    }
}

fn tick(plan: &Plan, session: &Session, theme: &Theme) -> &'static str {
    if session.draft.parameters.plan == plan.id { theme.glyphs.ticked } else { theme.glyphs.unticked }
}

/// One row a plan: its id and its summary.
fn entries(session: &Session, theme: &Theme, width: u16) -> Vec<Entry> {
    let names = PlanId::ALL.map(|id| text::width(id.as_str())).into_iter().max().unwrap_or_default() as u16;
    let row = |plan: &Plan| {
        let title =
            format!(" {} {}", tick(plan, session, theme), text::pad(plan.id.as_str(), names, theme.glyphs.ellipsis));
        let room = width.saturating_sub(text::width(&title) as u16 + 3);
        let summary = text::truncate(&plan.summary, room, theme.glyphs.ellipsis);
        let spans = vec![Span::raw(title), Span::raw("  "), Span::styled(summary, theme.dim)];
        Entry::item(vec![Line::from(spans)])
    };
    session.content.plans.iter().map(row).collect()
}

/// What a plan is for, what it is not for, and how to recognize its keys.
fn reasons(plan: &Plan, words: Words, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let (words, glyphs) = (words.plan(), theme.glyphs);
    let mut lines = Vec::new();
    for (heading, mark, style, items) in [
        (words.uses(), glyphs.good, theme.good, &plan.uses),
        (words.cannot(), glyphs.bad, theme.bad, &plan.cannot),
        (words.signs(), glyphs.bullet, theme.dim, &plan.signs),
    ] {
        lines.push(Line::styled(heading, theme.dim));
        for item in items {
            lines.extend(text::wrap_bullet(mark, style, item, theme.text, width));
        }
        lines.push(Line::default());
    }
    lines
}

/// Why the chosen plan is wrong, if the purpose needs the other one.
fn contradiction(session: &Session) -> Option<String> {
    let words = session.content.words.plan();
    let purpose = session.draft.purpose(&session.content)?;
    let plan = session.draft.parameters.plan;
    let (needed, chosen) = (purpose.plan.as_str(), plan.as_str());
    match purpose.plan {
        _ if purpose.plan == plan => None,
        PlanId::Api => Some(words.needs_api(&purpose.title, needed, chosen)),
        PlanId::IntegrationFlow => Some(words.needs_flow(&purpose.title, needed, chosen)),
    }
}

impl Screen for State {
    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.plan();
        vec![
            command(Action::Primary, words.use_plan(self.focus.as_str())),
            command(Action::Toggle, words.choose()).hidden_from_footer(),
            command(Action::Down, words.other_plan()),
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
            Action::Last => self.focus = PlanId::IntegrationFlow,
            Action::Down | Action::NextField | Action::PreviousField => self.switch(),
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
        let words = session.content.words.plan();
        let mut out = String::new();
        for plan in session.content.plans.iter() {
            out.push_str(&words.plain(plan.id.as_str(), &plan.summary));
            out.extend(plan.uses.iter().map(|text| words.plain_use(text)));
            out.extend(plan.cannot.iter().map(|text| words.plain_cannot(text)));
            out.extend(plan.signs.iter().map(|text| words.plain_sign(text)));
            out.push('\n');
        }
        out
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let intro = session.content.step(StepId::Plan).intro.as_str();
        let mut rest = super::draw_intro(intro, theme, frame, area);
        if let Some(warning) = contradiction(session) {
            let lines = text::wrap_bullet(theme.glyphs.warning, theme.warning, &warning, theme.text, rest.width);
            let (above, below) = layout::top(rest, lines.len() as u16 + 1);
            list::draw_lines(&lines, 0, theme, frame, above);
            rest = below;
        }
        if rest.width >= layout::DETAILS {
            self.draw_beside(session, theme, frame, rest);
        } else {
            self.draw_stacked(session, theme, frame, rest);
        }
    }
}
