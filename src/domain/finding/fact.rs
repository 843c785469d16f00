//! Subjects and evidence of findings: names and foreign text unchanged, everything else as a value whose texts are in
//! `assets/words/*/labels/facts.toml`.

use crate::{
    domain::text::{
        mask::Mask,
        position::Position,
        safe_text::SafeText,
        shown::{All, Shown},
        when::DayText,
    },
    words::Words,
};

impl Shown for Position {
    fn shown(&self, words: Words) -> String {
        Position::shown(*self, words)
    }
}

/// Declares [`Fact`]: its values and the label that shows them, in the order of the label's arguments.
macro_rules! facts {
    ($($(#[$doc:meta])* $variant:ident $({ $($value:ident: $type:ty),+ })? = $label:ident;)+) => {
        /// A fact of a finding.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Fact {
            /// A name, a URL, or text from a server: the same in every language.
            Text(SafeText),
            /// Several facts.
            Several(All<Fact>),
            /// A number of days until a time.
            DaysLeft {
                /// The days.
                days: usize,
                /// The time.
                until: DayText,
            },
            /// The age of an expired key, in days.
            KeyAge {
                /// The days.
                days: usize,
                /// The maximum age in days.
                limit: u32,
                /// When it was created.
                created: DayText,
            },
            /// The minimum age of a key, of which only the save date is known.
            SavedKeyAge {
                /// The days since then.
                days: usize,
                /// The maximum age in days.
                limit: u32,
                /// When it was saved.
                saved: DayText,
            },
            /// The pause that a server requests.
            Pause {
                /// The seconds.
                seconds: u64,
            },
            $($(#[$doc])* $variant $({
                $(#[doc = concat!("What the words call `", stringify!($value), "`.")] $value: $type,)+
            })?,)+
        }

        impl Shown for Fact {
            fn shown(&self, words: Words) -> String {
                match self {
                    Fact::Text(text) => text.shown(words),
                    Fact::Several(facts) => facts.shown(words),
                    Fact::DaysLeft { days, until } => words.facts().days_left(*days, until.shown(words)),
                    Fact::KeyAge { days, limit, created } => words.facts().key_age(*days, limit, created.shown(words)),
                    Fact::SavedKeyAge { days, limit, saved } => {
                        words.facts().saved_key_age(*days, limit, saved.shown(words))
                    }
                    Fact::Pause { seconds } => {
                        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
                        match seconds {
                            0..120 => words.facts().pause_seconds(count(*seconds)),
                            _ => words.facts().pause_minutes(count(seconds.div_ceil(60))),
                        }
                    }
                    $(Fact::$variant $({ $($value),+ })? => {
                        words.facts().$label($($($value.shown(words)),+)?).to_string()
                    })+
                }
            }

            fn mask(&mut self, mask: &Mask) {
                match self {
                    Fact::Text(text) => text.mask(mask),
                    Fact::Several(facts) => facts.mask(mask),
                    Fact::DaysLeft { until: day, .. }
                    | Fact::KeyAge { created: day, .. }
                    | Fact::SavedKeyAge { saved: day, .. } => day.mask(mask),
                    Fact::Pause { .. } => {}
                    $(Fact::$variant $({ $($value),+ })? => { $($($value.mask(mask);)+)? })+
                }
            }
        }
    };
}

facts! {
    // --- responses
    /// A response: `403 on GET /IntegrationPackages`.
    Answer { status: u16, request: SafeText } = answer;
    /// A response with the server's message.
    AnswerSays { status: u16, request: SafeText, said: Box<Fact> } = answer_says;
    /// A status and a message.
    Says { status: u16, said: Box<Fact> } = says;
    /// The evidence of a response, with the request id for SAP support.
    WithRequestId { seen: Box<Fact>, id: SafeText } = with_request_id;
    /// A redirect.
    Redirect { to: SafeText, status: u16, request: SafeText } = redirect;
    /// An empty body.
    EmptyBody = empty_body;
    /// JSON of another shape.
    OtherJson = other_json;
    /// JSON that cannot be read.
    BrokenJson = broken_json;
    /// XML.
    Xml = xml;
    /// A web page.
    WebPage = web_page;
    /// Plain text.
    PlainText = plain_text;
    /// Bytes that are not text.
    Binary = binary;
    /// An access token with characters that none has, or too long to be sent.
    TokenUnusable = token_unusable;
    /// A token of another type.
    TokenNotBearer = token_not_bearer;
    // --- roles
    /// The test ended without the read that every test makes.
    MonitoringNotRead = monitoring_not_read;
    /// A read was refused, although the scopes are present.
    RefusedDespiteScopes { seen: Box<Fact> } = refused_despite_scopes;
    /// Reads succeeded, although the scopes are missing.
    AllowedDespiteScopes { reads: All<SafeText> } = allowed_despite_scopes;
    /// A read found nothing, and the scopes are missing.
    AbsentAndScopesMissing { seen: Box<Fact> } = absent_and_scopes_missing;
    /// Scopes that the token lacks.
    ScopesMissing { scopes: All<SafeText> } = scopes_missing;
    /// A role with a similar name.
    SimilarRole { role: SafeText } = similar_role;
    // --- addresses
    /// The host of an address.
    Host = host;
    /// The path of an address.
    Path = path;
    /// The query of an address.
    Query = query;
    /// Path and query.
    PathAndQuery { path: SafeText } = path_and_query;
    /// No scheme, and not a host.
    SchemeMissing = scheme_missing;
    /// A control character.
    ControlCharacter = control_character;
    /// White space.
    WhiteSpace = white_space;
    /// A non-ASCII character.
    NotAscii = not_ascii;
    /// A backslash.
    Backslash = backslash;
    /// A user name.
    UserName = user_name;
    /// The region of an address.
    Region = region;
    /// The subdomain of an address.
    Subdomain = subdomain;
    /// Region and subdomain.
    RegionAndSubdomain = region_and_subdomain;
    /// Two values that should be the same.
    Difference { first: SafeText, second: SafeText } = difference;
    // --- the text of a key
    /// More bytes than allowed.
    TooManyBytes { bytes: usize, limit: usize } = too_many_bytes;
    /// More than is read.
    TooLarge { kilobytes: usize } = too_large;
    /// A position in the text.
    At { position: Position } = at;
    /// A position where nesting becomes too deep.
    TooDeepAt { position: Position } = too_deep_at;
    /// A NUL byte.
    NulByte { position: Position } = nul_byte;
    /// A byte that is not UTF-8.
    NotUtf8 { byte: String, position: Position } = not_utf_8;
    /// An incomplete UTF-16 character.
    DamagedUtf16 = damaged_utf_16;
    /// Evidence inside a wrapper.
    Inside { seen: Box<Fact>, wrapper: Box<Fact> } = inside;
    /// A wrapper without further evidence.
    InsideOf { wrapper: Box<Fact> } = inside_of;
    /// JSON that is a string.
    JsonText = json_text;
    /// Quotes with backslashes.
    EscapedQuotes = escaped_quotes;
    /// A Markdown code fence.
    CodeFence = code_fence;
    /// Other text.
    SurroundingText = surrounding_text;
    /// Services or keys that were ignored.
    LeftOut { names: SafeText } = left_out;
    /// An access token instead of a key.
    AccessToken = access_token;
    // --- what was repaired
    /// Typographic quotes.
    TypographicQuotes = typographic_quotes;
    /// Single quotes.
    SingleQuotes = single_quotes;
    /// Names without quotes.
    BareNames = bare_names;
    /// Comments.
    Comments = comments;
    /// `None`, `undefined`.
    ForeignWords = foreign_words;
    /// No-break spaces.
    NoBreakSpaces = no_break_spaces;
    /// A trailing comma.
    TrailingComma = trailing_comma;
    /// Lines that a terminal broke.
    BrokenLines = broken_lines;
    /// No outer braces.
    OuterBracesMissing = outer_braces_missing;
    /// No closing braces.
    ClosingBracesMissing = closing_braces_missing;
    /// A label inside a value.
    LabelInside = label_inside;
    /// Quotes inside a value.
    QuotesInside = quotes_inside;
    /// A line break or space inside a value.
    BreakInside = break_inside;
    /// `https://` was missing.
    SchemeAdded = scheme_added;
    // --- values of a key
    /// Not a string.
    NotText = not_text;
    /// A secret in another field.
    LooksLikeSecret = looks_like_secret;
    /// A client id in another field.
    LooksLikeClientId = looks_like_client_id;
    /// White space in a value.
    WhiteSpaceInside = white_space_inside;
    /// A control character in a value.
    ControlCharacterInside = control_character_inside;
    /// A certificate of the chain that cannot be read.
    CertificateDamaged { number: usize } = certificate_damaged;
    /// No certificate in PEM format.
    NoCertificate = no_certificate;
    /// No private key in PEM format.
    NoPrivateKey = no_private_key;
    /// A passphrase on a private key.
    EncryptedKey = encrypted_key;
    /// A key that is too short or too long.
    RsaBits { bits: usize } = rsa_bits;
    /// A private key that cannot be read.
    PrivateKeyDamaged { label: SafeText } = private_key_damaged;
    /// The start of a certificate's validity.
    ValidFrom { time: DayText } = valid_from;
    /// The end of a certificate's validity.
    ValidUntil { time: DayText } = valid_until;
    /// The end of an expired certificate's validity.
    Expired { time: DayText } = expired;
    // --- network
    /// The host requested from a proxy.
    OnTheWayTo { host: SafeText } = on_the_way_to;
    /// No connection, and the system's proxy script, which was not run.
    ProxyScript { seen: Box<Fact>, address: SafeText } = proxy_script;
    /// No complete response in time.
    NotCompleteWithin { seconds: String } = not_complete_within;
    /// A response that is too large.
    MoreThanBytes { limit: usize } = more_than_bytes;
    /// Two clocks.
    Clocks { theirs: SafeText, ours: SafeText } = clocks;
    /// A CA file that cannot be read.
    CaFileUnreadable { error: SafeText } = ca_file_unreadable;
    /// A CA file without a certificate.
    CaFileEmpty = ca_file_empty;
    /// Without a certificate in the place of trusted CAs.
    NoAuthorityIn { place: SafeText } = no_authority_in;
    /// The place of trusted CAs is a device or pipe, or too large.
    AuthoritiesEndless { place: SafeText } = authorities_endless;
    /// The token server names its host for certificates.
    NamedByTokenServer = named_by_token_server;
    /// The host for certificates is derived from the token URL.
    DerivedFromTokenUrl = derived_from_token_url;
    // --- Cloud Foundry
    /// The cf CLI is not logged in.
    CfLoggedOut = cf_logged_out;
    /// The cf CLI is logged in at another API.
    CfLoggedInAt { api: SafeText } = cf_logged_in_at;
    /// The cf CLI is logged in as a client, whose login cannot be renewed without its secret.
    CfLoggedInAsClient = cf_logged_in_as_client;
    /// The cf CLI is logged in at Cloud Foundry on Kubernetes.
    CfOnKubernetes = cf_on_kubernetes;
    /// cf's configuration file cannot be read.
    CfFileUnreadable { error: SafeText } = cf_file_unreadable;
    /// cf's configuration file is a link, a directory or a device.
    CfFileNotOrdinary = cf_file_not_ordinary;
    /// cf's configuration file is damaged.
    CfFileDamaged = cf_file_damaged;
    /// cf's configuration file is from an old version.
    CfFileOld = cf_file_old;
    /// cf uses a custom OAuth client.
    CfOtherClient = cf_other_client;
    /// Roles that an instance does not have.
    RolesAbsent { roles: All<SafeText> } = roles_absent;
    /// Roles that an instance has beyond the requested ones.
    RolesBesides { roles: All<SafeText> } = roles_besides;
    /// Both.
    OtherRoles { absent: All<SafeText>, besides: All<SafeText> } = other_roles;
    /// The roles are the same, but other parameters differ.
    SameRoles = same_roles;
    /// The label of an instance shows that it was created with other parameters, but not which.
    LabelDiffers = label_differs;
}

impl Fact {
    /// Several facts, or the only one; `None` if there is none.
    pub fn several(mut facts: Vec<Fact>) -> Option<Self> {
        match facts.len() {
            0 => None,
            1 => facts.pop(),
            _ => Some(Fact::Several(All(facts))),
        }
    }

    /// The text, if it is the same in every language.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Fact::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The request id for SAP support.
    pub fn request_id(&self) -> Option<&SafeText> {
        match self {
            Fact::WithRequestId { id, .. } => Some(id),
            _ => None,
        }
    }

    /// The part to use in a sentence, without ids.
    pub fn brief(&self) -> &Fact {
        match self {
            Fact::WithRequestId { seen, .. } => seen,
            other => other,
        }
    }
}

impl From<SafeText> for Fact {
    fn from(text: SafeText) -> Self {
        Fact::Text(text)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Fact::Text(text.into())
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Fact::Text(text.into())
    }
}
