//! The login methods.

use super::{
    Aim, Command, Confirmed, Question, Session, Stage, State, Update, Way, command, copy,
    sheet::{Part, Row, Sheet},
    typing::Typing,
};
use crate::{
    domain::{
        cf::login::Servers,
        key::{address::Address, hosts::unknown_hosts},
        text::safe_text::SafeText,
    },
    keymap::Action,
    model::{CloudRequest, Effect, JobRequest, Notice, Place, Tone},
    ui::text,
    words::CloudLabels,
};

/// A row of the login methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayRow {
    Kept,
    Cf,
    Passcode,
    Password,
    Address,
    LogOut,
    Clicks,
}

impl State {
    /// The rows, in order.
    pub(super) fn way_rows(&self, session: &Session) -> Vec<WayRow> {
        let is_here = |(row, is_here): (WayRow, bool)| is_here.then_some(row);
        let rows = [
            (WayRow::Kept, self.has_kept()),
            (WayRow::Cf, self.cf.is_some()),
            (WayRow::Passcode, true),
            (WayRow::Password, true),
            (WayRow::Address, true),
            (WayRow::LogOut, self.has_kept() || session.cloud.account.is_some()),
            (WayRow::Clicks, true),
        ];
        rows.into_iter().filter_map(is_here).collect()
    }

    fn cf_row(&self, words: CloudLabels) -> Row {
        let Some(cf) = &self.cf else { return Row::default() };
        let user = cf.user.as_ref().map_or_else(|| words.somebody().to_owned(), ToString::to_string);
        let host = cf.api.cloud_landscape().unwrap_or_else(|| cf.api.host().to_owned());
        let place = cf.org.as_ref().map(|org| {
            let space = cf.space.as_deref().unwrap_or_default();
            words.place_named(SafeText::line(org), SafeText::line(space))
        });
        Row::new(words.as_cf(), text::facts([words.as_cf_about(user, host), place.unwrap_or_default()]))
    }

    /// The URL of the API: the typed one, otherwise the first one of the region.
    pub(super) fn api(&self, session: &Session) -> Option<Address> {
        match &self.api {
            Some(typed) => Address::parse_cloud_api(typed).ok(),
            None => {
                let place = session.cloud.place.as_ref().filter(|_| !session.around.practice);
                let before = place.and_then(|place| Address::parse_cloud_api(&place.api).ok());
                before.or_else(|| session.cloud_addresses().into_iter().next())
            }
        }
    }

    pub(super) fn ways_sheet<'a>(&self, session: &Session) -> Sheet<'a> {
        let words = session.content.words.cloud();
        let api = self.api(session);
        let count = session.cloud_addresses().len();
        let address = match &api {
            Some(_) if self.api.is_some() || count == 0 => words.address_about().to_owned(),
            None => words.address_missing().to_owned(),
            Some(_) if session.around.practice => String::new(),
            Some(_) => words.address_of_region(count, &session.draft.region),
        };
        let row = |row: WayRow| match row {
            WayRow::Kept => self.kept_row(words),
            WayRow::Cf => self.cf_row(words),
            WayRow::Passcode => Row::new(words.passcode(), words.passcode_about()),
            WayRow::Password => Row::new(words.password(), words.password_about()),
            WayRow::Address => {
                let shown = api.as_ref().map(Address::as_str).unwrap_or_default();
                Row::new(words.address(), text::facts([shown, &address]))
            }
            WayRow::LogOut => Row::new(
                words.log_out(),
                match (self.has_kept(), session.cloud.account.is_some()) {
                    (true, true) => words.log_out_about_both(),
                    (true, false) => words.log_out_about_kept(),
                    (false, _) => words.log_out_about(),
                },
            ),
            WayRow::Clicks => Row::new(words.clicks(), words.clicks_about()),
        };
        let mut above = vec![Part::Title(words.log_in_title().to_owned()), Part::Text(words.log_in_about().to_owned())];
        if let Some(account) = &session.cloud.account {
            let host = account.api.host();
            let user = account.user.as_ref();
            let said = user.map_or_else(|| words.logged_in(host), |user| words.logged_in_as(user, host));
            above.push(Part::Marked(Tone::Good, said));
        }
        if session.around.practice {
            above.push(Part::Marked(Tone::Note, words.practice().to_owned()));
        }
        let said = match self.aim {
            Aim::Make => words.what_happens_about(),
            Aim::Look => words.what_happens_to_instances(),
        };
        let about = std::iter::once(Part::Title(words.what_happens().to_owned()));
        let about = about.chain(said.lines().flat_map(|line| [Part::Text(line.to_owned()), Part::Blank]));
        Sheet {
            above,
            rows: self.way_rows(session).into_iter().map(row).collect(),
            about: about.collect(),
            ..Sheet::default()
        }
    }

    pub(super) fn act_on_ways(&mut self, action: Action, session: &mut Session) -> Update {
        let rows = self.way_rows(session);
        match (action, rows.get(self.focus)) {
            (Action::Primary | Action::Toggle, Some(WayRow::Kept)) => self.open_kept(session),
            (Action::Primary | Action::Toggle, Some(WayRow::LogOut)) => self.log_out(session),
            (Action::Primary | Action::Toggle, Some(WayRow::Cf)) => {
                self.api = self.cf.as_ref().map(|cf| cf.api.as_str().to_owned());
                self.find_login(Way::Cf, session)
            }
            (Action::Primary | Action::Toggle, Some(WayRow::Passcode)) => self.find_login(Way::Passcode, session),
            (Action::Primary | Action::Toggle, Some(WayRow::Password)) => self.find_login(Way::Password, session),
            (Action::Primary | Action::Toggle, Some(WayRow::Address)) => {
                self.way = None;
                self.type_address(session)
            }
            (Action::Primary | Action::Toggle, Some(WayRow::Clicks)) | (Action::Back | Action::Cancel, _) => {
                self.leave(session)
            }
            _ => Update::none(),
        }
    }

    fn type_address(&mut self, session: &mut Session) -> Update {
        self.begin_typing(Typing::address(self.api(session).as_ref(), session), session)
    }

    /// Asks the API where to log in. Nothing secret is sent, and nothing at all to a non-SAP host before the user
    /// confirms it.
    pub(super) fn find_login(&mut self, way: Way, session: &mut Session) -> Update {
        self.way = Some(way);
        (self.trouble, self.servers) = (None, None);
        let Some(api) = self.api(session) else { return self.type_address(session) };
        let hosts = unknown_hosts(&[&api], &session.cloud.agreed_hosts);
        if hosts.is_empty() {
            return Update::effect(session.ask_cloud(CloudRequest::FindLogin(api)));
        }
        let text = session.content.words.cloud().foreign_api_text(hosts.join(", "));
        ask_to_log_in(hosts, text, session)
    }

    /// The user has confirmed the hosts.
    pub(super) fn agreed(&mut self, session: &mut Session) -> Update {
        match (&self.servers, self.way) {
            (Some(_), _) => self.open_login(session),
            (None, Some(way)) => self.find_login(way, session),
            (None, None) => Update::none(),
        }
    }

    /// Handles another typed URL.
    pub(super) fn take_address(&mut self, typed: &str, session: &mut Session) -> Update {
        let endpoints = session.content.endpoints(typed);
        let text = endpoints.first().map_or(typed, String::as_str);
        match Address::parse_cloud_api(text) {
            Ok(address) => {
                self.api = Some(address.as_str().to_owned());
                self.show(Stage::Ways);
                match self.way {
                    Some(way) => self.find_login(way, session),
                    None => Update::none(),
                }
            }
            Err(_) => {
                session.notice = Some(Notice::error(session.content.words.cloud().api_unusable()));
                Update::none()
            }
        }
    }

    /// The API has named its login servers. Non-SAP hosts must be confirmed.
    pub(super) fn found_login(&mut self, servers: &Servers, session: &mut Session) -> Update {
        self.servers = Some(servers.clone());
        let named = [&servers.login, &servers.uaa].into_iter().filter_map(|text| Address::parse_cloud_api(text).ok());
        let all: Vec<Address> = self.api(session).into_iter().chain(named).collect();
        let hosts = unknown_hosts(&all.iter().collect::<Vec<_>>(), &session.cloud.agreed_hosts);
        if hosts.is_empty() {
            return self.open_login(session);
        }
        let text = session.content.words.cloud().foreign_text(hosts.join(", "));
        ask_to_log_in(hosts, text, session)
    }

    /// Opens the input of the passcode or password.
    pub(super) fn open_login(&mut self, session: &mut Session) -> Update {
        let words = session.content.words;
        match self.way {
            Some(Way::Password) => self.begin_typing(Typing::password(words), session),
            Some(way @ (Way::Cf | Way::Kept)) => {
                let (Some(api), Some(servers)) = (self.api(session), self.servers.clone()) else {
                    return Update::none();
                };
                Update::effect(session.ask_cloud(match way {
                    Way::Kept => CloudRequest::UseKept { api, servers },
                    _ => CloudRequest::UseCf { api, servers },
                }))
            }
            _ => {
                let update = self.begin_typing(Typing::passcode(words), session);
                if session.around.practice {
                    let passcode = JobRequest::Cloud(CloudRequest::PracticePasscode);
                    return Update::effect(session.start(Place::Cloud, passcode));
                }
                update
            }
        }
    }

    /// The page that shows a passcode, if it is SAP's.
    pub(super) fn passcode_page(&self) -> Option<String> {
        let page = self.servers.as_ref()?.passcode_page();
        let is_sap = Address::parse_cloud_api(&page).is_ok_and(|address| address.is_sap());
        is_sap.then_some(page)
    }

    pub(super) fn open_page(&self, session: &mut Session) -> Update {
        let words = session.content.words;
        match self.passcode_page() {
            Some(page) if session.around.can_open_links => Update::effect(Effect::OpenPasscodePage(page)),
            Some(_) => {
                session.notice = Some(Notice::note(words.common().no_browser()));
                Update::none()
            }
            None => {
                session.notice = Some(Notice::note(words.cloud().open_page_not_sap()));
                Update::none()
            }
        }
    }

    pub(super) fn copy_page(&self, session: &Session) -> Update {
        let page = self.servers.as_ref().map(Servers::passcode_page).unwrap_or_default();
        copy(session.content.words.cloud().page_named(), page)
    }

    /// The commands for the passcode page.
    pub(super) fn page_commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.cloud();
        vec![
            command(Action::Open, words.open_page()).hidden_from_footer(),
            command(Action::CopyAddress, words.copy_page()).hidden_from_footer(),
        ]
    }
}

/// Asks to confirm logging in at non-SAP hosts.
fn ask_to_log_in(hosts: Vec<String>, text: String, session: &Session) -> Update {
    let words = session.content.words.cloud();
    Update::ask(Question {
        title: words.foreign_title().to_owned(),
        text,
        yes: words.foreign_yes().to_owned(),
        no: words.foreign_no().to_owned(),
        then: Confirmed::LogInAt(hosts),
        otherwise: None,
    })
}
