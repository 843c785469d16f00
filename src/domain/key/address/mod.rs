//! Addresses taken from keys: what is accepted, whose host it is, where it belongs.

use std::fmt;

use url::Url;

use crate::domain::{
    finding::{Finding, FindingCode},
    text::safe_text::SafeText,
};

/// Domains under which only SAP hands out hosts. (SAP Help, "Regions and API Endpoints"; the second is China's.)
const SAP_DOMAINS: [&str; 2] = ["hana.ondemand.com", "platform.sapcloud.cn"];
/// Domains of the Neo environment besides `hana.ondemand.com`.
const NEO_TRIAL: &str = "hanatrial.ondemand.com";
/// Where the token server of every subaccount answers.
const TOKEN_PATH: &str = "/oauth/token";

/// An address that passed the guard: https (or http to this machine), a host, no user info, no control character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

/// What a host `<subdomain>.it-<system>..cfapps.<landscape>` or its neighbour serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemHost {
    /// `it-cpi018`: the API and tenant management.
    Api,
    /// `it-cpi018-rt`: integration flows at run time.
    Runtime,
    /// `integrationsuite`: the web user interface.
    WebUi,
}

/// What was done to an address while it was read.
type Read = Result<(Address, Vec<Finding>), Finding>;

impl Address {
    /// Takes an address that the program itself makes (the practice tenant, a token host for mutual TLS) as it is.
    pub fn trusted(url: Url) -> Self {
        Self(url)
    }

    /// Reads the address of the API. Path, query and a slash at the end are taken off, because `/api/v1` is added later.
    ///
    /// # Errors
    /// A finding where the address cannot be used or is the host of something else.
    pub fn parse_api(text: &str) -> Read {
        let (mut address, mut findings) = Self::guard(text, "url")?;
        // The path alone is shown: a query may hold a secret.
        let path = address.0.path();
        let more = address.0.query().is_some() || address.0.fragment().is_some();
        if path != "/" || more || text.trim_end().ends_with('/') {
            let seen = if more { format!("{path} and the query") } else { path.to_owned() };
            findings.push(Finding::key(FindingCode::UrlTrimmed).about("url").seen(SafeText::capped(&seen, 60)));
        }
        address.0.set_path("");
        address.0.set_query(None);
        address.0.set_fragment(None);
        match address.system_host() {
            Some(SystemHost::Runtime) => {
                return Err(Finding::key(FindingCode::UrlIsRuntimeHost).about("url").seen(address.host()));
            }
            Some(SystemHost::WebUi) => {
                return Err(Finding::key(FindingCode::UrlIsWebUi).about("url").seen(address.host()));
            }
            _ => {}
        }
        if !address.is_sap() && !address.is_loopback() {
            findings.push(Finding::key(FindingCode::HostUnknown).about(address.host()).seen("url"));
        }
        Ok((address, findings))
    }

    /// Reads a token URL. `/oauth/token` is added where it is missing; a query is taken off.
    ///
    /// # Errors
    /// A finding where the address cannot be used.
    pub fn parse_token(text: &str) -> Read {
        let (mut address, mut findings) = Self::guard(text, "tokenurl")?;
        if address.0.query().is_some() || address.0.fragment().is_some() {
            findings.push(Finding::key(FindingCode::UrlTrimmed).about("tokenurl").seen("the query"));
            address.0.set_query(None);
            address.0.set_fragment(None);
        }
        let path = address.0.path().trim_end_matches('/').to_owned();
        if !path.chars().all(|c| c.is_ascii_alphanumeric() || "/._~-".contains(c)) {
            return Err(Finding::key(FindingCode::UrlUnusable).about("tokenurl").seen("the path"));
        }
        // Under a token host of SAP no other path gives a token.
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

    /// Reads an address for the sake of its host, without a judgement on whose host it is.
    pub(super) fn recognise(text: &str) -> Option<Self> {
        Self::guard(text, "url").ok().map(|(address, _)| address)
    }

    /// The rules that hold for every address, whatever it is for.
    fn guard(text: &str, field: &'static str) -> Read {
        let mut findings = Vec::new();
        let refuse = |code: FindingCode, why: &str| Finding::key(code).about(field).seen(why);
        let text = text.trim();
        let unusable = |why: &str| Err(refuse(FindingCode::UrlUnusable, why));
        // The parser of `url` drops tabs and line breaks and turns `\` into `/`, so they are refused before it sees them.
        if text.chars().any(char::is_control) {
            return unusable("a control character");
        }
        if text.chars().any(char::is_whitespace) {
            return unusable("white space");
        }
        if !text.is_ascii() {
            return unusable("a character that is not ASCII");
        }
        if text.contains('\\') {
            return unusable("a backslash");
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None if looks_like_host(text) => {
                findings.push(Finding::key(FindingCode::KeyMended).about("https:// was added"));
                ("https".to_owned(), text)
            }
            None => return unusable("a missing https:// at its beginning"),
        };
        let raw_host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if raw_host.contains('@') {
            return unusable("a user name before the host");
        }
        if raw_host.is_empty() || !raw_host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c)) {
            return unusable("the host");
        }
        if !matches!(scheme.as_str(), "https" | "http") {
            return Err(refuse(FindingCode::UrlNotHttps, &scheme));
        }
        let Ok(mut url) = Url::parse(&format!("{scheme}://{rest}")) else { return unusable("the host") };
        let host = url.host_str().unwrap_or_default().to_owned();
        // A host that the parser reads differently from how it is written (`0x7f.1`, `127.1`) is meant to deceive.
        let written = raw_host.to_ascii_lowercase();
        if !written.strip_prefix(host.as_str()).is_some_and(|port| port.is_empty() || port.starts_with(':')) {
            return unusable("the host");
        }
        if let Some(normal) = host.strip_suffix('.')
            && url.set_host(Some(normal)).is_err()
        {
            return unusable("the host");
        }
        let host = url.host_str().unwrap_or_default();
        if !host.starts_with('[') && host.split('.').any(|label| label.is_empty() || label.len() > 63) {
            return unusable("the host");
        }
        if url.port() == Some(0) || !url.username().is_empty() || url.password().is_some() {
            return unusable("the host");
        }
        let address = Self(url);
        if scheme == "http" {
            if !address.is_loopback() {
                return Err(refuse(FindingCode::UrlNotHttps, "http"));
            }
            findings.push(Finding::key(FindingCode::HttpLoopback).about(address.host()));
        }
        Ok((address, findings))
    }

    /// The host in lower case, as the connection will use it.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
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

    /// The labels in front of one of SAP's domains, and that domain.
    fn sap_labels(&self) -> Option<(Vec<&str>, &'static str)> {
        SAP_DOMAINS.iter().find_map(|domain| {
            // With its dot, so that the name before is a label of its own: not `evilhana.ondemand.com`.
            let labels = self.host().strip_suffix(domain)?.strip_suffix('.')?;
            Some((labels.split('.').collect(), *domain))
        })
    }

    /// True where only SAP can have given out this host.
    pub fn is_sap(&self) -> bool {
        self.sap_labels().is_some()
    }

    /// True where the host is this machine.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// True for `<subdomain>.authentication.<region>` of SAP, with or without `cert`.
    pub fn is_token_host(&self) -> bool {
        self.token_labels().is_some()
    }

    /// Subdomain and landscape of a token host.
    fn token_labels(&self) -> Option<(&str, &str)> {
        let (labels, _) = self.sap_labels()?;
        match labels.as_slice() {
            [subdomain, "authentication", landscape]
            | [subdomain, "authentication", "cert", landscape]
            | [subdomain, "cert", "authentication", landscape]
                if is_landscape(landscape) =>
            {
                Some((subdomain, landscape))
            }
            _ => None,
        }
    }

    /// Subdomain, system and landscape of a host below `cfapps`.
    fn app_labels(&self) -> Option<(&str, &str, &str)> {
        let (labels, _) = self.sap_labels()?;
        match labels.as_slice() {
            [subdomain, system, "cfapps", landscape] if is_landscape(landscape) => Some((subdomain, system, landscape)),
            _ => None,
        }
    }

    /// What the host serves, where its name tells.
    pub fn system_host(&self) -> Option<SystemHost> {
        let (_, system, _) = self.app_labels()?;
        match system {
            "integrationsuite" => Some(SystemHost::WebUi),
            _ if system.starts_with("integrationsuite-") => Some(SystemHost::WebUi),
            _ if system.starts_with("it-") && system.ends_with("-rt") => Some(SystemHost::Runtime),
            _ if system.starts_with("it-") => Some(SystemHost::Api),
            _ => None,
        }
    }

    /// True for a host of the Neo environment.
    pub fn is_neo(&self) -> bool {
        let labels: Vec<&str> = self.host().split('.').collect();
        let trial = self.host().strip_suffix(NEO_TRIAL).is_some_and(|rest| rest.ends_with('.'));
        let application = || {
            labels.first().is_some_and(|first| {
                first.starts_with("oauthasservices-") || first.ends_with("-tmn") || first.ends_with("-iflmap")
            }) || labels.get(1).is_some_and(|label| matches!(*label, "hci" | "avt" | "hcisbp" | "hcisbt"))
        };
        (self.is_sap() && application()) || trial && (application() || labels.len() > 3)
    }

    /// `eu10-003`, where the host carries it.
    pub fn landscape(&self) -> Option<&str> {
        self.app_labels()
            .map(|(_, _, landscape)| landscape)
            .or_else(|| self.token_labels().map(|(_, landscape)| landscape))
    }

    /// `eu10`, where the host carries it.
    pub fn region(&self) -> Option<&str> {
        self.landscape().map(|landscape| landscape.split('-').next().unwrap_or(landscape))
    }

    /// The subdomain of the subaccount, where the host carries it.
    pub fn subdomain(&self) -> Option<&str> {
        self.app_labels().map(|(sub, _, _)| sub).or_else(|| self.token_labels().map(|(sub, _)| sub))
    }

    /// A token URL with the host for mutual TLS, `<subdomain>.authentication.cert.<region>`; `None` where it is no token host
    /// of SAP or has that form already.
    pub fn cert_variant(&self) -> Option<Self> {
        let (labels, domain) = self.sap_labels()?;
        let [subdomain, "authentication", landscape] = labels.as_slice() else { return None };
        let host = format!("{subdomain}.authentication.cert.{landscape}.{domain}");
        let mut url = self.0.clone();
        url.set_host(Some(&host)).ok()?;
        Some(Self(url))
    }

    /// What in the two hosts of one key does not fit, if anything: region, subdomain or both.
    pub fn disagreement(api: &Self, token: &Self) -> Option<Finding> {
        let differs = |what: &'static str, a: Option<&str>, b: Option<&str>| match (a, b) {
            (Some(a), Some(b)) if a != b => Some((what, format!("{a} and {b}"))),
            _ => None,
        };
        let region = differs("region", api.region(), token.region());
        let subdomain = differs("subdomain", api.subdomain(), token.subdomain());
        let (what, seen): (Vec<_>, Vec<_>) = region.into_iter().chain(subdomain).unzip();
        (!what.is_empty())
            .then(|| Finding::key(FindingCode::HostsDisagree).about(what.join(" and ")).seen(seen.join(", ")))
    }

    /// The host (with its port, and `http://` where it is not https) in `width` columns. What does not fit is left out in the
    /// middle of the left labels; the part that says whose host it is is never cut, even where it takes more than `width`.
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

    /// The part of the host that says whose it is: SAP's domain, an IP address, the last two labels, or three where the last
    /// two are short like `co.uk`.
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

/// `eu10`, `us10-001`
fn is_landscape(label: &str) -> bool {
    let (region, extension) = label.split_once('-').map_or((label, None), |(region, rest)| (region, Some(rest)));
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    region.len() == 4
        && region.chars().take(2).all(|c| c.is_ascii_lowercase())
        && digits(&region[2..])
        && extension.is_none_or(|extension| extension.len() == 3 && digits(extension))
}

/// True for a host that was typed without `https://`.
fn looks_like_host(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:".contains(c)) && !host.starts_with('.')
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
