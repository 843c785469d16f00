//! Service instances and service keys as returned by the API.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::{
    call::{Call, Response, one_value},
    mark::Marks,
    place::{List, Page},
};
use crate::domain::text::safe_text::SafeText;

/// The service offering for the APIs and flows of Cloud Integration.
pub const OFFERING: &str = "it-rt";
/// Entries of one page.
const PER_PAGE: &str = "200";

/// The kind of operation on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// It is being created.
    Create,
    /// It is being changed.
    Update,
    /// It is being deleted.
    Delete,
}

/// The state of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperationState {
    /// `initial` or `in progress`.
    InProgress,
    /// Done.
    Succeeded,
    /// Not done.
    Failed,
}

/// The last operation of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// What.
    pub kind: OperationKind,
    /// The distance.
    pub state: OperationState,
    /// The broker's message; may be empty.
    pub description: String,
    /// When it last changed, to distinguish two operations of the same kind.
    pub updated_at: String,
}

impl Operation {
    /// Whether it is of this kind and in this state.
    pub fn is(&self, kind: OperationKind, state: OperationState) -> bool {
        self.kind == kind && self.state == state
    }

    /// Whether an operation is still running.
    pub fn is_running(&self) -> bool {
        self.state == OperationState::InProgress
    }
}

/// A service instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its id.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// The name of its plan; `None` if the API does not return it.
    pub plan: Option<String>,
    /// The id of the space that owns it. A shared instance is also listed in other spaces.
    pub space: String,
    /// The name of that space, if requested.
    pub space_name: Option<String>,
    /// Its last operation.
    pub operation: Operation,
    /// cpikey's labels and annotations on it.
    pub marks: Marks,
    /// When it was created.
    pub created: Option<Timestamp>,
}

/// A service key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceKey {
    /// Its id.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// The id of its instance.
    pub instance: String,
    /// Its last operation.
    pub operation: Operation,
    /// cpikey's labels and annotations on it.
    pub marks: Marks,
    /// When it was created.
    pub created: Option<Timestamp>,
}

/// The names of related resources to include.
const FIELDS: [(&str, &str); 3] = [
    ("fields[service_plan]", "guid,name,relationships.service_offering"),
    ("fields[service_plan.service_offering]", "guid,name"),
    ("fields[space]", "guid,name"),
];

/// Requests the managed instances with that name in a space.
pub fn instance_named(space: &str, name: &str) -> Call {
    let name = one_value(name);
    let mut query = vec![("type", "managed"), ("names", name.as_str()), ("space_guids", space), ("per_page", PER_PAGE)];
    query.extend(FIELDS);
    Call::list("/v3/service_instances", &query)
}

/// Requests all managed instances in a space, or in all spaces of an organization.
pub fn instances(org: &str, space: Option<&str>) -> Call {
    let mut query = vec![("type", "managed"), ("per_page", PER_PAGE), ("order_by", "name")];
    query.push(match space {
        Some(space) => ("space_guids", space),
        None => ("organization_guids", org),
    });
    query.extend(FIELDS);
    Call::list("/v3/service_instances", &query)
}

/// Requests one instance.
pub fn instance(guid: &str) -> Call {
    Call::get(format!("/v3/service_instances/{guid}"))
}

/// Requests the parameters of an instance. Most SAP brokers do not return them (400 120004).
pub fn parameters(guid: &str) -> Call {
    Call::get(format!("/v3/service_instances/{guid}/parameters"))
}

/// Requests the keys of instances.
pub fn keys(instances: &[&str]) -> Call {
    Call::list(
        "/v3/service_credential_bindings",
        &[("type", "key"), ("service_instance_guids", &instances.join(",")), ("per_page", PER_PAGE)],
    )
}

/// Requests one key, without its credentials.
pub fn key(guid: &str) -> Call {
    Call::get(format!("/v3/service_credential_bindings/{guid}"))
}

/// Requests the credentials of a key. The platform records this in its audit log.
pub fn details(guid: &str) -> Call {
    Call::get(format!("/v3/service_credential_bindings/{guid}/details"))
}

/// An instance with the name of its offering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The instance.
    pub instance: Instance,
    /// The name of the service, if the API returns it.
    pub offering: Option<String>,
}

/// Reads a page of instances.
pub fn read_instances(response: &Response) -> Option<Page<Listed>> {
    #[derive(Deserialize)]
    struct Whole {
        #[serde(flatten)]
        list: List<InstanceEntry>,
        #[serde(default)]
        included: Included,
    }
    let Whole { list, included } = response.json()?;
    Some(list.map(|entry| {
        let plan = included.plan(&entry.relationships.service_plan);
        let offering = plan.and_then(|plan| included.offering(&plan.relationships.service_offering));
        let space = included.space(&entry.relationships.space);
        Listed {
            offering: offering.map(|offering| offering.name.clone()),
            instance: entry.instance(plan.map(|plan| plan.name.clone()), space),
        }
    }))
}

/// Reads one instance. That response does not contain the plan's name.
pub fn read_instance(response: &Response) -> Option<Instance> {
    response.json::<InstanceEntry>().map(|entry| entry.instance(None, None))
}

/// Reads a page of keys.
pub fn read_keys(response: &Response) -> Option<Page<ServiceKey>> {
    response.json::<List<KeyEntry>>().map(|list| list.map(KeyEntry::key))
}

/// Reads one key.
pub fn read_key(response: &Response) -> Option<ServiceKey> {
    response.json().map(KeyEntry::key)
}

#[derive(Deserialize)]
struct OperationEntry {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    updated_at: Option<String>,
}

impl OperationEntry {
    fn operation(self) -> Operation {
        Operation {
            kind: match self.r#type.as_str() {
                "update" => OperationKind::Update,
                "delete" => OperationKind::Delete,
                _ => OperationKind::Create,
            },
            state: match self.state.as_str() {
                "succeeded" => OperationState::Succeeded,
                "failed" => OperationState::Failed,
                _ => OperationState::InProgress,
            },
            description: self.description.unwrap_or_default(),
            updated_at: self.updated_at.unwrap_or_default(),
        }
    }
}

/// Resources from before operations were recorded have none, and are ready.
fn operation(entry: Option<OperationEntry>) -> Operation {
    entry.map_or_else(
        || Operation {
            kind: OperationKind::Create,
            state: OperationState::Succeeded,
            description: String::new(),
            updated_at: String::new(),
        },
        OperationEntry::operation,
    )
}

#[derive(Default, Deserialize)]
struct Metadata {
    #[serde(default)]
    labels: BTreeMap<String, Option<String>>,
    #[serde(default)]
    annotations: BTreeMap<String, Option<String>>,
}

impl Metadata {
    fn marks(&self) -> Marks {
        Marks::read(
            |name| self.labels.get(name).and_then(Option::as_deref),
            |name| self.annotations.get(name).and_then(Option::as_deref),
        )
    }
}

#[derive(Default, Deserialize)]
struct Relation {
    data: Option<Guid>,
}

impl Relation {
    fn guid(&self) -> &str {
        self.data.as_ref().map_or("", |data| data.guid.as_str())
    }
}

#[derive(Deserialize)]
struct Guid {
    guid: String,
}

#[derive(Default, Deserialize)]
struct Relationships {
    #[serde(default)]
    service_plan: Relation,
    #[serde(default)]
    space: Relation,
    #[serde(default)]
    service_instance: Relation,
    #[serde(default)]
    service_offering: Relation,
}

#[derive(Deserialize)]
struct InstanceEntry {
    guid: String,
    name: String,
    #[serde(default)]
    created_at: String,
    last_operation: Option<OperationEntry>,
    #[serde(default)]
    relationships: Relationships,
    #[serde(default)]
    metadata: Metadata,
}

impl InstanceEntry {
    fn instance(self, plan: Option<String>, space_name: Option<String>) -> Instance {
        Instance {
            marks: self.metadata.marks(),
            guid: self.guid,
            name: self.name,
            plan,
            space: self.relationships.space.guid().to_owned(),
            space_name,
            operation: operation(self.last_operation),
            created: self.created_at.parse().ok(),
        }
    }
}

#[derive(Deserialize)]
struct KeyEntry {
    guid: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    created_at: String,
    last_operation: Option<OperationEntry>,
    #[serde(default)]
    relationships: Relationships,
    #[serde(default)]
    metadata: Metadata,
}

impl KeyEntry {
    fn key(self) -> ServiceKey {
        ServiceKey {
            marks: self.metadata.marks(),
            guid: self.guid,
            name: self.name.unwrap_or_default(),
            instance: self.relationships.service_instance.guid().to_owned(),
            operation: operation(self.last_operation),
            created: self.created_at.parse().ok(),
        }
    }
}

#[derive(Default, Deserialize)]
struct Included {
    #[serde(default)]
    service_plans: Vec<NamedEntry>,
    #[serde(default)]
    service_offerings: Vec<NamedEntry>,
    #[serde(default)]
    spaces: Vec<NamedEntry>,
}

#[derive(Deserialize)]
struct NamedEntry {
    guid: String,
    name: String,
    #[serde(default)]
    relationships: Relationships,
}

impl Included {
    fn plan(&self, relation: &Relation) -> Option<&NamedEntry> {
        self.service_plans.iter().find(|entry| entry.guid == relation.guid())
    }

    fn offering(&self, relation: &Relation) -> Option<&NamedEntry> {
        self.service_offerings.iter().find(|entry| entry.guid == relation.guid())
    }

    fn space(&self, relation: &Relation) -> Option<String> {
        self.spaces.iter().find(|entry| entry.guid == relation.guid()).map(|entry| entry.name.clone())
    }
}

impl Instance {
    /// Its name, safe to show.
    pub fn shown(&self) -> SafeText {
        SafeText::line(&self.name)
    }
}
