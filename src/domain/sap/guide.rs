//! The pages of the guide: what the user does in the cockpit, step by step.

pub use crate::domain::text::variable::Variable;

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
    /// Their checkboxes in the wizard.
    #[serde(rename = "tick")]
    pub ticks: Vec<Tick>,
    /// What to do if it fails.
    #[serde(default, rename = "trouble")]
    pub troubles: Vec<Trouble>,
    /// Ids of links.
    #[serde(default)]
    pub links: Vec<String>,
}

/// A checkbox: one or more instructions in brief, for readers working in the cockpit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tick {
    /// Stable name, unique in the page: ticks are stored under it.
    pub id: String,
    /// Ids of the detailed instructions.
    pub covers: Vec<String>,
    /// What to do. Markup.
    pub text: String,
}

impl Page {
    /// The id under which a tick is stored.
    pub fn tick_id(&self, tick: &Tick) -> String {
        format!("{}/{}", self.id, tick.id)
    }

    /// The instructions covered by a checkbox.
    pub fn covered<'a>(&'a self, tick: &'a Tick) -> impl Iterator<Item = &'a Instruction> {
        tick.covers.iter().filter_map(|id| self.steps.iter().find(|step| step.id == *id))
    }
}

/// One instruction. Texts are markup (see `text::markup`) and may contain `{variable}`s.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instruction {
    /// Stable name, unique in the page.
    pub id: String,
    /// What to do.
    pub text: String,
    /// Why, or what to watch out for. May be empty.
    #[serde(default)]
    pub why: String,
    /// Search words that are in neither text.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The value that belongs to it.
    #[serde(default)]
    pub copy: Option<Variable>,
    /// Id of a link that belongs to this step.
    #[serde(default)]
    pub link: Option<String>,
}

/// What to do if a step does not work as described. Both texts are markup.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trouble {
    /// Stable name, unique in the page.
    pub id: String,
    /// The symptom.
    pub when: String,
    /// The cause and what to do.
    pub then: String,
    /// Search words that are in neither text.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Id of a link.
    #[serde(default)]
    pub link: Option<String>,
}

named! {
    /// The steps of the wizard, in order.
    #[derive(Default, PartialOrd, Ord)]
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

/// The texts of one step (`assets/words/en/steps.toml`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The step.
    pub id: StepId,
    /// One or two words for the step rail.
    pub rail: String,
    /// Heading of the screen.
    pub title: String,
    /// One sentence below the heading: what is decided in this step. Plain text.
    pub intro: String,
    /// A few sentences for the help panel. Markup, one paragraph per line.
    pub help: String,
}

/// The texts of the sheet (`assets/words/en/sheet.toml`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Markdown with `@name@` for each value.
    pub text: String,
    /// What to do, in order.
    #[serde(rename = "step")]
    pub steps: Vec<SheetStep>,
}

/// One step of the sheet: an instruction of the guide, or its own text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetStep {
    /// Stable name.
    pub id: String,
    /// An instruction of the guide, `page/instruction`.
    #[serde(default)]
    pub from: Option<String>,
    /// Its own text. Markup (see `text::markup`).
    #[serde(default)]
    pub text: Option<String>,
}
