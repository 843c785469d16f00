//! Steps 5 and 6: what to do in the cockpit, with the chosen values filled in, to be ticked off; and the commands that do
//! the same, as other views of the same page.
//!
//! ```text
//! how far one is
//! pages of this step                         | view
//! form of the key (step 6)                   | your values
//! instructions; the focused one in full      | parameters JSON
//! if this does not work
//! ```

mod draw;
mod form;
mod page;
mod view;

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::{form::Typing, page::tick_id, view::View};
use super::{Command, Enter, Navigation, Screen, Update, command, copy, move_focus};
use crate::{
    domain::{
        handover::commands::{Shell, Task},
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
    ui::Theme,
};

/// A part of a guide screen: pages of the guide that are shown as one, and the commands that do the same.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    title: &'static str,
    pages: &'static [&'static str],
    task: Task,
}

const INSTANCE: &[Part] = &[
    Part { title: "Create", pages: &["subaccount", "create-instance"], task: Task::Create },
    Part { title: "Update", pages: &["update-instance"], task: Task::Update },
];

const KEY: &[Part] = &[
    Part { title: "Create", pages: &["create-key"], task: Task::Create },
    Part { title: "Replace", pages: &["rotate-key"], task: Task::Rotate },
    Part { title: "Delete", pages: &["delete"], task: Task::Delete },
];

/// A guide screen: its step, its parts, and what is shown of them.
#[derive(Debug, Default)]
pub struct State {
    step: StepId,
    parts: &'static [Part],
    part: usize,
    view: View,
    shell: Shell,
    typing: Option<Typing>,
    focus: usize,
    /// Line with the focus in a view that is a text.
    line: usize,
}

/// Something that can have the focus.
enum Item<'a> {
    Form(form::Row),
    Do(&'a Page, &'a Instruction),
    Trouble(&'a Trouble),
}

impl State {
    /// Creating and changing the instance.
    pub fn create() -> Self {
        Self { step: StepId::Create, parts: INSTANCE, ..Self::default() }
    }

    /// Creating, replacing and deleting the key.
    pub fn key() -> Self {
        Self { step: StepId::Key, parts: KEY, ..Self::default() }
    }

    fn part(&self) -> Option<&'static Part> {
        self.parts.get(self.part)
    }

    fn task(&self) -> Task {
        self.part().map(|part| part.task).unwrap_or_default()
    }

    /// True on the page with the form of the key.
    fn has_form(&self) -> bool {
        self.step == StepId::Key && self.part == 0
    }

    fn turn_to(&mut self, part: usize) {
        self.part = part;
        (self.focus, self.line) = (0, 0);
        if !View::of(self.task()).contains(&self.view) {
            self.view = View::Cockpit;
        }
    }

    fn pages<'a>(&self, session: &'a Session) -> Vec<&'a Page> {
        let ids = self.part().map(|part| part.pages).unwrap_or_default();
        ids.iter().filter_map(|id| session.content.page(id)).collect()
    }

    fn items<'a>(&self, session: &'a Session) -> Vec<Item<'a>> {
        let form = if self.has_form() { form::rows(session) } else { Vec::new() };
        let pages = self.pages(session);
        let steps = pages.iter().flat_map(|page| page.steps.iter().map(|step| Item::Do(page, step)));
        let troubles = pages.iter().flat_map(|page| page.troubles.iter().map(Item::Trouble));
        form.into_iter().map(Item::Form).chain(steps).chain(troubles).collect()
    }

    fn focused<'a>(&self, session: &'a Session) -> Option<Item<'a>> {
        self.items(session).into_iter().nth(self.focus)
    }

    /// The link that belongs to the focused item, or else the first of the page.
    fn link<'a>(&self, session: &'a Session) -> Option<&'a Link> {
        let id = match self.focused(session)? {
            Item::Do(page, step) => step.link.as_deref().or_else(|| page.links.first().map(String::as_str)),
            Item::Trouble(trouble) => trouble.link.as_deref(),
            Item::Form(_) => Some("key-types"),
        };
        session.content.link(id?)
    }

    /// What the copy key copies in the cockpit's view, and what that is called.
    fn copy_text(&self, session: &Session) -> Option<(String, String)> {
        match self.focused(session)? {
            Item::Do(_, step) => {
                let variable = step.copy?;
                let text = session.values().get(variable);
                let what = match variable {
                    Variable::Parameters => "the instance parameters".to_owned(),
                    Variable::KeyParameters => "the key parameters".to_owned(),
                    _ => format!("\u{201c}{text}\u{201d}"),
                };
                Some((what, text))
            }
            Item::Form(form::Row::Name) => {
                let name = session.draft.key_name.clone();
                Some((format!("\u{201c}{name}\u{201d}"), name))
            }
            Item::Form(form::Row::Parameter(_)) => {
                Some(("the key parameters".to_owned(), session.draft.key_parameters.to_json(JsonStyle::Pretty)))
            }
            _ => None,
        }
    }

    fn progress(&self, session: &Session) -> (usize, usize) {
        let items = self.items(session);
        let steps = items.iter().filter_map(|item| match item {
            Item::Do(page, step) => Some(session.draft.ticks.contains(&tick_id(page, step))),
            Item::Trouble(_) | Item::Form(_) => None,
        });
        let ticked: Vec<bool> = steps.collect();
        (ticked.iter().filter(|on| **on).count(), ticked.len())
    }

    /// What is the same in every view.
    fn act_on_page(&mut self, action: Action) -> Update {
        match action {
            Action::View => {
                self.view = self.view.next(self.task());
                self.line = 0;
            }
            Action::NextField => self.turn_to(self.next_part().map_or(0, |(next, _)| next)),
            Action::PreviousField => self.turn_to(self.part.checked_sub(1).unwrap_or(self.parts.len() - 1)),
            Action::Primary => return Update::go(Navigation::Next),
            // From another view or page, back is back to the way.
            Action::Cancel if self.view != View::Cockpit => self.view = View::Cockpit,
            Action::Cancel if self.part > 0 => self.turn_to(0),
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            _ => {}
        }
        Update::none()
    }

    fn act_while_typing(&mut self, action: Action, session: &mut Session) -> Update {
        let Some(typing) = self.typing.as_ref() else { return Update::none() };
        let text = typing.field.text().trim().to_owned();
        match (action, typing.check()) {
            (Action::Cancel, _) => self.typing = None,
            (Action::Primary, Err(problem)) => session.notice = Some(Notice::error(problem)),
            (Action::Primary, Ok(())) => {
                let what = typing.what;
                self.typing = None;
                match what {
                    form::What::Name => session.draft.key_name = text,
                    form::What::Validity => {
                        session.draft.key_parameters.validity = text.parse().unwrap_or_default();
                    }
                    form::What::File => {
                        let read = JobRequest::ReadFile(PathBuf::from(text));
                        return Update::effect(session.start(self.step, read));
                    }
                }
            }
            _ => {}
        }
        Update::none()
    }

    /// Takes the next value of a row of the form, or lets it be typed or pasted.
    fn step_through(&mut self, row: form::Row, session: &mut Session) -> Update {
        if row == form::Row::Parameter(KeyField::Certificate) {
            return Update::effect(session.start(self.step, JobRequest::ReadClipboard));
        }
        if !row.step(session) {
            self.typing = Some(Typing::begin(form::What::Name, session));
        }
        Update::none()
    }
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        if self.typing.is_some() { Context::Edit } else { Context::Browse }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        if self.typing.is_some() {
            return vec![command(Action::Primary, "take it"), command(Action::Cancel, "leave it as it was")];
        }
        if self.view != View::Cockpit {
            return self.text_offers(session);
        }
        let mut commands = match self.focused(session) {
            Some(Item::Do(..)) => vec![command(Action::Toggle, "tick off")],
            Some(Item::Form(row)) => vec![command(Action::Toggle, row.action())],
            _ => Vec::new(),
        };
        commands.push(command(Action::Primary, "next"));
        commands.push(
            command(Action::Copy, "copy")
                .only_if(self.copy_text(session).is_some(), "There is nothing to copy in this line."),
        );
        commands.append(&mut self.view_offers(session));
        if self.link(session).is_some() {
            commands.push(command(Action::Open, "open link").only_if(
                session.around.can_open_links,
                "No browser can be opened from here. Press p and select the address.",
            ));
        }
        match self.focused(session) {
            Some(Item::Form(row)) if row.is_typed() => {
                commands.push(command(Action::Edit, "type it").hidden_from_footer())
            }
            _ if self.has_form() => commands.push(command(Action::Edit, "change the key's name").hidden_from_footer()),
            _ => {}
        }
        if self.has_form() {
            commands.push(command(Action::File, "take a certificate of your own from a file").hidden_from_footer());
        }
        if self.step == StepId::Create && self.part == 0 {
            commands.push(command(Action::Save, "save request sheet").hidden_from_footer());
        }
        commands
    }

    fn enter(&mut self, why: Enter, _session: &mut Session) -> Update {
        self.typing = None;
        if let Enter::Page(page) = why
            && let Some(part) = self.parts.iter().position(|part| part.pages.contains(&page))
        {
            self.turn_to(part);
            self.view = View::Cockpit;
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        if self.typing.is_some() {
            return self.act_while_typing(action, session);
        }
        if self.view != View::Cockpit {
            return self.act_on_text(action, session);
        }
        let count = self.items(session).len();
        if move_focus(&mut self.focus, count, action) {
            return Update::none();
        }
        match action {
            Action::Toggle => match self.focused(session) {
                Some(Item::Do(page, step)) => {
                    let id = tick_id(page, step);
                    if !session.draft.ticks.remove(&id) {
                        session.draft.ticks.insert(id);
                        self.focus = (self.focus + 1).min(count.saturating_sub(1));
                    }
                }
                Some(Item::Form(row)) => return self.step_through(row, session),
                _ => {}
            },
            Action::Copy => {
                if let Some((what, text)) = self.copy_text(session) {
                    return copy(what, text);
                }
            }
            Action::Open => {
                if let Some(link) = self.link(session) {
                    return Update::effect(Effect::Open(link.id.clone()));
                }
            }
            Action::Edit => {
                let validity = form::Row::Parameter(KeyField::Validity);
                let what = match self.focused(session) {
                    Some(Item::Form(row)) if row == validity => form::What::Validity,
                    _ => form::What::Name,
                };
                self.typing = Some(Typing::begin(what, session));
            }
            Action::File => self.typing = Some(Typing::begin(form::What::File, session)),
            Action::Save => {
                let path = View::Sheet.file(session, self.shell, self.task());
                if let Some(text) = View::Sheet.text(session, self.shell, self.task()) {
                    return Update::effect(
                        session.start(self.step, JobRequest::WriteFile { path, text, private: false }),
                    );
                }
            }
            action => return self.act_on_page(action),
        }
        Update::none()
    }

    fn key(&mut self, key: KeyEvent, _session: &mut Session) {
        if let Some(typing) = &mut self.typing {
            typing.field.key(key);
        }
    }

    fn paste(&mut self, text: &Pasted, session: &mut Session) -> Update {
        if let Some(typing) = &mut self.typing {
            typing.field.paste(&text.text());
            return Update::none();
        }
        if self.has_form() && form::is_pem(text) {
            form::take_certificate(text, session);
            return Update::none();
        }
        // A key pasted one step early is a key all the same.
        if session.take_key(text, crate::model::KeySource::Pasted) && session.key.found().is_some() {
            return Update::go(Navigation::To(StepId::QuickFill, Enter::Plain));
        }
        session.notice = Some(Notice::note("There is nothing to paste into here. The key goes into Quick Fill."));
        Update::none()
    }

    fn needs_attention(&self, session: &Session) -> bool {
        let refused = |problem: &ParameterProblem| problem.is_error();
        self.step == StepId::Key && session.done.contains(&StepId::Key) && form::problems(session).iter().any(refused)
    }

    fn plain(&self, session: &Session) -> String {
        if let Some(text) = self.text(session) {
            return text;
        }
        let mut out = String::new();
        let values = session.values();
        let words = |text: &str| markup::plain(&values.spans(text));
        for page in self.pages(session) {
            out.push_str(&format!("{}\n{}\n\n", page.title, words(&page.intro)));
            for (number, step) in page.steps.iter().enumerate() {
                out.push_str(&format!("{}. {}\n", number + 1, words(&step.text)));
                if let Some(link) = step.link.as_deref().and_then(|id| session.content.link(id)) {
                    out.push_str(&format!("   {}\n", link.url));
                }
            }
            out.push('\n');
            for id in &page.links {
                if let Some(link) = session.content.link(id) {
                    out.push_str(&format!("{}: {}\n", link.title, link.url));
                }
            }
            out.push('\n');
        }
        let json = match self.step {
            StepId::Key => session.draft.key_parameters.to_json(JsonStyle::Pretty),
            _ => session.parameters_json(JsonStyle::Pretty),
        };
        if self.part == 0 || self.task() == Task::Update {
            out.push_str(&format!("{json}\n"));
        }
        out
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        self.draw(session, theme, frame, area);
    }
}
