//! `roles`: the catalogue.

use serde::Serialize;

use super::{
    args::{RolesArgs, RolesCommand},
    content,
    output::Output,
    status::{Outcome, Status},
};
use crate::domain::problem::Problem;
use crate::domain::{
    content::Content,
    sap::{
        parameters::InstanceParameters,
        plan::PlanId,
        purpose::{Comparison, Purpose},
        role::Role,
    },
};
use crate::words::Explanation;

/// `roles --json`
#[derive(Serialize)]
struct Listing<'a> {
    schema: u32,
    roles: Vec<Row<'a>>,
}

/// `roles --purpose A --compare B --json`
#[derive(Serialize)]
struct Compared<'a> {
    schema: u32,
    both: Vec<Row<'a>>,
    only_first: Vec<Row<'a>>,
    only_second: Vec<Row<'a>>,
}

/// One role of `roles --json`.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    area: &'a str,
    area_title: &'a str,
    brief: &'a str,
    allows: &'a str,
    note: &'a str,
    scopes: &'a [String],
    endpoints: &'a [String],
    contains: &'a [String],
    sensitive: bool,
    everywhere: bool,
    source: Option<&'a str>,
    /// Why the purpose asked for needs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
}

pub fn run(args: RolesArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    if let Some(RolesCommand::Explain { role }) = &args.command {
        return explain(role, &content, output);
    }
    let purpose = args.purpose.as_deref().and_then(|id| content.purpose(id));
    if let (Some(first), Some(second)) = (purpose, args.compare.as_deref().and_then(|id| content.purpose(id))) {
        return compare(first, second, args.json, &content, output);
    }
    let mut roles = content.catalogue.search(args.search.as_deref().unwrap_or_default());
    if let Some(purpose) = purpose {
        let place = |role: &&Role| purpose.roles.iter().position(|entry| entry.role == role.name);
        roles.retain(|role| place(role).is_some());
        roles.sort_by_key(place);
    }
    if args.json {
        let rows = roles.into_iter().map(|role| row(role, purpose, &content)).collect();
        output.json(&Listing { schema: 1, roles: rows })?;
        return Ok(Status::Done);
    }
    if roles.is_empty() {
        output.message("cpikey: No role is listed for that.");
    }
    match purpose {
        Some(purpose) => {
            for role in roles {
                output.line(listed(role))?;
                output.prose(4, purpose.why(&role.name).unwrap_or_default())?;
            }
        }
        None => list_by_area(&roles, &content, output)?,
    }
    Ok(Status::Done)
}

/// What two purposes share, and what only one of them needs.
fn compare(first: &Purpose, second: &Purpose, json: bool, content: &Content, output: &mut Output<'_>) -> Outcome {
    let found = Comparison::of(first, second);
    if json {
        let rows = |names: &[&str], purpose| {
            let roles = names.iter().filter_map(|name| content.catalogue.get(name));
            roles.map(|role| row(role, Some(purpose), content)).collect()
        };
        output.json(&Compared {
            schema: 1,
            both: rows(&found.both, first),
            only_first: rows(&found.only_first, first),
            only_second: rows(&found.only_second, second),
        })?;
        return Ok(Status::Done);
    }
    let groups = [
        ("Both".to_owned(), &found.both, first, second),
        (format!("Only {}", first.title), &found.only_first, first, second),
        (format!("Only {}", second.title), &found.only_second, second, first),
    ];
    for (index, (title, names, purpose, other)) in groups.into_iter().enumerate() {
        if index > 0 {
            output.line("")?;
        }
        output.line(title)?;
        if names.is_empty() {
            output.line("  no role")?;
        }
        for role in names.iter().filter_map(|name| content.catalogue.get(name)) {
            output.line(format!("  {}", listed(role)))?;
            output.prose(6, purpose.why(&role.name).unwrap_or_default())?;
            // A role that the other purpose lacks by name it may have by another role.
            if other.why(&role.name).is_none()
                && let Some(wider) = content.catalogue.covered_by(&role.name, &other.role_names())
            {
                output.prose(6, &format!("{} of {} covers it.", wider.name, other.title))?;
            }
        }
    }
    Ok(Status::Done)
}

fn list_by_area(roles: &[&Role], content: &Content, output: &mut Output<'_>) -> Result<(), Problem> {
    let mut first = true;
    for area in &content.catalogue.areas {
        let mut inside = roles.iter().filter(|role| role.area == area.id).peekable();
        if inside.peek().is_none() {
            continue;
        }
        if !std::mem::take(&mut first) {
            output.line("")?;
        }
        output.line(&area.title)?;
        for role in inside {
            output.line(format!("  {}", listed(role)))?;
        }
    }
    Ok(())
}

/// One line: the name, what it allows in a few words, and what to look out for.
fn listed(role: &Role) -> String {
    let mut line = format!("{:<34} {}", role.name, role.brief);
    for (mark, holds) in [("sensitive", role.sensitive), ("not on every landscape", !role.everywhere)] {
        if holds {
            line.push_str(&format!(" [{mark}]"));
        }
    }
    line
}

fn row<'a>(role: &'a Role, purpose: Option<&'a Purpose>, content: &'a Content) -> Row<'a> {
    let area = content.catalogue.areas.iter().find(|area| area.id == role.area);
    Row {
        name: &role.name,
        area: &role.area,
        area_title: area.map_or("", |area| &area.title),
        brief: &role.brief,
        allows: &role.allows,
        note: &role.note,
        scopes: &role.scopes,
        endpoints: &role.endpoints,
        contains: &role.contains,
        sensitive: role.sensitive,
        everywhere: role.everywhere,
        source: content.link(&role.source).map(|link| link.url.as_str()),
        why: purpose.and_then(|purpose| purpose.why(&role.name)),
    }
}

/// Explains a role of the plan integration-flow or a grant type. False where the name is neither.
fn explain_other(name: &str, content: &Content, output: &mut Output<'_>) -> Result<bool, Problem> {
    if let Some(role) = content.flow_role(name) {
        output.line(&role.name)?;
        output.prose(2, &role.allows)?;
        output.prose(2, &role.note)?;
        output.line(format!("\n  Plan\n    {}", PlanId::IntegrationFlow.as_str()))?;
        if let Some(link) = content.link(&role.source) {
            output.line(format!("\n  Documented at\n    {}", link.url))?;
        }
        return Ok(true);
    }
    let Some(grant) = content.grant_type(name) else { return Ok(false) };
    output.line(&grant.id)?;
    output.prose(2, &format!("A grant type; the cockpit's form calls it {}.", grant.title))?;
    output.prose(2, &grant.about)?;
    Ok(true)
}

fn explain(name: &str, content: &Content, output: &mut Output<'_>) -> Outcome {
    let Some(role) = content.catalogue.get(name) else {
        if explain_other(name, content, output)? {
            return Ok(Status::Done);
        }
        let asked = InstanceParameters::new(PlanId::Api).with_roles([name]);
        let problem = asked.refused(&content.catalogue).map(|problem| problem.explain(content.words));
        let Explanation { what, why, fix } = problem.unwrap_or_default();
        return Err(Problem::unusable(what, why, fix));
    };
    let row = row(role, None, content);
    output.line(row.name)?;
    output.prose(2, row.allows)?;
    output.prose(2, row.note)?;
    let purposes: Vec<&str> = content
        .purposes
        .iter()
        .filter(|purpose| purpose.why(&role.name).is_some())
        .map(|purpose| purpose.id.as_str())
        .collect();
    let names = |roles: Vec<&'_ Role>| roles.into_iter().map(|role| role.name.clone()).collect::<Vec<_>>();
    let composites = names(content.catalogue.personas_with(&role.name).collect());
    let narrower = names(content.catalogue.covered_roles(role).collect());
    let wider = names(content.catalogue.wider_roles(role).collect());
    let probes: Vec<String> = role
        .probes
        .iter()
        .filter_map(|id| content.probe(id))
        .map(|probe| format!("{} (GET /api/v1{})", probe.title, probe.path))
        .collect();
    let facts = [
        ("Area", vec![row.area_title]),
        ("Contains", row.contains.iter().map(String::as_str).collect()),
        ("Part of the persona", composites.iter().map(String::as_str).collect()),
        ("Covers", narrower.iter().map(String::as_str).collect()),
        ("Covered by", wider.iter().map(String::as_str).collect()),
        ("Purposes", purposes),
        ("Scopes in the token (inferred)", row.scopes.iter().map(String::as_str).collect()),
        ("Endpoints", row.endpoints.iter().map(String::as_str).collect()),
        ("Checked by reading", probes.iter().map(String::as_str).collect()),
        ("Documented at", row.source.into_iter().collect()),
    ];
    for (title, values) in facts.iter().filter(|(_, values)| !values.is_empty()) {
        output.line(format!("\n  {title}"))?;
        for value in values {
            output.line(format!("    {value}"))?;
        }
    }
    let sensitive = "It is sensitive: it opens or changes more than it seems. Give it only where it is needed.";
    let refused = role.not_everywhere().map(|problem| problem.explain(content.words).why);
    for warning in [role.sensitive.then(|| sensitive.to_owned()), refused].into_iter().flatten() {
        output.line("")?;
        output.prose(2, &warning)?;
    }
    Ok(Status::Done)
}
