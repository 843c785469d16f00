//! `instances`: the instances of a space or an org, with their keys.

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{
    access,
    end::{PlaceRow, explained},
    ending, place,
};
use crate::{
    cli::{
        args::cloud::InstancesArgs,
        key::write_findings,
        output::Output,
        status::{Outcome, Status},
        table::{Row as TableRow, Table},
    },
    domain::{
        cf::{
            describe,
            place::Place,
            resource::{Instance, ServiceKey},
            run::ExistingState,
        },
        finding::{Explained, Severity},
        problem::Problem,
        text::{safe_text::SafeText, when},
    },
    jobs::cf,
    platform::{env::Environment, zone},
};

/// `instances --json`
#[derive(Serialize)]
struct Listing<'a> {
    schema: u32,
    outcome: &'static str,
    place: Option<PlaceRow<'a>>,
    instances: Vec<InstanceRow<'a>>,
    findings: Vec<Explained>,
}

#[derive(Serialize)]
struct InstanceRow<'a> {
    name: &'a str,
    guid: &'a str,
    plan: Option<&'a str>,
    space: Option<&'a str>,
    state: &'static str,
    made_by_us: bool,
    created: Option<String>,
    /// As recorded by cpikey when it set them; otherwise `null`.
    roles: Option<&'a [String]>,
    keys: Vec<KeyRow<'a>>,
}

#[derive(Serialize)]
struct KeyRow<'a> {
    name: &'a str,
    guid: &'a str,
    state: &'static str,
    made_by_us: bool,
    created: Option<String>,
}

/// `instances`
pub fn instances(args: &InstancesArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    ending(args.json, refusal, output, |context, output| {
        let mut access = access::log_in(&args.place, true, context, environment, output)?;
        let place = match args.all_spaces {
            true => place::whole_org(&args.place, &mut access, output)?,
            false => place::choose(&args.place, &mut access, output)?,
        };
        let found = access.runtime.block_on(cf::instances(&mut access.session, &place, args.all_spaces))?;
        access.settle(context, output);
        if args.json {
            output.json(&Listing {
                schema: 1,
                outcome: "done",
                place: Some((&place).into()),
                instances: found.iter().map(row).collect(),
                findings: explained(&access.notes, &context.content),
            })?;
        } else {
            let zone = zone::local(environment);
            write(&found, &place, args.all_spaces, &zone, output)?;
            let findings = context.content.findings.explain_together(&access.notes, context.content.words);
            write_findings(&findings, output)?;
        }
        Ok(Status::Done)
    })
}

fn refusal(findings: Vec<Explained>) -> Listing<'static> {
    Listing { schema: 1, outcome: "refused", place: None, instances: Vec::new(), findings }
}

fn row((instance, keys): &(Instance, Vec<ServiceKey>)) -> InstanceRow<'_> {
    InstanceRow {
        name: &instance.name,
        guid: &instance.guid,
        plan: instance.plan.as_deref(),
        space: instance.space_name.as_deref(),
        state: ExistingState::of(&instance.operation).as_str(),
        made_by_us: instance.marks.made_by_us,
        created: instance.created.map(|at| at.to_string()),
        roles: instance.marks.roles.as_deref(),
        keys: keys.iter().map(key_row).collect(),
    }
}

fn key_row(key: &ServiceKey) -> KeyRow<'_> {
    KeyRow {
        name: &key.name,
        guid: &key.guid,
        state: ExistingState::of(&key.operation).as_str(),
        made_by_us: key.marks.made_by_us,
        created: key.created.map(|at| at.to_string()),
    }
}

/// One line per instance.
fn write(
    found: &[(Instance, Vec<ServiceKey>)],
    place: &Place,
    all_spaces: bool,
    zone: &TimeZone,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let (all, words) = (output.words(), output.words().cf_command());
    if found.is_empty() {
        output.message(match all_spaces {
            true => words.none_in_org(SafeText::line(&place.org.name)),
            false => words.none(place.shown()),
        });
    }
    let now = Timestamp::now();
    let age = |created: Option<Timestamp>| {
        created.map_or_else(|| words.unknown_age().to_owned(), |at| when::day(at, now, zone, all))
    };
    let by = |text: String, made_by_us: bool| if made_by_us { words.by_cpikey(text) } else { text };
    let key = |key: &ServiceKey| {
        let (name, state) = (SafeText::line(&key.name), ExistingState::of(&key.operation));
        let text = match state {
            ExistingState::Ready => words.with_age(name, age(key.created)),
            state => words.with_state(name, describe::existing_state(state, all), age(key.created)),
        };
        by(text, key.marks.made_by_us)
    };
    let for_people = output.page().columns.is_some();
    let row = |(instance, keys): &(Instance, Vec<ServiceKey>)| {
        let state = ExistingState::of(&instance.operation);
        let severity = match state {
            ExistingState::Ready => None,
            ExistingState::CreateFailed | ExistingState::DeleteFailed => Some(Severity::Error),
            _ => Some(Severity::Warning),
        };
        let keys: Vec<String> = keys.iter().map(key).collect();
        let space = instance.space_name.as_deref().filter(|_| all_spaces).unwrap_or_default();
        TableRow {
            sign: for_people.then_some(severity),
            cells: [
                instance.shown().to_string(),
                instance.plan.as_deref().map(|plan| SafeText::line(plan).to_string()).unwrap_or_default(),
                SafeText::line(space).to_string(),
                by(describe::existing_state(state, all).to_owned(), instance.marks.made_by_us),
                if keys.is_empty() { words.no_key().to_owned() } else { keys.join("; ") },
            ],
        }
    };
    let head = [words.instance(), words.plan(), words.space(), words.state(), words.keys()];
    Table { head, rows: found.iter().map(row).collect() }.write(output)
}
