//! How far a person has come: the choices of steps 1 to 6, what was ticked off, and where they were. Never a secret, so that
//! it can be saved after every step.

mod clean;
mod fit;
mod format;

pub use fit::{Dropped, Fitted};
pub use format::{ProgressDamage, VERSION};

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::sap::{guide::StepId, key_parameters::KeyParameters, parameters::InstanceParameters, plan::PlanId};

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
    /// Id of the purpose.
    pub purpose: Option<String>,
    /// Plan, roles, grant types, redirect URIs, token validity.
    pub parameters: InstanceParameters,
    /// Name of the service instance.
    pub instance: String,
    /// Region id, may be empty.
    pub region: String,
    /// Cloud Foundry org, may be empty.
    pub org: String,
    /// Cloud Foundry space, may be empty.
    pub space: String,
    /// Name of the service key.
    pub key_name: String,
    /// What kind of key.
    pub key_parameters: KeyParameters,
    /// Ticked instructions of the guide, as `page/instruction`.
    pub ticks: BTreeSet<String>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            saved_at: Timestamp::UNIX_EPOCH,
            step: StepId::Purpose,
            reached: StepId::Purpose,
            visited: Vec::new(),
            purpose: None,
            parameters: InstanceParameters::new(PlanId::Api),
            instance: String::new(),
            region: String::new(),
            org: String::new(),
            space: String::new(),
            key_name: String::new(),
            key_parameters: KeyParameters::default(),
            ticks: BTreeSet::new(),
        }
    }
}

#[cfg(test)]
mod tests;
