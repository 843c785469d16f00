//! Proxy selection.

use std::fmt;

use hyper::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::{Host, Url};

use super::{NetOptions, system_proxy::SystemProxy};
use crate::{
    domain::text::{safe_text::SafeText, secret::Secret},
    words::{Explanation, Words},
};

/// Supported proxy schemes.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// A proxy URL. It may contain a user and password, so its `Debug` shows only scheme, host and port.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyUrl {
    whole: Secret,
    shown: SafeText,
}

/// Why a text is not a proxy URL. Does not repeat the text, which may contain a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyUrlError {
    /// Not a URL.
    Unusable,
    /// Unknown scheme.
    Scheme,
}

impl ProxyUrlError {
    /// What is wrong with the option `--proxy`.
    pub fn explain(self, words: Words) -> Explanation {
        match self {
            ProxyUrlError::Unusable => words.network().proxy_unusable(),
            ProxyUrlError::Scheme => words.network().proxy_scheme(),
        }
        .fill(&[("schemes", &SCHEMES.join(", "))])
    }
}

impl ProxyUrl {
    /// Parses `http://user:password@host:port`. The default scheme is http.
    ///
    /// # Errors
    ///
    /// If the text is not a URL with a host, or its scheme is not a proxy scheme.
    pub fn parse(text: &str) -> Result<Self, ProxyUrlError> {
        let text = text.trim();
        let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = Url::parse(&whole).map_err(|_| ProxyUrlError::Unusable)?;
        if !SCHEMES.contains(&url.scheme()) {
            return Err(ProxyUrlError::Scheme);
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(ProxyUrlError::Unusable)?;
        let shown = shown(url.scheme(), host, url.port());
        Ok(Self { whole: Secret::new(whole), shown })
    }

    /// The URL without user and password.
    pub fn shown(&self) -> &SafeText {
        &self.shown
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown, f)
    }
}

/// The proxy for one host.
pub(super) struct ProxyRoute {
    /// For reqwest.
    pub(super) proxy: reqwest::Proxy,
    /// Scheme, host and port.
    pub(super) shown: SafeText,
    /// Whether the connection to the proxy itself uses TLS.
    pub(super) secure: bool,
}

/// The proxy for `url`, if any.
///
/// Without an explicit proxy, the environment's is used, then the system's, but never for this machine itself: the
/// practice tenant must work behind any corporate proxy.
pub(super) fn route(url: &Url, options: &NetOptions) -> Option<ProxyRoute> {
    let target = url.as_str().parse::<Uri>().ok()?;
    let intercept = match &options.proxy {
        Some(proxy) => {
            let no = options.no_proxy.clone().unwrap_or_default();
            Matcher::builder().all(proxy.whole.expose().to_owned()).no(no).build().intercept(&target)?
        }
        None if is_this_machine(url) => return None,
        None => match Matcher::from_env().intercept(&target) {
            Some(intercept) => intercept,
            None => of_system(&SystemProxy::read(), options.no_proxy.as_deref()).intercept(&target)?,
        },
    };
    let uri = intercept.uri();
    Some(ProxyRoute {
        proxy: to_reqwest(&intercept)?,
        shown: shown(uri.scheme_str().unwrap_or("http"), uri.host().unwrap_or_default(), uri.port_u16()),
        secure: uri.scheme_str() == Some("https"),
    })
}

/// The system's proxy. If set, `NO_PROXY` replaces the system's own exceptions.
fn of_system(system: &SystemProxy, no_proxy: Option<&str>) -> Matcher {
    Matcher::builder()
        .http(system.http.clone().unwrap_or_default())
        .https(system.https.clone().unwrap_or_default())
        .no(no_proxy.unwrap_or(&system.exceptions))
        .build()
}

/// The system's proxy script for `url`. It is not run.
pub(super) fn script_for(url: &Url) -> Option<SafeText> {
    if is_this_machine(url) { None } else { proxy_script() }
}

/// The URL of the system's proxy script. It is not run.
pub fn proxy_script() -> Option<SafeText> {
    SystemProxy::read().script
}

/// The proxy for SAP hosts, without user and password.
pub fn proxy_of_sap(options: &NetOptions) -> Option<SafeText> {
    route(&Url::parse(SAP_HOST).ok()?, options).map(|route| route.shown)
}

/// A representative SAP host.
const SAP_HOST: &str = "https://api.authentication.eu10.hana.ondemand.com";

fn to_reqwest(intercept: &Intercept) -> Option<reqwest::Proxy> {
    let mut address = Url::parse(&intercept.uri().to_string()).ok()?;
    if let Some((user, password)) = intercept.raw_auth() {
        address.set_username(user).ok()?;
        address.set_password(Some(password)).ok()?;
    }
    let proxy = reqwest::Proxy::all(address).ok()?;
    Some(match intercept.basic_auth() {
        Some(header) => proxy.custom_http_auth(header.clone()),
        None => proxy,
    })
}

/// `http://proxy.example:8080`
fn shown(scheme: &str, host: &str, port: Option<u16>) -> SafeText {
    SafeText::line(&port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}")))
}

/// Whether the host is a loopback address or `localhost`.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(proxy: &str, no_proxy: Option<&str>, url: &str) -> Option<SafeText> {
        let options = NetOptions {
            proxy: Some(ProxyUrl::parse(proxy).unwrap()),
            no_proxy: no_proxy.map(str::to_owned),
            ..NetOptions::default()
        };
        route(&Url::parse(url).unwrap(), &options).map(|route| route.shown)
    }

    #[test]
    fn user_and_password_of_a_proxy_are_never_shown() {
        let proxy = ProxyUrl::parse("http://canary-user:canary-password@proxy.example:8080").unwrap();
        assert_eq!(proxy.shown().as_str(), "http://proxy.example:8080");
        assert!(!format!("{proxy:?}").contains("canary"));
        let shown = through("socks5h://canary:canary@proxy.example", None, "https://x.example").unwrap();
        assert_eq!(shown.as_str(), "socks5h://proxy.example");
    }

    #[test]
    fn a_proxy_without_a_scheme_is_http_and_a_strange_one_is_refused() {
        assert_eq!(ProxyUrl::parse("proxy.example:3128").unwrap().shown().as_str(), "http://proxy.example:3128");
        assert_eq!(ProxyUrl::parse("ftp://proxy.example"), Err(ProxyUrlError::Scheme));
        assert_eq!(ProxyUrl::parse("http://"), Err(ProxyUrlError::Unusable));
    }

    #[test]
    fn the_proxy_of_sap_is_told_without_user_and_password() {
        let proxy = Some(ProxyUrl::parse("http://canary:canary@proxy.example:8080").unwrap());
        let options = NetOptions { proxy, ..NetOptions::default() };
        assert_eq!(proxy_of_sap(&options).unwrap().as_str(), "http://proxy.example:8080");
        let options = NetOptions { no_proxy: Some("ondemand.com".to_owned()), ..options };
        assert_eq!(proxy_of_sap(&options), None);
    }

    #[test]
    fn the_proxy_of_the_system_counts_with_its_exceptions_or_those_of_no_proxy() {
        let system = SystemProxy {
            http: Some("http-only.example:8080".to_owned()),
            https: Some("proxy.example:8080".to_owned()),
            exceptions: "corp.example".to_owned(),
            script: None,
        };
        let through = |no_proxy, url: &str| {
            let intercept = of_system(&system, no_proxy).intercept(&url.parse().unwrap());
            intercept.map(|intercept| intercept.uri().to_string())
        };
        assert_eq!(through(None, "https://a.hana.ondemand.com/").unwrap(), "http://proxy.example:8080/");
        assert_eq!(through(None, "http://a.hana.ondemand.com/").unwrap(), "http://http-only.example:8080/");
        assert_eq!(through(None, "https://a.corp.example/"), None);
        assert_eq!(through(Some("hana.ondemand.com"), "https://a.hana.ondemand.com/"), None);
        assert!(through(Some("hana.ondemand.com"), "https://a.corp.example/").is_some());
        assert!(of_system(&SystemProxy::default(), None).intercept(&"https://x.example".parse().unwrap()).is_none());
    }

    #[test]
    fn hosts_of_no_proxy_are_reached_directly() {
        let proxy = "http://proxy.example:8080";
        assert_eq!(through(proxy, Some("hana.ondemand.com"), "https://a.hana.ondemand.com"), None);
        assert!(through(proxy, Some("hana.ondemand.com"), "https://other.example").is_some());
    }
}
