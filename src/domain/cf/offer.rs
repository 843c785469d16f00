//! The offering of a landscape: the plans of `it-rt` that a space can use, with the roles and limits of this landscape.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::{
    call::{Call, Response},
    place::List,
    resource::OFFERING,
};
use crate::domain::{
    finding::{Fact, Finding, FindingCode},
    sap::plan::PlanId,
    text::safe_text::SafeText,
};

/// A plan available in a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The plan's id.
    pub guid: String,
    /// The plan's name.
    pub plan: String,
    /// The name of the broker that offers it.
    pub broker: Option<String>,
    /// The limits in its schema.
    pub limits: Limits,
}

/// The limits in the schema of a plan. Empty if the landscape provides no schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The roles offered here.
    pub roles: Option<BTreeSet<String>>,
    /// The minimum and maximum token validity, in seconds.
    pub token_validity: Option<(u32, u32)>,
}

impl Limits {
    /// Those of `wanted` that this landscape does not offer; empty if unknown.
    pub fn not_offered<'a>(&self, wanted: &'a [String]) -> Vec<&'a String> {
        match &self.roles {
            Some(offered) => wanted.iter().filter(|role| !offered.contains(*role)).collect(),
            None => Vec::new(),
        }
    }

    /// Whether the landscape offers `role`; `None` if unknown.
    pub fn offers(&self, role: &str) -> Option<bool> {
        self.roles.as_ref().map(|roles| roles.contains(role))
    }
}

/// Requests all plans of `it-rt` that the space can use.
pub fn offers(space: &str) -> Call {
    Call::list(
        "/v3/service_plans",
        &[
            ("service_offering_names", OFFERING),
            ("space_guids", space),
            ("available", "true"),
            ("include", "service_offering"),
            ("fields[service_offering.service_broker]", "name,guid"),
            ("per_page", "200"),
        ],
    )
}

/// Reads the plans.
pub fn read_offers(response: &Response) -> Option<Vec<Offer>> {
    let whole: Whole = response.json()?;
    Some(whole.list.resources.into_iter().map(|entry| entry.offer(&whole.included)).collect())
}

/// Chooses the plan, or explains why none can be chosen.
///
/// # Errors
///
/// `cf-not-entitled`, `cf-plan-not-entitled` with the available plans, or `cf-two-brokers`.
pub fn choose(offers: &[Offer], plan: PlanId, broker: Option<&str>) -> Result<Offer, Finding> {
    let of_plan = offers.iter().filter(|offer| offer.plan == plan.as_str());
    let of_broker: Vec<&Offer> =
        of_plan.filter(|offer| broker.is_none_or(|broker| offer.broker.as_deref() == Some(broker))).collect();
    let finding = |code| Finding::cf(code).about(SafeText::line(plan.as_str()));
    match of_broker.as_slice() {
        [offer] => Ok((*offer).clone()),
        [] if offers.is_empty() => Err(finding(FindingCode::CfNotEntitled)),
        [] => Err(finding(FindingCode::CfPlanNotEntitled).seen(names(offers.iter().map(|offer| Some(&offer.plan))))),
        several => {
            Err(finding(FindingCode::CfTwoBrokers).seen(names(several.iter().map(|offer| offer.broker.as_ref()))))
        }
    }
}

/// Names as a list.
fn names<'a>(names: impl Iterator<Item = Option<&'a String>>) -> Fact {
    let names: BTreeSet<&str> = names.flatten().map(String::as_str).collect();
    SafeText::line(&names.into_iter().collect::<Vec<_>>().join(", ")).into()
}

#[derive(Deserialize)]
struct Whole {
    #[serde(flatten)]
    list: List<PlanEntry>,
    #[serde(default)]
    included: Included,
}

#[derive(Default, Deserialize)]
struct Included {
    #[serde(default)]
    service_offerings: Vec<OfferingEntry>,
    #[serde(default)]
    service_brokers: Vec<BrokerEntry>,
}

#[derive(Deserialize)]
struct OfferingEntry {
    guid: String,
    #[serde(default)]
    relationships: Value,
}

#[derive(Deserialize)]
struct BrokerEntry {
    guid: String,
    name: String,
}

#[derive(Deserialize)]
struct PlanEntry {
    guid: String,
    name: String,
    #[serde(default)]
    schemas: Value,
    #[serde(default)]
    relationships: Value,
}

/// The id of the resource that `relationships` names as `relation`.
fn related<'a>(relationships: &'a Value, relation: &str) -> Option<&'a str> {
    relationships.pointer(&format!("/{relation}/data/guid"))?.as_str()
}

impl PlanEntry {
    fn offer(self, included: &Included) -> Offer {
        let offering = related(&self.relationships, "service_offering");
        let offering = included.service_offerings.iter().find(|entry| Some(entry.guid.as_str()) == offering);
        let broker = offering.and_then(|entry| related(&entry.relationships, "service_broker"));
        let broker = included.service_brokers.iter().find(|entry| Some(entry.guid.as_str()) == broker);
        Offer {
            broker: broker.map(|entry| entry.name.clone()),
            limits: limits(&self.schemas),
            guid: self.guid,
            plan: self.name,
        }
    }
}

/// Reads the schema of instance parameters from the broker's catalogue.
fn limits(schemas: &Value) -> Limits {
    let Some(properties) = schemas.pointer("/service_instance/create/parameters/properties") else {
        return Limits::default();
    };
    let roles = properties.pointer("/roles/items/enum").and_then(Value::as_array);
    let bound = |name: &str| {
        properties
            .pointer(&format!("/token-validity/{name}"))
            .and_then(Value::as_u64)
            .and_then(|n| u32::try_from(n).ok())
    };
    Limits {
        roles: roles.map(|roles| roles.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        token_validity: bound("minimum").zip(bound("maximum")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::secret::Secret;

    fn response(body: &str) -> Response {
        Response { status: 200, location: None, retry_after: None, request_id: None, body: Secret::new(body) }
    }

    const TWO: &str = r#"{"pagination":{"next":null},"resources":[
      {"guid":"p1","name":"api","schemas":{"service_instance":{"create":{"parameters":{"properties":{
        "roles":{"items":{"enum":["MonitoringDataRead"]}},"token-validity":{"minimum":3600,"maximum":86400}}}}}},
       "relationships":{"service_offering":{"data":{"guid":"o1"}}}},
      {"guid":"p2","name":"integration-flow","schemas":{},"relationships":{"service_offering":{"data":{"guid":"o1"}}}}],
      "included":{"service_offerings":[{"guid":"o1","name":"it-rt","relationships":{"service_broker":{"data":{"guid":"b1"}}}}],
      "service_brokers":[{"guid":"b1","name":"it-broker-rt"}]}}"#;

    #[test]
    fn a_plan_comes_with_its_broker_and_what_its_schema_allows() {
        let offers = read_offers(&response(TWO)).unwrap();
        let offer = choose(&offers, PlanId::Api, None).unwrap();
        assert_eq!((offer.guid.as_str(), offer.broker.as_deref()), ("p1", Some("it-broker-rt")));
        assert_eq!(offer.limits.token_validity, Some((3_600, 86_400)));
        assert_eq!(offer.limits.offers("MonitoringDataRead"), Some(true));
        assert_eq!(offer.limits.not_offered(&["New".to_owned()]), ["New"]);
        let flow = choose(&offers, PlanId::IntegrationFlow, None).unwrap();
        assert_eq!(flow.limits, Limits::default());
        assert!(flow.limits.not_offered(&["Anything".to_owned()]).is_empty());
    }

    #[test]
    fn what_is_missing_is_told_apart() {
        let offers = read_offers(&response(TWO)).unwrap();
        assert_eq!(choose(&[], PlanId::Api, None).unwrap_err().code, FindingCode::CfNotEntitled);
        assert_eq!(choose(&offers[1..], PlanId::Api, None).unwrap_err().code, FindingCode::CfPlanNotEntitled);
        let second = Offer { broker: Some("another".into()), ..offers[0].clone() };
        let both = [offers[0].clone(), second];
        assert_eq!(choose(&both, PlanId::Api, None).unwrap_err().code, FindingCode::CfTwoBrokers);
        assert_eq!(choose(&both, PlanId::Api, Some("another")).unwrap().broker.as_deref(), Some("another"));
    }
}
