//! Gives a fault of the way its name.
//!
//! reqwest's own text is always "error sending request" with the whole address behind it, so the chain of sources is
//! walked and the kinds in it are looked at. Only the proxy's answer has no public type; its texts are pinned by tests.

use std::{error::Error as StdError, io};

use jiff::Timestamp;
use rustls::{AlertDescription, CertificateError};

use super::{
    client::Line,
    reporter::stage,
    witness::{self, Unknown},
};
use crate::domain::{
    finding::{Finding, FindingCode},
    text::safe_text::SafeText,
};

/// The finding for an error of the request to `line`, and of its answer.
pub(super) fn finding(error: &reqwest::Error, line: &Line) -> Finding {
    let open = *line.open.borrow();
    let links = chain(error);
    let code = code(error, &links, line.proxy.is_some(), open);
    let of_certificate = matches!(find(&links), Some(rustls::Error::InvalidCertificate(_)));
    let code = if code == FindingCode::TlsOther && of_certificate && witness::lock(&line.sight).is_self_signed() {
        // An authority's own certificate in place of a server's, as `openssl req -x509` makes it.
        FindingCode::TlsUnknownAuthority
    } else {
        code
    };
    let finding = Finding::new(code, stage(line.site));
    match code {
        FindingCode::ProxyUnreachable | FindingCode::ProxyLogin => {
            let proxy = line.proxy.clone().unwrap_or_default();
            finding.about(proxy).seen(format!("on the way to {}", line.host))
        }
        FindingCode::TlsUnknownAuthority => {
            let (why, issuer) = witness::lock(&line.sight).unknown_issuer();
            let code = match why {
                Unknown::SelfSigned => FindingCode::TlsSelfSigned,
                Unknown::Incomplete => FindingCode::TlsIncompleteChain,
                Unknown::Authority => FindingCode::TlsUnknownAuthority,
            };
            let finding = Finding::new(code, stage(line.site)).about(line.host.as_str());
            match issuer {
                Some(issuer) => finding.seen(issuer),
                None => finding,
            }
        }
        // hyper-util says no more than that it did not work.
        FindingCode::ProxyRefused => finding.about(line.host.as_str()).seen(line.proxy.clone().unwrap_or_default()),
        _ => match cause(&links) {
            Some(cause) => finding.about(line.host.as_str()).seen(cause),
            None => finding.about(line.host.as_str()),
        },
    }
}

/// What stands at the end of the chain; of a certificate out of its time, since or until when.
fn cause(links: &[&(dyn StdError + 'static)]) -> Option<SafeText> {
    let day = |time: rustls::pki_types::UnixTime| {
        i64::try_from(time.as_secs()).ok().and_then(|s| Timestamp::from_second(s).ok())
    };
    let dated = match find(links) {
        Some(rustls::Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
            day(*not_after).map(|end| format!("valid until {end}"))
        }
        Some(rustls::Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. })) => {
            day(*not_before).map(|start| format!("valid from {start}"))
        }
        _ => None,
    };
    dated.or_else(|| links.last().map(ToString::to_string)).map(|text| SafeText::line(&text))
}

/// All links of the chain, the error itself first. An `io::Error` hides the error that it wraps from `source`.
fn chain<'a>(error: &'a reqwest::Error) -> Vec<&'a (dyn StdError + 'static)> {
    let mut links: Vec<&'a (dyn StdError + 'static)> = Vec::new();
    let mut next = error.source();
    while let Some(link) = next {
        links.push(link);
        let wrapped = link.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = wrapped.map(|inner| inner as &(dyn StdError + 'static)).or_else(|| link.source());
    }
    links
}

/// The first link of that type.
fn find<'a, E: StdError + 'static>(links: &[&'a (dyn StdError + 'static)]) -> Option<&'a E> {
    links.iter().find_map(|link| link.downcast_ref::<E>())
}

/// The name of the fault.
fn code(error: &reqwest::Error, links: &[&(dyn StdError + 'static)], proxied: bool, open: bool) -> FindingCode {
    if proxied && let Some(code) = of_proxy(links) {
        return code;
    }
    // On the way to a proxy, what fails before the connection stands is the proxy's.
    let unless_proxied = |code| if proxied && !open { FindingCode::ProxyUnreachable } else { code };
    if error.is_dns() {
        return unless_proxied(FindingCode::NameNotFound);
    }
    if let Some(tls) = find::<rustls::Error>(links) {
        return of_tls(tls);
    }
    if error.is_timeout() {
        return if open { FindingCode::TimeoutAnswer } else { FindingCode::TimeoutConnect };
    }
    if let Some(hyper) = find::<hyper::Error>(links) {
        if hyper.is_parse() || hyper.is_parse_status() || hyper.is_parse_too_large() {
            return FindingCode::NotHttp;
        }
        if hyper.is_incomplete_message() || hyper.is_closed() || hyper.is_canceled() {
            return FindingCode::BrokenOff;
        }
    }
    if let Some(io) = find::<io::Error>(links) {
        match io.kind() {
            io::ErrorKind::ConnectionRefused => return unless_proxied(FindingCode::ConnectionRefused),
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => return FindingCode::BrokenOff,
            _ => {}
        }
    }
    if open { FindingCode::BrokenOff } else { unless_proxied(FindingCode::NotReachable) }
}

/// What a proxy did, in the words of hyper-util, whose error type cannot be named.
fn of_proxy(links: &[&(dyn StdError + 'static)]) -> Option<FindingCode> {
    links.iter().map(ToString::to_string).find_map(|text| {
        if text.contains("proxy authorization required") || text.contains("socks proxy authentication") {
            Some(FindingCode::ProxyLogin)
        } else if text == "tunnel error: unsuccessful" {
            Some(FindingCode::ProxyRefused)
        } else if text.starts_with("tunnel error: ") || text.contains("socks proxy") {
            Some(FindingCode::ProxyUnreachable)
        } else {
            None
        }
    })
}

/// What TLS says. `UnknownIssuer` is told apart further by what the witness saw.
fn of_tls(error: &rustls::Error) -> FindingCode {
    use AlertDescription as Alert;
    match error {
        rustls::Error::InvalidCertificate(why) => match why {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => FindingCode::TlsExpired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => FindingCode::TlsNotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                FindingCode::TlsOtherHost
            }
            // An authority of the right name with another key is as unknown as one of another name.
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                FindingCode::TlsUnknownAuthority
            }
            _ => FindingCode::TlsOther,
        },
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(
            Alert::ProtocolVersion
            | Alert::HandshakeFailure
            | Alert::InsufficientSecurity
            | Alert::InappropriateFallback,
        ) => FindingCode::TlsNoCommonVersion,
        rustls::Error::AlertReceived(
            Alert::CertificateRequired
            | Alert::NoCertificate
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied,
        ) => FindingCode::TlsClientCertificate,
        rustls::Error::InvalidMessage(_) => FindingCode::TlsNotTls,
        _ => FindingCode::TlsOther,
    }
}
