//! Runs against the model: what is asked in which order, what comes of each fault, and what is there in the end.

mod changes;
mod creates;
mod driver;
mod faults;
mod interrupted;
mod refusals;
