//! Where the user is.

use crate::domain::sap::guide::StepId;

/// A screen: a step of the wizard, or one opened over a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A step.
    Step(StepId),
    /// The saved systems. They open over a step, and closing them returns to it.
    Systems,
    /// Cloud Foundry: cpikey itself does what the guide explains. It opens over a step like the saved systems.
    Cloud,
}

impl From<StepId> for Place {
    fn from(step: StepId) -> Self {
        Self::Step(step)
    }
}
