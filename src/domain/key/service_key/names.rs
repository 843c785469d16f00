//! The meaning of value names: `SAP_CPI_CLIENT_ID`, `tmn-host`, `tokenServiceURL` and `Client ID` end in their meaning.

use super::shown;
use crate::domain::key::address::Address;

/// A field of a key, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Url,
    TokenUrl,
    /// The path of the token URL, which FlashPipe stores separately from the host.
    TokenPath,
    ClientId,
    Secret,
    Certificate,
    PrivateKey,
}

/// A parsed name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub meaning: Meaning,
    /// The words before the meaning and a stage after it, `["sap", "api"]`: the part shared by the values of one
    /// system.
    pub prefix: Vec<String>,
}

/// The endings of names, without separators and in lower case. The first match counts.
const ENDINGS: [(&str, Meaning); 60] = [
    ("oauthclientid", Meaning::ClientId),
    ("clientid", Meaning::ClientId),
    ("clientidentifier", Meaning::ClientId),
    ("apiuser", Meaning::ClientId),
    ("oauthclientsecret", Meaning::Secret),
    ("clientsecret", Meaning::Secret),
    ("apipassword", Meaning::Secret),
    ("tokenservicepath", Meaning::TokenPath),
    ("tokenpath", Meaning::TokenPath),
    ("oauthpath", Meaning::TokenPath),
    ("tokenserviceurl", Meaning::TokenUrl),
    ("tokenserverurl", Meaning::TokenUrl),
    ("oauthaccesstokenurl", Meaning::TokenUrl),
    ("accesstokenurl", Meaning::TokenUrl),
    ("accesstokenuri", Meaning::TokenUrl),
    ("oauthtokenurl", Meaning::TokenUrl),
    ("authtokenurl", Meaning::TokenUrl),
    ("tokenurl", Meaning::TokenUrl),
    ("tokenuri", Meaning::TokenUrl),
    ("tokenendpoint", Meaning::TokenUrl),
    ("tokenserver", Meaning::TokenUrl),
    ("tokenhost", Meaning::TokenUrl),
    ("tokenaddress", Meaning::TokenUrl),
    ("oauthserverurl", Meaning::TokenUrl),
    ("oauthserver", Meaning::TokenUrl),
    ("oauthendpoint", Meaning::TokenUrl),
    ("oauthurl", Meaning::TokenUrl),
    ("oauthhost", Meaning::TokenUrl),
    ("oauth2url", Meaning::TokenUrl),
    ("oauth2host", Meaning::TokenUrl),
    ("authserverurl", Meaning::TokenUrl),
    ("authserver", Meaning::TokenUrl),
    ("authendpoint", Meaning::TokenUrl),
    ("authurl", Meaning::TokenUrl),
    ("authhost", Meaning::TokenUrl),
    ("authenticationurl", Meaning::TokenUrl),
    ("xsuaaurl", Meaning::TokenUrl),
    ("uaaurl", Meaning::TokenUrl),
    ("apibaseurl", Meaning::Url),
    ("baseurl", Meaning::Url),
    ("apiurl", Meaning::Url),
    ("tenanturl", Meaning::Url),
    ("serviceurl", Meaning::Url),
    ("baseuri", Meaning::Url),
    ("apiuri", Meaning::Url),
    ("tmnhost", Meaning::Url),
    ("managementhostname", Meaning::Url),
    ("managementhost", Meaning::Url),
    ("apihost", Meaning::Url),
    ("hostname", Meaning::Url),
    ("host", Meaning::Url),
    ("endpoint", Meaning::Url),
    ("server", Meaning::Url),
    ("address", Meaning::Url),
    ("url", Meaning::Url),
    ("clientcertificate", Meaning::Certificate),
    ("certificate", Meaning::Certificate),
    ("clientkey", Meaning::PrivateKey),
    ("privatekey", Meaning::PrivateKey),
    ("secret", Meaning::Secret),
];

/// Words after which a URL is for something else.
const OTHER_ADDRESSES: [&str; 18] = [
    "redirect",
    "callback",
    "logout",
    "homepage",
    "docs",
    "documentation",
    "repository",
    "git",
    "issuer",
    "jwks",
    "proxy",
    "webui",
    "ui",
    "webhook",
    "registry",
    "schema",
    "cockpit",
    "image",
];

/// Stages that may follow a name, `CPI_CLIENT_ID_DEV`.
const STAGES: [&str; 17] = [
    "dev", "test", "tst", "qa", "qas", "uat", "prod", "prd", "pre", "stage", "staging", "sandbox", "sbx", "trial",
    "demo", "1", "2",
];

/// Words of a prefix that describe the purpose of a value, not its owner.
const FILLERS: [&str; 24] = [
    "api",
    "base",
    "oauth",
    "oauth2",
    "auth",
    "tenant",
    "service",
    "srv",
    "tmn",
    "token",
    "access",
    "client",
    "server",
    "credentials",
    "credential",
    "management",
    "odata",
    "xsuaa",
    "uaa",
    "design",
    "designtime",
    "root",
    "rest",
    "http",
];

impl Named {
    /// The meaning of `name` for `value`, if any. The value decides if the name is ambiguous, and excludes names that
    /// only sound like a field.
    pub fn of(name: &str, value: &str) -> Option<Self> {
        if value.trim().is_empty() {
            return None;
        }
        let mut words = words(name);
        let stage = words.pop_if(|word| STAGES.contains(&word.as_str()));
        let joined = words.concat();
        let (ending, meaning) = ending(&words, &joined, value)?;
        let meaning = fitting(meaning, &words, value)?;
        let mut prefix = leading(words, joined.len() - ending);
        prefix.extend(stage);
        Some(Self { meaning, prefix })
    }

    /// The prefix without words that do not identify the owner.
    pub fn owner(&self) -> Vec<&str> {
        self.prefix.iter().map(String::as_str).filter(|word| !FILLERS.contains(word)).collect()
    }
}

/// Whether a line may be the label of a value on the next one: it means a field and nothing else.
pub(super) fn is_label(text: &str) -> bool {
    let words = words(text);
    let joined = words.concat();
    words.len() <= 5 && ENDINGS.iter().any(|(ending, _)| joined.ends_with(ending))
}

/// Whether a name, or the words of a label, ends in a field of a key.
fn ending(words: &[String], joined: &str, value: &str) -> Option<(usize, Meaning)> {
    if let Some((ending, meaning)) = ENDINGS.iter().find(|(ending, _)| joined.ends_with(ending)) {
        return Some((ending.len(), *meaning));
    }
    let last = words.last()?;
    let whole = match last.as_str() {
        "user" | "username" | "login" | "client" | "id" if is_client_id(value) => Meaning::ClientId,
        "password" | "pass" | "pwd" if shown::is_secret(value) => Meaning::Secret,
        "key" | "pem" if value.contains("PRIVATE KEY") => Meaning::PrivateKey,
        "cert" | "pem" if value.contains("BEGIN CERTIFICATE") => Meaning::Certificate,
        "oauth" | "token" | "tenant" | "uri" if is_address(value) => Meaning::Url,
        _ => return None,
    };
    Some((last.len(), whole))
}

/// The meaning that matches both name and value.
fn fitting(meaning: Meaning, words: &[String], value: &str) -> Option<Meaning> {
    match meaning {
        Meaning::Url | Meaning::TokenUrl => {
            if !is_address(value) || words.iter().any(|word| OTHER_ADDRESSES.contains(&word.as_str())) {
                return None;
            }
            let token = Address::recognise(value).is_some_and(|address| {
                address.is_token_host() || address.url().path().trim_end_matches('/').ends_with("/oauth/token")
            });
            Some(if token { Meaning::TokenUrl } else { meaning })
        }
        Meaning::TokenPath => value.starts_with('/').then_some(meaning),
        Meaning::Certificate | Meaning::PrivateKey => value.contains("-----BEGIN").then_some(meaning),
        Meaning::ClientId | Meaning::Secret => Some(meaning),
    }
}

/// A URL, a host, or the placeholder of one.
fn is_address(value: &str) -> bool {
    let value = value.trim();
    value.starts_with("http://")
        || value.starts_with("https://")
        || value.starts_with('<')
        || value.contains('.') && !value.contains(char::is_whitespace) && Address::recognise(value).is_some()
}

/// `sb-..!b1|it!b2`
fn is_client_id(value: &str) -> bool {
    value.trim().starts_with("sb-") && value.contains('!')
}

/// The words of a name in lower case: split at non-alphanumeric characters and at capitals.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut characters = name.chars().take(120).peekable();
    let mut before = ' ';
    while let Some(c) = characters.next() {
        let follows_lower = before.is_lowercase() && c.is_uppercase();
        let ends_capitals =
            before.is_uppercase() && c.is_uppercase() && characters.peek().is_some_and(|next| next.is_lowercase());
        if (follows_lower || ends_capitals || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The words that make up the first `length` bytes; the last one may be truncated.
fn leading(words: Vec<String>, length: usize) -> Vec<String> {
    let mut left = length;
    let mut leading = Vec::new();
    for mut word in words {
        if left == 0 {
            break;
        }
        word.truncate(left);
        left -= word.len();
        leading.push(word);
    }
    leading
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Option<(Meaning, String)> {
        Named::of(name, value).map(|named| (named.meaning, named.prefix.join(" ")))
    }

    #[test]
    fn names_are_understood_at_their_end() {
        use Meaning::*;
        let host = "acme.it-cpi018.cfapps.eu10.hana.ondemand.com";
        let token = "https://acme.authentication.eu10.hana.ondemand.com/oauth/token";
        for (name, value, meaning, prefix) in [
            ("SAP_CPI_CLIENT_ID", "x", ClientId, "sap cpi"),
            ("cpiClientId", "x", ClientId, "cpi"),
            ("CLIENT_ID_QA", "x", ClientId, "qa"),
            ("BTP_API_USER", "x", ClientId, "btp"),
            ("user", "sb-1!b1|it!b2", ClientId, ""),
            ("oauth-clientsecret", "x", Secret, ""),
            ("tmn-host", host, Url, ""),
            ("APIBaseURL", host, Url, ""),
            ("SAP_BTP_TENANT_URL", host, Url, "sap btp"),
            ("oauth-host", "acme.authentication.eu10.hana.ondemand.com", TokenUrl, ""),
            ("tokenServiceURL", token, TokenUrl, ""),
            ("url", token, TokenUrl, ""),
            ("Token URL", "https://acme.example/x", TokenUrl, ""),
            ("oauth-path", "/oauth/token", TokenPath, ""),
        ] {
            assert_eq!(read(name, value), Some((meaning, prefix.to_owned())), "{name}");
        }
        for (name, value) in [
            ("tokenServiceURLType", "Dedicated"),
            ("redirect_url", "https://acme.example"),
            ("webui_url", "https://acme.example"),
            ("user", "anna"),
            ("password", "welcome"),
            ("host", "true"),
            ("LOG_LEVEL", "debug"),
            ("", ""),
        ] {
            assert_eq!(read(name, value), None, "{name}");
        }
    }
}
