//! The request sheet: one page of Markdown for the team that creates instances and keys. It contains no secret.

use std::borrow::Cow;

use crate::{
    domain::{
        content::Content,
        guide::values::Values,
        handover::choices::Choices,
        sap::{
            guide::SheetStep,
            key_parameters::KeyType,
            parameters::{Extent, JsonStyle, SEND_ROLE},
            plan::{PlanId, SERVICE, SERVICE_TITLE},
            purpose::{CUSTOM, Purpose},
        },
        text::{
            markup::{self, Span},
            safe_text::SafeText,
            template::{Marks, fill},
        },
    },
    words::SheetLabels,
};

/// The markup of a step; `None` if it names an instruction that does not exist.
pub fn markup_of<'a>(step: &'a SheetStep, content: &'a Content) -> Option<&'a str> {
    if let Some(text) = &step.text {
        return Some(text);
    }
    let (page, id) = step.from.as_ref()?.split_once('/')?;
    let step = content.page(page)?.steps.iter().find(|step| step.id == id)?;
    Some(&step.text)
}

/// The sheet for these choices, ending with a line break. `purpose` provides the reasons for its roles; for any other
/// role, the reason is what it allows.
pub fn render(content: &Content, choices: &Choices, purpose: Option<&Purpose>) -> String {
    let purpose = purpose.filter(|purpose| purpose.id != CUSTOM);
    let words = content.words.sheet();
    fill(content.sheet.text.trim_start(), Marks::Ats, |name| {
        Some(Cow::Owned(match name {
            "wanted" => wanted(choices, words),
            "reason" => purpose.map_or_else(|| words.no_reason().to_owned(), |purpose| plain(&purpose.summary)),
            "roles" => roles(content, choices, purpose),
            "remarks" => remarks(content, choices),
            "parameters" => choices.parameters.to_json(JsonStyle::Pretty, Extent::Full),
            "key_parameters" => key_parameters(choices, words),
            "steps" => steps(content, choices, purpose),
            "service_title" => SERVICE_TITLE.to_owned(),
            "plan" => choices.plan().as_str().to_owned(),
            "examine" => examine(choices, purpose),
            _ => return None,
        }))
    })
}

fn plain(text: &str) -> String {
    markup::markdown(&[Span::Text(text.to_owned())])
}

fn code(text: &str) -> String {
    markup::markdown(&[Span::Code(text.to_owned())])
}

/// A row of a table with two columns, in which a vertical bar would end a cell.
fn row(cells: [&str; 2]) -> String {
    format!("| {} | {} |", cells[0].replace('|', "\\|"), cells[1].replace('|', "\\|"))
}

fn wanted(choices: &Choices, words: SheetLabels) -> String {
    let endpoints: Vec<String> = choices.endpoints.iter().map(|endpoint| code(endpoint)).collect();
    let endpoints = match endpoints.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        several => words.one_of(several.join(", ")),
    };
    let name = |text: &str| if text.is_empty() { String::new() } else { code(SafeText::line(text).as_str()) };
    let rows = [
        (words.service(), format!("{SERVICE_TITLE} ({})", code(SERVICE))),
        (words.plan(), code(choices.plan().as_str())),
        (words.cloud_foundry_api(), endpoints),
        (words.org(), name(&choices.org)),
        (words.space(), name(&choices.space)),
        (words.instance(), name(&choices.instance)),
        (words.key(), name(&choices.key)),
        (words.key_type(), choices.key_parameters.key_type.title().to_owned()),
    ];
    let known = rows.into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(title, value)| row([title, &value])).collect::<Vec<_>>().join("\n")
}

fn roles(content: &Content, choices: &Choices, purpose: Option<&Purpose>) -> String {
    let words = content.words.sheet();
    let mut rows = Vec::new();
    for name in &choices.parameters.roles {
        let role = content.catalogue.get(name);
        let why = purpose.and_then(|purpose| purpose.why(name)).or(role.map(|role| role.allows.as_str()));
        let own = if name == SEND_ROLE { words.send_role_reason() } else { words.own_role_reason() };
        let mark = if role.is_some_and(|role| role.sensitive) { " \\*" } else { "" };
        rows.push(row([&format!("{}{mark}", code(name)), &plain(why.unwrap_or(own))]));
    }
    rows.join("\n")
}

/// Remarks about the roles, as a paragraph.
fn remarks(content: &Content, choices: &Choices) -> String {
    let words = content.words.sheet();
    let chosen = || choices.parameters.roles.iter().filter_map(|name| content.catalogue.get(name));
    let mut remarks = Vec::new();
    if chosen().any(|role| role.sensitive) {
        remarks.push(words.sensitive().to_owned());
    }
    let rare: Vec<String> = chosen().filter(|role| !role.everywhere).map(|role| code(&role.name)).collect();
    if !rare.is_empty() {
        remarks.push(words.not_everywhere(rare.join(", ")));
    }
    if remarks.is_empty() { String::new() } else { format!("\n{}\n", remarks.join(" ")) }
}

/// The parameters of the key, if it has any, as a section.
fn key_parameters(choices: &Choices, words: SheetLabels) -> String {
    if choices.key_parameters.key_type == KeyType::ClientSecret {
        return String::new();
    }
    let json = choices.key_parameters.to_json(JsonStyle::Pretty);
    format!("\n## {}\n\n```json\n{json}\n```\n", words.key_parameters())
}

/// The steps, as a numbered list. There is no key yet.
fn steps(content: &Content, choices: &Choices, purpose: Option<&Purpose>) -> String {
    let values = Values { content, choices: choices.clone(), purpose, key: None };
    let texts = content.sheet.steps.iter().filter_map(|step| markup_of(step, content));
    let lines =
        texts.enumerate().map(|(index, text)| format!("{}. {}", index + 1, markup::markdown(&values.spans(text))));
    lines.collect::<Vec<_>>().join("\n")
}

/// The command for the creator of the key to check it. A key of the other plan cannot use the API.
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
