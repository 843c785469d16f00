//! `purposes`: the purposes of a key.

use serde::Serialize;

use super::{
    args::PurposesArgs,
    content,
    output::{GAP, Output},
    status::{Outcome, Status},
};
use crate::{
    domain::{
        problem::Problem,
        sap::{plan::PlanId, purpose::Purpose},
        text::columns::widest,
    },
    words::Words,
};

/// Purposes with more roles than this are not listed in full; `roles --purpose` prints them.
const FEW_ROLES: usize = 12;

/// `purposes --json`
#[derive(Serialize)]
struct Listing<'a> {
    schema: u32,
    purposes: Vec<Row<'a>>,
}

/// One purpose.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    summary: &'a str,
    about: &'a str,
    warning: &'a str,
    plan: PlanId,
    roles: Vec<&'a str>,
}

pub fn run(args: &PurposesArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    if args.json {
        output.json(&Listing { schema: 1, purposes: content.purposes.iter().map(row).collect() })?;
        return Ok(Status::Done);
    }
    let words = content.words;
    let ids = widest(content.purposes.iter().map(|purpose| purpose.id.as_str()));
    let count = widest([words.tables().roles()].into_iter());
    let column = ids + GAP + count;
    let heading = name(words.tables().purpose(), ids, words.tables().roles(), count);
    output.head(0, &heading, column, words.tables().about())?;
    for purpose in content.purposes.iter() {
        let name = name(&purpose.id, ids, &purpose.roles.len().to_string(), count);
        output.entry(0, &name, column, &purpose.summary)?;
        write_roles(purpose, column + GAP, words, output)?;
    }
    Ok(Status::Done)
}

/// The id in its column, the number of roles right-aligned.
fn name(id: &str, ids: usize, roles: &str, count: usize) -> String {
    format!("{id:ids$}{:GAP$}{roles:>count$}", "")
}

fn write_roles(purpose: &Purpose, indent: usize, words: Words, output: &mut Output<'_>) -> Result<(), Problem> {
    match purpose.role_names().as_slice() {
        [] => output.prose(indent, words.purposes_command().no_roles()),
        names if names.len() > FEW_ROLES => output.prose(indent, &words.purposes_command().more_roles(&purpose.id)),
        names => output.prose(indent, &names.join(", ")),
    }
}

fn row(purpose: &Purpose) -> Row<'_> {
    Row {
        id: &purpose.id,
        title: &purpose.title,
        summary: &purpose.summary,
        about: &purpose.about,
        warning: &purpose.warning,
        plan: purpose.plan,
        roles: purpose.roles.iter().map(|entry| entry.role.as_str()).collect(),
    }
}
