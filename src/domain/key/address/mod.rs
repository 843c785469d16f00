//! URLs from keys: validation, owner of the host, landscape.

mod guard;
mod host;

use std::fmt;

use url::Url;

pub use host::SapService;

use crate::domain::{
    finding::{Fact, Finding, FindingCode},
    text::{safe_text::SafeText, shown::All},
};

/// The path of the token endpoint.
const TOKEN_PATH: &str = "/oauth/token";

/// A validated URL: https (or http to this machine), a host, no user info, no control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

/// A URL with the findings about how it was read, or the finding why it is refused.
type Checked = Result<(Address, Vec<Finding>), Finding>;

impl Address {
    /// Accepts a URL created by the program itself (the practice tenant, a token host for mutual TLS) unchanged.
    pub fn trusted(url: Url) -> Self {
        Self(url)
    }

    /// Parses the URL of the API. Path, query and a trailing slash are removed, because `/api/v1` is added later.
    ///
    /// # Errors
    ///
    /// A finding if the URL cannot be used or belongs to something else.
    pub fn parse_api(text: &str) -> Checked {
        let (mut address, mut findings) = Self::guard(text, "url")?;
        let refuse = |code: FindingCode| Err(Finding::key(code).about("url").seen(address.host()));
        match address.service() {
            Some(SapService::Runtime) => return refuse(FindingCode::UrlIsRuntimeHost),
            Some(SapService::WebUi) => return refuse(FindingCode::UrlIsWebUi),
            Some(SapService::Cockpit) => return refuse(FindingCode::UrlIsCockpit),
            Some(SapService::Gateway) => return refuse(FindingCode::UrlIsGateway),
            Some(SapService::TokenServer | SapService::ApiManagement | SapService::Platform | SapService::Identity) => {
                return refuse(FindingCode::UrlIsOtherService);
            }
            // `/local` is part of its URL, and it does not accept tokens.
            None if is_edge_path(address.0.path()) => return refuse(FindingCode::UrlIsEdgeCell),
            Some(SapService::Api | SapService::Unknown) | None => {}
        }
        // Only the path is shown: a query may contain a secret.
        let path = address.0.path();
        let more = address.0.query().is_some() || address.0.fragment().is_some();
        if path != "/" || more || text.trim_end().ends_with('/') {
            let path = SafeText::capped(path, 60);
            let seen = if more { Fact::PathAndQuery { path } } else { path.into() };
            findings.push(Finding::key(FindingCode::UrlTrimmed).about("url").seen(seen));
        }
        address.0.set_path("");
        address.0.set_query(None);
        address.0.set_fragment(None);
        if address.service() != Some(SapService::Api) && !address.is_loopback() {
            findings.push(Finding::key(FindingCode::HostUnknown).about(address.host()).seen("url"));
        }
        Ok((address, findings))
    }

    /// Reads a token URL. `/oauth/token` is added if it is missing; a query is removed.
    ///
    /// # Errors
    ///
    /// A finding if the URL cannot be used, or belongs to another SAP service, which must not receive the
    /// secret.
    pub fn parse_token(text: &str) -> Checked {
        let (mut address, mut findings) = Self::guard(text, "tokenurl")?;
        if address.service().is_some_and(|service| service != SapService::TokenServer) {
            return Err(Finding::key(FindingCode::TokenUrlIsOtherService).about("tokenurl").seen(address.host()));
        }
        if address.0.query().is_some() || address.0.fragment().is_some() {
            findings.push(Finding::key(FindingCode::UrlTrimmed).about("tokenurl").seen(Fact::Query));
            address.0.set_query(None);
            address.0.set_fragment(None);
        }
        let path = address.0.path().trim_end_matches('/').to_owned();
        if !path.chars().all(|c| c.is_ascii_alphanumeric() || "/._~-".contains(c)) {
            return Err(Finding::key(FindingCode::UrlUnusable).about("tokenurl").seen(Fact::Path));
        }
        // An SAP token host issues tokens at no other path.
        if path.is_empty() || address.is_token_host() && !path.starts_with(TOKEN_PATH) {
            findings.push(Finding::key(FindingCode::TokenPathAdded).about("tokenurl").seen(TOKEN_PATH));
            address.0.set_path(TOKEN_PATH);
        } else {
            address.0.set_path(&path);
        }
        if !address.is_token_host() && !address.is_loopback() {
            findings.push(Finding::key(FindingCode::HostUnknown).about(address.host()).seen("tokenurl"));
        }
        Ok((address, findings))
    }

    /// Parses the URL of a Cloud Foundry server: the API, or a server that the API names.
    ///
    /// # Errors
    /// A finding if the address cannot be used.
    pub fn parse_cloud_foundry(text: &str) -> Result<Self, Finding> {
        let (mut address, _) = Self::guard(text, "api")?;
        address.0.set_query(None);
        address.0.set_fragment(None);
        Ok(address)
    }

    /// Parses the URL of a Cloud Foundry API. Path and query are removed.
    ///
    /// # Errors
    /// A finding if the address cannot be used.
    pub fn parse_cloud_api(text: &str) -> Result<Self, Finding> {
        let mut address = Self::parse_cloud_foundry(text)?;
        address.0.set_path("");
        Ok(address)
    }

    /// `eu10-004`, if this is the URL of a Cloud Foundry API at SAP.
    pub fn cloud_landscape(&self) -> Option<String> {
        let landscape = self.host().strip_prefix("api.cf.")?.split('.').next()?;
        self.is_sap().then(|| landscape.to_owned())
    }

    /// Parses a URL for its host, without checking the owner.
    pub(super) fn recognise(text: &str) -> Option<Self> {
        Self::guard(text, "url").ok().map(|(address, _)| address)
    }

    /// The host in lower case, as used for the connection.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The subdomain of the subaccount, or the whole host if it has none.
    pub fn tenant(&self) -> &str {
        match self.0.host() {
            Some(url::Host::Domain(name)) => name.split('.').next().unwrap_or(name),
            _ => self.host(),
        }
    }

    /// The address without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The parsed address.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// A token URL with the host for mutual TLS, `<subdomain>.authentication.cert.<region>`; `None` if it is not a SAP
    /// token host or already has that form.
    pub fn cert_variant(&self) -> Option<Self> {
        let (labels, domain) = self.sap_labels().filter(|_| self.is_token_host())?;
        let [subdomain, "authentication", landscape] = labels.as_slice() else { return None };
        let host = format!("{subdomain}.authentication.cert.{landscape}.{domain}");
        let mut url = self.0.clone();
        url.set_host(Some(&host)).ok()?;
        Some(Self(url))
    }

    /// The mismatch between the two hosts of a key, if any: region, subdomain or both.
    pub fn disagreement(api: &Self, token: &Self) -> Option<Finding> {
        let differs = |a: Option<&str>, b: Option<&str>| match (a, b) {
            (Some(a), Some(b)) if a != b => Some(Fact::Difference { first: a.into(), second: b.into() }),
            _ => None,
        };
        let region = differs(api.region(), token.region());
        let subdomain = differs(api.subdomain(), token.subdomain());
        let (what, seen) = match (region, subdomain) {
            (None, None) => return None,
            (Some(region), None) => (Fact::Region, region),
            (None, Some(subdomain)) => (Fact::Subdomain, subdomain),
            (Some(region), Some(subdomain)) => (Fact::RegionAndSubdomain, Fact::Several(All(vec![region, subdomain]))),
        };
        Some(Finding::key(FindingCode::HostsDisagree).about(what).seen(seen))
    }

    /// The host (with its port, and `http://` if it is not https) in `width` columns. What does not fit is omitted in
    /// the middle of the left labels; the registrable domain is never truncated, even if it is wider than `width`.
    pub fn shown(&self, width: usize) -> String {
        let scheme = if self.0.scheme() == "http" { "http://" } else { "" };
        let port = self.0.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host = self.host();
        let whole = format!("{scheme}{host}{port}");
        let kept = self.registrable();
        let left = &host[..host.len() - kept.len()];
        // Left labels are ASCII, so bytes are columns.
        let room = width.saturating_sub(scheme.len() + kept.len() + port.len());
        if left.len() <= room || left.is_empty() {
            return whole;
        }
        let head = &left[..room.saturating_sub(1).min(left.len())];
        format!("{scheme}{head}…{kept}{port}")
    }

    /// The part of the host that identifies its owner: SAP's domain, an IP address, the last two labels, or three if
    /// the last two are short like `co.uk`.
    fn registrable(&self) -> &str {
        let host = self.host();
        if let Some((_, domain)) = self.sap_labels() {
            return &host[host.len() - domain.len()..];
        }
        if !matches!(self.0.host(), Some(url::Host::Domain(_))) {
            return host;
        }
        let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
        let short = {
            let mut labels = host.rsplit('.');
            labels.next().is_some_and(|last| last.len() == 2) && labels.next().is_some_and(|label| label.len() <= 3)
        };
        let cut = dots.nth(if short { 2 } else { 1 });
        cut.map_or(host, |at| &host[at + 1..])
    }
}

/// Whether a path belongs to an Edge Integration Cell: its local API or its Operations Cockpit.
fn is_edge_path(path: &str) -> bool {
    ["/local", "/api/eic"]
        .iter()
        .any(|edge| path.strip_prefix(edge).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
