//! How a command ends.

use std::process::ExitCode;

use crate::domain::{
    finding::{Ending, Finding, Verdict},
    problem::{Problem, ProblemKind},
};

/// The exit statuses of `docs/contract.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Done,
    /// The program itself failed.
    Failed,
    /// Usage, or the input is not usable.
    Unusable,
    /// All keys work, and one passes a limit: somebody has to replace it, as one that is rejected.
    Due,
    /// What the live test came to.
    Verdict(Verdict),
    /// What stopped work with Cloud Foundry.
    Ending(Ending),
    /// The person stopped it.
    Interrupted,
}

/// The status that rejected credentials have.
const DUE: u8 = 3;

impl Status {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::Failed => 1,
            Status::Unusable => 2,
            Status::Due => DUE,
            Status::Verdict(verdict) => verdict.exit_status(),
            Status::Ending(ending) => ending.exit_status(),
            Status::Interrupted => 130,
        }
    }

    /// What a finding leads to that stopped work with Cloud Foundry.
    pub fn of(finding: &Finding) -> Self {
        match (finding.code.ending(), finding.code.verdict()) {
            (Some(ending), _) => Status::Ending(ending),
            (None, Some(verdict)) => Status::Verdict(verdict),
            (None, None) => Status::Ending(Ending::Platform),
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(status.code())
    }
}

impl From<ProblemKind> for Status {
    fn from(kind: ProblemKind) -> Self {
        match kind {
            ProblemKind::Unusable => Status::Unusable,
            ProblemKind::Failed => Status::Failed,
        }
    }
}

/// What a command returns.
pub type Outcome = Result<Status, Problem>;
