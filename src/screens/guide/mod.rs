//! Steps 5 and 6: what to do in the cockpit, with the chosen values, to be ticked off; and the commands for the same steps,
//! as other views of the same part.
//!
//! ```text
//! progress
//! parts of this step                         | views
//! form of the key (step 6)                   | your values
//! instructions; the focused one in full      | parameters JSON
//! if this does not work
//! ```

mod draw;
mod form;
mod linear;
mod page;
mod part;
mod view;

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::{
    form::{Row, Typed, Typing},
    page::{PageKey, PageLines, tick_id},
    part::Part,
    view::{LinesKey, TextKey, TextView},
};
use super::{Command, Enter, Navigation, Screen, Update, command, copy, move_focus, move_scroll};
use crate::{
    domain::{
        handover::commands::Shell,
        sap::{
            guide::{Instruction, Page, StepId, Trouble, Variable},
            key_parameters::KeyField,
            link::Link,
            parameters::{JsonStyle, ParameterProblem},
        },
        text::markup,
    },
    keymap::{Action, Context},
    model::{Effect, JobRequest, Notice, Pasted, Session},
    ui::{
        Theme,
        cache::Cache,
        widget::{form::FormResult, list::Entry},
    },
};

/// The link of the form of the key.
const KEY_TYPES: &str = "key-types";

/// A guide screen: the part that is shown, and how.
#[derive(Debug, Default)]
pub struct State {
    part: Part,
    mode: Mode,
    shell: Shell,
    /// The item with the focus.
    focus: usize,
    /// The line with the focus in a view that is a text.
    line: usize,
    page_lines: Cache<PageKey, PageLines>,
    texts: Cache<TextKey, String>,
    text_lines: Cache<LinesKey, Vec<Entry>>,
}

/// What the keys act on.
#[derive(Debug, Default)]
enum Mode {
    /// The instructions for the cockpit.
    #[default]
    Page,
    /// A value of the form that is being typed.
    Typing(Typing),
    /// The request sheet, or commands.
    Text(TextView),
}

/// Something that can have the focus.
enum Item<'a> {
    Form(Row),
    /// An instruction with its page and number.
    Do(&'a Page, usize, &'a Instruction),
    Trouble(&'a Trouble),
}

impl State {
    /// Creating and changing the instance.
    pub fn create() -> Self {
        Self { part: Part::CreateInstance, ..Self::default() }
    }

    /// Creating, replacing and deleting the key.
    pub fn key() -> Self {
        Self { part: Part::CreateKey, ..Self::default() }
    }

    fn text_view(&self) -> Option<TextView> {
        match self.mode {
            Mode::Text(view) => Some(view),
            Mode::Page | Mode::Typing(_) => None,
        }
    }

    fn turn_to(&mut self, part: Part) {
        self.part = part;
        (self.focus, self.line) = (0, 0);
        if self.text_view().is_some_and(|view| !TextView::of(part.task()).contains(&view)) {
            self.mode = Mode::Page;
        }
    }

    fn pages<'a>(&self, session: &'a Session) -> impl Iterator<Item = &'a Page> + use<'a> {
        self.part.pages().iter().filter_map(|id| session.content.page(id))
    }

    fn items<'a>(&self, session: &'a Session) -> Vec<Item<'a>> {
        let form = if self.part.has_form() { form::rows(session) } else { Vec::new() };
        let steps = self
            .pages(session)
            .flat_map(|page| page.steps.iter().enumerate().map(move |(index, step)| Item::Do(page, index + 1, step)));
        let troubles = self.pages(session).flat_map(|page| page.troubles.iter().map(Item::Trouble));
        form.into_iter().map(Item::Form).chain(steps).chain(troubles).collect()
    }

    fn focused<'a>(&self, session: &'a Session) -> Option<Item<'a>> {
        self.items(session).into_iter().nth(self.focus)
    }

    /// The link of the focused item, or else the first of the page.
    fn link<'a>(&self, session: &'a Session) -> Option<&'a Link> {
        let id = match self.focused(session)? {
            Item::Do(page, _, step) => step.link.as_deref().or_else(|| page.links.first().map(String::as_str)),
            Item::Trouble(trouble) => trouble.link.as_deref(),
            Item::Form(_) => Some(KEY_TYPES),
        };
        session.content.link(id?)
    }

    /// What the copy key copies from the page, after what a message calls it.
    fn copy_text(&self, session: &Session) -> Option<(String, String)> {
        let words = session.content.words.guide();
        match self.focused(session)? {
            Item::Do(_, _, step) => {
                let variable = step.copy?;
                let text = session.values().get(variable);
                let named = match variable {
                    Variable::Parameters => words.parameters_named().to_owned(),
                    Variable::KeyParameters => words.key_parameters_named().to_owned(),
                    _ => words.quoted(&text),
                };
                Some((named, text))
            }
            Item::Form(Row::Name) => {
                let name = session.draft.key_name.clone();
                Some((words.quoted(&name), name))
            }
            Item::Form(Row::Parameter(_)) => {
                let json = session.draft.key_parameters.to_json(JsonStyle::Pretty);
                Some((words.key_parameters_named().to_owned(), json))
            }
            Item::Trouble(_) => None,
        }
    }

    /// How many instructions are ticked off, and how many there are.
    fn progress(&self, session: &Session) -> (usize, usize) {
        let steps = || self.pages(session).flat_map(|page| page.steps.iter().map(move |step| (page, step)));
        let ticked = steps().filter(|(page, step)| session.draft.ticks.contains(&tick_id(page, step)));
        (ticked.count(), steps().count())
    }

    /// What is the same in every view.
    fn act_on_part(&mut self, action: Action) -> Update {
        match action {
            Action::View => {
                self.mode = TextView::after(self.text_view(), self.part.task()).map_or(Mode::Page, Mode::Text);
                self.line = 0;
            }
            Action::NextField => self.turn_to(self.part.turned(1)),
            Action::PreviousField => self.turn_to(self.part.turned(-1)),
            Action::Primary => return Update::go(Navigation::Next),
            // From another view or part, back leads to the instructions of the step.
            Action::Cancel if self.text_view().is_some() => self.mode = Mode::Page,
            Action::Cancel if !self.part.is_first() => self.turn_to(Part::of(self.part.step())[0]),
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            _ => {}
        }
        Update::none()
    }

    fn act_while_typing(&mut self, action: Action, session: &mut Session) -> Update {
        let Mode::Typing(typing) = &mut self.mode else { return Update::none() };
        match typing.form.act(action) {
            FormResult::Stay => return Update::none(),
            FormResult::Cancel => {}
            FormResult::Submit => {
                if let Some(problem) = typing.problem(session.content.words) {
                    session.notice = Some(Notice::error(problem));
                    return Update::none();
                }
                let text = typing.text().to_owned();
                match typing.typed {
                    Typed::Name => session.draft.key_name = text,
                    Typed::Validity => session.draft.key_parameters.validity = text.parse().unwrap_or_default(),
                    Typed::File => {
                        self.mode = Mode::Page;
                        let read = JobRequest::ReadFile(PathBuf::from(text));
                        return Update::effect(session.start(self.part.step(), read));
                    }
                }
            }
        }
        self.mode = Mode::Page;
        Update::none()
    }

    fn begin_typing(&mut self, typed: Typed, session: &Session) -> Update {
        self.mode = Mode::Typing(Typing::begin(typed, session));
        Update::none()
    }

    fn act_on_page(&mut self, action: Action, session: &mut Session) -> Update {
        let items = self.items(session);
        let count = items.len();
        if move_focus(&mut self.focus, count, action) {
            return Update::none();
        }
        match (action, items.get(self.focus)) {
            (Action::Toggle, Some(Item::Do(page, _, step))) => {
                let id = tick_id(page, step);
                if !session.draft.ticks.remove(&id) {
                    session.draft.ticks.insert(id);
                    self.focus = (self.focus + 1).min(count.saturating_sub(1));
                }
            }
            (Action::Toggle, Some(Item::Form(row))) => return self.step_through(*row, session),
            (Action::Toggle, _) => {}
            (Action::Copy, _) => {
                if let Some((named, text)) = self.copy_text(session) {
                    return copy(named, text);
                }
            }
            (Action::Open, _) => {
                if let Some(link) = self.link(session) {
                    return Update::effect(Effect::Open(link.id.clone()));
                }
            }
            (Action::Edit, Some(Item::Form(row))) => {
                return self.begin_typing(row.typed().unwrap_or(Typed::Name), session);
            }
            (Action::Edit, _) => return self.begin_typing(Typed::Name, session),
            (Action::File, _) => return self.begin_typing(Typed::File, session),
            (Action::Save, _) => {
                let text = self.text(TextView::Sheet, session);
                return self.save_text(TextView::Sheet, text, session);
            }
            (action, _) => return self.act_on_part(action),
        }
        Update::none()
    }

    /// Takes the next value of a row of the form, or lets it be typed or pasted.
    fn step_through(&mut self, row: Row, session: &mut Session) -> Update {
        if row == Row::Parameter(KeyField::Certificate) {
            return Update::effect(session.start(self.part.step(), JobRequest::ReadClipboard));
        }
        if row.step(session) { Update::none() } else { self.begin_typing(Typed::Name, session) }
    }

    fn page_commands(&self, session: &Session) -> Vec<Command> {
        let labels = session.content.words;
        let words = labels.guide();
        let focused = self.focused(session);
        let mut commands = match &focused {
            Some(Item::Do(..)) => vec![command(Action::Toggle, words.tick())],
            Some(Item::Form(row)) => vec![command(Action::Toggle, row.command(labels))],
            _ => Vec::new(),
        };
        commands.push(command(Action::Primary, words.next()));
        let copies = self.copy_text(session).is_some();
        commands.push(command(Action::Copy, words.copy()).only_if(copies, words.nothing_to_copy()));
        commands.append(&mut self.view_commands(session));
        if self.link(session).is_some() {
            let open = command(Action::Open, words.open_link());
            commands.push(open.only_if(session.around.can_open_links, labels.common().no_browser()));
        }
        if self.part.has_form() {
            let edit = match &focused {
                Some(Item::Form(row)) if row.typed().is_some() => words.edit_value(),
                _ => words.edit_key_name(),
            };
            commands.push(command(Action::Edit, edit).hidden_from_footer());
            commands.push(command(Action::File, words.read_certificate()).hidden_from_footer());
        }
        if self.part == Part::CreateInstance {
            commands.push(command(Action::Save, words.save_sheet()).hidden_from_footer());
        }
        commands
    }
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        match self.mode {
            Mode::Typing(_) => Context::Edit,
            Mode::Page | Mode::Text(_) => Context::Browse,
        }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        match &self.mode {
            Mode::Page => self.page_commands(session),
            Mode::Text(view) => self.text_commands(*view, session),
            Mode::Typing(typing) => {
                let words = session.content.words.guide();
                let submit = if typing.typed == Typed::File { words.read_file() } else { words.apply() };
                vec![command(Action::Primary, submit), command(Action::Cancel, words.cancel())]
            }
        }
    }

    fn enter(&mut self, why: Enter, _session: &mut Session) -> Update {
        if let Mode::Typing(_) = self.mode {
            self.mode = Mode::Page;
        }
        if let Enter::Page(page) = why
            && let Some(part) = Part::of(self.part.step()).iter().find(|part| part.pages().contains(&page))
        {
            self.turn_to(*part);
            self.mode = Mode::Page;
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        match self.mode {
            Mode::Page => self.act_on_page(action, session),
            Mode::Text(view) => self.act_on_text(view, action, session),
            Mode::Typing(_) => self.act_while_typing(action, session),
        }
    }

    fn key(&mut self, key: KeyEvent, _session: &mut Session) {
        if let Mode::Typing(typing) = &mut self.mode {
            typing.form.key(key);
        }
    }

    fn paste(&mut self, text: &Pasted, session: &mut Session) -> Update {
        if let Mode::Typing(typing) = &mut self.mode {
            typing.form.paste(&text.text());
            return Update::none();
        }
        if self.part.has_form() && form::is_pem(text) {
            form::take_certificate(text, session);
            return Update::none();
        }
        // A key pasted one step early is still a key.
        if session.take_key(text, crate::model::KeySource::Pasted) && session.key.found().is_some() {
            return Update::go(Navigation::To(StepId::QuickFill, Enter::Plain));
        }
        session.notice = Some(Notice::note(session.content.words.guide().nothing_to_paste()));
        Update::none()
    }

    fn needs_attention(&self, session: &Session) -> bool {
        let step = self.part.step();
        step == StepId::Key
            && session.done.contains(&step)
            && form::problems(session).iter().any(ParameterProblem::is_error)
    }

    fn linear(&self, session: &Session) -> crate::ui::page::Page {
        linear::page(self, session)
    }

    fn plain(&self, session: &Session) -> String {
        if let Mode::Text(view) = self.mode {
            return self.text(view, session);
        }
        let mut out = String::new();
        let values = session.values();
        let plain = |text: &str| markup::plain(&values.spans(text));
        let link = |id: &str| session.content.link(id);
        for page in self.pages(session) {
            out.push_str(&format!("{}\n{}\n\n", page.title, plain(&page.intro)));
            for (index, step) in page.steps.iter().enumerate() {
                out.push_str(&format!("{}. {}\n", index + 1, plain(&step.text)));
                if let Some(link) = step.link.as_deref().and_then(link) {
                    out.push_str(&format!("   {}\n", link.url));
                }
            }
            out.push('\n');
            for link in page.links.iter().filter_map(|id| link(id)) {
                out.push_str(&format!("{}: {}\n", link.title, link.url));
            }
            out.push('\n');
        }
        let json = match self.part {
            Part::CreateInstance | Part::UpdateInstance => session.parameters_json(JsonStyle::Pretty),
            Part::CreateKey => session.draft.key_parameters.to_json(JsonStyle::Pretty),
            Part::RotateKey | Part::Delete => return out,
        };
        out + &json + "\n"
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        self.draw(session, theme, frame, area);
    }
}
