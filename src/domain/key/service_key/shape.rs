//! Takes wrappers off: from any JSON that holds keys to the fields of each key.

use super::{Form, fields::Raw, locate, node::Node};
use crate::domain::{sap::plan::SERVICE, text::safe_text::SafeText};

/// How deep a key may lie in wrappers.
const DEPTH: usize = 8;

/// What is known of a key from the wrappers around it.
#[derive(Clone, Default)]
struct Around {
    form: Option<Form>,
    name: Option<String>,
    /// Name of the service, where the form carries it.
    service: Option<String>,
    plan: Option<String>,
    twice: Vec<String>,
}

/// What an object holds.
#[derive(Default)]
pub(super) struct Shaped {
    /// The keys.
    pub keys: Vec<Raw>,
    /// Wrappers that no known form has, by name.
    pub wrappers: Vec<String>,
    /// Services of `VCAP_SERVICES` that were left out because a key of `it-rt` stands beside them.
    pub left_out: Vec<String>,
    /// True where the object has members that only instance or key parameters have.
    pub parameters: Option<String>,
}

/// True where there is something in `node` that could be a key.
pub(super) fn worth_taking(node: &Node) -> bool {
    !shape(node).keys.is_empty()
}

/// Finds the keys in `node`.
pub(super) fn shape(node: &Node) -> Shaped {
    let mut shaped = Shaped::default();
    walk(node, Around::default(), DEPTH, &mut shaped);
    if shaped.keys.iter().any(|key| key.service.as_deref() == Some(SERVICE)) {
        let Shaped { keys, left_out, .. } = &mut shaped;
        keys.retain(|key| match &key.service {
            Some(service) if service != SERVICE => {
                left_out.push(service.clone());
                false
            }
            _ => true,
        });
    }
    if shaped.keys.is_empty() {
        shaped.parameters = parameters(node);
    }
    shaped
}

fn walk(node: &Node, mut around: Around, depth: usize, shaped: &mut Shaped) {
    let Some(depth) = depth.checked_sub(1) else { return };
    around.twice.extend(node.twice());
    if let Node::List(entries) = node {
        for entry in entries {
            walk(entry, around.clone(), depth, shaped);
        }
        return;
    }
    if node.members().is_empty() {
        return;
    }
    if node.get("kind").and_then(Node::text) == Some("Secret") {
        around.name = node.get("metadata").and_then(|metadata| text(metadata, "name")).or(around.name);
        around.form = Some(Form::KubernetesSecret);
        kubernetes(node, around, depth, shaped);
        return;
    }
    describe(node, &mut around);
    for (name, form) in [("credentials", Form::Credentials), ("oauth", Form::Oauth)] {
        if let Some(inner) = node.get(name) {
            around.form = Some(around.form.unwrap_or(form));
            if step_into(inner, around.clone(), depth, shaped) {
                return;
            }
        }
    }
    if let Some(raw) = Raw::from_node(node) {
        shaped.keys.push(Raw {
            form: around.form.unwrap_or(Form::Flat),
            name: around.name,
            service: around.service,
            plan: around.plan,
            twice: around.twice,
            ..raw
        });
        return;
    }
    descend(node, &around, depth, shaped);
}

/// Notes what an object says about the key inside it.
fn describe(node: &Node, around: &mut Around) {
    if node.has("credentials") {
        if ["service_instance_id", "context", "ready", "subaccount_id"].iter().any(|name| node.has(name)) {
            around.form = Some(around.form.unwrap_or(Form::Binding));
        }
        if let Some(label) = text(node, "label") {
            around.service = Some(label);
            around.form = Some(around.form.unwrap_or(Form::VcapServices));
        }
        around.plan = text(node, "plan").or(around.plan.take());
        around.name = text(node, "name").or_else(|| text(node, "binding_name")).or(around.name.take());
    }
    if node.has("num_items") {
        around.form = Some(around.form.unwrap_or(Form::Binding));
    }
}

/// Walks into a member, be it an object or JSON as a text. False where it is neither.
fn step_into(inner: &Node, around: Around, depth: usize, shaped: &mut Shaped) -> bool {
    match inner {
        Node::Object(_) | Node::List(_) => {
            walk(inner, around, depth, shaped);
            true
        }
        Node::Text(text) if text.trim_start().starts_with('{') => {
            for piece in locate::locate(text, &|_| false).pieces {
                walk(&piece.node, around.clone(), depth, shaped);
            }
            true
        }
        _ => false,
    }
}

/// Looks for keys in the members of an object that is no key itself.
fn descend(node: &Node, around: &Around, depth: usize, shaped: &mut Shaped) {
    for (name, inner) in node.members() {
        let before = shaped.keys.len();
        let mut around = around.clone();
        let services = name == "VCAP_SERVICES"
            || inner.entries().iter().any(|entry| entry.has("credentials") && !node.has("num_items"));
        if services && name != "items" {
            around.form = Some(Form::VcapServices);
            if name != "VCAP_SERVICES" {
                around.service = Some(name.clone());
            }
        }
        step_into(inner, around, depth, shaped);
        if shaped.keys.len() > before && !services && !matches!(name.as_str(), "items" | "resources" | "entity") {
            shaped.wrappers.push(name.clone());
        }
    }
}

/// A Kubernetes secret: base64 under `data`, plain text under `stringData`; either one property with the whole key or one
/// property a field (`sap-btp-service-operator`).
fn kubernetes(node: &Node, mut around: Around, depth: usize, shaped: &mut Shaped) {
    let mut fields: Vec<(String, Node)> = Vec::new();
    for (block, encoded) in [("data", true), ("stringData", false)] {
        for (name, value) in node.get(block).map(Node::members).unwrap_or_default() {
            let Some(value) = value.text() else { continue };
            let plain = if encoded { locate::base64_text(value) } else { Some(value.to_owned().into()) };
            if let Some(plain) = plain {
                fields.push((name.clone(), Node::Text(plain)));
            }
        }
    }
    let fields = Node::Object(fields);
    around.service = text(&fields, "label");
    around.plan = text(&fields, "plan");
    for (_, inner) in fields.members().iter().filter(|(name, _)| name != ".metadata") {
        if inner.text().is_some_and(|text| text.trim_start().starts_with('{')) {
            step_into(inner, around.clone(), depth, shaped);
        }
    }
    if !shaped.keys.is_empty() {
        return;
    }
    if let Some(raw) = Raw::from_node(&fields) {
        let Around { name, service, plan, twice, .. } = around;
        shaped.keys.push(Raw { form: Form::KubernetesSecret, name, service, plan, twice, ..raw });
    }
}

fn text(node: &Node, name: &str) -> Option<String> {
    node.get(name).and_then(Node::text).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The members that give instance parameters (`roles`) or key parameters (`key-type`) away.
fn parameters(node: &Node) -> Option<String> {
    const NAMES: [&str; 9] = [
        "roles",
        "grant-types",
        "redirect-uris",
        "token-validity",
        "key-type",
        "key-length",
        "validity",
        "X.509",
        "certificate-pinning",
    ];
    let seen: Vec<&str> = NAMES.into_iter().filter(|name| node.has(name)).collect();
    (!seen.is_empty()).then(|| SafeText::line(&seen.join(", ")).as_str().to_owned())
}
