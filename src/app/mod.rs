//! Combines the layers: `update` handles a message, `view` draws.

mod commands;
mod described;
mod drawing;
mod in_overlay;
mod jobs;
mod mouse;
mod notices;
mod outro;
mod overlay;
mod palette;
mod panels;
mod pastes;
mod progress;
mod quitting;
pub mod route;
mod window;

use std::{sync::Arc, time::Duration};

use crossterm::event::KeyEvent;

use crate::{
    domain::{
        content::Content, handover::export, key::service_key::Credential, sap::guide::StepId,
        text::countdown::until_next_second, theme::ThemeChoice,
    },
    keymap::{self, Action, Context},
    model::{
        Copyable, Effect, Exit, JobRequest, KeySource, Msg, Notice, Place, Session, Surroundings,
        capture::{BEGINNING, Capture},
        coalesce::typed,
        msg::CopyOutcome,
    },
    screens::{Confirmed, Enter, Navigation, Screens, Update},
};

pub use commands::BoundCommand;
pub use described::{Described, Over};
pub use drawing::view;
pub use mouse::press;
pub use outro::outro;
use overlay::Overlay;
pub use window::Window;

/// The interval of a spinner.
const SPIN: Duration = Duration::from_millis(120);

/// The state of the wizard.
#[derive(Debug)]
pub struct App {
    session: Session,
    screens: Screens,
    step: StepId,
    /// The screen that is open over the step: saved systems or Cloud Foundry.
    beside: Option<Place>,
    overlay: Option<Overlay>,
    /// When the latest text was pasted. For [`QUIET`](crate::model::capture::QUIET) after it, keys do not press
    /// buttons: a paste that breaks out of its brackets arrives as keys.
    pasted_at: Option<Duration>,
    /// A service key that is being typed by a terminal without bracketed paste.
    capture: Option<Capture>,
    /// A pasted text that waits for the user's decision.
    offer: Option<pastes::Offer>,
    /// The number of keys loaded when the open question was asked.
    asked_at: u32,
    /// The last saved progress.
    kept: progress::Kept,
}

impl App {
    /// A wizard at its first step.
    pub fn new(content: Arc<Content>, around: Surroundings) -> Self {
        Self {
            session: Session::new(content, around),
            screens: Screens::new(),
            step: StepId::Purpose,
            beside: None,
            overlay: None,
            pasted_at: None,
            capture: None,
            offer: None,
            asked_at: 0,
            kept: progress::Kept::default(),
        }
    }

    /// The state shared by the screens.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The current step, or the one below the screen that is open over it.
    pub fn step(&self) -> StepId {
        self.step
    }

    /// The selected theme.
    pub fn theme(&self) -> ThemeChoice {
        self.session.around.theme
    }

    /// The visible screen.
    pub fn place(&self) -> Place {
        self.beside.unwrap_or(Place::Step(self.step))
    }

    /// Whether the plain view is on the normal screen: there is nothing to draw.
    pub fn shows_plain(&self) -> bool {
        self.overlay == Some(Overlay::Plain)
    }

    /// The time until the picture changes by itself; `None` while nothing is animated.
    pub fn wake_after(&self) -> Option<Duration> {
        let motion = self.session.around.motion;
        // Elapsed seconds are shown even without motion.
        let spins = self.session.until_next_second_of_waiting().map(|left| if motion { SPIN.min(left) } else { left });
        let watches = self.session.watch.as_ref().and_then(|watch| watch.until_due(self.session.now.since_start));
        let masks = self.screens.get(self.place()).wake_after(&self.session);
        let captures = self.capture.as_ref().map(|capture| capture.wake_after(self.session.now));
        let counts = self.session.secret_left().filter(|left| !left.is_zero()).map(until_next_second);
        [spins, watches, masks, captures, counts, self.saves_in()].into_iter().flatten().min()
    }

    /// The active context of the key table.
    pub(crate) fn context(&self) -> Context {
        match &self.overlay {
            None => self.screens.get(self.place()).context(&self.session),
            Some(overlay) => overlay.context(),
        }
    }

    fn go(&mut self, navigation: Navigation) -> Vec<Effect> {
        let (target, why) = match navigation {
            Navigation::Stay => return Vec::new(),
            // The step below kept its state, so it is not entered again.
            Navigation::Back if self.beside.is_some() => {
                self.close_beside();
                return Vec::new();
            }
            Navigation::Next => (route::next(self.step), Enter::Plain),
            Navigation::Back => (route::previous(self.step), Enter::Plain),
            Navigation::To(step, why) => (Some(step), why),
            Navigation::Resume => return self.resume(),
            Navigation::Systems(why) => return self.open_beside(Place::Systems, why),
            Navigation::Cloud(why) => {
                return self.open_cloud(why);
            }
        };
        let Some(target) = target else { return Vec::new() };
        self.close_beside();
        if route::is_after(target, self.step) {
            self.session.done.insert(self.step);
        }
        if route::is_after(target, self.session.reached) {
            self.session.reached = target;
        }
        self.step = target;
        self.enter(why)
    }

    fn enter(&mut self, why: Enter) -> Vec<Effect> {
        let update = self.screens.get_mut(self.place()).enter(why, &mut self.session);
        self.apply(update)
    }

    fn open_beside(&mut self, place: Place, why: Enter) -> Vec<Effect> {
        if self.beside != Some(place) {
            self.close_beside();
        }
        self.beside = Some(place);
        self.enter(why)
    }

    pub(super) fn close_beside(&mut self) {
        match self.beside.take() {
            // Leaving the list cancels opening one of its systems.
            Some(Place::Systems) => self.session.stop_opening(),
            Some(Place::Cloud) => self.session.cloud.is_open = false,
            Some(Place::Step(_)) | None => {}
        }
    }

    fn apply(&mut self, update: Update) -> Vec<Effect> {
        if let Some(question) = update.question {
            self.ask(question);
        }
        let mut effects = update.effects;
        for effect in &effects {
            if let Effect::ShowPlain(_) = effect {
                self.overlay = Some(Overlay::Plain);
            }
        }
        effects.extend(self.go(update.navigation));
        effects
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Interrupt => return self.interrupt(),
            Action::Redraw => return vec![Effect::Redraw],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Quit => return self.quit(),
            // The clipboard text goes where a paste would go.
            Action::Paste if self.overlay.is_some() || !self.offers(Action::Paste) => {
                return vec![self.session.start(self.place(), JobRequest::ReadClipboard)];
            }
            _ => {}
        }
        if self.overlay.is_some() {
            return self.act_in_overlay(action);
        }
        match action {
            Action::Help => {
                self.overlay = Some(Overlay::Help(Box::default()));
                Vec::new()
            }
            Action::Palette => {
                self.overlay = Some(Overlay::palette());
                Vec::new()
            }
            Action::Systems => self.open_systems(),
            Action::Cloud => self.open_cloud(Enter::Make),
            Action::Instances => self.open_cloud(Enter::Instances),
            Action::Jump(number) => self.jump(number),
            Action::Plain => {
                let text = self.screens.get(self.place()).plain(&self.session);
                self.apply(Update::effect(Effect::ShowPlain(text)))
            }
            action => self.act_on_screen(action),
        }
    }

    /// Whether the screen itself offers an action.
    fn offers(&self, action: Action) -> bool {
        let commands = self.screens.get(self.place()).commands(&self.session);
        commands.iter().any(|command| command.action == action)
    }

    fn act_on_screen(&mut self, action: Action) -> Vec<Effect> {
        let screen = self.screens.get_mut(self.place());
        let commands = screen.commands(&self.session);
        let offered = commands.iter().find(|command| command.action == action);
        if let Some(reason) = offered.and_then(|command| command.disabled_because.clone()) {
            self.session.notice = Some(Notice::note(reason));
            return Vec::new();
        }
        if offered.is_none() && !is_movement(action) && !matches!(action, Action::Back | Action::Cancel) {
            return Vec::new();
        }
        let update = screen.act(action, &mut self.session);
        self.apply(update)
    }

    fn open_systems(&mut self) -> Vec<Effect> {
        if self.beside == Some(Place::Systems) || self.session.saved.systems().is_empty() {
            return Vec::new();
        }
        self.go(Navigation::Systems(Enter::Plain))
    }

    /// Opens Cloud Foundry, unless the choices are incomplete.
    fn open_cloud(&mut self, why: Enter) -> Vec<Effect> {
        if self.beside == Some(Place::Cloud) {
            return Vec::new();
        }
        let words = self.session.content.words.cloud();
        let too_early = route::is_after(StepId::Create, self.session.reached).then(|| words.not_yet().to_owned());
        let why_not = if why == Enter::Make { too_early.or_else(|| self.session.why_not_make()) } else { None };
        if let Some(reason) = why_not.filter(|_| !self.session.is_making()) {
            self.session.notice = Some(Notice::note(reason));
            return Vec::new();
        }
        self.open_beside(Place::Cloud, why)
    }

    fn jump(&mut self, number: u8) -> Vec<Effect> {
        let Some(step) = route::numbered(number) else { return Vec::new() };
        if let Some(reason) = self.why_not_yet(step) {
            self.session.notice = Some(Notice::note(reason));
            return Vec::new();
        }
        self.go(Navigation::To(step, Enter::Plain))
    }

    fn interrupt(&mut self) -> Vec<Effect> {
        match self.session.stop_tests() {
            Some(effects) => {
                self.close_question();
                effects
            }
            None => vec![Effect::Quit(Exit::Interrupted)],
        }
    }

    fn key(&mut self, key: KeyEvent) -> Vec<Effect> {
        let context = self.context();
        let action = keymap::resolve(context, &key);
        let text = typed(&key);
        if action != Some(Action::Interrupt) {
            if self.takes_as_pasted(text.map(String::from).as_deref()) {
                return Vec::new();
            }
            if self.begins_capture(text) {
                self.capture = Some(Capture::begin(&BEGINNING.to_string(), self.session.now));
                return Vec::new();
            }
        }
        self.capture = None;
        if !self.writes(text.map(String::from).as_deref()) {
            self.pasted_at = None;
        }
        if !self.shows_plain() {
            self.session.notice = None;
        }
        match action {
            Some(action) => self.act(action),
            None => {
                self.type_key(key);
                Vec::new()
            }
        }
    }

    fn type_key(&mut self, key: KeyEvent) {
        let place = self.place();
        match (&mut self.overlay, self.screens.get(place).context(&self.session)) {
            (Some(Overlay::Palette { query, selected }), _) => {
                let changed = query.key(key);
                *selected = if changed { 0 } else { *selected };
            }
            (Some(Overlay::Help(help)), _) if help.filters => {
                let changed = help.filter.key(key);
                help.selected = if changed { 0 } else { help.selected };
            }
            (None, Context::Edit | Context::Editor) => self.screens.get_mut(place).key(key, &mut self.session),
            _ => {}
        }
    }

    /// Tells the screen that its question was answered with yes.
    fn tell_confirmed(&mut self, place: Place, confirmed: &Confirmed) -> Vec<Effect> {
        let update = self.screens.get_mut(place).on_confirmed(confirmed, &mut self.session);
        self.apply(update)
    }

    fn confirm(&mut self, confirmed: Confirmed) -> Vec<Effect> {
        match &confirmed {
            Confirmed::Quit => vec![Effect::Quit(self.exit())],
            Confirmed::SendTo(hosts) => {
                self.session.key.agreed_hosts.extend(hosts.iter().cloned());
                self.tell_confirmed(self.place(), &confirmed)
            }
            Confirmed::LogInAt(hosts) => {
                self.session.cloud.agreed_hosts.extend(hosts.iter().cloned());
                self.tell_confirmed(Place::Cloud, &confirmed)
            }
            Confirmed::StopWaiting | Confirmed::ReplaceKey => self.tell_confirmed(Place::Cloud, &confirmed),
            Confirmed::CopySecret => match self.session.key.usable().map(|key| &key.credential) {
                Some(Credential::ClientSecret(secret)) => {
                    let text = Copyable::Secret(secret.clone());
                    let what = self.session.content.words.app().client_secret().to_owned();
                    vec![Effect::Copy { what, text }]
                }
                _ => Vec::new(),
            },
            Confirmed::Export(id, with_secret) => {
                let (target, key) = (self.session.content.export(id), self.session.key.usable());
                let Some((target, key)) = target.zip(key) else { return Vec::new() };
                match export::render(target, key, *with_secret) {
                    Ok(files) => vec![self.session.start(StepId::HandOver, JobRequest::WriteExport(files))],
                    Err(error) => {
                        self.session.notice = Some(Notice::error(error.explain(self.session.content.words).what));
                        Vec::new()
                    }
                }
            }
            Confirmed::TakeOffered => self.take_offered(),
            Confirmed::SwitchPlan(plan) => {
                let content = Arc::clone(&self.session.content);
                self.session.draft.choose_plan(*plan, &content);
                self.tell_confirmed(self.place(), &confirmed)
            }
            Confirmed::RemoveSystem(name) => {
                vec![self.session.start(Place::Systems, JobRequest::RemoveSystem(name.clone()))]
            }
            Confirmed::ReplaceSystem => self.tell_confirmed(self.place(), &confirmed),
            Confirmed::ForgetProgress => self.forget_progress(),
            Confirmed::ForgetKey => {
                self.session.forget_key();
                Vec::new()
            }
        }
    }
}

/// Updates the app with one message and returns the effects to perform.
pub fn update(app: &mut App, msg: Msg) -> Vec<Effect> {
    let effects = app.take(msg);
    app.settle(effects)
}

impl App {
    /// Adds the effects that follow from any change.
    fn settle(&mut self, mut effects: Vec<Effect>) -> Vec<Effect> {
        self.keep_question_true();
        effects.extend(self.session.jobs.take_unsaid());
        self.save_progress(&mut effects);
        effects
    }

    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Tick(now) => {
                self.session.now = now;
                self.session.saved.forget_old_passphrase(now.since_start);
                match self.capture.take_if(|capture| capture.tick(now)).and_then(Capture::finish) {
                    Some(text) => self.paste(&text, KeySource::Pasted),
                    None => self.session.continue_watch().into_iter().collect(),
                }
            }
            Msg::Key(key) => self.key(key),
            Msg::Paste(text) => {
                self.capture = None;
                self.paste(&text, KeySource::Pasted)
            }
            Msg::Burst(text) => self.burst(&text),
            // The loop knows the layout and passes it to `press`.
            Msg::Resize | Msg::Press(_) => Vec::new(),
            Msg::Focus(gained) => {
                self.screens.get_mut(self.place()).focus_changed(gained);
                Vec::new()
            }
            Msg::Job(id, event) => self.job(id, event),
            Msg::Systems(listing) => self.listed(listing),
            Msg::Copied(what, outcome) => {
                if let CopyOutcome::SecretLent { lasts, .. } = outcome {
                    self.session.secret_clears_at = Some(self.session.now.since_start + lasts);
                    self.session.key.handed_over = true;
                }
                if let Some(confirmed) = outcome.confirmed() {
                    self.session.copies.insert(what.clone(), confirmed);
                }
                self.session.notice = Some(notices::copied(&what, outcome, self.session.content.words.app()));
                Vec::new()
            }
            Msg::CopyByTerminal(what, sequence) => vec![Effect::CopyByTerminal { what, sequence }],
            Msg::SecretGone(gone) => {
                self.session.secret_clears_at = None;
                self.session.notice = Some(notices::secret_gone(gone, self.session.content.words.app()));
                Vec::new()
            }
            Msg::Progress(earlier) => {
                self.earlier(*earlier);
                Vec::new()
            }
            Msg::ProgressNotSaved(why) => {
                self.session.progress_is_lost = true;
                self.session.notice = Some(Notice::problem(&why));
                Vec::new()
            }
            Msg::OpenFailed(why) => {
                self.session.notice = Some(Notice::problem(&why));
                Vec::new()
            }
            Msg::Practice(Ok(tenant)) => {
                // It was started later, unless the wizard began with it.
                if !std::mem::replace(&mut self.session.around.practice, true) {
                    let words = self.session.content.words.purpose();
                    self.session.notice = Some(Notice::good(words.practice_started()));
                }
                self.session.samples = tenant.samples;
                self.session.cloud.practice_api = Some(tenant.cloud_foundry);
                self.session.cloud.practice_people = Some(tenant.people);
                Vec::new()
            }
            Msg::Practice(Err(why)) => {
                self.session.notice = Some(Notice::problem(&why));
                Vec::new()
            }
        }
    }
}

/// Whether an action moves the focus; screens accept these without offering them.
fn is_movement(action: Action) -> bool {
    matches!(
        action,
        Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::First
            | Action::Last
            | Action::NextField
            | Action::PreviousField
            | Action::Field(_)
    )
}
