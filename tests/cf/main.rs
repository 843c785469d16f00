//! Cloud Foundry: the practice tenant's model of it, and what can go wrong with it.
#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers beside them are not marked so")]

mod model;
mod person;
#[path = "../support/refusals.rs"]
mod refusals;
mod rows;
mod run;
