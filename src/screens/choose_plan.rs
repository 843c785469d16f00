//! Step 2: `api` or `integration-flow`, side by side if both fit completely, otherwise one above the other with the
//! reasons for the focused one.

mod linear;

use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::Line,
};

use super::{Command, Confirmed, Enter, Navigation, Question, Screen, Update, command};
use crate::{
    domain::sap::{
        guide::StepId,
        plan::{Plan, PlanId},
    },
    keymap::Action,
    model::Session,
    ui::{
        Theme,
        cache::Cache,
        hits::Target,
        layout,
        page::Page,
        text,
        widget::list::{self, Entry, Focus},
    },
    words::Words,
};

/// Columns between the two plans.
const GAP: u16 = 3;

/// The narrowest column of a plan.
const NARROWEST: u16 = 36;

/// Which plan has the focus.
#[derive(Debug, Default)]
pub struct State {
    focus: PlanId,
    scroll: u16,
    /// The purpose with the plan that the user has confirmed despite the warning.
    insisted: Option<(String, PlanId)>,
    /// The reasons of each plan as they were laid out last below both plans.
    stacked: [Laid; 2],
    /// What is below the name of each plan as it was laid out last for two columns.
    beside: [Laid; 2],
}

type Laid = Cache<ReasonsKey, Vec<Line<'static>>>;

/// The input for the layout of a plan's reasons.
#[derive(Debug, PartialEq)]
struct ReasonsKey {
    purpose: Option<String>,
    width: u16,
    theme: Theme,
}

impl ReasonsKey {
    fn new(session: &Session, theme: &Theme, width: u16) -> Self {
        Self { purpose: session.draft.purpose.clone(), width, theme: theme.clone() }
    }
}

impl State {
    fn choose(&self, session: &mut Session) {
        let content = std::sync::Arc::clone(&session.content);
        session.draft.choose_plan(self.focus, &content);
    }

    /// Chooses the plan and continues. A plan that the purpose cannot use must be confirmed once.
    fn complete(&mut self, session: &mut Session) -> Update {
        let wanted = session.draft.purpose.clone().map(|purpose| (purpose, self.focus));
        if let Some(warning) = contradiction(self.focus, session)
            && self.insisted != wanted
        {
            return Update::ask(question(self.focus, warning, session.content.words));
        }
        self.choose(session);
        Update::go(Navigation::Next)
    }

    fn switch(&mut self) {
        self.focus = match self.focus {
            PlanId::Api => PlanId::IntegrationFlow,
            PlanId::IntegrationFlow => PlanId::Api,
        };
    }

    /// Draws both plans in two columns. Returns false if a column does not fit completely.
    fn draw_beside(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> bool {
        let width = area.width.saturating_sub(GAP) / 2;
        if width < NARROWEST {
            return false;
        }
        let columns = PlanId::ALL.map(|id| {
            self.beside[id as usize]
                .get(ReasonsKey::new(session, theme, width), |_| below_name(id, session, theme, width))
        });
        if columns.iter().any(|lines| lines.len() >= usize::from(area.height)) {
            return false;
        }
        let right = area.x + width + GAP;
        for ((id, lines), x) in PlanId::ALL.into_iter().zip(&columns).zip([area.x, right]) {
            let column = Rect { x, width, ..area };
            let (title, below) = layout::top(column, 1);
            let name = format!("{} {}", mark(id, session, theme), id.as_str());
            let style = if self.focus == id { theme.selected } else { theme.title };
            frame.render_widget(Line::styled(text::pad(&name, width, theme.glyphs.ellipsis), style), title);
            list::draw_lines(lines, 0, theme, frame, below);
            theme.hits.note(title, Target::Row { focused: self.focus as usize, row: id as usize, last: 1 });
            if self.focus == id {
                frame.set_cursor_position(Position::new(column.x, column.y));
            }
        }
        true
    }

    fn draw_stacked(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let entries = entries(session, theme, area.width);
        let rows = entries.iter().map(|entry| entry.lines.len() as u16).sum::<u16>();
        let width = area.width.min(layout::PROSE);
        let lines = self.stacked[self.focus as usize].get(ReasonsKey::new(session, theme, width), |_| {
            let mut lines = warning(self.focus, session, theme, width);
            lines.extend(reasons(session.content.plan(self.focus), session.content.words, theme, width));
            lines
        });
        let room = usize::from(area.height.saturating_sub(rows));
        let tight: Vec<Line<'static>>;
        let lines = if lines.len() < room {
            &*lines
        } else {
            tight = lines.iter().filter(|line| line.width() > 0).cloned().collect();
            &tight
        };
        // The blank row above them is dropped if they need the space.
        let blank = u16::from(lines.len() != room);
        let (above, below) = layout::top(area, rows + blank);
        list::draw(&entries, self.focus as usize, Focus::Here, theme, frame, above);
        list::draw_lines(lines, self.scroll, theme, frame, below);
    }
}

/// Asks to confirm a plan that the purpose cannot use.
fn question(plan: PlanId, warning: String, words: Words) -> Question {
    let labels = words.plan();
    Question {
        title: labels.contradiction_title().to_owned(),
        text: labels.contradiction_text(warning, plan.as_str()),
        yes: labels.take(plan.as_str()),
        no: labels.stay().to_owned(),
        then: Confirmed::SwitchPlan(plan),
        otherwise: None,
    }
}

fn mark(plan: PlanId, session: &Session, theme: &Theme) -> &'static str {
    if session.draft.parameters.plan == plan { theme.glyphs.chosen } else { theme.glyphs.unchosen }
}

/// One row per plan: its id and summary.
fn entries(session: &Session, theme: &Theme, width: u16) -> Vec<Entry> {
    let names = PlanId::ALL.map(|id| text::width(id.as_str())).into_iter().max().unwrap_or_default() as u16;
    let row = |plan: &Plan| {
        let name = text::pad(plan.id.as_str(), names, theme.glyphs.ellipsis);
        let lead = format!(" {} {name} ", mark(plan.id, session, theme));
        let bar = text::width(&lead) as u16;
        let lines = text::wrap_bullet(&lead, theme.value, &plan.summary, theme.text, width.saturating_sub(1));
        Entry::item(lines).with_bar(bar)
    };
    session.content.plans.iter().map(row).collect()
}

/// Why the purpose cannot use this plan, followed by a blank row; empty if it can.
fn warning(plan: PlanId, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let Some(warning) = contradiction(plan, session) else { return Vec::new() };
    let mut lines = text::wrap_bullet(theme.glyphs.warning, theme.warning, &warning, theme.text, width);
    lines.push(Line::default());
    lines
}

/// The content below the name of a plan, in a separate column.
fn below_name(id: PlanId, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let plan = session.content.plan(id);
    let mut lines = text::wrap(&plan.summary, width, theme.text);
    lines.push(Line::default());
    lines.extend(warning(id, session, theme, width));
    lines.extend(reasons(plan, session.content.words, theme, width));
    lines
}

/// What a plan is for, what it is not for, and how to recognise its keys.
fn reasons(plan: &Plan, words: Words, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let (words, glyphs) = (words.plan(), theme.glyphs);
    let mut lines = Vec::new();
    for (heading, mark, style, items) in [
        (words.uses(), glyphs.good, theme.good, &plan.uses),
        (words.cannot(), glyphs.bad, theme.bad, &plan.cannot),
        (words.signs(), glyphs.bullet, theme.dim, &plan.signs),
    ] {
        lines.push(Line::styled(heading, theme.title));
        for item in items {
            lines.extend(text::wrap_bullet(mark, style, item, theme.text, width));
        }
        lines.push(Line::default());
    }
    lines.pop();
    lines
}

/// Why a plan is wrong, if the purpose needs the other one.
fn contradiction(plan: PlanId, session: &Session) -> Option<String> {
    let words = session.content.words.plan();
    let purpose = session.draft.purpose(&session.content)?;
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
            Action::First => self.focus = PlanId::Api,
            Action::Last => self.focus = PlanId::IntegrationFlow,
            Action::Up | Action::Down | Action::NextField | Action::PreviousField => self.switch(),
            Action::Toggle => self.choose(session),
            Action::Primary => return self.complete(session),
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            _ => {}
        }
        Update::none()
    }

    fn on_confirmed(&mut self, _confirmed: &Confirmed, session: &mut Session) -> Update {
        self.insisted = session.draft.purpose.clone().map(|purpose| (purpose, session.draft.parameters.plan));
        Update::go(Navigation::Next)
    }

    fn needs_attention(&self, session: &Session) -> bool {
        let chosen = session.draft.parameters.plan;
        session.done.contains(&StepId::Plan) && contradiction(chosen, session).is_some()
    }

    fn linear(&self, session: &Session) -> Page {
        linear::page(self, session)
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
        let rest = super::draw_intro(intro, theme, frame, area);
        if !self.draw_beside(session, theme, frame, rest) {
            self.draw_stacked(session, theme, frame, rest);
        }
    }
}
