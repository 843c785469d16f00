//! Input forms: the URL of the API, a passcode, user and password, other names, the name of what is deleted.

use super::{
    Action, CloudRequest, Command, Notice, Session, Stage, State, Update, Way, command,
    sheet::{Fields, Part, Sheet},
};
use crate::{
    domain::{
        cf::{login::Credentials, run::Event},
        key::address::Address,
        sap::name::{NAME_LIMIT, check_name},
        systems::passphrase,
        text::{safe_text::SafeText, secret::Secret},
    },
    model::{
        JobRequest, Place, Tone,
        cloud::{LoginWay, PracticePeople},
    },
    ui::widget::{
        field::Field,
        form::{Form, FormField, FormResult, Remark},
        passphrase::strength,
    },
    words::Words,
};

/// The value being typed.
#[derive(Debug)]
pub struct Typing {
    what: What,
    pub(super) form: Form,
    /// The row from which it was opened.
    row: usize,
}

/// What it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// The URL of the API; with those of the region, if it has several.
    Address(Option<String>),
    Passcode,
    Password,
    /// The names of instance and key.
    Names,
    /// The name of the object to delete.
    Deletion(String),
    /// The passphrase of the stored login, to use it.
    KeptPassphrase,
    /// The passphrase of the stored login, to replace it with another one.
    KeepPassphrase,
    /// A new passphrase, because the keyring is unavailable for this reason.
    NewPassphrase(String),
}

/// The fields of user and password.
const USER: usize = 0;
const PASSWORD: usize = 1;
const ORIGIN: usize = 2;

impl Typing {
    pub fn address(api: Option<&Address>, session: &Session) -> Self {
        let words = session.content.words.cloud();
        let several: Vec<String> = session.cloud_addresses().iter().filter_map(Address::cloud_landscape).collect();
        let several = (several.len() > 1).then(|| words.api_hint_several(&session.draft.region, several.join(", ")));
        let field = Field::new(api.map_or("", Address::as_str));
        let form = Form::new(vec![FormField::new(words.api_field(), field).width(60)]);
        Self { what: What::Address(several), form, row: 0 }
    }

    pub fn passcode(words: Words) -> Self {
        let field = FormField::new(words.cloud().passcode_field(), Field::masked());
        Self { what: What::Passcode, form: Form::new(vec![field]), row: 0 }
    }

    pub fn password(words: Words) -> Self {
        let words = words.cloud();
        let fields = vec![
            FormField::new(words.user_field(), Field::default()),
            FormField::new(words.password_field(), Field::masked()),
            FormField::new(words.origin_field(), Field::default()).optional(),
        ];
        Self { what: What::Password, form: Form::new(fields), row: 0 }
    }

    pub fn names(session: &Session) -> Self {
        let words = session.content.words.cloud();
        let field = |label: &'static str, name: &str| FormField::new(label, Field::new(name)).width(NAME_LIMIT as u16);
        let fields = vec![
            field(words.instance_field(), &session.draft.instance),
            field(words.key_field(), &session.draft.key_name),
        ];
        Self { what: What::Names, form: Form::new(fields), row: 0 }
    }

    pub fn deletion(name: &str, words: Words) -> Self {
        let field = FormField::new(words.cloud().delete_field(), Field::default());
        Self { what: What::Deletion(name.to_owned()), form: Form::new(vec![field]), row: 0 }
    }

    pub fn kept_passphrase(words: Words) -> Self {
        let field = FormField::new(words.cloud().passphrase_field(), Field::masked());
        Self { what: What::KeptPassphrase, form: Form::new(vec![field]), row: 0 }
    }

    pub fn keep_passphrase(words: Words) -> Self {
        Self { what: What::KeepPassphrase, ..Self::kept_passphrase(words) }
    }

    pub fn new_passphrase(why: String, words: Words) -> Self {
        let field = |label: &'static str| FormField::new(label, Field::masked());
        let fields = vec![field(words.cloud().passphrase_field()), field(words.hand_over().form_repeat())];
        Self { what: What::NewPassphrase(why), form: Form::new(fields), row: 0 }
    }

    pub fn opens_kept(&self) -> bool {
        self.what == What::KeptPassphrase
    }

    pub fn is_new_passphrase(&self) -> bool {
        matches!(self.what, What::NewPassphrase(_))
    }

    fn remark(&self, index: usize, words: Words) -> Option<Remark> {
        let labels = words.cloud();
        match &self.what {
            What::Address(None) => Some(Remark::Hint(labels.api_hint().to_owned())),
            What::Address(Some(several)) => Some(Remark::Hint(several.clone())),
            What::Password if index == ORIGIN => Some(Remark::Hint(labels.origin_hint().to_owned())),
            What::Names => {
                let problem = check_name(self.form.text(index)).err()?;
                Some(Remark::Bad(problem.shown(words)))
            }
            What::NewPassphrase(_) if index == 0 => Some(strength(self.form.exact_text(0), false, words)),
            What::NewPassphrase(_) => {
                let differs = !self.form.exact_text(0).starts_with(self.form.exact_text(1));
                differs.then(|| Remark::Bad(words.passphrase().repeat_differs().to_owned()))
            }
            What::Passcode | What::Password | What::Deletion(_) | What::KeptPassphrase | What::KeepPassphrase => None,
        }
    }
}

impl State {
    pub(super) fn typing_sheet<'a>(&'a self, typing: &'a Typing, session: &'a Session) -> Sheet<'a> {
        let words = session.content.words;
        let labels = words.cloud();
        let host = |address: &str| {
            Address::parse_cloud_api(address).map_or_else(|_| SafeText::line(address).to_string(), |it| it.shown(60))
        };
        let mut above = Vec::new();
        match &typing.what {
            What::Address(_) => above.push(Part::Title(labels.address().to_owned())),
            What::Passcode => {
                above.push(Part::Title(labels.passcode_title().to_owned()));
                if let Some(servers) = &self.servers {
                    match &self.practice_passcode {
                        Some(passcode) => above.push(Part::Text(labels.practice_passcode(passcode))),
                        // It will arrive in a moment, or was used.
                        None if session.around.practice => {}
                        None => {
                            above.push(Part::Text(labels.passcode_where().to_owned()));
                            above.push(Part::Exact(SafeText::line(&servers.passcode_page()).to_string()));
                        }
                    }
                    above.push(Part::Text(labels.passcode_goes_to(host(&servers.uaa))));
                }
            }
            What::Password => {
                above.push(Part::Title(labels.password_title().to_owned()));
                if let Some(servers) = &self.servers {
                    above.push(Part::Text(labels.password_goes_to(host(&servers.uaa))));
                }
                if let Some(people) = session.cloud.practice_people.filter(|_| session.around.practice) {
                    let PracticePeople { user, password, second_factor, locked, of_two_origins, origin } = people;
                    above.push(Part::Marked(Tone::Note, labels.practice_user(user, password)));
                    let others = labels.practice_others(second_factor, locked, of_two_origins, origin);
                    above.push(Part::Text(others));
                }
            }
            What::Names => {
                above.push(Part::Title(labels.names_title().to_owned()));
                if session.around.practice {
                    above.push(Part::Marked(Tone::Note, labels.practice_names().to_owned()));
                }
            }
            What::KeptPassphrase => {
                above.push(Part::Title(labels.as_kept().to_owned()));
                above.push(Part::Text(labels.kept_passphrase_about().to_owned()));
            }
            What::KeepPassphrase => {
                above.push(Part::Title(labels.keep_title().to_owned()));
                above.push(Part::Text(labels.keep_about_known().to_owned()));
            }
            What::NewPassphrase(why) => {
                above.push(Part::Title(labels.keep_title().to_owned()));
                above.push(Part::Text(labels.keep_about_new(why, passphrase::SHORTEST)));
            }
            What::Deletion(name) => {
                above.push(Part::Title(labels.delete_title(SafeText::line(name))));
                above.push(Part::Text(labels.delete_about().to_owned()));
                above.push(Part::Marked(Tone::Warning, labels.deletes_for_good().to_owned()));
            }
        }
        let remark = move |index| typing.remark(index, words);
        Sheet { above, fields: Some(Fields { form: &typing.form, remark: Box::new(remark) }), ..Sheet::default() }
    }

    pub(super) fn typing_commands(&self, typing: &Typing, session: &Session) -> Vec<Command> {
        let words = session.content.words.cloud();
        let submit = match &typing.what {
            What::Address(_) => words.take_address(),
            What::Passcode if typing.form.exact_text(0).is_empty() && self.practice_passcode.is_some() => {
                words.use_practice()
            }
            What::Passcode if typing.form.exact_text(0).is_empty() && self.passcode_page().is_some() => {
                words.open_page()
            }
            What::Passcode if typing.form.exact_text(0).is_empty() => words.copy_page(),
            What::Passcode | What::Password => words.send(),
            What::Names => words.use_names(),
            What::Deletion(_) => words.delete(),
            What::KeptPassphrase => words.open_kept(),
            What::KeepPassphrase | What::NewPassphrase(_) => words.keep(),
        };
        let mut commands = vec![
            match &typing.what {
                What::Deletion(name) if typing.form.exact_text(0) != name => {
                    command(Action::Primary, submit).only_if(false, words.delete_wrong())
                }
                _ => command(Action::Primary, submit),
            },
            command(Action::Cancel, words.cancel()),
            command(Action::Paste, words.paste()).hidden_from_footer(),
        ];
        if typing.what == What::Passcode {
            commands.extend(self.page_commands(session));
        }
        commands
    }

    pub(super) fn act_while_typing(&mut self, action: Action, session: &mut Session) -> Update {
        match action {
            Action::Paste => return Update::effect(session.start(Place::Cloud, JobRequest::ReadClipboard)),
            Action::Open => return self.open_page(session),
            Action::CopyAddress => return self.copy_page(session),
            _ => {}
        }
        // The previous request is still pending.
        if session.cloud.waiting.is_some() {
            return Update::none();
        }
        let Stage::Typing(typing) = &mut self.stage else { return Update::none() };
        match typing.form.act(action) {
            FormResult::Stay => Update::none(),
            FormResult::Cancel => self.stop_typing(session),
            FormResult::Submit => self.submit(session),
        }
    }

    /// Shows the fields with earlier input.
    pub(super) fn begin_typing(&mut self, mut typing: Typing, session: &mut Session) -> Update {
        if self.unfinished.bring_back(&typing.what, &mut typing.form) {
            session.notice = Some(Notice::note(session.content.words.common().typed_before()));
        }
        typing.row = self.focus;
        self.show(Stage::Typing(typing));
        Update::none()
    }

    /// Keeps the input for the next time, except secrets and the name that confirms a deletion.
    pub(super) fn keep_typed(&mut self) {
        if let Stage::Typing(typing) = &self.stage
            && !matches!(typing.what, What::Deletion(_))
        {
            self.unfinished.keep(typing.what.clone(), &typing.form);
        }
    }

    /// Returns to the previous stage.
    fn stop_typing(&mut self, session: &mut Session) -> Update {
        self.trouble = None;
        self.keep_typed();
        if self.show_what_is_behind() {
            return Update::none();
        }
        let Stage::Typing(typing) = &self.stage else { return Update::none() };
        let row = typing.row;
        let stage = match typing.what {
            What::Names | What::Deletion(_) if session.cloud.provision.is_some() => Stage::Run,
            _ => Stage::Ways,
        };
        self.show(stage);
        self.focus = row;
        Update::none()
    }

    fn submit(&mut self, session: &mut Session) -> Update {
        let Stage::Typing(typing) = &self.stage else { return Update::none() };
        match typing.what.clone() {
            What::Address(_) => {
                let typed = typing.form.text(0).to_owned();
                self.take_address(&typed, session)
            }
            What::Passcode if typing.form.text(0).is_empty() => match self.practice_passcode.take() {
                Some(passcode) => self.log_in(Credentials::Passcode(Secret::new(passcode)), session),
                None if self.passcode_page().is_some() => self.open_page(session),
                None => self.copy_page(session),
            },
            What::Passcode => {
                let passcode = Secret::new(typing.form.text(0));
                self.log_in(Credentials::Passcode(passcode), session)
            }
            What::Password if typing.form.text(USER).is_empty() || typing.form.exact_text(PASSWORD).is_empty() => {
                Update::none()
            }
            What::Password => {
                let origin = Some(typing.form.text(ORIGIN)).filter(|origin| !origin.is_empty());
                let credentials = Credentials::Password {
                    user: typing.form.text(USER).to_owned(),
                    password: Secret::new(typing.form.exact_text(PASSWORD)),
                    origin: origin.map(str::to_owned),
                };
                self.log_in(credentials, session)
            }
            What::Names => self.take_names(session),
            What::KeptPassphrase | What::KeepPassphrase | What::NewPassphrase(_) => self.take_passphrase(session),
            What::Deletion(name) if typing.form.exact_text(0) == name => {
                self.show(Stage::Run);
                Update { effects: session.step_run(Event::Confirmed), ..Update::none() }
            }
            What::Deletion(_) => Update::none(),
        }
    }

    /// The method of the login that was just accepted.
    pub(super) fn login_way(&self) -> LoginWay {
        match (self.way, &self.stage) {
            (Some(Way::Cf), _) => LoginWay::Cf,
            (Some(Way::Password), Stage::Typing(Typing { what: What::Password, form, .. })) => LoginWay::Password {
                user: form.text(USER).to_owned(),
                origin: Some(form.text(ORIGIN).to_owned()).filter(|origin| !origin.is_empty()),
            },
            _ => LoginWay::Usual,
        }
    }

    /// Sends the input once and wipes it.
    fn log_in(&mut self, credentials: Credentials, session: &mut Session) -> Update {
        let (Some(api), Some(servers)) = (self.api(session), self.servers.clone()) else { return Update::none() };
        if let Stage::Typing(typing) = &mut self.stage {
            let field = if typing.what == What::Password { PASSWORD } else { 0 };
            typing.form.set(field, "");
            typing.form.set_focus(field);
        }
        self.trouble = None;
        Update::effect(session.ask_cloud(CloudRequest::LogIn { api, servers, credentials }))
    }

    fn take_names(&mut self, session: &mut Session) -> Update {
        let Stage::Typing(typing) = &self.stage else { return Update::none() };
        let names = [typing.form.text(0).to_owned(), typing.form.text(1).to_owned()];
        if let Some(problem) = names.iter().find_map(|name| check_name(name).err()) {
            session.notice = Some(Notice::error(problem.shown(session.content.words)));
            return Update::none();
        }
        [session.draft.instance, session.draft.key_name] = names;
        self.reuse = false;
        self.begin_to_make(session)
    }
}
