//! The live connection test against real servers on this machine.
#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers beside them are not marked so")]

mod answers;
mod cloud;
mod made_key;
mod practice;
mod session;
#[path = "../support/mod.rs"]
mod support;
mod tls;
mod way;

use cpikey::domain::check::MONITORING_ROLE;

const ROLES: [&str; 5] = [
    MONITORING_ROLE,
    "WorkspacePackagesRead",
    "WorkspacePackagesConfigure",
    "AccessPoliciesRead",
    "AuthGroup_TenantPartnerDirectoryConfigurator",
];
