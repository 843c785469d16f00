//! The views of a guide page: the cockpit, the request sheet, and the commands that do the same as the clicks.

use std::path::PathBuf;

use super::{Command, Part, State, Update, command, copy, form, move_focus};
use crate::{
    domain::{
        handover::{
            commands::{Shell, Task, Tool, render},
            sheet,
        },
        sap::parameters::ParameterProblem,
    },
    keymap::Action,
    model::{JobRequest, Session},
};

/// One view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// What to do in the cockpit.
    #[default]
    Cockpit,
    /// What to send to whoever may do it.
    Sheet,
    /// A script or a configuration.
    Commands(Tool),
}

impl View {
    /// The views of a task, in the order of the key. Only what is to be created can be asked for with a sheet.
    pub fn of(task: Task) -> Vec<View> {
        let sheet = (task == Task::Create).then_some(View::Sheet);
        let commands = Tool::ALL.into_iter().map(View::Commands);
        std::iter::once(View::Cockpit).chain(sheet).chain(commands).collect()
    }

    /// What a person calls it.
    pub fn title(self) -> &'static str {
        match self {
            View::Cockpit => "cockpit",
            View::Sheet => "request sheet",
            View::Commands(tool) => tool.title(),
        }
    }

    /// The next view of the task.
    pub fn next(self, task: Task) -> View {
        let views = View::of(task);
        let at = views.iter().position(|view| *view == self).map_or(0, |at| at + 1);
        views[at % views.len()]
    }

    /// True where the text depends on the shell.
    pub fn has_shells(self) -> bool {
        matches!(self, View::Commands(tool) if tool.has_shells())
    }

    /// Its text; `None` for the cockpit.
    pub fn text(self, session: &Session, shell: Shell, task: Task) -> Option<String> {
        match self {
            View::Cockpit => None,
            View::Sheet => {
                let purpose = session.draft.purpose(&session.content);
                Some(sheet::render(&session.content, &session.choices(), purpose))
            }
            View::Commands(tool) => Some(render(&session.choices(), tool, shell, task, session.content.words)),
        }
    }

    /// What the copy and the file are called in a message.
    pub fn what(self) -> &'static str {
        match self {
            View::Cockpit => "the text",
            View::Sheet => "the request sheet",
            View::Commands(Tool::Cf) => "the cf script",
            View::Commands(Tool::Btp) => "the btp commands",
            View::Commands(Tool::Terraform | Tool::TerraformBtp) => "the Terraform configuration",
        }
    }

    /// A name for the file.
    pub fn file(self, session: &Session, shell: Shell, task: Task) -> PathBuf {
        let (instance, task) = (&session.draft.instance, task.as_str());
        PathBuf::from(match (self, shell) {
            (View::Cockpit | View::Sheet, _) => format!("{instance}-request.md"),
            (View::Commands(Tool::Terraform | Tool::TerraformBtp), _) => format!("{instance}-{task}.tf"),
            (View::Commands(Tool::Btp), _) => format!("{instance}-{task}.txt"),
            (View::Commands(Tool::Cf), Shell::Sh) => format!("{instance}-{task}.sh"),
            (View::Commands(Tool::Cf), Shell::PowerShell) => format!("{instance}-{task}.ps1"),
            (View::Commands(Tool::Cf), Shell::Cmd) => format!("{instance}-{task}.cmd"),
        })
    }
}

impl State {
    /// Why there are no commands right now, if so. Only what the task writes is looked at.
    pub(super) fn no_commands(&self, session: &Session) -> Option<String> {
        let task = self.task();
        let choices = session.choices();
        if let Err(problem) = choices.check() {
            return Some(format!("There are no commands yet. {}", problem.shown(session.content.words)));
        }
        let of_instance = || choices.parameters.check(&session.content.catalogue);
        let mut problems = Vec::new();
        if matches!(task, Task::Create | Task::Update) {
            problems.extend(of_instance());
        }
        if matches!(task, Task::Create | Task::Rotate) {
            problems.extend(form::problems(session));
        }
        let refused = problems.into_iter().find(ParameterProblem::is_error)?;
        Some(format!("There are no commands yet. {}", refused.short(session.content.words)))
    }

    /// The text of a view other than the cockpit's.
    pub(super) fn text(&self, session: &Session) -> Option<String> {
        match (self.view, self.no_commands(session)) {
            (View::Cockpit, _) => None,
            (View::Commands(_), Some(why)) => Some(why),
            (view, _) => view.text(session, self.shell, self.task()),
        }
    }

    pub(super) fn next_part(&self) -> Option<(usize, &'static Part)> {
        let next = (self.part + 1) % self.parts.len().max(1);
        Some((next, self.parts.get(next)?))
    }

    pub(super) fn view_offers(&self, session: &Session) -> Vec<Command> {
        let next = self.view.next(self.task());
        let commands = self.no_commands(session);
        let mut view = command(Action::View, next.title());
        if let (View::Commands(_), View::Cockpit | View::Sheet, Some(why)) = (next, self.view, commands) {
            view.disabled_because = Some(why);
        }
        let mut commands = vec![view];
        if let Some((_, part)) = self.next_part() {
            commands.push(command(Action::NextField, part.title.to_lowercase()));
        }
        commands
    }

    pub(super) fn text_offers(&self, session: &Session) -> Vec<Command> {
        let ready = !matches!(self.view, View::Commands(_)) || self.no_commands(session).is_none();
        let why = "There are no commands yet.";
        let mut commands = vec![
            command(Action::Copy, "copy all").only_if(ready, why),
            command(Action::Save, "save").only_if(ready, why),
        ];
        commands.append(&mut self.view_offers(session));
        if self.view.has_shells() {
            let at = Shell::ALL.iter().position(|shell| *shell == self.shell).unwrap_or_default();
            let next = Shell::ALL[(at + 1) % Shell::ALL.len()];
            commands.insert(2, command(Action::Toggle, format!("for {}", next.as_str())));
        }
        commands.push(command(Action::Primary, "next"));
        commands
    }

    pub(super) fn act_on_text(&mut self, action: Action, session: &mut Session) -> Update {
        let text = self.text(session).unwrap_or_default();
        if move_focus(&mut self.line, text.lines().count(), action) {
            return Update::none();
        }
        match action {
            Action::Copy => copy(self.view.what(), text),
            Action::Save => {
                let path = self.view.file(session, self.shell, self.task());
                Update::effect(session.start(self.step, JobRequest::WriteFile { path, text, private: false }))
            }
            Action::Toggle => {
                let at = Shell::ALL.iter().position(|shell| *shell == self.shell).unwrap_or_default();
                self.shell = Shell::ALL[(at + 1) % Shell::ALL.len()];
                Update::none()
            }
            action => self.act_on_page(action),
        }
    }
}
