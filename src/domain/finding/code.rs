//! The finding codes, with severity and verdict.

use serde::{Deserialize, Serialize};

use super::{Ending, Severity, Verdict};

/// Denied`). => Declares [`FindingCode`]: name, severity and, for an error, the verdict (`Error(Rejected)`) or how it
/// ends a Cloud Foundry command (`Error => Denied`). => Denied`).
macro_rules! finding_codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $severity:ident $(($verdict:ident))? $(=> $ending:ident)?;)+) => {
        /// The code of a finding. The names are part of the contract (`docs/findings.md`): add, never change.
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

            /// Its severity.
            pub fn severity(self) -> Severity {
                match self { $(FindingCode::$variant => Severity::$severity,)+ }
            }

            /// The resulting verdict. Errors have one, or an [`ending`](Self::ending).
            pub fn verdict(self) -> Option<Verdict> {
                match self { $(FindingCode::$variant => finding_codes!(@verdict $severity $(($verdict))? $(=> $ending)?),)+ }
            }

            /// How it ends a Cloud Foundry command. Errors have one, or a [`verdict`](Self::verdict).
            pub fn ending(self) -> Option<Ending> {
                match self { $(FindingCode::$variant => finding_codes!(@ending $severity $(($verdict))? $(=> $ending)?),)+ }
            }
        }
    };
    (@verdict Error ($verdict:ident)) => { Some(Verdict::$verdict) };
    (@verdict Error => $ending:ident) => { None };
    (@verdict Warning) => { None };
    (@verdict Note) => { None };
    (@ending Error ($verdict:ident)) => { None };
    (@ending Error => $ending:ident) => { Some(Ending::$ending) };
    (@ending Warning) => { None };
    (@ending Note) => { None };
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
    /// Truncated JSON.
    KeyCutOff = "key-cut-off", Error(BadKey);
    /// JSON, but nothing in it looks like a key.
    KeyNotAKey = "key-not-a-key", Error(BadKey);
    /// A field is absent or empty.
    KeyFieldMissing = "key-field-missing", Error(BadKey);
    /// A field exists but cannot be used.
    KeyFieldUnusable = "key-field-unusable", Error(BadKey);
    /// Instance parameters instead of a key.
    KeyIsParameters = "key-is-parameters", Error(BadKey);
    /// A sample from a guide, with placeholders.
    KeyIsPlaceholder = "key-is-placeholder", Error(BadKey);
    /// Key of the plan `integration-flow`.
    WrongPlan = "wrong-plan", Error(WrongPlan);
    /// API Management key.
    KeyIsApiManagement = "key-is-api-management", Error(WrongService);
    /// A key of XSUAA or another service with a UAA binding.
    KeyIsXsuaa = "key-is-xsuaa", Error(WrongService);
    /// Destination service key.
    KeyIsDestination = "key-is-destination", Error(WrongService);
    /// Key of a service that is none of the above.
    KeyIsOtherService = "key-is-other-service", Error(WrongService);
    /// Neo client or host.
    KeyIsNeo = "key-is-neo", Error(WrongService);
    /// A shell dropped the part from `$` on.
    SecretTruncated = "secret-truncated", Error(BadKey);
    /// Percent-encoding, HTML entities or escapes in a client id or secret.
    ValueEncoded = "value-encoded", Error(BadKey);
    /// A backslash in a client id or secret.
    ValueEscaped = "value-escaped", Error(BadKey);
    /// Quotes inside a client id or secret.
    ValueQuoted = "value-quoted", Error(BadKey);
    /// A line break or space inside a secret.
    ValueBroken = "value-broken", Error(BadKey);
    /// A certificate that cannot be read.
    CertificateUnreadable = "certificate-unreadable", Error(BadKey);
    /// The client certificate has expired.
    CertificateExpired = "certificate-expired", Error(BadKey);
    /// The client certificate is not valid yet.
    CertificateNotYetValid = "certificate-not-yet-valid", Error(BadKey);
    /// Fewer than 30 days left.
    CertificateExpiresSoon = "certificate-expires-soon", Warning;
    /// Older than the given limit.
    KeyTooOld = "key-too-old", Warning;
    /// Certificate and private key do not match.
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
    /// Another SAP service instead of the API host.
    UrlIsOtherService = "url-is-other-service", Error(BadKey);
    /// The local API of an Edge Integration Cell.
    UrlIsEdgeCell = "url-is-edge-cell", Error(BadKey);
    /// An SAP host that is not a token server.
    TokenUrlIsOtherService = "token-url-is-other-service", Error(BadKey);
    /// A host that does not belong to SAP.
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
    /// Characters that SAP's secrets do not have.
    SecretUnusual = "secret-unusual", Warning;
    /// A field appears twice.
    KeyFieldTwice = "key-field-twice", Warning;
    /// Several keys in one text.
    SeveralKeys = "several-keys", Warning;
    /// A key of the plan `integration-flow` next to the one that was read.
    RuntimeKeyLeftOut = "runtime-key-left-out", Note;
    /// The key was found in a Terraform state.
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
    /// The proxy requires a user and password.
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
    /// The server does not speak TLS.
    TlsNotTls = "tls-not-tls", Error(Untrusted);
    /// The server rejected the client certificate.
    TlsClientCertificate = "tls-client-certificate", Error(Rejected);
    /// Any other TLS error.
    TlsOther = "tls-other", Error(Untrusted);
    /// No connection within the limit.
    TimeoutConnect = "timeout-connect", Error(Unreachable);
    /// Connected, but no complete response within the limit.
    TimeoutAnswer = "timeout-answer", Error(Unreachable);
    /// The whole test took too long.
    TimeoutTotal = "timeout-total", Error(Unreachable);
    /// The connection ended during a response.
    BrokenOff = "broken-off", Error(Unreachable);
    /// The server does not speak HTTP.
    NotHttp = "not-http", Error(Unexpected);
    /// A response larger than the limit.
    AnswerTooLarge = "answer-too-large", Error(Unexpected);
    /// The user stopped the test.
    Cancelled = "cancelled", Error(Unexpected);
    /// This machine's clock and the server's differ.
    ClockSkew = "clock-skew", Warning;
    // --- responses of the token server
    /// Client id or secret is wrong.
    BadCredentials = "bad-credentials", Error(Rejected);
    /// The token server does not know the client.
    UnknownClient = "unknown-client", Error(Rejected);
    /// The instance does not allow client credentials.
    GrantNotAllowed = "grant-not-allowed", Error(Rejected);
    /// The client is temporarily locked.
    ClientLocked = "client-locked", Error(Rejected);
    /// No tenant under this subdomain.
    UnknownSubdomain = "unknown-subdomain", Error(NotTheApi);
    /// The token address redirects.
    TokenRedirected = "token-redirected", Error(NotTheApi);
    /// The token URL is a login page or something other than a token endpoint.
    TokenNotAnEndpoint = "token-not-an-endpoint", Error(NotTheApi);
    /// Too many requests at the token server.
    TokenRateLimited = "token-rate-limited", Error(Unavailable);
    /// The token server reports an internal error.
    TokenUnavailable = "token-unavailable", Error(Unavailable);
    /// A response without a usable token.
    TokenUnexpected = "token-unexpected", Error(Unexpected);
    /// The token server received a modified request.
    RequestChanged = "request-changed", Error(Unexpected);
    /// The token request went to a different host from `tokenurl`, for mutual TLS.
    TokenHostForCertificate = "token-host-for-certificate", Note;
    // --- responses of either
    /// Something in between responds instead of the server.
    AnsweredInBetween = "answered-in-between", Error(NotTheApi);
    /// The body of a response cannot be decompressed.
    AnswerGarbled = "answer-garbled", Error(Unexpected);
    // --- responses of the API
    /// The API does not accept the token.
    TokenNotAccepted = "token-not-accepted", Error(Refused);
    /// A requested role is missing on the instance.
    RoleMissing = "role-missing", Error(Limited);
    /// The scope is present, yet the API refuses, or vice versa.
    RoleUncertain = "role-uncertain", Warning;
    /// A requested role that cannot be checked by reading.
    RoleNotCheckable = "role-not-checkable", Note;
    /// Not a role of the `api` plan.
    RoleUnknown = "role-unknown", Warning;
    /// The router does not know the host.
    RouteUnknown = "route-unknown", Error(NotTheApi);
    /// The host responds, but is not the Cloud Integration API.
    ApiNotFound = "api-not-found", Error(NotTheApi);
    /// A login page instead of the API.
    LoginPage = "login-page", Error(NotTheApi);
    /// The API address redirects elsewhere.
    ApiRedirected = "api-redirected", Error(NotTheApi);
    /// Too many requests at the API.
    ApiRateLimited = "api-rate-limited", Error(Unavailable);
    /// The API reports an internal error.
    ApiUnavailable = "api-unavailable", Error(Unavailable);
    /// A resource that does not exist on this tenant.
    ProbeNotOnTenant = "probe-not-on-tenant", Note;
    /// A response that none of the others explains.
    ApiUnexpected = "api-unexpected", Error(Unexpected);
    // --- Cloud Foundry: login
    /// The account has a second factor, so a password alone is not accepted.
    CfSecondFactor = "cf-second-factor", Error => Denied;
    /// The identity provider has locked the account or its password.
    CfPasswordLocked = "cf-password-locked", Error => Denied;
    /// The login server itself has temporarily locked the account.
    CfLoginLocked = "cf-login-locked", Error => Denied;
    /// User or password is wrong, or right at another identity provider.
    CfLoginRefused = "cf-login-refused", Error => Denied;
    /// The passcode was used, has expired or was replaced.
    CfPasscodeRefused = "cf-passcode-refused", Error => Denied;
    /// The identity provider with this origin key does not accept passwords, or does not exist.
    CfOriginNoPasswords = "cf-origin-no-passwords", Error => Denied;
    /// Several identity providers accept passwords, and none was named.
    CfOriginNeeded = "cf-origin-needed", Error => Denied;
    /// The login of the cf CLI cannot be used.
    CfLoginUnusable = "cf-login-unusable", Error => Denied;
    /// The login has expired and cannot be renewed.
    CfSessionEnded = "cf-session-ended", Error => Denied;
    /// A login returned a new refresh token, so the one in cf's configuration file is invalid.
    CfRefreshTokenReplaced = "cf-refresh-token-replaced", Warning;
    /// The cf CLI is configured not to verify TLS certificates; this program verifies them.
    CfTlsCheckOff = "cf-tls-check-off", Note;
    // --- Cloud Foundry: place
    /// The server is not a Cloud Foundry API.
    CfNotAnApi = "cf-not-an-api", Error => Platform;
    /// The org does not exist at this API address, or is not visible to this user.
    CfOrgNotHere = "cf-org-not-here", Error => Denied;
    /// No org is visible to this user.
    CfNoOrg = "cf-no-org", Error => Denied;
    /// The org has no space visible to this user, or none with this name.
    CfNoSpace = "cf-no-space", Error => Denied;
    /// The org is suspended.
    CfOrgSuspended = "cf-org-suspended", Error => Denied;
    /// The user is not a Space Developer in the space.
    CfNotDeveloper = "cf-not-developer", Error => Denied;
    // --- Cloud Foundry: offerings
    /// The service is not offered in this space.
    CfNotEntitled = "cf-not-entitled", Error => Denied;
    /// The service is offered, but without this plan.
    CfPlanNotEntitled = "cf-plan-not-entitled", Error => Denied;
    /// The broker reports that Cloud Integration is not active in the subaccount.
    CfNotActive = "cf-not-active", Error => Denied;
    /// A role that the plan does not have in this landscape.
    CfRoleNotOffered = "cf-role-not-offered", Error => Input;
    /// Two brokers offer the plan.
    CfTwoBrokers = "cf-two-brokers", Error => Input;
    // --- Cloud Foundry: existing resources
    /// An instance with this name has another plan or service.
    CfNameOtherPlan = "cf-name-other-plan", Error => Input;
    /// An instance with this name has other parameters.
    CfNameOtherRoles = "cf-name-other-roles", Error => Input;
    /// The parameters of an instance with this name cannot be read.
    CfParametersUnknown = "cf-parameters-unknown", Error => Input;
    /// The name is taken, although nothing with that name is visible.
    CfNameTaken = "cf-name-taken", Error => Input;
    /// A key with this name is being deleted, or its deletion has failed.
    CfKeyNameDeleted = "cf-key-name-deleted", Error => Input;
    /// The replacement key is older than the key it would replace, so it belongs to somebody else.
    CfNewKeyOlder = "cf-new-key-older", Error => Input;
    /// There is no instance with this name in the space.
    CfNoInstance = "cf-no-instance", Error => Input;
    /// The instance has no key with this name.
    CfNoKey = "cf-no-key", Error => Input;
    // --- Cloud Foundry: creating and updating
    /// A quota, limit or pool is exhausted.
    CfQuota = "cf-quota", Error => Platform;
    /// The broker names the parameter that it does not accept.
    CfParametersRefused = "cf-parameters-refused", Error => Input;
    /// The broker or the platform refuses the request for a reason outside the request.
    CfBrokerRefused = "cf-broker-refused", Error => Platform;
    /// The broker failed, with or without a reason.
    CfBrokerFailed = "cf-broker-failed", Error => Platform;
    /// The platform cannot reach the broker.
    CfBrokerUnreachable = "cf-broker-unreachable", Error => Platform;
    /// The platform timed out waiting for the broker.
    CfTookTooLong = "cf-took-too-long", Error => Platform;
    /// It is still being worked on.
    CfStillGoing = "cf-still-going", Error => Unfinished;
    /// The awaited resource is gone.
    CfVanished = "cf-vanished", Error => Platform;
    /// The update failed, and the instance is unchanged.
    CfUpdateFailed = "cf-update-failed", Error => Platform;
    /// After an update, keys do not change.
    CfKeysStay = "cf-keys-stay", Note;
    // --- Cloud Foundry: the key
    /// The instance exists, but its key was not created.
    CfKeyFailed = "cf-key-failed", Error => Unfinished;
    /// The key exists, but its values cannot be read yet.
    CfKeyNotReadableYet = "cf-key-not-readable-yet", Error => Unfinished;
    /// The key does not have the requested type.
    CfKeyOtherType = "cf-key-other-type", Warning;
    // --- Cloud Foundry: deleting
    /// The deletion has failed.
    CfDeleteFailed = "cf-delete-failed", Error => Platform;
    // --- Cloud Foundry: the API itself
    /// Another operation is in progress on the same resource.
    CfBusy = "cf-busy", Error => Unfinished;
    /// Too many requests.
    CfRateLimited = "cf-rate-limited", Error => Unfinished;
    /// The API reports an internal error.
    CfUnavailable = "cf-unavailable", Error => Platform;
    /// A response that none of the others explains.
    CfUnexpected = "cf-unexpected", Error => Platform;
}
