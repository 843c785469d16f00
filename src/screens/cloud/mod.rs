//! Cloud Foundry, opened over a step: cpikey itself does what the guide explains. Log in, choose the space, confirm the
//! plan, watch it.
//!
//! ```text
//! how to log in > org > space > plan > what is being done > the end; the key goes to Quick Fill
//!                             > instances and keys > the plan of a change
//! ```

mod ended;
mod instances;
mod kept;
mod login;
mod places;
mod plan;
mod run_parts;
mod run_row;
mod runs;
mod sheet;
mod typing;

use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::{
    kept::Kept,
    places::Places,
    sheet::{Part, Sheet},
    typing::{Typing, What},
};
use super::{
    Command, Confirmed, Enter, Navigation, Question, Screen, Update, ask_to_send, command, copy, move_focus,
    move_scroll,
};
use crate::{
    domain::{
        cf::login::Servers,
        finding::{Finding, FindingCode},
        text::countdown::until_next_second,
    },
    keymap::{Action, Context},
    model::{
        CloudEvent, CloudRequest, JobEvent, Notice, Pasted, Session,
        cloud_job::{Account, EarlierLogin, Listed},
    },
    ui::{Theme, page::Page, widget::form::Unfinished},
    words::Words,
};

/// What the user wants to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Aim {
    /// An instance and a key.
    #[default]
    Make,
    /// View existing objects.
    Look,
}

/// A login method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Kept,
    Cf,
    Passcode,
    Password,
}

/// A description of the screen.
#[derive(Debug, Default)]
enum Stage {
    /// The login methods.
    #[default]
    Ways,
    /// An input form.
    Typing(Typing),
    /// Orgs, or spaces of one.
    Places(Places),
    /// A run: its plan, progress and end.
    Run,
    /// Instances and keys.
    Instances(Vec<Listed>),
}

/// The state of the screen.
#[derive(Debug, Default)]
pub struct State {
    aim: Aim,
    stage: Stage,
    focus: usize,
    scroll: usize,
    /// The error of the last request, if any.
    trouble: Option<Finding>,
    /// The typed URL of the API, if it is not the region's.
    api: Option<String>,
    /// The login of the cf CLI, if it is usable.
    cf: Option<EarlierLogin>,
    /// The stored login.
    kept: Kept,
    /// The stage below an input form, and its focus.
    behind: Option<(Stage, usize)>,
    /// The chosen login method.
    way: Option<Way>,
    /// Where to log in.
    servers: Option<Servers>,
    /// The passcode from the practice tenant.
    practice_passcode: Option<String>,
    /// Whether the user wants to choose the org and space although the draft has them.
    asks_for_place: bool,
    /// Whether there is more than one org to choose from.
    has_several_orgs: bool,
    /// Use an instance of that name whatever its roles.
    reuse: bool,
    /// The broker, if several offer the plan.
    broker: Option<String>,
    /// Input of a form that was closed.
    unfinished: Unfinished<What>,
    /// List the instances of all spaces, not only of the chosen one.
    all_spaces: bool,
}

impl State {
    /// The title for the user's aim.
    pub fn title(&self, words: Words) -> &'static str {
        match self.aim {
            Aim::Make => words.cloud().title(),
            Aim::Look => words.cloud().title_instances(),
        }
    }

    fn show(&mut self, stage: Stage) {
        (self.stage, self.focus, self.scroll) = (stage, 0, 0);
    }

    /// Continues with the next stage: log in, choose org and space, then the user's aim.
    fn go_on(&mut self, session: &mut Session) -> Update {
        if session.cloud.account.is_none() {
            self.show(Stage::Ways);
            return self.read_logins(session);
        }
        if session.cloud.place.is_none() {
            return self.ask_for_orgs(session);
        }
        match self.aim {
            Aim::Make => self.begin_to_make(session),
            Aim::Look => self.list_instances(session),
        }
    }

    /// The request was refused.
    fn refused(&mut self, finding: &Finding, session: &mut Session) -> Update {
        if finding.code == FindingCode::CfSessionEnded {
            session.log_out();
            self.show(Stage::Ways);
            self.note_refusal(finding, session);
        }
        self.scroll = 0;
        self.trouble = Some(finding.clone());
        Update::none()
    }

    fn take_event(&mut self, event: &CloudEvent, session: &mut Session) -> Update {
        let is_unasked =
            matches!(event, CloudEvent::Paused(_) | CloudEvent::Passcode(_) | CloudEvent::Cf(_) | CloudEvent::Kept(_));
        if event.is_last() && !is_unasked {
            session.cloud.waiting = None;
            self.trouble = None;
        }
        match event {
            CloudEvent::Login(Ok(servers)) => self.found_login(servers, session),
            CloudEvent::LoggedIn(Ok(account)) => self.logged_in(account, session),
            CloudEvent::Organizations(Ok(orgs)) => self.found_orgs(orgs, session),
            CloudEvent::Spaces(Ok(spaces)) => self.found_spaces(spaces, session),
            CloudEvent::Offers(Ok(offers)) => {
                session.cloud.offers.clone_from(offers);
                self.go_on(session)
            }
            CloudEvent::Instances(Ok(listed)) => self.found_instances(listed, session),
            CloudEvent::Step(run) => {
                session.take_run((**run).clone(), false);
                Update::none()
            }
            CloudEvent::Paused(run) => {
                session.take_run((**run).clone(), true);
                self.follow_up(session)
            }
            CloudEvent::Cf(cf) => {
                self.change_ways(session, |state| state.cf.clone_from(cf));
                Update::none()
            }
            CloudEvent::CfEnded => {
                session.notice = Some(cf_ended(session));
                Update::none()
            }
            CloudEvent::Kept(protection) => self.found_kept(*protection, session),
            CloudEvent::Opened(opened) => self.opened_kept(opened, session),
            CloudEvent::Keeping(kept) => self.kept_this(kept, session),
            CloudEvent::NotKept(problem) => {
                session.notice = Some(Notice::problem(problem));
                Update::none()
            }
            CloudEvent::LoggedOut(done) => self.logged_out(done, session),
            CloudEvent::Passcode(passcode) => {
                self.practice_passcode.clone_from(passcode);
                Update::none()
            }
            CloudEvent::Login(Err(finding))
            | CloudEvent::LoggedIn(Err(finding))
            | CloudEvent::Organizations(Err(finding))
            | CloudEvent::Spaces(Err(finding))
            | CloudEvent::Offers(Err(finding))
            | CloudEvent::Instances(Err(finding)) => self.refused(finding, session),
        }
    }

    fn logged_in(&mut self, account: &Account, session: &mut Session) -> Update {
        let words = session.content.words.cloud();
        let host = account.api.host();
        let said = match &account.user {
            Some(user) => words.logged_in_as(user, host),
            None => words.logged_in(host),
        };
        self.note_login(session);
        session.cloud.way = self.login_way();
        let said = [Some(said), self.can_be_kept(session)].into_iter().flatten().collect::<Vec<_>>().join(". ");
        session.notice = Some(Notice::good(said));
        if session.cloud.place.as_ref().is_some_and(|place| place.api != account.api.as_str()) {
            session.cloud.place = None;
        }
        if account.has_ended_cf {
            session.notice = Some(cf_ended(session));
        }
        session.cloud.account = Some(account.clone());
        self.servers = None;
        self.practice_passcode = None;
        self.go_on(session)
    }

    /// The content for the current stage.
    fn sheet<'a>(&'a self, session: &'a Session) -> Sheet<'a> {
        let mut sheet = match &self.stage {
            Stage::Ways => self.ways_sheet(session),
            Stage::Typing(typing) => self.typing_sheet(typing, session),
            Stage::Places(places) => places.sheet(session),
            Stage::Run => self.run_sheet(session),
            Stage::Instances(listed) => self.instances_sheet(listed, session),
        };
        sheet.focus = self.focus;
        if let Some((_, since)) = session.cloud.waiting {
            let elapsed = session.now.since_start.saturating_sub(since);
            // It replaces the title, so that nothing else moves.
            let title = usize::from(matches!(sheet.above.first(), Some(Part::Title(_))));
            sheet.above.splice(0..title, [Part::Busy(self.asking(session), elapsed)]);
        } else if let Some(trouble) = &self.trouble {
            let found = session.content.findings.explain(trouble, session.content.words);
            sheet.above.insert(0, Part::Found(found));
        }
        sheet
    }

    /// Which server is being asked.
    fn asking(&self, session: &Session) -> String {
        let words = session.content.words.cloud();
        let account = session.cloud.account.as_ref().map(|account| &account.api);
        let api = account.cloned().or_else(|| self.api(session));
        words.asks(api.map(|api| api.host().to_owned()).unwrap_or_default())
    }

    /// Returns to the previous screen. Pending requests that only serve this screen are cancelled.
    fn leave(&mut self, session: &mut Session) -> Update {
        session.stop_asking_cloud();
        if matches!(self.stage, Stage::Typing(_)) {
            self.keep_typed();
            self.show(Stage::Ways);
        }
        Update::go(Navigation::Back)
    }

    fn rows(&self, session: &Session) -> usize {
        match &self.stage {
            Stage::Ways => self.way_rows(session).len(),
            Stage::Typing(_) => 0,
            Stage::Places(places) => places.len(),
            Stage::Run => self.run_rows(session).len(),
            Stage::Instances(listed) => instances::rows(listed).len(),
        }
    }
}

/// The notice that the login of the cf CLI was revoked.
fn cf_ended(session: &Session) -> Notice {
    let ended = Finding::cf(FindingCode::CfRefreshTokenReplaced);
    Notice::warning(session.content.findings.explain(&ended, session.content.words).title)
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        match &self.stage {
            Stage::Typing(_) => Context::Edit,
            Stage::Places(places) if places.is_filtering => Context::Edit,
            _ => Context::Browse,
        }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.cloud();
        if session.cloud.waiting.is_some() {
            return vec![command(Action::Cancel, words.cancel())];
        }
        let mut commands = match &self.stage {
            Stage::Ways => vec![command(Action::Primary, words.choose())],
            Stage::Typing(typing) => self.typing_commands(typing, session),
            Stage::Places(places) => places.commands(session),
            Stage::Run => self.run_commands(session),
            Stage::Instances(listed) => self.instances_commands(listed, session),
        };
        commands.extend(self.login_commands(session));
        let chooses = |command: &Command| command.action == Action::Primary;
        if self.context(session) == Context::Browse
            && let Some(choose) = commands.iter().find(|command| chooses(command)).cloned()
        {
            commands.push(Command { action: Action::Toggle, ..choose }.hidden_from_footer());
        }
        commands
    }

    fn enter(&mut self, why: Enter, session: &mut Session) -> Update {
        session.cloud.is_open = true;
        let aim = match why {
            Enter::Instances => Aim::Look,
            _ => Aim::Make,
        };
        self.keep_typed();
        let changes_aim = std::mem::replace(&mut self.aim, aim) != aim;
        // A run in progress or waiting for an answer is shown whatever the aim.
        let is_open =
            |provision: &crate::model::cloud::Provision| provision.is_under_way() || provision.is_being_done();
        if session.cloud.provision.as_ref().is_some_and(is_open) {
            self.show(Stage::Run);
            return Update::none();
        }
        if matches!(self.stage, Stage::Places(_)) && !changes_aim {
            return Update::none();
        }
        self.trouble = None;
        (self.reuse, self.broker) = (false, None);
        self.go_on(session)
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        if matches!(action, Action::Cancel | Action::Back) && session.stop_asking_cloud() {
            return Update::none();
        }
        if let Stage::Typing(_) = self.stage {
            return self.act_while_typing(action, session);
        }
        if let Stage::Places(places) = &mut self.stage
            && places.is_filtering
            && places.act_on_filter(action, &mut self.focus)
        {
            return Update::none();
        }
        let rows = self.rows(session);
        if rows == 0 && move_scroll(&mut self.scroll, 200, action) {
            return Update::none();
        }
        // Paging scrolls the text above the rows, unless they are a long list.
        let is_list = matches!(self.stage, Stage::Places(_) | Stage::Instances(_));
        if !is_list && matches!(action, Action::PageUp | Action::PageDown) {
            move_scroll(&mut self.scroll, 200, action);
            return Update::none();
        }
        if move_focus(&mut self.focus, rows, action) || session.cloud.waiting.is_some() {
            return Update::none();
        }
        if let Some(update) = self.act_on_login(action, session) {
            return update;
        }
        match &self.stage {
            Stage::Ways => self.act_on_ways(action, session),
            Stage::Typing(_) => Update::none(),
            Stage::Places(_) => self.act_on_places(action, session),
            Stage::Run => self.act_on_run(action, session),
            Stage::Instances(_) => self.act_on_instances(action, session),
        }
    }

    fn key(&mut self, key: KeyEvent, _session: &mut Session) {
        match &mut self.stage {
            Stage::Typing(typing) => drop(typing.form.key(key)),
            Stage::Places(places) if places.is_filtering => {
                places.filter.key(key);
                self.focus = 0;
            }
            _ => {}
        }
    }

    fn paste(&mut self, text: &Pasted, _session: &mut Session) -> Update {
        match &mut self.stage {
            Stage::Typing(typing) => drop(typing.form.paste(&text.text())),
            Stage::Places(places) if places.is_filtering => {
                places.filter.paste(&text.text());
                self.focus = 0;
            }
            _ => {}
        }
        Update::none()
    }

    fn on_confirmed(&mut self, confirmed: &Confirmed, session: &mut Session) -> Update {
        match confirmed {
            Confirmed::LogInAt(_) if matches!(self.stage, Stage::Ways) => self.agreed(session),
            Confirmed::SendTo(_) if session.run_awaits_test() => self.test(session),
            Confirmed::ReplaceKey => self.agree(session),
            Confirmed::StopWaiting => Update { effects: session.stop_run(), ..Update::none() },
            _ => Update::none(),
        }
    }

    fn answered(&mut self, event: &JobEvent, session: &mut Session) -> Update {
        match event {
            JobEvent::Cloud(event) => self.take_event(event, session),
            _ => Update::none(),
        }
    }

    fn wake_after(&self, session: &Session) -> Option<Duration> {
        let next = session.cloud.provision.as_ref().and_then(|provision| provision.next_look())?;
        let left = next.saturating_sub(session.now.since_start);
        (!left.is_zero()).then(|| until_next_second(left))
    }

    fn linear(&self, session: &Session) -> Page {
        self.sheet(session).page(session.content.words)
    }

    fn plain(&self, session: &Session) -> String {
        self.sheet(session).plain(session.content.words)
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        self.sheet(session).draw(self.scroll, session, theme, frame, area);
    }
}
