//! Wording: characters, findings, and the files in `docs/` made from the assets.

use std::path::Path;

use cpikey::{
    domain::{
        finding::{Finding, FindingCode, Severity, Stage, Verdict},
        platform::Platform,
    },
    words::Words,
};

use super::{docs, loaded, situations};

#[test]
fn texts_hold_no_characters_that_a_terminal_may_not_have() {
    fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
            match entry.path() {
                folder if folder.is_dir() => files(&folder, found),
                // The build script is code.
                file if file.extension().is_some_and(|ending| ending == "rs") => {}
                file => found.push(file),
            }
        }
    }
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), &mut found);
    found.retain(|file| file.extension().is_none_or(|ending| ending != "rs"));
    assert!(found.len() >= 14);
    for file in found {
        let text = std::fs::read_to_string(&file).expect("assets are text");
        for (number, line) in text.lines().enumerate() {
            for c in line.chars() {
                let allowed = (' '..='~').contains(&c) || "…–·→’ã".contains(c);
                assert!(allowed, "{}:{}: {c:?}", file.display(), number + 1);
            }
            // The only exclamation marks are those in client ids and in the first line of a script.
            let calm = line.replace("it!b", "").replace("#!/bin/sh", "");
            assert!(!calm.contains('!'), "{}:{}: {line}", file.display(), number + 1);
        }
    }
}

#[test]
fn every_finding_has_words_in_the_order_of_the_codes() {
    let texts = loaded().findings;
    let missing: Vec<&str> =
        FindingCode::ALL.iter().filter(|code| texts.get(**code).is_none()).map(|code| code.as_str()).collect();
    assert!(missing.is_empty(), "assets/findings.toml has no text for {missing:?}");
    let order: Vec<&str> = texts.0.iter().map(|text| text.code.as_str()).collect();
    let codes: Vec<&str> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(order, codes, "the texts are in the order of FindingCode, each once");
}

#[test]
fn no_advice_on_windows_and_macos_is_that_for_linux() {
    let content = loaded();
    for platform in [Platform::Windows, Platform::MacOs] {
        for code in FindingCode::ALL {
            let explained = content.findings.explain_on(platform, &Finding::new(*code, Stage::Token), content.words);
            let text = format!("{explained:?}");
            for foreign in ["Linux", "SSL_CERT", "ca-certificates", "XDG", "Secret Service", "HOME"] {
                assert!(!text.contains(foreign), "{platform:?}: {text}");
            }
        }
    }
}

#[test]
fn errors_and_only_errors_lead_to_a_verdict_or_end_a_command() {
    for code in FindingCode::ALL {
        let leads_to_something = code.verdict().is_some() || code.ending().is_some();
        assert_eq!(code.severity() == Severity::Error, leads_to_something, "{}", code.as_str());
        assert!(!docs::is_about_cloud_foundry(*code) || code.verdict().is_none(), "{}", code.as_str());
        assert!(docs::is_about_cloud_foundry(*code) || code.ending().is_none(), "{}", code.as_str());
        assert_ne!(code.verdict(), Some(Verdict::Ready), "{}", code.as_str());
    }
}

#[test]
fn a_finding_reads_as_sentences_with_and_without_facts() {
    let texts = loaded().findings;
    for text in &texts.0 {
        let code = text.code;
        let facts = Finding::key(code).about("SUBJECT").seen("EVIDENCE");
        let several = Finding { subjects: vec!["ONE".into(), "OTHER".into()], ..facts.clone() };
        for explained in [Finding::key(code), facts, several].map(|finding| texts.explain(&finding, Words::default())) {
            for sentence in
                [Some(&explained.title), Some(&explained.cause), explained.fix.as_ref()].into_iter().flatten()
            {
                let bare = sentence.replace("from { to }", "");
                assert!(!bare.contains(['{', '}', '`']), "{}: {sentence}", code.as_str());
                assert!(sentence.ends_with(['.', ')']), "{}: {sentence}", code.as_str());
                for gap in ["  ", " .", ": .", "..", "()"] {
                    assert!(!sentence.contains(gap), "{}: {sentence}", code.as_str());
                }
            }
        }
    }
}

#[test]
fn the_tables_in_the_documentation_are_those_of_the_program() {
    for (name, generated) in docs::files(&loaded(), &situations::all()) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &generated).expect("docs can be written");
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == generated, "{name} is out of date: UPDATE_DOCS=1 cargo test --test content");
    }
}
