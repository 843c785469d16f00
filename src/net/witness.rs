//! A verifier that changes nothing and remembers what it saw: for the TLS version, and for telling apart the reasons
//! why a certificate is not trusted.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

/// Authority Information Access: where a public authority publishes the issuer's certificate.
const AUTHORITY_INFORMATION_ACCESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");

/// What the last handshake showed.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// The certificates that the server sent, its own first.
    chain: Vec<CertificateDer<'static>>,
    /// `TLS 1.3`
    version: Option<&'static str>,
}

/// Why an issuer is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// The server's certificate names itself as its issuer.
    SelfSigned,
    /// The server sent its own certificate alone, though its authority publishes what stands between.
    Incomplete,
    /// Any other.
    Authority,
}

/// A verifier with a memory.
#[derive(Debug)]
pub(super) struct Witness {
    judge: Arc<dyn ServerCertVerifier>,
    sight: Arc<Mutex<Sight>>,
}

impl Witness {
    /// A witness of what `judge` decides.
    pub(super) fn new(judge: Arc<dyn ServerCertVerifier>, sight: Arc<Mutex<Sight>>) -> Self {
        Self { judge, sight }
    }

    fn saw(&self, version: &'static str) {
        lock(&self.sight).version = Some(version);
    }
}

/// The sight, whole even where a thread panicked while it held the lock.
pub(super) fn lock(sight: &Mutex<Sight>) -> MutexGuard<'_, Sight> {
    sight.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sight {
    /// The version of the last handshake, where there was one.
    pub(super) fn version(&self) -> Option<SafeText> {
        self.version.map(SafeText::line)
    }

    /// True where the server's certificate names itself as its issuer.
    pub(super) fn is_self_signed(&self) -> bool {
        self.unknown_issuer().0 == Unknown::SelfSigned
    }

    /// Why the issuer is unknown, and its name.
    pub(super) fn unknown_issuer(&self) -> (Unknown, Option<SafeText>) {
        let parsed: Vec<Certificate> = self.chain.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
        let Some(leaf) = parsed.first().map(Certificate::tbs_certificate) else { return (Unknown::Authority, None) };
        let top = parsed.last().map_or(leaf, Certificate::tbs_certificate);
        let issuer = Some(SafeText::line(&top.issuer().to_string()));
        let published = leaf
            .extensions()
            .is_some_and(|list| list.iter().any(|extension| extension.extn_id == AUTHORITY_INFORMATION_ACCESS));
        if leaf.issuer() == leaf.subject() {
            (Unknown::SelfSigned, issuer)
        } else if self.chain.len() == 1 && published {
            (Unknown::Incomplete, issuer)
        } else {
            (Unknown::Authority, issuer)
        }
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(end_entity).chain(intermediates).map(|der| der.clone().into_owned()).collect();
        lock(&self.sight).chain = chain;
        self.judge.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.saw("TLS 1.2");
        self.judge.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.saw("TLS 1.3");
        self.judge.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}
