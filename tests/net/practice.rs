//! The practice tenant and its samples.

use std::sync::Arc;

use cpikey::{
    domain::{
        check::{
            CheckEvent, CheckStep, MONITORING_PROBE, MONITORING_ROLE, ProbeOutcome, diagnosis::plan_checks,
            report::RoleStatus,
        },
        finding::{FindingCode as C, Verdict},
        sap::plan::PlanId,
    },
    practice::{Latency, Practice},
};

use super::{
    ROLES,
    support::{asking, content, options, run, run_with, sample},
};

#[tokio::test]
async fn the_sample_that_works_grants_every_role_that_is_asked_for() {
    let practice = Practice::start(&content(), Latency::None).unwrap();
    let tested = run(asking(sample(&practice, "works"), &ROLES), options()).await;
    assert_eq!((tested.report.verdict, tested.codes()), (Verdict::Ready, vec![]));
    let roles = tested.report.roles.unwrap();
    assert!(roles.iter().all(|role| role.status == RoleStatus::Granted), "{roles:?}");
    let probes = tested.report.probes.unwrap();
    assert!(probes.iter().all(|probe| probe.outcome == ProbeOutcome::Ok && probe.status == Some(200)), "{probes:?}");
    assert_eq!(probes[0].count, Some(1));
    assert_eq!(tested.report.token.unwrap().expires_in, Some(43_199));
}

#[tokio::test]
async fn the_sample_with_a_role_missing_reads_monitoring_and_names_what_is_missing() {
    let practice = Practice::start(&content(), Latency::None).unwrap();
    let tested = run(asking(sample(&practice, "role-missing"), &ROLES), options()).await;
    assert_eq!(tested.report.verdict, Verdict::Limited);
    assert_eq!(tested.codes(), [C::RoleMissing, C::RoleMissing, C::RoleMissing]);
    let missing: Vec<&str> = tested
        .report
        .roles
        .as_ref()
        .unwrap()
        .iter()
        .filter(|role| role.status == RoleStatus::Missing)
        .map(|role| role.role.as_str())
        .collect();
    assert_eq!(missing, [ROLES[1], ROLES[2], ROLES[4]]);
}

#[tokio::test]
async fn the_sample_with_a_wrong_secret_is_rejected_and_the_api_never_asked() {
    let practice = Practice::start(&content(), Latency::None).unwrap();
    let tested = run(asking(sample(&practice, "wrong-secret"), &ROLES), options()).await;
    assert_eq!(tested.comes_to(), (C::BadCredentials, Verdict::Rejected));
    assert!(tested.report.probes.unwrap().iter().all(|probe| probe.outcome == ProbeOutcome::Skipped));
}

#[tokio::test]
async fn the_sample_of_the_wrong_plan_gets_a_token_that_the_api_does_not_accept() {
    let practice = Practice::start(&content(), Latency::None).unwrap();
    let tested = run(asking(sample(&practice, "wrong-plan"), &[MONITORING_ROLE]), options()).await;
    assert_eq!(tested.report.verdict, Verdict::Refused);
    assert!(tested.codes().contains(&C::TokenNotAccepted));
}

#[tokio::test]
async fn the_sample_in_maintenance_is_tried_three_times_and_is_unavailable() {
    let practice = Practice::start(&content(), Latency::None).unwrap();
    let tested = run(asking(sample(&practice, "unavailable"), &[MONITORING_ROLE]), options()).await;
    assert_eq!(tested.report.verdict, Verdict::Unavailable);
    let step = CheckStep::Probe(MONITORING_PROBE.into());
    assert_eq!(tested.waits(), [(&step, "503 Service Unavailable"), (&step, "503 Service Unavailable")]);
}

#[tokio::test]
async fn every_sample_is_a_key_that_the_program_reads() {
    let practice = Practice::start(&content(), Latency::None).unwrap();
    let ids: Vec<&str> = practice.samples().iter().map(|sample| sample.id()).collect();
    assert_eq!(ids, ["works", "role-missing", "wrong-secret", "wrong-plan", "slow", "unavailable", "role-arrives"]);
    for sample in practice.samples() {
        let reading =
            cpikey::domain::key::service_key::read(sample.text.expose().as_bytes(), jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(reading.keys.len(), 1, "{}", sample.id());
        assert_eq!(reading.keys[0].key.is_none(), sample.id() == "wrong-plan", "{:?}", reading.keys[0].findings);
    }
}

#[tokio::test]
async fn rows_arrive_in_the_order_in_which_things_happen() {
    let practice = Practice::start(&content(), Latency::None).unwrap();
    let tested = run(asking(sample(&practice, "works"), &[MONITORING_ROLE]), options()).await;
    assert_eq!(tested.events[0], CheckEvent::Began { within: options().limits.total });
    let steps: Vec<String> = tested.events[1..]
        .iter()
        .map(|event| match event {
            CheckEvent::Started { step, .. } => format!("+{step:?}"),
            CheckEvent::Finished { step, .. } => format!("-{step:?}"),
            other => format!("{other:?}"),
        })
        .collect();
    let probe = format!("Probe({MONITORING_PROBE:?})");
    let wanted = ["+Connect(Token)", "-Connect(Token)", "+Token", "-Token", "+Connect(Api)", "-Connect(Api)"];
    assert_eq!(steps[..6], wanted);
    assert_eq!(steps[6..], [format!("+{probe}"), format!("-{probe}"), "Done".to_owned()]);
}

#[tokio::test]
async fn with_the_real_content_every_purpose_works_and_the_flawed_key_shows_what_it_lacks() {
    let content = cpikey::content::load();
    let practice = Practice::start(&content, Latency::None).unwrap();
    for purpose in content.purposes.iter().filter(|purpose| purpose.plan == PlanId::Api) {
        let limited =
            if ["monitoring", "custom"].contains(&purpose.id.as_str()) { Verdict::Ready } else { Verdict::Limited };
        for (id, verdict) in [("works", Verdict::Ready), ("role-missing", limited)] {
            let request = plan_checks(&content, Arc::new(sample(&practice, id)), &purpose.role_names());
            let tested = run_with(&content, request, options()).await;
            assert_eq!(tested.report.verdict, verdict, "{} {id} {:#?}", purpose.id, tested.report.findings);
        }
    }
}
