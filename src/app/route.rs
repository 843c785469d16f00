//! The order of the steps, as in [`StepId::ALL`]. Nothing else accesses a step by its position.

use crate::domain::sap::guide::StepId;

/// How many steps there are.
pub fn length() -> usize {
    StepId::ALL.len()
}

/// The steps with their numbers, counted from 1.
pub fn numbers() -> impl Iterator<Item = (u8, StepId)> {
    (1..).zip(StepId::ALL)
}

/// How many steps come before this one.
pub fn position(step: StepId) -> usize {
    StepId::ALL.iter().position(|other| *other == step).unwrap_or_default()
}

/// The step with this number, counted from 1.
pub fn numbered(number: u8) -> Option<StepId> {
    StepId::ALL.get(usize::from(number).checked_sub(1)?).copied()
}

/// The step after this one.
pub fn next(step: StepId) -> Option<StepId> {
    StepId::ALL.get(position(step) + 1).copied()
}

/// The step before this one.
pub fn previous(step: StepId) -> Option<StepId> {
    StepId::ALL.get(position(step).checked_sub(1)?).copied()
}

/// Whether `step` comes after `other`.
pub fn is_after(step: StepId, other: StepId) -> bool {
    step > other
}
