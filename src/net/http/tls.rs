//! A verifier that changes no decision but records what it saw: the TLS version, and why a certificate is not trusted.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use rustls::{
    DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use x509_cert::{
    Certificate,
    der::{Decode as _, oid::ObjectIdentifier},
};

use crate::domain::text::safe_text::SafeText;

/// The number of trusted CAs if the program itself verifies certificates: not on macOS and Windows. `place` is that of
/// [`NetOptions::authorities`](super::NetOptions::authorities).
#[cfg(not(any(windows, target_vendor = "apple")))]
pub fn trusted_authorities(place: Option<&Path>) -> Option<usize> {
    if place.is_some_and(is_endless) {
        return Some(0);
    }
    let certificates = rustls_native_certs::load_native_certs().certs;
    Some(rustls::RootCertStore::empty().add_parsable_certificates(certificates).0)
}

/// The number of trusted CAs, which is unknown: the system verifies certificates.
#[cfg(any(windows, target_vendor = "apple"))]
pub fn trusted_authorities(_place: Option<&Path>) -> Option<usize> {
    None
}

/// Whether reading the place of the trusted CAs might never end: it is a device, a pipe or gigantic, and the library that
/// reads it has no limit.
pub(super) fn is_endless(place: &Path) -> bool {
    /// All public CAs together have a quarter of a megabyte.
    const LARGEST: u64 = 64 * 1024 * 1024;
    std::fs::metadata(place).is_ok_and(|found| !found.is_dir() && (!found.is_file() || found.len() > LARGEST))
}

/// Authority Information Access: where a public CA publishes the issuer's certificate.
const AUTHORITY_INFORMATION_ACCESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");

/// What the last handshake showed.
#[derive(Debug, Default)]
pub(super) struct Handshake {
    /// The certificates that the server sent, its own first.
    chain: Vec<CertificateDer<'static>>,
    /// When they were verified.
    at: Option<Timestamp>,
    /// `TLS 1.3`
    version: Option<&'static str>,
}

/// A certificate outside its validity period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutOfTime {
    /// It becomes valid then.
    NotYet(Timestamp),
    /// It was valid until then.
    NoLonger(Timestamp),
}

/// Why an issuer is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UntrustedReason {
    /// The server's certificate names itself as its issuer.
    SelfSigned,
    /// The server sent only its own certificate, although its CA publishes an intermediate one.
    IncompleteChain,
    /// Any other reason.
    UnknownAuthority,
}

/// Records what `verifier` checks.
#[derive(Debug)]
pub(super) struct RecordingVerifier {
    verifier: Arc<dyn ServerCertVerifier>,
    handshake: Arc<Mutex<Handshake>>,
}

impl RecordingVerifier {
    pub(super) fn new(verifier: Arc<dyn ServerCertVerifier>, handshake: Arc<Mutex<Handshake>>) -> Self {
        Self { verifier, handshake }
    }

    fn record_version(&self, version: &'static str) {
        lock(&self.handshake).version = Some(version);
    }
}

/// The record is consistent even if a thread panicked while it held the lock.
pub(super) fn lock(handshake: &Mutex<Handshake>) -> MutexGuard<'_, Handshake> {
    handshake.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Handshake {
    /// The version of the last handshake, if there was one.
    pub(super) fn version(&self) -> Option<SafeText> {
        self.version.map(SafeText::line)
    }

    /// Whether the server's certificate names itself as its issuer.
    pub(super) fn is_self_signed(&self) -> bool {
        self.unknown_issuer().0 == UntrustedReason::SelfSigned
    }

    /// Whether the server's certificate was outside its validity period, and when it was verified. Windows has one
    /// error for too early and too late, and macOS has none that the verifier passes on.
    pub(super) fn out_of_time(&self) -> Option<(OutOfTime, Timestamp)> {
        let (leaf, at) = (Certificate::from_der(self.chain.first()?).ok()?, self.at?);
        let validity = leaf.tbs_certificate().validity();
        let time = |time: &x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs())
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok())
        };
        let (from, until) = (time(&validity.not_before)?, time(&validity.not_after)?);
        let out = if at < from {
            OutOfTime::NotYet(from)
        } else if at > until {
            OutOfTime::NoLonger(until)
        } else {
            return None;
        };
        Some((out, at))
    }

    /// Why the issuer is unknown, and its name.
    pub(super) fn unknown_issuer(&self) -> (UntrustedReason, Option<SafeText>) {
        let parsed: Vec<Certificate> = self.chain.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
        let Some(leaf) = parsed.first().map(Certificate::tbs_certificate) else {
            return (UntrustedReason::UnknownAuthority, None);
        };
        let top = parsed.last().map_or(leaf, Certificate::tbs_certificate);
        let issuer = Some(SafeText::line(&top.issuer().to_string()));
        let published = leaf
            .extensions()
            .is_some_and(|list| list.iter().any(|extension| extension.extn_id == AUTHORITY_INFORMATION_ACCESS));
        if leaf.issuer() == leaf.subject() {
            (UntrustedReason::SelfSigned, issuer)
        } else if self.chain.len() == 1 && published {
            (UntrustedReason::IncompleteChain, issuer)
        } else {
            (UntrustedReason::UnknownAuthority, issuer)
        }
    }
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(end_entity).chain(intermediates).map(|der| der.clone().into_owned()).collect();
        let mut handshake = lock(&self.handshake);
        handshake.chain = chain;
        handshake.at = i64::try_from(now.as_secs()).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        drop(handshake);
        self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.record_version("TLS 1.2");
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.record_version("TLS 1.3");
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_outside_of_its_validity_is_too_early_or_too_late() {
        let [before, from, within, until, after] =
            [2019, 2020, 2025, 2030, 2031].map(|year| format!("{year}-01-01T00:00:00Z").parse::<Timestamp>().unwrap());
        let mut params = rcgen::CertificateParams::default();
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2030, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let chain = vec![params.self_signed(&key).unwrap().der().clone()];
        let at = |at| Handshake { chain: chain.clone(), at, version: None }.out_of_time();
        assert_eq!(at(Some(before)), Some((OutOfTime::NotYet(from), before)));
        assert_eq!(at(Some(after)), Some((OutOfTime::NoLonger(until), after)));
        assert_eq!([Some(from), Some(within), Some(until), None].map(at), [None; 4]);
    }
}
