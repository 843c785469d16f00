//! The stored login, and logging out.

use super::{
    Action, CloudRequest, Command, Finding, FindingCode, Notice, Session, Stage, State, Update, Way, command,
    login::WayRow, sheet::Row, typing::Typing,
};
use crate::{
    domain::{cf::run::Ask, problem::Problem, systems::passphrase, systems::vault::Protection, text::secret::Secret},
    keymap,
    model::{JobRequest, Place, cloud_job::EarlierLogin, saved::NotSaved},
    words::CloudLabels,
};

/// What is known about the stored login.
#[derive(Debug, Default)]
pub struct Kept {
    /// How it is sealed, if there is one.
    protection: Option<Protection>,
    /// SAP did not accept it.
    is_refused: bool,
    /// It is the one in use.
    is_used: bool,
    /// Its details, once opened.
    login: Option<EarlierLogin>,
}

impl State {
    /// Looks for earlier logins. Reads files and never prompts.
    pub(super) fn read_logins(&self, session: &mut Session) -> Update {
        if session.around.practice {
            return Update::none();
        }
        let mut start = |request| session.start(Place::Cloud, JobRequest::Cloud(request));
        let mut effects = vec![start(CloudRequest::ReadKept)];
        if self.cf.is_none() {
            effects.push(start(CloudRequest::ReadCf));
        }
        Update { effects, ..Update::none() }
    }

    /// Changes the choices while keeping the focus on the same row.
    pub(super) fn change_ways(&mut self, session: &Session, change: impl FnOnce(&mut Self)) {
        let is_shown = matches!(self.stage, Stage::Ways) && self.focus > 0;
        let focused = self.way_rows(session).get(self.focus).copied().filter(|_| is_shown);
        change(self);
        if let Some(at) = focused.and_then(|focused| self.way_rows(session).iter().position(|row| *row == focused)) {
            self.focus = at;
        }
    }

    pub(super) fn found_kept(&mut self, protection: Option<Protection>, session: &Session) -> Update {
        self.change_ways(session, |state| state.kept.protection = protection);
        Update::none()
    }

    pub(super) fn has_kept(&self) -> bool {
        self.kept.protection.is_some()
    }

    pub(super) fn kept_row(&self, words: CloudLabels) -> Row {
        let about = match self.kept.protection {
            _ if self.kept.is_refused => words.kept_refused(),
            Some(Protection::Passphrase) => words.kept_with_passphrase(),
            Some(Protection::Keyring) | None => words.kept_with_keyring(),
        };
        Row::new(words.as_kept(), about)
    }

    /// Opens the stored login to use it.
    pub(super) fn open_kept(&mut self, session: &mut Session) -> Update {
        self.trouble = None;
        match self.kept.protection {
            Some(Protection::Passphrase) => {
                let typing = Typing::kept_passphrase(session.content.words);
                self.begin_typing(typing, session)
            }
            Some(Protection::Keyring) | None => Update::effect(session.ask_cloud(CloudRequest::OpenKept(None))),
        }
    }

    pub(super) fn opened_kept(
        &mut self,
        opened: &Result<Option<EarlierLogin>, Problem>,
        session: &mut Session,
    ) -> Update {
        match opened {
            Ok(Some(login)) => {
                self.kept.login = Some(login.clone());
                self.api = Some(login.api.as_str().to_owned());
                self.show(Stage::Ways);
                self.find_login(Way::Kept, session)
            }
            Ok(None) => {
                self.show(Stage::Ways);
                self.kept = Kept::default();
                session.notice = Some(Notice::note(session.content.words.cloud().nothing_kept()));
                Update::none()
            }
            Err(problem) => {
                session.notice = Some(Notice::problem(problem));
                Update::none()
            }
        }
    }

    /// Records that the user has logged in.
    pub(super) fn note_login(&mut self, session: &mut Session) {
        self.kept.is_used = self.way == Some(Way::Kept);
        self.kept.is_refused &= !self.kept.is_used;
        let login = match self.way {
            Some(Way::Cf) => self.cf.as_ref(),
            Some(Way::Kept) => self.kept.login.as_ref(),
            _ => None,
        };
        if let Some(EarlierLogin { org: Some(org), space, .. }) = login {
            session.draft.org.clone_from(org);
            session.draft.space = space.clone().unwrap_or_default();
        }
    }

    /// Records that the stored login is no longer accepted.
    pub(super) fn note_refusal(&mut self, finding: &Finding, session: &Session) {
        if self.way != Some(Way::Kept) || finding.code != FindingCode::CfSessionEnded {
            return;
        }
        (self.kept.is_refused, self.kept.is_used) = (true, false);
        let rows = self.way_rows(session);
        self.focus = rows.iter().position(|row| *row == WayRow::Passcode).unwrap_or_default();
    }

    /// The commands to store this login and to log out, where their meaning is unambiguous.
    pub(super) fn login_commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.cloud();
        let mut commands = Vec::new();
        if self.can_keep(session) {
            commands.push(command(Action::Save, words.keep()));
        }
        if self.shows_what_is_not_begun(session) {
            commands.push(command(Action::LogIn, words.log_in_or_out()).hidden_from_footer());
        }
        commands
    }

    pub(super) fn act_on_login(&mut self, action: Action, session: &mut Session) -> Option<Update> {
        match action {
            Action::Save if self.can_keep(session) => Some(self.keep(session)),
            Action::LogIn if self.shows_what_is_not_begun(session) => {
                self.trouble = None;
                self.show(Stage::Ways);
                Some(self.read_logins(session))
            }
            _ => None,
        }
    }

    fn can_keep(&self, session: &Session) -> bool {
        self.shows_what_is_not_begun(session) && !session.around.practice && !self.kept.is_used
    }

    /// Whether lists or a plan are shown, so that nothing is in progress.
    fn shows_what_is_not_begun(&self, session: &Session) -> bool {
        let is_planned = || session.cloud.provision.as_ref().is_some_and(|it| it.run.ask() == Ask::Confirm);
        session.cloud.account.is_some()
            && match &self.stage {
                Stage::Places(_) | Stage::Instances(_) => true,
                Stage::Run => is_planned(),
                Stage::Ways | Stage::Typing(_) => false,
            }
    }

    /// The hint after a login that it can be stored.
    pub(super) fn can_be_kept(&self, session: &Session) -> Option<String> {
        let is_kept = session.around.practice || self.kept.is_used;
        let words = session.content.words;
        let key = keymap::shown(keymap::Context::Browse, Action::Save, words);
        (!is_kept).then(|| words.cloud().can_be_kept(key))
    }

    fn keep(&mut self, session: &mut Session) -> Update {
        if self.kept.protection == Some(Protection::Passphrase) {
            self.type_over(Typing::keep_passphrase(session.content.words));
            return Update::none();
        }
        Update::effect(session.ask_cloud(CloudRequest::Keep(None)))
    }

    /// Opens an input form over the current stage, which is shown again afterwards.
    fn type_over(&mut self, typing: Typing) {
        let before = std::mem::replace(&mut self.stage, Stage::Typing(typing));
        if !matches!(before, Stage::Typing(_)) {
            self.behind = Some((before, self.focus));
        }
        (self.focus, self.scroll) = (0, 0);
    }

    /// Returns to the stage below the input form. Returns whether there was one.
    pub(super) fn show_what_is_behind(&mut self) -> bool {
        let Some((stage, focus)) = self.behind.take() else { return false };
        self.show(stage);
        self.focus = focus;
        true
    }

    pub(super) fn kept_this(&mut self, kept: &Result<Protection, NotSaved>, session: &mut Session) -> Update {
        let words = session.content.words;
        match kept {
            Ok(protection) => {
                self.kept = Kept { protection: Some(*protection), is_used: true, ..Kept::default() };
                self.show_what_is_behind();
                session.notice = Some(Notice::good(match protection {
                    Protection::Keyring => words.cloud().is_kept_with_keyring(),
                    Protection::Passphrase => words.cloud().is_kept_with_passphrase(),
                }));
            }
            Err(NotSaved::NoKeyring(problem)) => self.type_over(Typing::new_passphrase(problem.why.clone(), words)),
            Err(NotSaved::Other(problem)) => session.notice = Some(Notice::problem(problem)),
        }
        Update::none()
    }

    /// Accepts the typed passphrase, if it is valid.
    pub(super) fn take_passphrase(&mut self, session: &mut Session) -> Update {
        let Stage::Typing(typing) = &mut self.stage else { return Update::none() };
        let typed = typing.form.exact_text(0).to_owned();
        if typed.is_empty() {
            return Update::none();
        }
        let words = session.content.words;
        let opens = typing.opens_kept();
        if typing.is_new_passphrase() {
            let refused = passphrase::check(&typed).err().map(|error| (0, error.explain(words).what));
            let differs = || typed != typing.form.exact_text(1);
            let refused = refused.or_else(|| differs().then(|| (1, words.hand_over().passphrases_differ().to_owned())));
            if let Some((field, why)) = refused {
                typing.form.set_focus(field);
                session.notice = Some(Notice::error(why));
                return Update::none();
            }
        }
        if !typing.is_new_passphrase() {
            typing.form.set(0, "");
        }
        let passphrase = Some(Secret::new(typed.as_str()));
        Update::effect(session.ask_cloud(match opens {
            true => CloudRequest::OpenKept(passphrase),
            false => CloudRequest::Keep(passphrase),
        }))
    }

    pub(super) fn log_out(&mut self, session: &mut Session) -> Update {
        Update::effect(session.ask_cloud(CloudRequest::LogOut { forgets_kept: self.has_kept() }))
    }

    pub(super) fn logged_out(&mut self, done: &Result<(), Problem>, session: &mut Session) -> Update {
        let words = session.content.words.cloud();
        session.log_out();
        self.way = None;
        match done {
            Ok(()) => {
                self.kept = Kept::default();
                session.notice = Some(Notice::good(words.logged_out()));
            }
            Err(problem) => session.notice = Some(Notice::problem(problem)),
        }
        self.show(Stage::Ways);
        Update::none()
    }
}
