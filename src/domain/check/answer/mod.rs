//! Evaluates responses of the token server and the API by their content, not only by their status.
//!
//! The messages are those of SAP's UAA, of the router in front of it (gorouter) and of Cloud Integration's OData
//! service; `tests/net` sends each of them over a real connection.

mod api;
mod token;

pub use api::api_answer;
pub use token::{Granted, scopes_of_token, token_answer};

use crate::domain::{
    finding::{Fact, Finding},
    text::safe_text::SafeText,
};

/// The headers used for diagnosis. No others are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `Location`, unchanged. Shown only through `shown_location`.
    pub location: Option<String>,
    /// `X-Cf-RouterError`: the router responded instead of the application.
    pub router_error: Option<String>,
}

impl Head {
    /// Host and path of the redirect, without its query, which may contain login state.
    fn shown_location(&self) -> SafeText {
        let location = self.location.as_deref().unwrap_or_default();
        let end = location.find(['?', '#']).unwrap_or(location.len());
        let shown = &location[..end];
        // A redirect may contain a user name before the host; it is shown without it.
        match shown.split_once("://").and_then(|(scheme, rest)| {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            authority.rsplit_once('@').map(|(_, host)| format!("{scheme}://{host}{path}"))
        }) {
            Some(without) => SafeText::line(&without),
            None => SafeText::line(shown),
        }
    }

    /// Whether the redirect leads to a login.
    fn leads_to_login(&self) -> bool {
        self.location.as_deref().is_some_and(|location| {
            let location = location.to_ascii_lowercase();
            ["/oauth/authorize", "/login", "/saml", "/saml2/"].iter().any(|sign| location.contains(sign))
        })
    }
}

/// A complete response.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// HTTP status.
    pub status: u16,
    /// Response headers used for diagnosis.
    pub head: &'a Head,
    /// The decoded body.
    pub body: &'a [u8],
    /// The request: `GET /MessageProcessingLogs`, `POST /oauth/token`.
    pub request: &'a str,
}

impl Answer<'_> {
    /// `403 on GET /IntegrationPackages`, followed by the message.
    fn evidence(&self, said: Option<Fact>) -> Fact {
        let (status, request) = (self.status, SafeText::line(self.request));
        match said {
            Some(said) => Fact::AnswerSays { status, request, said: Box::new(said) },
            None => Fact::Answer { status, request },
        }
    }

    /// The finding with the target of the redirect.
    fn elsewhere(&self, finding: Finding) -> Finding {
        let (status, request) = (self.status, SafeText::line(self.request));
        finding.seen(Fact::Redirect { to: self.head.shown_location(), status, request })
    }

    /// The finding with this response as evidence, followed by the server's own message.
    fn evident(&self, finding: Finding, said: Option<SafeText>) -> Finding {
        finding.seen(self.evidence(said.filter(|said| !said.is_empty()).map(Fact::Text)))
    }
}

#[cfg(test)]
mod tests;
