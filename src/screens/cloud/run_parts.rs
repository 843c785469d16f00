//! What plan, progress and end of a run have in common.

use super::{Session, sheet::Part};
use crate::{
    domain::{
        cf::{
            plan::{Action as Deed, Kind},
            run::{RowState, StepName},
        },
        key::address::Address,
        sap::plan::SERVICE,
        text::{countdown::seconds_left, safe_text::SafeText, when::clock},
    },
    model::cloud::Provision,
};

/// Where, and who is logged in there.
pub fn whereabouts(provision: &Provision, session: &Session) -> Vec<Part> {
    let words = session.content.words.cloud();
    let place = provision.run.place();
    let named = words.place_named(SafeText::line(&place.org.name), SafeText::line(&place.space.name));
    let user = session.cloud.account.as_ref().and_then(|account| account.user.clone());
    let host = Address::parse_cloud_api(&place.api);
    let host = host.map_or_else(|_| place.api.clone(), |api| api.shown(60));
    let mut parts = vec![Part::Fact(words.where_label().to_owned(), named)];
    parts.push(Part::Fact(words.api_label().to_owned(), host));
    parts.extend(user.map(|user| Part::Fact(words.as_label().to_owned(), user.to_string())));
    parts
}

/// One row a step; below the one that is under way what the broker last said, and when it is looked again.
pub fn step_parts(provision: &Provision, session: &Session) -> Vec<Part> {
    let words = session.content.words.cloud();
    let now = session.now.since_start;
    let mut parts = Vec::new();
    for (row, time) in provision.rows() {
        let name = match row.step {
            StepName::Look => words.step_look().to_owned(),
            StepName::MakeInstance => words.step_make_instance(&row.name),
            StepName::UpdateInstance => words.step_update_instance(&row.name),
            StepName::MakeKey => words.step_make_key(&row.name),
            StepName::ReadKey => words.step_read_key().to_owned(),
            StepName::Test => words.step_test().to_owned(),
            StepName::HandOver => words.step_hand_over().to_owned(),
            StepName::DeleteKey => words.step_delete_key(&row.name),
            StepName::DeleteInstance => words.step_delete_instance(&row.name),
        };
        let said = match (row.state, time.began) {
            (RowState::Waiting, _) => words.state_waiting().to_owned(),
            (RowState::Running, _) if row.step == StepName::Test => words.state_tested().to_owned(),
            (RowState::Running, _) if row.step == StepName::HandOver => words.state_asks().to_owned(),
            (RowState::Running, Some((at, _))) => words.state_running(clock(at, &session.zone)),
            (RowState::Running, None) => words.looks_now().to_owned(),
            (RowState::Done, _) => words.state_done().to_owned(),
            (RowState::Failed, _) => words.state_failed().to_owned(),
            (RowState::Stopped, _) => words.state_stopped().to_owned(),
        };
        let elapsed = time.took.filter(|took| took.as_secs() > 0);
        parts.push(Part::Step(row.state, name, said, elapsed));
        if row.state != RowState::Running {
            continue;
        }
        parts.extend(row.said.filter(|said| !said.as_str().is_empty()).map(|said| Part::More(words.says(said))));
        if let Some(next) = provision.next_look() {
            let left = seconds_left(next.saturating_sub(now));
            let next = usize::try_from(left).unwrap_or(usize::MAX);
            parts.push(Part::Soon(if next == 0 { words.looks_now().to_owned() } else { words.next_look(next) }));
        }
    }
    parts
}

/// What becomes of a thing of this kind in the words of the plan.
pub fn planned(deed: Deed, kind: Kind, is_under_way: bool, is_rotation: bool, session: &Session, name: &str) -> String {
    let words = session.content.words.cloud();
    let name = SafeText::line(name);
    match (kind, deed) {
        (Kind::Instance, Deed::Create) => words.create_instance(&name, SERVICE, session.draft.parameters.plan.as_str()),
        (Kind::Instance, Deed::Use) if is_under_way => words.use_instance_under_way(&name),
        (Kind::Instance, Deed::Use) => words.use_instance(&name),
        (Kind::Instance, Deed::Update) => words.update_instance(&name),
        (Kind::Instance, Deed::Delete) => words.delete_instance(&name),
        (Kind::Key, Deed::Create) => words.create_key(&name),
        (Kind::Key, Deed::Use | Deed::Update) if is_under_way => words.use_key_under_way(&name),
        (Kind::Key, Deed::Use | Deed::Update) => words.use_key(&name),
        (Kind::Key, Deed::Delete) if is_rotation => words.delete_key_after(&name),
        (Kind::Key, Deed::Delete) => words.delete_key(&name),
    }
}
