//! Shared by the tests of the connection test: content, keys and a function to run a test to its end.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, reason = "allowed in tests; this is one, though not marked so")]

pub mod cloud;
pub mod proxy;
pub mod server;
pub mod tls;

use std::{sync::Arc, time::Duration};

use cpikey::{
    domain::{
        check::{
            CheckEvent, CheckRequest, CheckStep, MONITORING_PROBE, MONITORING_ROLE, OtherStatus, Pace, ProbeSpec, Seen,
            diagnosis::{Progress, assess, plan_checks},
            report::{TestReport, markdown},
        },
        content::Content,
        finding::{FindingCode, Verdict},
        key::{
            address::Address,
            service_key::{Credential, CredentialType, Form, KeySummary, ServiceKey},
        },
        sap::{
            plan::PlanId,
            role::{Area, Catalogue, Role},
        },
        text::{safe_text::SafeText, secret::Secret},
    },
    net::{self, NetOptions},
    practice::Practice,
    words::Words,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A secret that must not appear anywhere.
pub const CANARY: &str = "11111111-2222-4333-8444-555555555555$Canary+0123456789_AbCdEfGhIjKlMnOpQrStUvWx=";

/// A probe.
pub fn probe(id: &str, title: &str, path: &str, pace: Pace, other_status: OtherStatus) -> ProbeSpec {
    ProbeSpec { id: id.into(), title: title.into(), path: path.into(), pace, other_status, documented: true }
}

/// A role.
pub fn role(name: &str, scopes: &[&str], probe: Option<&str>) -> Role {
    Role {
        name: name.into(),
        area: "area".into(),
        brief: String::new(),
        allows: String::new(),
        note: String::new(),
        keywords: String::new(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        endpoints: Vec::new(),
        probes: probe.into_iter().map(str::to_owned).collect(),
        contains: Vec::new(),
        sensitive: false,
        everywhere: true,
        missing_in: Vec::new(),
        source: String::new(),
    }
}

/// A small catalogue with a role of every kind.
pub fn content() -> Content {
    let composite = Role {
        contains: vec!["MonitoringDataRead".into(), "WorkspacePackagesRead".into()],
        ..role("AuthGroup_ReadOnly", &["AuthGroup.ReadOnly"], None)
    };
    Content {
        catalogue: Catalogue {
            areas: vec![Area { id: "area".into(), title: "Area".into() }],
            roles: vec![
                role(MONITORING_ROLE, &["IntegrationOperationServer.read", "NodeManager.read"], Some(MONITORING_PROBE)),
                role("WorkspacePackagesRead", &["WebToolingWorkspace.Read"], Some("integration-packages")),
                role("WorkspacePackagesEdit", &["WebToolingWorkspace.Read", "WebToolingWorkspace.Write"], None),
                role(
                    "WorkspacePackagesConfigure",
                    &["WebToolingWorkspace.Read", "WebTooling.IntegrationFlowConfigure"],
                    None,
                ),
                role(
                    "AuthGroup_TenantPartnerDirectoryConfigurator",
                    &["TenantPartnerDirectory.read", "TenantPartnerDirectory.write"],
                    Some("string-parameters"),
                ),
                role("AccessPoliciesRead", &["AccessPolicies.Read"], Some("access-policies")),
                role("MessageProcessingLocksRead", &["IdMap.read"], Some("id-map")),
                role("B2bInterchangeOperate", &[], None),
                composite,
            ],
            ..Catalogue::default()
        }
        .into(),
        probes: vec![
            probe(
                MONITORING_PROBE,
                "message processing logs",
                "/MessageProcessingLogs?$top=1&$select=MessageGuid",
                Pace::Free,
                OtherStatus::Unknown,
            ),
            probe(
                "integration-packages",
                "integration packages",
                "/IntegrationPackages?$top=1",
                Pace::DesignTime,
                OtherStatus::Unknown,
            ),
            probe(
                "string-parameters",
                "partner directory",
                "/StringParameters?$top=1&$select=Pid,Id",
                Pace::Free,
                OtherStatus::Unknown,
            ),
            probe("access-policies", "access policies", "/AccessPolicies?$top=1", Pace::Security, OtherStatus::Unknown),
            probe(
                "id-map",
                "message processing locks",
                "/IdMapFromIds('probe')/ToIds",
                Pace::Free,
                OtherStatus::Granted,
            ),
        ]
        .into(),
        findings: cpikey::content::load().findings,
        ..Content::default()
    }
}

/// The parts of a test key that may be shown.
pub fn summary() -> KeySummary {
    KeySummary {
        form: Form::Oauth,
        credential: Some(CredentialType::ClientSecret),
        plan: Some(PlanId::Api),
        client_id: None,
        url: None,
        token_url: None,
        region: None,
        created: None,
        expires: None,
    }
}

/// A key with the canary as its secret.
pub fn key(url: &str, token_url: &str) -> ServiceKey {
    ServiceKey {
        client_id: "sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678".into(),
        credential: Credential::ClientSecret(Secret::new(CANARY)),
        url: address(url),
        token_url: address(token_url),
    }
}

/// An address of a test server.
pub fn address(text: &str) -> Address {
    Address::trusted(url::Url::parse(text).unwrap())
}

/// The key from a sample of the practice tenant.
pub fn sample(practice: &Practice, id: &str) -> ServiceKey {
    let sample = practice.samples().iter().find(|sample| sample.id() == id).unwrap();
    let json: serde_json::Value = serde_json::from_str(sample.text.expose()).unwrap();
    let field = |name: &str| json["oauth"][name].as_str().unwrap().to_owned();
    ServiceKey {
        client_id: field("clientid"),
        credential: Credential::ClientSecret(Secret::new(field("clientsecret"))),
        ..key(&field("url"), &field("tokenurl"))
    }
}

/// Options of a test: almost no pauses, and a clock in sync with the servers.
pub fn options() -> NetOptions {
    NetOptions { backoff: Duration::from_millis(1), ..NetOptions::default() }
}

/// A completed test.
pub struct Tested {
    pub events: Vec<CheckEvent>,
    pub report: TestReport,
}

impl Tested {
    /// The codes of the findings, errors first.
    pub fn codes(&self) -> Vec<FindingCode> {
        self.report.findings.iter().map(|finding| finding.code).collect()
    }

    /// The first finding's code and the verdict.
    pub fn comes_to(&self) -> (FindingCode, Verdict) {
        let first = self.report.findings.first().map(|finding| finding.code);
        (first.unwrap_or_else(|| panic!("no finding in {:#?}", self.events)), self.report.verdict)
    }

    /// The observation of a step.
    pub fn seen(&self, step: &CheckStep) -> Option<&Seen> {
        self.events.iter().find_map(|event| match event {
            CheckEvent::Finished { step: finished, seen, .. } if finished == step => Some(seen),
            _ => None,
        })
    }

    /// The steps that paused before a retry, with the reason.
    pub fn waits(&self) -> Vec<(&CheckStep, &str)> {
        let mut all = Vec::new();
        for event in &self.events {
            if let CheckEvent::Waiting { step, reason, .. } = event {
                all.push((step, reason.shown(Words::default())));
            }
        }
        all
    }

    /// Subject and evidence of the first finding.
    pub fn facts(&self) -> (String, String) {
        let finding = self.report.findings.first().unwrap();
        let text = |fact: &Option<SafeText>| fact.as_ref().map_or("", SafeText::as_str).to_owned();
        (text(&finding.subjects.first().cloned()), text(&finding.evidence))
    }
}

/// Runs a test to the end, and asserts that none of its results contains a secret or a token.
pub async fn run(request: CheckRequest, options: NetOptions) -> Tested {
    run_with(&content(), request, options).await
}

/// The same with other content.
pub async fn run_with(content: &Content, request: CheckRequest, options: NetOptions) -> Tested {
    let (sink, mut events) = mpsc::unbounded_channel();
    net::run(request.clone(), options, sink, CancellationToken::new()).await;
    let mut all = Vec::new();
    while let Some(event) = events.recv().await {
        all.push(event);
    }
    let tested = assess_events(content, &request, all);
    let report = serde_json::to_string(&tested.report).unwrap();
    let everything = [
        format!("{:#?}", tested.events),
        format!("{:#?}", tested.report),
        format!("{request:#?}"),
        report,
        markdown(&tested.report, Words::default()),
    ];
    for text in everything {
        for canary in ["Canary", "canary", "Practice-0123", "PRIVATE KEY-----"] {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
    assert_eq!(tested.events.last(), Some(&CheckEvent::Done));
    tested
}

/// The result of the events.
pub fn assess_events(content: &Content, request: &CheckRequest, events: Vec<CheckEvent>) -> Tested {
    let mut progress = Progress::new(request);
    for event in events.iter().cloned() {
        progress.record(event);
    }
    let report = assess(content, request, &summary(), &[], &progress);
    Tested { events, report }
}

/// A request for roles, as created by the program.
pub fn asking(key: ServiceKey, roles: &[&str]) -> CheckRequest {
    let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
    plan_checks(&content(), Arc::new(key), &roles)
}
