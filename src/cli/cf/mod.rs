//! Work with Cloud Foundry: `login`, `logout`, `create`, `instances`, `update-roles`, `rotate`, `delete`.
//!
//! Plans, questions and results are text; with `--json` or `--output -`, standard output is reserved for the object or
//! the key, and everything else goes to standard error. `domain::cf::run` defines the order of operations.

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

/// Why a command ends early.
enum Stop {
    /// A usage error or a local failure.
    Problem(Problem),
    /// Findings about login, place or platform; most important first.
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

/// Runs a command; findings that end it are written, as the object `refusal` if JSON is requested.
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

/// Refuses a change up front if there is no terminal to confirm it.
fn agreeable(change: ChangeArgs, words: Words) -> Result<(), Problem> {
    if change.dry_run || change.yes || can_ask() {
        return Ok(());
    }
    Err(words.cf_command().needs_yes().fill(&[]).unusable())
}
