//! Creating, changing and deleting instances.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    Model,
    answer::{Answer, Response, accepted, error, not_authorized, not_found, org_suspended, unprocessable},
    body,
    broker::{self, with_defaults},
    operation::{Act, Operation, Outcome, State},
    shown,
    world::{Instance, Metadata, Plan, Space},
};

/// The name of an instance in "not found" errors.
const INSTANCE: &str = "Service instance";
/// Another operation is in progress.
pub(super) const BUSY: &str = "There is an operation in progress for the service instance.";

impl Model {
    /// `POST /v3/service_instances`
    pub(super) fn create_instance(&mut self, text: &str, now: Duration) -> Answer {
        let known = ["type", "name", "tags", "parameters", "metadata", "relationships"];
        let body = body::read(text, &known)?;
        if body.get("type").and_then(Value::as_str) != Some("managed") {
            return Err(unprocessable("Type must be one of 'managed', 'user-provided'"));
        }
        let name = body::name(&body)?.to_owned();
        let parameters = body::parameters(&body)?.cloned().unwrap_or_else(|| json!({}));
        let metadata = body::metadata(&body, Metadata::default())?;
        let space = body::related(&body, "space")
            .and_then(|guid| self.world.space_of(guid))
            .ok_or_else(|| unprocessable("Invalid space. Ensure that the space exists and you have access to it."))?;
        self.may_write(space)?;
        let plan = self.plan_in(space, body::related(&body, "service_plan"))?;
        let (space, plan_guid, schemas) = (space.guid.clone(), plan.guid.clone(), plan.schemas.clone());
        let namesake = |instance: &Instance| instance.space == space && instance.name == name;
        if self.world.instances.iter().any(|instance| namesake(instance) && !instance.operation.is_create_failed()) {
            return Err(unprocessable(format!("The service instance name is taken: {name}.")));
        }
        // One that could not be created is replaced.
        self.world.instances.retain(|instance| !namesake(instance));
        let schema = &schemas["service_instance"]["create"]["parameters"];
        let outcome = self.outcome(Act::CreateInstance, &name, schema, &parameters);
        let guid = self.world.guid();
        self.world.instances.push(Instance {
            guid: guid.clone(),
            operation: Operation::begun(Act::CreateInstance, outcome, broker::factor(&name), now),
            name,
            space,
            plan: plan_guid,
            tags: body.get("tags").cloned().unwrap_or_else(|| json!([])),
            parameters: with_defaults(schema, &parameters),
            metadata,
            made: now,
            update: None,
        });
        Ok(self.accepted(Act::CreateInstance, &guid, now))
    }

    /// `GET /v3/service_instances/G/parameters`
    pub(super) fn parameters(&self, guid: &str) -> Answer {
        let instance = self.instance(guid)?;
        if instance.operation.is_create_failed() {
            return Err(not_found(INSTANCE));
        }
        if instance.operation.is_running() {
            return Err(in_progress(&instance.name));
        }
        if !self.config.retrievable {
            let text = "This service does not support fetching service instance parameters.";
            return Err(error(400, 120_004, "ServiceFetchInstanceParametersNotSupported", text));
        }
        Ok(Response::json(200, &instance.parameters))
    }

    /// `PATCH /v3/service_instances/G`
    pub(super) fn update_instance(&mut self, guid: &str, text: &str, now: Duration) -> Answer {
        let instance = self.writable(guid)?.clone();
        let known = ["name", "tags", "parameters", "metadata", "relationships", "maintenance_info"];
        let body = body::read(text, &known)?;
        let metadata = body::metadata(&body, instance.metadata.clone())?;
        let parameters = body::parameters(&body)?.cloned();
        if body::related(&body, "service_plan").is_some_and(|plan| plan != instance.plan) {
            let text = "The service does not support changing plans.";
            return Err(error(400, 110_004, "ServicePlanNotUpdateable", text));
        }
        if instance.operation.is_create_failed() {
            let text = format!("The service instance could not be found: {}", instance.name);
            return Err(error(404, 60_004, "ServiceInstanceNotFound", text));
        }
        let is_busy = instance.operation.is_running();
        if is_busy && instance.operation.act == Act::DeleteInstance {
            return Err(unprocessable("The service instance is invalid: The service instance is getting deleted."));
        }
        let only_metadata = body.len() == 1 && body.contains_key("metadata");
        if is_busy && !only_metadata {
            return Err(in_progress(&instance.name));
        }
        let mut changed = instance.clone();
        if body.contains_key("name") {
            let name = body::name(&body)?;
            let is_taken = |other: &Instance| other.space == instance.space && other.name == name && other.guid != guid;
            if self.world.instances.iter().any(is_taken) {
                return Err(unprocessable(format!("The service instance name is taken: {name}.")));
            }
            name.clone_into(&mut changed.name);
        }
        if let Some(tags) = body.get("tags") {
            changed.tags = tags.clone();
        }
        let Some(parameters) = parameters else {
            changed.metadata = metadata;
            let shown = shown::instance(&self.config.cloud_foundry, &changed, now);
            self.replace(changed);
            return Ok(Response::json(200, &shown));
        };
        let schemas = self.world.plan_of(&instance.plan).map(|plan| plan.schemas.clone()).unwrap_or_default();
        let schema = &schemas["service_instance"]["update"]["parameters"];
        let outcome = self.outcome(Act::UpdateInstance, &changed.name, schema, &parameters);
        changed.update = Some((with_defaults(schema, &parameters), metadata));
        changed.operation = Operation::begun(Act::UpdateInstance, outcome, broker::factor(&changed.name), now);
        self.replace(changed);
        Ok(self.accepted(Act::UpdateInstance, guid, now))
    }

    /// `DELETE /v3/service_instances/G`
    pub(super) fn delete_instance(&mut self, guid: &str, now: Duration) -> Answer {
        let instance = self.writable(guid)?.clone();
        if instance.operation.is_running() && instance.operation.act != Act::CreateInstance {
            return Err(unprocessable(BUSY));
        }
        let outcome = broker::outcome(&self.config.rules, &mut self.met, Act::DeleteInstance, &instance.name);
        let operation = Operation::begun(Act::DeleteInstance, outcome, broker::factor(&instance.name), now);
        self.replace(Instance { operation, ..instance });
        // A running creation ends with it.
        for job in self.world.jobs.iter_mut().filter(|job| job.target == guid && job.end.is_none()) {
            job.end = Some(Outcome::Fails("delete in progress".to_owned()));
        }
        Ok(self.accepted(Act::DeleteInstance, guid, now))
    }

    /// An instance visible to the user.
    pub(super) fn instance(&self, guid: &str) -> Result<&Instance, Response> {
        self.world.instance_of(guid).ok_or_else(|| not_found(INSTANCE))
    }

    /// An instance that the user may change.
    fn writable(&self, guid: &str) -> Result<&Instance, Response> {
        let instance = self.instance(guid)?;
        let space = self.world.space_of(&instance.space).ok_or_else(|| not_found(INSTANCE))?;
        self.may_write(space)?;
        Ok(instance)
    }

    /// Refuses users who may not change anything in a space.
    pub(super) fn may_write(&self, space: &Space) -> Result<(), Response> {
        if !space.is_developer {
            return Err(not_authorized());
        }
        if self.world.org_of(space).is_some_and(|org| org.is_suspended) {
            return Err(org_suspended());
        }
        Ok(())
    }

    /// A plan available in a space.
    fn plan_in(&self, space: &Space, guid: Option<&str>) -> Result<&Plan, Response> {
        let plan = guid.and_then(|guid| self.world.plan_of(guid));
        let visible = plan.filter(|plan| self.world.spaces_with(plan).any(|other| other.guid == space.guid));
        visible.ok_or_else(|| {
            let text =
                "Invalid service plan. Ensure that the service plan exists, is available, and you have access to it.";
            unprocessable(text)
        })
    }

    /// The broker's outcome for parameters.
    pub(super) fn outcome(&mut self, act: Act, name: &str, schema: &Value, parameters: &Value) -> Outcome {
        let by_rule = broker::outcome(&self.config.rules, &mut self.met, act, name);
        match broker::refusal(schema, parameters) {
            Some(words) => Outcome::Fails(words),
            None => by_rule,
        }
    }

    /// The operation continues in a job.
    pub(super) fn accepted(&mut self, act: Act, guid: &str, now: Duration) -> Response {
        let job = self.world.job(act, guid, now);
        accepted(format!("{}/v3/jobs/{job}", self.config.cloud_foundry))
    }

    fn replace(&mut self, changed: Instance) {
        if let Some(instance) = self.world.instances.iter_mut().find(|instance| instance.guid == changed.guid) {
            *instance = changed;
        }
    }

    /// Completes the operations that have ended by now.
    pub(super) fn settle(&mut self, now: Duration) {
        let instances = self.world.instances.iter().map(|instance| (instance.guid.clone(), &instance.operation));
        let keys = self.world.keys.iter().map(|key| (key.guid.clone(), &key.operation));
        let pace = self.config.pace;
        let ends = |(guid, operation): (String, &Operation)| Some((guid, operation.act, operation.end(pace, now)?));
        let over: Vec<(String, Act, Outcome)> = instances.chain(keys).filter_map(ends).collect();
        for (guid, act, outcome) in over {
            self.end(&guid, act, &outcome, now);
        }
    }

    /// Ends one operation.
    fn end(&mut self, guid: &str, act: Act, outcome: &Outcome, now: Duration) {
        for job in self.world.jobs.iter_mut().filter(|job| job.target == guid && job.act == act && job.end.is_none()) {
            job.end = Some(outcome.clone());
        }
        let Some(operation) = self.world.operation_of(guid) else { return };
        operation.changed = now;
        if let Outcome::Fails(words) | Outcome::TimesOut(words) = outcome {
            operation.state = State::Failed(words.clone());
            return;
        }
        operation.state = State::Succeeded;
        match act {
            Act::CreateInstance => self.set_client(guid),
            Act::UpdateInstance => {
                let instance = self.world.instances.iter_mut().find(|instance| instance.guid == guid);
                if let Some(instance) = instance
                    && let Some((parameters, metadata)) = instance.update.take()
                {
                    (instance.parameters, instance.metadata) = (parameters, metadata);
                }
                self.set_client(guid);
            }
            Act::DeleteInstance => self.remove_instance(guid),
            Act::CreateKey => self.accept_key(guid),
            Act::DeleteKey => self.remove_key(guid),
        }
    }
}

/// 409: another operation is in progress.
fn in_progress(name: &str) -> Response {
    let text = format!("An operation for service instance {name} is in progress.");
    error(409, 60_016, "AsyncServiceInstanceOperationInProgress", text)
}
