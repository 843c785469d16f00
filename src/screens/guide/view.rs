//! The other views of a part: the request sheet, and the commands for the same steps.

use std::path::PathBuf;

use ratatui::text::Line;

use super::{Command, State, Update, command, copy, form, move_scroll, part::Part};
use crate::{
    domain::{
        guide::request_sheet,
        handover::commands::{Shell, Task, Tool, render},
        sap::parameters::ParameterProblem,
    },
    keymap::Action,
    model::{Draft, JobRequest, Session},
    ui::{Theme, text, widget::list::Entry},
    words::Words,
};

/// A view that is a text. Without one the cockpit's instructions are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextView {
    /// What to send to the people who may do it.
    Sheet,
    /// A script or a configuration.
    Commands(Tool),
}

impl TextView {
    /// The views of a task, in the order of the key. The sheet only asks for what is to be created.
    pub fn of(task: Task) -> Vec<TextView> {
        let sheet = (task == Task::Create).then_some(TextView::Sheet);
        sheet.into_iter().chain(Tool::ALL.into_iter().map(TextView::Commands)).collect()
    }

    /// The view after `view`, where `None` is the cockpit.
    pub fn after(view: Option<TextView>, task: Task) -> Option<TextView> {
        let views = TextView::of(task);
        let next = view.and_then(|view| views.iter().position(|other| *other == view)).map_or(0, |at| at + 1);
        views.get(next).copied()
    }

    /// Its tab.
    pub fn title(view: Option<TextView>, words: Words) -> &'static str {
        match view {
            None => words.guide().cockpit(),
            Some(TextView::Sheet) => words.guide().sheet(),
            Some(TextView::Commands(tool)) => tool.title(),
        }
    }

    /// Whether the text depends on the shell.
    pub fn has_shells(self) -> bool {
        matches!(self, TextView::Commands(tool) if tool.has_shells())
    }

    /// Its text.
    pub fn text(self, session: &Session, shell: Shell, task: Task) -> String {
        match self {
            TextView::Sheet => {
                request_sheet::render(&session.content, &session.choices(), session.draft.purpose(&session.content))
            }
            TextView::Commands(tool) => render(&session.choices(), tool, shell, task, session.content.words),
        }
    }

    /// What a message calls the text.
    fn named(self, words: Words) -> &'static str {
        let words = words.guide();
        match self {
            TextView::Sheet => words.sheet_named(),
            TextView::Commands(Tool::Cf) => words.cf_named(),
            TextView::Commands(Tool::Btp) => words.btp_named(),
            TextView::Commands(Tool::Terraform | Tool::TerraformBtp) => words.terraform_named(),
        }
    }

    /// A name for the file.
    pub fn file(self, session: &Session, shell: Shell, task: Task) -> PathBuf {
        let (instance, task) = (&session.draft.instance, task.as_str());
        PathBuf::from(match (self, shell) {
            (TextView::Sheet, _) => format!("{instance}-request.md"),
            (TextView::Commands(Tool::Terraform | Tool::TerraformBtp), _) => format!("{instance}-{task}.tf"),
            (TextView::Commands(Tool::Btp), _) => format!("{instance}-{task}.txt"),
            (TextView::Commands(Tool::Cf), Shell::Sh) => format!("{instance}-{task}.sh"),
            (TextView::Commands(Tool::Cf), Shell::PowerShell) => format!("{instance}-{task}.ps1"),
            (TextView::Commands(Tool::Cf), Shell::Cmd) => format!("{instance}-{task}.cmd"),
        })
    }
}

/// What a text is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct TextKey {
    view: TextView,
    part: Part,
    shell: Shell,
    draft: Draft,
    no_commands: Option<String>,
}

/// A text laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct LinesKey {
    text: TextKey,
    width: u16,
    theme: Theme,
}

impl State {
    /// Why there are no commands right now, if so. Only what the task writes is checked.
    pub(super) fn no_commands(&self, session: &Session) -> Option<String> {
        let task = self.part.task();
        let choices = session.choices();
        let words = session.content.words;
        let because = |problem: String| words.guide().no_commands_because(problem);
        if let Err(problem) = choices.check() {
            return Some(because(problem.shown(words)));
        }
        let mut problems = Vec::new();
        if matches!(task, Task::Create | Task::Update) {
            problems.extend(choices.parameters.check(&session.content.catalogue));
        }
        if matches!(task, Task::Create | Task::Rotate) {
            problems.extend(form::problems(session));
        }
        let refused = problems.into_iter().find(ParameterProblem::is_error)?;
        Some(because(refused.short(words)))
    }

    fn text_key(&self, view: TextView, session: &Session) -> TextKey {
        let no_commands = match view {
            TextView::Sheet => None,
            TextView::Commands(_) => self.no_commands(session),
        };
        TextKey { view, part: self.part, shell: self.shell, draft: session.draft.clone(), no_commands }
    }

    /// The text of a view, or why there is none.
    pub(super) fn text(&self, view: TextView, session: &Session) -> String {
        let key = self.text_key(view, session);
        self.texts.get(key, |key| text_of(key, session)).clone()
    }

    /// The lines of the text as entries of a list.
    pub(super) fn with_text_lines(
        &self,
        view: TextView,
        session: &Session,
        theme: &Theme,
        width: u16,
        draw: impl FnOnce(&[Entry]),
    ) {
        let key = LinesKey { text: self.text_key(view, session), width, theme: theme.clone() };
        let entries = self.text_lines.get(key, |key| {
            let text = text_of(&key.text, session);
            text.lines().map(|line| Entry::item(text_line(line, view, theme, width))).collect::<Vec<_>>()
        });
        draw(&entries);
    }

    /// The commands that lead to other views and parts.
    pub(super) fn view_commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words;
        let shown = self.text_view();
        let next = TextView::after(shown, self.part.task());
        let mut view = command(Action::View, TextView::title(next, words));
        if let (Some(TextView::Commands(_)), None | Some(TextView::Sheet)) = (next, shown) {
            view.disabled_because = self.no_commands(session);
        }
        vec![view, command(Action::NextField, self.part.turned(1).command(words))]
    }

    pub(super) fn text_commands(&self, view: TextView, session: &Session) -> Vec<Command> {
        let words = session.content.words.guide();
        let ready = view == TextView::Sheet || self.no_commands(session).is_none();
        let mut commands = vec![
            command(Action::Copy, words.copy_all()).only_if(ready, words.no_commands()),
            command(Action::Save, words.save()).only_if(ready, words.no_commands()),
        ];
        if view.has_shells() {
            commands.push(command(Action::Toggle, words.for_shell(self.next_shell().as_str())));
        }
        commands.append(&mut self.view_commands(session));
        commands.push(command(Action::Primary, words.next()));
        commands
    }

    fn next_shell(&self) -> Shell {
        let at = Shell::ALL.iter().position(|shell| *shell == self.shell).unwrap_or_default();
        Shell::ALL[(at + 1) % Shell::ALL.len()]
    }

    pub(super) fn act_on_text(&mut self, view: TextView, action: Action, session: &mut Session) -> Update {
        let text = self.text(view, session);
        if move_scroll(&mut self.line, text.lines().count().saturating_sub(1), action) {
            return Update::none();
        }
        match action {
            Action::Copy => copy(view.named(session.content.words), text),
            Action::Save => self.save_text(view, text, session),
            Action::Toggle => {
                self.shell = self.next_shell();
                Update::none()
            }
            action => self.act_on_part(action),
        }
    }

    /// Writes a text to a file.
    pub(super) fn save_text(&self, view: TextView, text: String, session: &mut Session) -> Update {
        let path = view.file(session, self.shell, self.part.task());
        Update::effect(session.start(self.part.step(), JobRequest::WriteFile { path, text, private: false }))
    }
}

fn text_of(key: &TextKey, session: &Session) -> String {
    match &key.no_commands {
        Some(why) => why.clone(),
        None => key.view.text(session, key.shell, key.part.task()),
    }
}

/// One line of a text, on as many rows as it takes. Prose breaks between words, code anywhere.
fn text_line(line: &str, view: TextView, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let prose = view == TextView::Sheet && !line.starts_with([' ', '|', '{', '}', '`']);
    if prose || line.is_empty() {
        return text::wrap(line, width, theme.text);
    }
    text::wrap_exact(line, width).into_iter().map(|piece| Line::styled(piece, theme.code)).collect()
}
