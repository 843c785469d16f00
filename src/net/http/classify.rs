//! Classifies network errors.
//!
//! reqwest's own message is always "error sending request" followed by the whole URL, so the types in the chain of
//! sources are inspected. Only the proxy's response has no public type; its messages are pinned by tests.

use std::{error::Error as StdError, io};

use jiff::Timestamp;
use rustls::{AlertDescription, CertificateError, OtherError};

use super::{
    error::HttpError,
    host::HostClient,
    tls::{self, OutOfTime, UntrustedReason},
};
use crate::domain::{
    finding::{Fact, FindingCode},
    text::{safe_text::SafeText, when::DayText},
};

/// The cause of an error of a request to `host`, or of its response.
pub(super) fn name(error: &reqwest::Error, host: &HostClient) -> HttpError {
    let links = chain(error);
    let code = code(error, &links, host.proxy.is_some(), host.is_connected());
    let of_certificate = matches!(find(&links), Some(rustls::Error::InvalidCertificate(_)));
    let about_host = |code| HttpError::new(code).about(host.name.as_str());
    if of_certificate && let Some((code, evidence)) = timed(code, tls::lock(&host.handshake).out_of_time()) {
        return about_host(code).seen(evidence);
    }
    let code = if code == FindingCode::TlsOther && of_certificate && tls::lock(&host.handshake).is_self_signed() {
        // A CA certificate instead of a server's, as `openssl req -x509` creates it.
        FindingCode::TlsUnknownAuthority
    } else {
        code
    };
    match code {
        FindingCode::ProxyUnreachable | FindingCode::ProxyLogin => {
            let proxy = host.proxy.clone().unwrap_or_default();
            HttpError::new(code).about(proxy).seen(Fact::OnTheWayTo { host: host.name.as_str().into() })
        }
        FindingCode::TlsUnknownAuthority => {
            let (reason, issuer) = tls::lock(&host.handshake).unknown_issuer();
            let code = match reason {
                UntrustedReason::SelfSigned => FindingCode::TlsSelfSigned,
                UntrustedReason::IncompleteChain => FindingCode::TlsIncompleteChain,
                UntrustedReason::UnknownAuthority => FindingCode::TlsUnknownAuthority,
            };
            HttpError { evidence: issuer.map(Fact::Text), ..about_host(code) }
        }
        // hyper-util only says that it failed.
        FindingCode::ProxyRefused => about_host(code).seen(host.proxy.clone().unwrap_or_default()),
        _ => scripted(HttpError { evidence: cause(&links), ..about_host(code) }, host.proxy_script.as_ref()),
    }
}

/// The error with the proxy script, if the host could not be reached without a proxy.
pub(super) fn scripted(error: HttpError, script: Option<&SafeText>) -> HttpError {
    let no_way = matches!(
        error.code,
        FindingCode::NameNotFound
            | FindingCode::ConnectionRefused
            | FindingCode::NotReachable
            | FindingCode::TimeoutConnect
    );
    match (script.filter(|_| no_way), &error.evidence) {
        (Some(address), Some(seen)) => {
            let (seen, address) = (Box::new(seen.clone()), address.clone());
            HttpError { evidence: Some(Fact::ProxyScript { seen, address }), ..error }
        }
        _ => error,
    }
}

/// The code for a certificate outside its validity period, if `code` may be about that.
fn timed(code: FindingCode, out_of_time: Option<(OutOfTime, Timestamp)>) -> Option<(FindingCode, Fact)> {
    let may_be = matches!(code, FindingCode::TlsExpired | FindingCode::TlsNotYetValid | FindingCode::TlsOther);
    let (out, at) = out_of_time.filter(|_| may_be)?;
    let day = |time: Timestamp| DayText::new(SafeText::line(&time.to_string())).seen_at(at);
    Some(match out {
        OutOfTime::NotYet(from) => (FindingCode::TlsNotYetValid, Fact::ValidFrom { time: day(from) }),
        OutOfTime::NoLonger(until) => (FindingCode::TlsExpired, Fact::ValidUntil { time: day(until) }),
    })
}

/// The last link of the chain.
fn cause(links: &[&(dyn StdError + 'static)]) -> Option<Fact> {
    links.last().map(|link| Fact::from(link.to_string()))
}

/// All links of the chain, starting with the error itself. An `io::Error` hides its wrapped error from `source`.
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

fn code(error: &reqwest::Error, links: &[&(dyn StdError + 'static)], proxied: bool, open: bool) -> FindingCode {
    if proxied && let Some(code) = of_proxy(links) {
        return code;
    }
    // With a proxy, any failure before connecting is due to the proxy.
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
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput if error.is_decode() || error.is_body() => {
                return FindingCode::AnswerGarbled;
            }
            _ => {}
        }
    }
    if open && error.is_decode() {
        return FindingCode::AnswerGarbled;
    }
    if open { FindingCode::BrokenOff } else { unless_proxied(FindingCode::NotReachable) }
}

/// What a proxy did, judged by hyper-util's message, because its error type is private.
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

/// The TLS error. [`name`] distinguishes the reasons for an unknown issuer.
fn of_tls(error: &rustls::Error) -> FindingCode {
    use AlertDescription as Alert;
    match error {
        rustls::Error::InvalidCertificate(why) => match why {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => FindingCode::TlsExpired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => FindingCode::TlsNotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                FindingCode::TlsOtherHost
            }
            // A CA with the right name but another key is as unknown as one with another name.
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                FindingCode::TlsUnknownAuthority
            }
            CertificateError::Other(error) if is_of_no_authority(error) => FindingCode::TlsUnknownAuthority,
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

/// Whether the system found no trusted CA, recognised by codes that rustls-platform-verifier prints without a dedicated
/// error.
fn is_of_no_authority(error: &OtherError) -> bool {
    let text = error.0.to_string();
    text.contains(CHAINING) || text.ends_with(NOT_TRUSTED)
}

/// On Windows for a server that does not send its CA's certificate, as hardly any does: `CERT_E_CHAINING`, 0x800B010A,
/// signed.
const CHAINING: &str = "(os error -2146762486)";

/// On macOS for an untrusted CA: `errSecNotTrusted`.
const NOT_TRUSTED: &str = ": -67843";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::text::shown::Shown as _, words::Words};

    /// An error as created by the verifiers of Windows and macOS.
    fn with_text(text: &str) -> rustls::Error {
        let text: Box<dyn StdError + Send + Sync> = text.into();
        rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(std::sync::Arc::from(text))))
    }

    fn of_windows(number: i32) -> rustls::Error {
        with_text(&io::Error::from_raw_os_error(number).to_string())
    }

    #[test]
    fn a_proxy_script_is_named_if_there_is_no_way_without_a_proxy() {
        let script = SafeText::line("http://wpad.example/proxy.pac");
        let error = |code| HttpError::new(code).about("api.example").seen("no such host");
        let named = scripted(error(FindingCode::NameNotFound), Some(&script));
        let evidence = named.evidence.map(|fact| fact.shown(Words::default())).unwrap();
        assert!(evidence.contains("no such host") && evidence.contains(script.as_str()), "{evidence}");
        for (code, script) in [(FindingCode::TlsExpired, Some(&script)), (FindingCode::NameNotFound, None)] {
            assert_eq!(scripted(error(code), script), error(code));
        }
    }

    #[test]
    fn a_chain_without_a_known_end_is_an_unknown_authority_on_windows() {
        assert_eq!(of_tls(&of_windows(0x800B_010A_u32.cast_signed())), FindingCode::TlsUnknownAuthority);
        assert_eq!(of_tls(&of_windows(0x800B_010C_u32.cast_signed())), FindingCode::TlsOther);
    }

    #[test]
    fn an_authority_that_is_not_trusted_is_unknown_on_macos() {
        let said = |number: i32| {
            let text = format!("\u{201c}localhost\u{201d} certificate is not trusted: {number}");
            of_tls(&with_text(&text))
        };
        assert_eq!(said(-67843), FindingCode::TlsUnknownAuthority);
        assert_eq!(said(-67901), FindingCode::TlsOther);
    }

    #[test]
    fn a_system_that_does_not_say_how_the_time_is_wrong_is_not_asked_for_it() {
        let [early, now, late] = [1, 2, 3].map(|second| Timestamp::from_second(second).unwrap());
        let not_yet = Some((OutOfTime::NotYet(late), now));
        let no_longer = Some((OutOfTime::NoLonger(early), now));
        for code in [FindingCode::TlsExpired, FindingCode::TlsNotYetValid, FindingCode::TlsOther] {
            assert_eq!(timed(code, not_yet).unwrap().0, FindingCode::TlsNotYetValid);
            assert_eq!(timed(code, no_longer).unwrap().0, FindingCode::TlsExpired);
            assert_eq!(timed(code, None), None);
        }
        assert_eq!(timed(FindingCode::TlsOtherHost, no_longer), None);
    }
}
