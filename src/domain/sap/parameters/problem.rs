//! Problems with parameters: a code with facts. The texts are in `assets/words/*/labels/problems.toml`.

use std::fmt::Display;

use super::{json_type::JsonType, readable_seconds};
use crate::{
    domain::{
        finding::Severity,
        text::{
            position::Position,
            safe_text::SafeText,
            shown::{OneOf, Shown},
        },
    },
    words::{Explanation, ExplanationTemplate, Words},
};

impl Shown for JsonType {
    fn shown(&self, words: Words) -> String {
        JsonType::shown(self, words)
    }
}

/// A duration in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub u32);

impl Shown for Seconds {
    fn shown(&self, words: Words) -> String {
        readable_seconds(self.0, words)
    }
}

/// Declares [`ProblemCode`]: facts, name, severity and the label with its texts.
macro_rules! problem_codes {
    ($($(#[$doc:meta])* $variant:ident { $($fact:ident: $type:ty),* } = $name:literal, $severity:ident, $label:ident;)+) => {
        /// What can be wrong, with its facts. The names are part of the contract (`docs/problems.md`): add, never change.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum ProblemCode {
            $($(#[$doc])* $variant {
                $(#[doc = concat!("What the words call `", stringify!($fact), "`.")] $fact: $type,)*
            },)+
        }

        impl ProblemCode {
            /// Name, severity, names of the facts, and texts of every code.
            pub const ALL: &'static [CodeEntry] = &[$(CodeEntry {
                name: $name,
                severity: Severity::$severity,
                facts: &[$(stringify!($fact)),*],
                words: |words| words.problems().$label(),
            },)+];

            /// The name in JSON and in `docs/problems.md`.
            pub fn as_str(&self) -> &'static str {
                match self { $(ProblemCode::$variant { .. } => $name,)+ }
            }

            /// Its severity: the broker refuses errors.
            pub fn severity(&self) -> Severity {
                match self { $(ProblemCode::$variant { .. } => Severity::$severity,)+ }
            }

            /// The problem in words.
            pub fn explain(&self, words: Words) -> Explanation {
                match self {
                    $(ProblemCode::$variant { $($fact),* } => {
                        let facts: &[(&str, String)] = &[$((stringify!($fact), $fact.shown(words))),*];
                        let facts: Vec<(&str, &dyn Display)> =
                            facts.iter().map(|(name, fact)| (*name, fact as &dyn Display)).collect();
                        words.problems().$label().fill(&facts)
                    })+
                }
            }
        }
    };
}

/// The properties of a code, without its facts.
#[derive(Clone, Copy, Debug)]
pub struct CodeEntry {
    /// Its name.
    pub name: &'static str,
    /// Its severity.
    pub severity: Severity,
    /// The placeholders that its texts may use.
    pub facts: &'static [&'static str],
    /// Its texts.
    pub words: fn(Words) -> ExplanationTemplate,
}

problem_codes! {
    // --- the text
    /// Nothing but white space.
    TextEmpty {} = "text-empty", Error, text_empty;
    /// U+FEFF at the start.
    ByteOrderMark {} = "byte-order-mark", Error, byte_order_mark;
    /// A comment in JSON.
    Comment {} = "comment", Error, comment;
    /// Truncated JSON.
    CutOff {} = "cut-off", Error, cut_off;
    /// A JSON string that is not closed on its line.
    QuoteMissing {} = "quote-missing", Error, quote_missing;
    /// A typographic or single quotation mark.
    WrongQuotationMark {} = "wrong-quotation-mark", Error, wrong_quotation_mark;
    /// A comma before a closing bracket.
    TrailingComma {} = "trailing-comma", Error, trailing_comma;
    /// A comma or colon is missing.
    SeparatorMissing {} = "separator-missing", Error, separator_missing;
    /// Not JSON at this position.
    NotJson {} = "not-json", Error, not_json;
    /// Not YAML at this position, although it begins as such.
    NotYaml {} = "not-yaml", Error, not_yaml;
    /// No object, and no format that contains one.
    NoObject {} = "no-object", Error, no_object;
    /// JSON, but a list or a single value.
    NotAnObject { found: JsonType } = "not-an-object", Error, not_an_object;
    /// Nested more deeply than parameters ever are.
    TooDeep {} = "too-deep", Error, too_deep;
    /// Parameters of several instances in one text.
    SeveralParameters {} = "several-parameters", Warning, several_parameters;
    /// A command or configuration that refers to a file or variable.
    ParametersElsewhere { place: SafeText } = "parameters-elsewhere", Error, parameters_elsewhere;
    /// A command without the option for parameters.
    CommandWithoutParameters {} = "command-without-parameters", Error, command_without_parameters;
    /// A service key.
    IsServiceKey {} = "is-service-key", Error, is_service_key;
    /// The parameters of a service key.
    IsKeyParameters {} = "is-key-parameters", Error, is_key_parameters;
    /// An `xs-security.json`.
    IsSecurityDescriptor {} = "is-security-descriptor", Error, is_security_descriptor;
    // --- properties
    /// A name that appears twice.
    PropertyRepeated { name: SafeText } = "property-repeated", Error, property_repeated;
    /// A name in another spelling.
    PropertyMisspelled { name: SafeText, meant: &'static str } = "property-misspelled", Error, property_misspelled;
    /// A parameter of the service key.
    PropertyOfKey { name: SafeText } = "property-of-key", Error, property_of_key;
    /// A name that the broker does not know.
    PropertyUnknown { name: SafeText } = "property-unknown", Error, property_unknown;
    /// Something else instead of a list.
    ListExpected { name: &'static str, found: JsonType } = "list-expected", Error, list_expected;
    /// Something else instead of a string in a list.
    TextExpected { number: usize, name: &'static str, found: JsonType } = "text-expected", Error, text_expected;
    /// Something else instead of a whole number.
    NumberExpected { name: &'static str, found: JsonType, minimum: u32, maximum: u32 } =
        "number-expected", Error, number_expected;
    /// A Terraform expression or a shell variable.
    ValueUnknown { name: SafeText, expression: SafeText } = "value-unknown", Error, value_unknown;
    /// A value that appears twice.
    ValueRepeated { value: SafeText, name: &'static str } = "value-repeated", Error, value_repeated;
    // --- roles
    /// No role for the plan `api`.
    RolesMissing {} = "roles-missing", Error, roles_missing;
    /// A role in another spelling.
    RoleMisspelled { role: SafeText, meant: String } = "role-misspelled", Error, role_misspelled;
    /// Not a role.
    RoleUnknown { role: SafeText } = "role-unknown", Error, role_unknown;
    /// A role of the other plan.
    RoleOfIntegrationFlow { role: SafeText } = "role-of-integration-flow", Error, role_of_integration_flow;
    /// An invented name found in guides.
    RoleInvented { role: SafeText, meant: OneOf } = "role-invented", Error, role_invented;
    /// An invented name for something that no role allows.
    RoleInventedWithoutSuccessor { role: SafeText } =
        "role-invented-without-successor", Error, role_invented_without_successor;
    /// A role of the Neo environment.
    RoleOfNeo { role: SafeText, meant: OneOf } = "role-of-neo", Error, role_of_neo;
    /// A scope.
    RoleIsScope { role: SafeText, meant: OneOf } = "role-is-scope", Error, role_is_scope;
    /// A role collection.
    RoleIsCollection { role: SafeText, meant: OneOf } = "role-is-collection", Error, role_is_collection;
    /// A role template only for users.
    RoleForPeople { role: SafeText } = "role-for-people", Error, role_for_people;
    /// A role of another service.
    RoleOfOtherService { role: SafeText, service: String } = "role-of-other-service", Error, role_of_other_service;
    /// A resource of the API.
    RoleIsResource { role: SafeText, meant: OneOf } = "role-is-resource", Error, role_is_resource;
    /// A role that some landscapes do not have.
    RoleNotEverywhere { role: SafeText, landscapes: OneOf } = "role-not-everywhere", Warning, role_not_everywhere;
    /// Not a valid name for a user role.
    FlowRoleUnusable { role: SafeText } = "flow-role-unusable", Error, flow_role_unusable;
    /// A role of the plan `api` with the plan `integration-flow`.
    RoleOfApi { role: SafeText } = "role-of-api", Warning, role_of_api;
    // --- grant types
    /// `client_x509`.
    GrantTypeEnded { grant: SafeText, meant: &'static str } = "grant-type-ended", Error, grant_type_ended;
    /// A grant type in another spelling.
    GrantTypeMisspelled { grant: SafeText, meant: &'static str } = "grant-type-misspelled", Error, grant_type_misspelled;
    /// Not a grant type.
    GrantTypeUnknown { grant: SafeText, known: String } = "grant-type-unknown", Error, grant_type_unknown;
    /// No `client_credentials`.
    ClientCredentialsMissing { grant: &'static str } =
        "client-credentials-missing", Warning, client_credentials_missing;
    /// `authorization_code` without a redirect URI.
    RedirectUriMissing { grant: &'static str } = "redirect-uri-missing", Warning, redirect_uri_missing;
    // --- redirect URIs and the token
    /// Redirect URIs without `authorization_code`.
    RedirectUrisUnused { grant: &'static str } = "redirect-uris-unused", Warning, redirect_uris_unused;
    /// White space in a URI.
    RedirectUriWhiteSpace { uri: SafeText } = "redirect-uri-white-space", Error, redirect_uri_white_space;
    /// Not an absolute URI.
    RedirectUriNotAbsolute { uri: SafeText } = "redirect-uri-not-absolute", Error, redirect_uri_not_absolute;
    /// A URI with a fragment.
    RedirectUriFragment { uri: SafeText } = "redirect-uri-fragment", Error, redirect_uri_fragment;
    /// Plain http to another machine.
    RedirectUriNotEncrypted { uri: SafeText } = "redirect-uri-not-encrypted", Warning, redirect_uri_not_encrypted;
    /// A lifetime that the broker refuses.
    TokenValidityOutOfRange {
        seconds: u32, duration: Seconds, minimum: u32, maximum: u32, shortest: Seconds, longest: Seconds
    } = "token-validity-out-of-range", Error, token_validity_out_of_range;
    // --- the parameters of a service key
    /// A certificate key for an instance without `client_credentials`.
    KeyGrantTypeMissing { key_type: &'static str, grant: &'static str } =
        "key-grant-type-missing", Error, key_grant_type_missing;
    /// `certificate-pinning` with the plan `api`.
    KeyPinningNotOffered {} = "key-pinning-not-offered", Error, key_pinning_not_offered;
    /// A validity that SAP does not issue.
    KeyValidityOutOfRange { days: u32, maximum: u32 } = "key-validity-out-of-range", Error, key_validity_out_of_range;
    /// A key length that the broker refuses.
    KeyLengthUnknown { bits: u32, known: OneOf, usual: u32 } = "key-length-unknown", Error, key_length_unknown;
    /// A key length that is no longer safe.
    KeyLengthShort { bits: u32, usual: u32 } = "key-length-short", Warning, key_length_short;
    /// A private key next to the certificate.
    KeyPrivateKeyGiven {} = "key-private-key-given", Error, key_private_key_given;
    /// No certificate.
    KeyCertificateMissing {} = "key-certificate-missing", Error, key_certificate_missing;
    /// Not PEM.
    KeyCertificateNotPem {} = "key-certificate-not-pem", Error, key_certificate_not_pem;
    /// PEM without its end.
    KeyCertificateCutOff {} = "key-certificate-cut-off", Error, key_certificate_cut_off;
    /// More than one certificate.
    KeyCertificateSeveral {} = "key-certificate-several", Error, key_certificate_several;
    /// PEM that is not a certificate.
    KeyCertificateUnreadable {} = "key-certificate-unreadable", Error, key_certificate_unreadable;
    /// The certificate has expired.
    KeyCertificateExpired {} = "key-certificate-expired", Error, key_certificate_expired;
    /// The certificate is not valid yet.
    KeyCertificateNotYetValid {} = "key-certificate-not-yet-valid", Warning, key_certificate_not_yet_valid;
    /// The issuer of the certificate is probably not trusted by the token server.
    CertificateAuthorityUnlikely { issuer: SafeText, known: OneOf } =
        "certificate-authority-unlikely", Warning, certificate_authority_unlikely;
}

/// One problem or warning about parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterProblem {
    /// What it is.
    pub code: ProblemCode,
    /// The property it is about: `roles`, `grant-types`; empty if it is about the text as a whole.
    pub property: String,
    /// The value it is about: a role, a grant type, a URI.
    pub value: Option<SafeText>,
    /// Where it is in the text, if there is a text.
    pub position: Option<Position>,
}

impl ParameterProblem {
    /// A problem of a property, or of the text as a whole.
    pub(crate) fn new(property: &str, code: ProblemCode) -> Self {
        Self { code, property: SafeText::line(property).as_str().to_owned(), value: None, position: None }
    }

    /// Sets the value it is about.
    #[must_use]
    pub(crate) fn about(mut self, value: &str) -> Self {
        self.value = Some(SafeText::line(value));
        self
    }

    /// Sets its position.
    #[must_use]
    pub(crate) fn at(mut self, position: Option<Position>) -> Self {
        self.position = position;
        self
    }

    /// Its severity.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// Whether the broker refuses it.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }

    /// The problem in words.
    pub fn explain(&self, words: Words) -> Explanation {
        self.code.explain(words)
    }

    /// What is wrong and what to do, for places with little room.
    pub fn short(&self, words: Words) -> String {
        let Explanation { what, fix, .. } = self.explain(words);
        words.parameters().short(what, fix)
    }

    /// All of it on one line: `error at line 3, column 5: what why fix`.
    pub fn line(&self, words: Words) -> String {
        let Explanation { what, why, fix } = self.explain(words);
        let severity = self.severity().as_str();
        match self.position {
            Some(position) => words.parameters().problem_at(severity, position.shown(words), what, why, fix),
            None => words.parameters().problem(severity, what, why, fix),
        }
    }
}
