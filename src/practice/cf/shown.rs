//! Resources as the API shows them.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    broker::BROKER,
    operation::{Job, Operation, Outcome},
    world::{Instance, Key, Metadata, Org, Plan, Space, World},
};

/// The guid of the broker, and the prefix of its offerings' guids.
const BROKER_GUID: &str = "b0000000-0000-4000-8000-000000000001";

/// A time, to the second.
pub(super) fn time(at: Duration) -> String {
    let seconds = i64::try_from(at.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

fn related(guid: &str) -> Value {
    json!({"data": {"guid": guid}})
}

fn link(base: &str, path: &str) -> Value {
    json!({"href": format!("{base}/v3/{path}")})
}

fn metadata(metadata: &Metadata) -> Value {
    json!({"labels": metadata.labels, "annotations": metadata.annotations})
}

/// An org.
pub(super) fn org(base: &str, org: &Org, at: Duration) -> Value {
    json!({
        "guid": org.guid, "created_at": time(at), "updated_at": time(at), "name": org.name, "suspended": org.is_suspended,
        "relationships": {"quota": related("c0000000-0000-4000-8000-000000000001")},
        "metadata": {"labels": {}, "annotations": {}},
        "links": {"self": link(base, &format!("organizations/{}", org.guid))},
    })
}

/// A space.
pub(super) fn space(base: &str, space: &Space, at: Duration) -> Value {
    json!({
        "guid": space.guid, "created_at": time(at), "updated_at": time(at), "name": space.name,
        "relationships": {"organization": related(&space.org), "quota": {"data": null}},
        "metadata": {"labels": {}, "annotations": {}},
        "links": {
            "self": link(base, &format!("spaces/{}", space.guid)),
            "organization": link(base, &format!("organizations/{}", space.org)),
        },
    })
}

/// A user's role in an org or space.
pub(super) fn role(guid: &str, kind: &str, user: &str, org: Option<&str>, space: Option<&str>, at: Duration) -> Value {
    let place = |guid: Option<&str>| guid.map_or(json!({"data": null}), related);
    json!({
        "guid": guid, "created_at": time(at), "updated_at": time(at), "type": kind,
        "relationships": {"user": related(user), "organization": place(org), "space": place(space)},
        "links": {},
    })
}

/// The guid of an offering.
pub(super) fn offering_guid(name: &str) -> String {
    let number = name.bytes().fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    format!("d0000000-0000-4000-8000-{:012x}", number & 0xffff_ffff_ffff)
}

/// A service offering.
pub(super) fn offering(base: &str, name: &str, is_retrievable: bool, at: Duration) -> Value {
    let guid = offering_guid(name);
    json!({
        "guid": guid, "created_at": time(at), "updated_at": time(at), "name": name, "description": name, "available": true,
        "tags": [], "requires": [], "shareable": false, "documentation_url": "",
        "broker_catalog": {"id": guid, "metadata": {}, "features": {
            "plan_updateable": false, "bindable": true, "instances_retrievable": is_retrievable,
            "bindings_retrievable": false, "allow_context_updates": false,
        }},
        "relationships": {"service_broker": related(BROKER_GUID)},
        "metadata": {"labels": {}, "annotations": {}},
        "links": {"self": link(base, &format!("service_offerings/{guid}"))},
    })
}

/// The broker.
pub(super) fn broker(base: &str, at: Duration) -> Value {
    json!({
        "guid": BROKER_GUID, "created_at": time(at), "updated_at": time(at), "name": BROKER,
        "links": {"self": link(base, &format!("service_brokers/{BROKER_GUID}"))},
    })
}

/// A service plan.
pub(super) fn plan(base: &str, plan: &Plan, at: Duration) -> Value {
    let offering = offering_guid(plan.offering);
    json!({
        "guid": plan.guid, "created_at": time(at), "updated_at": time(at), "name": plan.name,
        "visibility_type": "organization", "available": true, "free": true, "costs": [], "description": plan.description,
        "maintenance_info": {},
        "broker_catalog": {"id": plan.guid, "metadata": {}, "maximum_polling_duration": null,
            "features": {"plan_updateable": false, "bindable": true}},
        "schemas": plan.schemas,
        "relationships": {"service_offering": related(&offering)},
        "metadata": {"labels": {}, "annotations": {}},
        "links": {
            "self": link(base, &format!("service_plans/{}", plan.guid)),
            "service_offering": link(base, &format!("service_offerings/{offering}")),
        },
    })
}

fn last_operation(operation: &Operation, now: Duration) -> Map<String, Value> {
    let fields = [
        ("type", json!(operation.act.kind())),
        ("state", json!(operation.state_name(now))),
        ("description", json!(operation.description(now))),
        ("updated_at", json!(time(operation.changed))),
        ("created_at", json!(time(operation.began))),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A service instance.
pub(super) fn instance(base: &str, instance: &Instance, now: Duration) -> Value {
    let path = format!("service_instances/{}", instance.guid);
    json!({
        "guid": instance.guid, "created_at": time(instance.made), "updated_at": time(instance.operation.changed),
        "name": instance.name, "tags": instance.tags, "last_operation": last_operation(&instance.operation, now),
        "type": "managed", "maintenance_info": {}, "upgrade_available": false, "dashboard_url": null,
        "relationships": {"space": related(&instance.space), "service_plan": related(&instance.plan)},
        "metadata": metadata(&instance.metadata),
        "links": {
            "self": link(base, &path),
            "space": link(base, &format!("spaces/{}", instance.space)),
            "service_plan": link(base, &format!("service_plans/{}", instance.plan)),
            "service_credential_bindings":
                link(base, &format!("service_credential_bindings?service_instance_guids={}", instance.guid)),
            "parameters": link(base, &format!("{path}/parameters")),
        },
    })
}

/// A service key.
pub(super) fn key(base: &str, key: &Key, now: Duration) -> Value {
    let path = format!("service_credential_bindings/{}", key.guid);
    json!({
        "guid": key.guid, "created_at": time(key.made), "updated_at": time(key.operation.changed), "name": key.name,
        "type": "key", "last_operation": last_operation(&key.operation, now), "metadata": metadata(&key.metadata),
        "relationships": {"service_instance": related(&key.instance)},
        "links": {
            "self": link(base, &path),
            "details": link(base, &format!("{path}/details")),
            "parameters": link(base, &format!("{path}/parameters")),
            "service_instance": link(base, &format!("service_instances/{}", key.instance)),
        },
    })
}

/// A job. Its link refers to its target as long as that exists.
pub(super) fn job(base: &str, job: &Job, world: &World, now: Duration) -> Value {
    let just_made = now.saturating_sub(job.made) < Duration::from_secs(1);
    let (state, errors) = match &job.end {
        None if just_made => ("PROCESSING", Vec::new()),
        None => ("POLLING", Vec::new()),
        Some(Outcome::Fails(words)) => {
            let detail = format!("{} could not be completed: {words}", job.act.verb());
            ("FAILED", vec![json!({"code": 10009, "title": "CF-UnableToPerform", "detail": detail})])
        }
        Some(Outcome::TimesOut(_)) => {
            let detail = "The job execution has timed out.";
            ("FAILED", vec![json!({"code": 290_006, "title": "CF-JobTimeout", "detail": detail})])
        }
        Some(Outcome::Succeeds | Outcome::Hangs) => ("COMPLETE", Vec::new()),
    };
    let mut links = json!({"self": link(base, &format!("jobs/{}", job.guid))});
    if job.act.is_of_key() && world.key_of(&job.target).is_some() {
        links["service_credential_binding"] = link(base, &format!("service_credential_bindings/{}", job.target));
    } else if world.instance_of(&job.target).is_some() {
        links["service_instances"] = link(base, &format!("service_instances/{}", job.target));
    }
    json!({
        "guid": job.guid, "created_at": time(job.made), "updated_at": time(now), "operation": job.act.job(),
        "state": state, "errors": errors, "warnings": [], "links": links,
    })
}
