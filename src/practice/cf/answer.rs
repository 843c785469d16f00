//! The responses of Cloud Controller and UAA, verbatim.

use serde_json::{Value, json};

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in the case of the recorded traffic.
    pub headers: Vec<(String, String)>,
    /// The body, empty if there is none.
    pub body: String,
}

impl Response {
    /// A text of any type.
    pub fn text(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", body.to_string())
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A response, or the refusal that ends processing of a request.
pub(super) type Answer = Result<Response, Response>;

/// The operation continues in a job. The body is empty and of type `text/html`, as in the recorded traffic.
pub(super) fn accepted(job: String) -> Response {
    Response::text(202, "text/html;charset=utf-8", "").with("Location", job)
}

/// An error of the Cloud Controller.
pub(super) fn error(status: u16, code: u32, title: &str, detail: impl Into<String>) -> Response {
    let error = json!({"code": code, "title": format!("CF-{title}"), "detail": detail.into()});
    Response::json(status, &json!({"errors": [error]}))
}

/// The request cannot be processed.
pub(super) fn unprocessable(detail: impl Into<String>) -> Response {
    error(422, 10008, "UnprocessableEntity", detail)
}

/// A query parameter is unknown or wrong.
pub(super) fn bad_query(detail: impl std::fmt::Display) -> Response {
    error(400, 10005, "BadQueryParameter", format!("The query parameter is invalid: {detail}"))
}

/// It does not exist, or the user may not see it.
pub(super) fn not_found(resource: &str) -> Response {
    error(404, 10010, "ResourceNotFound", format!("{resource} not found"))
}

/// There is no such path.
pub(super) fn unknown_request() -> Response {
    error(404, 10000, "NotFound", "Unknown request")
}

/// The user may see it but not do that.
pub(super) fn not_authorized() -> Response {
    error(403, 10003, "NotAuthorized", "You are not authorized to perform the requested action")
}

/// Nothing can be changed in the org.
pub(super) fn org_suspended() -> Response {
    error(403, 10017, "OrgSuspended", "The organization is suspended")
}

/// There is no access token.
pub(super) fn not_authenticated() -> Response {
    error(401, 10002, "NotAuthenticated", "Authentication error")
}

/// The access token has expired or was never issued.
pub(super) fn invalid_token() -> Response {
    error(401, 1000, "InvalidAuthToken", "Invalid Auth Token")
}

/// An error of UAA.
pub(super) fn uaa_error(status: u16, error: &str, description: &str) -> Response {
    Response::text(
        status,
        "application/json;charset=UTF-8",
        json!({"error": error, "error_description": description}).to_string(),
    )
    .with("Cache-Control", "no-store")
}
