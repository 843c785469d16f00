//! The assets: they parse, refer to what exists, say what SAP says, and cover both guides that the program implements.

mod claims;
mod docs;
mod exports;
mod guides;
mod languages;
mod offers;
mod questions;
mod references;
#[path = "../support/refusals.rs"]
mod refusals;
mod refused;
mod roles;
mod search;
mod sheet;
#[path = "../support/situations.rs"]
mod situations;
mod texts;

use std::collections::BTreeSet;

use cpikey::{content, domain::content::Content};

fn loaded() -> Content {
    content::load()
}

#[test]
fn every_part_of_the_content_can_be_read() {
    let Content {
        words: _,
        catalogue,
        purposes,
        plans,
        grant_types,
        flow_roles,
        authorities,
        regions,
        steps,
        pages,
        links,
        probes,
        findings,
        sheet,
        exports,
    } = loaded();
    let empty = [
        catalogue.areas.is_empty(),
        catalogue.roles.is_empty(),
        purposes.is_empty(),
        plans.is_empty(),
        grant_types.is_empty(),
        flow_roles.is_empty(),
        authorities.is_empty(),
        regions.is_empty(),
        steps.is_empty(),
        pages.is_empty(),
        links.is_empty(),
        probes.is_empty(),
        findings.0.is_empty(),
        sheet.text.is_empty(),
        exports.is_empty(),
    ];
    assert_eq!(empty, [false; 15]);
}

#[track_caller]
fn assert_unique<'a>(what: &str, ids: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        assert!(seen.insert(id), "{what} {id} is there twice");
    }
}
