//! Answers of the token server and of the API, told apart by what they are and not by their status alone.
//!
//! The wordings are those of SAP's UAA, of the router in front of it (gorouter) and of Cloud Integration's OData
//! service; `tests/net.rs` sends each of them through a real connection.

mod api;
mod body;
mod token;

pub use api::api_answer;
pub use token::{Granted, scopes_of_token, token_answer};

use crate::domain::{finding::Finding, text::safe_text::SafeText};

/// The headers that say something about an answer. Nothing else of the head is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `Location`, as it came. Shown only through [`Head::shown_location`].
    pub location: Option<String>,
    /// `X-Cf-RouterError`: the router answers in place of the application.
    pub router_error: Option<String>,
}

impl Head {
    /// Host and path of the redirect, without its query, which may hold state of a login.
    fn shown_location(&self) -> SafeText {
        let location = self.location.as_deref().unwrap_or_default();
        let end = location.find(['?', '#']).unwrap_or(location.len());
        let shown = &location[..end];
        // User info would stand before the host; a redirect that carries some is shown without it.
        match shown.split_once("://").and_then(|(scheme, rest)| {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            authority.rsplit_once('@').map(|(_, host)| format!("{scheme}://{host}{path}"))
        }) {
            Some(without) => SafeText::line(&without),
            None => SafeText::line(shown),
        }
    }

    /// True where the redirect leads to a login.
    fn leads_to_login(&self) -> bool {
        self.location.as_deref().is_some_and(|location| {
            let location = location.to_ascii_lowercase();
            ["/oauth/authorize", "/login", "/saml", "/saml2/"].iter().any(|sign| location.contains(sign))
        })
    }
}

/// A whole answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// HTTP status.
    pub status: u16,
    /// Its telling headers.
    pub head: &'a Head,
    /// The decoded body.
    pub body: &'a [u8],
    /// The request in words: `GET /MessageProcessingLogs`, `POST /oauth/token`.
    pub request: &'a str,
}

impl Answer<'_> {
    /// `403 on GET /IntegrationPackages`
    fn evidence(&self) -> String {
        format!("{} on {}", self.status, self.request)
    }

    /// The finding with the address that the answer leads to.
    fn elsewhere(&self, finding: Finding) -> Finding {
        finding.seen(format!("{} ({})", self.head.shown_location(), self.evidence()))
    }

    /// The finding with the evidence of this answer, followed by what the server itself says.
    fn evident(&self, finding: Finding, said: Option<SafeText>) -> Finding {
        match said.filter(|said| !said.is_empty()) {
            Some(said) => finding.seen(format!("{}: {said}", self.evidence())),
            None => finding.seen(self.evidence()),
        }
    }
}

#[cfg(test)]
mod tests;
