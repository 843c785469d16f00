//! A full disk, or a file size limit, in the middle of a save.

use std::{fs, path::Path, process::Command};

use cpikey::{domain::text::secret::Secret, platform::store::State};
use jiff::Timestamp;

use crate::harness::{CANARY, Home, PASSPHRASE, key};

/// The files of a directory with their contents.
fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let entry = |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
    let mut files: Vec<_> = fs::read_dir(directory).unwrap().map(|found| entry(found.unwrap())).collect();
    files.sort();
    files
}

/// Two systems with a passphrase.
fn home() -> Home {
    let home = Home::new();
    home.saved(&[("dev", &key()), ("prod", &key())]);
    home
}

/// The saved systems, each of which must have its secret.
fn names(home: &Home) -> Vec<String> {
    let saved = home.saved(&[]);
    let (state, quarantined): (State, _) = saved.read().unwrap();
    assert_eq!(quarantined, []);
    let opened = saved.open(&state, Some(&Secret::new(PASSPHRASE))).unwrap();
    for system in state.systems.iter() {
        let found = opened.key_to_test(system, Timestamp::now()).unwrap();
        assert!(found.key.is_some(), "{}", system.name);
    }
    state.systems.iter().map(|system| system.name.to_string()).collect()
}

#[test]
fn a_limit_on_the_size_of_files_leaves_the_old_or_the_new_state_and_no_part_of_a_file() {
    let (mut refused, mut done) = (0, 0);
    // In blocks of 512 bytes: from nothing to more than both files together.
    for blocks in 0..8 {
        let home = home();
        let before = files(&home.data());
        let line = format!("ulimit -f {blocks}; exec '{}' systems remove dev", env!("CARGO_BIN_EXE_cpikey"));
        let output = Command::new("sh").args(["-c", &line]).envs(home.variables()).output().unwrap();
        match output.status.code() {
            Some(1) => {
                assert_eq!(names(&home), ["dev", "prod"], "{blocks}");
                // The list is decisive; the sealed file may have been written before it.
                assert_eq!(files(&home.data()).len(), before.len(), "{blocks}");
                refused += 1;
            }
            Some(0) => {
                assert_eq!(names(&home), ["prod"], "{blocks}");
                done += 1;
            }
            _ => panic!("{blocks}: {output:?}"),
        }
    }
    assert!(refused > 0 && done > 0, "{refused} refused, {done} done");
}

#[test]
fn an_export_that_cannot_be_written_leaves_no_file() {
    let home = Home::new();
    let key = home.file("key.json", &key());
    let out = home.path().join("out");
    fs::create_dir(&out).unwrap();
    let program = env!("CARGO_BIN_EXE_cpikey");
    let line = format!("ulimit -f 0; exec '{program}' export env '{key}' --with-secret --output '{}'", out.display());
    let output = Command::new("sh").args(["-c", &line]).envs(home.variables()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(files(&out), []);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains(CANARY) && !said.contains(".cpikey-"), "{said}");
}

/// In a separate namespace, in which it may mount. If that is forbidden, nothing is tested.
#[test]
fn a_full_disk_leaves_the_saved_systems_as_they_were() {
    let home = home();
    let before = files(&home.data());
    let after = home.path().join("after");
    fs::create_dir(&after).unwrap();
    let script = format!(
        "cp -a data/cpikey before && mount -t tmpfs -o size=16k none data/cpikey || exit 99
         cp -a before/. data/cpikey && chmod 700 data/cpikey
         dd if=/dev/zero of=data/cpikey/filler 2>/dev/null
         '{}' systems remove dev; status=$?
         rm data/cpikey/filler; cp -a data/cpikey/. after; exit $status",
        env!("CARGO_BIN_EXE_cpikey")
    );
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]);
    let Ok(output) = command.current_dir(home.path()).envs(home.variables()).output() else { return };
    if output.status.code() == Some(99) || String::from_utf8_lossy(&output.stderr).starts_with("unshare:") {
        return;
    }
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(files(&after), before);
}
