//! The documents are correct: every command in them exists, and those in blocks work.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers are such, though not marked so")]

#[path = "../support/at_terminal.rs"]
#[allow(dead_code, reason = "other tests answer questions in an order")]
mod at_terminal;
mod running;

use std::path::{Path, PathBuf};

use clap::Parser as _;
use cpikey::cli::Cli;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All documents, the README first.
fn documents() -> Vec<PathBuf> {
    let docs = std::fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> =
        docs.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    all.sort();
    all.insert(0, root().join("README.md"));
    all
}

/// The commands in the shell blocks of a document, without comments and without what is piped into them.
fn commands(document: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut is_shell = false;
    for line in document.lines() {
        if let Some(language) = line.strip_prefix("```") {
            is_shell = language == "sh";
        } else if is_shell && line.starts_with("cpikey") {
            let command = line.split(" #").next().unwrap_or(line);
            commands.push(command.split(" | ").next().unwrap_or(command).trim().to_owned());
        }
    }
    commands
}

/// The words of a command. Quotes only keep spaces together.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
fn every_command_in_a_document_is_one_of_the_program() {
    let mut count = 0;
    for path in documents() {
        for command in commands(&std::fs::read_to_string(&path).unwrap()) {
            // What a reader fills in is written in capitals or as `…`.
            if command.contains('…') {
                continue;
            }
            if let Err(error) = Cli::try_parse_from(words(&command)) {
                let is_usage = error.use_stderr();
                assert!(!is_usage, "{}: {command}\n{error}", path.display());
            }
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn every_document_is_found_from_the_readme_and_every_link_leads_somewhere() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name == "README.md" || readme.contains(&format!("docs/{name}")), "{name} is not in the README");
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://") && !link.starts_with('#') && !link.contains(' ')) {
            let file = link.split('#').next().unwrap_or(link);
            let target = path.parent().unwrap().join(file);
            assert!(target.exists(), "{}: {link}", path.display());
        }
    }
}

/// The description of the package.
fn manifest() -> toml::Table {
    std::fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap()
}

#[test]
fn every_dependency_has_its_reason_in_the_document_about_them() {
    let manifest = manifest();
    let systems = manifest["target"].as_table().unwrap().values().filter_map(|system| system.get("dependencies"));
    let everywhere =
        ["dependencies", "dev-dependencies", "build-dependencies"].iter().filter_map(|kind| manifest.get(*kind));
    let names: Vec<&String> = everywhere.chain(systems).flat_map(|table| table.as_table().unwrap().keys()).collect();
    assert!(names.len() > 40, "{names:?}");
    let document = std::fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let unnamed: Vec<_> = names.into_iter().filter(|name| !document.contains(name.as_str())).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

#[test]
fn the_changes_name_this_version_and_the_documents_its_oldest_compiler() {
    let manifest = manifest();
    let stated = |name: &str| manifest["package"][name].as_str().unwrap().to_owned();
    let read = |name: &str| std::fs::read_to_string(root().join(name)).unwrap();
    assert!(read("docs/changelog.md").contains(&format!("\n## {}", stated("version"))));
    for document in ["README.md", "docs/contributing.md"] {
        assert!(
            read(document).contains(&format!("Rust {}", stated("rust-version")))
                || read(document).contains(&format!("Rust is {}", stated("rust-version"))),
            "{document}"
        );
    }
}
