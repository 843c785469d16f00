//! What is asked of Cloud Foundry, and what it answers.

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

/// Something to be asked of Cloud Foundry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloudRequest {
    /// Where to log in. Nothing secret is sent.
    FindLogin(Address),
    /// Log in. The login is kept outside until the program ends or another one takes its place.
    LogIn {
        /// The API.
        api: Address,
        /// Where it says to log in.
        servers: Servers,
        /// What to log in with.
        credentials: Credentials,
    },
    /// What the cf CLI is logged in with, without its tokens.
    ReadCf,
    /// Whether a login is kept. Opens nothing.
    ReadKept,
    /// Take the kept login out, with its passphrase if it has one.
    OpenKept(Option<Secret>),
    /// Log in with the kept login that was taken out.
    UseKept {
        /// The API.
        api: Address,
        /// Where it says to log in.
        servers: Servers,
    },
    /// Keep this login for later starts: in the keyring, or sealed with this passphrase.
    Keep(Option<Secret>),
    /// Forget this login, and with `forgets_kept` the one that is kept.
    LogOut {
        /// Forget the kept login too.
        forgets_kept: bool,
    },
    /// Log in as the cf CLI is.
    UseCf {
        /// The API.
        api: Address,
        /// Where it says to log in.
        servers: Servers,
    },
    /// The organizations that the person can see.
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
    /// Go on with a run until it asks for something else.
    Advance(Box<Run>),
    /// A passcode of the practice tenant, which has no page for a browser.
    PracticePasscode,
}

/// An instance with its keys.
pub type Listed = (Instance, Vec<ServiceKey>);

/// What Cloud Foundry answers.
#[derive(Clone, Debug)]
pub enum CloudEvent {
    /// Where to log in.
    Login(Result<Servers, Finding>),
    /// What the cf CLI is logged in with, if that can be used.
    Cf(Option<EarlierLogin>),
    /// The refresh token of the cf CLI was replaced and no longer works there.
    CfEnded,
    /// What the kept login is sealed with; `None` if none is kept.
    Kept(Option<Protection>),
    /// The kept login, if there still is one.
    Opened(Result<Option<EarlierLogin>, Problem>),
    /// This login is kept, sealed with that.
    Keeping(Result<Protection, NotSaved>),
    /// The kept login has a new token, which could not be kept.
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
    /// A run has come this far, and goes on.
    Step(Box<Run>),
    /// A run asks for something that is not to be sent.
    Paused(Box<Run>),
    /// A passcode of the practice tenant, if it runs.
    Passcode(Option<String>),
}

impl CloudEvent {
    /// Whether it is the last answer of its job.
    pub fn is_last(&self) -> bool {
        !matches!(self, Self::Step(_) | Self::CfEnded | Self::NotKept(_))
    }
}

/// A login that was made before, of the cf CLI or kept, without its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierLogin {
    /// The API.
    pub api: Address,
    /// The user.
    pub user: Option<SafeText>,
    /// The org that it points to.
    pub org: Option<String>,
    /// The space that it points to.
    pub space: Option<String>,
}

/// Who is logged in, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The API.
    pub api: Address,
    /// The user.
    pub user: Option<SafeText>,
    /// The key of the identity provider.
    pub origin: Option<SafeText>,
    /// The login of the cf CLI was used and no longer works there.
    pub has_ended_cf: bool,
}
