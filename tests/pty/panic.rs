//! What a panic does to the terminal. The wizard runs in this test program itself, with effects that panic.

use std::{
    future::pending,
    io,
    path::Path,
    process::{Command, ExitCode},
    thread,
};

use cpikey::{
    model::Effect,
    platform::{crash, env::Environment},
    runtime::{Options, event_loop::EffectHandler, wizard_with},
};

use super::harness::Session;

/// Tells [`a_wizard_that_panics`] where to panic.
const PLACE: &str = "PANIC_PLACE";

/// The threads whose panics end the wizard: the one of the loop, and those of tasks.
const THREADS: [&str; 2] = ["main", "task"];

/// Effects that panic once the wizard is on the screen.
struct Panicking(String);

impl EffectHandler for Panicking {
    fn started(&mut self) -> io::Result<()> {
        assert_ne!(self.0, THREADS[0], "canary");
        Ok(())
    }
    fn perform(&mut self, _: Effect) -> io::Result<()> {
        Ok(())
    }
    async fn supervise(&mut self) {
        if self.0 == THREADS[0] {
            return pending().await;
        }
        let task = thread::Builder::new().name(self.0.clone()).spawn(|| panic!("canary")).unwrap();
        std::panic::resume_unwind(task.join().unwrap_err());
    }
}

#[test]
fn a_panic_in_the_loop_or_in_a_task_restores_the_terminal_and_shows_only_its_place() {
    let tests = std::env::current_exe().unwrap();
    for thread in THREADS {
        let program = ["--exact", "panic::a_wizard_that_panics", "--ignored", "--nocapture"];
        let ended = Session::start(Path::new(&tests), &program, &[(PLACE, thread)]).wait_for_end();
        assert_eq!(ended.status, 1, "{thread}: {}", ended.screen.contents());
        ended.assert_restored();
        let text = ended.screen.contents();
        assert!(text.contains("crashed (internal error) at tests/pty/panic.rs"), "{thread}: {text}");
        assert!(!text.contains("canary"), "{thread}: {text}");
    }
}

#[test]
#[ignore = "the program that the test above runs in a terminal"]
fn a_wizard_that_panics() {
    let Ok(place) = std::env::var(PLACE) else { return };
    // Tests run on threads with other names, whose panics would not end a wizard.
    let run = move || wizard_with(&Options::default(), &Environment::read(), |_, _| Panicking(place));
    let ended = thread::Builder::new().name(THREADS[0].to_owned()).spawn(run).unwrap().join();
    let failed = matches!(ended, Ok(Ok(status)) if status == ExitCode::FAILURE);
    std::process::exit(i32::from(failed));
}

#[test]
fn a_panic_in_a_command_shows_only_its_place_and_ends_it_with_status_1() {
    let program = ["--exact", "panic::a_command_that_panics", "--ignored", "--nocapture"];
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.args(program).env(PLACE, "command").env("RUST_BACKTRACE", "1").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("crashed (internal error) at tests/pty/panic.rs"), "{said}");
    assert!(!said.contains("canary"), "{said}");
    // The program itself cannot be made to panic; its guard is active from its first line on.
    assert!(include_str!("../../src/main.rs").contains("crash::guarded(run)"));
}

#[test]
#[ignore = "the program that the test above runs"]
fn a_command_that_panics() {
    if std::env::var(PLACE).is_err() {
        return;
    }
    // The message of such a panic quotes the text.
    let text = "canary".to_owned() + "ü";
    let cut = text.len() - 1;
    let status = crash::guarded(|| if text[..cut].is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) });
    std::process::exit(i32::from(status == ExitCode::FAILURE));
}
