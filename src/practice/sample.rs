//! The keys of the practice tenant.

use std::net::SocketAddr;

use serde_json::json;

use super::clients::{API_CLIENT, FLOW_CLIENT};
use crate::{domain::text::secret::Secret, words::Words};

/// A key to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    scenario: Scenario,
    /// The key as the cockpit shows it.
    pub text: Secret,
}

impl Sample {
    /// Short name: `works`.
    pub fn id(&self) -> &'static str {
        self.scenario.id()
    }

    /// The row in a list.
    pub fn title(&self, words: Words) -> &'static str {
        self.scenario.words(words).0
    }

    /// What it demonstrates, in one sentence.
    pub fn about(&self, words: Words) -> &'static str {
        self.scenario.words(words).1
    }
}

/// How the tenant treats a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scenario {
    /// Grants every role.
    Works,
    /// Grants the scopes of almost all roles, so that every purpose except monitoring lacks a role.
    RoleMissing,
    /// The secret in the sample is not the client's.
    WrongSecret,
    /// A client of the plan `integration-flow`.
    WrongPlan,
    /// Grants every role, but slowly.
    Slow,
    /// The API is down for maintenance.
    Unavailable,
    /// Like `RoleMissing`, until the update of the instance has taken effect.
    RoleArrives,
}

impl Scenario {
    /// All of them, in the order of the list.
    pub(super) const ALL: [Scenario; 7] = [
        Scenario::Works,
        Scenario::RoleMissing,
        Scenario::WrongSecret,
        Scenario::WrongPlan,
        Scenario::Slow,
        Scenario::Unavailable,
        Scenario::RoleArrives,
    ];

    /// The client id of the sample.
    pub(super) fn client_id(self) -> String {
        let number = self as usize + 1;
        let application = if self == Scenario::WrongPlan { FLOW_CLIENT } else { API_CLIENT };
        format!("sb-0a1b2c3d-0000-4000-8000-{number:012}!b1234{application}")
    }

    /// The secret that the token server accepts.
    pub(super) fn secret(self) -> String {
        let number = self as usize + 1;
        format!("11111111-2222-4333-8444-{number:012}$Practice-0123456789_AbCdEfGhIjKlMnOpQrStUvWx=")
    }

    /// The scenario of a client.
    pub(super) fn of_client(client_id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scenario| scenario.client_id() == client_id)
    }

    fn id(self) -> &'static str {
        match self {
            Scenario::Works => "works",
            Scenario::RoleMissing => "role-missing",
            Scenario::WrongSecret => "wrong-secret",
            Scenario::WrongPlan => "wrong-plan",
            Scenario::Slow => "slow",
            Scenario::Unavailable => "unavailable",
            Scenario::RoleArrives => "role-arrives",
        }
    }

    /// Title and description.
    fn words(self, words: Words) -> (&'static str, &'static str) {
        let words = words.practice();
        match self {
            Scenario::Works => (words.works(), words.works_about()),
            Scenario::RoleMissing => (words.role_missing(), words.role_missing_about()),
            Scenario::WrongSecret => (words.wrong_secret(), words.wrong_secret_about()),
            Scenario::WrongPlan => (words.wrong_plan(), words.wrong_plan_about()),
            Scenario::Slow => (words.slow(), words.slow_about()),
            Scenario::Unavailable => (words.unavailable(), words.unavailable_about()),
            Scenario::RoleArrives => (words.role_arrives(), words.role_arrives_about()),
        }
    }

    /// The key for a tenant that listens at `address`.
    fn sample(self, address: SocketAddr) -> Sample {
        let secret = match self {
            Scenario::WrongSecret => self.secret().replace("Practice", "Mistyped"),
            _ => self.secret(),
        };
        let key = json!({"oauth": {
            "clientid": self.client_id(),
            "clientsecret": secret,
            "url": format!("http://{address}"),
            "createdate": "2026-01-02T03:04:05.678Z",
            "tokenurl": format!("http://{address}/oauth/token"),
        }});
        Sample { scenario: self, text: Secret::new(format!("{key:#}")) }
    }
}

/// All keys of a tenant that listens at `address`.
pub(super) fn all(address: SocketAddr) -> Vec<Sample> {
    Scenario::ALL.into_iter().map(|scenario| scenario.sample(address)).collect()
}
