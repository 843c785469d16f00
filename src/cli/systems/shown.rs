//! Saved systems as text and as JSON.

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::super::{key::word, output::Output};
use crate::domain::problem::Problem;
use crate::domain::{
    finding::Verdict,
    key::service_key::CredentialType,
    sap::plan::PlanId,
    systems::system::{System, Systems, days_between},
    text::safe_text::SafeText,
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

/// One line a system.
pub fn write_list(systems: &Systems, now: Timestamp, output: &mut Output<'_>) -> Result<(), Problem> {
    if systems.is_empty() {
        output.message("No system is saved. \"cpikey systems add NAME key.json\" saves one.");
    }
    let width = name_width(systems.iter());
    for system in systems.iter() {
        let tested = match system.last_test {
            None => "not tested".to_owned(),
            Some(test) => format!("{} on {}", test.verdict.as_str(), day(test.at)),
        };
        let expiry = expiry(system.expires, now).unwrap_or_default();
        let name = pad(system.name.as_str(), width);
        output.line(format!("{name}  {tested:<26}  {expiry:<28}  {}", system.url.as_str()))?;
    }
    Ok(())
}

/// One field a line.
pub fn write_one(system: &System, now: Timestamp, output: &mut Output<'_>) -> Result<(), Problem> {
    let expires = system.expires.zip(expiry(system.expires, now)).map(|(at, words)| format!("{at} ({words})"));
    let tested = system.last_test.map(|test| format!("{}, {}", test.verdict.as_str(), test.at));
    let facts = [
        ("name", Some(system.name.to_string())),
        ("note", Some(system.note.to_string()).filter(|note| !note.is_empty())),
        ("url", Some(system.url.as_str().to_owned())),
        ("tokenurl", Some(system.token_url.as_str().to_owned())),
        ("clientid", Some(system.client_id.to_string())),
        ("credentials", Some(word(&system.credential))),
        ("plan", Some(system.plan.as_str().to_owned())),
        ("purpose", system.purpose.as_ref().map(SafeText::to_string)),
        ("expires", expires),
        ("last test", Some(tested.unwrap_or_else(|| "not tested".to_owned()))),
    ];
    for (label, value) in facts.iter().filter_map(|(label, value)| value.as_ref().map(|value| (label, value))) {
        output.line(format!("{label:<13}{value}"))?;
    }
    Ok(())
}

/// How long the client certificate lasts, in words; `None` for a client secret.
pub fn expiry(expires: Option<Timestamp>, now: Timestamp) -> Option<String> {
    Some(match days_between(now, expires?) {
        days if days < -1 => format!("certificate expired {} days ago", -days),
        days if days < 0 => "certificate has expired".to_owned(),
        0 => "certificate expires today".to_owned(),
        1 => "certificate: 1 day left".to_owned(),
        days => format!("certificate: {days} days left"),
    })
}

/// Columns of the widest name.
pub fn name_width<'a>(systems: impl Iterator<Item = &'a System>) -> usize {
    systems.map(|system| system.name.as_str().width()).max().unwrap_or_default()
}

/// `text` filled up to `width` columns; names need not be of characters that are one column wide.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{:fill$}", "", fill = width.saturating_sub(text.width()))
}

/// The day in UTC.
fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}
