//! Runs against the model: the order of requests, the outcome of each fault, and the final state.

mod changes;
mod creates;
mod driver;
mod faults;
mod interrupted;
mod refusals;
