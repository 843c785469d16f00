//! The pages of the guide: what a person does in the cockpit, step by step.

use serde::Deserialize;

/// One page (`assets/facts/guide/*.toml` and its words).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Name of the page, the `STEP` of `cpikey guide`.
    pub id: String,
    /// Heading.
    pub title: String,
    /// One or two sentences above the steps. Markup.
    pub intro: String,
    /// What to do, in order.
    #[serde(rename = "do")]
    pub steps: Vec<Instruction>,
    /// What to do when it fails.
    #[serde(default, rename = "trouble")]
    pub troubles: Vec<Trouble>,
    /// Ids of links.
    #[serde(default)]
    pub links: Vec<String>,
}

/// One thing to do. Texts are markup (see [`super::markup`]) and may hold `{variable}`s.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instruction {
    /// Stable name, unique in the page: ticks are kept under it.
    pub id: String,
    /// What to do.
    pub text: String,
    /// Why, or what to look out for. May be empty.
    #[serde(default)]
    pub why: String,
    /// What the copy key copies while this step is focused; a template with variables. May be empty.
    #[serde(default)]
    pub copy: String,
    /// Id of a link that belongs to this step.
    #[serde(default)]
    pub link: Option<String>,
}

/// What to do when a step does not go as written. Both texts are markup.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trouble {
    /// Stable name, unique in the page.
    pub id: String,
    /// What is seen.
    pub when: String,
    /// Why that is and what to do.
    pub then: String,
    /// Id of a link.
    #[serde(default)]
    pub link: Option<String>,
}

/// What a `{name}` in a page, a copy template or a next step stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// `Process Integration Runtime`
    Service,
    /// `it-rt`
    ServiceId,
    /// The plan chosen.
    Plan,
    /// Name of the instance.
    Instance,
    /// Name of the service key.
    Key,
    /// Instance parameters on one line.
    Parameters,
    /// What the cockpit's form calls the type of the key.
    KeyType,
    /// Service key parameters on one line.
    KeyParameters,
    /// The roles, separated by comma and space.
    Roles,
    /// How many roles.
    RoleCount,
    /// Title of the purpose.
    Purpose,
    /// Address of the cockpit.
    Cockpit,
    /// The chosen region, or "your region".
    Region,
    /// The chosen space, or "your space".
    Space,
    /// `url` of the key.
    Url,
    /// Host of `url`.
    Host,
    /// Token URL of the key.
    TokenUrl,
    /// Host of the token URL.
    TokenHost,
    /// Client id of the key.
    ClientId,
}

impl Variable {
    /// All of them with their names.
    pub const ALL: &'static [(&'static str, Variable)] = &[
        ("service", Variable::Service),
        ("service_id", Variable::ServiceId),
        ("plan", Variable::Plan),
        ("instance", Variable::Instance),
        ("key", Variable::Key),
        ("parameters", Variable::Parameters),
        ("key_type", Variable::KeyType),
        ("key_parameters", Variable::KeyParameters),
        ("roles", Variable::Roles),
        ("role_count", Variable::RoleCount),
        ("purpose", Variable::Purpose),
        ("cockpit", Variable::Cockpit),
        ("region", Variable::Region),
        ("space", Variable::Space),
        ("url", Variable::Url),
        ("host", Variable::Host),
        ("token_url", Variable::TokenUrl),
        ("token_host", Variable::TokenHost),
        ("client_id", Variable::ClientId),
    ];

    /// The variable of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, variable)| *variable)
    }
}

/// The steps of the wizard. Their order is `app::route`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepId {
    /// What will use the key.
    #[default]
    Purpose,
    /// `api` or `integration-flow`.
    Plan,
    /// Name and place of the instance.
    Instance,
    /// Roles and instance parameters.
    Roles,
    /// Creating the instance in the cockpit.
    Create,
    /// Creating the key in the cockpit.
    Key,
    /// Pasting the key.
    QuickFill,
    /// The live test.
    Test,
    /// What comes next.
    HandOver,
}

impl StepId {
    /// All steps.
    pub const ALL: [StepId; 9] = [
        StepId::Purpose,
        StepId::Plan,
        StepId::Instance,
        StepId::Roles,
        StepId::Create,
        StepId::Key,
        StepId::QuickFill,
        StepId::Test,
        StepId::HandOver,
    ];
}

/// The words of one step (`assets/words/en/steps.toml`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Which step.
    pub id: StepId,
    /// One word or two for the step rail.
    pub rail: String,
    /// Heading of the screen.
    pub title: String,
    /// One sentence below the heading: what is decided here. Plain text.
    pub intro: String,
    /// A few sentences for the help panel. Markup, one paragraph a line.
    pub help: String,
}
