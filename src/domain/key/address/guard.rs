//! The rules for all URLs.

use url::Url;

use super::{Address, Checked};
use crate::domain::finding::{Fact, Finding, FindingCode};

impl Address {
    /// Accepts https (or http to this machine) with a plain host and no user info. `field` is named in findings.
    pub(super) fn guard(text: &str, field: &'static str) -> Checked {
        let unusable = |why: Fact| Finding::key(FindingCode::UrlUnusable).about(field).seen(why);
        let not_https = |scheme: &str| Finding::key(FindingCode::UrlNotHttps).about(field).seen(scheme);
        let mut findings = Vec::new();
        let text = text.trim();
        characters(text).map_err(unusable)?;
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None if looks_like_host(text) => {
                findings.push(Finding::key(FindingCode::KeyMended).about(Fact::SchemeAdded));
                ("https".to_owned(), text)
            }
            None => return Err(unusable(Fact::SchemeMissing)),
        };
        let written = written_host(rest).map_err(unusable)?;
        if !matches!(scheme.as_str(), "https" | "http") {
            return Err(not_https(&scheme));
        }
        let address = Self(parse(&scheme, rest, written).map_err(unusable)?);
        if scheme == "http" {
            if !address.is_loopback() {
                return Err(not_https("http"));
            }
            findings.push(Finding::key(FindingCode::HttpLoopback).about(address.host()));
        }
        Ok((address, findings))
    }
}

/// The parser of `url` drops tabs and line breaks and turns `\` into `/`, so they are refused before it sees them.
fn characters(text: &str) -> Result<(), Fact> {
    if text.chars().any(char::is_control) {
        return Err(Fact::ControlCharacter);
    }
    if text.chars().any(char::is_whitespace) {
        return Err(Fact::WhiteSpace);
    }
    if !text.is_ascii() {
        return Err(Fact::NotAscii);
    }
    if text.contains('\\') {
        return Err(Fact::Backslash);
    }
    Ok(())
}

/// Host and port as written, or what is wrong with them.
fn written_host(rest: &str) -> Result<&str, Fact> {
    let written = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if written.contains('@') {
        return Err(Fact::UserName);
    }
    let plain = written.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c));
    // A host never has an empty label. Parsers drop some of them, which may result in another host.
    if written.is_empty() || !plain || written.contains("..") || written.starts_with('.') {
        return Err(Fact::Host);
    }
    Ok(written)
}

/// The parsed URL, without the root dot at the end of its host.
fn parse(scheme: &str, rest: &str, written: &str) -> Result<Url, Fact> {
    let end = match written.find(']') {
        Some(bracket) => bracket + 1,
        None => written.find(':').unwrap_or(written.len()),
    };
    let host = written[..end].strip_suffix('.').unwrap_or(&written[..end]);
    let url = Url::parse(&format!("{scheme}://{host}{}", &rest[end..])).map_err(|_| Fact::Host)?;
    // A host that the parser interprets differently from how it is written (`0x7f.1`, `127.1`) is deceptive.
    if url.host_str() != Some(host.to_ascii_lowercase().as_str()) {
        return Err(Fact::Host);
    }
    if !host.starts_with('[') && host.split('.').any(|label| label.len() > 63) {
        return Err(Fact::Host);
    }
    if url.port() == Some(0) || !url.username().is_empty() || url.password().is_some() {
        return Err(Fact::Host);
    }
    Ok(url)
}

/// Whether a host was typed without `https://`.
fn looks_like_host(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:".contains(c)) && !host.starts_with('.')
}
