//! Saved systems as text and as JSON.

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::super::{
    output::Output,
    table::{Row as TableRow, Table},
};
use crate::{
    domain::{
        finding::{Severity, Verdict},
        key::service_key::CredentialType,
        problem::Problem,
        sap::plan::PlanId,
        systems::{
            describe,
            system::{System, Systems},
        },
        text::{
            safe_text::SafeText,
            when::{day, when},
        },
    },
    words::Words,
};

/// Version of the objects.
const SCHEMA: u32 = 1;

/// `systems list --json`
#[derive(Serialize)]
pub struct List<'a> {
    schema: u32,
    systems: Vec<Row<'a>>,
}

/// `systems show --json`
#[derive(Serialize)]
pub struct One<'a> {
    schema: u32,
    #[serde(flatten)]
    system: Row<'a>,
}

/// One system.
#[derive(Serialize)]
pub struct Row<'a> {
    name: &'a str,
    note: &'a SafeText,
    url: &'a str,
    token_url: &'a str,
    client_id: &'a SafeText,
    #[serde(rename = "type")]
    credential: CredentialType,
    plan: PlanId,
    purpose: Option<&'a SafeText>,
    expires: Option<String>,
    saved: Option<String>,
    last_test: Option<Test>,
}

#[derive(Serialize)]
struct Test {
    verdict: Verdict,
    at: String,
}

fn row(system: &System) -> Row<'_> {
    Row {
        name: system.name.as_str(),
        note: &system.note,
        url: system.url.as_str(),
        token_url: system.token_url.as_str(),
        client_id: &system.client_id,
        credential: system.credential,
        plan: system.plan,
        purpose: system.purpose.as_ref(),
        expires: system.expires.map(|at| at.to_string()),
        saved: system.saved.map(|at| at.to_string()),
        last_test: system.last_test.map(|test| Test { verdict: test.verdict, at: test.at.to_string() }),
    }
}

/// The object for all systems.
pub fn list(systems: &Systems) -> List<'_> {
    List { schema: SCHEMA, systems: systems.iter().map(row).collect() }
}

/// The object for one system.
pub fn one(system: &System) -> One<'_> {
    One { schema: SCHEMA, system: row(system) }
}

/// One line per system.
pub fn write_list(
    systems: &Systems,
    now: Timestamp,
    zone: &TimeZone,
    words: Words,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    if systems.is_empty() {
        output.message(words.systems().none());
    }
    let for_people = output.page().columns.is_some();
    let row = |system: &System| {
        let last_test = describe::last_test(system.last_test, now, zone, words);
        let expiry = describe::expiry(system.expires, now, words).unwrap_or_default();
        // A script may use the URL; for people the host is enough.
        let place = if for_people { system.url.host() } else { system.url.as_str() };
        let severity = system.last_test.map_or(Some(Severity::Note), |test| test.verdict.severity());
        TableRow {
            sign: for_people.then_some(severity),
            cells: [system.name.to_string(), last_test, expiry, place.to_owned()],
        }
    };
    let labels = words.tables();
    let head = [labels.system(), labels.last_test(), labels.certificate(), labels.host()];
    Table { head, rows: systems.iter().map(row).collect() }.write(output)
}

/// One field per line.
pub fn write_one(
    system: &System,
    now: Timestamp,
    zone: &TimeZone,
    words: Words,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let labels = words.systems();
    let facts = [
        (labels.name(), Some(system.name.to_string())),
        (labels.note(), Some(system.note.to_string()).filter(|note| !note.is_empty())),
        (labels.url(), Some(system.url.as_str().to_owned())),
        (labels.token_url(), Some(system.token_url.as_str().to_owned())),
        (labels.client_id(), Some(system.client_id.to_string())),
        (labels.credentials(), Some(system.credential.title(words).to_owned())),
        (labels.plan(), Some(system.plan.as_str().to_owned())),
        (labels.purpose(), system.purpose.as_ref().map(SafeText::to_string)),
        (labels.expires(), system.expires.map(|at| day(at, now, zone, words))),
        (labels.saved(), system.saved.map(|at| when(at, now, zone, words))),
        (labels.last_test(), Some(describe::last_test(system.last_test, now, zone, words))),
    ];
    let rows: Vec<_> = facts.into_iter().filter_map(|(label, value)| Some((label, value?))).collect();
    output.rows(&rows)
}
