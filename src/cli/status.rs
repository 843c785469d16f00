//! How a command ends.

use std::process::ExitCode;

use crate::{
    domain::finding::Verdict,
    platform::{fault::Fault, saved::SavedFault},
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
    /// What the live test came to.
    Verdict(Verdict),
}

impl Status {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::Failed => 1,
            Status::Unusable => 2,
            Status::Verdict(verdict) => verdict.exit_status(),
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(status.code())
    }
}

/// Why a command could not do what it was asked for. Texts are whole sentences without foreign control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// How the program ends.
    pub status: Status,
    /// What happened.
    pub what: String,
    /// Why that is.
    pub why: String,
    /// What to do.
    pub fix: String,
}

impl Failure {
    /// The arguments or the input cannot be used.
    pub fn unusable(what: impl Into<String>, why: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { status: Status::Unusable, what: what.into(), why: why.into(), fix: fix.into() }
    }

    /// The program itself failed.
    pub fn internal(what: impl Into<String>, why: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { status: Status::Failed, ..Self::unusable(what, why, fix) }
    }
}

impl From<Fault> for Failure {
    fn from(Fault { what, why, fix }: Fault) -> Self {
        Self::internal(what, why, fix)
    }
}

impl From<SavedFault> for Failure {
    fn from(fault: SavedFault) -> Self {
        // The files are this program's own; all else is what was asked for or what this account has.
        let status = if matches!(fault, SavedFault::Files(_)) { Status::Failed } else { Status::Unusable };
        Self { status, ..Fault::from(fault).into() }
    }
}

/// What a command gives back.
pub type Outcome = Result<Status, Failure>;
