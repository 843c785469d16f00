//! The keys of the practice tenant.

use std::net::SocketAddr;

use serde_json::json;

use crate::domain::text::secret::Secret;

/// A key to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Short name: `works`.
    pub id: &'static str,
    /// The row in a list.
    pub title: &'static str,
    /// What it shows, one sentence.
    pub about: &'static str,
    /// The key as the cockpit shows it.
    pub text: Secret,
}

/// What the tenant does for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conduct {
    /// Grants every role.
    Works,
    /// Grants the scopes of all roles but a few, so that every purpose besides monitoring lacks a role.
    RoleMissing,
    /// The secret in the sample is not the client's.
    WrongSecret,
    /// A client of the plan `integration-flow`.
    WrongPlan,
    /// Grants every role and takes its time.
    Slow,
    /// The API is down for maintenance.
    Unavailable,
}

impl Conduct {
    /// All of them, in the order of the list.
    pub(super) const ALL: [Conduct; 6] = [
        Conduct::Works,
        Conduct::RoleMissing,
        Conduct::WrongSecret,
        Conduct::WrongPlan,
        Conduct::Slow,
        Conduct::Unavailable,
    ];

    /// The client id of the sample.
    pub(super) fn client_id(self) -> String {
        let number = self as usize + 1;
        let application = if self == Conduct::WrongPlan { "it-rt-practice!b5678" } else { "it!b5678" };
        format!("sb-0a1b2c3d-0000-4000-8000-{number:012}!b1234|{application}")
    }

    /// The secret that the token server accepts.
    pub(super) fn secret(self) -> String {
        let number = self as usize + 1;
        format!("11111111-2222-4333-8444-{number:012}$Practice-0123456789_AbCdEfGhIjKlMnOpQrStUvWx=")
    }

    /// Whose client that is.
    pub(super) fn of_client(client_id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|conduct| conduct.client_id() == client_id)
    }

    /// Name, title and what it shows.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Conduct::Works => ("works", "A key that works", "Every role that you ask for is granted."),
            Conduct::RoleMissing => (
                "role-missing",
                "A key with a role missing",
                "Token and monitoring work, but every purpose besides monitoring lacks one of its roles.",
            ),
            Conduct::WrongSecret => {
                ("wrong-secret", "A key with a wrong secret", "The token server rejects the client secret.")
            }
            Conduct::WrongPlan => (
                "wrong-plan",
                "A key of the wrong plan",
                "It belongs to an instance of the plan integration-flow and opens no API.",
            ),
            Conduct::Slow => ("slow", "A tenant that is slow", "Each answer takes two to three seconds."),
            Conduct::Unavailable => {
                ("unavailable", "A tenant in maintenance", "The token is issued, but the API answers 503.")
            }
        }
    }

    /// The key for a tenant that listens at `address`.
    fn sample(self, address: SocketAddr) -> Sample {
        let (id, title, about) = self.words();
        let secret = match self {
            Conduct::WrongSecret => self.secret().replace("Practice", "Mistyped"),
            _ => self.secret(),
        };
        let key = json!({"oauth": {
            "clientid": self.client_id(),
            "clientsecret": secret,
            "url": format!("http://{address}"),
            "createdate": "2026-01-02T03:04:05.678Z",
            "tokenurl": format!("http://{address}/oauth/token"),
        }});
        Sample { id, title, about, text: Secret::new(format!("{key:#}")) }
    }
}

/// All keys of a tenant that listens at `address`.
pub(super) fn all(address: SocketAddr) -> Vec<Sample> {
    Conduct::ALL.into_iter().map(|conduct| conduct.sample(address)).collect()
}
