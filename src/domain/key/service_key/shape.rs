//! Removes wrappers: from any JSON that contains keys to the fields of each key.

use super::{Form, fields::Raw, foreign, group, locate, node::Node, services};
use crate::domain::{
    sap::plan::{PlanId, SERVICE},
    text::safe_text::SafeText,
};

/// The maximum nesting depth of a key in wrappers.
const DEPTH: usize = 16;

/// Information about a key from its wrappers.
#[derive(Clone, Default)]
struct Wrapper {
    form: Option<Form>,
    name: Option<String>,
    /// Name of the service, if the format contains it.
    service: Option<String>,
    plan: Option<String>,
    /// Name of the member that it was found in.
    section: Option<String>,
    twice: Vec<String>,
}

/// What an object contains.
#[derive(Default)]
pub(super) struct Unwrapped {
    /// The keys.
    pub keys: Vec<Raw>,
    /// Unknown wrappers, by name.
    pub wrappers: Vec<String>,
    /// Services in `VCAP_SERVICES` that were ignored because there is also a key of `it-rt`.
    pub left_out: Vec<String>,
    /// Keys of the plan integration-flow that were ignored because there is also a key of the plan api.
    pub runtime: Vec<String>,
    /// Members that only occur in instance or key parameters, if any.
    pub parameters: Option<String>,
}

/// Whether `node` contains anything that could be a key.
pub(super) fn worth_taking(node: &Node) -> bool {
    !shape(node).keys.is_empty()
}

/// Whether `node` contains a client, and not only a name that sounds like a field.
fn names_a_client(node: &Node) -> bool {
    let keys = shape(node).keys;
    keys.iter().any(|key| key.has_client() && key.fields() > 1)
}

/// The predicates on objects of a text; `wanted` applies to objects inside a broken one.
pub(super) fn by_shape(wanted: &dyn Fn(&Node) -> bool) -> locate::Judge<'_> {
    locate::Judge { wanted, is_key: worth_taking, names_a_client }
}

/// Finds the keys in `node`.
pub(super) fn shape(node: &Node) -> Unwrapped {
    let mut unwrapped = Unwrapped::default();
    walk(node, Wrapper::default(), DEPTH, &mut unwrapped);
    if unwrapped.keys.iter().any(|key| key.service.as_deref() == Some(SERVICE)) {
        let Unwrapped { keys, left_out, .. } = &mut unwrapped;
        keys.retain(|key| match &key.service {
            Some(service) if service != SERVICE => {
                left_out.push(service.clone());
                false
            }
            _ => true,
        });
    }
    regroup(node, &mut unwrapped);
    if unwrapped.keys.is_empty() {
        unwrapped.parameters = parameters(node);
    }
    if unwrapped.keys.len() > 1 {
        for key in &mut unwrapped.keys {
            key.name = key.name.take().or_else(|| key.section.take());
        }
    }
    unwrapped
}

/// Assembles keys by the meaning of their value names, if none is complete by SAP's names.
fn regroup(node: &Node, unwrapped: &mut Unwrapped) {
    let settled = |key: &Raw| key.is_whole() || foreign::classify(key).is_some();
    if unwrapped.keys.iter().any(settled) {
        return;
    }
    let mut keys = group::keys(node);
    if unwrapped.keys.is_empty() {
        keys.retain(|key| key.has_client() && key.fields() > 1);
    } else if !keys.iter().any(Raw::is_whole) {
        return;
    }
    let plan = |key: &Raw, plan: PlanId| foreign::plan(key) == Some(plan);
    if keys.iter().any(|key| plan(key, PlanId::Api)) {
        keys.retain(|key| {
            let runtime = plan(key, PlanId::IntegrationFlow);
            if runtime {
                unwrapped.runtime.extend(key.application().map(str::to_owned));
            }
            !runtime
        });
    }
    if let ([old], [new]) = (unwrapped.keys.as_mut_slice(), keys.as_mut_slice()) {
        new.form = old.form;
        new.name = old.name.take();
        new.service = old.service.take();
        new.plan = old.plan.take();
        new.created = old.created.take();
        new.names = std::mem::take(&mut old.names);
        new.twice.append(&mut old.twice);
    }
    unwrapped.keys = keys;
}

fn walk(node: &Node, mut wrapper: Wrapper, depth: usize, unwrapped: &mut Unwrapped) {
    let Some(depth) = depth.checked_sub(1) else { return };
    wrapper.twice.extend(node.twice());
    if let Node::List(entries) = node {
        for entry in entries {
            walk(entry, wrapper.clone(), depth, unwrapped);
        }
        return;
    }
    if node.members().is_empty() {
        return;
    }
    if node.get("kind").and_then(Node::text) == Some("Secret") {
        wrapper.name = node.get("metadata").and_then(|metadata| text(metadata, "name")).or(wrapper.name);
        wrapper.form = Some(Form::KubernetesSecret);
        kubernetes(node, wrapper, depth, unwrapped);
        return;
    }
    describe(node, &mut wrapper);
    wrapper.service = wrapper.service.or_else(|| services::of(node).map(str::to_owned));
    for (name, form) in [("credentials", Form::Credentials), ("oauth", Form::Oauth)] {
        if let Some(inner) = node.get(name) {
            wrapper.form = Some(wrapper.form.unwrap_or(form));
            if step_into(inner, wrapper.clone(), depth, unwrapped) {
                return;
            }
        }
    }
    if let Some(raw) = Raw::from_node(node) {
        unwrapped.keys.push(Raw {
            form: wrapper.form.unwrap_or(Form::Flat),
            name: wrapper.name.or_else(|| text(node, "name")),
            section: wrapper.section,
            service: wrapper.service,
            plan: wrapper.plan,
            twice: wrapper.twice,
            ..raw
        });
        return;
    }
    descend(node, &wrapper, depth, unwrapped);
}

/// Records what an object says about the key inside it.
fn describe(node: &Node, wrapper: &mut Wrapper) {
    if node.has("credentials") {
        if ["service_instance_id", "context", "ready", "subaccount_id"].iter().any(|name| node.has(name)) {
            wrapper.form = Some(wrapper.form.unwrap_or(Form::Binding));
        }
        if let Some(label) = text(node, "label") {
            wrapper.service = Some(label);
            wrapper.form = Some(wrapper.form.unwrap_or(Form::VcapServices));
        }
        wrapper.plan = text(node, "plan").or(wrapper.plan.take());
        wrapper.name = text(node, "name").or_else(|| text(node, "binding_name")).or(wrapper.name.take());
    }
    if node.has("num_items") {
        wrapper.form = Some(wrapper.form.unwrap_or(Form::Binding));
    }
}

/// Enters a member, either an object or JSON in a string. Returns false if it is neither.
fn step_into(inner: &Node, wrapper: Wrapper, depth: usize, unwrapped: &mut Unwrapped) -> bool {
    match inner {
        Node::Object(_) | Node::List(_) => {
            walk(inner, wrapper, depth, unwrapped);
            true
        }
        Node::Text(text) if text.trim_start().starts_with('{') => {
            for piece in locate::locate(text, &by_shape(&|_| false)).pieces {
                walk(&piece.node, wrapper.clone(), depth, unwrapped);
            }
            true
        }
        _ => false,
    }
}

/// Looks for keys in the members of an object that is not a key itself.
fn descend(node: &Node, wrapper: &Wrapper, depth: usize, unwrapped: &mut Unwrapped) {
    for (name, inner) in node.members() {
        let before = unwrapped.keys.len();
        let mut wrapper = Wrapper { section: Some(name.clone()).filter(|name| !name.is_empty()), ..wrapper.clone() };
        let services = name == "VCAP_SERVICES"
            || inner.entries().iter().any(|entry| entry.has("credentials") && !node.has("num_items"));
        if services && name != "items" {
            wrapper.form = Some(Form::VcapServices);
            if name != "VCAP_SERVICES" {
                wrapper.service = Some(name.clone());
            }
        }
        step_into(inner, wrapper, depth, unwrapped);
        if unwrapped.keys.len() > before && !services && !matches!(name.as_str(), "items" | "resources" | "entity") {
            unwrapped.wrappers.push(name.clone());
        }
    }
}

/// A Kubernetes secret: base64 under `data`, plain text under `stringData`; either one property with the whole key or
/// one property per field (`sap-btp-service-operator`).
fn kubernetes(node: &Node, mut wrapper: Wrapper, depth: usize, unwrapped: &mut Unwrapped) {
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
    wrapper.service = text(&fields, "label");
    wrapper.plan = text(&fields, "plan");
    for (_, inner) in fields.members().iter().filter(|(name, _)| name != ".metadata") {
        if inner.text().is_some_and(|text| text.trim_start().starts_with('{')) {
            step_into(inner, wrapper.clone(), depth, unwrapped);
        }
    }
    if !unwrapped.keys.is_empty() {
        return;
    }
    if let Some(raw) = Raw::from_node(&fields) {
        let Wrapper { name, service, plan, twice, .. } = wrapper;
        unwrapped.keys.push(Raw { form: Form::KubernetesSecret, name, service, plan, twice, ..raw });
    }
}

fn text(node: &Node, name: &str) -> Option<String> {
    node.get(name).and_then(Node::text).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The members that identify instance parameters (`roles`) or key parameters (`key-type`).
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
