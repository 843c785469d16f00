//! The other methods for a part: the commands for the same steps, and the request sheet for people with the permission.

use std::path::PathBuf;

use ratatui::text::Line;

use super::{Command, State, Update, command, copy, form, part::Part};
use crate::{
    domain::{
        draft::Draft,
        guide::request_sheet,
        handover::commands::{Shell, Task, Tool, render},
        sap::parameters::ParameterProblem,
    },
    keymap::Action,
    model::{JobRequest, Session},
    screens::move_scroll,
    ui::{
        Theme, text,
        widget::{code, markdown},
    },
    words::Words,
};

/// The sheet is not set wider than this.
const SHEET: u16 = 96;

/// A view that is a text. Without one the cockpit's instructions are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextView {
    /// The request for people with the permission.
    Sheet,
    /// A script or a configuration.
    Commands(Tool),
}

impl TextView {
    /// The methods for a task in tab order, `None` for the cockpit. The sheet only requests creation.
    pub fn ways(task: Task) -> Vec<Option<TextView>> {
        let sheet = (task == Task::Create).then_some(TextView::Sheet);
        let texts = Tool::ALL.into_iter().map(TextView::Commands).chain(sheet);
        std::iter::once(None).chain(texts.map(Some)).collect()
    }

    /// The method `by` tabs further, wrapping around.
    pub fn turned(view: Option<TextView>, task: Task, by: isize) -> Option<TextView> {
        let ways = TextView::ways(task);
        let at = ways.iter().position(|way| *way == view).unwrap_or_default();
        ways[(at as isize + by).rem_euclid(ways.len() as isize) as usize]
    }

    /// Its tab.
    pub fn title(view: Option<TextView>, words: Words) -> &'static str {
        let words = words.guide();
        match view {
            None => words.cockpit(),
            Some(TextView::Sheet) => words.sheet(),
            Some(TextView::Commands(Tool::Cf)) => words.cf(),
            Some(TextView::Commands(Tool::Terraform)) => words.terraform(),
            Some(TextView::Commands(Tool::TerraformBtp)) => words.terraform_btp(),
            Some(TextView::Commands(Tool::Btp)) => words.btp(),
        }
    }

    /// What it is for.
    pub fn about(self, session: &Session) -> &'static str {
        let words = session.content.words.guide();
        if self == TextView::Sheet { words.about_sheet() } else { words.about_commands() }
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

    /// The text's name in messages.
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

/// The input for a text.
#[derive(Clone, Debug, PartialEq)]
pub struct TextKey {
    view: TextView,
    part: Part,
    shell: Shell,
    draft: Draft,
    no_commands: Option<String>,
}

/// The input for the layout of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct LinesKey {
    text: TextKey,
    width: u16,
    theme: Theme,
}

impl State {
    /// Why there are no commands right now, if so. Only the parameters used by the task are checked.
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

    /// The lines of the text, drawn by `draw`.
    pub(super) fn with_text_lines<T>(
        &self,
        view: TextView,
        session: &Session,
        theme: &Theme,
        width: u16,
        draw: impl FnOnce(&[Line<'static>]) -> T,
    ) -> T {
        let key = LinesKey { text: self.text_key(view, session), width, theme: theme.clone() };
        let lines = self.text_lines.get(key, |key| {
            let text = text_of(&key.text, session);
            match view {
                _ if key.text.no_commands.is_some() => {
                    text::wrap_bullet(theme.glyphs.warning, theme.warning, &text, theme.text, width)
                }
                TextView::Sheet => markdown::lines(&text, theme, width.min(SHEET)),
                TextView::Commands(tool) => code::lines(&text, tool.language(self.shell), theme, width),
            }
        });
        draw(&lines)
    }

    /// The commands for the other methods.
    pub(super) fn view_commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words;
        let (shown, task) = (self.text_view(), self.part.task());
        let next = TextView::title(TextView::turned(shown, task, 1), words);
        let before = TextView::title(TextView::turned(shown, task, -1), words);
        vec![
            command(Action::View, next),
            command(Action::NextField, next).hidden_from_footer(),
            command(Action::PreviousView, before).hidden_from_footer(),
        ]
    }

    pub(super) fn text_commands(&self, view: TextView, session: &Session) -> Vec<Command> {
        let words = session.content.words.guide();
        let ready = view == TextView::Sheet || self.no_commands(session).is_none();
        let mut commands = vec![
            command(Action::Copy, words.copy_all()).only_if(ready, words.no_commands()),
            command(Action::Save, words.save()).only_if(ready, words.no_commands()),
        ];
        if view.has_shells() {
            commands.push(command(Action::Toggle, words.for_shell(shell_title(self.next_shell(), session))));
        }
        commands.append(&mut self.view_commands(session));
        commands.push(command(Action::Primary, self.next(session)));
        commands
    }

    fn next_shell(&self) -> Shell {
        let at = Shell::ALL.iter().position(|shell| *shell == self.shell).unwrap_or_default();
        Shell::ALL[(at + 1) % Shell::ALL.len()]
    }

    pub(super) fn act_on_text(&mut self, view: TextView, action: Action, session: &mut Session) -> Update {
        let last = self.text_height.get().saturating_sub(1);
        // The last position may be smaller by now: the window has grown.
        self.line = self.line.min(last);
        if move_scroll(&mut self.line, last, action) {
            return Update::none();
        }
        let text = self.text(view, session);
        match action {
            Action::Copy => copy(view.named(session.content.words), text),
            Action::Save => self.save_text(view, text, session),
            Action::Toggle => {
                self.shell = self.next_shell();
                Update::none()
            }
            action => self.act_on_part(action, session),
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

/// The display name of a shell.
pub(super) fn shell_title(shell: Shell, session: &Session) -> &'static str {
    let words = session.content.words.guide();
    match shell {
        Shell::Sh => words.shell_sh(),
        Shell::PowerShell => words.shell_powershell(),
        Shell::Cmd => words.shell_cmd(),
    }
}
