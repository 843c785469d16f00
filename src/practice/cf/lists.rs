//! Read access: lists, single resources, and included resources.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{
    Model, Request,
    answer::{Answer, Response, bad_query, not_found, unknown_request},
    query::{Collection, Entry, Query, list},
    shown, uaa,
};

/// JSON pointers to a resource's space, plan and offering.
const SPACE: &str = "/relationships/space/data/guid";
const PLAN: &str = "/relationships/service_plan/data/guid";
const OFFERING: &str = "/relationships/service_offering/data/guid";

/// The allowed values of `fields`: related resources and their fields.
type Fields = &'static [(&'static str, &'static [&'static str])];

const OF_OFFERING: Fields = &[("service_broker", &["guid", "name"])];
const OF_PLAN: Fields = &[("service_offering.service_broker", &["guid", "name"])];
const OF_INSTANCE: Fields = &[
    ("space", &["guid", "name", "relationships.organization"]),
    ("space.organization", &["guid", "name"]),
    ("service_plan", &["guid", "name", "relationships.service_offering"]),
    ("service_plan.service_offering", &["guid", "name", "relationships.service_broker"]),
    ("service_plan.service_offering.service_broker", &["guid", "name"]),
];

/// All readable collections.
const COLLECTIONS: [Collection; 7] = [
    Collection { path: "/v3/organizations", one: "Organization", filters: &[("names", "/name")], others: &[] },
    Collection {
        path: "/v3/spaces",
        one: "Space",
        filters: &[("names", "/name"), ("organization_guids", "/relationships/organization/data/guid")],
        others: &["include"],
    },
    Collection {
        path: "/v3/roles",
        one: "Role",
        filters: &[
            ("types", "/type"),
            ("user_guids", "/relationships/user/data/guid"),
            ("space_guids", SPACE),
            ("organization_guids", "/relationships/organization/data/guid"),
        ],
        others: &["include"],
    },
    Collection {
        path: "/v3/service_offerings",
        one: "Service offering",
        filters: &[
            ("names", "/name"),
            ("space_guids", "/spaces"),
            ("organization_guids", "/orgs"),
            ("service_broker_names", "/broker"),
        ],
        others: &["available", "fields"],
    },
    Collection {
        path: "/v3/service_plans",
        one: "Service plan",
        filters: &[
            ("names", "/name"),
            ("service_offering_names", "/offering"),
            ("service_offering_guids", OFFERING),
            ("space_guids", "/spaces"),
            ("organization_guids", "/orgs"),
            ("service_broker_names", "/broker"),
        ],
        others: &["available", "include", "fields"],
    },
    Collection {
        path: "/v3/service_instances",
        one: "Service instance",
        filters: &[
            ("names", "/name"),
            ("space_guids", SPACE),
            ("organization_guids", "/orgs"),
            ("service_plan_guids", PLAN),
            ("service_plan_names", "/plan"),
            ("type", "/type"),
        ],
        others: &["fields"],
    },
    Collection {
        path: "/v3/service_credential_bindings",
        one: "Service credential binding",
        filters: &[
            ("names", "/name"),
            ("type", "/type"),
            ("service_instance_guids", "/relationships/service_instance/data/guid"),
            ("service_instance_names", "/instance"),
            ("service_plan_guids", "/plan_guid"),
            ("service_plan_names", "/plan"),
            ("service_offering_names", "/offering"),
        ],
        others: &["include"],
    },
];

impl Model {
    /// `GET /v3/COLLECTION`
    pub(super) fn list(&self, name: &str, query: &Query, request: &Request, now: Duration) -> Answer {
        let collection = collection(name)?;
        if query.get("available").is_some_and(|value| !["true", "false"].contains(&value)) {
            return Err(bad_query("Available only accepts values 'true' or 'false'"));
        }
        allowed_fields(name, query)?;
        let mut entries = self.entries(name, request, now);
        if query.get("available") == Some("false") {
            entries.clear();
        }
        list(collection, &self.config.cloud_foundry, query, entries, |shown| self.included(query, shown, now))
    }

    /// `GET /v3/COLLECTION/G`
    pub(super) fn one(
        &mut self,
        (name, guid): (&str, &str),
        query: &Query,
        request: &Request,
        now: Duration,
    ) -> Answer {
        let collection = collection(name)?;
        let with_others = ["include", "fields"];
        let known: Vec<&str> = collection.others.iter().copied().filter(|other| with_others.contains(other)).collect();
        query.only(&known)?;
        allowed_fields(name, query)?;
        self.look(guid, now);
        let found = self.entries(name, request, now).into_iter().find(|entry| entry.shown["guid"] == guid);
        let Some(mut found) = found else { return Err(not_found(collection.one)) };
        if let Some(included) = self.included(query, std::slice::from_ref(&found), now) {
            found.shown["included"] = included;
        }
        Ok(Response::json(200, &found.shown))
    }

    /// The resources of a collection that are visible to the user.
    fn entries(&self, name: &str, request: &Request, now: Duration) -> Vec<Entry> {
        let (base, world, at) = (self.config.cloud_foundry.as_str(), &self.world, self.config.started);
        match name {
            "organizations" => world.orgs.iter().map(|org| shown::org(base, org, at).into()).collect(),
            "spaces" => world.spaces.iter().map(|space| shown::space(base, space, at).into()).collect(),
            "roles" => self.roles(request).into_iter().map(Entry::from).collect(),
            "service_offerings" => {
                let mut entries: Vec<Entry> = Vec::new();
                for plan in &world.plans {
                    if !entries.iter().any(|entry| entry.shown["name"] == plan.offering) {
                        let shown = shown::offering(base, plan.offering, self.config.retrievable, at);
                        entries.push(Entry { shown, facts: self.places(plan) });
                    }
                }
                entries
            }
            "service_plans" => {
                let entry = |plan| Entry { shown: shown::plan(base, plan, at), facts: self.places(plan) };
                world.plans.iter().map(entry).collect()
            }
            "service_instances" => {
                let entry = |instance: &super::world::Instance| {
                    let org = world.space_of(&instance.space).map(|space| space.org.as_str());
                    let plan = world.plan_of(&instance.plan).map(|plan| plan.name);
                    let facts = json!({"orgs": org, "plan": plan});
                    Entry { shown: shown::instance(base, instance, now), facts }
                };
                world.instances.iter().map(entry).collect()
            }
            _ => {
                let entry = |key: &super::world::Key| {
                    let instance = world.instance_of(&key.instance);
                    let plan = instance.and_then(|instance| world.plan_of(&instance.plan));
                    let facts = json!({
                        "instance": instance.map(|instance| instance.name.as_str()), "plan": plan.map(|plan| plan.name),
                        "plan_guid": plan.map(|plan| plan.guid.as_str()), "offering": plan.map(|plan| plan.offering),
                    });
                    Entry { shown: shown::key(base, key, now), facts }
                };
                world.keys.iter().map(entry).collect()
            }
        }
    }

    /// Where a plan can be used, and its broker and offering.
    fn places(&self, plan: &super::world::Plan) -> Value {
        let spaces: Vec<&super::world::Space> = self.world.spaces_with(plan).collect();
        let guids: Vec<&str> = spaces.iter().map(|space| space.guid.as_str()).collect();
        let orgs: Vec<&str> = spaces.iter().map(|space| space.org.as_str()).collect();
        json!({"spaces": guids, "orgs": orgs, "offering": plan.offering, "broker": super::broker::BROKER})
    }

    /// The roles of the requesting user.
    fn roles(&self, request: &Request) -> Vec<Value> {
        let bearer = request.authorization.as_deref().and_then(|value| value.split_once(' '));
        let user = bearer.and_then(|(_, token)| uaa::user_of(token)).unwrap_or_default();
        let (user, at) = (uaa::user_guid(&user), self.config.started);
        let guid = |place: &str| format!("e{}", &place[1..]);
        let in_orgs = self
            .world
            .orgs
            .iter()
            .map(|org| shown::role(&guid(&org.guid), "organization_user", &user, Some(&org.guid), None, at));
        let in_spaces = self.world.spaces.iter().map(|space| {
            let kind = if space.is_developer { "space_developer" } else { "space_auditor" };
            shown::role(&guid(&space.guid), kind, &user, None, Some(&space.guid), at)
        });
        in_orgs.chain(in_spaces).collect()
    }

    /// What is included with the entries of a page: whole resources for `include`, parts of them for `fields`.
    fn included(&self, query: &Query, entries: &[Entry], now: Duration) -> Option<Value> {
        let mut included: Map<String, Value> = Map::new();
        for name in query.values("include").unwrap_or_default() {
            let all = self.related(&name, entries, now);
            included.insert(plural(&name), Value::Array(all));
        }
        for (path, wanted) in query.fields() {
            let mut entries: Vec<Value> = entries.iter().map(|entry| entry.shown.clone()).collect();
            let mut name = "";
            for part in path.split('.') {
                name = part;
                let from: Vec<Entry> = entries.into_iter().map(Entry::from).collect();
                entries = self.related(part, &from, now);
            }
            included.insert(plural(name), entries.iter().map(|entry| picked(entry, &wanted)).collect());
        }
        (!included.is_empty()).then_some(Value::Object(included))
    }

    /// The resources of that name that these entries are related to, each once.
    fn related(&self, name: &str, entries: &[Entry], now: Duration) -> Vec<Value> {
        let (base, world, at) = (self.config.cloud_foundry.as_str(), &self.world, self.config.started);
        let place = format!("/relationships/{name}/data/guid");
        let mut guids: Vec<&str> =
            entries.iter().filter_map(|entry| entry.shown.pointer(&place)).filter_map(Value::as_str).collect();
        guids.sort_unstable();
        guids.dedup();
        let shown = |guid: &str| match name {
            "organization" => world.orgs.iter().find(|org| org.guid == guid).map(|org| shown::org(base, org, at)),
            "space" => world.space_of(guid).map(|space| shown::space(base, space, at)),
            "service_plan" => world.plan_of(guid).map(|plan| shown::plan(base, plan, at)),
            "service_instance" => world.instance_of(guid).map(|instance| shown::instance(base, instance, now)),
            "service_offering" => {
                let plan = world.plans.iter().find(|plan| shown::offering_guid(plan.offering) == guid);
                plan.map(|plan| shown::offering(base, plan.offering, self.config.retrievable, at))
            }
            "service_broker" => Some(shown::broker(base, at)),
            _ => None,
        };
        guids.into_iter().filter_map(shown).collect()
    }
}

/// The collection of that name.
fn collection(name: &str) -> Result<&'static Collection, Response> {
    let found = COLLECTIONS.iter().find(|collection| collection.path.strip_prefix("/v3/") == Some(name));
    found.ok_or_else(unknown_request)
}

/// Refuses `fields` that the API does not support.
fn allowed_fields(name: &str, query: &Query) -> Result<(), Response> {
    let allowed = match name {
        "service_offerings" => OF_OFFERING,
        "service_plans" => OF_PLAN,
        "service_instances" => OF_INSTANCE,
        _ => &[],
    };
    let listed = |names: Vec<&str>| names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    for (resource, wanted) in query.fields() {
        let Some((_, keys)) = allowed.iter().find(|(known, _)| *known == resource) else {
            let known = listed(allowed.iter().map(|(known, _)| *known).collect());
            return Err(bad_query(format!("Fields [{resource}] valid resources are: {known}")));
        };
        if wanted.iter().any(|field| !keys.contains(&field.as_str())) {
            let known = listed(keys.to_vec());
            return Err(bad_query(format!("Fields valid keys for '{resource}' are: {known}")));
        }
    }
    Ok(())
}

/// The name in `included`.
fn plural(name: &str) -> String {
    format!("{name}s")
}

/// The wanted fields of a resource; `relationships.space` is the one in `relationships`.
fn picked(resource: &Value, wanted: &[String]) -> Value {
    let mut picked = json!({});
    for name in wanted {
        match name.strip_prefix("relationships.") {
            Some(relationship) => {
                picked["relationships"][relationship] = resource["relationships"][relationship].clone()
            }
            None => picked[name] = resource[name].clone(),
        }
    }
    picked
}
