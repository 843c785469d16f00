//! What the API's responses say about a resource: its state, and the content of a key.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use super::{Existing, ExistingState};
use crate::domain::{
    cf::{
        call::Response,
        plan::Kind,
        resource::{Instance, Operation, OperationKind, OperationState, ServiceKey},
    },
    sap::key_parameters::KeyType,
    text::secret::Secret,
};

impl ExistingState {
    /// The state of a resource by its last operation.
    pub fn of(operation: &Operation) -> Self {
        match (operation.kind, operation.state) {
            (OperationKind::Create, OperationState::InProgress) => ExistingState::Creating,
            (OperationKind::Create, OperationState::Failed) => ExistingState::CreateFailed,
            (OperationKind::Update, OperationState::InProgress) => ExistingState::Updating,
            (OperationKind::Update, OperationState::Failed) => ExistingState::UpdateFailed,
            (OperationKind::Delete, OperationState::InProgress) => ExistingState::Deleting,
            (OperationKind::Delete, OperationState::Failed) => ExistingState::DeleteFailed,
            (_, OperationState::Succeeded) => ExistingState::Ready,
        }
    }
}

pub(super) fn existing_instance(instance: &Instance) -> Existing {
    Existing {
        kind: Kind::Instance,
        name: instance.name.clone(),
        guid: Some(instance.guid.clone()),
        state: ExistingState::of(&instance.operation),
        made_by_us: instance.marks.made_by_us,
        updated: updated(&instance.operation),
        request_id: None,
    }
}

pub(super) fn existing_key(key: &ServiceKey) -> Existing {
    Existing {
        kind: Kind::Key,
        name: key.name.clone(),
        guid: Some(key.guid.clone()),
        state: ExistingState::of(&key.operation),
        made_by_us: key.marks.made_by_us,
        updated: updated(&key.operation),
        request_id: None,
    }
}

fn updated(operation: &Operation) -> Option<String> {
    Some(operation.updated_at.clone()).filter(|time| !time.is_empty())
}

/// The credentials in the response, unchanged.
pub(super) fn credentials(response: &Response) -> Option<Secret> {
    #[derive(Deserialize)]
    struct Details<'a> {
        #[serde(borrow)]
        credentials: &'a RawValue,
    }
    let details: Details = serde_json::from_str(response.body.expose()).ok()?;
    details.credentials.get().starts_with('{').then(|| Secret::new(details.credentials.get()))
}

/// The type of a key, by its fields. `None` if it has another shape.
pub(super) fn key_type(credentials: &Secret) -> Option<KeyType> {
    #[derive(Deserialize)]
    struct Fields {
        clientsecret: Option<IgnoredAny>,
        certificate: Option<IgnoredAny>,
        key: Option<IgnoredAny>,
    }
    #[derive(Deserialize)]
    struct Key {
        oauth: Fields,
    }
    let Key { oauth } = serde_json::from_str(credentials.expose()).ok()?;
    match oauth {
        Fields { clientsecret: Some(_), .. } => Some(KeyType::ClientSecret),
        Fields { certificate: Some(_), key: Some(_), .. } => Some(KeyType::Certificate),
        Fields { certificate: Some(_), .. } => Some(KeyType::ExternalCertificate),
        _ => None,
    }
}
