//! Exit statuses.

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
    /// Wrong usage or unusable input.
    Unusable,
    /// All keys work, but one exceeds a limit: it has to be replaced, like a rejected one.
    Due,
    /// The verdict of the live test.
    Verdict(Verdict),
    /// What stopped a Cloud Foundry command.
    Ending(Ending),
    /// The user interrupted it.
    Interrupted,
}

/// The same status as for rejected credentials.
const DUE: u8 = 3;

impl Status {
    /// The exit code.
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

    /// The status for a finding that stopped a Cloud Foundry command.
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
