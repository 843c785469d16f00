//! Parts shared by plan, progress and end of a run.

use super::{Session, sheet::Part};
use crate::{
    domain::{
        cf::{
            describe,
            goal::Goal,
            run::{RowState, StepName},
        },
        check::MONITORING_ROLE,
        key::address::Address,
        text::{countdown::seconds_left, safe_text::SafeText, when::clock},
    },
    model::{KeySource, cloud::Provision},
};

/// The org and space, and who is logged in there.
pub fn whereabouts(provision: &Provision, session: &Session) -> Vec<Part> {
    let words = session.content.words.cloud();
    let place = provision.run.place();
    let named = words.place_named(SafeText::line(&place.org.name), SafeText::line(&place.space.name));
    let host = Address::parse_cloud_api(&place.api);
    let host = host.map_or_else(|_| place.api.clone(), |api| api.shown(60));
    let place = [(words.where_label(), named), (words.api_label(), host)];
    place.into_iter().map(|(label, value)| Part::Fact(label.to_owned(), value)).chain(user(session)).collect()
}

/// Who is logged in, and where.
pub fn login(session: &Session) -> Vec<Part> {
    let words = session.content.words.cloud();
    let api = session.cloud.account.as_ref().map(|account| account.api.shown(60));
    api.map(|api| Part::Fact(words.api_label().to_owned(), api)).into_iter().chain(user(session)).collect()
}

fn user(session: &Session) -> Option<Part> {
    let user = session.cloud.account.as_ref()?.user.as_ref()?;
    Some(Part::Fact(session.content.words.cloud().as_label().to_owned(), user.to_string()))
}

/// The roles for which a new key was or will be tested.
pub fn tested(provision: &Provision, session: &Session) -> Option<Part> {
    let (words, run) = (session.content.words.cloud(), &provision.run);
    Some(Part::Text(match run.roles() {
        _ if !run.tests() && run.is_about_flows() => words.flows_not_tested().to_owned(),
        _ if !run.tests() => return None,
        Some(roles) if !roles.is_empty() => words.tested_for(SafeText::line(&roles.join(", "))),
        _ => words.tested_for_unknown(MONITORING_ROLE),
    }))
}

/// One row per step; below the running one, the broker's last message and the time of the next poll.
pub fn step_parts(provision: &Provision, session: &Session) -> Vec<Part> {
    let (all, words) = (session.content.words, session.content.words.cloud());
    let now = session.now.since_start;
    let asks = matches!(provision.run.goal(), Goal::Rotate(_)) && !provision.is_under_way();
    let mut parts = Vec::new();
    for (row, time) in provision.rows() {
        let said = match (row.state, time.began) {
            (RowState::Running, _) if row.hindrance.is_some() => describe::state(&row, all).to_owned(),
            (RowState::Running, _)
                if row.step == StepName::HandOver && asks
                    || row.step == StepName::Test && session.run_awaits_test() =>
            {
                words.state_asks().to_owned()
            }
            (RowState::Running, Some((at, _))) if row.step != StepName::Test => {
                words.state_running(clock(at, &session.zone))
            }
            _ => describe::state(&row, all).to_owned(),
        };
        let elapsed = time.took.filter(|took| took.as_secs() > 0 && row.state != RowState::Stopped);
        parts.push(Part::Step(row.state, describe::step(&row, all), said, elapsed));
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

/// Whether the key in Quick Fill is the one that the run has made.
pub fn is_key_of_run(source: &KeySource, session: &Session) -> bool {
    let name = session.cloud.provision.as_ref().and_then(|provision| provision.run.goal().key());
    matches!((source, name), (KeySource::Made(made), Some(key)) if *made == key.name)
}

/// Whether the key of the run takes the place of another one, which is not saved.
pub fn replaces_key(session: &Session) -> bool {
    let brings_one = session.cloud.provision.as_ref().is_some_and(|provision| provision.run.goal().key().is_some());
    let is_same = session.key.source.as_ref().is_some_and(|source| is_key_of_run(source, session));
    brings_one && !is_same && session.key_would_be_lost()
}
