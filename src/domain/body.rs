//! Classifies the body of a response and extracts its message.

use serde_json::Value;

use crate::domain::{
    finding::Fact,
    text::{safe_text::SafeText, token::without_tokens},
};

/// The classified body of a response.
#[derive(Debug)]
pub enum Body<'a> {
    /// Nothing, or white space.
    Empty,
    /// JSON of any shape.
    Json(Value),
    /// JSON that cannot be read: cut off, or with a number that is too large.
    BrokenJson,
    /// An XML document, Atom included.
    Xml(&'a str),
    /// A web page.
    Html(&'a str),
    /// Other text.
    Text(&'a str),
    /// Not UTF-8.
    Binary,
}

impl<'a> Body<'a> {
    /// Looks only at the text: servers label error pages arbitrarily.
    pub fn of(bytes: &'a [u8]) -> Self {
        let Ok(text) = std::str::from_utf8(bytes) else { return Body::Binary };
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Body::Empty;
        }
        if let Some(inner) = text.strip_prefix(['{', '[']) {
            match serde_json::from_str(text) {
                Ok(value) => return Body::Json(value),
                Err(_) if inner.trim_start().starts_with(['"', '{', '[']) => return Body::BrokenJson,
                Err(_) => {}
            }
        }
        let start = text.chars().take(512).collect::<String>().to_ascii_lowercase();
        if start.starts_with("<!doctype html") || start.contains("<html") {
            Body::Html(text)
        } else if start.starts_with('<') {
            Body::Xml(text)
        } else {
            Body::Text(text)
        }
    }

    /// Whether this is a login page, or a page that redirects a browser to one.
    pub fn is_login(&self) -> bool {
        let Body::Html(text) = self else { return false };
        let text = text.to_ascii_lowercase();
        ["fragmentafterlogin", "/oauth/authorize", "type=\"password\"", "login.do", "/saml2/", "j_username"]
            .iter()
            .any(|sign| text.contains(sign))
    }

    /// Whether this is an error page of Tomcat, which runs the API.
    pub fn is_tomcat(&self) -> bool {
        matches!(self, Body::Html(text) if text.contains("HTTP Status ") || text.contains("Apache Tomcat"))
    }

    /// The message of an OData error, JSON (v2 and v4) or XML.
    pub fn odata_error(&self) -> Option<SafeText> {
        match self {
            Body::Json(value) => {
                let error = value.get("error")?;
                let message = error.get("message")?;
                let text = message.as_str().or_else(|| message.get("value").and_then(Value::as_str))?;
                Some(SafeText::line(&without_tokens(text)))
            }
            Body::Xml(text) if text.contains("<error") => {
                Some(element(text, "message").map(|text| SafeText::line(&without_tokens(&text))).unwrap_or_default())
            }
            _ => None,
        }
    }

    /// `error` and `error_description` of an OAuth error, JSON or XML.
    pub fn oauth_error(&self) -> Option<(String, String)> {
        match self {
            Body::Json(value) => {
                // Other services write a sentence there.
                let is_code =
                    |error: &&str| !error.is_empty() && error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                let error = value.get("error")?.as_str().filter(is_code)?;
                let description = value.get("error_description").and_then(Value::as_str).unwrap_or_default();
                Some((error.to_owned(), description.to_owned()))
            }
            Body::Xml(text) if text.contains("<oauth") => {
                Some((element(text, "error")?, element(text, "error_description").unwrap_or_default()))
            }
            _ => None,
        }
    }

    /// What the server itself says, in one line, without tokens.
    pub fn said(&self) -> Option<SafeText> {
        if let Some((error, description)) = self.oauth_error() {
            let said = if description.is_empty() { &error } else { &description };
            return Some(SafeText::line(&without_tokens(said)));
        }
        self.odata_error().or_else(|| match self {
            Body::Text(text) => Some(shortly(text)),
            Body::Html(text) => element(text, "title").map(|title| shortly(title.trim())),
            Body::Json(_) => self.sentence().map(shortly),
            _ => None,
        })
    }

    /// The message in JSON that is neither OAuth nor OData, in the fields that gateways and frameworks use.
    fn sentence(&self) -> Option<&str> {
        let Body::Json(value) = self else { return None };
        ["/error", "/message", "/error/message", "/detail", "/title", "/fault/faultstring", "/error_description"]
            .iter()
            .find_map(|place| value.pointer(place)?.as_str())
    }

    /// Whether this is the error of a login form, which the token server sends if the path of the token endpoint is
    /// missing.
    pub fn is_form_refusal(&self) -> bool {
        self.sentence().is_some_and(|text| text.to_ascii_lowercase().contains("csrf token"))
    }

    /// Whether this is the error object of the framework that the token server is built with.
    pub fn is_framework_error(&self) -> bool {
        let Body::Json(value) = self else { return false };
        ["timestamp", "status", "error", "path"].iter().all(|name| value.get(name).is_some())
            && value.get("requestId").is_none()
    }

    /// Whether neither the token server nor the API sends such a body with a refusal: a page or JSON of a gateway, web
    /// filter or proxy, or prose. Decided by its structure, never by words in it.
    pub fn is_foreign(&self) -> bool {
        match self {
            Body::Empty => false,
            Body::Json(value) => {
                let empty = value.as_object().is_some_and(serde_json::Map::is_empty);
                !empty && self.oauth_error().is_none() && self.odata_error().is_none()
            }
            Body::Xml(_) => self.oauth_error().is_none() && self.odata_error().is_none(),
            Body::Html(_) => !self.is_tomcat() && !self.is_login(),
            Body::Text(text) => {
                let reason = text.trim_matches(|c: char| !c.is_ascii_alphabetic()).to_ascii_lowercase();
                !matches!(reason.as_str(), "unauthorized" | "forbidden" | "not found" | "bad request" | "gone")
                    && !text.starts_with("Error while obtaining token from UAA")
            }
            Body::BrokenJson | Body::Binary => true,
        }
    }

    /// What a body says, or what kind of body it is, in a line. Of JSON or text that is no error, only the kind: it may hold
    /// anything.
    pub fn said_in(bytes: &'a [u8], is_success: bool) -> Fact {
        match Body::of(bytes) {
            body @ (Body::Json(_) | Body::Text(_)) if is_success => body.kind(),
            body => body.said_or_kind(),
        }
    }

    /// The server's message, or the kind of body.
    pub fn said_or_kind(&self) -> Fact {
        if let Some(said) = self.said().filter(|said| !said.is_empty()) {
            return said.into();
        }
        self.kind()
    }

    /// What this is.
    pub fn kind(&self) -> Fact {
        match self {
            Body::Empty => Fact::EmptyBody,
            Body::Json(_) => Fact::OtherJson,
            Body::BrokenJson => Fact::BrokenJson,
            Body::Xml(_) => Fact::Xml,
            Body::Html(_) => Fact::WebPage,
            Body::Text(_) => Fact::PlainText,
            Body::Binary => Fact::Binary,
        }
    }
}

/// The beginning of a text that may be long.
fn shortly(text: &str) -> SafeText {
    SafeText::capped(&without_tokens(text), 120)
}

/// The text of the first element of that name, attributes and prefixes of the opening tag ignored.
fn element(text: &str, name: &str) -> Option<String> {
    let mut rest = text;
    loop {
        let at = rest.find('<')?;
        rest = &rest[at + 1..];
        let Some(tail) = rest.strip_prefix(name) else { continue };
        if !tail.starts_with(['>', ' ', '\n', '\t', '\r']) {
            continue;
        }
        let inner = &tail[tail.find('>')? + 1..];
        let end = inner.find("</")?;
        return Some(inner[..end].to_owned());
    }
}
