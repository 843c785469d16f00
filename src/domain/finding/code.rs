//! What can be found, and how much each matters.

use serde::{Deserialize, Serialize};

use super::{Severity, Verdict};

/// Declares [`FindingCode`]: its name, its severity and, for an error, the verdict it leads to.
macro_rules! finding_codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $severity:ident $(($verdict:ident))?;)+) => {
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

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self { $(FindingCode::$variant => Severity::$severity,)+ }
            }

            /// The verdict that it leads to; errors have one.
            pub fn verdict(self) -> Option<Verdict> {
                match self { $(FindingCode::$variant => finding_codes!(@verdict $severity $(($verdict))?),)+ }
            }
        }
    };
    (@verdict Error ($verdict:ident)) => { Some(Verdict::$verdict) };
    (@verdict Warning) => { None };
    (@verdict Note) => { None };
}

finding_codes! {
    // --- reading the key
    /// Nothing but white space.
    KeyEmpty = "key-empty", Error(BadKey);
    /// More bytes than a key can have.
    KeyTooLarge = "key-too-large", Error(BadKey);
    /// Neither UTF-8 nor UTF-16.
    KeyNotText = "key-not-text", Error(BadKey);
    /// Not JSON at a line and column.
    KeyNotJson = "key-not-json", Error(BadKey);
    /// JSON that ends in the middle.
    KeyCutOff = "key-cut-off", Error(BadKey);
    /// JSON, but nothing in it looks like a key.
    KeyNotAKey = "key-not-a-key", Error(BadKey);
    /// A field is absent or empty.
    KeyFieldMissing = "key-field-missing", Error(BadKey);
    /// A field is there but cannot be used.
    KeyFieldUnusable = "key-field-unusable", Error(BadKey);
    /// Instance parameters instead of a key.
    KeyIsParameters = "key-is-parameters", Error(BadKey);
    /// A copy from a guide with placeholders.
    KeyIsPlaceholder = "key-is-placeholder", Error(BadKey);
    /// Key of the plan `integration-flow`.
    WrongPlan = "wrong-plan", Error(WrongPlan);
    /// API Management key.
    KeyIsApiManagement = "key-is-api-management", Error(WrongService);
    /// XSUAA or another service's key that carries a UAA binding.
    KeyIsXsuaa = "key-is-xsuaa", Error(WrongService);
    /// Destination service key.
    KeyIsDestination = "key-is-destination", Error(WrongService);
    /// Key of a service that is none of the above.
    KeyIsOtherService = "key-is-other-service", Error(WrongService);
    /// Neo client or host.
    KeyIsNeo = "key-is-neo", Error(WrongService);
    /// A shell has eaten the part from `$` on.
    SecretTruncated = "secret-truncated", Error(BadKey);
    /// Percent-encoding, HTML entities or escapes in a client id or secret.
    ValueEncoded = "value-encoded", Error(BadKey);
    /// A backslash in a client id or secret.
    ValueEscaped = "value-escaped", Error(BadKey);
    /// Quotes inside a client id or secret.
    ValueQuoted = "value-quoted", Error(BadKey);
    /// A line break or blank inside a secret.
    ValueBroken = "value-broken", Error(BadKey);
    /// A certificate that cannot be read.
    CertificateUnreadable = "certificate-unreadable", Error(BadKey);
    /// The client certificate has expired.
    CertificateExpired = "certificate-expired", Error(BadKey);
    /// The client certificate is not valid yet.
    CertificateNotYetValid = "certificate-not-yet-valid", Error(BadKey);
    /// Fewer than 30 days left.
    CertificateExpiresSoon = "certificate-expires-soon", Warning;
    /// Certificate and private key do not belong together.
    CertificateKeyMismatch = "certificate-key-mismatch", Error(BadKey);
    /// External certificate without its private key.
    PrivateKeyMissing = "private-key-missing", Error(BadKey);
    /// A private key that cannot be read or is encrypted.
    PrivateKeyUnreadable = "private-key-unreadable", Error(BadKey);
    // --- addresses in the key
    /// Not https, and not this machine.
    UrlNotHttps = "url-not-https", Error(BadKey);
    /// Not a usable address.
    UrlUnusable = "url-unusable", Error(BadKey);
    /// The runtime host (`-rt`) instead of the API host.
    UrlIsRuntimeHost = "url-is-runtime-host", Error(BadKey);
    /// The web user interface instead of the API host.
    UrlIsWebUi = "url-is-web-ui", Error(BadKey);
    /// The cockpit instead of the API host.
    UrlIsCockpit = "url-is-cockpit", Error(BadKey);
    /// SAP's gateway for published APIs instead of the API host.
    UrlIsGateway = "url-is-gateway", Error(BadKey);
    /// Another service of SAP instead of the API host.
    UrlIsOtherService = "url-is-other-service", Error(BadKey);
    /// The local API of an Edge Integration Cell.
    UrlIsEdgeCell = "url-is-edge-cell", Error(BadKey);
    /// An address of SAP that is not a token server.
    TokenUrlIsOtherService = "token-url-is-other-service", Error(BadKey);
    /// A host that is not SAP's.
    HostUnknown = "host-unknown", Warning;
    /// Region or subdomain of the two hosts differ.
    HostsDisagree = "hosts-disagree", Warning;
    /// `/api/v1` or a slash was removed from the address.
    UrlTrimmed = "url-trimmed", Note;
    /// `/oauth/token` was added to the token address.
    TokenPathAdded = "token-path-added", Note;
    /// Plain http to this machine.
    HttpLoopback = "http-loopback", Note;
    // --- what was repaired while reading
    /// A wrapper or an encoding was removed.
    KeyUnwrapped = "key-unwrapped", Note;
    /// Small errors in the text were repaired.
    KeyMended = "key-mended", Warning;
    /// A line break at the end of the secret was removed.
    SecretTrimmed = "secret-trimmed", Warning;
    /// Two dollar signs in the secret.
    SecretDollarDoubled = "secret-dollar-doubled", Warning;
    /// Characters that no secret of SAP has.
    SecretUnusual = "secret-unusual", Warning;
    /// A field appears twice.
    KeyFieldTwice = "key-field-twice", Warning;
    /// Several keys in one text.
    SeveralKeys = "several-keys", Warning;
    /// A key of the plan `integration-flow` beside the one that was read.
    RuntimeKeyLeftOut = "runtime-key-left-out", Note;
    /// The key came out of a Terraform state.
    KeyInState = "key-in-state", Warning;
    // --- connection, at the token server or at the API
    /// The name of a host is not known.
    NameNotFound = "name-not-found", Error(Unreachable);
    /// The host refuses the connection.
    ConnectionRefused = "connection-refused", Error(Unreachable);
    /// The host or network cannot be reached.
    NotReachable = "not-reachable", Error(Unreachable);
    /// The proxy cannot be reached.
    ProxyUnreachable = "proxy-unreachable", Error(Unreachable);
    /// The proxy wants a user and password.
    ProxyLogin = "proxy-login", Error(Unreachable);
    /// The proxy refuses this host.
    ProxyRefused = "proxy-refused", Error(Unreachable);
    /// No trusted certificates on this machine, or the CA file cannot be used.
    TrustStoreUnusable = "trust-store-unusable", Error(Untrusted);
    /// The server's certificate has expired.
    TlsExpired = "tls-expired", Error(Untrusted);
    /// The server's certificate is not valid yet; perhaps the clock is wrong.
    TlsNotYetValid = "tls-not-yet-valid", Error(Untrusted);
    /// The server's certificate is for another host.
    TlsOtherHost = "tls-other-host", Error(Untrusted);
    /// The server's certificate is self-signed.
    TlsSelfSigned = "tls-self-signed", Error(Untrusted);
    /// The authority that signed the server's certificate is not trusted.
    TlsUnknownAuthority = "tls-unknown-authority", Error(Untrusted);
    /// The server does not send its intermediate certificates.
    TlsIncompleteChain = "tls-incomplete-chain", Error(Untrusted);
    /// No common TLS version or cipher.
    TlsNoCommonVersion = "tls-no-common-version", Error(Untrusted);
    /// What answers does not speak TLS.
    TlsNotTls = "tls-not-tls", Error(Untrusted);
    /// The server did not take the client certificate.
    TlsClientCertificate = "tls-client-certificate", Error(Rejected);
    /// Any other TLS fault.
    TlsOther = "tls-other", Error(Untrusted);
    /// No connection within the limit.
    TimeoutConnect = "timeout-connect", Error(Unreachable);
    /// Connected, but no whole answer within the limit.
    TimeoutAnswer = "timeout-answer", Error(Unreachable);
    /// The whole test took too long.
    TimeoutTotal = "timeout-total", Error(Unreachable);
    /// The connection ended in the middle of an answer.
    BrokenOff = "broken-off", Error(Unreachable);
    /// What answers does not speak HTTP.
    NotHttp = "not-http", Error(Unexpected);
    /// An answer larger than the limit.
    AnswerTooLarge = "answer-too-large", Error(Unexpected);
    /// The person stopped the test.
    Cancelled = "cancelled", Error(Unexpected);
    /// This machine's clock and the server's differ.
    ClockSkew = "clock-skew", Warning;
    // --- answers of the token server
    /// Client id or secret is wrong.
    BadCredentials = "bad-credentials", Error(Rejected);
    /// The token server does not know the client.
    UnknownClient = "unknown-client", Error(Rejected);
    /// The instance does not allow client credentials.
    GrantNotAllowed = "grant-not-allowed", Error(Rejected);
    /// The client is locked for a while.
    ClientLocked = "client-locked", Error(Rejected);
    /// No tenant under this subdomain.
    UnknownSubdomain = "unknown-subdomain", Error(NotTheApi);
    /// The token address redirects.
    TokenRedirected = "token-redirected", Error(NotTheApi);
    /// The token address is a login page or something else than a token endpoint.
    TokenNotAnEndpoint = "token-not-an-endpoint", Error(NotTheApi);
    /// Too many requests at the token server.
    TokenRateLimited = "token-rate-limited", Error(Unavailable);
    /// The token server has a fault of its own.
    TokenUnavailable = "token-unavailable", Error(Unavailable);
    /// An answer that holds no usable token.
    TokenUnexpected = "token-unexpected", Error(Unexpected);
    /// The token server did not get the request as it was sent.
    RequestChanged = "request-changed", Error(Unexpected);
    /// The token request went to another host than `tokenurl` names, for mutual TLS.
    TokenHostForCertificate = "token-host-for-certificate", Note;
    // --- answers of either
    /// Something between here and the server answers instead of it.
    AnsweredInBetween = "answered-in-between", Error(NotTheApi);
    /// The body of an answer cannot be unpacked.
    AnswerGarbled = "answer-garbled", Error(Unexpected);
    // --- answers of the API
    /// The API does not accept the token.
    TokenNotAccepted = "token-not-accepted", Error(Refused);
    /// A requested role is missing on the instance.
    RoleMissing = "role-missing", Error(Limited);
    /// The scope is there, yet the API refuses, or the other way round.
    RoleUncertain = "role-uncertain", Warning;
    /// A requested role that cannot be checked by reading.
    RoleNotCheckable = "role-not-checkable", Note;
    /// Not a role of the `api` plan.
    RoleUnknown = "role-unknown", Warning;
    /// The router does not know the host.
    RouteUnknown = "route-unknown", Error(NotTheApi);
    /// The host answers, but has no Cloud Integration API.
    ApiNotFound = "api-not-found", Error(NotTheApi);
    /// A login page instead of the API.
    LoginPage = "login-page", Error(NotTheApi);
    /// The API address redirects elsewhere.
    ApiRedirected = "api-redirected", Error(NotTheApi);
    /// Too many requests at the API.
    ApiRateLimited = "api-rate-limited", Error(Unavailable);
    /// The API has a fault of its own.
    ApiUnavailable = "api-unavailable", Error(Unavailable);
    /// A resource that this tenant does not offer.
    ProbeNotOnTenant = "probe-not-on-tenant", Note;
    /// An answer that none of the others explains.
    ApiUnexpected = "api-unexpected", Error(Unexpected);
}
