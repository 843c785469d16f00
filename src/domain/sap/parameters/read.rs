//! From JSON back to parameters.

use serde_json::Value;

use super::{
    InstanceParameters, TOKEN_VALIDITY_MAX, TOKEN_VALIDITY_MIN,
    json::{Document, type_name},
    problem::ParameterProblem,
};
use crate::domain::{
    sap::{plan::PlanId, role::Catalogue},
    text::safe_text::SafeText,
};

/// The four properties, in the order of the broker's form.
const PROPERTIES: [&str; 4] = ["roles", "grant-types", "redirect-uris", "token-validity"];

impl InstanceParameters {
    /// Reads parameters of `plan` from JSON. What is absent becomes the broker's default; what cannot be used is left
    /// out and reported. The values themselves are not judged, see [`InstanceParameters::check`].
    ///
    /// # Errors
    ///
    /// Where the text is no JSON object at all.
    pub fn parse(text: &str, plan: PlanId) -> Result<(Self, Vec<ParameterProblem>), Box<ParameterProblem>> {
        let document = Document::read(text)?;
        let (parameters, mut problems) = from_document(&document, plan);
        problems.sort_by_key(|problem| problem.position);
        Ok((parameters, problems))
    }

    /// Reads and judges a text: [`InstanceParameters::parse`], then [`InstanceParameters::check`] with the places of
    /// what it found. Errors come first, each group in the order of the text.
    pub fn examine(text: &str, plan: PlanId, catalogue: &Catalogue) -> (Option<Self>, Vec<ParameterProblem>) {
        let document = match Document::read(text) {
            Ok(document) => document,
            Err(problem) => return (None, vec![*problem]),
        };
        let (parameters, mut problems) = from_document(&document, plan);
        // A text that is something else altogether needs no list of its faults as parameters.
        if !problems.iter().any(is_something_else) {
            let unusable: Vec<String> = problems.iter().map(|problem| problem.property.clone()).collect();
            let judged = parameters.check(catalogue).into_iter().map(|problem| {
                let position = document.locate(&problem);
                problem.at(position)
            });
            // An empty list is no news where the reason for its being empty is already said.
            problems.extend(judged.filter(|problem| problem.value.is_some() || !unusable.contains(&problem.property)));
        }
        problems.sort_by_key(|problem| (problem.severity, problem.position));
        (Some(parameters), problems)
    }
}

/// True for the problem that stands for a whole text of another kind.
fn is_something_else(problem: &ParameterProblem) -> bool {
    problem.property.is_empty() && problem.position.is_none()
}

fn from_document(document: &Document, plan: PlanId) -> (InstanceParameters, Vec<ParameterProblem>) {
    let mut parameters = InstanceParameters::new(plan);
    let mut problems = document.problems.clone();
    if let Some(problem) = something_else(document) {
        problems.push(problem);
        return (parameters, problems);
    }
    for key in document.object.keys().filter(|key| !PROPERTIES.contains(&key.as_str())) {
        problems.push(unknown_property(key).at(document.key_position(key)));
    }
    for (property, list) in [
        ("roles", &mut parameters.roles),
        ("grant-types", &mut parameters.grant_types),
        ("redirect-uris", &mut parameters.redirect_uris),
    ] {
        if let Some(value) = document.object.get(property) {
            *list = texts(document, property, value, &mut problems);
        }
    }
    if let Some(value) = document.object.get("token-validity") {
        match value.as_u64().and_then(|seconds| u32::try_from(seconds).ok()) {
            Some(seconds) => parameters.set_token_validity(seconds),
            None => problems.push(
                ParameterProblem::error(
                    "token-validity",
                    match value {
                        Value::Number(number) => format!("\"token-validity\" is {number}."),
                        other => format!("\"token-validity\" is {}.", type_name(other)),
                    },
                    format!("It must be a whole number from {TOKEN_VALIDITY_MIN} to {TOKEN_VALIDITY_MAX}, in seconds."),
                    "Write it without quotation marks and without a fraction, for example 43200.",
                )
                .at(document.key_position("token-validity")),
            ),
        }
    }
    (parameters, problems)
}

/// The texts of a list, each once.
fn texts(document: &Document, property: &str, value: &Value, problems: &mut Vec<ParameterProblem>) -> Vec<String> {
    let Value::Array(items) = value else {
        problems.push(
            ParameterProblem::error(
                property,
                format!("\"{property}\" is {}.", type_name(value)),
                "The broker takes a list of texts there.",
                format!("Write \"{property}\": [\"..\"], also for a single value."),
            )
            .at(document.key_position(property)),
        );
        return Vec::new();
    };
    let mut kept: Vec<String> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match item {
            Value::String(text) if kept.contains(text) => {
                let nth = items[..index].iter().filter(|earlier| *earlier == item).count();
                problems.push(
                    ParameterProblem::error(
                        property,
                        format!("\"{}\" stands twice in \"{property}\".", SafeText::line(text)),
                        "The broker takes each value once.",
                        "Remove one of them.",
                    )
                    .about(text)
                    .at(document.value_position(property, text, nth)),
                );
            }
            Value::String(text) => kept.push(text.clone()),
            other => problems.push(
                ParameterProblem::error(
                    property,
                    format!("Entry {} of \"{property}\" is {}.", index + 1, type_name(other)),
                    "The broker takes texts there.",
                    "Put it in quotation marks, or remove it.",
                )
                .at(document.key_position(property)),
            ),
        }
    }
    kept
}

/// A property that the broker does not know.
fn unknown_property(key: &str) -> ParameterProblem {
    let name = SafeText::capped(key, 60);
    let what = format!("\"{name}\" is not an instance parameter.");
    let squeezed = squeeze(key);
    if let Some(meant) = PROPERTIES.iter().find(|property| squeeze(property) == squeezed) {
        let why = "The broker knows the name in one spelling only and refuses every other.";
        return ParameterProblem::error(key, what, why, format!("Write \"{meant}\"."));
    }
    match key {
        "key-type" | "X.509" | "validity" | "key-length" | "certificate-pinning" => ParameterProblem::error(
            key,
            what,
            "It is a parameter of the service key.",
            "Give it when you create the key, not when you create the instance.",
        ),
        _ => ParameterProblem::error(
            key,
            what,
            "The broker takes \"roles\", \"grant-types\", \"redirect-uris\" and \"token-validity\", and refuses the rest.",
            "Remove it.",
        ),
    }
}

/// A name without what people vary: case, hyphens, underscores, a plural s.
fn squeeze(name: &str) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    letters.to_ascii_lowercase().trim_end_matches('s').to_owned()
}

/// Texts that people take for instance parameters. None of their values is repeated: one of them holds a secret.
fn something_else(document: &Document) -> Option<ParameterProblem> {
    let has = |key: &str| document.object.contains_key(key);
    if PROPERTIES.iter().any(|property| has(property)) {
        return None;
    }
    if ["oauth", "credentials", "clientid", "clientsecret", "tokenurl", "uaa"].iter().any(|key| has(key)) {
        return Some(ParameterProblem::error(
            "",
            "This is a service key, not instance parameters.",
            "The parameters go in when the instance is created; the key comes out afterwards.",
            "Read it with \"cpikey inspect\", or test it with \"cpikey test\".",
        ));
    }
    if has("key-type") {
        return Some(ParameterProblem::error(
            "",
            "These are the parameters of a service key, not of an instance.",
            "Roles belong to the instance, the type of the credentials to the key.",
            "Give them when you create the key.",
        ));
    }
    None
}
