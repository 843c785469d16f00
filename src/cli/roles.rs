//! `roles`: the catalogue.

use serde::Serialize;

use super::{
    args::roles::{RolesArgs, RolesCommand},
    content,
    output::Output,
    status::{Outcome, Status},
    style::Meaning,
};
use crate::domain::problem::Problem;
use crate::domain::{
    content::Content,
    sap::{
        parameters::InstanceParameters,
        plan::PlanId,
        purpose::{Comparison, Purpose},
        role::{Area, Role},
    },
    text::columns::widest,
};

/// The signs of the wizard for a role that is sensitive, and for one that is not everywhere.
const SENSITIVE: char = '!';
const NOT_EVERYWHERE: char = '~';

/// The maximum width of the name column; a longer name gets its own line.
const NAME_COLUMN: usize = 34;

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
    /// Why the requested purpose needs it.
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
    let mistaken = args.search.as_deref().and_then(|query| content.catalogue.name_in_search(query));
    if let Some(problem) = mistaken.and_then(|name| content.catalogue.why_not_a_role(name)) {
        let said = problem.explain(content.words);
        output.message(content.words.roles().no_role(said.what, said.why));
    }
    if args.json {
        let rows = roles.into_iter().map(|role| row(role, purpose, &content)).collect();
        output.json(&Listing { schema: 1, roles: rows })?;
        return Ok(Status::Done);
    }
    if roles.is_empty() {
        output.remark(content.words.roles_command().none());
    }
    let width = widest(roles.iter().map(|role| role.name.as_str())).min(NAME_COLUMN);
    let listed = roles.clone();
    match purpose {
        Some(purpose) => {
            output.heading(&purpose.title)?;
            for text in [&purpose.about, &purpose.warning] {
                output.prose(2, text)?;
            }
            output.line("")?;
            for role in roles {
                write_role(role, 0, width, output)?;
                output.prose(4, purpose.why(&role.name).unwrap_or_default())?;
            }
        }
        None => list_by_area(&roles, width, &content, output)?,
    }
    legend(&listed, output)?;
    Ok(Status::Done)
}

/// A legend of the signs that occur.
fn legend(roles: &[&Role], output: &mut Output<'_>) -> Result<(), Problem> {
    let words = output.words().roles_command();
    let meanings = [
        (roles.iter().any(|role| role.sensitive), SENSITIVE, words.sensitive_sign()),
        (roles.iter().any(|role| !role.everywhere), NOT_EVERYWHERE, words.not_everywhere_sign()),
    ];
    let said: Vec<String> =
        meanings.iter().filter(|(is_there, ..)| *is_there).map(|(_, sign, means)| format!("{sign} {means}")).collect();
    if said.is_empty() || output.page().columns.is_none() {
        return Ok(());
    }
    output.line("")?;
    output.line(said.join("   "))
}

/// The roles that two purposes share, and those that only one of them needs.
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
    let words = content.words.roles_command();
    let groups = [
        (words.both().to_owned(), &found.both, first, second),
        (words.only(&first.title), &found.only_first, first, second),
        (words.only(&second.title), &found.only_second, second, first),
    ];
    let width = widest(groups.iter().flat_map(|(_, names, ..)| names.iter().copied())).min(NAME_COLUMN);
    for (index, (title, names, purpose, other)) in groups.into_iter().enumerate() {
        if index > 0 {
            output.line("")?;
        }
        output.heading(&title)?;
        if names.is_empty() {
            output.line(format!("  {}", words.no_role()))?;
        }
        for role in names.iter().filter_map(|name| content.catalogue.get(name)) {
            write_role(role, 2, width, output)?;
            output.prose(6, purpose.why(&role.name).unwrap_or_default())?;
            // The other purpose may have this role's permissions through another role.
            if other.why(&role.name).is_none()
                && let Some(wider) = content.catalogue.covered_by(&role.name, &other.role_names())
            {
                output.prose(6, &words.covered(&wider.name, &other.title))?;
            }
        }
    }
    Ok(Status::Done)
}

fn list_by_area(roles: &[&Role], width: usize, content: &Content, output: &mut Output<'_>) -> Result<(), Problem> {
    let mut first = true;
    let words = output.words().tables();
    // The signs have no heading.
    output.head(2, words.role(), width, &format!("   {}", words.allows()))?;
    // A search lists the best match first.
    let mut areas: Vec<&Area> = content.catalogue.areas.iter().collect();
    areas.sort_by_key(|area| roles.iter().position(|role| role.area == area.id));
    for area in areas {
        let mut inside = roles.iter().filter(|role| role.area == area.id).peekable();
        if inside.peek().is_none() {
            continue;
        }
        if !std::mem::take(&mut first) {
            output.line("")?;
        }
        output.heading(&area.title)?;
        for role in inside {
            write_role(role, 2, width, output)?;
        }
    }
    Ok(())
}

/// The name in a column of `width`, a brief description, and warnings.
fn write_role(role: &Role, indent: usize, width: usize, output: &mut Output<'_>) -> Result<(), Problem> {
    let words = output.words().roles_command();
    if output.page().columns.is_some() {
        let sensitive = if role.sensitive { SENSITIVE } else { ' ' };
        let rare = if role.everywhere { ' ' } else { NOT_EVERYWHERE };
        let signs = format!("{sensitive}{rare} ");
        // The signs have their own columns.
        return output.signed_name(indent, &role.name, width, &signs, &role.brief);
    }
    let mut about = role.brief.clone();
    for mark in
        [role.sensitive.then(|| words.sensitive_mark()), (!role.everywhere).then(|| words.not_everywhere_mark())]
    {
        about.extend(mark.into_iter().flat_map(|mark| [" ", mark]));
    }
    output.entry(indent, &role.name, width, &about)
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

/// Explains a role of the plan integration-flow or a grant type. Returns false if the name is neither.
fn explain_other(name: &str, content: &Content, output: &mut Output<'_>) -> Result<bool, Problem> {
    let words = content.words.roles_command();
    if let Some(role) = content.flow_role(name) {
        output.heading(&role.name)?;
        output.prose(2, &role.allows)?;
        output.prose(2, &role.note)?;
        write_fact(words.plan(), &[PlanId::IntegrationFlow.as_str()], output)?;
        let source = content.link(&role.source).map(|link| link.url.as_str());
        write_fact(words.source(), &Vec::from_iter(source), output)?;
        return Ok(true);
    }
    let Some(grant) = content.grant_type(name) else { return Ok(false) };
    output.heading(&grant.id)?;
    output.prose(2, &words.grant_type(&grant.title))?;
    output.prose(2, &grant.about)?;
    Ok(true)
}

/// A heading with its values below, if there are any.
fn write_fact(heading: &str, values: &[impl AsRef<str>], output: &mut Output<'_>) -> Result<(), Problem> {
    if values.is_empty() {
        return Ok(());
    }
    let heading = output.page().paint(heading, Meaning::Strong);
    output.line(format!("\n  {heading}"))?;
    values.iter().try_for_each(|value| output.line(format!("    {}", value.as_ref())))
}

fn explain(name: &str, content: &Content, output: &mut Output<'_>) -> Outcome {
    let Some(role) = content.catalogue.get(name) else {
        if explain_other(name, content, output)? {
            return Ok(Status::Done);
        }
        let asked = InstanceParameters::new(PlanId::Api).with_roles([name]);
        let problem = asked.refused(&content.catalogue).map(|problem| problem.explain(content.words));
        return Err(problem.unwrap_or_default().unusable());
    };
    let row = row(role, None, content);
    output.heading(row.name)?;
    output.prose(2, row.allows)?;
    output.prose(2, row.note)?;
    let purposes: Vec<&str> = content
        .purposes
        .iter()
        .filter(|purpose| purpose.why(&role.name).is_some())
        .map(|purpose| purpose.id.as_str())
        .collect();
    let names = |roles: Vec<&Role>| roles.into_iter().map(|role| role.name.clone()).collect::<Vec<_>>();
    let words = content.words.roles_command();
    let probes: Vec<String> = role
        .probes
        .iter()
        .filter_map(|id| content.probe(id))
        .map(|probe| words.probe(&probe.title, format!("/api/v1{}", probe.path)))
        .collect();
    write_fact(words.area(), &[row.area_title], output)?;
    write_fact(words.contains(), row.contains, output)?;
    write_fact(words.persona(), &names(content.catalogue.personas_with(&role.name).collect()), output)?;
    write_fact(words.covers(), &names(content.catalogue.covered_roles(role).collect()), output)?;
    write_fact(words.covered_by(), &names(content.catalogue.wider_roles(role).collect()), output)?;
    write_fact(words.purposes(), &purposes, output)?;
    write_fact(words.scopes(), row.scopes, output)?;
    write_fact(words.endpoints(), row.endpoints, output)?;
    write_fact(words.probes(), &probes, output)?;
    write_fact(words.source(), &Vec::from_iter(row.source), output)?;
    let sensitive = role.sensitive.then(|| words.sensitive().to_owned());
    let refused = role.not_everywhere().map(|problem| problem.explain(content.words).why);
    for warning in [sensitive, refused].into_iter().flatten() {
        output.line("")?;
        output.prose(2, &warning)?;
    }
    Ok(Status::Done)
}
