//! The files that users can edit: the list of saved systems, and the saved progress. Damage is
//! reported, and what is read is written and read back unchanged.

use cpikey::{
    domain::{progress::Progress, systems::system::Systems},
    words::Words,
};

use super::{assert_harmless, content, text};

pub fn run(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    if kind % 2 == 0 { systems(&text(rest)) } else { progress(rest) }
}

fn systems(text: &str) {
    match Systems::from_toml(text) {
        Ok(systems) => {
            for system in systems.iter() {
                for shown in [system.name.as_str(), system.note.as_str(), system.client_id.as_str()] {
                    assert_harmless(shown, "a system");
                }
                assert!(!system.name.as_str().starts_with('-') && !system.name.as_str().is_empty());
            }
            let written = systems.to_toml().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(Systems::from_toml(&written).ok().as_ref(), Some(&systems), "{written}");
        }
        Err(error) => {
            let explained = error.explain(Words::default());
            for said in [explained.what, explained.why, explained.fix] {
                assert_harmless(&said, "an error");
            }
        }
    }
}

fn progress(bytes: &[u8]) {
    match Progress::from_json(bytes) {
        Ok(progress) => {
            let written = progress.to_json();
            let again = Progress::from_json(written.as_bytes());
            assert!(again.is_ok_and(|again| again == progress), "{written}");
            let fitted = progress.fit(content());
            fitted.dropped.iter().for_each(|name| assert_harmless(name.as_str(), "what was dropped"));
            assert!(fitted.progress.clone().fit(content()).dropped.is_empty());
        }
        Err(damage) => assert_harmless(&damage.text(Words::default()), "an error"),
    }
}
