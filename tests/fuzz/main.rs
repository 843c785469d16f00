//! Replays the fuzzing corpus, on stable and without the fuzzer. The targets are shared with cargo-fuzz, which searches
//! for more: docs/fuzzing.md.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::manual_is_multiple_of, reason = "one of several ways is chosen by the remainder")]

mod targets;

use std::{fs, path::PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

/// The inputs of a target, with the names of their files.
fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder().join(target)).into_iter().flatten().flatten();
    let mut all: Vec<_> =
        entries.map(|entry| entry.path()).map(|path| (path.clone(), fs::read(&path).unwrap())).collect();
    all.sort();
    all
}

/// Runs a target on its corpus, and on each truncated input: parsers fail at the end of the input.
fn replay(name: &str) {
    let (_, run) = targets::ALL.iter().find(|(target, _)| *target == name).unwrap();
    let inputs = corpus(name);
    assert!(!inputs.is_empty(), "{name} has no corpus");
    run(&[]);
    for (path, input) in inputs {
        println!("{}", path.display());
        run(&input);
        for part in 1..4 {
            run(&input[..input.len() * part / 4]);
        }
    }
}

macro_rules! replays {
    ($($target:ident),+) => {
        $(#[test]
        fn $target() {
            replay(stringify!($target));
        })+

        #[test]
        fn every_target_is_replayed() {
            let replayed = [$(stringify!($target)),+];
            for (target, _) in targets::ALL {
                assert!(replayed.contains(target), "{target}");
            }
        }
    };
}

#[cfg(unix)]
replays!(address, answers, certificate, cloud, key, lists, parameters, quoting, templates, terminal, vault, wizard);

// Pastes and keys come through a pseudo terminal.
#[cfg(not(unix))]
replays!(address, answers, certificate, cloud, key, lists, parameters, quoting, templates, vault, wizard);

#[test]
fn the_corpora_are_small() {
    let sizes: Vec<u64> =
        targets::ALL.iter().flat_map(|(target, _)| corpus(target)).map(|(_, bytes)| bytes.len() as u64).collect();
    assert!(sizes.iter().sum::<u64>() < 400 * 1024, "{sizes:?}");
}
