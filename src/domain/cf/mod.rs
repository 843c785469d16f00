//! Cloud Foundry: the requests to its API, the meaning of the responses, and the order of operations.
//!
//! Sources: the code of cloud_controller_ng and UAA from 2024 to 2026, and responses recorded by SAP's Terraform
//! provider.

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
