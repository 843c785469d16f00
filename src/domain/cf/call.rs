//! One request to the Cloud Foundry API and its response, as data.

use std::time::Duration;

use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::Value;
use url::form_urlencoded;

use crate::domain::{
    body::Body,
    finding::{Fact, Finding},
    text::{safe_text::SafeText, secret::Secret},
};

/// HTTP methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; may be repeated.
    Get,
    /// Creates something.
    Post,
    /// Changes something.
    Patch,
    /// Deletes something.
    Delete,
}

impl Method {
    /// Its name in HTTP.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// A request to the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// Path and query below the API's URL, or an absolute URL from the API (`Location`, `next.href`), which is followed
    /// only on the API's own origin.
    pub path: String,
    /// The JSON body.
    pub body: Option<Value>,
}

impl Call {
    /// Reads `path`.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::Get, path: path.into(), body: None }
    }

    /// Reads `path` with these query parameters. A comma in a value separates values unless it comes from [`one_value`].
    pub fn list(path: &str, query: &[(&str, &str)]) -> Self {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        Self::get(format!("{path}?{query}"))
    }

    /// Sends `body` to `path`.
    pub fn send(method: Method, path: impl Into<String>, body: Value) -> Self {
        Self { method, path: path.into(), body: Some(body) }
    }

    /// Deletes `path`.
    pub fn delete(path: impl Into<String>) -> Self {
        Self { method: Method::Delete, path: path.into(), body: None }
    }

    /// Whether sending it twice does the same as sending it once.
    pub fn only_reads(&self) -> bool {
        self.method == Method::Get
    }
}

/// A name as one value of a filter: the API splits at commas before it decodes, so a comma is encoded twice.
pub fn one_value(name: &str) -> String {
    name.replace('%', "%25").replace(',', "%2C")
}

/// A response of the API.
#[derive(Clone, Debug)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// `Location`, the job of an accepted request.
    pub location: Option<String>,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<Duration>,
    /// `X-Vcap-Request-Id`, which SAP support asks for.
    pub request_id: Option<SafeText>,
    /// The body. It may contain the credentials of a key.
    pub body: Secret,
}

/// The error in a response of the API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiError {
    /// The error code, such as 10008.
    pub code: u32,
    /// The message.
    pub detail: String,
}

impl Response {
    /// Whether the API performed or accepted the request.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON of a known shape.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.body.expose()).ok()
    }

    /// Whether the API accepted the request. A proxy page does not count, whatever its status.
    pub fn accepts(&self) -> bool {
        let body = self.body.expose().trim();
        self.is_success() && (self.location.is_some() || body.is_empty() || self.json::<IgnoredAny>().is_some())
    }

    /// Whether the API itself reports that the resource does not exist.
    pub fn is_absence(&self) -> bool {
        self.status == 404 && self.error().is_some()
    }

    /// The status, and the message of a response that does not have the API's format.
    pub fn seen(&self) -> Fact {
        let said = Body::said_in(self.body.expose().as_bytes(), self.is_success());
        // The router's message begins with the status.
        match said.as_text() {
            Some(text) if text.starts_with(&self.status.to_string()) => said,
            _ => Fact::Says { status: self.status, said: Box::new(said) },
        }
    }

    /// The first error in the body, if it has the API's format.
    pub fn error(&self) -> Option<ApiError> {
        self.json::<Errors>()?
            .errors
            .into_iter()
            .next()
            .map(|error| ApiError { code: error.code, detail: error.detail })
    }
}

/// The API's error format, also inside a job.
#[derive(Deserialize)]
pub(super) struct Errors {
    #[serde(default)]
    pub(super) errors: Vec<ErrorEntry>,
}

#[derive(Deserialize)]
pub(super) struct ErrorEntry {
    #[serde(default)]
    pub(super) code: u32,
    #[serde(default)]
    pub(super) detail: String,
}

/// The result of a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A response, whatever its status.
    Answer(Response),
    /// No response. If the request changes something, it may or may not have been performed.
    Lost(Finding),
    /// The login has expired and could not be renewed; nothing was done.
    SessionEnded(Finding),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_name_reaches_the_api_as_part_of_one_value() {
        let call = Call::list("/v3/organizations", &[("names", &one_value("Acme, Inc 100%"))]);
        assert_eq!(call.path, "/v3/organizations?names=Acme%252C+Inc+100%2525");
    }

    #[test]
    fn only_a_body_of_the_apis_form_is_an_error() {
        let response = |body: &str| Response {
            status: 422,
            location: None,
            retry_after: None,
            request_id: None,
            body: Secret::new(body),
        };
        let error = response(r#"{"errors":[{"code":10008,"title":"CF-UnprocessableEntity","detail":"X"}]}"#).error();
        assert_eq!(error, Some(ApiError { code: 10008, detail: "X".into() }));
        assert_eq!(response("<html>").error(), None);
        assert_eq!(response(r#"{"errors":[]}"#).error(), None);
    }
}
