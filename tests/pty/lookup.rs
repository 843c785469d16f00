//! A name lookup that never ends: it belongs to the system, and nothing can stop it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use cpikey::words::Words;
use rustix::process::Signal;

use crate::harness::{PROGRAM, Session, has};

/// The system's lookup, replaced by one that never ends. Loaded before the C library; the program is the same.
const NEVER: &str = "#include <unistd.h>
struct addrinfo;
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    for (;;) pause();
}
";

/// `localhost` is looked up like any other name, and if the lookup answered after all, no request would leave the machine.
const KEY: &str = r#"{"oauth":{"clientid":"sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45","clientsecret":"3f1c9a52-aaaa-4bbb-8ccc-0123456789ab$canary7f3a0123456789ABCDEFGHIJKLMNOPQRSTUVW=","url":"http://localhost:1","tokenurl":"http://localhost:1/oauth/token"}}"#;

/// The library and a key, in a folder of their own.
struct World {
    folder: tempfile::TempDir,
    library: PathBuf,
}

impl World {
    fn new() -> Option<Self> {
        if !has("cc") {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let (source, library) = (folder.path().join("never.c"), folder.path().join("never.so"));
        std::fs::write(&source, NEVER).unwrap();
        std::fs::write(folder.path().join("key.json"), KEY).unwrap();
        let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]).status().unwrap();
        assert!(built.success());
        Some(Self { folder, library })
    }

    fn key(&self) -> String {
        self.folder.path().join("key.json").display().to_string()
    }

    fn start(&self, arguments: &[&str]) -> Session {
        let library = self.library.to_str().unwrap();
        Session::start(Path::new(PROGRAM), arguments, &[("LD_PRELOAD", library)])
    }
}

#[test]
fn a_command_ends_at_its_time_limit_although_a_name_lookup_never_does() {
    let Some(world) = World::new() else { return };
    let ended = world.start(&["test", &world.key(), "--timeout", "1"]).wait_for_end();
    assert_eq!(ended.status, 4, "{}", ended.screen.contents());
    let ended = world.start(&["instances", "--api", "http://localhost:1", "--passcode-stdin", "--timeout", "1"]);
    let ended = ended.wait_for_end();
    assert_eq!(ended.status, 4, "{}", ended.screen.contents());
}

#[test]
fn ctrl_c_ends_a_command_although_a_name_lookup_never_ends() {
    let Some(world) = World::new() else { return };
    let mut session = world.start(&["test", &world.key(), "--timeout", "60"]);
    let connecting = Words::default().test().connecting(7, 7);
    session.wait_for(connecting.split('7').next().unwrap());
    session.send("\x03");
    // By the signal itself, which has no number here.
    assert_eq!(session.wait_for_end().status, 1);
}

#[test]
fn the_wizard_stops_a_test_and_quits_although_a_name_lookup_never_ends() {
    let Some(world) = World::new() else { return };
    let words = Words::default().test();
    let testing = || {
        let mut session = world.start(&[&world.key()]);
        session.wait_for("›7 ");
        session.send("\r");
        session.wait_for("›8 ");
        session.wait_for(&words.testing_host("localhost"));
        session
    };
    for stops in ["\x1b", "\x03"] {
        let mut session = testing();
        session.send(stops);
        session.wait_for(words.stopped_headline());
        session.send("\x03");
        let ended = session.wait_for_end();
        assert_eq!(ended.status, 130);
        ended.assert_restored();
    }
    let session = testing();
    session.signal(Signal::TERM);
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 143);
    ended.assert_restored();
}
