//! Export targets: each can be loaded, is described, and refers to existing fields.

use std::collections::BTreeSet;

use cpikey::domain::{
    handover::export::{self, ExportTarget, Field, WithSecret},
    sap::purpose::CUSTOM,
};

use super::{assert_unique, loaded};

/// Whether a template contains the secret.
fn names_secret(template: &str) -> bool {
    export::fields(template).into_iter().any(Field::is_secret)
}

#[test]
fn every_file_of_a_target_is_loaded_under_its_own_name() {
    let loaded = loaded();
    assert_unique("export target", loaded.exports.iter().map(|target| target.id.as_str()));
    assert_unique("title", loaded.exports.iter().map(|target| target.title.as_str()));
    let ids: BTreeSet<String> = loaded.exports.iter().map(|target| format!("{}.toml", target.id)).collect();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/facts/exports");
    let files: BTreeSet<String> = std::fs::read_dir(directory)
        .expect("it exists")
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(ids, files);
    for ExportTarget { id, .. } in loaded.exports.iter() {
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{id}");
    }
}

#[test]
fn every_field_that_a_template_names_exists_and_every_field_is_named() {
    let mut used = BTreeSet::new();
    for target in loaded().exports.iter() {
        for file in &target.files {
            for template in [&file.name, &file.template].into_iter().chain(&file.template_without_secret) {
                if let Err(fault) = export::check(template) {
                    panic!("{}, {}: {fault}", target.id, file.name);
                }
                used.extend(export::fields(template));
            }
        }
    }
    for field in Field::ALL {
        assert!(used.contains(&field), "no template names <<{}>>", field.as_str());
    }
}

#[test]
fn a_file_is_marked_as_secret_exactly_if_it_contains_the_secret() {
    for target in loaded().exports.iter() {
        assert!(target.holds_secret(), "{} hands nothing over", target.id);
        assert_unique(&target.id, target.files.iter().map(|file| file.name.as_str()));
        for file in &target.files {
            let place = format!("{}, {}", target.id, file.name);
            assert_eq!(names_secret(file.template_for(WithSecret::Yes)), file.secret, "{place}");
            assert_eq!(export::fields(&file.name).into_iter().find(|field| *field != Field::Name), None, "{place}");
            assert!(!file.name.contains(['/', '\\', ':']) && !file.name.contains(".."), "{place}");
            let without = &file.template_without_secret;
            assert!(without.as_deref().is_none_or(|template| file.secret && !names_secret(template)), "{place}");
            assert!(file.in_place_of_secret.is_none() || file.secret, "{place}");
            assert!(file.template.ends_with('\n') && !file.template.starts_with('\n'), "{place}");
        }
    }
}

#[test]
fn the_purposes_of_a_target_exist_and_put_it_first() {
    let content = loaded();
    for target in content.exports.iter() {
        assert!(!target.about.is_empty() && !target.about.contains(['\n', '|']), "{}", target.id);
        for purpose in &target.purposes {
            assert!(content.purpose(purpose).is_some(), "{}: {purpose}", target.id);
            let first = content.exports_for(purpose).into_iter().take_while(|other| other.purposes.contains(purpose));
            assert!(first.into_iter().any(|other| other.id == target.id), "{}: {purpose}", target.id);
        }
    }
    for purpose in content.purposes.iter().map(|purpose| purpose.id.as_str()).chain([CUSTOM]) {
        assert_eq!(content.exports_for(purpose).len(), content.exports.len());
    }
}

#[test]
fn a_purpose_that_recommends_a_target_grants_the_roles_that_its_consumer_needs() {
    let content = loaded();
    for target in loaded().exports.iter() {
        for needed in &target.needs {
            let role = content.catalogue.get(needed).unwrap_or_else(|| panic!("{}: {needed}", target.id));
            for id in &target.purposes {
                let purpose = content.purpose(id).expect("it exists");
                let granted = purpose
                    .roles
                    .iter()
                    .filter_map(|chosen| content.catalogue.get(&chosen.role))
                    .any(|chosen| chosen.name == role.name || chosen.covers(role));
                assert!(granted, "{} needs {needed}, which {id} does not grant", target.id);
            }
        }
    }
}
