//! How far a person has come: the choices of steps 1 to 6, what was ticked off, and where they were. Never a secret, so that
//! it can be saved after every step.

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

/// How far a person has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// When it was saved.
    pub saved_at: Timestamp,
    /// The step on the screen.
    pub step: StepId,
    /// The furthest step that was reached.
    pub reached: StepId,
    /// Steps that were gone through, in their order.
    pub visited: Vec<StepId>,
    /// What was chosen, and which instructions of the guide were ticked.
    pub draft: Draft,
    /// What was made at Cloud Foundry, and where.
    pub cloud: Option<CloudProgress>,
}

/// What was made at Cloud Foundry, and where. No login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloudProgress {
    /// API, org, space and login.
    pub place: Place,
    /// What was there when it was last looked.
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
