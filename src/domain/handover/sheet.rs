//! The request sheet: one page of Markdown for the team that creates instances and keys. There is no secret in it.

use serde::Deserialize;

use crate::domain::{
    content::Content,
    handover::choices::Choices,
    sap::{
        guide::Variable,
        key_parameters::KeyType,
        parameters::{Extent, JsonStyle, SEND_ROLE},
        plan::{PlanId, SERVICE, SERVICE_TITLE},
        purpose::{CUSTOM, Purpose},
    },
    text::{
        markup::{self, Span},
        safe_text::SafeText,
        template::fill,
    },
};

/// The words of the sheet (`assets/words/en/sheet.toml`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Markdown with `@name@` for the values.
    pub text: String,
    /// What is said where a role is sensitive. Plain text.
    pub sensitive: String,
    /// What is said where a role is not offered everywhere, with `{roles}`. Plain text.
    pub not_everywhere: String,
    /// What to do, in order.
    #[serde(rename = "step")]
    pub steps: Vec<SheetStep>,
}

/// One step of the sheet: an instruction of the guide, or words of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetStep {
    /// Stable name.
    pub id: String,
    /// An instruction of the guide, `page/instruction`.
    #[serde(default)]
    pub from: Option<String>,
    /// Its own words. Markup (see [`super::markup`]).
    #[serde(default)]
    pub text: Option<String>,
}

impl SheetStep {
    /// Its markup, if it has words or the instruction exists.
    pub fn markup<'a>(&'a self, content: &'a Content) -> Option<&'a str> {
        if let Some(text) = &self.text {
            return Some(text);
        }
        let (page, id) = self.from.as_ref()?.split_once('/')?;
        let step = content.page(page)?.steps.iter().find(|step| step.id == id)?;
        Some(&step.text)
    }
}

/// The sheet for these choices, ending with a line break. `purpose` gives the reasons of its roles; those of other roles
/// are what the role allows.
pub fn render(content: &Content, choices: &Choices, purpose: Option<&Purpose>) -> String {
    let purpose = purpose.filter(|purpose| purpose.id != CUSTOM);
    fill(
        content.sheet.text.trim_start(),
        &[
            ("wanted", wanted(choices)),
            ("reason", purpose.map_or_else(|| NO_REASON.to_owned(), |purpose| plain(&purpose.summary))),
            ("roles", roles(content, choices, purpose)),
            ("remarks", remarks(content, choices)),
            ("parameters", choices.parameters.to_json(JsonStyle::Pretty, Extent::Full)),
            ("key_parameters", key_parameters(choices)),
            ("steps", steps(content, choices, purpose)),
            ("service_title", SERVICE_TITLE.to_owned()),
            ("plan", choices.plan().as_str().to_owned()),
            ("examine", examine(choices, purpose)),
        ],
    )
}

/// What stands under "Why" where no purpose says it.
const NO_REASON: &str = "The client that will use the key needs these roles and no others.";

fn plain(text: &str) -> String {
    markup::markdown(&[Span::Text(text.to_owned())])
}

fn code(text: &str) -> String {
    markup::markdown(&[Span::Code(text.to_owned())])
}

/// A cell of a table: a vertical bar would end it.
fn row(cells: [&str; 2]) -> String {
    format!("| {} | {} |", cells[0].replace('|', "\\|"), cells[1].replace('|', "\\|"))
}

fn wanted(choices: &Choices) -> String {
    let endpoints: Vec<String> = choices.endpoints.iter().map(|endpoint| code(endpoint)).collect();
    let mut rows = vec![
        row(["Service", &format!("{SERVICE_TITLE} ({})", code(SERVICE))]),
        row(["Plan", &code(choices.plan().as_str())]),
    ];
    let name = |text: &str| if text.is_empty() { String::new() } else { code(SafeText::line(text).as_str()) };
    for (title, value) in [
        ("Cloud Foundry API", endpoints.join(" or ")),
        ("Org", name(&choices.org)),
        ("Space", name(&choices.space)),
        ("Name of the instance", name(&choices.instance)),
        ("Name of the key", name(&choices.key)),
    ] {
        if !value.is_empty() {
            rows.push(row([title, &value]));
        }
    }
    rows.push(row(["Type of the key", choices.key_parameters.key_type.title()]));
    rows.join("\n")
}

fn roles(content: &Content, choices: &Choices, purpose: Option<&Purpose>) -> String {
    let mut rows = Vec::new();
    for name in &choices.parameters.roles {
        let role = content.catalogue.get(name);
        let why = purpose.and_then(|purpose| purpose.why(name)).or(role.map(|role| role.allows.as_str()));
        let why = why.unwrap_or(if name == SEND_ROLE {
            "Call the endpoints of integration flows."
        } else {
            "A role of this tenant's own, which integration flows ask for."
        });
        let mark = if role.is_some_and(|role| role.sensitive) { " \\*" } else { "" };
        rows.push(row([&format!("{}{mark}", code(name)), &plain(why)]));
    }
    rows.join("\n")
}

/// A paragraph of its own where there is something to say.
fn remarks(content: &Content, choices: &Choices) -> String {
    let chosen = || choices.parameters.roles.iter().filter_map(|name| content.catalogue.get(name));
    let mut remarks = Vec::new();
    if chosen().any(|role| role.sensitive) {
        remarks.push(content.sheet.sensitive.clone());
    }
    let rare: Vec<String> = chosen().filter(|role| !role.everywhere).map(|role| code(&role.name)).collect();
    if !rare.is_empty() {
        remarks.push(content.sheet.not_everywhere.replace("{roles}", &rare.join(", ")));
    }
    if remarks.is_empty() { String::new() } else { format!("\n{}\n", remarks.join(" ")) }
}

/// A section of its own where the key has parameters.
fn key_parameters(choices: &Choices) -> String {
    if choices.key_parameters.key_type == KeyType::ClientSecret {
        return String::new();
    }
    let json = choices.key_parameters.to_json(JsonStyle::Pretty);
    format!("\n## Parameters of the key\n\n```json\n{json}\n```\n")
}

fn steps(content: &Content, choices: &Choices, purpose: Option<&Purpose>) -> String {
    let value = |variable| value(content, choices, purpose, variable);
    let texts = content.sheet.steps.iter().filter_map(|step| step.markup(content));
    let lines = texts.enumerate().map(|(index, text)| {
        let text = markup::markdown(&markup::parse(text, &value));
        format!("{}. {text}", index + 1)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What a variable of the guide stands for on the sheet. There is no key yet, so nothing of it is known.
fn value(content: &Content, choices: &Choices, purpose: Option<&Purpose>, variable: Variable) -> String {
    let region = || {
        let endpoint = choices.endpoints.first()?.strip_prefix("https://")?;
        content.regions.iter().find(|region| {
            let label = endpoint.split('.').nth(2).and_then(|label| label.split('-').next());
            label == Some(region.id.as_str())
        })
    };
    let cockpit = || content.link("cockpit").map_or_else(String::new, |link| link.url.clone());
    match variable {
        Variable::Service => SERVICE_TITLE.to_owned(),
        Variable::ServiceId => SERVICE.to_owned(),
        Variable::Plan => choices.plan().as_str().to_owned(),
        Variable::Instance => choices.instance.clone(),
        Variable::Key => choices.key.clone(),
        Variable::Parameters => choices.parameters.to_json(JsonStyle::Compact, Extent::Full),
        Variable::KeyType => choices.key_parameters.key_type.title().to_owned(),
        Variable::KeyParameters => choices.key_parameters.to_json(JsonStyle::Compact),
        Variable::Roles => choices.parameters.roles.join(", "),
        Variable::RoleCount => choices.parameters.roles.len().to_string(),
        Variable::Purpose => purpose.map_or_else(|| "the client".to_owned(), |purpose| purpose.title.clone()),
        Variable::Cockpit => region().map_or_else(cockpit, |region| region.cockpit.clone()),
        Variable::Region => region().map_or_else(|| "the region".to_owned(), |region| region.id.clone()),
        Variable::Space if choices.space.is_empty() => "the space".to_owned(),
        Variable::Space => SafeText::line(&choices.space).to_string(),
        Variable::Url => "url of the key".to_owned(),
        Variable::Host => "host of the key's url".to_owned(),
        Variable::TokenUrl => "tokenurl of the key".to_owned(),
        Variable::TokenHost => "host of the key's tokenurl".to_owned(),
        Variable::ClientId => "clientid of the key".to_owned(),
    }
}

/// The command that looks at the key where it was created. A key of the other plan is no key for the API.
fn examine(choices: &Choices, purpose: Option<&Purpose>) -> String {
    if choices.plan() != PlanId::Api {
        return "cpikey inspect key.json".to_owned();
    }
    let roles = &choices.parameters.roles;
    match purpose.filter(|purpose| purpose.role_names() == *roles) {
        Some(purpose) => format!("cpikey test key.json --purpose {}", purpose.id),
        None => {
            format!("cpikey test key.json{}", roles.iter().map(|role| format!(" --role {role}")).collect::<String>())
        }
    }
}
