//! Where a person is.

use crate::domain::sap::guide::StepId;

/// A screen: a step of the route, or a place beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A step.
    Step(StepId),
    /// The saved systems. They open over a step, and closing them leads back to it.
    Systems,
}

impl From<StepId> for Place {
    fn from(step: StepId) -> Self {
        Self::Step(step)
    }
}
