//! Work with Cloud Foundry: `login`, `logout`, `create`, `instances`, `update-roles`, `rotate`, `delete`.
//!
//! Plans, questions and results are text; with `--json` or `--output -` standard output is kept for the object or the key,
//! and everything else goes to standard error. The order in which things are done is in `domain::cf::run`.

mod access;
mod api;
mod change;
mod delivery;
mod end;
mod kept;
mod list;
mod perform;
mod place;
mod shown;
mod update;

use serde::Serialize;

use super::{
    args::cloud::ChangeArgs,
    ask::can_ask,
    content,
    key::write_findings,
    output::Output,
    status::{Outcome, Status},
    systems,
};
use crate::{
    domain::{
        finding::{Explained, Finding},
        problem::Problem,
    },
    jobs::Context,
    words::Words,
};
pub use change::{create, delete, rotate};
pub use kept::{login, logout};
pub use list::instances;
pub use update::update_roles;

/// Why a command ends before it has done what was asked.
enum Stop {
    /// The person, the program or the machine.
    Problem(Problem),
    /// The login, the place, the platform; most important first.
    Findings(Vec<Finding>),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Stop::Problem(problem)
    }
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Self {
        Stop::Findings(vec![finding])
    }
}

/// Runs a command; findings that end it are written, in the object `refusal` if it is asked for.
fn ending<Refusal: Serialize>(
    json: bool,
    refusal: impl FnOnce(Vec<Explained>) -> Refusal,
    output: &mut Output<'_>,
    command: impl FnOnce(&Context, &mut Output<'_>) -> Result<Status, Stop>,
) -> Outcome {
    let context = systems::context(content())?;
    if json {
        output.set_aside();
    }
    match command(&context, output) {
        Ok(status) => Ok(status),
        Err(Stop::Problem(problem)) => Err(problem),
        Err(Stop::Findings(findings)) => {
            match json {
                true => output.json(&refusal(end::explained(&findings, &context.content)))?,
                false => write_findings(
                    &context.content.findings.explain_together(&findings, context.content.words),
                    output,
                )?,
            }
            Ok(findings.first().map_or(Status::Failed, Status::of))
        }
    }
}

/// Refuses up front what nobody could agree to later.
fn agreeable(change: ChangeArgs, words: Words) -> Result<(), Problem> {
    if change.dry_run || change.yes || can_ask() {
        return Ok(());
    }
    Err(words.cf_command().needs_yes().fill(&[]).unusable())
}
