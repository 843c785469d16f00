//! The contents of the practice tenant's Cloud Foundry.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::operation::{Act, Job, Operation, State};
use crate::domain::sap::plan::SERVICE;

/// The age of the existing instances at the start, in days.
const OLD: u32 = 420;
/// A day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An org.
#[derive(Clone, Debug)]
pub(super) struct Org {
    pub(super) guid: String,
    pub(super) name: &'static str,
    pub(super) is_suspended: bool,
    /// Whether the subaccount is entitled to the service.
    pub(super) is_entitled: bool,
}

/// A space.
#[derive(Clone, Debug)]
pub(super) struct Space {
    pub(super) guid: String,
    pub(super) name: &'static str,
    pub(super) org: String,
    /// Whether the user may create objects; otherwise read-only.
    pub(super) is_developer: bool,
}

/// A service plan.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) guid: String,
    pub(super) name: &'static str,
    /// The name of its offering.
    pub(super) offering: &'static str,
    pub(super) description: &'static str,
    /// The schemas as returned by the broker.
    pub(super) schemas: Value,
}

/// Labels and annotations.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    pub(super) labels: Map<String, Value>,
    pub(super) annotations: Map<String, Value>,
}

/// A service instance.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) guid: String,
    pub(super) name: String,
    pub(super) space: String,
    pub(super) plan: String,
    pub(super) tags: Value,
    pub(super) parameters: Value,
    pub(super) metadata: Metadata,
    pub(super) made: Duration,
    pub(super) operation: Operation,
    /// The parameters and metadata once the update succeeds.
    pub(super) update: Option<(Value, Metadata)>,
}

/// A service key.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) guid: String,
    pub(super) name: String,
    pub(super) instance: String,
    pub(super) metadata: Metadata,
    pub(super) made: Duration,
    pub(super) operation: Operation,
}

/// The whole state.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) orgs: Vec<Org>,
    pub(super) spaces: Vec<Space>,
    pub(super) plans: Vec<Plan>,
    pub(super) instances: Vec<Instance>,
    pub(super) keys: Vec<Key>,
    pub(super) jobs: Vec<Job>,
    guids: u64,
}

impl World {
    /// The initial state; the plans have these schemas.
    pub(super) fn new(api: Value, flow: Value, started: Duration) -> Self {
        let mut world = World {
            orgs: Vec::new(),
            spaces: Vec::new(),
            plans: Vec::new(),
            instances: Vec::new(),
            keys: Vec::new(),
            jobs: Vec::new(),
            guids: 0,
        };
        let practice = world.org("practice", false, true);
        world.org("practice-empty", false, true);
        let new = world.org("practice-new", false, false);
        let suspended = world.org("practice-suspended", true, true);
        let dev = world.space("dev", &practice, true);
        let prod = world.space("prod", &practice, false);
        world.space("dev", &new, true);
        world.space("dev", &suspended, true);
        let lite = "An OAuth client for destinations";
        let api = world.plan("api", SERVICE, "Creates an OAuth client for the public APIs of Cloud Integration", api);
        let flow =
            world.plan("integration-flow", SERVICE, "Creates an OAuth client that calls integration flows", flow);
        let lite = world.plan("lite", "destination", lite, json!({}));
        let at = started.saturating_sub(DAY * OLD);
        let day = DAY;
        let roles = json!({"roles": ["MonitoringDataRead", "WorkspacePackagesRead"], "grant-types": ["client_credentials"],
            "redirect-uris": [], "token-validity": 43_200});
        let flows = json!({"roles": ["ESBMessaging.send"], "grant-types": ["client_credentials"], "redirect-uris": [],
            "token-validity": 3_600});
        let monitoring = world.old_instance("monitoring", &dev, &api, roles.clone(), at);
        world.old_key("monitoring-key", &monitoring, at + day);
        let orders = world.old_instance("orders", &dev, &flow, flows, at + day * 30);
        world.old_key("orders-key", &orders, at + day * 31);
        world.old_instance("destinations", &dev, &lite, json!({}), at + day * 2);
        let prod = world.old_instance("monitoring", &prod, &api, roles, at + day * 60);
        world.old_key("monitoring-key", &prod, at + day * 61);
        // What a failed booster leaves behind.
        let failed = world.old_instance("default_it-rt_api", &dev, &api, json!({}), at + day * 90);
        if let Some(instance) = world.instances.iter_mut().find(|instance| instance.guid == failed) {
            let words = super::broker::INTERNAL_ERROR.to_owned();
            instance.operation = Operation::ended(Act::CreateInstance, State::Failed(words), instance.made);
        }
        world
    }

    /// A unique guid.
    pub(super) fn guid(&mut self) -> String {
        self.guids += 1;
        let spread = self.guids.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!("{:08x}-{:04x}-4000-8000-{:012x}", spread >> 32, spread >> 16 & 0xffff, self.guids)
    }

    fn org(&mut self, name: &'static str, is_suspended: bool, is_entitled: bool) -> String {
        let guid = self.guid();
        self.orgs.push(Org { guid: guid.clone(), name, is_suspended, is_entitled });
        guid
    }

    fn space(&mut self, name: &'static str, org: &str, is_developer: bool) -> String {
        let guid = self.guid();
        self.spaces.push(Space { guid: guid.clone(), name, org: org.to_owned(), is_developer });
        guid
    }

    fn plan(
        &mut self,
        name: &'static str,
        offering: &'static str,
        description: &'static str,
        schemas: Value,
    ) -> String {
        let guid = self.guid();
        self.plans.push(Plan { guid: guid.clone(), name, offering, description, schemas });
        guid
    }

    fn old_instance(&mut self, name: &str, space: &str, plan: &str, parameters: Value, made: Duration) -> String {
        let guid = self.guid();
        self.instances.push(Instance {
            guid: guid.clone(),
            name: name.to_owned(),
            space: space.to_owned(),
            plan: plan.to_owned(),
            tags: json!([]),
            parameters,
            metadata: Metadata::default(),
            made,
            operation: Operation::ended(Act::CreateInstance, State::Succeeded, made),
            update: None,
        });
        guid
    }

    fn old_key(&mut self, name: &str, instance: &str, made: Duration) {
        let guid = self.guid();
        self.keys.push(Key {
            guid,
            name: name.to_owned(),
            instance: instance.to_owned(),
            metadata: Metadata::default(),
            made,
            operation: Operation::ended(Act::CreateKey, State::Succeeded, made),
        });
    }

    /// The space of that guid.
    pub(super) fn space_of(&self, guid: &str) -> Option<&Space> {
        self.spaces.iter().find(|space| space.guid == guid)
    }

    /// The org of a space.
    pub(super) fn org_of(&self, space: &Space) -> Option<&Org> {
        self.orgs.iter().find(|org| org.guid == space.org)
    }

    /// The plan of that guid.
    pub(super) fn plan_of(&self, guid: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.guid == guid)
    }

    /// The instance of that guid.
    pub(super) fn instance_of(&self, guid: &str) -> Option<&Instance> {
        self.instances.iter().find(|instance| instance.guid == guid)
    }

    /// The key of that guid.
    pub(super) fn key_of(&self, guid: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.guid == guid)
    }

    /// The spaces in which a plan can be used.
    pub(super) fn spaces_with(&self, plan: &Plan) -> impl Iterator<Item = &Space> {
        let is_free = plan.offering != SERVICE;
        self.spaces.iter().filter(move |space| is_free || self.org_of(space).is_some_and(|org| org.is_entitled))
    }

    /// The last operation of an instance or a key.
    pub(super) fn operation_of(&mut self, guid: &str) -> Option<&mut Operation> {
        let instance = self.instances.iter_mut().find(|instance| instance.guid == guid);
        let key = self.keys.iter_mut().find(|key| key.guid == guid);
        instance.map(|instance| &mut instance.operation).or(key.map(|key| &mut key.operation))
    }

    /// Creates a job for an operation that starts now; returns its guid.
    pub(super) fn job(&mut self, act: Act, target: &str, now: Duration) -> String {
        let guid = format!("{}~{}", act.job(), self.guid());
        self.jobs.push(Job { guid: guid.clone(), act, target: target.to_owned(), made: now, end: None });
        guid
    }
}
