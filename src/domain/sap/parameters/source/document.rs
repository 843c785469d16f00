//! Finds the object with the parameters in a document.

use super::{
    Located, Wrapper,
    tree::{Entry, Node, Value},
    unwrap, yaml,
};
use crate::domain::{
    sap::{
        parameters::{PROPERTIES, problem::ProblemCode, same_property},
        plan::PlanId,
    },
    text::safe_text::SafeText,
};

/// Property names that tools use for parameters.
const HOLDERS: [&str; 6] = ["parameters", "json_params", "params", "parametersJSON", "parametersJson", "jsonParams"];
/// The service offering.
const SERVICE: &str = "it-rt";

/// Whether the object has a property of the parameters.
pub(super) fn has_property(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| PROPERTIES.contains(&entry.name.as_str()))
}

/// Whether the object has a property of the parameters, in any spelling.
pub(super) fn has_property_misspelled(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| PROPERTIES.iter().any(|property| same_property(property, &entry.name)))
}

/// Whether a line of the text begins like YAML with parameters.
pub(super) fn looks_like_yaml(text: &str) -> bool {
    yaml::looks_like(text, &PROPERTIES) || yaml::looks_like(text, &HOLDERS)
}

/// Whether the problem is that the text is something else.
pub(super) fn names_a_kind(code: &ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::IsServiceKey {} | ProblemCode::IsKeyParameters {} | ProblemCode::IsSecurityDescriptor {}
    )
}

/// Whether the problem is that the parameters are elsewhere.
pub(super) fn is_elsewhere(code: &ProblemCode) -> bool {
    matches!(code, ProblemCode::ParametersElsewhere { .. } | ProblemCode::CommandWithoutParameters {})
}

/// Objects that are mistaken for parameters. Their values are not repeated, because one may be a secret.
fn other_kind(entries: &[Entry]) -> Option<ProblemCode> {
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    if ["oauth", "clientid", "clientsecret", "tokenurl", "uaa"].into_iter().any(has) {
        Some(ProblemCode::IsServiceKey {})
    } else if ["key-type", "X.509"].into_iter().any(has) {
        Some(ProblemCode::IsKeyParameters {})
    } else if ["role-templates", "role-collections", "xsappname", "tenant-mode"].into_iter().any(has) {
        Some(ProblemCode::IsSecurityDescriptor {})
    } else {
        None
    }
}

/// An object that may be the parameters.
struct Candidate<'a> {
    node: &'a Node,
    certain: bool,
    of_service: bool,
    plan: Option<PlanId>,
}

/// The results of traversing a document.
#[derive(Default)]
struct Finds<'a> {
    candidates: Vec<Candidate<'a>>,
    /// Strings that contain parameters.
    texts: Vec<Located>,
    kind: Option<ProblemCode>,
    elsewhere: Option<(SafeText, usize)>,
}

/// Finds the parameters in a document.
pub(super) fn find(root: Node, layers: usize) -> Located {
    let Some(entries) = root.entries() else {
        if matches!(root.value, Value::List(_)) {
            let mut finds = Finds::default();
            walk(&root, "", false, None, layers, &mut finds);
            if let Some(located) = chosen(finds) {
                return located.inside(Wrapper::Document);
            }
        }
        return Located::failed(ProblemCode::NotAnObject { found: root.json_type() }, None);
    };
    let itself = |node| Located { node, overlooked: Vec::new(), removed: Vec::new(), plan: None };
    if has_property(entries) {
        return itself(Ok(root));
    }
    if let Some(kind) = other_kind(entries) {
        return itself(Err((kind, None)));
    }
    let mut finds = Finds::default();
    walk(&root, "", false, None, layers, &mut finds);
    let wrapper = wrapper(entries);
    match chosen(finds) {
        Some(located) => located.inside(wrapper),
        None => itself(Ok(root)),
    }
}

fn chosen(mut finds: Finds<'_>) -> Option<Located> {
    finds.candidates.sort_by_key(|candidate| (!candidate.certain, !candidate.of_service));
    let rank = |candidate: &Candidate<'_>| (candidate.certain, candidate.of_service);
    if let Some(first) = finds.candidates.first().filter(|first| first.certain || finds.texts.is_empty()) {
        let equals = finds.candidates.iter().filter(|other| rank(other) == rank(first)).count();
        let several = first.certain && equals > 1;
        return Some(Located {
            node: Ok(first.node.clone()),
            overlooked: several
                .then_some((ProblemCode::SeveralParameters {}, Some(first.node.place)))
                .into_iter()
                .collect(),
            removed: Vec::new(),
            plan: first.plan,
        });
    }
    if !finds.texts.is_empty() {
        return Some(finds.texts.swap_remove(0));
    }
    if let Some(kind) = finds.kind {
        return Some(Located::failed(kind, None));
    }
    let (place, at) = finds.elsewhere?;
    Some(Located::failed(ProblemCode::ParametersElsewhere { place }, Some(at)))
}

fn walk<'a>(node: &'a Node, name: &str, of_service: bool, plan: Option<PlanId>, layers: usize, finds: &mut Finds<'a>) {
    let is_holder = HOLDERS.contains(&name);
    match &node.value {
        Value::Object(entries) => {
            let texts = || entries.iter().filter_map(|entry| entry.node.text());
            let names_service = texts().any(|text| text == SERVICE);
            let of_service = of_service || names_service;
            let plan = PlanId::ALL.into_iter().find(|plan| texts().any(|text| text == plan.as_str())).or(plan);
            let certain = has_property(entries);
            // A deployment descriptor uses the same property name for the service and the broker's parameters.
            let is_descriptor = is_holder && names_service;
            if certain || (is_holder && !is_descriptor && other_kind(entries).is_none() && !holds_more(entries)) {
                finds.candidates.push(Candidate { node, certain, of_service, plan });
                return;
            }
            if let Some(kind) = other_kind(entries) {
                finds.kind.get_or_insert(kind);
                return;
            }
            for entry in entries {
                walk(&entry.node, &entry.name, of_service, plan, layers, finds);
            }
        }
        Value::List(items) => items.iter().for_each(|item| walk(item, name, of_service, plan, layers, finds)),
        Value::Text(text) if text.as_str().trim_start().starts_with('{') && layers > 1 => {
            let mut located = unwrap(text.0.clone(), layers - 1);
            if located.is_recognized() || is_holder {
                located.plan = located.plan.or(plan);
                finds.texts.push(located.inside(Wrapper::EscapedText));
            }
        }
        Value::Text(text) if name == "path" && of_service => {
            finds.elsewhere.get_or_insert((SafeText::capped(text.as_str(), 60), node.place));
        }
        Value::Expression(expression) if is_holder => {
            finds.elsewhere.get_or_insert((SafeText::capped(expression, 60), node.place));
        }
        _ => {}
    }
}

/// Whether an object is not the parameters, but contains them.
fn holds_more(entries: &[Entry]) -> bool {
    !has_property_misspelled(entries) && entries.iter().any(|entry| matches!(entry.node.value, Value::Object(_)))
}

fn wrapper(entries: &[Entry]) -> Wrapper {
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    let signs: [(Wrapper, &[&str]); 6] = [
        (Wrapper::Mta, &["_schema-version"]),
        (Wrapper::SetupAutomator, &["services", "subaccount", "executionmode"]),
        (Wrapper::BrokerRequest, &["service_id", "plan_id"]),
        (Wrapper::Kubernetes, &["apiVersion"]),
        (Wrapper::Terraform, &["terraform_version", "resource", "planned_values", "format_version"]),
        (Wrapper::CloudFoundryDocument, &["guid", "relationships", "resources", "data", "entity", "metadata"]),
    ];
    let found = signs.into_iter().find(|(_, names)| names.iter().any(|name| has(name)));
    match found {
        Some((wrapper, _)) => wrapper,
        None if HOLDERS.iter().any(|holder| has(holder)) => Wrapper::ParametersProperty,
        None => Wrapper::Document,
    }
}
