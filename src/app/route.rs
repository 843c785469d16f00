//! The order of the steps. Nothing else knows it: a step says who it is, the route says when it comes.

use crate::domain::sap::guide::StepId;

/// The steps in the order in which the wizard goes through them.
pub const ROUTE: &[StepId] = &[
    StepId::Purpose,
    StepId::Plan,
    StepId::Instance,
    StepId::Roles,
    StepId::Create,
    StepId::Key,
    StepId::QuickFill,
    StepId::Test,
    StepId::HandOver,
];

/// How many steps come before this one.
pub fn position(step: StepId) -> usize {
    ROUTE.iter().position(|other| *other == step).unwrap_or_default()
}

/// The step with this number, counted from 1.
pub fn numbered(number: u8) -> Option<StepId> {
    ROUTE.get(usize::from(number).checked_sub(1)?).copied()
}

/// The step after this one.
pub fn next(step: StepId) -> Option<StepId> {
    ROUTE.get(position(step) + 1).copied()
}

/// The step before this one.
pub fn previous(step: StepId) -> Option<StepId> {
    ROUTE.get(position(step).checked_sub(1)?).copied()
}

/// Whether `step` comes after `other`.
pub fn is_after(step: StepId, other: StepId) -> bool {
    position(step) > position(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_on_the_route_once() {
        assert_eq!(ROUTE.len(), StepId::ALL.len());
        assert!(StepId::ALL.iter().all(|step| ROUTE.contains(step)));
    }
}
