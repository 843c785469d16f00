//! The details SAP support needs after a failure: the resource, the time, the request id.

use super::{
    describe,
    plan::Kind,
    resource::OFFERING,
    run::{Existing, Run},
};
use crate::{
    domain::{
        finding::{Ending, Fact, Finding},
        text::{safe_text::SafeText, shown::Shown as _},
    },
    words::Words,
};

/// The details of a failure, as labels and values; empty if there is nothing to report in a ticket.
pub fn failed(run: &Run, words: Words) -> Vec<(&'static str, String)> {
    let Some(end) = run.end().filter(|end| !end.stopped) else { return Vec::new() };
    let labels = words.cf();
    let mut facts: Vec<(&'static str, String)> = Vec::new();
    for thing in run.exists().iter().filter(|thing| thing.state.is_failed()) {
        facts.extend(about(thing, words));
    }
    let said = end.findings.first().filter(|finding| finding.code.ending() == Some(Ending::Platform));
    if facts.is_empty() {
        let id = said.and_then(|finding| finding.evidence.as_ref()).and_then(Fact::request_id);
        facts.extend(id.map(|id| (labels.ticket_request(), id.to_string())));
    }
    facts
}

/// A failed resource: its kind, its id, when it failed, and its request.
fn about(thing: &Existing, words: Words) -> Vec<(&'static str, String)> {
    let labels = words.cf();
    let name = match thing.kind {
        Kind::Instance => labels.ticket_instance(),
        Kind::Key => labels.ticket_key(),
    };
    let state = describe::existing_state(thing.state, words);
    let guid = thing.guid.as_deref().map(|guid| (labels.ticket_guid(), SafeText::line(guid).to_string()));
    let at = thing.updated.as_deref().map(|at| (labels.ticket_time(), SafeText::line(at).to_string()));
    let request = thing.request_id.as_ref().map(|id| (labels.ticket_request(), id.to_string()));
    let named = (name, labels.ticket_named(SafeText::line(&thing.name), state));
    std::iter::once(named).chain(guid).chain(at).chain(request).collect()
}

/// The complete text to paste into a ticket: what failed, the message, the place.
pub fn text(run: &Run, title: &str, words: Words) -> String {
    let labels = words.cf();
    let (place, named) =
        (run.place(), |name: &str, guid: &str| labels.ticket_named(SafeText::line(name), SafeText::line(guid)));
    let said = run.end().and_then(|end| end.findings.first()).and_then(said).map(|said| said.shown(words));
    let plan = run.goal().plan().map_or(OFFERING.to_owned(), |plan| format!("{OFFERING}, {}", plan.as_str()));
    let mut lines = vec![(labels.ticket_problem(), title.to_owned())];
    lines.extend(said.map(|said| (labels.ticket_said(), said)));
    lines.extend(failed(run, words));
    lines.extend([
        (labels.ticket_service(), plan),
        (labels.ticket_api(), SafeText::line(&place.api).to_string()),
        (labels.ticket_org(), named(&place.org.name, &place.org.guid)),
        (labels.ticket_space(), named(&place.space.name, &place.space.guid)),
    ]);
    let line = |(label, value): (&str, String)| labels.ticket_line(label, value) + "\n";
    lines.into_iter().map(line).collect()
}

/// The message of the broker or the platform, without the id, which has its own line.
fn said(finding: &Finding) -> Option<&Fact> {
    finding.evidence.as_ref().map(Fact::brief)
}
