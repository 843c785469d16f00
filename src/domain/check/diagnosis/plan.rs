//! The requests of a test.

use std::sync::Arc;

use crate::domain::{
    check::{CheckRequest, MONITORING_PROBE, MONITORING_ROLE, PlannedProbe},
    content::Content,
    key::service_key::ServiceKey,
    sap::role::Role,
};

/// The test of `key` for `roles`.
pub fn plan_checks(content: &Content, key: Arc<ServiceKey>, roles: &[String]) -> CheckRequest {
    let (roles, probes) = planned_probes(content, roles);
    CheckRequest { key, roles, probes }
}

/// The roles that a test checks, and its probes: the monitoring probe first, then each probe of a role once. A
/// composite role is checked through the roles it contains. Without a role, the test checks [`MONITORING_ROLE`];
/// unknown names stay in the request, so that the report can mention them.
pub fn planned_probes(content: &Content, roles: &[String]) -> (Vec<String>, Vec<PlannedProbe>) {
    let mut requested: Vec<String> = Vec::new();
    for role in roles {
        if !requested.contains(role) {
            requested.push(role.clone());
        }
    }
    if requested.is_empty() {
        requested.push(MONITORING_ROLE.to_owned());
    }
    let mut probes: Vec<PlannedProbe> = content
        .probe(MONITORING_PROBE)
        .map(|spec| PlannedProbe { spec: spec.clone(), roles: Vec::new() })
        .into_iter()
        .collect();
    for role in requested.iter().filter_map(|name| content.catalogue.get(name)) {
        for id in probe_ids(content, role) {
            let at = probes.iter().position(|probe| probe.spec.id == id).or_else(|| {
                probes.push(PlannedProbe { spec: content.probe(id)?.clone(), roles: Vec::new() });
                Some(probes.len() - 1)
            });
            if let Some(planned) = at.and_then(|at| probes.get_mut(at))
                && !planned.roles.contains(&role.name)
            {
                planned.roles.push(role.name.clone());
            }
        }
    }
    (requested, probes)
}

/// The probes of a role and of the roles that it contains.
fn probe_ids<'a>(content: &'a Content, role: &'a Role) -> impl Iterator<Item = &'a str> {
    let contained = role.contains.iter().filter_map(|name| content.catalogue.get(name));
    std::iter::once(role).chain(contained).flat_map(|role| &role.probes).map(String::as_str)
}
