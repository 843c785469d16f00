//! One step of a run: a resource that is created, changed, read or deleted, with all its failure modes.

use std::time::Duration;

use serde_json::json;

use super::{Ask, Hindrance, Run, StepName};
use crate::domain::{
    cf::{
        call::{Call, Method},
        goal::Goal,
        mark::Marks,
        offer,
        plan::Kind,
        refusal::During,
        resource::{self, Operation, OperationKind},
    },
    finding::Finding,
    text::safe_text::SafeText,
};

/// The next action of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// Check whether it exists.
    Look,
    /// Send the request that creates, changes or deletes it.
    Send,
    /// Check its progress.
    Watch,
    /// Read the reason of the failure from the job, because the resource does not have it.
    Reason,
    /// Read the credentials.
    Read,
    /// Test.
    Test,
    /// Hand over.
    HandOver,
    /// Nothing.
    Finished,
}

/// Whether the request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    No,
    /// Sent without a response.
    Perhaps,
    Yes,
}

/// The effect of an event on a step.
pub(super) enum Progress {
    /// The step continues or is finished.
    Goes,
    /// The run ends here.
    Ends(Vec<Finding>),
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) name: StepName,
    pub(super) thing: String,
    pub(super) guid: Option<String>,
    pub(super) at: At,
    pub(super) pause: Option<Duration>,
    pub(super) sent: Sent,
    pub(super) sendings: u32,
    pub(super) absences: u32,
    pub(super) misses: u32,
    /// The number of reads and tests so far.
    pub(super) looks: u32,
    /// The waiting time of this step.
    pub(super) waited: Duration,
    pub(super) job: Option<String>,
    pub(super) said: Option<SafeText>,
    /// The resource's last operation before this step.
    pub(super) before: Option<Operation>,
    pub(super) name_was_taken: bool,
    pub(super) hindrance: Option<Hindrance>,
    /// Why the last request that changes something has no usable response.
    pub(super) fault: Option<Finding>,
}

impl Work {
    pub(super) fn new(name: StepName, thing: &str, guid: Option<String>, is_under_way: bool) -> Self {
        let at = match name {
            StepName::ReadKey => At::Read,
            StepName::Test => At::Test,
            StepName::HandOver => At::HandOver,
            _ if is_under_way && matches!(name, StepName::MakeInstance | StepName::MakeKey) => At::Watch,
            _ => At::Look,
        };
        Self {
            name,
            thing: thing.to_owned(),
            guid,
            at,
            pause: None,
            sent: Sent::No,
            sendings: 0,
            absences: 0,
            misses: 0,
            looks: 0,
            waited: Duration::ZERO,
            job: None,
            said: None,
            before: None,
            name_was_taken: false,
            hindrance: None,
            fault: None,
        }
    }

    pub(super) fn name(&self) -> StepName {
        self.name
    }

    pub(super) fn thing(&self) -> &str {
        &self.thing
    }

    pub(super) fn said(&self) -> Option<&SafeText> {
        self.said.as_ref()
    }

    pub(super) fn is_finished(&self) -> bool {
        self.at == At::Finished
    }

    pub(super) fn kind(&self) -> Kind {
        match self.name {
            StepName::MakeInstance | StepName::UpdateInstance | StepName::DeleteInstance | StepName::Look => {
                Kind::Instance
            }
            _ => Kind::Key,
        }
    }

    pub(super) fn during(&self) -> During {
        match self.name {
            StepName::MakeInstance => During::CreateInstance,
            StepName::UpdateInstance => During::UpdateInstance,
            StepName::MakeKey => During::CreateKey,
            StepName::ReadKey => During::ReadKey,
            StepName::DeleteKey | StepName::DeleteInstance => During::Delete,
            StepName::Look | StepName::Test | StepName::HandOver => During::Looking,
        }
    }

    /// The operation that the step requests.
    pub(super) fn operation(&self) -> OperationKind {
        match self.name {
            StepName::UpdateInstance => OperationKind::Update,
            StepName::DeleteKey | StepName::DeleteInstance => OperationKind::Delete,
            _ => OperationKind::Create,
        }
    }

    pub(super) fn is_deletion(&self) -> bool {
        self.operation() == OperationKind::Delete
    }

    // --- requests

    pub(super) fn ask(&self, run: &Run) -> Ask {
        if let Some(pause) = self.pause {
            return Ask::Wait(pause);
        }
        match &self.at {
            At::Look => Ask::Send(self.look(run)),
            At::Send => Ask::Send(self.request(run)),
            At::Watch => Ask::Send(self.watch(run)),
            At::Reason => Ask::Send(Call::get(self.job.clone().unwrap_or_default())),
            At::Read => Ask::Send(resource::details(run.facts.key.as_deref().unwrap_or_default())),
            At::Test => Ask::Test,
            At::HandOver => Ask::HandOver,
            At::Finished => Ask::Nothing,
        }
    }

    fn look(&self, run: &Run) -> Call {
        match (self.operation(), self.kind()) {
            (OperationKind::Create, Kind::Instance) => resource::instance_named(&run.place.space.guid, &self.thing),
            (OperationKind::Create, Kind::Key) => resource::keys(&[run.facts.instance.as_deref().unwrap_or_default()]),
            _ => self.watch(run),
        }
    }

    /// Requests the resource itself.
    fn watch(&self, run: &Run) -> Call {
        let guid = self.guid.as_deref();
        match self.kind() {
            Kind::Instance => resource::instance(guid.or(run.facts.instance.as_deref()).unwrap_or_default()),
            Kind::Key => resource::key(guid.or(run.facts.key.as_deref()).unwrap_or_default()),
        }
    }

    fn request(&self, run: &Run) -> Call {
        let guid = self.guid.as_deref().unwrap_or_default();
        let parameters = match self.kind() {
            Kind::Instance => run.goal.parameters(),
            Kind::Key => run.goal.key().and_then(|key| key.parameters.as_ref()),
        };
        let mut body = json!({});
        if let Some(parameters) = parameters {
            body["parameters"] = parameters.clone();
        }
        if run.options.labels {
            let marks = match self.kind() {
                Kind::Instance => Marks::of(parameters),
                Kind::Key => Marks::of(None),
            };
            body["metadata"] = marks.metadata();
        }
        match self.name {
            StepName::MakeInstance => {
                body["type"] = json!("managed");
                body["name"] = json!(self.thing);
                body["relationships"] = json!({
                    "space": {"data": {"guid": run.place.space.guid}},
                    "service_plan": {"data": {"guid": plan_guid(run).unwrap_or_default()}},
                });
                Call::send(Method::Post, "/v3/service_instances", body)
            }
            StepName::UpdateInstance => Call::send(Method::Patch, format!("/v3/service_instances/{guid}"), body),
            StepName::DeleteInstance => Call::delete(format!("/v3/service_instances/{guid}")),
            StepName::DeleteKey => Call::delete(format!("/v3/service_credential_bindings/{guid}")),
            _ => {
                let instance = run.facts.instance.as_deref().unwrap_or_default();
                body["type"] = json!("key");
                body["name"] = json!(self.thing);
                body["relationships"] = json!({ "service_instance": {"data": {"guid": instance}} });
                Call::send(Method::Post, "/v3/service_credential_bindings", body)
            }
        }
    }
}

/// The id of the plan of the instance.
fn plan_guid(run: &Run) -> Option<String> {
    let Goal::Create(create) = &run.goal else { return None };
    offer::choose(&run.survey.offers, create.plan, create.broker.as_deref()).ok().map(|offer| offer.guid)
}
