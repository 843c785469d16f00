//! Step 4: the role checklist and the instance parameters as JSON. Both show the same values, whichever is edited.
//!
//! ```text
//! Roles and options as tabs, and how the roles differ from those of the purpose
//! checklist by groups, each role on a line with what it does | the focused role
//!                                                            | parameters as JSON
//! ```
//! In a window that is too narrow for both, explanation and JSON are below the checklist; in a low one only the JSON,
//! which the explanation replaces on request.

mod about;
mod draw;
pub mod editor;
mod filter;
mod linear;
mod row;
mod rows;
mod typing;

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::{
    editor::Editor,
    filter::Filter,
    rows::{Row, Tab},
    typing::{Target, Typing},
};
use super::{Command, Confirmed, Enter, Navigation, Question, Screen, Update, command, copy, move_focus};
use crate::{
    domain::sap::{
        guide::StepId,
        parameters::{InstanceParameters, JsonStyle, ParameterProblem, ProblemCode},
        plan::PlanId,
        role::Role,
    },
    keymap::{Action, Context},
    model::{Effect, JobRequest, Notice, Pasted, Session},
    ui::{
        Theme,
        page::Page,
        widget::form::{FormResult, Unfinished},
    },
    words::RolesLabels,
};

/// Checklist, filter and JSON editor.
#[derive(Debug, Default)]
pub struct State {
    mode: Mode,
    tab: Tab,
    /// Index of the focused row among the focusable ones.
    focus: usize,
    filter: Filter,
    style: JsonStyle,
    pane: Pane,
    /// It outlives [`Mode::Editor`]: text, cursor and history are kept until it is reopened.
    editor: Editor,
    /// Roles of the plan `integration-flow` that have been ticked at any time.
    own_roles: Vec<String>,
    unfinished: Unfinished<Target>,
    /// The parameters with which the step was completed last.
    completed_with: Option<InstanceParameters>,
}

/// What receives the keys.
#[derive(Debug, Default)]
enum Mode {
    /// The checklist.
    #[default]
    List,
    /// The field of the filter.
    Filter,
    /// A value of the focused row.
    Typing(Typing),
    /// The JSON as text.
    Editor,
}

/// What is next to or below the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pane {
    #[default]
    Json,
    /// The explanation of the focused row.
    Explanation { scroll: u16 },
}

impl Pane {
    fn scroll_to_top(&mut self) {
        if let Pane::Explanation { scroll } = self {
            *scroll = 0;
        }
    }

    /// Scrolls the explanation. Returns false if there is none, or the action is another one.
    fn scrolls(&mut self, action: Action) -> bool {
        let Pane::Explanation { scroll } = self else { return false };
        *scroll = match action {
            Action::PageUp => scroll.saturating_sub(4),
            Action::PageDown => (*scroll + 4).min(60),
            _ => return false,
        };
        true
    }
}

fn words(session: &Session) -> RolesLabels {
    session.content.words.roles()
}

/// What the focused row is about.
impl State {
    fn rows<'a>(&'a self, session: &'a Session) -> Vec<Row<'a>> {
        rows::rows(session, self.tab, &self.filter, &self.own_roles)
    }

    fn focused<'a>(&'a self, session: &'a Session) -> Option<Row<'a>> {
        self.rows(session).into_iter().filter(Row::selectable).nth(self.focus)
    }

    /// The value that can be typed in the focused row, if any.
    fn target(&self, session: &Session) -> Option<Target> {
        match self.focused(session)? {
            Row::Validity => Some(Target::Validity),
            Row::RedirectUri(index) => Some(Target::RedirectUri(Some(index))),
            Row::NewRedirectUri => Some(Target::RedirectUri(None)),
            Row::NewRole => Some(Target::Role),
            Row::Role(_) | Row::Grant(_) | Row::Heading(_) | Row::Remark(_) | Row::Note(_) => None,
        }
    }

    /// Moves the focus. Returns false if the action is not a movement.
    fn moves(&mut self, action: Action, session: &Session) -> bool {
        let count = self.rows(session).iter().filter(|row| row.selectable()).count();
        let moved = move_focus(&mut self.focus, count, action);
        if moved {
            self.pane.scroll_to_top();
        }
        moved
    }
}

/// The list.
impl State {
    fn list_commands(&self, session: &Session) -> Vec<Command> {
        let labels = words(session);
        let is_api = session.draft.parameters.plan == PlanId::Api;
        let (tick, edit) = match self.focused(session) {
            Some(Row::Validity) => (labels.next_value(), labels.type_seconds()),
            Some(Row::RedirectUri(_)) => (labels.change(), labels.change()),
            Some(Row::NewRedirectUri | Row::NewRole) => (labels.type_one(), labels.type_one()),
            _ => (labels.tick(), labels.edit()),
        };
        let is_explained = self.pane != Pane::Json;
        let other_tab = if self.tab == Tab::Roles { labels.to_options() } else { labels.to_roles() };
        let layout = if self.style == JsonStyle::Compact { labels.several_lines() } else { labels.one_line() };
        let mut commands = vec![
            command(Action::Toggle, tick),
            command(Action::Copy, labels.copy()),
            command(Action::Primary, labels.next()),
            command(Action::NextField, other_tab),
            command(Action::Details, if is_explained { labels.show_json() } else { labels.explain() }),
            command(Action::Filter, labels.filter()).only_if(is_api, labels.only_api_searches()),
            command(Action::Recommended, labels.recommended()),
            command(Action::Edit, edit),
            command(Action::PreviousField, other_tab).hidden_from_footer(),
            command(Action::View, layout).hidden_from_footer(),
            command(Action::Save, labels.save_file()).hidden_from_footer(),
            command(Action::All, labels.tick_all()).hidden_from_footer().only_if(is_api, labels.only_api_lists()),
            command(Action::Nothing, labels.untick_all()).hidden_from_footer(),
        ];
        if !session.roles_not_offered().is_empty() {
            commands.insert(0, command(Action::DropRoles, labels.drop_not_offered()));
        }
        if about::source(self, session).is_some() {
            let open = command(Action::Open, labels.open_page()).hidden_from_footer();
            commands.push(open.only_if(session.around.can_open_links, labels.no_browser()));
        }
        if is_explained {
            commands.push(command(Action::Cancel, labels.close_explanation()).hidden_from_footer());
        } else if !self.filter.is_empty() {
            commands.push(command(Action::Cancel, labels.clear_filter()).hidden_from_footer());
        }
        commands
    }

    fn act_in_list(&mut self, action: Action, session: &mut Session) -> Update {
        if self.pane.scrolls(action) || self.moves(action, session) {
            return Update::none();
        }
        match action {
            Action::Toggle => self.toggle(session),
            Action::Edit => self.edit(session),
            Action::NextField | Action::PreviousField => self.switch_tab(),
            Action::Filter => self.start_filter(),
            Action::Details => self.switch_pane(),
            Action::View => self.switch_style(),
            Action::Recommended => self.tick_recommended(session),
            Action::All => self.tick_all(session),
            Action::Nothing => session.draft.parameters.roles.clear(),
            Action::DropRoles => {
                let dropped = session.drop_roles_not_offered();
                let said = session.content.words.cloud().dropped(dropped.len(), dropped.join(", "));
                session.notice = Some(Notice::note(said));
            }
            Action::Open => return self.open_page(session),
            Action::Copy => return self.copy_json(session),
            Action::Save => return self.save_json(session),
            Action::Primary => return self.complete(session),
            Action::Cancel => return self.close_innermost(),
            Action::Back => return Update::go(Navigation::Back),
            _ => {}
        }
        Update::none()
    }

    /// Ticks or unticks the focused row, or changes its value.
    fn toggle(&mut self, session: &mut Session) {
        match self.focused(session) {
            Some(Row::Role(name)) => {
                let name = name.to_owned();
                self.toggle_role(name, session);
            }
            Some(Row::Grant(id)) => {
                let id = id.to_owned();
                session.draft.parameters.toggle_grant_type(&id);
            }
            Some(Row::Validity) => rows::next_validity(&mut session.draft.parameters),
            _ => self.edit_value(session),
        }
    }

    fn toggle_role(&mut self, name: String, session: &mut Session) {
        let parameters = &mut session.draft.parameters;
        let is_of_flow = parameters.plan == PlanId::IntegrationFlow;
        if !parameters.toggle_role(&name) && is_of_flow && !self.own_roles.contains(&name) {
            self.own_roles.push(name);
        }
    }

    /// Opens a field for the value of the focused row. Returns to the list if it has none.
    fn edit_value(&mut self, session: &mut Session) {
        let Some(target) = self.target(session) else {
            self.mode = Mode::List;
            return;
        };
        let mut typing = Typing::new(target, session);
        if self.unfinished.bring_back(&target, &mut typing.form) {
            session.notice = Some(Notice::note(session.content.words.common().typed_before()));
        }
        self.mode = Mode::Typing(typing);
    }

    fn edit(&mut self, session: &mut Session) {
        if self.target(session).is_some() {
            self.edit_value(session);
        } else {
            self.open_editor(session);
        }
    }

    fn open_editor(&mut self, session: &Session) {
        self.editor.open(session);
        self.mode = Mode::Editor;
    }

    fn switch_tab(&mut self) {
        self.tab = if self.tab == Tab::Roles { Tab::Options } else { Tab::Roles };
        self.focus = 0;
        self.pane.scroll_to_top();
    }

    fn start_filter(&mut self) {
        self.mode = Mode::Filter;
        self.tab = Tab::Roles;
        self.focus = 0;
    }

    fn clear_filter(&mut self) {
        self.filter = Filter::default();
        self.focus = 0;
    }

    /// Shows the role at this index of the catalogue in the unfiltered list.
    fn show_role(&mut self, at: usize, session: &Session) {
        self.mode = Mode::List;
        self.clear_filter();
        let Some(role) = session.content.catalogue.roles.get(at) else { return };
        let rows = self.rows(session);
        let place = rows.iter().filter(|row| row.selectable()).position(|row| *row == Row::Role(&role.name));
        self.focus = place.unwrap_or_default();
        self.pane.scroll_to_top();
    }

    fn switch_pane(&mut self) {
        self.pane = match self.pane {
            Pane::Json => Pane::Explanation { scroll: 0 },
            Pane::Explanation { .. } => Pane::Json,
        };
    }

    fn switch_style(&mut self) {
        self.style = match self.style {
            JsonStyle::Pretty => JsonStyle::Compact,
            JsonStyle::Compact => JsonStyle::Pretty,
        };
    }

    fn tick_recommended(&self, session: &mut Session) {
        let plan = session.draft.parameters.plan;
        let purpose = session.draft.purpose(&session.content).filter(|purpose| purpose.plan == plan);
        session.draft.parameters.roles = match purpose {
            Some(purpose) => purpose.role_names(),
            None => session.content.plan(plan).default_roles.clone(),
        };
    }

    /// Ticks all roles that the broker accepts in every landscape.
    fn tick_all(&self, session: &mut Session) {
        let is_offered = |role: &&Role| session.is_offered(&role.name).unwrap_or(role.everywhere);
        let everywhere = session.content.catalogue.roles.iter().filter(is_offered);
        let names: Vec<String> = everywhere.map(|role| role.name.clone()).collect();
        session.notice = Some(Notice::warning(words(session).all_ticked(names.len())));
        session.draft.parameters.roles = names;
    }

    fn open_page(&self, session: &Session) -> Update {
        match about::source(self, session) {
            Some(id) => Update::effect(Effect::Open(id.to_owned())),
            None => Update::none(),
        }
    }

    /// Checks parameters before they are copied or saved: they look right until the cockpit refuses them.
    fn is_refused(session: &mut Session) -> bool {
        let refused = session.draft.parameters.refused(&session.content.catalogue);
        if let Some(problem) = &refused {
            session.notice = Some(Notice::error(problem.short(session.content.words)));
        }
        refused.is_some()
    }

    fn copy_json(&self, session: &mut Session) -> Update {
        if Self::is_refused(session) {
            return Update::none();
        }
        copy(words(session).copied(), session.parameters_json(self.style))
    }

    /// Goes to the next step, unless the broker would refuse the parameters.
    fn complete(&mut self, session: &mut Session) -> Update {
        if let Some(problem) = problems(session).into_iter().find(ParameterProblem::is_error) {
            session.notice = Some(Notice::error(problem.short(session.content.words)));
            return Update::none();
        }
        // An instance that was created with other parameters has to be updated, not created again.
        let now = &session.draft.parameters;
        let has_changed = self.completed_with.replace(now.clone()).is_some_and(|before| before != *now);
        if has_changed && session.done.contains(&StepId::Create) {
            return Update::go(Navigation::To(StepId::Create, Enter::Page("update-instance")));
        }
        Update::go(Navigation::Next)
    }

    /// Closes the explanation, otherwise the filter, otherwise the options; otherwise leaves the screen.
    fn close_innermost(&mut self) -> Update {
        if self.pane != Pane::Json {
            self.pane = Pane::Json;
        } else if self.tab == Tab::Options {
            self.switch_tab();
        } else if !self.filter.is_empty() {
            self.clear_filter();
        } else {
            return Update::go(Navigation::Back);
        }
        Update::none()
    }

    fn save_json(&self, session: &mut Session) -> Update {
        if Self::is_refused(session) {
            return Update::none();
        }
        let path = PathBuf::from(format!("{}-parameters.json", session.draft.instance));
        let text = format!("{}\n", session.parameters_json(JsonStyle::Pretty));
        Update::effect(session.start(StepId::Roles, JobRequest::WriteFile { path, text, private: false }))
    }
}

/// The filter, the form and the editor.
impl State {
    fn act_in_filter(&mut self, action: Action, session: &Session) -> Update {
        match action {
            Action::Primary => self.mode = Mode::List,
            Action::Cancel => {
                self.mode = Mode::List;
                self.clear_filter();
            }
            action => {
                self.moves(action, session);
            }
        }
        Update::none()
    }

    fn act_in_form(&mut self, action: Action, session: &mut Session) -> Update {
        let Mode::Typing(typing) = &mut self.mode else { return Update::none() };
        match typing.form.act(action) {
            FormResult::Stay => {}
            FormResult::Cancel => {
                self.unfinished.keep(typing.target, &typing.form);
                self.mode = Mode::List;
            }
            FormResult::Submit => match typing.apply(session) {
                Ok((parameters, warning)) => {
                    session.draft.parameters = parameters;
                    session.notice = warning.map(Notice::warning);
                    self.mode = Mode::List;
                }
                Err(problem) => session.notice = Some(Notice::error(problem)),
            },
        }
        Update::none()
    }

    fn act_in_editor(&mut self, action: Action, session: &mut Session) -> Update {
        match action {
            Action::Primary | Action::Cancel | Action::NextField | Action::PreviousField => {
                if let Some(problem) = self.editor.first_error(session.content.words) {
                    session.notice = Some(Notice::warning(words(session).json_invalid(problem)));
                }
                self.mode = Mode::List;
                Update::none()
            }
            Action::Paste => Update::effect(session.start(StepId::Roles, JobRequest::ReadClipboard)),
            _ => Update::none(),
        }
    }

    /// Replaces the parameters with pasted ones. Asks about the plan if they belong to the other one.
    fn replace_json(&mut self, text: &Pasted, session: &mut Session) -> Update {
        let before = session.draft.parameters.roles.clone();
        self.open_editor(session);
        self.editor.replace(text, session);
        if let Some(plan) = self.editor.other_plan() {
            return Update::ask(switch_question(plan, session));
        }
        if self.editor.first_error(session.content.words).is_none() {
            let now = &session.draft.parameters.roles;
            let added = now.iter().filter(|role| !before.contains(role)).count();
            let removed = before.iter().filter(|role| !now.contains(role)).count();
            session.notice = Some(Notice::good(words(session).applied(now.len(), added, removed)));
        }
        Update::none()
    }
}

/// Asks whether to switch to the plan of pasted parameters.
fn switch_question(plan: PlanId, session: &Session) -> Question {
    let labels = words(session);
    Question {
        title: labels.switch_title().to_owned(),
        text: labels.switch_text(plan.as_str(), session.draft.parameters.plan.as_str()),
        yes: labels.switch().to_owned(),
        no: labels.stay().to_owned(),
        then: Confirmed::SwitchPlan(plan),
        otherwise: None,
    }
}

/// The problems of the draft, errors first.
fn problems(session: &Session) -> Vec<ParameterProblem> {
    let mut problems = session.draft.parameters.check(&session.content.catalogue);
    if session.limits().is_some() {
        // This landscape itself tells what it offers.
        problems.retain(|problem| !matches!(problem.code, ProblemCode::RoleNotEverywhere { .. }));
    }
    problems.sort_by_key(ParameterProblem::severity);
    problems
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        match self.mode {
            Mode::List => Context::Browse,
            Mode::Filter | Mode::Typing(_) => Context::Edit,
            Mode::Editor => Context::Editor,
        }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        let labels = words(session);
        match self.mode {
            Mode::List => self.list_commands(session),
            Mode::Filter => {
                vec![command(Action::Primary, labels.keep_filter()), command(Action::Cancel, labels.clear_filter())]
            }
            Mode::Typing(_) => {
                vec![command(Action::Primary, labels.save()), command(Action::Cancel, labels.cancel())]
            }
            Mode::Editor => vec![
                command(Action::Primary, labels.back_to_list()),
                command(Action::Cancel, labels.back_to_list()).hidden_from_footer(),
                command(Action::Paste, labels.paste()).hidden_from_footer(),
            ],
        }
    }

    fn enter(&mut self, why: Enter, session: &mut Session) -> Update {
        // A key pasted into the editor closes it.
        self.mode = Mode::List;
        if let Enter::Role(at) = why {
            self.show_role(at, session);
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        match self.mode {
            Mode::List => self.act_in_list(action, session),
            Mode::Filter => self.act_in_filter(action, session),
            Mode::Typing(_) => self.act_in_form(action, session),
            Mode::Editor => self.act_in_editor(action, session),
        }
    }

    fn key(&mut self, key: KeyEvent, session: &mut Session) {
        match &mut self.mode {
            Mode::List => {}
            Mode::Filter => {
                self.filter.key(key, &session.content.catalogue);
                self.focus = 0;
            }
            Mode::Typing(typing) => {
                typing.form.key(key);
            }
            Mode::Editor => self.editor.key(key, session),
        }
    }

    fn paste(&mut self, text: &Pasted, session: &mut Session) -> Update {
        match &mut self.mode {
            Mode::List => return self.replace_json(text, session),
            Mode::Filter => {
                self.filter.paste(&text.text(), &session.content.catalogue);
                self.focus = 0;
            }
            Mode::Typing(typing) => {
                typing.form.paste(&text.text());
            }
            Mode::Editor => self.editor.paste(text, session),
        }
        Update::none()
    }

    fn on_confirmed(&mut self, _confirmed: &Confirmed, session: &mut Session) -> Update {
        if matches!(self.mode, Mode::Editor) {
            self.editor.plan_changed(session);
        }
        Update::none()
    }

    fn needs_attention(&self, session: &Session) -> bool {
        session.done.contains(&StepId::Roles) && problems(session).iter().any(ParameterProblem::is_error)
    }

    fn linear(&self, session: &Session) -> Page {
        linear::page(self, session)
    }

    fn plain(&self, session: &Session) -> String {
        format!("{}\n", session.parameters_json(self.style))
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        draw::draw(self, session, theme, frame, area);
    }
}
