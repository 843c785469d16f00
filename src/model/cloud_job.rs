//! Requests to Cloud Foundry and their answers.

use super::saved::NotSaved;
use crate::domain::{
    cf::{
        login::{Credentials, Servers},
        offer::Offer,
        place::{Organization, Place, Space},
        resource::{Instance, ServiceKey},
        run::Run,
    },
    finding::Finding,
    key::address::Address,
    problem::Problem,
    systems::vault::Protection,
    text::{safe_text::SafeText, secret::Secret},
};

/// A request to Cloud Foundry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloudRequest {
    /// Where to log in. Nothing secret is sent.
    FindLogin(Address),
    /// Log in. The login is kept outside the model until the program ends or another one replaces it.
    LogIn {
        /// The API.
        api: Address,
        /// The login and token servers it names.
        servers: Servers,
        /// What to log in with.
        credentials: Credentials,
    },
    /// Read the login of the cf CLI, without its tokens.
    ReadCf,
    /// Check whether a login is stored. Decrypts nothing.
    ReadKept,
    /// Open the stored login, with its passphrase if it has one.
    OpenKept(Option<Secret>),
    /// Log in with the opened stored login.
    UseKept {
        /// The API.
        api: Address,
        /// The login and token servers it names.
        servers: Servers,
    },
    /// Store this login for later sessions: in the keyring, or sealed with this passphrase.
    Keep(Option<Secret>),
    /// Forget this login, and with `forgets_kept` also the stored one.
    LogOut {
        /// Delete the stored login too.
        forgets_kept: bool,
    },
    /// Log in with the login of the cf CLI.
    UseCf {
        /// The API.
        api: Address,
        /// The login and token servers it names.
        servers: Servers,
    },
    /// The organizations visible to the user.
    Organizations,
    /// The spaces of this organization.
    Spaces(Organization),
    /// The plans that this space may use.
    Offers(Place),
    /// The instances of the service, with their keys.
    Instances {
        /// The org and the space.
        place: Place,
        /// Those of all spaces of the org.
        all_spaces: bool,
    },
    /// Continue a run until it needs something else.
    Advance(Box<Run>),
    /// A passcode of the practice tenant, which has no web page for it.
    PracticePasscode,
}

/// An instance with its keys.
pub type Listed = (Instance, Vec<ServiceKey>);

/// An answer from Cloud Foundry.
#[derive(Clone, Debug)]
pub enum CloudEvent {
    /// Where to log in.
    Login(Result<Servers, Finding>),
    /// The login of the cf CLI, if it is usable.
    Cf(Option<EarlierLogin>),
    /// The refresh token of the cf CLI was replaced and no longer works there.
    CfEnded,
    /// How the stored login is sealed; `None` if none is stored.
    Kept(Option<Protection>),
    /// The stored login, if there still is one.
    Opened(Result<Option<EarlierLogin>, Problem>),
    /// This login was stored, sealed in this way.
    Keeping(Result<Protection, NotSaved>),
    /// The stored login has a new token, which could not be stored.
    NotKept(Problem),
    /// Nobody is logged in any more.
    LoggedOut(Result<(), Problem>),
    /// Who is logged in.
    LoggedIn(Result<Account, Finding>),
    /// Organizations.
    Organizations(Result<Vec<Organization>, Finding>),
    /// Spaces.
    Spaces(Result<Vec<Space>, Finding>),
    /// Plans.
    Offers(Result<Vec<Offer>, Finding>),
    /// Instances.
    Instances(Result<Vec<Listed>, Finding>),
    /// The state of a run that continues.
    Step(Box<Run>),
    /// A run that needs something other than a request.
    Paused(Box<Run>),
    /// A passcode of the practice tenant, if it is running.
    Passcode(Option<String>),
}

impl CloudEvent {
    /// Whether it is the last answer of its job.
    pub fn is_last(&self) -> bool {
        !matches!(self, Self::Step(_) | Self::CfEnded | Self::NotKept(_))
    }
}

/// An earlier login, stored or of the cf CLI, without its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierLogin {
    /// The API.
    pub api: Address,
    /// The user.
    pub user: Option<SafeText>,
    /// The targeted org.
    pub org: Option<String>,
    /// The targeted space.
    pub space: Option<String>,
}

/// Who is logged in, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The API.
    pub api: Address,
    /// The user.
    pub user: Option<SafeText>,
    /// The origin key of the identity provider.
    pub origin: Option<SafeText>,
    /// The login of the cf CLI was used and no longer works there.
    pub has_ended_cf: bool,
}
