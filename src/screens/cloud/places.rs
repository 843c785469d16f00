//! Orgs and spaces: lists with a filter. If there is only one, it is chosen automatically.

use super::{
    Action, CloudRequest, Command, Notice, Session, Stage, State, Update, command,
    run_parts::login,
    sheet::{Fields, Part, Row, Sheet},
};
use crate::{
    domain::{
        cf::place::{Choice, Organization, Place, Space, choose_organization, choose_space},
        text::safe_text::SafeText,
    },
    ui::widget::{
        field::Field,
        form::{Form, FormField},
    },
};

/// Orgs, or the spaces of one.
#[derive(Debug)]
pub struct Places {
    entries: Entries,
    pub(super) filter: Form,
    pub(super) is_filtering: bool,
}

#[derive(Debug)]
enum Entries {
    Orgs(Vec<Organization>),
    Spaces(Organization, Vec<Space>),
}

impl Places {
    fn new(entries: Entries, session: &Session) -> Self {
        let label = session.content.words.cloud().filter_label();
        let filter = Form::new(vec![FormField::new(label, Field::default()).optional()]);
        Self { entries, filter, is_filtering: false }
    }

    /// The names with their remarks.
    fn named(&self) -> Vec<(&str, bool)> {
        match &self.entries {
            Entries::Orgs(orgs) => orgs.iter().map(|org| (org.name.as_str(), org.is_suspended)).collect(),
            Entries::Spaces(_, spaces) => spaces.iter().map(|space| (space.name.as_str(), false)).collect(),
        }
    }

    /// The entries that match the filter.
    fn matching(&self) -> Vec<usize> {
        let searched = self.filter.text(0).to_lowercase();
        let fits = |(_, (name, _)): &(usize, (&str, bool))| name.to_lowercase().contains(&searched);
        self.named().into_iter().enumerate().filter(fits).map(|(at, _)| at).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.matching().len()
    }

    pub(super) fn sheet<'a>(&'a self, session: &Session) -> Sheet<'a> {
        let words = session.content.words.cloud();
        let (named, matching) = (self.named(), self.matching());
        let title = match &self.entries {
            Entries::Orgs(_) => words.org_title().to_owned(),
            Entries::Spaces(org, _) => words.space_title(SafeText::line(&org.name)),
        };
        // No question if there is nothing to choose from.
        let asks = !named.is_empty() || session.cloud.waiting.is_some();
        let mut above: Vec<Part> = asks.then_some(Part::Title(title)).into_iter().collect();
        if matching.len() < named.len() {
            above.push(Part::Text(words.shown_of(matching.len(), named.len())));
        }
        if matching.is_empty() && !named.is_empty() {
            above.push(Part::Text(words.no_match().to_owned()));
        }
        let row = |at: usize| {
            let (name, is_suspended) = named[at];
            Row::new(SafeText::line(name).to_string(), if is_suspended { words.suspended() } else { "" })
        };
        let is_used = self.is_filtering || !self.filter.text(0).is_empty();
        let fields = is_used.then(|| Fields { form: &self.filter, remark: Box::new(|_| None) });
        let about = login(session);
        Sheet { above, rows: matching.into_iter().map(row).collect(), fields, about, ..Sheet::default() }
    }

    pub(super) fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.cloud();
        let choose = command(Action::Primary, words.choose());
        if self.is_filtering {
            return vec![choose, command(Action::Cancel, words.cancel())];
        }
        if self.named().is_empty() {
            return Vec::new();
        }
        vec![choose, command(Action::Filter, words.filter())]
    }

    /// Handles an action while the filter is typed; false if it is not about the filter.
    pub(super) fn act_on_filter(&mut self, action: Action, focus: &mut usize) -> bool {
        match action {
            Action::Cancel => {
                self.filter.set(0, "");
                (self.is_filtering, *focus) = (false, 0);
                true
            }
            Action::NextField | Action::PreviousField => {
                self.is_filtering = false;
                true
            }
            _ => false,
        }
    }
}

impl State {
    pub(super) fn ask_for_orgs(&mut self, session: &mut Session) -> Update {
        self.show(Stage::Places(Places::new(Entries::Orgs(Vec::new()), session)));
        Update::effect(session.ask_cloud(CloudRequest::Organizations))
    }

    /// Lets the user choose again.
    pub(super) fn choose_another_place(&mut self, session: &mut Session) -> Update {
        session.cloud.place = None;
        session.cloud.offers.clear();
        self.all_spaces = false;
        self.asks_for_place = true;
        self.ask_for_orgs(session)
    }

    pub(super) fn found_orgs(&mut self, orgs: &[Organization], session: &mut Session) -> Update {
        self.has_several_orgs = orgs.len() > 1;
        self.show(Stage::Places(Places::new(Entries::Orgs(orgs.to_vec()), session)));
        let name = Some(session.draft.org.clone()).filter(|name| !self.asks_for_place && !name.is_empty());
        match choose_organization(orgs.to_vec(), name.as_deref()) {
            Ok(Choice::One(org)) => {
                if orgs.len() == 1 {
                    let words = session.content.words.cloud();
                    session.notice = Some(Notice::note(words.org_only(SafeText::line(&org.name))));
                }
                self.take_org(org, session)
            }
            Ok(Choice::Several(_)) => Update::none(),
            Err(finding) => self.refused(&finding, session),
        }
    }

    fn take_org(&mut self, org: Organization, session: &mut Session) -> Update {
        self.trouble = None;
        if let Err(suspended) = choose_organization(vec![org.clone()], None) {
            return self.refused(&suspended, session);
        }
        self.show(Stage::Places(Places::new(Entries::Spaces(org.clone(), Vec::new()), session)));
        Update::effect(session.ask_cloud(CloudRequest::Spaces(org)))
    }

    pub(super) fn found_spaces(&mut self, spaces: &[Space], session: &mut Session) -> Update {
        let Stage::Places(Places { entries: Entries::Spaces(org, _), .. }) = &self.stage else {
            return Update::none();
        };
        let org = org.clone();
        let is_org_of_draft = !self.asks_for_place && org.name.eq_ignore_ascii_case(&session.draft.org);
        let name = Some(session.draft.space.clone()).filter(|name| is_org_of_draft && !name.is_empty());
        self.show(Stage::Places(Places::new(Entries::Spaces(org.clone(), spaces.to_vec()), session)));
        match choose_space(spaces.to_vec(), name.as_deref()) {
            Ok(Choice::One(space)) => {
                let words = session.content.words.cloud();
                let taken = words.space_only(SafeText::line(&org.name), SafeText::line(&space.name));
                session.notice = Some(Notice::note(taken));
                self.take_space(space, org, session)
            }
            Ok(Choice::Several(_)) => Update::none(),
            Err(finding) => self.refused(&finding, session),
        }
    }

    fn take_space(&mut self, space: Space, org: Organization, session: &mut Session) -> Update {
        let api = session.cloud.account.as_ref().map(|account| account.api.as_str().to_owned()).unwrap_or_default();
        let place = Place { api, org, space };
        session.choose_place(place.clone());
        self.asks_for_place = false;
        Update::effect(session.ask_cloud(CloudRequest::Offers(place)))
    }

    pub(super) fn act_on_places(&mut self, action: Action, session: &mut Session) -> Update {
        let Stage::Places(places) = &mut self.stage else { return Update::none() };
        match action {
            Action::Primary | Action::Toggle => {
                let Some(at) = places.matching().get(self.focus).copied() else { return Update::none() };
                match &places.entries {
                    Entries::Orgs(orgs) => {
                        let org = orgs[at].clone();
                        self.take_org(org, session)
                    }
                    Entries::Spaces(org, spaces) => {
                        let (org, space) = (org.clone(), spaces[at].clone());
                        self.take_space(space, org, session)
                    }
                }
            }
            Action::Filter => {
                places.is_filtering = true;
                Update::none()
            }
            Action::Back | Action::Cancel => match &places.entries {
                Entries::Spaces(..) if self.has_several_orgs => {
                    self.asks_for_place = true;
                    self.trouble = None;
                    self.ask_for_orgs(session)
                }
                Entries::Spaces(..) | Entries::Orgs(_) => self.leave(session),
            },
            _ => Update::none(),
        }
    }
}
