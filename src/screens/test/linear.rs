//! The linear form of the screen.

use super::{
    State,
    draw::{check_name, verdict_in_words},
    missing,
};
use crate::{
    domain::{
        check::{
            describe,
            diagnosis::{Row, RowState},
            waiting,
        },
        finding::{Severity, Verdict},
        sap::guide::StepId,
    },
    model::{
        Session, Tone,
        run::{Run, RunState},
    },
    ui::page::{self, Fact, Page, fact, said},
};

pub fn page(state: &State, session: &Session) -> Page {
    Page::new(match &session.run {
        Some(run) => of_run(state, run, session),
        None => before(session),
    })
}

fn before(session: &Session) -> Vec<Fact> {
    let words = session.content.words;
    let labels = words.test();
    let mut facts = vec![said(&session.content.step(StepId::Test).intro)];
    match session.key.usable() {
        Some(key) => {
            facts.push(fact(labels.token_host_named(), key.token_url.host(), words));
            facts.push(fact(labels.api_host_named(), key.url.host(), words));
            facts.push(said(labels.checks_roles(session.requested_roles().join(", "))));
        }
        None => facts.push(said(labels.no_key())),
    }
    facts
}

fn of_run(state: &State, run: &Run, session: &Session) -> Vec<Fact> {
    let words = session.content.words;
    let (labels, plain) = (words.test(), words.plain());
    let rows = run.progress.rows();
    let mut facts = match run.state {
        RunState::Running => {
            vec![said(plain.testing(rows.len(), run.request.key.url.host()))]
        }
        _ => Vec::new(),
    };
    facts.extend(rows.iter().enumerate().filter_map(|(at, row)| check(row, at, run, session)));
    match run.state {
        RunState::Running => {
            let at = run.elapsed(session.now.since_start);
            facts.extend(waiting::likely_reason(&run.progress, &run.request, at, words).map(said));
            return facts;
        }
        RunState::Cancelled => facts.push(Fact::Said(Some(Tone::Warning), labels.stopped_headline().to_owned())),
        RunState::Finished => facts.push(verdict(run, session)),
    }
    if run.verdict() == Some(Verdict::Ready) {
        let purpose = session.draft.purpose(&session.content);
        let consumer = purpose.map_or(labels.your_client(), |purpose| purpose.title.as_str());
        facts.push(said(labels.ready(consumer, run.request.key.url.host())));
    }
    facts.extend(missing::watch_said(session).map(said));
    facts.extend(page::findings(&run.report.together, words));
    if run.progress.token().is_some() {
        facts.extend(roles(run, session));
    }
    if let Some(token) = run.progress.token().filter(|_| state.details) {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        facts.push(fact(labels.scopes(), &scopes.join(", "), words));
    }
    facts
}

/// A finished check.
fn check(row: &Row, at: usize, run: &Run, session: &Session) -> Option<Fact> {
    let words = session.content.words;
    let labels = words.plain();
    let (number, total) = (at + 1, run.progress.rows().len());
    let name = check_name(row, run, words);
    match &row.state {
        RowState::Finished { seen, .. } => {
            let title = describe::seen(seen, &session.content.findings, words);
            let result = title.trim_end_matches('.');
            Some(match describe::severity(seen) {
                None => said(labels.check_passed(number, total, name, result)),
                Some(Severity::Note) => said(labels.check_noted(number, total, name, result)),
                Some(Severity::Warning | Severity::Error) => said(labels.check_failed(number, total, name, result)),
            })
        }
        RowState::Running { .. } | RowState::Waiting { .. } | RowState::Pending => None,
    }
}

fn verdict(run: &Run, session: &Session) -> Fact {
    let verdict = run.report.verdict;
    let tone = match verdict {
        Verdict::Ready => Tone::Good,
        Verdict::Limited => Tone::Warning,
        _ => Tone::Error,
    };
    Fact::Said(Some(tone), session.content.words.plain().verdict(verdict_in_words(run, session.content.words)))
}

fn roles(run: &Run, session: &Session) -> Vec<Fact> {
    let words = session.content.words;
    let mut facts = vec![Fact::Heading(words.test().requested_roles().to_owned())];
    let roles = run.report.roles.iter().flatten();
    facts.extend(roles.map(|role| fact(&role.role, &describe::role(role, words), words)));
    if run.report.rests_on_scopes() {
        facts.push(said(words.check().caveat()));
    }
    facts
}
