//! The user's progress: the choices of steps 1 to 6, the ticked instructions, and the current step. Never a secret, so
//! that it can be saved after every step.

mod clean;
mod fit;
mod format;

pub use fit::{Dropped, Fitted};
pub use format::{ProgressDamage, VERSION};

use jiff::Timestamp;

use super::{
    cf::{place::Place, plan::Kind},
    draft::Draft,
    sap::guide::StepId,
};

/// The user's progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// When it was saved.
    pub saved_at: Timestamp,
    /// The current step.
    pub step: StepId,
    /// The furthest step reached.
    pub reached: StepId,
    /// Visited steps, in order.
    pub visited: Vec<StepId>,
    /// The choices, and the ticked instructions of the guide.
    pub draft: Draft,
    /// Resources created in Cloud Foundry, and where.
    pub cloud: Option<CloudProgress>,
}

/// Resources created in Cloud Foundry, and where. No login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloudProgress {
    /// API, org, space and login.
    pub place: Place,
    /// What existed at the last check.
    pub things: Vec<Thing>,
}

/// An instance or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its id, if it is known.
    pub guid: Option<String>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            saved_at: Timestamp::UNIX_EPOCH,
            step: StepId::Purpose,
            reached: StepId::Purpose,
            visited: Vec::new(),
            draft: Draft::default(),
            cloud: None,
        }
    }
}

#[cfg(test)]
mod tests;
