//! Findings: what is wrong (or worth saying) about a key, a token request or an answer of the API.
//!
//! A [`Finding`] is a code with facts. Its words live in `assets/findings.toml` and come from [`FindingTexts`], so the
//! wizard, the command line and the report say the same.

use serde::{Deserialize, Serialize};

use crate::domain::text::safe_text::SafeText;

/// Declares [`FindingCode`] with its names, so that a code and its name stand in one place.
macro_rules! finding_codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// What was found. The names are part of the contract (`docs/findings.md`): add, never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum FindingCode {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl FindingCode {
            /// Every code, in the order of the stages.
            pub const ALL: &'static [FindingCode] = &[$(FindingCode::$variant,)+];

            /// The name in JSON and in `docs/findings.md`.
            pub fn as_str(self) -> &'static str {
                match self { $(FindingCode::$variant => $name,)+ }
            }
        }
    };
}

finding_codes! {
    // --- reading the key
    /// Nothing but white space.
    KeyEmpty = "key-empty",
    /// More bytes than a key can have.
    KeyTooLarge = "key-too-large",
    /// Neither UTF-8 nor UTF-16.
    KeyNotText = "key-not-text",
    /// Not JSON at a line and column.
    KeyNotJson = "key-not-json",
    /// JSON that ends in the middle.
    KeyCutOff = "key-cut-off",
    /// JSON, but nothing in it looks like a key.
    KeyNotAKey = "key-not-a-key",
    /// A field is absent or empty.
    KeyFieldMissing = "key-field-missing",
    /// A field is there but cannot be used.
    KeyFieldUnusable = "key-field-unusable",
    /// Instance parameters in place of a key.
    KeyIsParameters = "key-is-parameters",
    /// A copy from a guide with placeholders.
    KeyIsPlaceholder = "key-is-placeholder",
    /// Key of the plan `integration-flow`.
    WrongPlan = "wrong-plan",
    /// API Management key.
    KeyIsApiManagement = "key-is-api-management",
    /// XSUAA or another service's key that carries a UAA binding.
    KeyIsXsuaa = "key-is-xsuaa",
    /// Destination service key.
    KeyIsDestination = "key-is-destination",
    /// Key of a service that is none of the above.
    KeyIsOtherService = "key-is-other-service",
    /// Neo client or host.
    KeyIsNeo = "key-is-neo",
    /// A shell has eaten the part from `$` on.
    SecretTruncated = "secret-truncated",
    /// A certificate that cannot be read.
    CertificateUnreadable = "certificate-unreadable",
    /// The client certificate has expired.
    CertificateExpired = "certificate-expired",
    /// The client certificate is not valid yet.
    CertificateNotYetValid = "certificate-not-yet-valid",
    /// Fewer than 30 days left.
    CertificateExpiresSoon = "certificate-expires-soon",
    /// Certificate and private key do not belong together.
    CertificateKeyMismatch = "certificate-key-mismatch",
    /// External certificate without its private key.
    PrivateKeyMissing = "private-key-missing",
    /// A private key that cannot be read or is encrypted.
    PrivateKeyUnreadable = "private-key-unreadable",
    // --- addresses in the key
    /// Not https, and not this machine.
    UrlNotHttps = "url-not-https",
    /// Not a usable address.
    UrlUnusable = "url-unusable",
    /// The runtime host (`-rt`) in place of the API host.
    UrlIsRuntimeHost = "url-is-runtime-host",
    /// The web user interface in place of the API host.
    UrlIsWebUi = "url-is-web-ui",
    /// The cockpit in place of the API host.
    UrlIsCockpit = "url-is-cockpit",
    /// SAP's gateway for published APIs in place of the API host.
    UrlIsGateway = "url-is-gateway",
    /// Another service of SAP in place of the API host.
    UrlIsOtherService = "url-is-other-service",
    /// The local API of an Edge Integration Cell.
    UrlIsEdgeCell = "url-is-edge-cell",
    /// An address of SAP that is not a token server.
    TokenUrlIsOtherService = "token-url-is-other-service",
    /// A host that is not SAP's.
    HostUnknown = "host-unknown",
    /// Region or subdomain of the two hosts differ.
    HostsDisagree = "hosts-disagree",
    /// `/api/v1` or a slash was taken off the address.
    UrlTrimmed = "url-trimmed",
    /// `/oauth/token` was added to the token address.
    TokenPathAdded = "token-path-added",
    /// Plain http to this machine.
    HttpLoopback = "http-loopback",
    // --- what was mended while reading
    /// A wrapper or an encoding was taken off.
    KeyUnwrapped = "key-unwrapped",
    /// Small faults of the text were mended.
    KeyMended = "key-mended",
    /// A line break at the end of the secret was taken off.
    SecretTrimmed = "secret-trimmed",
    /// A field stands twice.
    KeyFieldTwice = "key-field-twice",
    /// Several keys in one text.
    SeveralKeys = "several-keys",
    // --- connection, at the token server or at the API
    /// The name of a host is not known.
    NameNotFound = "name-not-found",
    /// The host refuses the connection.
    ConnectionRefused = "connection-refused",
    /// The host or network cannot be reached.
    NotReachable = "not-reachable",
    /// The proxy cannot be reached.
    ProxyUnreachable = "proxy-unreachable",
    /// The proxy wants a user and password.
    ProxyLogin = "proxy-login",
    /// The proxy refuses this host.
    ProxyRefused = "proxy-refused",
    /// No trusted certificates on this machine, or the CA file cannot be used.
    TrustStoreUnusable = "trust-store-unusable",
    /// The server's certificate has expired.
    TlsExpired = "tls-expired",
    /// The server's certificate is not valid yet; perhaps the clock is wrong.
    TlsNotYetValid = "tls-not-yet-valid",
    /// The server's certificate is for another host.
    TlsOtherHost = "tls-other-host",
    /// The server's certificate is self-signed.
    TlsSelfSigned = "tls-self-signed",
    /// The authority that signed the server's certificate is not trusted.
    TlsUnknownAuthority = "tls-unknown-authority",
    /// The server does not send its intermediate certificates.
    TlsIncompleteChain = "tls-incomplete-chain",
    /// No common TLS version or cipher.
    TlsNoCommonVersion = "tls-no-common-version",
    /// What answers does not speak TLS.
    TlsNotTls = "tls-not-tls",
    /// The server did not take the client certificate.
    TlsClientCertificate = "tls-client-certificate",
    /// Any other TLS fault.
    TlsOther = "tls-other",
    /// No connection within the limit.
    TimeoutConnect = "timeout-connect",
    /// Connected, but no whole answer within the limit.
    TimeoutAnswer = "timeout-answer",
    /// The whole test took too long.
    TimeoutTotal = "timeout-total",
    /// The connection ended in the middle of an answer.
    BrokenOff = "broken-off",
    /// What answers does not speak HTTP.
    NotHttp = "not-http",
    /// An answer larger than the limit.
    AnswerTooLarge = "answer-too-large",
    /// The person stopped the test.
    Cancelled = "cancelled",
    /// This machine's clock and the server's differ.
    ClockSkew = "clock-skew",
    // --- answers of the token server
    /// Client id or secret is wrong.
    BadCredentials = "bad-credentials",
    /// The token server does not know the client.
    UnknownClient = "unknown-client",
    /// The instance does not allow client credentials.
    GrantNotAllowed = "grant-not-allowed",
    /// The client is locked for a while.
    ClientLocked = "client-locked",
    /// No tenant under this subdomain.
    UnknownSubdomain = "unknown-subdomain",
    /// The token address redirects.
    TokenRedirected = "token-redirected",
    /// The token address is a login page or something else than a token endpoint.
    TokenNotAnEndpoint = "token-not-an-endpoint",
    /// Too many requests at the token server.
    TokenRateLimited = "token-rate-limited",
    /// The token server has a fault of its own.
    TokenUnavailable = "token-unavailable",
    /// An answer that holds no usable token.
    TokenUnexpected = "token-unexpected",
    /// The token request went to another host than `tokenurl` names, for mutual TLS.
    TokenHostForCertificate = "token-host-for-certificate",
    // --- answers of the API
    /// The API does not accept the token.
    TokenNotAccepted = "token-not-accepted",
    /// A requested role is missing on the instance.
    RoleMissing = "role-missing",
    /// The scope is there, yet the API refuses, or the other way round.
    RoleUncertain = "role-uncertain",
    /// A requested role that cannot be checked by reading.
    RoleNotCheckable = "role-not-checkable",
    /// Not a role of the `api` plan.
    RoleUnknown = "role-unknown",
    /// The router does not know the host.
    RouteUnknown = "route-unknown",
    /// The host answers, but has no Cloud Integration API.
    ApiNotFound = "api-not-found",
    /// A login page in place of the API.
    LoginPage = "login-page",
    /// The API address redirects elsewhere.
    ApiRedirected = "api-redirected",
    /// Too many requests at the API.
    ApiRateLimited = "api-rate-limited",
    /// The API has a fault of its own.
    ApiUnavailable = "api-unavailable",
    /// A resource that this tenant does not offer.
    ProbeNotOnTenant = "probe-not-on-tenant",
    /// An answer that none of the others explains.
    ApiUnexpected = "api-unexpected",
}

/// Where in the way from the key to the API a finding belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The text of the key, before anything is sent.
    Key,
    /// The token request.
    Token,
    /// The calls to the API.
    Api,
}

impl Stage {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Key => "key",
            Stage::Token => "token",
            Stage::Api => "api",
        }
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The key does not do what was asked of it.
    Error,
    /// It works, but a person should look.
    Warning,
    /// Worth saying.
    Note,
}

impl Severity {
    /// The word for it, in JSON and on the screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// The one word for the outcome of a test. Names are part of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Token, monitoring and every requested role.
    Ready,
    /// The API answers, but a requested role (or monitoring) is missing.
    Limited,
    /// The input cannot be used as a key for this API.
    BadKey,
    /// A key of the plan `integration-flow`.
    WrongPlan,
    /// A key of another service, or a Neo client.
    WrongService,
    /// The token server refuses the client.
    Rejected,
    /// The token was issued, but the API does not accept it.
    Refused,
    /// Name, connection, proxy, timeout, broken off.
    Unreachable,
    /// TLS.
    Untrusted,
    /// 5xx or rate limited.
    Unavailable,
    /// Login page, redirect, wrong host, route unknown.
    NotTheApi,
    /// An answer that none of the above explains.
    Unexpected,
}

impl Verdict {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Ready => "ready",
            Verdict::Limited => "limited",
            Verdict::BadKey => "bad-key",
            Verdict::WrongPlan => "wrong-plan",
            Verdict::WrongService => "wrong-service",
            Verdict::Rejected => "rejected",
            Verdict::Refused => "refused",
            Verdict::Unreachable => "unreachable",
            Verdict::Untrusted => "untrusted",
            Verdict::Unavailable => "unavailable",
            Verdict::NotTheApi => "not-the-api",
            Verdict::Unexpected => "unexpected",
        }
    }

    /// The verdict as a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Ready => "The key works",
            Verdict::Limited => "The key works, but roles are missing",
            Verdict::BadKey => "This is not a usable key",
            Verdict::WrongPlan => "This key belongs to the wrong plan",
            Verdict::WrongService => "This key belongs to another service",
            Verdict::Rejected => "The token server rejects the client",
            Verdict::Refused => "The API does not accept the token",
            Verdict::Unreachable => "No connection",
            Verdict::Untrusted => "The server cannot be trusted",
            Verdict::Unavailable => "The service is not available right now",
            Verdict::NotTheApi => "What answers is not the Cloud Integration API",
            Verdict::Unexpected => "The answer is not what the API would say",
        }
    }

    /// How bad it is, for putting the worst of several first: faults of the key before those of the way, and those
    /// before a service that is merely unavailable. `Ready` is 0.
    pub fn badness(self) -> u8 {
        match self {
            Verdict::Ready => 0,
            Verdict::Unavailable => 1,
            Verdict::Unreachable => 2,
            Verdict::Unexpected => 3,
            Verdict::NotTheApi => 4,
            Verdict::Untrusted => 5,
            Verdict::Limited => 6,
            Verdict::Refused => 7,
            Verdict::Rejected => 8,
            Verdict::WrongPlan => 9,
            Verdict::WrongService => 10,
            Verdict::BadKey => 11,
        }
    }

    /// The exit status that goes with the verdict (see `docs/contract.md`).
    pub fn exit_status(self) -> u8 {
        match self {
            Verdict::Ready => 0,
            Verdict::BadKey | Verdict::WrongPlan | Verdict::WrongService => 2,
            Verdict::Limited | Verdict::Rejected | Verdict::Refused => 3,
            Verdict::Unreachable | Verdict::Untrusted => 4,
            Verdict::Unavailable | Verdict::NotTheApi | Verdict::Unexpected => 5,
        }
    }
}

/// One thing found, with its facts, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub code: FindingCode,
    /// Where.
    pub stage: Stage,
    /// What it is about: a role, a field, a host.
    pub subject: Option<SafeText>,
    /// What was seen: `403 on GET /IntegrationPackages`, `line 3, column 14`.
    pub evidence: Option<SafeText>,
}

impl Finding {
    /// A finding without facts.
    pub fn new(code: FindingCode, stage: Stage) -> Self {
        Self { code, stage, subject: None, evidence: None }
    }

    /// A finding about the text of the key.
    pub fn key(code: FindingCode) -> Self {
        Self::new(code, Stage::Key)
    }

    /// Says what it is about.
    #[must_use]
    pub fn about(mut self, subject: impl Into<SafeText>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Says what was seen.
    #[must_use]
    pub fn seen(mut self, evidence: impl Into<SafeText>) -> Self {
        self.evidence = Some(evidence.into());
        self
    }
}

/// The words for one code, from `assets/findings.toml`. `{subject}` and `{evidence}` are filled in; what stands after
/// a bar, `{subject|the host}`, is said where the finding has no such fact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingText {
    /// Which code.
    pub code: FindingCode,
    /// How much it matters.
    pub severity: Severity,
    /// The verdict it leads to; present exactly for errors.
    pub verdict: Option<Verdict>,
    /// What happened, in one sentence.
    pub title: String,
    /// Why that usually is.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// Id of the link to a page that says more.
    #[serde(default)]
    pub link: Option<String>,
}

/// What the fix of a finding says that asks for nothing.
pub const NOTHING_TO_DO: &str = "Nothing to do.";

/// A finding with its words: what the screen, the command line and `--json` show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// What was found.
    pub code: FindingCode,
    /// How much it matters.
    pub severity: Severity,
    /// Where.
    pub stage: Stage,
    /// What it is about.
    pub subject: Option<SafeText>,
    /// What happened.
    pub title: String,
    /// Why that usually is.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// What was seen.
    pub evidence: Option<SafeText>,
}

/// The words for all codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingTexts(pub Vec<FindingText>);

impl FindingTexts {
    /// The text of one code. `tests/content` proves that every code has one.
    pub fn get(&self, code: FindingCode) -> Option<&FindingText> {
        self.0.iter().find(|text| text.code == code)
    }

    /// The severity of one finding.
    pub fn severity(&self, finding: &Finding) -> Severity {
        self.get(finding.code).map_or(Severity::Error, |text| text.severity)
    }

    /// The finding in words.
    pub fn explain(&self, finding: &Finding) -> Explained {
        let fill = |template: &str| fill(template, finding);
        let text = self.get(finding.code);
        Explained {
            code: finding.code,
            severity: text.map_or(Severity::Error, |text| text.severity),
            stage: finding.stage,
            subject: finding.subject.clone(),
            title: text.map_or_else(|| finding.code.as_str().to_owned(), |text| fill(&text.title)),
            cause: text.map(|text| fill(&text.cause)).unwrap_or_default(),
            fix: text.map(|text| fill(&text.fix)).unwrap_or_default(),
            evidence: finding.evidence.clone(),
        }
    }

    /// The verdict of a list of findings: that of the first error, `Ready` where there is none.
    pub fn verdict(&self, findings: &[Finding]) -> Verdict {
        findings
            .iter()
            .filter_map(|finding| self.get(finding.code))
            .find_map(|text| text.verdict)
            .unwrap_or(Verdict::Ready)
    }
}

/// Puts a finding's facts into a text. `{subject|the host}` says "the host" where there is no subject.
fn fill(template: &str, finding: &Finding) -> String {
    // In one pass, so that a subject that contains `{evidence}` stays what it is.
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let inner = &rest[at + 1..];
        let length = inner.find('}').unwrap_or_default();
        let (name, otherwise) = inner[..length].split_once('|').unwrap_or((&inner[..length], ""));
        let fact = match name {
            "subject" => &finding.subject,
            "evidence" => &finding.evidence,
            _ => {
                out.push('{');
                rest = inner;
                continue;
            }
        };
        out.push_str(fact.as_ref().map(SafeText::as_str).filter(|fact| !fact.is_empty()).unwrap_or(otherwise));
        rest = &inner[length + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_filled_in_once_and_never_read_as_placeholders() {
        let finding = Finding::key(FindingCode::KeyFieldMissing).about("{evidence}").seen("line 3");
        assert_eq!(fill("{subject} at {evidence|the end}, from { to }", &finding), "{evidence} at line 3, from { to }");
    }

    #[test]
    fn a_key_that_does_not_work_is_worse_than_a_service_that_is_away() {
        let mut verdicts = [Verdict::Unavailable, Verdict::Limited, Verdict::Ready, Verdict::BadKey, Verdict::Rejected];
        verdicts.sort_by_key(|verdict| std::cmp::Reverse(verdict.badness()));
        assert_eq!(verdicts.map(Verdict::as_str), ["bad-key", "rejected", "limited", "unavailable", "ready"]);
    }

    #[test]
    fn a_text_reads_well_without_facts() {
        let finding = Finding::key(FindingCode::KeyFieldMissing);
        assert_eq!(fill("{subject|The host} refuses, {evidence}{", &finding), "The host refuses, {");
    }
}
