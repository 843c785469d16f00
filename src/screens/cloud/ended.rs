//! How a run ended: what exists now, why it stopped, and what can be done.

use super::{
    Finding, FindingCode, Session, Update, copy,
    run_parts::{step_parts, tested, whereabouts},
    run_row::RunRow,
    sheet::{Part, Sheet},
};
use crate::{
    domain::{
        cf::{
            describe,
            goal::Goal,
            plan::Kind,
            run::{End, ExistingState, Outcome},
            ticket,
        },
        text::shown::Shown as _,
    },
    model::{Tone, cloud::Provision},
};

pub fn sheet<'a>(provision: &Provision, session: &Session) -> Sheet<'a> {
    let words = session.content.words.cloud();
    let Some(end) = provision.run.end() else { return Sheet::default() };
    let (tone, said) = match end.outcome {
        Outcome::Done => (Tone::Good, words.end_done()),
        Outcome::NothingToDo => (Tone::Good, words.end_nothing()),
        Outcome::Refused if end.stopped => (Tone::Note, words.end_stopped_early()),
        Outcome::Refused => (Tone::Note, words.end_refused()),
        Outcome::Failed => (Tone::Error, words.end_failed()),
        Outcome::Unfinished if end.stopped => (Tone::Warning, words.end_stopped()),
        Outcome::Unfinished => (Tone::Warning, words.end_unfinished()),
    };
    let findings: Vec<Finding> = end.findings.iter().chain(provision.run.remarks()).cloned().collect();
    let explained = session.content.findings.explain_together(&findings, session.content.words);
    let mut above = Vec::new();
    // A failure already explains itself.
    if end.outcome != Outcome::Failed || explained.is_empty() {
        above.push(Part::Marked(tone, said.to_owned()));
    }
    above.extend(explained.into_iter().map(Part::Found));
    if end.outcome != Outcome::Refused {
        above.push(Part::Blank);
        above.extend(existing(provision, session));
    }
    if fails_test(provision) {
        let test = session.run.as_ref().filter(|test| provision.test == Some(test.id));
        above.extend(match test.and_then(|test| test.verdict()) {
            Some(verdict) => {
                let fails = words.new_key_fails(verdict.shown(session.content.words));
                vec![Part::Text(fails)].into_iter().chain(tested(provision, session)).collect()
            }
            None => vec![Part::Text(words.new_key_unusable().to_owned())],
        });
    }
    if matches!(provision.run.goal(), Goal::Update(_)) && end.outcome == Outcome::Done {
        above.extend([Part::Blank, Part::Text(words.keys_stay().to_owned())]);
    }
    let mut beside = whereabouts(provision, session);
    if end.outcome != Outcome::Refused {
        beside.push(Part::Blank);
        beside.extend(step_parts(provision, session));
    }
    let ticket = ticket::failed(&provision.run, session.content.words);
    if !ticket.is_empty() {
        beside.extend([Part::Blank, Part::Title(words.ticket_title().to_owned())]);
        beside.extend(ticket.into_iter().map(|(label, value)| Part::Fact(label.to_owned(), value)));
    }
    Sheet { above, beside, ..Sheet::default() }
}

/// Copies the details for a support ticket.
pub fn copy_ticket(session: &Session) -> Update {
    let words = session.content.words;
    let Some(run) = session.cloud.provision.as_ref().map(|provision| &provision.run) else { return Update::none() };
    let findings = run.end().map(|end| end.findings.as_slice()).unwrap_or_default();
    let title = findings.first().map(|finding| session.content.findings.explain(finding, words).title);
    copy(words.cloud().ticket_copied(), ticket::text(run, &title.unwrap_or_default(), words))
}

/// Whether it ended because the new key does not pass its test.
fn fails_test(provision: &Provision) -> bool {
    let run = &provision.run;
    run.test_passed() == Some(false) && run.end().is_some_and(|end| end.outcome == Outcome::Unfinished && !end.stopped)
}

/// What exists.
pub fn existing(provision: &Provision, session: &Session) -> Vec<Part> {
    let words = session.content.words.cloud();
    let things = provision.exists();
    let is_create = matches!(provision.run.goal(), Goal::Create(_));
    if things.is_empty() {
        return if is_create { vec![Part::Text(words.nothing_there().to_owned())] } else { Vec::new() };
    }
    let mut parts = vec![Part::Title(words.there_is().to_owned())];
    parts.extend(things.iter().map(|thing| Part::More(describe::existing(thing, session.content.words))));
    let has_key = things.iter().any(|thing| thing.kind == Kind::Key && thing.state == ExistingState::Ready);
    let has_instance = things.iter().any(|thing| thing.kind == Kind::Instance && thing.state == ExistingState::Ready);
    if is_create && has_instance && !has_key {
        parts.push(Part::Text(words.key_missing().to_owned()));
    }
    parts
}

/// What can be done now, the most likely first.
pub fn rows(end: &End, provision: &Provision, session: &Session) -> Vec<RunRow> {
    let goal = provision.run.goal();
    let code = end.findings.first().map(|finding| finding.code);
    let leave = if matches!(goal, Goal::Create(_)) { RunRow::Clicks } else { RunRow::List };
    let mut rows = Vec::new();
    match code {
        _ if end.outcome == Outcome::Done || end.outcome == Outcome::NothingToDo => {}
        Some(FindingCode::CfSessionEnded) => rows.push(RunRow::LogIn),
        Some(FindingCode::CfRoleNotOffered) => {
            let named = |finding: &Finding| -> Vec<String> {
                finding.subjects.iter().map(|role| role.shown(session.content.words)).collect()
            };
            rows.push(RunRow::Drop(end.findings.first().map(named).unwrap_or_default()));
        }
        Some(FindingCode::CfParametersUnknown | FindingCode::CfNameOtherRoles) => {
            rows.extend([RunRow::Reuse, RunRow::Update(goal.instance().to_owned()), RunRow::Names]);
        }
        Some(FindingCode::CfTwoBrokers) => {
            let brokers: std::collections::BTreeSet<&String> =
                provision.run.survey().offers.iter().filter_map(|offer| offer.broker.as_ref()).collect();
            rows.extend(brokers.into_iter().map(|name| RunRow::Broker(name.clone())));
        }
        Some(FindingCode::CfNotDeveloper | FindingCode::CfOrgSuspended | FindingCode::CfNotEntitled) => {
            rows.extend([RunRow::Place, RunRow::Again]);
        }
        _ if fails_test(provision) => rows.extend([RunRow::Again, RunRow::Untested]),
        _ => rows.push(RunRow::Again),
    }
    let has_names = rows.contains(&RunRow::Names);
    if matches!(goal, Goal::Create(_)) && !has_names && rows.contains(&RunRow::Again) && !end.stopped {
        rows.push(RunRow::Names);
    }
    rows.push(leave);
    rows
}
