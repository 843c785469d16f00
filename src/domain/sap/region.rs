//! Regions of the Cloud Foundry environment.

use serde::Deserialize;

/// One region (`assets/facts/regions.toml` and its words).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// `eu10`
    pub id: String,
    /// `Europe (Frankfurt)`
    pub name: String,
    /// `Amazon Web Services`
    pub provider: String,
    /// Cloud Foundry API endpoints without scheme, `api.cf.eu10-003.hana.ondemand.com`.
    pub endpoints: Vec<String>,
    /// URL of its cockpit.
    pub cockpit: String,
    /// Whether the service `it-rt` is offered.
    pub offered: Offered,
    /// Whether there is a trial of Integration Suite.
    pub trial: bool,
}

/// Whether a region offers the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offered {
    /// SAP's public catalogue lists the region for it.
    Yes,
    /// The catalogue covers the region and does not list it.
    No,
    /// The catalogue does not cover the region. China: tenants with the service exist there.
    Unknown,
}
