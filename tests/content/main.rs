//! The assets: they parse, refer to what exists, say what SAP says, and cover both guides that the program implements.

mod exports;
mod guides;
mod offers;
mod references;
mod roles;
mod sheet;
mod texts;

use std::collections::BTreeSet;

use cpikey::{content, domain::content::Content};

fn loaded() -> Content {
    match content::load() {
        Ok(content) => content,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn assert_unique<'a>(what: &str, ids: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        assert!(seen.insert(id), "{what} {id} stands twice");
    }
}
