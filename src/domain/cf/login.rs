//! Logging in: the location of the login server, the requests, and the meaning of the responses.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::json;
use url::form_urlencoded;

use super::{
    call::Response,
    refusal::{about_limit, not_the_api},
};
use crate::domain::{
    finding::{Finding, FindingCode},
    text::{mask::Mask, safe_text::SafeText, secret::Secret, token::is_token},
};

/// The header with which the cf CLI identifies itself: user `cf`, no secret. With it, the login server returns the same
/// refresh token again; without it, some servers issue another one, which would invalidate the cf CLI's own login (UAA,
/// RefreshTokenCreator).
pub const CLIENT: &str = "Basic Y2Y6";

/// The shortest part of a passcode or password that is masked; passcodes have ten characters.
const SHORTEST: usize = 8;

/// The servers of a landscape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Servers {
    /// The URL of the login page; `/passcode` shows a passcode.
    pub login: String,
    /// The token server's address.
    pub uaa: String,
    /// The version of the API, if known.
    pub version: Option<SafeText>,
}

impl Servers {
    /// The page that shows a passcode.
    pub fn passcode_page(&self) -> String {
        format!("{}/passcode", self.login.trim_end_matches('/'))
    }

    /// The address of the token endpoint.
    pub fn token_endpoint(&self) -> String {
        format!("{}/oauth/token", self.uaa.trim_end_matches('/'))
    }
}

/// Reads the response to `GET /` of the API.
///
/// # Errors
/// `cf-not-an-api`.
pub fn read_servers(response: &Response) -> Result<Servers, Finding> {
    #[derive(Deserialize)]
    struct Root {
        links: Links,
    }
    #[derive(Deserialize)]
    struct Links {
        login: Link,
        uaa: Option<Link>,
        cloud_controller_v3: Option<Versioned>,
    }
    #[derive(Deserialize)]
    struct Link {
        href: String,
    }
    #[derive(Deserialize)]
    struct Versioned {
        meta: Option<Meta>,
    }
    #[derive(Deserialize)]
    struct Meta {
        version: Option<String>,
    }
    let root: Option<Root> = response.is_success().then(|| response.json()).flatten();
    let Some(Root { links }) = root else {
        return Err(not_the_api(response));
    };
    let version = links.cloud_controller_v3.and_then(|v3| v3.meta).and_then(|meta| meta.version);
    Ok(Servers {
        uaa: links.uaa.map_or_else(|| links.login.href.clone(), |uaa| uaa.href),
        login: links.login.href,
        version: version.map(|version| SafeText::line(&version)),
    })
}

/// Credentials of a user or of the cf CLI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// A passcode of the login page; works once, within five minutes.
    Passcode(Secret),
    /// User and password. Not accepted if the account has a second factor.
    Password {
        /// The user.
        user: String,
        /// The password.
        password: Secret,
        /// The origin key of the identity provider.
        origin: Option<String>,
    },
    /// A refresh token.
    Refresh(Secret),
}

impl Credentials {
    /// A mask for the secret.
    fn mask(&self) -> Mask {
        let (Credentials::Passcode(secret)
        | Credentials::Password { password: secret, .. }
        | Credentials::Refresh(secret)) = self;
        let mut mask = Mask::default();
        mask.add_runs(secret, SHORTEST);
        mask
    }

    /// The form fields.
    pub fn form(&self) -> Vec<(&'static str, &str)> {
        match self {
            Credentials::Passcode(passcode) => vec![("grant_type", "password"), ("passcode", passcode.expose())],
            Credentials::Password { user, password, .. } => {
                vec![("grant_type", "password"), ("username", user), ("password", password.expose())]
            }
            Credentials::Refresh(token) => vec![("grant_type", "refresh_token"), ("refresh_token", token.expose())],
        }
    }

    /// The query, which names the identity provider.
    pub fn query(&self) -> Option<String> {
        let Credentials::Password { origin: Some(origin), .. } = self else { return None };
        let hint = json!({ "origin": origin }).to_string();
        Some(form_urlencoded::Serializer::new(String::new()).append_pair("login_hint", &hint).finish())
    }
}

/// The tokens from the token server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The access token.
    pub access: Secret,
    /// The refresh token.
    pub refresh: Option<Secret>,
    /// The lifetime of the access token; 20 minutes at SAP.
    pub lives: Duration,
    /// Who is logged in.
    pub user: Option<SafeText>,
    /// The origin key of the identity provider.
    pub origin: Option<SafeText>,
}

/// Reads the response of the token endpoint.
///
/// # Errors
///
/// Why the login is refused. If the server repeats the secret, it is masked.
pub fn read_tokens(sent: &Credentials, response: &Response) -> Result<Tokens, Finding> {
    tokens(sent, response).map_err(|mut finding| {
        finding.mask(&sent.mask());
        finding
    })
}

fn tokens(sent: &Credentials, response: &Response) -> Result<Tokens, Finding> {
    #[derive(Deserialize)]
    struct Granted {
        access_token: String,
        refresh_token: Option<String>,
        #[serde(default)]
        expires_in: u64,
    }
    if !response.is_success() {
        return Err(login_refused(sent, response));
    }
    let Some(Granted { access_token, refresh_token, expires_in }) = response.json() else {
        return Err(not_the_api(response));
    };
    if !is_token(&access_token) {
        return Err(Finding::cf(FindingCode::CfNotAnApi));
    }
    let (user, origin) = holder(&access_token);
    Ok(Tokens {
        access: Secret::new(access_token),
        refresh: refresh_token.filter(|token| is_token(token)).map(Secret::new),
        lives: Duration::from_secs(expires_in),
        user,
        origin,
    })
}

/// User and identity provider of an access token, only for display.
pub fn holder(access_token: &str) -> (Option<SafeText>, Option<SafeText>) {
    #[derive(Default, Deserialize)]
    struct Claims {
        user_name: Option<String>,
        origin: Option<String>,
    }
    let claims = access_token.split('.').nth(1).and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
    let claims: Claims = claims.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default();
    let shown = |text: Option<String>| text.map(|text| SafeText::line(&text));
    (shown(claims.user_name), shown(claims.origin))
}

/// Why the token server refuses.
fn login_refused(sent: &Credentials, response: &Response) -> Finding {
    #[derive(Deserialize)]
    struct Refused {
        #[serde(default)]
        error: String,
        #[serde(default)]
        error_description: String,
    }
    let refused: Option<Refused> = response.json();
    let Some(Refused { error, error_description: said }) = refused else {
        let code = match response.status {
            429 => FindingCode::CfRateLimited,
            500.. => FindingCode::CfUnavailable,
            _ => FindingCode::CfNotAnApi,
        };
        let finding = Finding::cf(code).seen(SafeText::line(&response.status.to_string()));
        return about_limit(finding, response.retry_after);
    };
    let has = |part: &str| said.contains(part);
    let code = match sent {
        _ if response.status == 429 => FindingCode::CfRateLimited,
        _ if response.status >= 500 => FindingCode::CfUnavailable,
        _ if has("INVALID_OTP_CODE") => FindingCode::CfSecondFactor,
        _ if has("PASSWORD_LOCKED") => FindingCode::CfPasswordLocked,
        _ if has("account has been locked") => FindingCode::CfLoginLocked,
        Credentials::Refresh(_) => FindingCode::CfSessionEnded,
        _ if has("provided in the login_hint") || has("any identity provider that supports password grant") => {
            FindingCode::CfOriginNoPasswords
        }
        _ if has("multiple identity providers") => FindingCode::CfOriginNeeded,
        Credentials::Passcode(_) => FindingCode::CfPasscodeRefused,
        Credentials::Password { .. } => FindingCode::CfLoginRefused,
    };
    let finding = Finding::cf(code).seen(SafeText::line(format!("{error}: {said}").trim_end_matches([':', ' '])));
    about_limit(finding, response.retry_after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::shown::Shown as _;

    fn response(status: u16, body: &str) -> Response {
        Response { status, location: None, retry_after: None, request_id: None, body: Secret::new(body) }
    }

    #[test]
    fn a_token_that_is_too_long_or_in_an_answer_that_cannot_be_read_is_refused_and_not_shown() {
        let token = "0a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d";
        let sent = Credentials::Passcode(Secret::new("Ab12Cd34Ef"));
        for body in [
            format!(r#"{{"access_token":"{token}","refresh_token":"{token}-r","expires_in":1e400}}"#),
            format!("access_token={token}&refresh_token={token}-r"),
            format!(r#"{{"access_token":"{}"}}"#, token.repeat(4000)),
        ] {
            let finding = read_tokens(&sent, &response(200, &body)).unwrap_err();
            let shown = finding.evidence.map(|fact| fact.shown(crate::words::Words::default())).unwrap_or_default();
            assert!(!shown.contains(&token[..12]), "{shown}");
        }
        let long = format!(r#"{{"access_token":"{token}","refresh_token":"{}"}}"#, token.repeat(4000));
        assert_eq!(read_tokens(&sent, &response(200, &long)).unwrap().refresh, None);
    }

    #[test]
    fn the_servers_are_those_that_the_api_names() {
        let root = r#"{"links":{"login":{"href":"https://login.cf.eu10.hana.ondemand.com"},"uaa":{"href":"https://uaa.cf.eu10.hana.ondemand.com"},
            "cloud_controller_v2":null,"cloud_controller_v3":{"href":"x","meta":{"version":"3.188.0"}}}}"#;
        let servers = read_servers(&response(200, root)).unwrap();
        assert_eq!(servers.passcode_page(), "https://login.cf.eu10.hana.ondemand.com/passcode");
        assert_eq!(servers.token_endpoint(), "https://uaa.cf.eu10.hana.ondemand.com/oauth/token");
        for (status, body) in [(200, "<html>"), (200, "{}"), (404, root), (302, "")] {
            assert_eq!(read_servers(&response(status, body)).unwrap_err().code, FindingCode::CfNotAnApi);
        }
    }

    #[test]
    fn a_passcode_may_begin_with_a_dash_and_an_origin_is_a_hint() {
        let passcode = Credentials::Passcode(Secret::new("-a_b"));
        assert_eq!(passcode.form(), [("grant_type", "password"), ("passcode", "-a_b")]);
        assert_eq!(passcode.query(), None);
        let password =
            Credentials::Password { user: "u".into(), password: Secret::new("p"), origin: Some("sap.ids".into()) };
        assert_eq!(password.query().unwrap(), "login_hint=%7B%22origin%22%3A%22sap.ids%22%7D");
    }

    #[test]
    fn what_the_token_server_repeats_of_a_secret_is_masked() {
        // The token server repeats a rejected refresh token; a proxy may repeat everything that was sent.
        let refused = r#"{"error":"invalid_token","error_description":"The token ID is incorrect: 0123456789abcdef0123456789abcdef-r"}"#;
        let sent = Credentials::Refresh(Secret::new("0123456789abcdef0123456789abcdef-r"));
        for (status, body, code) in [
            (401, refused, FindingCode::CfSessionEnded),
            (200, "You sent 0123456789abcdef0123456789abcdef-r", FindingCode::CfNotAnApi),
        ] {
            let finding = read_tokens(&sent, &response(status, body)).unwrap_err();
            assert_eq!(finding.code, code);
            assert!(!format!("{finding:?}").contains("9abcdef"), "{finding:?}");
        }
    }

    #[test]
    fn a_token_says_who_is_logged_in() {
        let claims = BASE64_URL_SAFE_NO_PAD.encode(r#"{"user_name":"dev@example.com","origin":"sap.ids"}"#);
        let body = format!(r#"{{"access_token":"e30.{claims}.x","refresh_token":"r","expires_in":1199}}"#);
        let tokens = read_tokens(&Credentials::Passcode(Secret::new("p")), &response(200, &body)).unwrap();
        assert_eq!(tokens.user.unwrap().as_str(), "dev@example.com");
        assert_eq!(tokens.lives, Duration::from_secs(1199));
    }
}
