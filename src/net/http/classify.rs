//! Names each error on the way to a host.
//!
//! reqwest's own text is always "error sending request" with the whole address behind it, so the chain of sources is
//! walked and the types in it are looked at. Only the proxy's answer has no public type; its texts are pinned by tests.

use std::{error::Error as StdError, io};

use jiff::Timestamp;
use rustls::{AlertDescription, CertificateError, OtherError};

use super::{
    error::HttpError,
    host::HostClient,
    tls::{self, UntrustedReason},
};
use crate::domain::{
    finding::{Fact, FindingCode},
    text::{safe_text::SafeText, when::DayText},
};

/// What is behind an error of a request to `host`, or of its answer.
pub(super) fn name(error: &reqwest::Error, host: &HostClient) -> HttpError {
    let links = chain(error);
    let code = code(error, &links, host.proxy.is_some(), host.is_connected());
    let of_certificate = matches!(find(&links), Some(rustls::Error::InvalidCertificate(_)));
    let code = if code == FindingCode::TlsOther && of_certificate && tls::lock(&host.handshake).is_self_signed() {
        // An authority's own certificate instead of a server's, as `openssl req -x509` makes it.
        FindingCode::TlsUnknownAuthority
    } else {
        code
    };
    let about_host = |code| HttpError::new(code).about(host.name.as_str());
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
        // hyper-util only says that it did not work.
        FindingCode::ProxyRefused => about_host(code).seen(host.proxy.clone().unwrap_or_default()),
        _ => scripted(HttpError { evidence: cause(&links), ..about_host(code) }, host.proxy_script.as_ref()),
    }
}

/// The error with the script that names the proxy, if there was no way without one.
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

/// The last link of the chain; for a certificate outside its validity, since or until when it is valid.
fn cause(links: &[&(dyn StdError + 'static)]) -> Option<Fact> {
    let at = |time: &rustls::pki_types::UnixTime| {
        i64::try_from(time.as_secs()).ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
    };
    let day = |time, now| {
        let day = DayText::new(SafeText::line(&at(time)?.to_string()));
        Some(at(now).map_or(day.clone(), |now| day.seen_at(now)))
    };
    let dated = match find(links) {
        Some(rustls::Error::InvalidCertificate(CertificateError::ExpiredContext { time, not_after })) => {
            day(not_after, time).map(|time| Fact::ValidUntil { time })
        }
        Some(rustls::Error::InvalidCertificate(CertificateError::NotValidYetContext { time, not_before })) => {
            day(not_before, time).map(|time| Fact::ValidFrom { time })
        }
        _ => None,
    };
    dated.or_else(|| links.last().map(|link| Fact::from(link.to_string())))
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

fn code(error: &reqwest::Error, links: &[&(dyn StdError + 'static)], proxied: bool, open: bool) -> FindingCode {
    if proxied && let Some(code) = of_proxy(links) {
        return code;
    }
    // With a proxy, whatever fails before there is a connection is due to the proxy.
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

/// What a proxy did, by the words of hyper-util, whose error type cannot be named.
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

/// What TLS says. [`name`] tells the reasons for an unknown issuer apart.
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
            CertificateError::Other(error) if is_unfinished_chain(error) => FindingCode::TlsUnknownAuthority,
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

/// How Windows says that it found no authority behind the certificates of a server that does not send the authority's own,
/// and hardly any does: `CERT_E_CHAINING`, or the same number as rustls-platform-verifier prints it.
fn is_unfinished_chain(error: &OtherError) -> bool {
    error.0.to_string().contains(CHAINING)
}

/// 0x800B010A, signed.
const CHAINING: &str = "(os error -2146762486)";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::text::shown::Shown as _, words::Words};

    /// As the verifier of Windows makes it.
    fn of_windows(number: i32) -> rustls::Error {
        let text: Box<dyn StdError + Send + Sync> = io::Error::from_raw_os_error(number).to_string().into();
        rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(std::sync::Arc::from(text))))
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
}
