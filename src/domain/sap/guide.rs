//! The pages of the guide: what a person does in the cockpit, step by step.

use serde::Deserialize;

use crate::domain::named::named;

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

/// One thing to do. Texts are markup (see `text::markup`) and may hold `{variable}`s.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instruction {
    /// Stable name, unique in the page: ticks are stored under it.
    pub id: String,
    /// What to do.
    pub text: String,
    /// Why, or what to look out for. May be empty.
    #[serde(default)]
    pub why: String,
    /// Words that people search with and that are in neither text.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// What the copy key copies while this step is focused.
    #[serde(default)]
    pub copy: Option<Variable>,
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
    /// Words that people search with and that are in neither text.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Id of a link.
    #[serde(default)]
    pub link: Option<String>,
}

named! {
    /// What a `{name}` in a page or a next step stands for (see `handover::values`).
    pub enum Variable {
        /// `Process Integration Runtime`
        Service = "service",
        /// `it-rt`
        ServiceId = "service_id",
        /// The plan chosen.
        Plan = "plan",
        /// Name of the instance.
        Instance = "instance",
        /// Name of the service key.
        Key = "key",
        /// Instance parameters on one line.
        Parameters = "parameters",
        /// What the cockpit's form calls the type of the key.
        KeyType = "key_type",
        /// Service key parameters on one line.
        KeyParameters = "key_parameters",
        /// The roles, separated by comma and space.
        Roles = "roles",
        /// How many roles.
        RoleCount = "role_count",
        /// Title of the purpose.
        Purpose = "purpose",
        /// Address of the cockpit.
        Cockpit = "cockpit",
        /// The region.
        Region = "region",
        /// The space.
        Space = "space",
        /// `url` of the key.
        Url = "url",
        /// Host of `url`.
        Host = "host",
        /// Token URL of the key.
        TokenUrl = "token_url",
        /// Host of the token URL.
        TokenHost = "token_host",
        /// Client id of the key.
        ClientId = "client_id",
    }
}

named! {
    /// The steps of the wizard, in the order in which it goes through them.
    #[derive(Default)]
    pub enum StepId {
        /// What will use the key.
        #[default]
        Purpose = "purpose",
        /// `api` or `integration-flow`.
        Plan = "plan",
        /// Name and place of the instance.
        Instance = "instance",
        /// Roles and instance parameters.
        Roles = "roles",
        /// Creating the instance in the cockpit.
        Create = "create",
        /// Creating the key in the cockpit.
        Key = "key",
        /// Pasting the key.
        QuickFill = "quick-fill",
        /// The live test.
        Test = "test",
        /// What comes next.
        HandOver = "hand-over",
    }
}

/// The words of one step (`assets/words/en/steps.toml`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
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
