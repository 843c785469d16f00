//! What will be done, decided before anything is changed.

use serde_json::Value;

use super::{
    goal::{Create, Goal, Rotate, Update},
    mark::{self, canonical},
    offer::{self, Offer},
    resource::{Instance, OperationKind, OperationState, ServiceKey},
};
use crate::domain::{
    finding::{Fact, Finding, FindingCode},
    named::named,
    sap::plan::PlanId,
    text::{safe_text::SafeText, shown::All},
};

named! {
    /// The action on a resource.
    pub enum Action {
        /// It is created.
        Create = "create",
        /// It exists and is used unchanged.
        Use = "use",
        /// It is changed.
        Update = "update",
        /// It is deleted.
        Delete = "delete",
    }
}

named! {
    /// The two kinds of resources.
    pub enum Kind {
        /// A service instance.
        Instance = "instance",
        /// A service key.
        Key = "key",
    }
}

/// What is known about the parameters of an existing instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Equal to the requested ones.
    Same,
    /// Different.
    Other,
    /// They cannot be read, and no label identifies them.
    Unknown,
}

/// The difference between the current and the requested roles of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleChange {
    /// Only requested.
    pub added: Vec<String>,
    /// Only present.
    pub removed: Vec<String>,
    /// Both.
    pub kept: Vec<String>,
}

impl RoleChange {
    /// From `had` to `wanted`.
    pub fn between(had: &[String], wanted: &[String]) -> Self {
        let only = |of: &[String], other: &[String]| of.iter().filter(|role| !other.contains(role)).cloned().collect();
        Self {
            added: only(wanted, had),
            removed: only(had, wanted),
            kept: wanted.iter().filter(|role| had.contains(role)).cloned().collect(),
        }
    }
}

/// One resource of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The operation.
    pub action: Action,
    /// The kind of resource.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its id, if it exists.
    pub guid: Option<String>,
    /// Its parameters, if they are sent.
    pub parameters: Option<Value>,
    /// How the parameters of an instance that is used or changed compare.
    pub compared: Option<Compared>,
    /// How the roles change, if the old ones are known.
    pub roles: Option<RoleChange>,
    /// Whether it replaces one whose creation failed.
    pub replaces_failed: bool,
    /// Whether it is still being created, by this program or by somebody else.
    pub is_under_way: bool,
}

impl Item {
    fn new(action: Action, kind: Kind, name: &str) -> Self {
        Self {
            action,
            kind,
            name: name.to_owned(),
            guid: None,
            parameters: None,
            compared: None,
            roles: None,
            replaces_failed: false,
            is_under_way: false,
        }
    }

    fn of_instance(action: Action, instance: &Instance) -> Self {
        Self {
            guid: Some(instance.guid.clone()),
            is_under_way: instance.operation.is_running(),
            ..Self::new(action, Kind::Instance, &instance.name)
        }
    }

    fn of_key(action: Action, key: &ServiceKey) -> Self {
        Self {
            guid: Some(key.guid.clone()),
            is_under_way: key.operation.is_running(),
            ..Self::new(action, Kind::Key, &key.name)
        }
    }
}

/// What will be done, in this order, and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The resources.
    pub items: Vec<Item>,
}

impl Plan {
    /// Whether anything is created, changed or deleted.
    pub fn changes_something(&self) -> bool {
        self.items.iter().any(|item| item.action != Action::Use)
    }

    /// The item for the resource of that kind, except deletions.
    pub(super) fn item(&self, kind: Kind) -> Option<&Item> {
        self.items.iter().find(|item| item.kind == kind && item.action != Action::Delete)
    }
}

/// The state found in the space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// The plans of `it-rt` that the space can use; requested only if something is created or changed.
    pub offers: Vec<Offer>,
    /// The instance with the requested name.
    pub instance: Option<Instance>,
    /// Its keys.
    pub keys: Vec<ServiceKey>,
    /// Its parameters, if the broker returns them.
    pub parameters: Option<Value>,
}

impl Survey {
    /// The key with that name.
    pub fn key(&self, name: &str) -> Option<&ServiceKey> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// Compares the instance's parameters with `wanted`, as far as known.
    fn compare(&self, instance: &Instance, wanted: &Value) -> Compared {
        let same = match (&self.parameters, instance.marks.has(wanted)) {
            // A label is written together with the parameters, but somebody may have changed them in the cockpit since.
            (Some(read), _) => canonical(&completed(read, wanted)) == canonical(wanted),
            (None, Some(same)) => same,
            (None, None) => return Compared::Unknown,
        };
        if same { Compared::Same } else { Compared::Other }
    }

    /// The current roles of the instance, if known.
    fn roles(&self, instance: &Instance) -> Option<Vec<String>> {
        self.parameters.as_ref().and_then(mark::roles).or_else(|| instance.marks.roles.clone())
    }

    fn change(&self, instance: &Instance, wanted: &Value) -> Option<RoleChange> {
        Some(RoleChange::between(&self.roles(instance)?, &mark::roles(wanted)?))
    }
}

/// Parameters completed with the broker's defaults for absent properties.
fn completed(read: &Value, wanted: &Value) -> Value {
    let default = |name: &str| match name {
        "grant-types" => Some(serde_json::json!(["client_credentials"])),
        "redirect-uris" => Some(serde_json::json!([])),
        // The default depends on the plan; if unspecified, it counts as the requested value.
        "token-validity" => wanted.get(name).cloned(),
        _ => None,
    };
    let mut whole = read.clone();
    if let (Some(fields), Some(wanted)) = (whole.as_object_mut(), wanted.as_object()) {
        for name in wanted.keys().filter(|name| !read.as_object().is_some_and(|read| read.contains_key(*name))) {
            if let Some(value) = default(name) {
                fields.insert(name.clone(), value);
            }
        }
    }
    whole
}

/// A finding about a resource with that name.
fn about(code: FindingCode, name: &str) -> Finding {
    Finding::cf(code).about(SafeText::line(name))
}

/// Decides what to do.
///
/// # Errors
///
/// Why it cannot be done. Nothing has been changed.
pub fn decide(goal: &Goal, survey: &Survey) -> Result<Plan, Finding> {
    match goal {
        Goal::Create(create) => create_plan(create, survey),
        Goal::Update(update) => update_plan(update, survey),
        Goal::Rotate(rotate) => rotate_plan(rotate, survey),
        Goal::DeleteInstance { .. } => Ok(delete_instance_plan(survey)),
        Goal::DeleteKey { key, .. } => delete_key_plan(key, survey),
    }
}

/// Refuses roles that this landscape does not offer.
fn offered(offer: &Offer, parameters: &Value) -> Result<(), Finding> {
    let wanted = mark::roles(parameters).unwrap_or_default();
    let missing = offer.limits.not_offered(&wanted);
    if missing.is_empty() {
        return Ok(());
    }
    let mut finding = Finding::cf(FindingCode::CfRoleNotOffered);
    finding.subjects = missing.into_iter().map(|role| SafeText::line(role).into()).collect();
    Err(finding)
}

fn create_plan(create: &Create, survey: &Survey) -> Result<Plan, Finding> {
    let offer = offer::choose(&survey.offers, create.plan, create.broker.as_deref())?;
    offered(&offer, &create.parameters)?;
    let fresh = || Item {
        parameters: Some(create.parameters.clone()),
        ..Item::new(Action::Create, Kind::Instance, &create.instance)
    };
    let instance = match &survey.instance {
        None => fresh(),
        Some(there) if there.operation.is(OperationKind::Create, OperationState::Failed) => {
            Item { replaces_failed: true, ..fresh() }
        }
        Some(there) => used_instance(create, there, survey)?,
    };
    let key = if instance.action == Action::Create {
        Item { parameters: create.key.parameters.clone(), ..Item::new(Action::Create, Kind::Key, &create.key.name) }
    } else {
        key_item(&create.key.name, create.key.parameters.as_ref(), survey)?
    };
    Ok(Plan { items: vec![instance, key] })
}

/// The existing instance, if it matches.
fn used_instance(create: &Create, there: &Instance, survey: &Survey) -> Result<Item, Finding> {
    usable(there)?;
    has_plan(there, create.plan)?;
    let compared = survey.compare(there, &create.parameters);
    match compared {
        Compared::Other => {
            let difference =
                survey.change(there, &create.parameters).map_or(Fact::LabelDiffers, |change| differs(&change));
            Err(about(FindingCode::CfNameOtherRoles, &there.name).seen(difference))
        }
        Compared::Unknown if !create.reuse => Err(about(FindingCode::CfParametersUnknown, &there.name)),
        Compared::Unknown | Compared::Same => {
            Ok(Item { compared: Some(compared), ..Item::of_instance(Action::Use, there) })
        }
    }
}

/// How an instance differs from the requested one.
fn differs(change: &RoleChange) -> Fact {
    let roles = |roles: &[String]| All(roles.iter().map(|role| SafeText::line(role)).collect());
    match (change.added.as_slice(), change.removed.as_slice()) {
        ([], []) => Fact::SameRoles,
        (absent, []) => Fact::RolesAbsent { roles: roles(absent) },
        ([], besides) => Fact::RolesBesides { roles: roles(besides) },
        (absent, besides) => Fact::OtherRoles { absent: roles(absent), besides: roles(besides) },
    }
}

/// Refuses an instance that is being deleted or whose deletion failed.
fn usable(there: &Instance) -> Result<(), Finding> {
    match (there.operation.kind, there.operation.state) {
        (OperationKind::Delete, OperationState::Failed) => {
            Err(about(FindingCode::CfDeleteFailed, &there.name).seen(SafeText::line(&there.operation.description)))
        }
        (OperationKind::Delete, _) => Err(about(FindingCode::CfBusy, &there.name)),
        _ => Ok(()),
    }
}

/// Refuses an instance of another plan.
fn has_plan(there: &Instance, plan: PlanId) -> Result<(), Finding> {
    match &there.plan {
        Some(other) if other != plan.as_str() => {
            Err(about(FindingCode::CfNameOtherPlan, &there.name).seen(SafeText::line(other)))
        }
        _ => Ok(()),
    }
}

/// The key with that name: created, or used if it exists.
fn key_item(name: &str, parameters: Option<&Value>, survey: &Survey) -> Result<Item, Finding> {
    let fresh = || Item { parameters: parameters.cloned(), ..Item::new(Action::Create, Kind::Key, name) };
    Ok(match survey.key(name) {
        None => fresh(),
        Some(key) => match (key.operation.kind, key.operation.state) {
            (OperationKind::Delete, _) => return Err(about(FindingCode::CfKeyNameDeleted, name)),
            (OperationKind::Create, OperationState::Failed) => Item { replaces_failed: true, ..fresh() },
            _ => Item::of_key(Action::Use, key),
        },
    })
}

/// The required instance. A running operation on it is awaited.
fn instance_that_is_there<'a>(name: &str, survey: &'a Survey) -> Result<&'a Instance, Finding> {
    let there = survey.instance.as_ref().ok_or_else(|| about(FindingCode::CfNoInstance, name))?;
    usable(there)?;
    if there.operation.is(OperationKind::Create, OperationState::Failed) {
        return Err(about(FindingCode::CfNoInstance, name).seen(SafeText::line(&there.operation.description)));
    }
    Ok(there)
}

fn update_plan(update: &Update, survey: &Survey) -> Result<Plan, Finding> {
    let there = instance_that_is_there(&update.instance, survey)?;
    has_plan(there, update.plan)?;
    // If the plan is not offered here, it was withdrawn or the entitlement removed; the broker decides.
    let here = survey.offers.iter().find(|offer| offer.plan == update.plan.as_str());
    if let Some(offer) = here {
        offered(offer, &update.parameters)?;
    }
    let compared = survey.compare(there, &update.parameters);
    let action = if compared == Compared::Same { Action::Use } else { Action::Update };
    let item = Item {
        parameters: Some(update.parameters.clone()),
        compared: Some(compared),
        roles: survey.change(there, &update.parameters),
        ..Item::of_instance(action, there)
    };
    Ok(Plan { items: vec![item] })
}

fn rotate_plan(rotate: &Rotate, survey: &Survey) -> Result<Plan, Finding> {
    let there = instance_that_is_there(&rotate.instance, survey)?;
    let old = survey.key(&rotate.old);
    // Without the old key, only a rotation that was interrupted after its deletion can continue.
    if old.is_none() && survey.key(&rotate.new.name).is_none() {
        return Err(about(FindingCode::CfNoKey, &rotate.old));
    }
    // A key older than the old one belongs to somebody else: a rotation of the old one did not create it.
    let is_older = |new: &&ServiceKey| old.is_some_and(|old| new.created < old.created);
    if let Some(new) = survey.key(&rotate.new.name).filter(is_older) {
        return Err(about(FindingCode::CfNewKeyOlder, &new.name));
    }
    let mut items = vec![
        Item::of_instance(Action::Use, there),
        key_item(&rotate.new.name, rotate.new.parameters.as_ref(), survey)?,
    ];
    if let Some(old) = old {
        let action = if rotate.keep_old { Action::Use } else { Action::Delete };
        items.push(Item::of_key(action, old));
    }
    Ok(Plan { items })
}

fn delete_instance_plan(survey: &Survey) -> Plan {
    let Some(there) = &survey.instance else { return Plan::default() };
    // The platform deletes the keys with their instance; each is listed, but only the instance is requested.
    let keys = survey.keys.iter().map(|key| Item::of_key(Action::Delete, key));
    Plan { items: std::iter::once(Item::of_instance(Action::Delete, there)).chain(keys).collect() }
}

fn delete_key_plan(name: &str, survey: &Survey) -> Result<Plan, Finding> {
    if survey.instance.is_none() {
        return Ok(Plan::default());
    }
    Ok(Plan { items: survey.key(name).map(|key| Item::of_key(Action::Delete, key)).into_iter().collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::text::shown::Shown as _, words::Words};

    #[test]
    fn the_difference_between_instances_is_said_in_words() {
        let said = |had: &[&str], wanted: &[&str]| {
            let owned = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect::<Vec<_>>();
            differs(&RoleChange::between(&owned(had), &owned(wanted))).shown(Words::default())
        };
        assert_eq!(said(&["A"], &["A", "B", "C"]), "it lacks B, C");
        assert_eq!(said(&["A", "B"], &["A"]), "it also has B");
        assert_eq!(said(&["A"], &["B"]), "it lacks B, and also has A");
        assert_eq!(said(&["A"], &["A"]), "its roles are the same, other parameters differ");
    }
}
