//! A Cloud Foundry login, and requests with it.
//!
//! The requests and the meaning of the responses are in `domain::cf`. A password, passcode or refresh token is sent
//! only to the token server, an access token only to the API. Redirects are not followed.

use std::time::Duration;

use reqwest::header;
use serde::de::IgnoredAny;
use tokio::time::Instant;
use url::Url;

use super::http::{HostClient, HttpError, NetOptions, Reply as HttpReply, send, send_once};
use crate::domain::{
    cf::{
        call::{Call, Method, Reply, Response},
        login::{self, CLIENT, Credentials, Servers, Tokens},
    },
    finding::{Finding, FindingCode},
    key::address::Address,
    text::{mask::Mask, safe_text::SafeText, secret::Secret},
};

/// An access token that expires sooner than this is renewed before use.
const LEFT: Duration = Duration::from_secs(60);

/// Asks the API at `api` for its servers. Nothing secret is sent.
///
/// # Errors
///
/// A network finding, or `cf-not-an-api`.
pub async fn servers(api: &Url, options: &NetOptions) -> Result<Servers, Finding> {
    let host = HostClient::to(api, None, options).map_err(fault)?;
    let url = join(api, "/")?;
    let asked = send(&host, options, || host.get(url.clone()).header(header::ACCEPT, "application/json"), |_| ()).await;
    let servers = login::read_servers(&response(asked.map_err(|error| fault(error.error))?))?;
    // A passcode and tokens are sent there: never unencrypted, except on this machine.
    for address in [&servers.login, &servers.uaa] {
        if Address::parse_cloud_foundry(address).is_err() {
            return Err(Finding::cf(FindingCode::CfNotAnApi).seen(SafeText::line(address)));
        }
    }
    Ok(servers)
}

/// A login. Its tokens are kept only in memory.
pub struct Session {
    api: Url,
    token_endpoint: Url,
    options: NetOptions,
    api_host: HostClient,
    token_host: HostClient,
    tokens: Tokens,
    taken: Instant,
    replaced: bool,
}

impl Session {
    /// Logs in. A password is sent only once: every further attempt extends the lock of a locked account.
    ///
    /// # Errors
    ///
    /// Why the login is refused, or a network finding.
    pub async fn log_in(
        api: &Url,
        servers: &Servers,
        credentials: &Credentials,
        options: &NetOptions,
    ) -> Result<Self, Finding> {
        let token_endpoint = Url::parse(&servers.token_endpoint()).map_err(|_| Finding::cf(FindingCode::CfNotAnApi))?;
        let token_host = HostClient::to(&token_endpoint, None, options).map_err(fault)?;
        let tokens = ask_for_tokens(&token_host, &token_endpoint, credentials, options).await?;
        let replaced = is_replaced(credentials, &tokens);
        let api_host = HostClient::to(api, None, options).map_err(fault)?;
        Ok(Self {
            api: api.clone(),
            token_endpoint,
            options: options.clone(),
            api_host,
            token_host,
            tokens,
            taken: Instant::now(),
            replaced,
        })
    }

    /// Who is logged in.
    pub fn user(&self) -> Option<&SafeText> {
        self.tokens.user.as_ref()
    }

    /// The origin key of the identity provider.
    pub fn origin(&self) -> Option<&SafeText> {
        self.tokens.origin.as_ref()
    }

    /// The refresh token, for storing the login.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.tokens.refresh.as_ref()
    }

    /// Whether the token server replaced the given refresh token: others that still use the old one are logged out.
    pub fn replaced_refresh_token(&self) -> bool {
        self.replaced
    }

    /// The URL of the API.
    pub fn api(&self) -> &Url {
        &self.api
    }

    /// Sends a request once. It is resent only if its token was rejected, with a new token: nothing was done then.
    pub async fn send(&mut self, call: &Call) -> Reply {
        if self.is_old()
            && let Err(reply) = self.renew().await
        {
            return reply;
        }
        let answer = match self.send_with_token(call).await {
            Ok(answer) => answer,
            Err(finding) => return Reply::Lost(finding),
        };
        if answer.status != 401 {
            return Reply::Answer(answer);
        }
        if let Err(reply) = self.renew().await {
            return reply;
        }
        self.send_with_token(call).await.map_or_else(Reply::Lost, Reply::Answer)
    }

    fn is_old(&self) -> bool {
        !self.tokens.lives.is_zero() && self.taken.elapsed() + LEFT >= self.tokens.lives
    }

    /// Gets a new access token.
    async fn renew(&mut self) -> Result<(), Reply> {
        let Some(refresh) = self.tokens.refresh.clone() else {
            return Err(Reply::SessionEnded(Finding::cf(FindingCode::CfSessionEnded)));
        };
        let credentials = Credentials::Refresh(refresh);
        let tokens = ask_for_tokens(&self.token_host, &self.token_endpoint, &credentials, &self.options)
            .await
            .map_err(|finding| {
                match finding.code {
                    FindingCode::CfSessionEnded => Reply::SessionEnded(finding),
                    // The request itself was not sent: a retry may find the token server in a better state.
                    _ => Reply::Lost(finding),
                }
            })?;
        self.replaced |= is_replaced(&credentials, &tokens);
        let Credentials::Refresh(before) = credentials else { return Ok(()) };
        self.tokens = Tokens { refresh: tokens.refresh.clone().or(Some(before)), ..tokens };
        self.taken = Instant::now();
        Ok(())
    }

    async fn send_with_token(&self, call: &Call) -> Result<Response, Finding> {
        let url = self.address(&call.path)?;
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut request = self
            .api_host
            .request(method, url)
            .header(header::ACCEPT, "application/json")
            .bearer_auth(self.tokens.access.expose());
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let answer = send_once(&self.api_host, &self.options, request).await.map(response).map_err(fault)?;
        let is_read = answer.is_success() && answer.json::<IgnoredAny>().is_some();
        Ok(if is_read { answer } else { self.without_tokens(answer) })
    }

    /// Removes echoed tokens from refusals and from responses that are not from the API, because they are shown.
    fn without_tokens(&self, answer: Response) -> Response {
        let mut mask = Mask::default();
        mask.add(&self.tokens.access);
        if let Some(refresh) = &self.tokens.refresh {
            mask.add(refresh);
        }
        Response { body: Secret::new(mask.apply(answer.body.expose())), ..answer }
    }

    /// The URL of a request. One that the API returned must be on its own origin: the token is sent nowhere else.
    fn address(&self, path: &str) -> Result<Url, Finding> {
        let url = join(&self.api, path)?;
        if url.origin() != self.api.origin() {
            let host = url.host_str().unwrap_or_default();
            return Err(Finding::cf(FindingCode::CfUnexpected).seen(SafeText::line(host)));
        }
        Ok(url)
    }
}

fn join(api: &Url, path: &str) -> Result<Url, Finding> {
    api.join(path).map_err(|_| Finding::cf(FindingCode::CfUnexpected).seen(SafeText::line(path)))
}

/// Sends a form to the token server, once.
async fn ask_for_tokens(
    host: &HostClient,
    endpoint: &Url,
    credentials: &Credentials,
    options: &NetOptions,
) -> Result<Tokens, Finding> {
    let mut url = endpoint.clone();
    url.set_query(credentials.query().as_deref());
    let request = host
        .post(url)
        .header(header::ACCEPT, "application/json")
        .header(header::AUTHORIZATION, CLIENT)
        .form(&credentials.form());
    let answer = send_once(host, options, request).await.map_err(fault)?;
    login::read_tokens(credentials, &response(answer))
}

fn is_replaced(sent: &Credentials, tokens: &Tokens) -> bool {
    match (sent, &tokens.refresh) {
        (Credentials::Refresh(before), Some(after)) => before != after,
        _ => false,
    }
}

/// A response in the form that the domain expects.
fn response(answer: HttpReply) -> Response {
    let retry_after = answer.asks_to_wait();
    let body =
        String::from_utf8(answer.body).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Response {
        status: answer.status,
        location: answer.head.location,
        retry_after,
        request_id: answer.request_id.map(|id| SafeText::line(&id)),
        body: Secret::new(body),
    }
}

/// The finding about a network error.
fn fault(error: HttpError) -> Finding {
    Finding {
        evidence: error.evidence,
        subjects: error.subject.map(Into::into).into_iter().collect(),
        ..Finding::cf(error.code)
    }
}
