//! Step 4: the role checklist and the instance parameters as JSON. Both show the same values, whichever is edited.
//!
//! ```text
//! count, what that is                        | the focused role
//! checklist by groups                        | parameters JSON
//! ```
//! On a narrow screen the JSON stands under the checklist; there the details take its place on request.

mod about;
mod draw;
mod editor;
mod rows;
mod typing;

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::{
    editor::Editor,
    rows::Row,
    typing::{Typing, What},
};
use super::{Command, Confirmed, Enter, Navigation, Question, Screen, Update, command, copy, move_focus};
use crate::{
    domain::sap::{
        guide::StepId,
        parameters::{InstanceParameters, JsonStyle, ParameterProblem},
        plan::PlanId,
    },
    keymap::{Action, Context},
    model::{Effect, JobRequest, Notice, Pasted, Session},
    ui::{Theme, widget::field::Field},
};

/// Checklist, filter and JSON editor.
#[derive(Debug, Default)]
pub struct State {
    focus: usize,
    filter: Field,
    filtering: bool,
    compact: bool,
    /// Details in place of the JSON, from this line on.
    details: bool,
    scroll: u16,
    /// Kept when it is left: text, cursor and history are there again when it is opened.
    editor: Option<Editor>,
    editing: bool,
    typing: Option<Typing>,
    /// Roles of the plan `integration-flow` that were ticked at some time.
    own_roles: Vec<String>,
    /// The parameters with which the step was left last.
    left_with: Option<InstanceParameters>,
}

impl State {
    fn style(&self) -> JsonStyle {
        if self.compact { JsonStyle::Compact } else { JsonStyle::Pretty }
    }

    fn rows(&self, session: &Session) -> Vec<Row> {
        rows::rows(session, self.filter.text(), &self.own_roles)
    }

    /// The row with the focus.
    fn focused(&self, session: &Session) -> Option<Row> {
        self.rows(session).into_iter().filter(Row::selectable).nth(self.focus)
    }

    fn selectable(&self, session: &Session) -> usize {
        self.rows(session).iter().filter(|row| row.selectable()).count()
    }

    fn toggle(&mut self, session: &mut Session) {
        match self.focused(session) {
            Some(Row::Role(name)) => {
                let flow = session.draft.parameters.plan == PlanId::IntegrationFlow;
                if !session.draft.parameters.toggle_role(&name) && flow && !self.own_roles.contains(&name) {
                    self.own_roles.push(name);
                }
            }
            Some(Row::Grant(id)) => {
                session.draft.parameters.toggle_grant_type(&id);
            }
            Some(Row::Validity) => rows::next_validity(&mut session.draft.parameters),
            Some(row) => self.typing = typed(&row).map(|what| Typing::begin(what, session)),
            None => {}
        }
    }

    fn edit_json(&mut self, session: &mut Session) -> &mut Editor {
        self.editing = true;
        if let Some(editor) = &mut self.editor {
            editor.resume(session);
        }
        self.editor.get_or_insert_with(|| Editor::open(session))
    }

    /// The editor, while it is open.
    fn open_editor(&self) -> Option<&Editor> {
        self.editor.as_ref().filter(|_| self.editing)
    }

    fn act_while_typing(&mut self, action: Action, session: &mut Session) {
        let Some(typing) = &self.typing else { return };
        match action {
            Action::Primary => match typing.taken(session) {
                Ok((parameters, warning)) => {
                    session.draft.parameters = parameters;
                    session.notice = warning.map(Notice::warning);
                    self.typing = None;
                }
                Err(problem) => session.notice = Some(Notice::error(problem)),
            },
            Action::Cancel => self.typing = None,
            _ => {}
        }
    }

    /// Asks whether to take the plan to which pasted parameters belong, or says what became of them.
    fn after_replacing(&self, before: &[String], session: &mut Session) -> Update {
        let Some(editor) = self.open_editor() else { return Update::none() };
        let now = &session.draft.parameters;
        if let Some(plan) = editor.other_plan() {
            return Update::ask(Question {
                title: "Another plan".to_owned(),
                text: format!(
                    "These are parameters of the plan {}, and you chose {}. An instance has one plan. Take {} in its place?",
                    plan.as_str(),
                    now.plan.as_str(),
                    plan.as_str()
                ),
                yes: "Change the plan".to_owned(),
                no: "Stay".to_owned(),
                then: Confirmed::SwitchPlan(plan),
                otherwise: None,
            });
        }
        if editor.first_error(session.content.words).is_none() {
            let added = now.roles.iter().filter(|role| !before.contains(role)).count();
            let removed = before.iter().filter(|role| !now.roles.contains(role)).count();
            let count = now.roles.len();
            session.notice = Some(Notice::good(format!(
                "Taken over: {count} {}, {added} more and {removed} fewer than before.",
                if count == 1 { "role" } else { "roles" }
            )));
        }
        Update::none()
    }

    /// Ticks all offered roles, the recommended ones, or none.
    fn choose(&self, action: Action, session: &mut Session) {
        let content = std::sync::Arc::clone(&session.content);
        let names: Vec<String> = match action {
            Action::All if session.draft.parameters.plan == PlanId::Api => {
                content.catalogue.roles.iter().filter(|role| role.everywhere).map(|role| role.name.clone()).collect()
            }
            Action::Recommended => match session.draft.purpose(&content) {
                Some(purpose) if purpose.plan == session.draft.parameters.plan => purpose.role_names(),
                _ => content
                    .plan(session.draft.parameters.plan)
                    .map(|plan| plan.default_roles.clone())
                    .unwrap_or_default(),
            },
            _ => Vec::new(),
        };
        session.notice = match action {
            Action::All => Some(Notice::warning(format!(
                "{} roles ticked, all that every landscape offers. Most consumers need far fewer.",
                names.len()
            ))),
            _ => None,
        };
        session.draft.parameters.roles = names;
    }
}

/// What is typed in a row, if anything is.
fn typed(row: &Row) -> Option<What> {
    match row {
        Row::Validity => Some(What::Validity),
        Row::RedirectUri(place) => Some(What::RedirectUri(Some(*place))),
        Row::NewRedirectUri => Some(What::RedirectUri(None)),
        Row::NewRole => Some(What::Role),
        Row::Role(_) | Row::Grant(_) | Row::Heading(_) => None,
    }
}

/// Says why the broker would refuse the draft, if it would.
fn refuse(session: &mut Session) -> bool {
    let refused = session.draft.parameters.refused(&session.content.catalogue);
    if let Some(problem) = &refused {
        session.notice = Some(Notice::error(problem.short(session.content.words)));
    }
    refused.is_some()
}

/// What the broker would refuse in the draft, and what to look at; errors first.
pub(super) fn problems(session: &Session) -> Vec<ParameterProblem> {
    let mut problems = session.draft.parameters.check(&session.content.catalogue);
    problems.sort_by_key(ParameterProblem::severity);
    problems
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        if self.editing {
            Context::Editor
        } else if self.filtering || self.typing.is_some() {
            Context::Edit
        } else {
            Context::Browse
        }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        if self.typing.is_some() {
            return vec![command(Action::Primary, "save"), command(Action::Cancel, "cancel")];
        }
        if self.editing {
            return vec![
                command(Action::Primary, "back to the list"),
                command(Action::Cancel, "back to the list"),
                command(Action::Paste, "paste").hidden_from_footer(),
            ];
        }
        if self.filtering {
            return vec![command(Action::Primary, "keep filter"), command(Action::Cancel, "clear filter")];
        }
        let api = session.draft.parameters.plan == PlanId::Api;
        let (tick, edit) = match self.focused(session) {
            Some(Row::Validity) => ("next usual value", "type the seconds"),
            Some(Row::RedirectUri(_)) => ("change it", "change it"),
            Some(Row::NewRedirectUri | Row::NewRole) => ("type one", "type one"),
            _ => ("tick", "edit JSON"),
        };
        let mut commands = vec![
            command(Action::Toggle, tick),
            command(Action::Copy, "copy JSON"),
            command(Action::Primary, "next"),
            command(Action::Details, if self.details { "show JSON" } else { "explain" }),
            command(Action::Filter, "filter").only_if(api, "Only the plan api has a list of roles to search in."),
            command(Action::Recommended, "recommended"),
            command(Action::Edit, edit),
            command(Action::NextField, "edit JSON").hidden_from_footer(),
            command(Action::View, if self.compact { "JSON on several lines" } else { "JSON on one line" })
                .hidden_from_footer(),
            command(Action::Save, "save JSON to a file").hidden_from_footer(),
            command(Action::All, "tick all roles")
                .hidden_from_footer()
                .only_if(api, "Only the plan api has a list of roles."),
            command(Action::Nothing, "untick all roles").hidden_from_footer(),
        ];
        if about::source(self, session).is_some() {
            commands.push(
                command(Action::Open, "open SAP's page about it")
                    .hidden_from_footer()
                    .only_if(session.around.can_open_links, "No browser can be opened from here. d shows the address."),
            );
        }
        if self.details {
            commands.push(command(Action::Cancel, "close the explanation").hidden_from_footer());
        } else if !self.filter.text().is_empty() {
            commands.push(command(Action::Cancel, "clear filter").hidden_from_footer());
        }
        commands
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        if let Some(editor) = self.editor.as_mut().filter(|_| self.editing) {
            match action {
                Action::Primary | Action::Cancel | Action::NextField | Action::PreviousField => {
                    if let Some(problem) = editor.first_error(session.content.words) {
                        session.notice = Some(Notice::warning(format!(
                            "The JSON is not valid ({problem}). The list keeps its last valid state; e leads back to the text."
                        )));
                    }
                    self.editing = false;
                }
                Action::Paste => return Update::effect(session.start(StepId::Roles, JobRequest::ReadClipboard)),
                _ => {}
            }
            return Update::none();
        }
        if self.typing.is_some() {
            self.act_while_typing(action, session);
            return Update::none();
        }
        if self.filtering {
            match action {
                Action::Primary => self.filtering = false,
                Action::Cancel => {
                    self.filtering = false;
                    self.filter.set("");
                    self.focus = 0;
                }
                action => {
                    let count = self.selectable(session);
                    move_focus(&mut self.focus, count, action);
                }
            }
            return Update::none();
        }
        if self.details && matches!(action, Action::PageUp | Action::PageDown) {
            self.scroll = match action {
                Action::PageUp => self.scroll.saturating_sub(4),
                _ => (self.scroll + 4).min(60),
            };
            return Update::none();
        }
        let count = self.selectable(session);
        if move_focus(&mut self.focus, count, action) {
            self.scroll = 0;
            return Update::none();
        }
        match action {
            Action::Details => {
                self.details = !self.details;
                self.scroll = 0;
            }
            Action::Open => {
                if let Some(id) = about::source(self, session) {
                    return Update::effect(Effect::Open(id.to_owned()));
                }
            }
            Action::Toggle => self.toggle(session),
            // Copied parameters that the broker refuses look right until the cockpit refuses them.
            Action::Copy if refuse(session) => {}
            Action::Copy => return copy("the instance parameters", session.parameters_json(self.style())),
            Action::View => self.compact = !self.compact,
            Action::Filter => {
                self.filtering = true;
                self.focus = 0;
            }
            Action::Recommended | Action::All | Action::Nothing => self.choose(action, session),
            Action::Edit => match self.focused(session).as_ref().and_then(typed) {
                Some(what) => self.typing = Some(Typing::begin(what, session)),
                None => {
                    self.edit_json(session);
                }
            },
            Action::NextField => {
                self.edit_json(session);
            }
            Action::Save => {
                let path = PathBuf::from(format!("{}-parameters.json", session.draft.instance));
                let text = format!("{}\n", session.parameters_json(JsonStyle::Pretty));
                return Update::effect(
                    session.start(StepId::Roles, JobRequest::WriteFile { path, text, private: false }),
                );
            }
            Action::Primary => {
                if let Some(problem) = problems(session).into_iter().find(ParameterProblem::is_error) {
                    session.notice = Some(Notice::error(problem.short(session.content.words)));
                    return Update::none();
                }
                // An instance that was created with other parameters is to be updated, not created again.
                let now = &session.draft.parameters;
                let changed = self.left_with.replace(now.clone()).is_some_and(|before| before != *now);
                if changed && session.done.contains(&StepId::Create) {
                    return Update::go(Navigation::To(StepId::Create, Enter::Page("update-instance")));
                }
                return Update::go(Navigation::Next);
            }
            // The innermost thing closes first.
            Action::Cancel if self.details => {
                self.details = false;
                self.scroll = 0;
            }
            Action::Cancel if !self.filter.text().is_empty() => {
                self.filter.set("");
                self.focus = 0;
            }
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            _ => {}
        }
        Update::none()
    }

    fn key(&mut self, key: KeyEvent, session: &mut Session) {
        if let Some(editor) = self.editor.as_mut().filter(|_| self.editing) {
            editor.key(key, session);
        } else if let Some(typing) = &mut self.typing {
            typing.field.key(key);
        } else if self.filter.key(key) {
            self.focus = 0;
        }
    }

    fn paste(&mut self, text: &Pasted, session: &mut Session) -> Update {
        if let Some(editor) = self.editor.as_mut().filter(|_| self.editing) {
            editor.paste(text, session);
        } else if let Some(typing) = &mut self.typing {
            typing.field.paste(&text.text());
        } else if self.filtering {
            self.filter.paste(&text.text());
            self.focus = 0;
        } else {
            // Parameters that exist can be pasted anywhere on this screen, to go on from them.
            let before = session.draft.parameters.roles.clone();
            self.edit_json(session).replace(text, session);
            return self.after_replacing(&before, session);
        }
        Update::none()
    }

    fn on_confirmed(&mut self, session: &mut Session) -> Update {
        if let Some(editor) = self.editor.as_mut().filter(|_| self.editing) {
            editor.plan_changed(session);
        }
        Update::none()
    }

    fn needs_attention(&self, session: &Session) -> bool {
        session.done.contains(&StepId::Roles) && problems(session).iter().any(ParameterProblem::is_error)
    }

    fn plain(&self, session: &Session) -> String {
        format!("{}\n", session.parameters_json(self.style()))
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        draw::draw(self, session, theme, frame, area);
    }
}
