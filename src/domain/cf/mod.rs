//! Cloud Foundry: what is asked of its API, what the answers mean, and in which order things are done.
//!
//! Facts: the source of cloud_controller_ng and UAA of 2024 to 2026, and answers recorded by SAP's Terraform provider.

pub mod call;
pub mod cf_cli;
pub mod describe;
pub mod goal;
pub mod kept;
pub mod login;
pub mod mark;
pub mod offer;
pub mod place;
pub mod plan;
pub mod refusal;
pub mod resource;
pub mod run;
pub mod ticket;
