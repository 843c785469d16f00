//! Everything that an asset refers to exists, and everything that exists is referred to.

use std::collections::BTreeSet;

use cpikey::domain::{content::Content, sap::guide::Variable, text::markup};

use super::{assert_unique, loaded};

/// Every text that is markup, with its place.
fn markup_texts(content: &Content) -> Vec<(String, &str)> {
    let mut texts = Vec::new();
    for page in content.pages.iter() {
        texts.push((page.id.clone(), page.intro.as_str()));
        for step in &page.steps {
            let place = format!("{}/{}", page.id, step.id);
            texts.extend([(place.clone(), step.text.as_str()), (place, step.why.as_str())]);
        }
        texts.extend(page.ticks.iter().map(|tick| (format!("{}, tick {}", page.id, tick.id), tick.text.as_str())));
        for trouble in &page.troubles {
            let place = format!("{}, trouble", page.id);
            texts.extend([(place.clone(), trouble.when.as_str()), (place, trouble.then.as_str())]);
        }
    }
    texts.extend(content.steps.iter().map(|step| (step.title.clone(), step.help.as_str())));
    for purpose in content.purposes.iter() {
        texts.extend(purpose.next.iter().map(|text| (purpose.id.clone(), text.as_str())));
    }
    texts
}

#[test]
fn every_link_that_is_named_exists_and_every_link_is_named() {
    let content = loaded();
    assert_unique("link", content.links.iter().map(|link| link.id.as_str()));
    let mut named: BTreeSet<String> = BTreeSet::new();
    named.extend(content.catalogue.roles.iter().map(|role| role.source.clone()));
    named.extend(content.purposes.iter().flat_map(|purpose| purpose.links.clone()));
    for page in content.pages.iter() {
        named.extend(page.links.clone());
        named.extend(page.steps.iter().filter_map(|step| step.link.clone()));
        named.extend(page.troubles.iter().filter_map(|trouble| trouble.link.clone()));
    }
    named.extend(content.findings.0.iter().filter_map(|text| text.link.clone()));
    for region in content.regions.iter() {
        let link = content.links.iter().find(|link| link.url == region.cockpit);
        named.insert(link.unwrap_or_else(|| panic!("no link to {}", region.cockpit)).id.clone());
    }
    let existing: BTreeSet<String> = content.links.iter().map(|link| link.id.clone()).collect();
    assert_eq!(named, existing);
}

#[test]
fn every_probe_that_is_named_exists_and_every_probe_is_named() {
    let content = loaded();
    assert_unique("probe", content.probes.iter().map(|probe| probe.id.as_str()));
    let named: BTreeSet<&str> =
        content.catalogue.roles.iter().flat_map(|role| role.probes.iter().map(String::as_str)).collect();
    let existing: BTreeSet<&str> = content.probes.iter().map(|probe| probe.id.as_str()).collect();
    assert_eq!(named, existing);
    for probe in content.probes.iter() {
        assert!(probe.path.starts_with('/') && !probe.path.contains(char::is_whitespace), "{}", probe.path);
        for payload in ["$value", "Attachments", "MessageStoreEntries", "LogFiles", "SecureParameters"] {
            assert!(!probe.path.contains(payload), "{} reads more than a status", probe.id);
        }
    }
    let monitoring = content.catalogue.get("MonitoringDataRead").expect("it exists");
    assert_eq!(monitoring.probes, ["message-processing-logs", "runtime-artifacts"]);
    let path = content.probe("message-processing-logs").map(|probe| probe.path.as_str());
    assert_eq!(path, Some("/MessageProcessingLogs?$top=1&$select=MessageGuid"));
}

#[test]
fn links_are_https_and_lead_to_sap_or_its_repositories() {
    for link in loaded().links.iter() {
        let rest = link.url.strip_prefix("https://").unwrap_or_else(|| panic!("{} is not https", link.url));
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let expected = match host {
            "help.sap.com" | "blogs.sap.com" | "community.sap.com" | "developers.sap.com" | "api.sap.com" => true,
            // The address where the first guide is published.
            "cpi-transporter.com" => true,
            "github.com" => path.starts_with("SAP-docs/") || path.starts_with("SAP-samples/"),
            "cockpit.btp.cloud.sap" | "eu-access.cockpit.btp.cloud.sap" | "cockpit.hanatrial.ondemand.com" => true,
            "cockpit.cn20.platform.sapcloud.cn" | "cockpit.cn40.platform.sapcloud.cn" => true,
            _ => false,
        };
        assert!(expected, "{} is not an expected host", link.url);
    }
}

#[test]
fn every_variable_and_mark_in_a_text_is_right_and_every_variable_is_used() {
    let content = loaded();
    let mut used = Vec::new();
    for (place, text) in markup_texts(&content) {
        if let Err(fault) = markup::check(text) {
            panic!("{place}: {fault}: {text}");
        }
        used.extend(markup::variables(text));
    }
    used.extend(content.pages.iter().flat_map(|page| &page.steps).filter_map(|step| step.copy));
    for variable in Variable::ALL {
        assert!(used.contains(&variable), "no text uses {{{}}}", variable.as_str());
    }
}
