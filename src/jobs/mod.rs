//! Use cases: what the wizard and the commands both do, written once.
//!
//! A use case takes what it needs as arguments, reports progress to a function, and returns a value or a
//! [`Problem`](crate::domain::problem::Problem). It knows neither messages nor screens nor printing: `runtime` wraps
//! what comes back into messages, `cli` prints it.

pub mod read_file;
pub mod write_export;
pub mod write_files;
