//! The login: UAA's passcodes, passwords and tokens.

use std::{collections::BTreeMap, time::Duration};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64},
};
use serde_json::{Value, json};

use super::answer::{Answer, Response, uaa_error};

/// The user to whom the passcodes belong.
pub const USER: &str = "dev@example.com";
/// The password of that user and of the users below.
pub const PASSWORD: &str = "practice";
/// A user with a second factor, whose password is rejected.
pub const USER_WITH_SECOND_FACTOR: &str = "otp@example.com";
/// A user who is locked out.
pub const USER_LOCKED: &str = "locked@example.com";
/// A user who must specify the identity provider.
pub const USER_OF_TWO_ORIGINS: &str = "two@example.com";
/// The default identity provider.
pub const ORIGIN: &str = "sap.ids";
/// Another one that accepts passwords.
pub const OTHER_ORIGIN: &str = "practice-idp";

/// The lifetime of an access token in seconds, less one.
const TOKEN: u64 = 1_199;
/// How long a passcode is valid.
const PASSCODE: Duration = Duration::from_secs(5 * 60);
/// Consecutive wrong passwords before the account is locked.
const WRONG: u32 = 5;

/// The state of UAA.
#[derive(Clone, Debug, Default)]
pub(super) struct Uaa {
    passcode: Option<(String, Duration)>,
    /// Refresh tokens, each with user name and origin.
    refresh: BTreeMap<String, (String, String)>,
    /// Access tokens and when they expire.
    access: BTreeMap<String, Duration>,
    /// Consecutive wrong passwords, by user name.
    wrong: BTreeMap<String, u32>,
    drawn: u64,
}

impl Uaa {
    /// A new passcode. It invalidates the previous one.
    pub(super) fn passcode(&mut self, now: Duration) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut bits = self.draw();
        let passcode: String = (0..10)
            .map(|_| {
                let letter = char::from(ALPHABET[usize::try_from(bits & 63).unwrap_or_default()]);
                bits >>= 6;
                letter
            })
            .collect();
        self.passcode = Some((passcode.clone(), now));
        passcode
    }

    /// Whether an access token is valid.
    pub(super) fn accepts(&self, token: &str, now: Duration) -> bool {
        self.access.get(token).is_some_and(|expires| *expires > now)
    }

    /// `POST /oauth/token`
    pub(super) fn token(&mut self, authorization: Option<&str>, query: &str, body: &str, now: Duration) -> Answer {
        let form: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let is_secretless = authorization.is_none() && field("client_id") == Some("cf");
        if !is_secretless && !authorization.is_some_and(is_client) {
            return Err(uaa_error(401, "unauthorized", "Bad credentials"));
        }
        let (user, origin) = match (field("grant_type"), field("passcode"), field("refresh_token")) {
            (Some("password"), Some(passcode), _) => self.by_passcode(passcode, now)?,
            (Some("password"), None, _) => {
                let (user, password) = (field("username").unwrap_or_default(), field("password").unwrap_or_default());
                self.by_password(user, password, origin(query)?)?
            }
            (Some("refresh_token"), _, Some(refresh)) => {
                let Some(whose) = self.refresh.get(refresh).cloned() else {
                    let text = format!("The token expired, was revoked, or the token ID is incorrect: {refresh}");
                    return Err(uaa_error(401, "invalid_token", &text));
                };
                let mut kept = refresh.to_owned();
                // A client without a secret gets a new refresh token, and the old one is revoked.
                if is_secretless {
                    self.refresh.remove(refresh);
                    kept = self.new_refresh(&whose);
                }
                return Ok(self.tokens(&whose, kept, now));
            }
            (Some("refresh_token"), _, None) => {
                return Err(uaa_error(400, "invalid_request", "A refresh token must be supplied."));
            }
            (Some(other), ..) => {
                return Err(uaa_error(400, "unsupported_grant_type", &format!("Unsupported grant type: {other}")));
            }
            (None, ..) => return Err(uaa_error(400, "invalid_request", "Missing grant type")),
        };
        let whose = (user, origin);
        let refresh = self.new_refresh(&whose);
        Ok(self.tokens(&whose, refresh, now))
    }

    fn by_passcode(&mut self, passcode: &str, now: Duration) -> Result<(String, String), Response> {
        let is_right = self
            .passcode
            .as_ref()
            .is_some_and(|(known, made)| known == passcode && now.saturating_sub(*made) <= PASSCODE);
        if !is_right {
            return Err(uaa_error(401, "unauthorized", "Invalid passcode"));
        }
        self.passcode = None;
        Ok((USER.to_owned(), ORIGIN.to_owned()))
    }

    fn by_password(
        &mut self,
        user: &str,
        password: &str,
        origin: Option<String>,
    ) -> Result<(String, String), Response> {
        let known = [USER, USER_WITH_SECOND_FACTOR, USER_LOCKED, USER_OF_TWO_ORIGINS];
        let refused = |cause: &str| uaa_error(401, "invalid_client", &format!("User authentication failed: {cause}"));
        if origin.as_deref().is_some_and(|origin| ![ORIGIN, OTHER_ORIGIN].contains(&origin)) {
            let text = "The origin provided in the login_hint does not match an active Identity Provider, that supports \
                        password grant.";
            return Err(uaa_error(401, "unauthorized", text));
        }
        if origin.is_none() && user == USER_OF_TWO_ORIGINS {
            let text = "The client is authorized for multiple identity providers that support password grant and could \
                        not determine which identity provider to use.";
            return Err(uaa_error(401, "unauthorized", text));
        }
        let wrong = self.wrong.entry(user.to_owned()).or_default();
        if user == USER_LOCKED || *wrong >= WRONG {
            return Err(refused("PASSWORD_LOCKED"));
        }
        if !known.contains(&user) || password != PASSWORD {
            *wrong += 1;
            return Err(uaa_error(401, "unauthorized", "Bad credentials"));
        }
        *wrong = 0;
        if user == USER_WITH_SECOND_FACTOR {
            return Err(refused("INVALID_OTP_CODE"));
        }
        Ok((user.to_owned(), origin.unwrap_or_else(|| ORIGIN.to_owned())))
    }

    fn new_refresh(&mut self, whose: &(String, String)) -> String {
        let refresh = format!("{:016x}{:016x}-r", self.draw(), self.draw());
        self.refresh.insert(refresh.clone(), whose.clone());
        refresh
    }

    fn tokens(&mut self, (user, origin): &(String, String), refresh: String, now: Duration) -> Response {
        let jti = format!("{:016x}{:016x}", self.draw(), self.draw());
        let scope = ["openid", "uaa.user", "cloud_controller.read", "password.write", "cloud_controller.write"];
        let expires = now + Duration::from_secs(TOKEN + 1);
        let claims = json!({
            "jti": jti, "sub": user_guid(user), "scope": scope, "client_id": "cf", "cid": "cf", "azp": "cf",
            "grant_type": "password", "user_id": user_guid(user), "origin": origin, "user_name": user, "email": user,
            "iat": now.as_secs(), "exp": expires.as_secs(), "zid": "uaa", "aud": ["cloud_controller", "password", "cf", "uaa", "openid"],
        });
        let encode = |part: &Value| BASE64.encode(part.to_string());
        let head = json!({"alg": "none", "typ": "JWT"});
        let access = format!("{}.{}.{}", encode(&head), encode(&claims), BASE64.encode("practice"));
        self.access.retain(|_, expires| *expires > now);
        self.access.insert(access.clone(), expires);
        let body = json!({
            "access_token": access, "token_type": "bearer", "id_token": access, "refresh_token": refresh,
            "expires_in": TOKEN, "scope": scope.join(" "), "jti": jti,
        });
        Response::json(200, &body).with("Cache-Control", "no-store").with("Pragma", "no-cache")
    }

    /// A pseudo-random number. Nothing here is worth guessing.
    fn draw(&mut self) -> u64 {
        self.drawn += 1;
        let mut bits = self.drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

/// The guid of a user.
pub(super) fn user_guid(user: &str) -> String {
    let number = user.bytes().fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    format!("a0000000-0000-4000-8000-{:012x}", number & 0xffff_ffff_ffff)
}

/// The user name in one of our access tokens.
pub(super) fn user_of(token: &str) -> Option<String> {
    let claims: Value = serde_json::from_slice(&BASE64.decode(token.split('.').nth(1)?).ok()?).ok()?;
    Some(claims["user_name"].as_str()?.to_owned())
}

/// Whether these are the credentials of the client `cf`, whose secret is empty.
fn is_client(authorization: &str) -> bool {
    let basic = authorization.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("basic"));
    basic.and_then(|(_, basic)| STANDARD.decode(basic).ok()).is_some_and(|basic| basic == b"cf:")
}

/// The origin in the query's `login_hint`.
fn origin(query: &str) -> Result<Option<String>, Response> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let Some((_, hint)) = pairs.find(|(name, _)| name == "login_hint") else { return Ok(None) };
    let hint: Option<Value> = serde_json::from_str(&hint).ok();
    let origin = hint.and_then(|hint| Some(hint["origin"].as_str()?.to_owned()));
    origin.map(Some).ok_or_else(|| uaa_error(400, "invalid_request", "The login_hint is not valid."))
}
