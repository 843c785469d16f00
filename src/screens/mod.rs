//! One module per screen: its state, what it draws, and what it does with an action.

pub mod choose_plan;
pub mod choose_purpose;
pub mod cloud;
pub mod guide;
pub mod hand_over;
pub mod instance;
mod preview;
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
        systems::system::{SystemId, SystemName},
    },
    keymap::{self, Action, Context},
    model::{Effect, JobEvent, Pasted, Place, Session},
    ui::{Theme, layout, page::Page, text, widget::list},
    words::Words,
};

/// What a screen can do right now: a key in the footer, a row in the help and the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What its key does.
    pub action: Action,
    /// What it does here: at most 18 columns in the footer.
    pub label: String,
    /// Why it cannot be done right now, shown when its key is pressed.
    pub disabled_because: Option<String>,
    /// Whether it is shown in the footer in addition to the help.
    pub footer: bool,
}

/// A command that is shown in the footer.
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

    /// Disables it with a reason, unless `ready`.
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
    /// Stay on the screen.
    #[default]
    Stay,
    /// To the next step.
    Next,
    /// To the previous step.
    Back,
    /// To a step.
    To(StepId, Enter),
    /// To the saved systems.
    Systems(Enter),
    /// To Cloud Foundry.
    Cloud(Enter),
    /// To the step of the earlier session (`Session::resume`).
    Resume,
}

/// Why a screen is entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Enter {
    /// For nothing in particular.
    #[default]
    Plain,
    /// To read this page of the guide.
    Page(&'static str),
    /// To read this page of the guide and then return to this step.
    PageFrom(&'static str, StepId),
    /// To show a key that was just loaded elsewhere.
    Key,
    /// To choose the parameters of another instance: the loaded key has the wrong plan.
    NewParameters,
    /// To have the instance and key created.
    Make,
    /// To show the existing instances and keys.
    Instances,
    /// To test all saved systems.
    TestSystems,
    /// To show this export, by its index in the content.
    Export(usize),
    /// To save the key.
    Save,
    /// To show this role, by its index in the catalogue.
    Role(usize),
    /// To open this saved system.
    System(SystemId),
}

/// A question to be answered before something is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Heading of the panel.
    pub title: String,
    /// What is asked, and what the answers mean.
    pub text: String,
    /// The label for yes: a verb.
    pub yes: String,
    /// The label for no: a verb. It is the preselected answer.
    pub no: String,
    /// What yes does.
    pub then: Confirmed,
    /// What no does, if it does more than close the question. Esc only ever closes it.
    pub otherwise: Option<Confirmed>,
}

/// What the answer to a question does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// Quit, although a test is running or a key would be lost.
    Quit,
    /// Send the secret to these hosts, which do not belong to SAP.
    SendTo(Vec<String>),
    /// Copy the secret to the clipboard.
    CopySecret,
    /// Forget the key.
    ForgetKey,
    /// Forget choices and ticks.
    ForgetProgress,
    /// Remove this saved system with its secret.
    RemoveSystem(SystemName),
    /// Replace the key of the saved system that already has this name.
    ReplaceSystem,
    /// Write the files of this export, with or without the secret.
    Export(String, WithSecret),
    /// Accept the pasted text that was held back: a key, or parameters.
    TakeOffered,
    /// Log in at these hosts, which do not belong to SAP.
    LogInAt(Vec<String>),
    /// Make a key that takes the place of one that is not saved.
    ReplaceKey,
    /// Stop waiting for the running Cloud Foundry operation.
    StopWaiting,
    /// Switch to the plan that the pasted parameters belong to.
    SwitchPlan(PlanId),
}

/// Asks to confirm that a secret is sent to these hosts, which do not belong to SAP.
pub fn ask_to_send(hosts: Vec<String>, session: &Session) -> Question {
    let words = session.content.words.quick_fill();
    Question {
        title: words.send_title().to_owned(),
        text: words.send_text(hosts.join(", ")),
        yes: words.send_yes().to_owned(),
        no: words.send_no().to_owned(),
        then: Confirmed::SendTo(hosts),
        otherwise: None,
    }
}

/// The result of an action.
#[derive(Debug, Default)]
#[must_use]
pub struct Update {
    /// Where to go.
    pub navigation: Navigation,
    /// The effects for the runtime.
    pub effects: Vec<Effect>,
    /// The question to ask first.
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

    /// Have the runtime do something.
    pub fn effect(effect: Effect) -> Self {
        Self { effects: vec![effect], ..Self::default() }
    }

    /// Ask first.
    pub fn ask(question: Question) -> Self {
        Self { question: Some(question), ..Self::default() }
    }
}

/// One screen. Its state lives as long as the program, so going back loses nothing.
pub trait Screen {
    /// The input context, which selects the rows of the key table.
    fn context(&self, _session: &Session) -> Context {
        Context::Browse
    }

    /// What can be done right now, most important first.
    fn commands(&self, session: &Session) -> Vec<Command>;

    /// Called when the screen is entered.
    fn enter(&mut self, _why: Enter, _session: &mut Session) -> Update {
        Update::none()
    }

    /// Performs an action requested by a key or the palette: one of `commands`, or a movement.
    fn act(&mut self, action: Action, session: &mut Session) -> Update;

    /// A key for the focused text field.
    fn key(&mut self, _key: KeyEvent, _session: &mut Session) {}

    /// Text that was pasted, or read from the clipboard.
    fn paste(&mut self, _text: &Pasted, _session: &mut Session) -> Update {
        Update::none()
    }

    /// A question of this screen was answered with yes.
    fn on_confirmed(&mut self, _confirmed: &Confirmed, _session: &mut Session) -> Update {
        Update::none()
    }

    /// Text that the screen asked for: from the clipboard, or from the file of this name.
    fn read(&mut self, text: &Pasted, _file: Option<String>, session: &mut Session) -> Update {
        self.paste(text, session)
    }

    /// A job started by this screen has reported; the session has already handled it.
    fn answered(&mut self, _event: &JobEvent, _session: &mut Session) -> Update {
        Update::none()
    }

    /// The window of the terminal gained or lost the focus.
    fn focus_changed(&mut self, _gained: bool) {}

    /// How long until the screen changes by itself.
    fn wake_after(&self, _session: &Session) -> Option<Duration> {
        None
    }

    /// Whether the step's purpose is fulfilled, once the step was completed.
    fn is_done(&self, _session: &Session) -> bool {
        true
    }

    /// Whether something on a completed step needs attention again.
    fn needs_attention(&self, _session: &Session) -> bool {
        false
    }

    /// The content as sentences, choices and fields, for users who cannot see the screen. It includes everything that
    /// `view` draws.
    fn linear(&self, session: &Session) -> Page;

    /// Whether the screen already shows this message, so that the message line does not repeat it.
    fn says(&self, _text: &str, _session: &Session) -> bool {
        false
    }

    /// The content as plain text, for outside the full screen.
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
    cloud: cloud::State,
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
            Place::Cloud => return &self.cloud,
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

    /// The title of Cloud Foundry, which depends on the user's aim.
    pub fn cloud_title(&self, session: &Session) -> String {
        self.cloud.title(session.content.words).to_owned()
    }

    /// The screen of a place, for changes.
    pub fn get_mut(&mut self, place: impl Into<Place>) -> &mut dyn Screen {
        let step = match place.into() {
            Place::Step(step) => step,
            Place::Systems => return &mut self.systems,
            Place::Cloud => return &mut self.cloud,
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

/// Moves the focus in a list of `len` entries. Single rows wrap around; pages stop at the ends. Returns true if the
/// action was a movement.
pub fn move_focus(focus: &mut usize, len: usize, action: Action) -> bool {
    let last = len.saturating_sub(1);
    match action {
        Action::Up if *focus == 0 => *focus = last,
        Action::Down if *focus >= last => *focus = 0,
        _ => return move_scroll(focus, last, action),
    }
    true
}

/// Moves a position between 0 and `last`, and stops at both. Returns true if the action was a movement.
pub fn move_scroll(at: &mut usize, last: usize, action: Action) -> bool {
    const PAGE: usize = 8;
    *at = match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => (*at + 1).min(last),
        Action::PageUp => at.saturating_sub(PAGE),
        Action::PageDown => (*at + PAGE).min(last),
        Action::First => 0,
        Action::Last => last,
        _ => return false,
    };
    true
}

/// Draws the introduction of a step in the first rows, and returns the area below it.
fn draw_intro(intro: &str, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Rect {
    let lines = text::wrap(intro, area.width.min(layout::PROSE), theme.text);
    let (top, rest) = layout::top(area, lines.len() as u16 + 1);
    list::draw_lines(&lines, 0, theme, frame, top);
    rest
}

/// The key that does this on a screen without a text field in focus, as a text names it.
fn key_of(action: Action, words: Words, theme: &Theme) -> String {
    let key = keymap::binding(Context::Browse, action).and_then(|binding| binding.keys.first());
    key.map(|key| key.label(words, theme.glyphs.unicode)).unwrap_or_default()
}

/// Asks to copy text that is not secret.
pub fn copy(what: impl Into<String>, text: impl Into<String>) -> Update {
    Update::effect(Effect::Copy { what: what.into(), text: crate::model::Copyable::Public(text.into()) })
}
