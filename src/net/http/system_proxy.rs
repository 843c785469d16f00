//! The system's configured proxy on Windows and macOS, where companies set it for all programs.
//!
//! The settings are parsed by functions that are tested on all platforms. A proxy script is never run: that would take
//! a JavaScript interpreter.

use crate::domain::text::safe_text::SafeText;

/// The system's proxy settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SystemProxy {
    /// The proxy URL for http.
    pub(super) http: Option<String>,
    /// The proxy URL for https.
    pub(super) https: Option<String>,
    /// Hosts without a proxy, in the format of `NO_PROXY`.
    pub(super) exceptions: String,
    /// The URL of a proxy script.
    pub(super) script: Option<SafeText>,
}

impl SystemProxy {
    /// Reads the settings from the registry.
    #[cfg(windows)]
    pub(super) fn read() -> Self {
        use windows_registry::{CURRENT_USER, LOCAL_MACHINE};

        const SETTINGS: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
        const POLICY: &str = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";
        let for_all = LOCAL_MACHINE.open(POLICY).and_then(|policy| policy.get_u32("ProxySettingsPerUser"));
        let place = if for_all == Ok(0) { LOCAL_MACHINE } else { CURRENT_USER };
        let Ok(settings) = place.open(SETTINGS) else { return Self::default() };
        let text = |name: &str| settings.get_string(name).unwrap_or_default();
        let enabled = settings.get_u32("ProxyEnable").unwrap_or(0) != 0;
        let server = if enabled { text("ProxyServer") } else { String::new() };
        Self::of_registry(&server, &text("ProxyOverride"), &text("AutoConfigURL"))
    }

    /// Reads the settings with `scutil`.
    #[cfg(target_os = "macos")]
    pub(super) fn read() -> Self {
        use std::process::{Command, Stdio};

        let output =
            Command::new("/usr/sbin/scutil").arg("--proxy").stdin(Stdio::null()).stderr(Stdio::null()).output();
        output.map_or_else(|_| Self::default(), |output| Self::of_scutil(&String::from_utf8_lossy(&output.stdout)))
    }

    /// On other systems there are only environment variables.
    #[cfg(not(any(windows, target_os = "macos")))]
    pub(super) fn read() -> Self {
        Self::default()
    }

    /// From the values `ProxyServer`, `ProxyOverride` and `AutoConfigURL` of Windows.
    #[cfg(any(windows, test))]
    fn of_registry(server: &str, exceptions: &str, script: &str) -> Self {
        let entries = || server.split([';', ' ']).map(str::trim).filter(|entry| !entry.is_empty());
        let named = |scheme: &str| {
            let of_scheme = |entry: &str| {
                let (name, address) = entry.split_once('=')?;
                name.trim().eq_ignore_ascii_case(scheme).then(|| address.trim().to_owned())
            };
            entries().find_map(of_scheme).filter(|address| !address.is_empty())
        };
        let for_all = entries().find(|entry| !entry.contains('=')).map(str::to_owned);
        let socks = named("socks").map(|address| match address.contains("://") {
            true => address,
            false => format!("socks4://{address}"),
        });
        let of = |scheme| named(scheme).or_else(|| for_all.clone()).or_else(|| socks.clone());
        Self {
            http: of("http"),
            https: of("https"),
            exceptions: no_proxy(exceptions.split([';', ' ', ','])),
            script: address(script),
        }
    }

    /// From what `scutil --proxy` of macOS prints.
    #[cfg(any(target_os = "macos", test))]
    fn of_scutil(text: &str) -> Self {
        let pairs: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|line| line.split_once(" : "))
            .map(|(name, value)| (name.trim(), value.trim()))
            .collect();
        let value = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let enabled = |name: &str| value(&format!("{name}Enable")) == Some("1");
        let proxy = |name: &str, scheme: &str| {
            let host = value(&format!("{name}Proxy")).filter(|host| enabled(name) && !host.is_empty())?;
            let port = value(&format!("{name}Port")).map(|port| format!(":{port}")).unwrap_or_default();
            Some(format!("{scheme}{host}{port}"))
        };
        let socks = proxy("SOCKS", "socks5://");
        // The entries of the only list are numbered.
        let listed = pairs.iter().filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_digit()));
        Self {
            http: proxy("HTTP", "").or_else(|| socks.clone()),
            https: proxy("HTTPS", "").or(socks),
            exceptions: no_proxy(listed.map(|(_, value)| *value)),
            script: value("ProxyAutoConfigURLString").filter(|_| enabled("ProxyAutoConfig")).and_then(address),
        }
    }
}

/// The URL of a script, if there is one, without user and password.
#[cfg(any(windows, target_os = "macos", test))]
fn address(script: &str) -> Option<SafeText> {
    let script = script.trim();
    let whole = match url::Url::parse(script) {
        Ok(mut url) => {
            let _ = url.set_username("").and_then(|()| url.set_password(None));
            url.to_string()
        }
        Err(_) => script.to_owned(),
    };
    (!script.is_empty()).then(|| SafeText::line(&whole))
}

/// The system's exceptions in the format of `NO_PROXY`: `*.example.com` and `*example.com` are `example.com`, `10.*` is `10.0.0.0/8`. Names
/// without a dot and stars within a name have no equivalent and are dropped.
#[cfg(any(windows, target_os = "macos", test))]
fn no_proxy<'a>(entries: impl Iterator<Item = &'a str>) -> String {
    let known = entries.filter_map(|entry| {
        let entry = entry.trim();
        let entry = entry.split_once("://").map_or(entry, |(_, host)| host);
        if let Some(network) = network(entry) {
            return Some(network);
        }
        let shortened = entry.strip_prefix("*.").or_else(|| entry.strip_prefix('*'));
        let host = shortened.filter(|rest| !rest.is_empty()).unwrap_or(entry);
        let is_name = host == "*" || !host.contains(['*', '<', '>']);
        (is_name && !host.is_empty()).then(|| host.to_owned())
    });
    known.collect::<Vec<_>>().join(",")
}

/// `10.*` or `10.1.*.*` as a network. macOS writes `169.254/16`.
#[cfg(any(windows, target_os = "macos", test))]
fn network(entry: &str) -> Option<String> {
    let (digits, bits) = entry.split_once('/').map_or((entry, None), |(digits, bits)| (digits, Some(bits)));
    let parts: Vec<&str> = digits.split('.').collect();
    let fixed = parts.iter().take_while(|part| part.parse::<u8>().is_ok()).count();
    let rest_is_open = parts[fixed..].iter().all(|part| *part == "*");
    let shortened = fixed < parts.len() || bits.is_some();
    if fixed == 0 || parts.len() > 4 || fixed == 4 || !rest_is_open || !shortened {
        return None;
    }
    let mut octets = parts[..fixed].to_vec();
    octets.resize(4, "0");
    let bits = bits.map_or_else(|| (fixed * 8).to_string(), str::to_owned);
    Some(format!("{}/{bits}", octets.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_registry(server: &str) -> (Option<String>, Option<String>) {
        let proxy = SystemProxy::of_registry(server, "", "");
        (proxy.http, proxy.https)
    }

    fn both(http: Option<&str>, https: Option<&str>) -> (Option<String>, Option<String>) {
        (http.map(str::to_owned), https.map(str::to_owned))
    }

    #[test]
    fn windows_names_one_proxy_for_all_or_one_for_each_scheme() {
        let (a, b) = ("a.example:8080", "b.example:3128");
        for (server, expected) in [
            (a, both(Some(a), Some(a))),
            ("http://a.example:8080", both(Some("http://a.example:8080"), Some("http://a.example:8080"))),
            ("http=a.example:8080;https=b.example:3128", both(Some(a), Some(b))),
            ("http=a.example:8080 https=b.example:3128", both(Some(a), Some(b))),
            ("HTTP=a.example:8080", both(Some(a), None)),
            ("ftp=x:1;https=b.example:3128", both(None, Some(b))),
            ("https=b.example:3128;a.example:8080", both(Some(a), Some(b))),
            ("socks=s:1080", both(Some("socks4://s:1080"), Some("socks4://s:1080"))),
            ("http=;https=", both(None, None)),
            ("", both(None, None)),
            (";;=;", both(None, None)),
        ] {
            assert_eq!(of_registry(server), expected, "{server}");
        }
    }

    #[test]
    fn exceptions_are_those_of_no_proxy() {
        let exceptions = |list| SystemProxy::of_registry("", list, "").exceptions;
        assert_eq!(
            exceptions(
                "*.corp.example;<local>; 10.*;192.168.*.*;https://x.example;intranet;host*;*.;*sap.example;127.0.0.1"
            ),
            "corp.example,10.0.0.0/8,192.168.0.0/16,x.example,intranet,sap.example,127.0.0.1"
        );
        assert_eq!(exceptions("*"), "*");
        assert_eq!(exceptions("<local>"), "");
    }

    #[test]
    fn a_script_is_named_without_its_password() {
        let script = |address| SystemProxy::of_registry("", "", address).script;
        assert_eq!(script("http://u:canary@wpad.example/proxy.pac").unwrap().as_str(), "http://wpad.example/proxy.pac");
        assert_eq!(script(r"\\server\share\proxy.pac").unwrap().as_str(), r"\\server\share\proxy.pac");
        assert_eq!(script("  "), None);
    }

    #[test]
    fn macos_says_proxies_exceptions_and_a_script() {
        let text = "<dictionary> {\n  ExceptionsList : <array> {\n    0 : *.local\n    1 : 169.254/16\n    2 : corp.example\n  }\n  \
                    FTPPassive : 1\n  HTTPEnable : 0\n  HTTPSEnable : 1\n  HTTPSPort : 8443\n  HTTPSProxy : proxy.example\n  \
                    HTTPProxy : old.example\n  ProxyAutoConfigEnable : 1\n  \
                    ProxyAutoConfigURLString : http://wpad.example/wpad.dat\n}\n";
        let proxy = SystemProxy::of_scutil(text);
        assert_eq!((proxy.http, proxy.https), both(None, Some("proxy.example:8443")));
        assert_eq!(proxy.exceptions, "local,169.254.0.0/16,corp.example");
        assert_eq!(proxy.script.unwrap().as_str(), "http://wpad.example/wpad.dat");
        let off = text.replace("ConfigEnable : 1", "ConfigEnable : 0");
        assert_eq!(SystemProxy::of_scutil(&off).script, None);
        let socks = SystemProxy::of_scutil("  SOCKSEnable : 1\n  SOCKSPort : 1080\n  SOCKSProxy : s.example\n");
        assert_eq!(socks.https.as_deref(), Some("socks5://s.example:1080"));
        assert_eq!(SystemProxy::of_scutil("No such command"), SystemProxy::default());
    }
}
