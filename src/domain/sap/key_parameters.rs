//! Service key parameters: the type of credentials.
//!
//! The shape is the broker's own (service `it-rt`, `service_binding.create` of its catalogue). Certificate pinning is
//! only a parameter of the plan `integration-flow`; the rest is the same for both plans. There are no roles here: they
//! belong to the instance.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use x509_cert::{Certificate, der::DecodePem as _};

use crate::domain::{
    sap::{
        authority::Authority,
        parameters::{InstanceParameters, JsonStyle, ParameterProblem, ProblemCode},
        plan::{CLIENT_CREDENTIALS, PlanId},
    },
    text::{safe_text::SafeText, shown::OneOf},
};

/// The maximum validity of a certificate that SAP issues, in days; also the broker's default.
pub const VALIDITY_MAX: u32 = 365;
/// The key lengths that the broker accepts, in bits.
pub const KEY_LENGTHS: [u32; 4] = [1024, 2048, 3072, 4096];
/// The broker's default for `key-length`, in bits.
pub const KEY_LENGTH_DEFAULT: u32 = 2048;

const BEGIN_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";
const END_CERTIFICATE: &str = "-----END CERTIFICATE-----";

/// The types of service keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Client id and secret; valid until the key is deleted.
    #[default]
    ClientSecret,
    /// SAP issues a certificate with its private key.
    Certificate,
    /// The user's own certificate; SAP never sees its private key.
    ExternalCertificate,
}

impl KeyType {
    /// All three, in the order of the cockpit's form.
    pub const ALL: [KeyType; 3] = [KeyType::ClientSecret, KeyType::Certificate, KeyType::ExternalCertificate];

    /// The value of `key-type` in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            KeyType::ClientSecret => "client_id_secret",
            KeyType::Certificate => "certificate",
            KeyType::ExternalCertificate => "certificate_external",
        }
    }

    /// Its name in the cockpit's form.
    pub fn title(self) -> &'static str {
        match self {
            KeyType::ClientSecret => "ClientId/Secret",
            KeyType::Certificate => "Certificate",
            KeyType::ExternalCertificate => "External Certificate",
        }
    }
}

/// The fields of the cockpit's form for a service key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyField {
    /// Parameters of the key.
    KeyType,
    /// The user's own certificate.
    Certificate,
    /// The validity of SAP's certificate.
    Validity,
    /// The key length of SAP's certificate.
    KeyLength,
    /// Whether only the given certificate can call a flow, and not any with the same subject and issuer.
    Pinning,
}

impl KeyField {
    /// All five, in the order of the form.
    pub const ALL: [KeyField; 5] =
        [KeyField::KeyType, KeyField::Certificate, KeyField::Validity, KeyField::KeyLength, KeyField::Pinning];

    /// The name in the JSON.
    pub fn property(self) -> &'static str {
        match self {
            KeyField::KeyType => "key-type",
            KeyField::Certificate => "X.509",
            KeyField::Validity => "validity",
            KeyField::KeyLength => "key-length",
            KeyField::Pinning => "certificate-pinning",
        }
    }

    /// Its name in the form.
    pub fn title(self) -> &'static str {
        match self {
            KeyField::KeyType => "Key Type",
            KeyField::Certificate => "External Certificate",
            KeyField::Validity => "Validity in days",
            KeyField::KeyLength => "Key Size",
            KeyField::Pinning => "Certificate Pinning",
        }
    }

    /// Whether the field applies to this type of key.
    pub fn applies_to(self, key_type: KeyType) -> bool {
        match self {
            KeyField::KeyType => true,
            KeyField::Certificate | KeyField::Pinning => key_type == KeyType::ExternalCertificate,
            KeyField::Validity | KeyField::KeyLength => key_type == KeyType::Certificate,
        }
    }

    /// Whether the plan has the field.
    pub fn is_offered_by(self, plan: PlanId) -> bool {
        self != KeyField::Pinning || plan == PlanId::IntegrationFlow
    }
}

/// The parameters of a service key. Fields that do not apply to the type are kept but not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyParameters {
    /// Parameters of the key.
    pub key_type: KeyType,
    /// Days, 1 to [`VALIDITY_MAX`]; for [`KeyType::Certificate`].
    pub validity: u32,
    /// Bits, one of [`KEY_LENGTHS`]; for [`KeyType::Certificate`].
    pub key_length: u32,
    /// PEM, one block, for [`KeyType::ExternalCertificate`]. Not a secret.
    pub certificate: String,
    /// Exactly this certificate, for [`KeyType::ExternalCertificate`] of the plan `integration-flow`; the broker's default.
    pub pinning: bool,
}

impl Default for KeyParameters {
    fn default() -> Self {
        Self::new(KeyType::default())
    }
}

impl KeyParameters {
    /// The broker's defaults for a type.
    pub fn new(key_type: KeyType) -> Self {
        Self {
            key_type,
            validity: VALIDITY_MAX,
            key_length: KEY_LENGTH_DEFAULT,
            certificate: String::new(),
            pinning: true,
        }
    }

    /// Sets the certificate, with the line breaks that PEM requires.
    ///
    /// # Errors
    ///
    /// A text that contains a private key is rejected, so that nothing can show or send it.
    pub fn set_certificate(&mut self, pem: &str) -> Result<(), Box<ParameterProblem>> {
        if pem.contains("PRIVATE KEY-----") {
            let code = ProblemCode::KeyPrivateKeyGiven {};
            return Err(Box::new(ParameterProblem::new(KeyField::Certificate.property(), code)));
        }
        let lines: Vec<&str> = pem.trim_start_matches('\u{feff}').lines().map(str::trim).collect();
        self.certificate = lines.join("\n").trim().to_owned();
        if !self.certificate.is_empty() {
            self.certificate.push('\n');
        }
        Ok(())
    }

    /// The JSON object without the broker's default values: `{}` for client id and secret.
    pub fn to_value(&self) -> Value {
        let mut object = Map::new();
        let mut put = |field: KeyField, value: Value| object.insert(field.property().to_owned(), value);
        match self.key_type {
            KeyType::ClientSecret => {}
            KeyType::Certificate => {
                put(KeyField::KeyType, json!(self.key_type.as_str()));
                if self.validity != VALIDITY_MAX {
                    put(KeyField::Validity, json!(self.validity));
                }
                if self.key_length != KEY_LENGTH_DEFAULT {
                    put(KeyField::KeyLength, json!(self.key_length));
                }
            }
            KeyType::ExternalCertificate => {
                put(KeyField::KeyType, json!(self.key_type.as_str()));
                put(KeyField::Certificate, json!(self.certificate));
                if !self.pinning {
                    put(KeyField::Pinning, json!(false));
                }
            }
        }
        Value::Object(object)
    }

    /// The JSON text, without a line break at its end.
    pub fn to_json(&self, style: JsonStyle) -> String {
        style.write(&self.to_value())
    }

    /// [`KeyParameters::check`], plus conflicts with the instance.
    pub fn check_for(
        &self,
        instance: &InstanceParameters,
        now: Timestamp,
        authorities: &[Authority],
    ) -> Vec<ParameterProblem> {
        let mut problems = self.check(now, authorities);
        if self.key_type != KeyType::ClientSecret && !instance.has_grant_type(CLIENT_CREDENTIALS) {
            let code = ProblemCode::KeyGrantTypeMissing { key_type: self.key_type.title(), grant: CLIENT_CREDENTIALS };
            problems.push(ParameterProblem::new(KeyField::KeyType.property(), code));
        }
        let written = KeyField::Pinning.applies_to(self.key_type) && !self.pinning;
        if written && !KeyField::Pinning.is_offered_by(instance.plan) {
            problems.push(ParameterProblem::new(KeyField::Pinning.property(), ProblemCode::KeyPinningNotOffered {}));
        }
        problems
    }

    /// Validates the fields that apply to the type. `now` is compared with the certificate's dates, `authorities` with
    /// its issuer.
    pub fn check(&self, now: Timestamp, authorities: &[Authority]) -> Vec<ParameterProblem> {
        match self.key_type {
            KeyType::ClientSecret => Vec::new(),
            KeyType::Certificate => self.check_issued(),
            KeyType::ExternalCertificate => self.check_external(now, authorities),
        }
    }

    fn check_issued(&self) -> Vec<ParameterProblem> {
        let mut problems = Vec::new();
        let (days, bits, usual) = (self.validity, self.key_length, KEY_LENGTH_DEFAULT);
        if !(1..=VALIDITY_MAX).contains(&days) {
            let code = ProblemCode::KeyValidityOutOfRange { days, maximum: VALIDITY_MAX };
            problems.push(ParameterProblem::new(KeyField::Validity.property(), code));
        }
        let of_length = |code| ParameterProblem::new(KeyField::KeyLength.property(), code);
        if !KEY_LENGTHS.contains(&bits) {
            let known = OneOf(KEY_LENGTHS.iter().map(u32::to_string).collect());
            problems.push(of_length(ProblemCode::KeyLengthUnknown { bits, known, usual }));
        } else if bits < usual {
            problems.push(of_length(ProblemCode::KeyLengthShort { bits, usual }));
        }
        problems
    }

    fn check_external(&self, now: Timestamp, authorities: &[Authority]) -> Vec<ParameterProblem> {
        let codes = match certificate(&self.certificate) {
            Ok(certificate) => {
                let issuer = unlikely_authority(&certificate, authorities);
                out_of_date(&certificate, now).into_iter().chain(issuer).collect()
            }
            Err(code) => vec![code],
        };
        codes.into_iter().map(|code| ParameterProblem::new(KeyField::Certificate.property(), code)).collect()
    }
}

/// The certificate in a PEM text, or why it cannot be used for a key.
fn certificate(pem: &str) -> Result<Certificate, ProblemCode> {
    if pem.is_empty() {
        return Err(ProblemCode::KeyCertificateMissing {});
    }
    match (pem.matches(BEGIN_CERTIFICATE).count(), pem.matches(END_CERTIFICATE).count()) {
        (0, _) => return Err(ProblemCode::KeyCertificateNotPem {}),
        (1, 0) => return Err(ProblemCode::KeyCertificateCutOff {}),
        (1, 1) => {}
        _ => return Err(ProblemCode::KeyCertificateSeveral {}),
    }
    let block = pem.find(BEGIN_CERTIFICATE).zip(pem.find(END_CERTIFICATE));
    let block = block.and_then(|(begin, end)| pem.get(begin..end + END_CERTIFICATE.len()));
    block.and_then(|block| Certificate::from_pem(block).ok()).ok_or(ProblemCode::KeyCertificateUnreadable {})
}

/// Why the certificate is not valid now.
fn out_of_date(certificate: &Certificate, now: Timestamp) -> Option<ProblemCode> {
    let validity = certificate.tbs_certificate().validity();
    // Before 1970 no certificate is valid yet.
    let now = std::time::Duration::from_secs(u64::try_from(now.as_second()).unwrap_or_default());
    if validity.not_after.to_unix_duration() <= now {
        Some(ProblemCode::KeyCertificateExpired {})
    } else if validity.not_before.to_unix_duration() > now {
        Some(ProblemCode::KeyCertificateNotYetValid {})
    } else {
        None
    }
}

/// The issuer, if it is probably not one of the authorities. Only a warning: an intermediate may have a different name.
fn unlikely_authority(certificate: &Certificate, authorities: &[Authority]) -> Option<ProblemCode> {
    let issuer = certificate.tbs_certificate().issuer();
    if authorities.iter().any(|authority| authority.issues(issuer)) {
        return None;
    }
    let known = OneOf(authorities.iter().map(|authority| authority.name.clone()).collect());
    Some(ProblemCode::CertificateAuthorityUnlikely { issuer: SafeText::capped(&issuer.to_string(), 120), known })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn external(pem: &str) -> KeyParameters {
        let mut parameters = KeyParameters::new(KeyType::ExternalCertificate);
        parameters.set_certificate(pem).unwrap();
        parameters
    }

    fn trusted() -> [Authority; 1] {
        let names = vec!["Trusted".to_owned()];
        [Authority { name: "Trusted".to_owned(), organizations: names.clone(), common_names: names }]
    }

    /// A self-signed certificate and its private key.
    fn own_certificate(years: std::ops::Range<i32>) -> (String, String) {
        certificate_of("Trusted Inc", years)
    }

    /// The same with the name of an organization.
    fn certificate_of(organization: &str, years: std::ops::Range<i32>) -> (String, String) {
        let mut params = rcgen::CertificateParams::new(vec!["client.example".to_owned()]).unwrap();
        params.distinguished_name.push(rcgen::DnType::OrganizationName, organization);
        params.not_before = rcgen::date_time_ymd(years.start, 1, 1);
        params.not_after = rcgen::date_time_ymd(years.end, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    fn only(parameters: &KeyParameters) -> ParameterProblem {
        let mut problems = parameters.check(NOW, &trusted());
        assert_eq!(problems.len(), 1, "{problems:#?}");
        problems.remove(0)
    }

    #[test]
    fn a_secret_needs_no_parameters_at_all() {
        let parameters = KeyParameters { validity: 7, ..KeyParameters::default() };
        assert_eq!(parameters.to_json(JsonStyle::Pretty), "{}");
        assert_eq!(parameters.check(NOW, &trusted()), []);
    }

    #[test]
    fn a_certificate_names_only_what_differs_from_the_default() {
        let mut parameters = KeyParameters::new(KeyType::Certificate);
        assert_eq!(parameters.to_json(JsonStyle::Compact), r#"{"key-type":"certificate"}"#);
        (parameters.validity, parameters.key_length) = (90, 4096);
        let all = r#"{"key-type":"certificate","validity":90,"key-length":4096}"#;
        assert_eq!(parameters.to_json(JsonStyle::Compact), all);
    }

    #[test]
    fn a_validity_or_length_that_the_broker_refuses_says_which_it_takes() {
        let with =
            |validity, key_length| KeyParameters { validity, key_length, ..KeyParameters::new(KeyType::Certificate) };
        let out_of_range = |days| ProblemCode::KeyValidityOutOfRange { days, maximum: VALIDITY_MAX };
        assert_eq!(only(&with(0, 2048)).code, out_of_range(0));
        assert_eq!(only(&with(366, 2048)).code, out_of_range(366));
        assert_eq!(only(&with(1, 2047)).code.as_str(), "key-length-unknown");
        assert_eq!(only(&with(1, 1024)).code.as_str(), "key-length-short");
        assert_eq!(with(365, 3072).check(NOW, &trusted()), []);
    }

    #[test]
    fn an_external_certificate_is_written_with_plain_line_breaks() {
        let (pem, _) = own_certificate(2020..2040);
        let parameters = external(&format!("\u{feff}{}", pem.replace('\n', "\r\n")));
        assert_eq!(parameters.check(NOW, &trusted()), []);
        assert_eq!(parameters.to_value()["X.509"], pem.replace("\r\n", "\n"));
        assert_eq!(parameters.to_value()["key-type"], "certificate_external");
    }

    #[test]
    fn an_external_certificate_that_cannot_work_is_not_taken() {
        let (pem, _) = own_certificate(2020..2040);
        let code = |pem: &str| only(&external(pem)).code.as_str();
        assert_eq!(code(""), "key-certificate-missing");
        assert_eq!(code("MIIB"), "key-certificate-not-pem");
        assert_eq!(code(pem.trim_end().trim_end_matches('-')), "key-certificate-cut-off");
        assert_eq!(code(&pem.repeat(2)), "key-certificate-several");
        assert_eq!(code(&pem.replace("MII", "???")), "key-certificate-unreadable");
        assert_eq!(code(&own_certificate(2020..2021).0), "key-certificate-expired");
        assert_eq!(code(&own_certificate(2039..2040).0), "key-certificate-not-yet-valid");
    }

    #[test]
    fn a_certificate_of_an_authority_that_the_token_server_does_not_trust_is_worth_a_warning() {
        let problem = only(&external(&certificate_of("Acme AG", 2020..2040).0));
        assert_eq!(problem.code.as_str(), "certificate-authority-unlikely");
        assert!(!problem.is_error());
        let both = external(&certificate_of("Acme AG", 2020..2021).0).check(NOW, &trusted());
        let both: Vec<&str> = both.iter().map(|problem| problem.code.as_str()).collect();
        assert_eq!(both, ["key-certificate-expired", "certificate-authority-unlikely"]);
    }

    #[test]
    fn certificate_pinning_is_for_the_plan_that_has_it() {
        let (pem, _) = own_certificate(2020..2040);
        let parameters = KeyParameters { pinning: false, ..external(&pem) };
        assert_eq!(parameters.to_value()["certificate-pinning"], false);
        let instance = InstanceParameters::new;
        assert_eq!(parameters.check_for(&instance(PlanId::IntegrationFlow), NOW, &trusted()), []);
        assert_eq!(
            parameters.check_for(&instance(PlanId::Api), NOW, &trusted())[0].code,
            ProblemCode::KeyPinningNotOffered {}
        );
        assert!(external(&pem).to_value().get("certificate-pinning").is_none());
    }

    #[test]
    fn a_certificate_key_needs_an_instance_with_client_credentials() {
        let mut instance = InstanceParameters::new(PlanId::Api);
        assert_eq!(KeyParameters::new(KeyType::Certificate).check_for(&instance, NOW, &trusted()), []);
        instance.set_grant_types(["password"]);
        let problems = KeyParameters::new(KeyType::Certificate).check_for(&instance, NOW, &trusted());
        assert_eq!(problems[0].code.as_str(), "key-grant-type-missing");
        assert_eq!(KeyParameters::default().check_for(&instance, NOW, &trusted()), []);
    }

    #[test]
    fn a_private_key_is_neither_taken_nor_repeated() {
        let (pem, private_key) = own_certificate(2020..2040);
        let mut parameters = KeyParameters::new(KeyType::ExternalCertificate);
        let problem = parameters.set_certificate(&format!("{pem}{private_key}")).unwrap_err();
        assert_eq!(problem.code, ProblemCode::KeyPrivateKeyGiven {});
        assert!(!format!("{problem:?}{parameters:?}").contains(private_key.lines().nth(1).unwrap()));
    }
}
