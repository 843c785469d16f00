//! Checks client certificates and private keys: readable, valid, matching.

use jiff::{SignedDuration, Timestamp};
use rustls::{
    crypto::ring::sign::any_supported_type,
    pki_types::{PrivateKeyDer, pem::PemObject as _},
};
use x509_cert::{
    Certificate,
    der::{
        Decode as _, DecodePem as _, Reader as _, SliceReader,
        asn1::{ObjectIdentifier, UintRef},
    },
    spki::SubjectPublicKeyInfoOwned,
    time::Time,
};

use super::{Credential, pem};
use crate::domain::{
    finding::{Fact, Finding, FindingCode},
    text::{safe_text::SafeText, secret::Secret, when::DayText},
};

/// Days before expiry from which a certificate causes a warning.
const SOON: i64 = 30;
/// `rsaEncryption`
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The result for a certificate and its private key.
pub(super) struct Checked {
    /// Both, if usable.
    pub credential: Option<Credential>,
    /// The expiry of the leaf certificate, RFC 3339.
    pub expires: Option<String>,
    /// The findings, unsorted.
    pub findings: Vec<Finding>,
}

/// One certificate of the chain.
struct Link {
    pem: String,
    certificate: Certificate,
}

/// Checks the chain and the private key as of `now`.
pub(super) fn check(chain: &str, private_key: Option<&Secret>, now: Timestamp) -> Checked {
    let mut checked = Checked { credential: None, expires: None, findings: Vec::new() };
    let mut links = match read_chain(chain) {
        Ok(links) => links,
        Err(finding) => {
            checked.findings.push(finding);
            return checked;
        }
    };
    let key = match private_key {
        None => Err(Finding::key(FindingCode::PrivateKeyMissing).about("key")),
        Some(key) => read_private_key(key, &links[0].certificate),
    };
    match &key {
        Ok(key) => match links.iter().position(|link| public_key(&link.certificate) == key.public) {
            // Some tools write the chain in reverse order; the leaf is the one that matches the private key.
            Some(leaf) => links[..=leaf].rotate_right(1),
            None => checked.findings.push(
                Finding::key(FindingCode::CertificateKeyMismatch).about("key").seen(subject(&links[0].certificate)),
            ),
        },
        Err(finding) => checked.findings.push(finding.clone()),
    }
    let leaf = &links[0].certificate;
    let validity = leaf.tbs_certificate().validity();
    let until = timestamp(validity.not_after);
    checked.expires = until.map(|until| until.to_string());
    checked.findings.extend(in_time(timestamp(validity.not_before), until, now));
    if let Ok(key) = key {
        let chain = links.into_iter().map(|link| link.pem).collect();
        checked.credential = Some(Credential::Certificate { chain, private_key: key.pem });
    }
    checked
}

fn read_chain(chain: &str) -> Result<Vec<Link>, Finding> {
    let unreadable = |why: Fact| Finding::key(FindingCode::CertificateUnreadable).about("certificate").seen(why);
    let mut links = Vec::new();
    for block in pem::blocks(chain).into_iter().filter(|block| block.label == "CERTIFICATE") {
        let number = links.len() + 1;
        let certificate =
            Certificate::from_pem(block.pem.as_bytes()).map_err(|_| unreadable(Fact::CertificateDamaged { number }))?;
        links.push(Link { pem: block.pem.to_string(), certificate });
    }
    if links.is_empty() {
        return Err(unreadable(Fact::NoCertificate));
    }
    Ok(links)
}

/// A private key accepted by the TLS library.
struct PrivateKey {
    pem: Secret,
    public: Vec<u8>,
}

fn read_private_key(key: &Secret, leaf: &Certificate) -> Result<PrivateKey, Finding> {
    let unreadable = |why: Fact| Finding::key(FindingCode::PrivateKeyUnreadable).about("key").seen(why);
    let blocks = pem::blocks(key.expose());
    // OpenSSL writes `EC PARAMETERS` in front of the key.
    let Some(block) = blocks.into_iter().find(|block| block.label.ends_with("PRIVATE KEY")) else {
        return Err(unreadable(Fact::NoPrivateKey));
    };
    if block.encrypted || block.label.starts_with("ENCRYPTED") {
        return Err(unreadable(Fact::EncryptedKey));
    }
    let unusable = || match rsa_bits(leaf) {
        // The lengths accepted by the TLS library.
        Some(bits) if !(2048..=4096).contains(&bits) => unreadable(Fact::RsaBits { bits }),
        _ => unreadable(Fact::PrivateKeyDamaged { label: SafeText::line(&block.label) }),
    };
    let der = PrivateKeyDer::from_pem_slice(block.pem.as_bytes()).map_err(|_| unusable())?;
    let signer = any_supported_type(&der).map_err(|_| unusable())?;
    let public = signer.public_key().and_then(|spki| bit_string(spki.as_ref())).ok_or_else(unusable)?;
    Ok(PrivateKey { pem: Secret::new(block.pem.as_str()), public })
}

/// The bits of a public key without the algorithm, whose parameters can be encoded in two ways.
fn public_key(certificate: &Certificate) -> Vec<u8> {
    certificate.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes().to_vec()
}

fn bit_string(spki: &[u8]) -> Option<Vec<u8>> {
    SubjectPublicKeyInfoOwned::from_der(spki).ok().map(|info| info.subject_public_key.raw_bytes().to_vec())
}

/// The length of an RSA modulus in bits; `None` for other keys.
fn rsa_bits(certificate: &Certificate) -> Option<usize> {
    let info = certificate.tbs_certificate().subject_public_key_info();
    if info.algorithm.oid != RSA {
        return None;
    }
    let mut reader = SliceReader::new(info.subject_public_key.raw_bytes()).ok()?;
    reader
        .sequence(|reader| {
            let modulus = UintRef::decode(reader)?;
            UintRef::decode(reader)?;
            Ok::<_, x509_cert::der::Error>(modulus.as_bytes().len() * 8)
        })
        .ok()
}

fn subject(certificate: &Certificate) -> SafeText {
    SafeText::capped(&certificate.tbs_certificate().subject().to_string(), 80)
}

fn timestamp(time: Time) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(time.to_unix_duration().as_secs()).ok()?).ok()
}

fn in_time(from: Option<Timestamp>, until: Option<Timestamp>, now: Timestamp) -> Option<Finding> {
    let finding = |code, seen: Fact| Some(Finding::key(code).about("certificate").seen(seen));
    let day = |time: Timestamp| DayText::new(SafeText::line(&time.to_string()));
    match (from, until) {
        (Some(from), _) if now < from => {
            finding(FindingCode::CertificateNotYetValid, Fact::ValidFrom { time: day(from).seen_at(now) })
        }
        (_, Some(until)) if now > until => {
            finding(FindingCode::CertificateExpired, Fact::Expired { time: day(until).seen_at(now) })
        }
        (_, Some(until)) if until.duration_since(now) < SignedDuration::from_hours(24 * SOON) => {
            let days = usize::try_from(until.duration_since(now).as_hours() / 24).unwrap_or_default();
            finding(FindingCode::CertificateExpiresSoon, Fact::DaysLeft { days, until: day(until) })
        }
        _ => None,
    }
}
