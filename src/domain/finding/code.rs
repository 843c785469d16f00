//! What can be found, and how much each matters.

use serde::{Deserialize, Serialize};

use super::{Ending, Severity, Verdict};

/// Declares [`FindingCode`]: its name, its severity and, for an error, the verdict it leads to (`Error(Rejected)`) or the
/// way in which it ends a command that works with Cloud Foundry (`Error => Denied`).
macro_rules! finding_codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $severity:ident $(($verdict:ident))? $(=> $ending:ident)?;)+) => {
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

            /// The verdict on a key that it leads to. Errors have one, or an [`ending`](Self::ending).
            pub fn verdict(self) -> Option<Verdict> {
                match self { $(FindingCode::$variant => finding_codes!(@verdict $severity $(($verdict))? $(=> $ending)?),)+ }
            }

            /// How it ends a command that works with Cloud Foundry. Errors have one, or a [`verdict`](Self::verdict).
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
    /// Older than the limit that was given.
    KeyTooOld = "key-too-old", Warning;
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
    // --- Cloud Foundry: login
    /// The account has a second factor, which a password alone does not pass.
    CfSecondFactor = "cf-second-factor", Error => Denied;
    /// The identity provider has locked the account or its password.
    CfPasswordLocked = "cf-password-locked", Error => Denied;
    /// The login server itself has locked the account for a while.
    CfLoginLocked = "cf-login-locked", Error => Denied;
    /// User or password is wrong, or right at another identity provider.
    CfLoginRefused = "cf-login-refused", Error => Denied;
    /// The passcode was used, has expired or was replaced.
    CfPasscodeRefused = "cf-passcode-refused", Error => Denied;
    /// The identity provider with this origin key takes no passwords, or does not exist.
    CfOriginNoPasswords = "cf-origin-no-passwords", Error => Denied;
    /// Several identity providers take passwords, and none was named.
    CfOriginNeeded = "cf-origin-needed", Error => Denied;
    /// The login of the cf CLI cannot be used.
    CfLoginUnusable = "cf-login-unusable", Error => Denied;
    /// The login is over and cannot be renewed.
    CfSessionEnded = "cf-session-ended", Error => Denied;
    /// The answer to a login brought another refresh token, so that the one in cf's file is dead.
    CfRefreshTokenReplaced = "cf-refresh-token-replaced", Warning;
    /// The cf CLI was told not to check TLS certificates; this program checks them.
    CfTlsCheckOff = "cf-tls-check-off", Note;
    // --- Cloud Foundry: place
    /// What answers is no Cloud Foundry API.
    CfNotAnApi = "cf-not-an-api", Error => Platform;
    /// The org does not exist at this API address, or is not visible to this user.
    CfOrgNotHere = "cf-org-not-here", Error => Denied;
    /// No org at all is visible to this user.
    CfNoOrg = "cf-no-org", Error => Denied;
    /// The org has no space that this user can see, or none of this name.
    CfNoSpace = "cf-no-space", Error => Denied;
    /// The org is suspended.
    CfOrgSuspended = "cf-org-suspended", Error => Denied;
    /// The user is no Space Developer in the space.
    CfNotDeveloper = "cf-not-developer", Error => Denied;
    // --- Cloud Foundry: what is offered
    /// The service is not offered in this space.
    CfNotEntitled = "cf-not-entitled", Error => Denied;
    /// The service is offered, but without this plan.
    CfPlanNotEntitled = "cf-plan-not-entitled", Error => Denied;
    /// The broker says that Cloud Integration is not active in the subaccount.
    CfNotActive = "cf-not-active", Error => Denied;
    /// A role that the plan does not have in this landscape.
    CfRoleNotOffered = "cf-role-not-offered", Error => Input;
    /// Two brokers offer the plan.
    CfTwoBrokers = "cf-two-brokers", Error => Input;
    // --- Cloud Foundry: what is there already
    /// An instance of this name has another plan or is of another service.
    CfNameOtherPlan = "cf-name-other-plan", Error => Input;
    /// An instance of this name has other parameters.
    CfNameOtherRoles = "cf-name-other-roles", Error => Input;
    /// An instance of this name does not tell its parameters.
    CfParametersUnknown = "cf-parameters-unknown", Error => Input;
    /// The name is taken, although nothing of that name can be seen.
    CfNameTaken = "cf-name-taken", Error => Input;
    /// A key of this name is being deleted, or its deletion has failed.
    CfKeyNameDeleted = "cf-key-name-deleted", Error => Input;
    /// The key that is to replace another one is older than that: it is somebody else's.
    CfNewKeyOlder = "cf-new-key-older", Error => Input;
    /// There is no instance of this name in the space.
    CfNoInstance = "cf-no-instance", Error => Input;
    /// The instance has no key of this name.
    CfNoKey = "cf-no-key", Error => Input;
    // --- Cloud Foundry: creating and updating
    /// A quota, a limit or a pool is used up.
    CfQuota = "cf-quota", Error => Platform;
    /// The broker names the parameter that it does not take.
    CfParametersRefused = "cf-parameters-refused", Error => Input;
    /// The broker or the platform refuses the request for a reason that is not in it.
    CfBrokerRefused = "cf-broker-refused", Error => Platform;
    /// The broker failed, with or without a reason.
    CfBrokerFailed = "cf-broker-failed", Error => Platform;
    /// The platform does not get through to the broker.
    CfBrokerUnreachable = "cf-broker-unreachable", Error => Platform;
    /// The platform has given up waiting for the broker.
    CfTookTooLong = "cf-took-too-long", Error => Platform;
    /// It is still being worked on.
    CfStillGoing = "cf-still-going", Error => Unfinished;
    /// What was waited for is gone.
    CfVanished = "cf-vanished", Error => Platform;
    /// The update has failed, and the instance is as before.
    CfUpdateFailed = "cf-update-failed", Error => Platform;
    /// After an update, keys stay as they are.
    CfKeysStay = "cf-keys-stay", Note;
    // --- Cloud Foundry: the key
    /// The instance is there, but its key was not created.
    CfKeyFailed = "cf-key-failed", Error => Unfinished;
    /// The key is there, but its values cannot be read yet.
    CfKeyNotReadableYet = "cf-key-not-readable-yet", Error => Unfinished;
    /// The key is of another type than was asked for.
    CfKeyOtherType = "cf-key-other-type", Warning;
    // --- Cloud Foundry: deleting
    /// The deletion has failed.
    CfDeleteFailed = "cf-delete-failed", Error => Platform;
    // --- Cloud Foundry: the API itself
    /// Another operation is at work on the same thing.
    CfBusy = "cf-busy", Error => Unfinished;
    /// Too many requests.
    CfRateLimited = "cf-rate-limited", Error => Unfinished;
    /// The API has a fault of its own.
    CfUnavailable = "cf-unavailable", Error => Platform;
    /// An answer that none of the others explains.
    CfUnexpected = "cf-unexpected", Error => Platform;
}
