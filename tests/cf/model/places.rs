//! Orgs, spaces, roles and plans, and list queries.

use cpikey::practice::cf::{Config, Landscape};
use serde_json::{Value, json};

use crate::person::{BASE, Person, body, config, error, parameters};

fn names(resources: &[Value]) -> Vec<&str> {
    resources.iter().map(|resource| resource["name"].as_str().unwrap()).collect()
}

#[test]
fn the_orgs_are_there_and_one_is_suspended() {
    let mut person = Person::new();
    let orgs = person.list("/v3/organizations");
    assert_eq!(names(&orgs), ["practice", "practice-empty", "practice-new", "practice-suspended"]);
    let suspended: Vec<bool> = orgs.iter().map(|org| org["suspended"].as_bool().unwrap()).collect();
    assert_eq!(suspended, [false, false, false, true]);
    let empty = person.guid("/v3/organizations?names=practice-empty");
    assert!(person.list(&format!("/v3/spaces?organization_guids={empty}")).is_empty());
    assert!(person.list("/v3/organizations?names=somewhere-else").is_empty());
}

#[test]
fn a_list_comes_in_pages_that_name_the_next_with_the_same_question() {
    let mut person = Person::new();
    let mut path = "/v3/organizations?per_page=2&order_by=-name&names=practice,practice-new,practice-empty".to_owned();
    let mut all = Vec::new();
    loop {
        let page = body(&person.get(&path));
        assert_eq!((&page["pagination"]["total_results"], &page["pagination"]["total_pages"]), (&3.into(), &2.into()));
        all.extend(page["resources"].as_array().unwrap().clone());
        let Some(next) = page["pagination"]["next"]["href"].as_str() else { break };
        path = next.strip_prefix(BASE).unwrap().to_owned();
    }
    assert_eq!(names(&all), ["practice-new", "practice-empty", "practice"]);
}

#[test]
fn what_a_list_does_not_know_is_refused() {
    let mut person = Person::new();
    for query in ["nam=practice", "per_page=0", "per_page=5001", "page=0", "order_by=size"] {
        let (status, code, detail) = error(&person.get(&format!("/v3/organizations?{query}")));
        assert_eq!((status, code), (400, 10_005), "{query}: {detail}");
        assert!(detail.starts_with("The query parameter is invalid: "), "{detail}");
    }
    assert_eq!(error(&person.get("/v3/cats")), (404, 10_000, "Unknown request".to_owned()));
    assert_eq!(error(&person.get("/v3/spaces/x")), (404, 10_010, "Space not found".to_owned()));
}

#[test]
fn a_comma_in_a_name_must_be_encoded_twice() {
    let mut person = Person::new();
    let accepted = person.create("a,b +c", &["MonitoringDataRead"]);
    let job = person.wait(&accepted);
    let made = job["links"]["service_instances"]["href"].as_str().unwrap();
    assert!(person.list("/v3/service_instances?names=a,b+%2Bc").is_empty());
    assert!(person.list("/v3/service_instances?names=a%2Cb+%2Bc").is_empty());
    assert!(made.ends_with(&person.guid("/v3/service_instances?names=a%252Cb+%2Bc")));
}

#[test]
fn the_person_is_developer_in_one_space_and_auditor_in_the_other() {
    let mut person = Person::new();
    let (dev, prod) = (person.space("practice", "dev"), person.space("practice", "prod"));
    let mut roles = |space: &str| {
        let roles = person.list(&format!("/v3/roles?space_guids={space}"));
        roles.iter().map(|role| role["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((roles(&dev), roles(&prod)), (vec!["space_developer".into()], vec!["space_auditor".into()]));
}

#[test]
fn an_auditor_sees_instances_and_keys_but_neither_makes_nor_reads_any() {
    let mut person = Person::new();
    let space = person.space("practice", "prod");
    let instance = person.guid(&format!("/v3/service_instances?space_guids={space}"));
    let key = person.guid(&format!("/v3/service_credential_bindings?service_instance_guids={instance}"));
    let refused = (403, 10_003, "You are not authorized to perform the requested action".to_owned());
    assert_eq!(error(&person.create_in(&space, "mine", &json!({}))), refused);
    assert_eq!(error(&person.create_key(&instance, "mine", &json!({}))), refused);
    assert_eq!(error(&person.patch(&format!("/v3/service_instances/{instance}"), &json!({"tags": []}))), refused);
    assert_eq!(error(&person.delete(&format!("/v3/service_instances/{instance}"))), refused);
    assert_eq!(error(&person.delete(&format!("/v3/service_credential_bindings/{key}"))), refused);
    let details = person.get(&format!("/v3/service_credential_bindings/{key}/details"));
    assert_eq!(error(&details), (404, 10_010, "Service credential binding not found".to_owned()));
}

#[test]
fn nothing_can_be_made_in_a_suspended_org_or_in_no_space() {
    let mut person = Person::new();
    let space = person.space("practice-suspended", "dev");
    let answer = person.create_in(&space, "mine", &json!({}));
    assert_eq!(error(&answer), (403, 10_017, "The organization is suspended".to_owned()));
    let (status, code, detail) = error(&person.create_in("nowhere", "mine", &json!({})));
    assert_eq!((status, code), (422, 10_008));
    assert!(detail.starts_with("Invalid space."), "{detail}");
}

#[test]
fn where_the_subaccount_is_not_entitled_there_is_no_plan() {
    let mut person = Person::new();
    let space = person.space("practice-new", "dev");
    let plans = format!("/v3/service_plans?service_offering_names=it-rt&space_guids={space}&available=true");
    assert!(person.list(&plans).is_empty());
    assert!(person.list(&format!("/v3/service_offerings?names=it-rt&space_guids={space}")).is_empty());
    let (status, code, detail) = error(&person.create_in(&space, "mine", &json!({})));
    assert_eq!((status, code), (422, 10_008));
    assert!(detail.starts_with("Invalid service plan."), "{detail}");
}

/// The request of a client for the plan `api`.
fn plan(config: Config) -> Value {
    let mut person = Person::with(config);
    let space = person.space("practice", "dev");
    let path = format!(
        "/v3/service_plans?names=api&service_offering_names=it-rt&space_guids={space}&available=true\
         &include=service_offering&fields[service_offering.service_broker]=name,guid"
    );
    body(&person.get(&path))
}

#[test]
fn one_request_gives_plan_schema_offering_and_broker() {
    let answer = plan(config());
    assert_eq!(answer["resources"].as_array().unwrap().len(), 1);
    let schema = &answer["resources"][0]["schemas"]["service_instance"]["create"]["parameters"];
    assert_eq!(schema["_controlsOrder"], json!(["roles", "grant-types", "redirect-uris", "token-validity"]));
    assert_eq!(schema["properties"]["token-validity"]["maximum"], 86_400);
    let key = &answer["resources"][0]["schemas"]["service_binding"]["create"]["parameters"];
    assert_eq!(key["properties"]["key-type"]["default"], "client_id_secret");
    let offering = &answer["included"]["service_offerings"][0];
    assert_eq!(
        (&offering["name"], &offering["broker_catalog"]["features"]["instances_retrievable"]),
        (&json!("it-rt"), &json!(false))
    );
    let broker = answer["included"]["service_brokers"][0].as_object().unwrap();
    assert_eq!(broker["name"], "it-broker-rt");
    assert_eq!(broker.keys().collect::<Vec<_>>(), ["name", "guid"]);
}

#[test]
fn a_landscape_offers_the_roles_of_its_schema() {
    let roles = |landscape| {
        let answer = plan(Config { landscape, ..config() });
        let schema = &answer["resources"][0]["schemas"]["service_instance"]["create"]["parameters"];
        schema["properties"]["roles"]["items"]["enum"].as_array().unwrap().len()
    };
    assert_eq!((roles(Landscape::Fewest), roles(Landscape::Most)), (41, 45));
}

#[test]
fn instances_come_with_parts_of_what_they_belong_to() {
    let mut person = Person::new();
    let path = "/v3/service_instances?names=monitoring&fields[space]=guid,relationships.organization\
                &fields[space.organization]=name&fields[service_plan.service_offering]=name&fields[service_plan]=name,guid";
    let included = body(&person.get(path))["included"].clone();
    assert_eq!(included["organizations"], json!([{"name": "practice"}]));
    assert_eq!(included["service_offerings"], json!([{"name": "it-rt"}]));
    assert_eq!(included["service_plans"][0]["name"], "api");
    assert_eq!(included["spaces"].as_array().unwrap().len(), 2);
    assert!(included["spaces"][0]["relationships"]["organization"]["data"]["guid"].is_string());
}

#[test]
fn one_instance_comes_with_parts_of_what_it_belongs_to() {
    let mut person = Person::new();
    let path = format!("/v3/service_instances/{}", person.instance("monitoring"));
    let shown = body(&person.get(&format!("{path}?fields[service_plan]=name")));
    assert_eq!(shown["included"]["service_plans"], json!([{"name": "api"}]));
    assert_eq!(body(&person.get(&path))["included"], Value::Null);
    assert_eq!(error(&person.get(&format!("{path}?names=x"))).1, 10_005);
}

#[test]
fn fields_that_the_api_does_not_give_are_refused() {
    let mut person = Person::new();
    let mut refused = |query: &str| error(&person.get(&format!("/v3/service_instances?{query}"))).2;
    let start = "The query parameter is invalid: Fields ";
    let keys = "valid keys for 'space' are: 'guid', 'name', 'relationships.organization'";
    assert_eq!(refused("fields[space]=guid,metadata"), format!("{start}{keys}"));
    assert!(refused("fields[fruit]=guid").starts_with(&format!("{start}[fruit] valid resources are: 'space', ")));
}

#[test]
fn the_limits_and_the_id_of_the_request_are_in_the_headers() {
    let mut person = Person::new();
    let remaining = |answer: &cpikey::practice::cf::Response| {
        assert_eq!(answer.header("X-RateLimit-Limit"), Some("20000"));
        assert!(answer.header("x-ratelimit-reset").unwrap().parse::<u64>().unwrap() > 0);
        answer.header("X-RateLimit-Remaining").unwrap().parse::<u64>().unwrap()
    };
    let (first, second) = (person.get("/v3/spaces"), person.create_in("x", "y", &parameters(&[])));
    assert!(remaining(&second) < remaining(&first));
    assert_ne!(first.header("X-Vcap-Request-Id"), second.header("X-Vcap-Request-Id"));
    assert!(first.header("X-Vcap-Request-Id").unwrap().contains("::"));
}
