//! Steps 5 and 6: what to do in the cockpit, with the chosen values, to be ticked off; and other methods to achieve the
//! same.
//!
//! ```text
//! ways: cockpit, commands, request sheet
//! values, each with the key that copies it   | values, when there is room beside
//! boxes to tick, folds, other pages          | parameters JSON
//! the focused row in full
//! ```

mod draw;
mod form;
mod linear;
mod page;
mod part;
mod values;
mod view;

use std::{cell::Cell, path::PathBuf};

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect, text::Line};

use self::{
    form::{Row, Typed, Typing},
    page::{Fold, Item, Open, PageKey, tick_id},
    part::Part,
    view::{LinesKey, TextKey, TextView},
};
use super::{Command, Enter, Navigation, Screen, Update, command, copy, move_focus};
use crate::{
    domain::{
        handover::commands::Shell,
        sap::{
            guide::{Page, StepId},
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
        widget::{
            form::{FormResult, Unfinished},
            list::Entry,
        },
    },
};

/// The link of the form of the key.
const KEY_TYPES: &str = "key-types";

/// A guide screen: the part that is shown, and how.
#[derive(Debug, Default)]
pub struct State {
    part: Part,
    /// The step from which a page was opened, to go back to.
    origin: Option<StepId>,
    mode: Mode,
    shell: Shell,
    /// The focused item.
    focus: usize,
    open: Open,
    /// Whether the focused row is always shown in full.
    details: bool,
    /// Whether that made a difference in the last frame: there may be room for it anyway.
    details_matter: Cell<bool>,
    /// The first line shown of a text.
    line: usize,
    /// How many lines of the text can be scrolled to the top, as of the last frame.
    text_height: Cell<usize>,
    /// The copied values, by the action that copies them.
    asked: Vec<(Action, String)>,
    unfinished: Unfinished<Typed>,
    page_lines: Cache<PageKey, Vec<Entry>>,
    texts: Cache<TextKey, String>,
    text_lines: Cache<LinesKey, Vec<Line<'static>>>,
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

    fn turn_to(&mut self, part: Part, session: &Session) {
        self.part = part;
        (self.open, self.line, self.details) = (Open::default(), 0, false);
        if self.text_view().is_some_and(|view| !TextView::ways(part.task()).contains(&Some(view))) {
            self.mode = Mode::Page;
        }
        self.focus = self.first_open(session);
    }

    fn pages<'a>(&self, session: &'a Session) -> impl Iterator<Item = &'a Page> + use<'a> {
        self.part.pages().iter().filter_map(|id| session.content.page(id))
    }

    fn focused<'a>(&self, session: &'a Session) -> Option<Item<'a>> {
        self.items(session).into_iter().nth(self.focus)
    }

    /// The link of the focused item, otherwise the first of the page.
    fn link<'a>(&self, session: &'a Session) -> Option<&'a Link> {
        let first_of = |page: &'a Page| page.links.first().map(String::as_str);
        let id = match self.focused(session)? {
            Item::Do(page, _, tick) => {
                page.covered(tick).find_map(|step| step.link.as_deref()).or_else(|| first_of(page))
            }
            Item::Trouble(trouble) => trouble.link.as_deref(),
            Item::Form(_) | Item::Fold(Fold::Key) => Some(KEY_TYPES),
            Item::DoIt => None,
            Item::Fold(_) | Item::Part(_) => self.pages(session).last().and_then(first_of),
        };
        session.content.link(id?)
    }

    /// Actions that are the same in every view.
    fn act_on_part(&mut self, action: Action, session: &Session) -> Update {
        match action {
            Action::View | Action::NextField => self.show(1),
            Action::PreviousView | Action::PreviousField => self.show(-1),
            Action::CopyService
            | Action::CopyPlan
            | Action::CopyInstance
            | Action::CopyKeyName
            | Action::CopyAddress => return self.copy_value(action, session),
            Action::Primary => return Update::go(Navigation::Next),
            Action::Cancel if self.text_view().is_some() => self.mode = Mode::Page,
            Action::Cancel if self.details && self.details_matter.get() => self.details = false,
            Action::Cancel if self.close_fold(session) => {}
            Action::Back | Action::Cancel => {
                return match self.origin.take() {
                    Some(step) => Update::go(Navigation::To(step, Enter::Plain)),
                    None if !self.part.is_first() => {
                        self.turn_to(Part::of(self.part.step())[0], session);
                        Update::none()
                    }
                    None => Update::go(Navigation::Back),
                };
            }
            _ => {}
        }
        Update::none()
    }

    /// Switches to another method.
    fn show(&mut self, by: isize) {
        self.mode = TextView::turned(self.text_view(), self.part.task(), by).map_or(Mode::Page, Mode::Text);
        self.line = 0;
    }

    /// Closes the fold that has the focus, if one has.
    fn close_fold(&mut self, session: &Session) -> bool {
        let fold = match self.focused(session) {
            Some(Item::Fold(fold)) => Some(fold),
            Some(item) => item.fold(),
            None => None,
        };
        let Some(fold) = fold.filter(|fold| self.open.is_open(*fold)) else { return false };
        self.open.set(fold, false);
        let at = self.items(session).iter().position(|item| matches!(item, Item::Fold(other) if *other == fold));
        self.focus = at.unwrap_or_default();
        true
    }

    fn act_while_typing(&mut self, action: Action, session: &mut Session) -> Update {
        let Mode::Typing(typing) = &mut self.mode else { return Update::none() };
        match typing.form.act(action) {
            FormResult::Stay => return Update::none(),
            FormResult::Cancel => self.unfinished.keep(typing.typed, &typing.form),
            FormResult::Submit => {
                // Its remark explains the problem.
                if typing.problem(session.content.words).is_some() {
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

    fn begin_typing(&mut self, typed: Typed, session: &mut Session) -> Update {
        let mut typing = Typing::begin(typed, session);
        if self.unfinished.bring_back(&typed, &mut typing.form) {
            session.notice = Some(Notice::note(session.content.words.common().typed_before()));
        }
        self.mode = Mode::Typing(typing);
        Update::none()
    }

    fn act_on_page(&mut self, action: Action, session: &mut Session) -> Update {
        let items = self.items(session);
        let count = items.len();
        if move_focus(&mut self.focus, count, action) {
            return Update::none();
        }
        match (action, items.get(self.focus)) {
            (Action::Toggle, Some(Item::Do(page, _, tick))) => {
                let id = tick_id(page, tick);
                if !session.draft.ticks.remove(&id) {
                    session.draft.ticks.insert(id);
                    self.focus = (self.focus + 1).min(count.saturating_sub(1));
                }
            }
            (Action::Toggle, Some(Item::Form(row))) => return self.step_through(*row, session),
            (Action::Toggle | Action::Primary, Some(Item::Fold(fold))) => {
                self.open.set(*fold, !self.open.is_open(*fold));
            }
            (Action::Toggle | Action::Primary, Some(Item::DoIt)) => {
                return Update::go(Navigation::Cloud(self.part.do_it().1));
            }
            (Action::Toggle | Action::Primary, Some(Item::Part(part))) => self.turn_to(*part, session),
            (Action::Toggle, _) => {}
            (Action::Copy, _) => return self.copy_value(action, session),
            (Action::Details, _) => self.details = !self.details,
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
            (action, _) => return self.act_on_part(action, session),
        }
        Update::none()
    }

    /// Selects the next value of a form row, or opens its input.
    fn step_through(&mut self, row: Row, session: &mut Session) -> Update {
        if row == Row::Parameter(KeyField::Certificate) {
            return Update::effect(session.start(self.part.step(), JobRequest::ReadClipboard));
        }
        if row.step(session) { Update::none() } else { self.begin_typing(Typed::Name, session) }
    }

    /// The label of Enter where it continues.
    fn next(&self, session: &Session) -> &'static str {
        let words = session.content.words.guide();
        match self.part {
            Part::CreateInstance => words.go_to_key(),
            Part::CreateKey => words.go_to_quick_fill(),
            Part::UpdateInstance | Part::RotateKey | Part::Delete => words.next(),
        }
    }

    fn page_commands(&self, session: &Session) -> Vec<Command> {
        let labels = session.content.words;
        let words = labels.guide();
        let focused = self.focused(session);
        let next = command(Action::Primary, self.next(session));
        let mut commands = match &focused {
            Some(Item::Do(..)) => vec![command(Action::Toggle, words.tick()), next],
            Some(Item::Form(row)) => vec![command(Action::Toggle, row.command(labels)), next],
            Some(Item::Fold(fold)) => {
                let label = if self.open.is_open(*fold) { words.fold() } else { words.unfold() };
                vec![command(Action::Primary, label), command(Action::Toggle, label).hidden_from_footer()]
            }
            Some(Item::DoIt) => {
                let go = labels.cloud().choose();
                vec![command(Action::Primary, go), command(Action::Toggle, go).hidden_from_footer()]
            }
            Some(Item::Part(_)) => {
                let turn = words.turn_to();
                vec![command(Action::Primary, turn), command(Action::Toggle, turn).hidden_from_footer()]
            }
            Some(Item::Trouble(_)) | None => vec![next],
        };
        let values = values::of(self.part, session);
        if values.iter().any(|value| value.action == Action::Copy) {
            let copy = command(Action::Copy, words.copy_parameters());
            let refused = self.refused_parameters(session);
            commands.push(copy.only_if(refused.is_none(), refused.unwrap_or_default()));
        }
        commands.append(&mut self.view_commands(session));
        let label = if self.details { words.less() } else { words.why() };
        commands.push(command(Action::Details, label));
        let named = |action: Action| match action {
            Action::CopyService => labels.keys().copy_service(),
            Action::CopyPlan => labels.keys().copy_plan(),
            Action::CopyInstance => labels.keys().copy_instance(),
            Action::CopyKeyName => labels.keys().copy_key_name(),
            _ => labels.keys().copy_address(),
        };
        let others = values.iter().map(|value| value.action).filter(|action| *action != Action::Copy);
        let others = others.chain([Action::CopyAddress]);
        commands.extend(others.map(|action| command(action, named(action)).hidden_from_footer()));
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

    /// Why the parameters of this part would be refused, if so.
    fn refused_parameters(&self, session: &Session) -> Option<String> {
        let problems = match self.part.step() {
            StepId::Create => session.draft.parameters.check(&session.content.catalogue),
            _ => form::problems(session),
        };
        problems.iter().find(|problem| problem.is_error()).map(|problem| problem.short(session.content.words))
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

    fn enter(&mut self, why: Enter, session: &mut Session) -> Update {
        if let Mode::Typing(_) = self.mode {
            self.mode = Mode::Page;
        }
        let (page, origin) = match why {
            Enter::Page(page) => (Some(page), None),
            Enter::PageFrom(page, step) => (Some(page), Some(step)),
            _ => (None, None),
        };
        self.origin = origin;
        let of_page = |part: &&Part| page.is_some_and(|page| part.pages().contains(&page));
        match Part::of(self.part.step()).iter().find(of_page) {
            Some(part) => {
                self.mode = Mode::Page;
                self.turn_to(*part, session);
            }
            None => self.focus = self.first_open(session),
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
        session.notice = Some(Notice::note(session.content.words.guide().nothing_to_paste()));
        Update::none()
    }

    /// Everything is ticked off, or the resulting key was loaded.
    fn is_done(&self, session: &Session) -> bool {
        let part = Part::of(self.part.step())[0];
        let page = part.pages().last().and_then(|id| session.content.page(id));
        let ticked = |page: &Page| page.ticks.iter().all(|tick| session.draft.ticks.contains(&page.tick_id(tick)));
        session.key.usable().is_some() || page.is_some_and(ticked)
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
