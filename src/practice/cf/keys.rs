//! Creating, reading and deleting keys, and the OAuth clients behind them.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};

use super::{
    Model,
    answer::{Answer, Response, error, not_authorized, not_found, unprocessable},
    body,
    broker::{self, BROKER},
    instances::BUSY,
    operation::{Act, Operation, Outcome},
    shown,
    world::{Instance, Key, Metadata, Plan},
};
use crate::{
    domain::sap::plan::SERVICE,
    practice::{
        clients::{API_CLIENT, Client, FLOW_CLIENT},
        token,
    },
};

/// The name of a key in "not found" errors.
const KEY: &str = "Service credential binding";

impl Model {
    /// `POST /v3/service_credential_bindings`
    pub(super) fn create_key(&mut self, text: &str, now: Duration) -> Answer {
        let body = body::read(text, &["type", "name", "parameters", "metadata", "relationships"])?;
        if body.get("type").and_then(Value::as_str) != Some("key") {
            return Err(unprocessable("Type must be 'key': the practice tenant has no applications"));
        }
        let name = body::name(&body)?.to_owned();
        let parameters = body::parameters(&body)?.cloned().unwrap_or_else(|| json!({}));
        let metadata = body::metadata(&body, Metadata::default())?;
        let guid = body::related(&body, "service_instance").unwrap_or_default();
        let instance = self.world.instance_of(guid);
        let instance =
            instance.ok_or_else(|| unprocessable(format!("The service instance could not be found: '{guid}'")))?;
        if let Some(space) = self.world.space_of(&instance.space) {
            self.may_write(space)?;
        }
        if instance.operation.is_create_failed() {
            return Err(unprocessable("Service instance not found"));
        }
        if instance.operation.is_running() {
            return Err(unprocessable(BUSY));
        }
        let (instance, plan) = (instance.guid.clone(), instance.plan.clone());
        let namesake = |key: &Key| key.instance == instance && key.name == name;
        if let Some(key) = self.world.keys.iter().find(|key| namesake(key) && !key.operation.is_create_failed()) {
            let start =
                "The binding name is invalid. Key binding names must be unique. The service instance already has a";
            return Err(unprocessable(if key.operation.act == Act::DeleteKey {
                format!("{start} key binding with the name '{name}' that is getting deleted or its deletion failed.")
            } else {
                format!("{start} key binding with name '{name}'.")
            }));
        }
        self.world.keys.retain(|key| !namesake(key));
        let schemas = self.world.plan_of(&plan).map(|plan| plan.schemas.clone()).unwrap_or_default();
        let schema = &schemas["service_binding"]["create"]["parameters"];
        let mut outcome = self.outcome(Act::CreateKey, &name, schema, &parameters);
        // The practice tenant uses plain HTTP on this computer, where certificates are not requested.
        if outcome == Outcome::Succeeds
            && parameters["key-type"].as_str().is_some_and(|kind| kind != "client_id_secret")
        {
            let text = "The practice tenant makes keys of type client_id_secret only.";
            outcome = Outcome::Fails(format!("Service broker error: Service broker {BROKER} failed with: {text}"));
        }
        let guid = self.world.guid();
        let operation = Operation::begun(Act::CreateKey, outcome, broker::factor(&name), now);
        self.world.keys.push(Key { guid: guid.clone(), name, instance, metadata, made: now, operation });
        Ok(self.accepted(Act::CreateKey, &guid, now))
    }

    /// `GET /v3/service_credential_bindings/G/details`
    pub(super) fn details(&self, guid: &str, now: Duration) -> Answer {
        let key = self.key(guid)?;
        let (instance, plan) = self.instance_and_plan(key)?;
        // Users with read-only access do not learn that there is something to read.
        if !self.world.space_of(&instance.space).is_some_and(|space| space.is_developer) {
            return Err(not_found(KEY));
        }
        let state = key.operation.state_name(now);
        if key.operation.act == Act::CreateKey && state != "succeeded" {
            return Err(error(404, 10010, "ResourceNotFound", format!("Creation of service key {state}")));
        }
        Ok(Response::json(200, &json!({"credentials": self.credentials(key, instance, plan)})))
    }

    /// `DELETE /v3/service_credential_bindings/G`
    pub(super) fn delete_key(&mut self, guid: &str, now: Duration) -> Answer {
        let key = self.key(guid)?;
        let (instance, _) = self.instance_and_plan(key)?;
        if !self.world.space_of(&instance.space).is_some_and(|space| space.is_developer) {
            return Err(not_authorized());
        }
        if key.operation.is_running() {
            return Err(unprocessable("There is an operation in progress for the service binding."));
        }
        if instance.operation.is_running() {
            return Err(unprocessable(BUSY));
        }
        let name = key.name.clone();
        let outcome = broker::outcome(&self.config.rules, &mut self.met, Act::DeleteKey, &name);
        if let Some(operation) = self.world.operation_of(guid) {
            *operation = Operation::begun(Act::DeleteKey, outcome, broker::factor(&name), now);
        }
        Ok(self.accepted(Act::DeleteKey, guid, now))
    }

    /// `PATCH /v3/service_credential_bindings/G`: the metadata.
    pub(super) fn update_key(&mut self, guid: &str, text: &str, now: Duration) -> Answer {
        let key = self.key(guid)?;
        let (instance, _) = self.instance_and_plan(key)?;
        if !self.world.space_of(&instance.space).is_some_and(|space| space.is_developer) {
            return Err(not_authorized());
        }
        let body = body::read(text, &["metadata"])?;
        let metadata = body::metadata(&body, key.metadata.clone())?;
        let changed = Key { metadata, ..key.clone() };
        let shown = shown::key(&self.config.cloud_foundry, &changed, now);
        if let Some(key) = self.world.keys.iter_mut().find(|key| key.guid == guid) {
            *key = changed;
        }
        Ok(Response::json(200, &shown))
    }

    /// A key visible to the user.
    pub(super) fn key(&self, guid: &str) -> Result<&Key, Response> {
        self.world.key_of(guid).ok_or_else(|| not_found(KEY))
    }

    fn instance_and_plan(&self, key: &Key) -> Result<(&Instance, &Plan), Response> {
        let instance = self.instance(&key.instance)?;
        let plan = self.world.plan_of(&instance.plan).ok_or_else(|| not_found("Service plan"))?;
        Ok((instance, plan))
    }

    /// The key as returned by the broker.
    fn credentials(&self, key: &Key, instance: &Instance, plan: &Plan) -> Value {
        let api = &self.config.api;
        json!({"oauth": {
            "clientid": client_id(instance, plan),
            "clientsecret": secret(key),
            "url": api,
            "createdate": format!("{}.000Z", shown::time(key.made).trim_end_matches('Z')),
            "tokenurl": format!("{api}/oauth/token"),
        }})
    }

    /// Creates the client of an instance, or updates it to the current roles of the instance.
    pub(super) fn set_client(&self, guid: &str) {
        let Some(instance) = self.world.instance_of(guid) else { return };
        let Some(plan) = self.world.plan_of(&instance.plan).filter(|plan| plan.offering == SERVICE) else { return };
        let texts = |name: &str| {
            let all = instance.parameters[name].as_array().into_iter().flatten();
            all.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let scopes: BTreeSet<String> = texts("roles")
            .into_iter()
            .flat_map(|name| match self.catalogue.roles.iter().find(|role| role.name == name) {
                Some(role) => token::scopes_of(role),
                None => vec![name],
            })
            .collect();
        let validity = instance.parameters["token-validity"].as_u64().and_then(|seconds| u32::try_from(seconds).ok());
        let lifetime = validity.map_or(token::LIFETIME, |seconds| seconds.saturating_sub(1));
        let client = Client { scopes, grants: texts("grant-types"), lifetime };
        self.clients.set(&client_id(instance, plan), client);
    }

    /// Activates the secret of a key.
    pub(super) fn accept_key(&self, guid: &str) {
        if let Ok(key) = self.key(guid)
            && let Ok((instance, plan)) = self.instance_and_plan(key)
        {
            self.clients.add_secret(&client_id(instance, plan), &secret(key));
        }
    }

    /// Removes a key and deactivates its secret.
    pub(super) fn remove_key(&mut self, guid: &str) {
        if let Ok(key) = self.key(guid)
            && let Ok((instance, plan)) = self.instance_and_plan(key)
        {
            self.clients.remove_secret(&client_id(instance, plan), &secret(key));
        }
        self.world.keys.retain(|key| key.guid != guid);
    }

    /// Removes an instance with its keys.
    pub(super) fn remove_instance(&mut self, guid: &str) {
        if let Some(instance) = self.world.instance_of(guid)
            && let Some(plan) = self.world.plan_of(&instance.plan)
        {
            self.clients.remove(&client_id(instance, plan));
        }
        self.world.keys.retain(|key| key.instance != guid);
        self.world.instances.retain(|instance| instance.guid != guid);
    }
}

/// The OAuth client of an instance.
fn client_id(instance: &Instance, plan: &Plan) -> String {
    let application = if plan.name == "api" { API_CLIENT } else { FLOW_CLIENT };
    format!("sb-{}!b1234{application}", instance.guid)
}

/// The secret of a key, recognisably made up.
fn secret(key: &Key) -> String {
    format!("{}$Practice-0123456789_AbCdEfGhIjKlMnOpQrStUvWx=", key.guid)
}
