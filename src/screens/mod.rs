//! One file a screen: its state, what it draws, what it does with an action.

pub mod choose_plan;
pub mod choose_purpose;
pub mod guide;
pub mod hand_over;
pub mod instance;
pub mod quick_fill;
pub mod roles;
pub mod systems;
pub mod test;

use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use crate::{
    domain::{
        handover::export::WithSecret,
        sap::{guide::StepId, plan::PlanId},
        systems::system::SystemName,
    },
    keymap::{Action, Context},
    model::{Effect, JobEvent, Pasted, Place, Session},
    ui::Theme,
};

/// What a screen can do right now: a key of the footer, a row of help and palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The action.
    pub action: Action,
    /// What it does here, in two or three words.
    pub label: String,
    /// Why it cannot be done right now; shown when its key is pressed.
    pub disabled_because: Option<String>,
    /// False for what is worth a row in the help, but no place in the footer.
    pub footer: bool,
}

/// An action that can be done, with a place in the footer.
pub fn command(action: Action, label: impl Into<String>) -> Command {
    Command { action, label: label.into(), disabled_because: None, footer: true }
}

impl Command {
    /// Keeps it out of the footer.
    #[must_use]
    pub fn hidden_from_footer(mut self) -> Self {
        self.footer = false;
        self
    }

    /// Says why it cannot be done right now, unless `ready`.
    #[must_use]
    pub fn only_if(mut self, ready: bool, why_not: impl Into<String>) -> Self {
        if !ready {
            self.disabled_because = Some(why_not.into());
        }
        self
    }
}

/// Where to go after an action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Navigation {
    /// Nowhere.
    #[default]
    Stay,
    /// One step on.
    Next,
    /// One step back.
    Back,
    /// To a step.
    To(StepId, Enter),
    /// To the saved systems.
    Systems(Enter),
}

/// What a screen is entered for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Enter {
    /// Nothing in particular.
    #[default]
    Plain,
    /// To read this page of the guide.
    Page(&'static str),
    /// To look at a key that was just taken elsewhere.
    Key,
    /// To test all saved systems.
    TestSystems,
}

/// A question that an action needs answered first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Heading of the panel.
    pub title: String,
    /// What is asked, and what the answers mean.
    pub text: String,
    /// The word for yes: a verb.
    pub yes: String,
    /// The word for no: a verb. It is the marked answer.
    pub no: String,
    /// What yes does.
    pub then: Confirmed,
    /// What no does, where it is more than closing the question. Esc always only closes it.
    pub otherwise: Option<Confirmed>,
}

/// What a person may agree to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// End, although a test runs or a key would be forgotten.
    Quit,
    /// Send the secret to these hosts, which are not SAP's.
    SendTo(Vec<String>),
    /// Put the secret into the clipboard.
    CopySecret,
    /// Forget the key.
    ForgetKey,
    /// Remove this saved system with its secret.
    RemoveSystem(SystemName),
    /// Put the key into the place of the saved system that has the name already.
    ReplaceSystem,
    /// Write the files of this export, with the secret or without it.
    Export(String, WithSecret),
    /// Take the other plan, to which pasted parameters belong.
    SwitchPlan(PlanId),
}

/// What comes of an action.
#[derive(Debug, Default)]
#[must_use]
pub struct Update {
    /// Where to go.
    pub navigation: Navigation,
    /// What to do outside.
    pub effects: Vec<Effect>,
    /// What to ask first.
    pub question: Option<Question>,
}

impl Update {
    /// Nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Go somewhere.
    pub fn go(navigation: Navigation) -> Self {
        Self { navigation, ..Self::default() }
    }

    /// Do something outside.
    pub fn effect(effect: Effect) -> Self {
        Self { effects: vec![effect], ..Self::default() }
    }

    /// Ask first.
    pub fn ask(question: Question) -> Self {
        Self { question: Some(question), ..Self::default() }
    }
}

/// One screen. Its state lives as long as the program, so that going back loses nothing.
pub trait Screen {
    /// Which rows of the key table hold.
    fn context(&self, _session: &Session) -> Context {
        Context::Browse
    }

    /// What can be done now, most important first.
    fn commands(&self, session: &Session) -> Vec<Command>;

    /// Called when the screen is entered.
    fn enter(&mut self, _why: Enter, _session: &mut Session) -> Update {
        Update::none()
    }

    /// Does what a key or the palette asks for. Only actions from `commands` and movements come here.
    fn act(&mut self, action: Action, session: &mut Session) -> Update;

    /// A key that went into the text field with the focus.
    fn key(&mut self, _key: KeyEvent, _session: &mut Session) {}

    /// Text that was pasted, or read from the clipboard.
    fn paste(&mut self, _text: &Pasted, _session: &mut Session) -> Update {
        Update::none()
    }

    /// The person said yes to a question of this screen.
    fn on_confirmed(&mut self, _session: &mut Session) -> Update {
        Update::none()
    }

    /// Text that the screen asked for: from the clipboard, or from the file of this name.
    fn read(&mut self, text: &Pasted, _file: Option<String>, session: &mut Session) -> Update {
        self.paste(text, session)
    }

    /// A job that the screen started has changed the session: a key was opened, or the answer was this.
    fn answered(&mut self, _event: &JobEvent, _session: &mut Session) -> Update {
        Update::none()
    }

    /// The terminal's window got or lost the focus.
    fn focus_changed(&mut self, _gained: bool) {}

    /// How long until the screen changes by itself.
    fn wake_after(&self, _session: &Session) -> Option<Duration> {
        None
    }

    /// True where something changed since the screen was left.
    fn needs_attention(&self, _session: &Session) -> bool {
        false
    }

    /// What the screen's paragraphs, links and values come to outside the full screen.
    fn plain(&self, session: &Session) -> String;

    /// Draws the body.
    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect);
}

/// All screens.
#[derive(Debug, Default)]
pub struct Screens {
    purpose: choose_purpose::State,
    plan: choose_plan::State,
    instance: instance::State,
    roles: roles::State,
    create: guide::State,
    key: guide::State,
    quick_fill: quick_fill::State,
    test: test::State,
    hand_over: hand_over::State,
    systems: systems::State,
}

impl Screens {
    /// All screens in their first state.
    pub fn new() -> Self {
        Self { create: guide::State::create(), key: guide::State::key(), ..Self::default() }
    }

    /// The screen of a place.
    pub fn get(&self, place: impl Into<Place>) -> &dyn Screen {
        let step = match place.into() {
            Place::Step(step) => step,
            Place::Systems => return &self.systems,
        };
        match step {
            StepId::Purpose => &self.purpose,
            StepId::Plan => &self.plan,
            StepId::Instance => &self.instance,
            StepId::Roles => &self.roles,
            StepId::Create => &self.create,
            StepId::Key => &self.key,
            StepId::QuickFill => &self.quick_fill,
            StepId::Test => &self.test,
            StepId::HandOver => &self.hand_over,
        }
    }

    /// The screen of a place, to be changed.
    pub fn get_mut(&mut self, place: impl Into<Place>) -> &mut dyn Screen {
        let step = match place.into() {
            Place::Step(step) => step,
            Place::Systems => return &mut self.systems,
        };
        match step {
            StepId::Purpose => &mut self.purpose,
            StepId::Plan => &mut self.plan,
            StepId::Instance => &mut self.instance,
            StepId::Roles => &mut self.roles,
            StepId::Create => &mut self.create,
            StepId::Key => &mut self.key,
            StepId::QuickFill => &mut self.quick_fill,
            StepId::Test => &mut self.test,
            StepId::HandOver => &mut self.hand_over,
        }
    }
}

/// Moves a position in a list of `len` entries by an action. True where the action was a movement.
pub fn move_focus(focus: &mut usize, len: usize, action: Action) -> bool {
    const PAGE: usize = 8;
    let last = len.saturating_sub(1);
    *focus = match action {
        Action::Up => focus.saturating_sub(1),
        Action::Down => (*focus + 1).min(last),
        Action::PageUp => focus.saturating_sub(PAGE),
        Action::PageDown => (*focus + PAGE).min(last),
        Action::First => 0,
        Action::Last => last,
        _ => return false,
    };
    true
}

/// Moves between `count` fields by an action: the arrows stop at the ends, tab goes round.
pub fn move_between(focus: usize, count: usize, action: Action) -> usize {
    match action {
        Action::Up => focus.saturating_sub(1),
        Action::Down => (focus + 1).min(count - 1),
        Action::NextField => (focus + 1) % count,
        Action::PreviousField => (focus + count - 1) % count,
        _ => focus,
    }
}

/// Asks to copy text that is not secret.
pub fn copy(what: impl Into<String>, text: impl Into<String>) -> Update {
    Update::effect(Effect::Copy { what: what.into(), text: crate::model::Copyable::Public(text.into()) })
}
