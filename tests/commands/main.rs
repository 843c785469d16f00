//! The output of `domain::commands`, parsed and run by the intended programs.

#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers are such, though not marked so")]

#[cfg(unix)]
mod cf;
mod cli;
#[cfg(unix)]
mod complete;
mod help;
mod output;
mod terraform;

use cpikey::domain::{
    handover::choices::Choices,
    sap::{
        key_parameters::{KeyParameters, KeyType},
        parameters::InstanceParameters,
        plan::PlanId,
    },
};

/// Choices that contain every difficult case.
fn choices() -> Choices {
    let parameters = InstanceParameters::new(PlanId::Api).with_roles(["MonitoringDataRead", "WorkspacePackagesRead"]);
    Choices {
        endpoints: vec!["https://api.cf.eu10-003.hana.ondemand.com".to_owned()],
        org: "R&D".to_owned(),
        space: "it's \"dev\" $HOME `id` ${x}".to_owned(),
        ..Choices::new(parameters, "cpi-api", "cpi-key")
    }
}

/// The same with a certificate key and without region, org and space.
fn bare() -> Choices {
    let key_parameters = KeyParameters { validity: 90, ..KeyParameters::new(KeyType::Certificate) };
    Choices { endpoints: Vec::new(), org: String::new(), space: String::new(), key_parameters, ..choices() }
}
