//! Secrets sealed with a passphrase, which is typed at a real terminal.

use std::io::Write;

use cpikey::{
    domain::systems::{system::SystemName, vault::VaultError},
    platform::{
        prompt::{LIMIT, PromptError},
        saved::SavedError,
    },
    words::Words,
};
use portable_pty::CommandBuilder;

use crate::at_terminal::{answer, watch};
use crate::certificates::year;
use crate::harness::{Home, PASSPHRASE, key, practice, refuse_secrets, says};

/// Runs the program in a terminal, types `answers` one after another at its prompts, and returns its status and what
/// the terminal shows.
pub fn at_terminal(home: &Home, arguments: &[&str], answers: &[&str]) -> (u32, String) {
    let mut asked = 0;
    let done = run(home, program(arguments), |_, keyboard| {
        asked += 1;
        let answer = answers.get(asked - 1).unwrap_or_else(|| panic!("asked too often"));
        keyboard.write_all(format!("{answer}\r").as_bytes()).unwrap();
    });
    assert_eq!(asked, answers.len(), "{}", done.1);
    done
}

/// The same for any prompts. Each is answered when it appears, in this order.
pub fn at_terminal_with(home: &Home, arguments: &[&str], answers: &[(&str, &str)]) -> (u32, String) {
    without_secrets(answer(at_home(home, program(arguments)), answers))
}

/// Runs a command in a terminal and calls `asked` for each prompt, with what the terminal shows and the keyboard.
fn run(home: &Home, command: CommandBuilder, mut asked: impl FnMut(&str, &mut dyn Write)) -> (u32, String) {
    let mut answered = 0;
    without_secrets(watch(at_home(home, command), |text, keyboard| {
        let labels = Words::default().passphrase_command();
        let questions = [labels.ask(), labels.ask_new(), labels.ask_again(), "[y/N] "];
        let questions = questions.map(|question| text.matches(question).count()).iter().sum();
        for _ in answered..questions {
            asked(text, keyboard);
        }
        answered = questions;
    }))
}

fn program(arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cpikey"));
    command.args(arguments);
    command
}

fn at_home(home: &Home, mut command: CommandBuilder) -> CommandBuilder {
    for (name, value) in home.variables() {
        command.env(name, value);
    }
    command
}

fn without_secrets((status, seen): (u32, String)) -> (u32, String) {
    refuse_secrets(&seen);
    (status, seen)
}

#[test]
fn a_passphrase_that_was_chosen_opens_what_was_saved_with_it() {
    let home = Home::new();
    let (_practice, key) = practice();
    let file = home.file("key.json", &key("works"));
    let add = ["systems", "add", "dev", &file, "--passphrase", "--purpose", "monitoring"];
    let (status, seen) = at_terminal(&home, &add, &[PASSPHRASE, PASSPHRASE]);
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains("dev is saved") && seen.contains("sealed with the passphrase"), "{seen}");
    home.refuse_secrets_in_files();

    let (status, seen) = at_terminal(&home, &["test", "--system", "dev"], &[PASSPHRASE]);
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains("ready: The key works"), "{seen}");
    assert!(home.run(&["systems", "list"]).stdout.starts_with("dev  works · "));

    let (status, seen) = at_terminal(&home, &["systems", "test", "dev"], &["a wrong one"]);
    assert_eq!(status, 2, "{seen}");
    assert!(says(&seen, &SavedError::Vault(VaultError::WrongPassphrase)), "{seen}");
}

#[test]
fn two_different_passphrases_or_a_weak_one_save_nothing() {
    let home = Home::new();
    let file = home.file("key.json", &key());
    let labels = cpikey::words::Words::default().passphrase();
    let add = ["systems", "add", "dev", &file, "--passphrase"];
    let (status, seen) = at_terminal(&home, &add, &[PASSPHRASE, "battery stable"]);
    assert!(status == 2 && seen.contains("The two passphrases do not match."), "{seen}");
    let (status, seen) = at_terminal(&home, &add, &["short"]);
    assert!(status == 2 && seen.contains(labels.too_short().what), "{seen}");
    let (status, seen) = at_terminal(&home, &add, &["passwordpassword"]);
    assert!(status == 2 && seen.contains(labels.too_simple().what), "{seen}");
    assert!(!home.data().exists());
}

#[test]
fn a_name_in_use_is_reported_before_a_passphrase_is_asked_for() {
    let home = Home::new();
    home.saved(&[("dev", &key())]);
    let file = home.file("key.json", &key());
    let (status, seen) = at_terminal(&home, &["systems", "add", "Dev", &file], &[]);
    assert!(status == 2 && says(&seen, &SavedError::NameTaken(SystemName::new("dev").unwrap())), "{seen}");
    let (status, seen) = at_terminal(&home, &["systems", "add", "dev", &file, "--replace"], &[PASSPHRASE]);
    assert!(status == 0 && seen.contains("dev is saved"), "{seen}");
}

#[test]
fn all_systems_are_tested_with_one_question_and_the_worst_comes_first() {
    let home = Home::new();
    let (_practice, key) = practice();
    let mut systems = vec![("good".to_owned(), key("works")), ("poor".to_owned(), key("wrong-secret"))];
    systems.extend((0..9).map(|number| (format!("good {number}"), key("works"))));
    let systems: Vec<(&str, &str)> = systems.iter().map(|(name, key)| (name.as_str(), key.as_str())).collect();
    home.saved(&systems);
    let (status, seen) = at_terminal(&home, &["systems", "test", "--all"], &[PASSPHRASE]);
    assert_eq!(status, 3, "{seen}");
    let rows: Vec<&str> = seen.lines().filter(|line| line.starts_with(['✓', '✗'])).collect();
    assert_eq!(rows.len(), 11, "{seen}");
    assert!(rows[0].contains("✗ poor    client rejected"), "{seen}");
    assert!(rows[1..].iter().all(|row| row.contains("works") && row.starts_with("✓ good")), "{seen}");
    for done in 1..=11 {
        let progress = format!("{done} of 11: ");
        assert_eq!(seen.lines().filter(|line| line.starts_with(&progress)).count(), 1, "{progress}{seen}");
    }
    let listed = home.run(&["systems", "list"]).stdout;
    assert_eq!(listed.matches("works · ").count(), 10, "{listed}");
    assert_eq!(listed.matches("client rejected · ").count(), 1, "{listed}");
}

#[test]
fn limits_apply_to_saved_systems_by_what_the_key_states_or_when_it_was_saved() {
    let home = Home::new();
    let (_practice, key) = practice();
    let without_date = |key: &str| {
        let mut key: serde_json::Value = serde_json::from_str(key).unwrap();
        key["oauth"].as_object_mut().unwrap().remove("createdate");
        key.to_string()
    };
    home.saved(&[
        ("stated", &key("works")),
        ("saved", &without_date(&key("works"))),
        ("unknown", &without_date(&key("works"))),
    ]);
    change_list(&home, |list| {
        list.replacen("name = \"saved\"\n", "name = \"saved\"\nsaved = \"2020-01-01T00:00:00Z\"\n", 1)
    });
    let names = ["systems", "test", "saved", "unknown", "SAVED"];
    assert_eq!(at_terminal(&home, &names, &[PASSPHRASE]).0, 0);
    let (status, seen) = at_terminal(&home, &[&names[..], &["--max-age", "365"]].concat(), &[PASSPHRASE]);
    assert_eq!(status, 3, "{seen}");
    let rows: Vec<&str> = seen.lines().filter(|line| line.starts_with(['✓', '!'])).collect();
    assert!(rows[0].starts_with("! saved    works    key: at least ") && rows[1].starts_with("✓ unknown"), "{seen}");
    assert_eq!(rows.len(), 2, "a name that comes twice is one system: {seen}");
    // A single system is shown with all findings, and has the same status.
    let (status, seen) = at_terminal(&home, &["systems", "test", "saved", "--max-age", "365"], &[PASSPHRASE]);
    assert!(status == 3 && seen.contains("older than allowed") && seen.contains("ready"), "{seen}");
    let (status, seen) = at_terminal(&home, &["systems", "test", "saved", "nobody"], &[]);
    assert!(status == 2 && says(&seen, &SavedError::Unknown("nobody".into())), "{seen}");
}

#[test]
fn a_certificate_that_has_expired_is_the_worst_and_nothing_is_sent_with_it() {
    let home = Home::new();
    let (_practice, key) = practice();
    home.saved(&[("good", &key("works"))]);
    home.saved_at("2021-06-01T00:00:00Z".parse().unwrap(), &[("old", &year(2021))]);
    let (status, seen) = at_terminal(&home, &["systems", "test", "--all"], &[PASSPHRASE]);
    assert_eq!(status, 2, "{seen}");
    let rows: Vec<&str> = seen.lines().filter(|line| line.starts_with(['✓', '✗'])).collect();
    assert!(
        rows[0].starts_with("✗ old     unusable key  certificate expired ") && rows[0].contains(" years ago; "),
        "{seen}"
    );
    assert!(rows[1].starts_with("✓ good    works"), "{seen}");
}

fn list_changed(name: &str) -> SavedError {
    SavedError::ListChanged(SystemName::new(name).unwrap())
}

/// Changes the list of the saved systems by hand.
fn change_list(home: &Home, change: impl FnOnce(String) -> String) {
    let path = home.data().join("systems.toml");
    std::fs::write(&path, change(std::fs::read_to_string(&path).unwrap())).unwrap();
}

#[test]
fn a_list_that_was_changed_by_hand_does_not_send_the_secret_elsewhere() {
    let home = Home::new();
    let (_practice, key) = practice();
    home.saved(&[("dev", &key("works"))]);
    change_list(&home, |text| text.replace("http://127.0.0.1:", "http://127.0.0.2:"));
    for test in [["test", "--system", "dev"], ["systems", "test", "dev"], ["systems", "test", "--all"]] {
        let (status, seen) = at_terminal(&home, &test, &[PASSPHRASE]);
        assert_eq!(status, 2, "{seen}");
        assert!(says(&seen, &list_changed("dev")), "{seen}");
        assert!(!seen.contains("token server"), "nothing is sent: {seen}");
    }
    assert!(!home.run(&["systems", "list"]).stdout.contains(" on 20"));
}

#[test]
fn systems_whose_ids_were_exchanged_get_no_verdict_of_each_other() {
    let home = Home::new();
    let (_practice, works) = practice();
    home.saved(&[("good", &works("works")), ("dev", &key()), ("prod", &key().replace("3f1c9a52", "4a2d8b63"))]);
    change_list(&home, |text| {
        let ids: Vec<String> = text.lines().filter(|line| line.starts_with("id = ")).map(ToOwned::to_owned).collect();
        text.replace(&ids[1], "exchanged").replace(&ids[2], &ids[1]).replace("exchanged", &ids[2])
    });
    let (status, seen) = at_terminal(&home, &["systems", "test", "--all"], &[PASSPHRASE]);
    assert_eq!(status, 2, "{seen}");
    assert_eq!(seen.lines().filter(|line| line.starts_with('✗') && line.contains("unusable key")).count(), 2, "{seen}");
    assert!(seen.contains("✓ good    works"), "{seen}");
    let listed = home.run(&["systems", "list"]).stdout;
    assert_eq!(listed.matches(" · ").count(), 1, "{listed}");
    for name in ["dev", "prod"] {
        let (status, seen) = at_terminal(&home, &["test", "--system", name], &[PASSPHRASE]);
        assert!(status == 2 && says(&seen, &list_changed(name)), "{seen}");
    }
}

/// A shell that runs the program, and then prints its status and the terminal settings. `line` is the command, with
/// `PROGRAM` for the program and its arguments.
fn in_shell(home: &Home, line: &str) -> CommandBuilder {
    home.saved(&[("dev", &key())]);
    let program = format!("'{}' test --system dev", env!("CARGO_BIN_EXE_cpikey"));
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", &format!("{}; echo status $?; stty -a </dev/tty", line.replace("PROGRAM", &program))]);
    command
}

/// The process id printed by `in_shell`.
fn pid(seen: &str) -> String {
    let rest = seen.split("pid ").nth(1).unwrap_or_else(|| panic!("{seen}"));
    rest.split('.').next().unwrap().to_owned()
}

/// Asserts that echo and line mode are on.
fn assert_restored(seen: &str) {
    let modes: Vec<&str> = seen.split_whitespace().collect();
    assert!(["echo", "icanon", "isig"].iter().all(|mode| modes.contains(mode)), "{seen}");
}

/// The message if the passphrase cannot be used.
fn refused(seen: &str, error: &PromptError) -> bool {
    let what = error.problem(Words::default()).what;
    seen.split_whitespace().collect::<Vec<_>>().join(" ").contains(&what)
}

#[test]
fn ctrl_c_and_ctrl_backslash_end_a_question_and_leave_the_terminal_as_it_was() {
    for (key, status) in [("\x03", 130), ("\x1c", 131)] {
        let home = Home::new();
        let command = in_shell(&home, "PROGRAM");
        let typed = format!("batt{key}");
        let (_, seen) = run(&home, command, |_, keyboard| keyboard.write_all(typed.as_bytes()).unwrap());
        assert!(seen.contains(&format!("status {status}")) && !seen.contains("batt"), "{seen}");
        assert_restored(&seen);
    }
}

#[test]
fn commands_write_no_core_dump() {
    let home = Home::new();
    let command = in_shell(&home, "ulimit -c unlimited; sh -c 'echo pid $$.; exec \"$0\" \"$@\"' PROGRAM");
    let mut limits = String::new();
    let (_, seen) = run(&home, command, |seen, keyboard| {
        limits = std::fs::read_to_string(format!("/proc/{}/limits", pid(seen))).unwrap();
        keyboard.write_all(b"\x1c").unwrap();
    });
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{limits}");
    // Ctrl+\ requests a core dump.
    assert!(seen.contains("status 131") && !seen.contains("core dumped"), "{seen}");
}

#[test]
fn ctrl_d_cancels_a_question() {
    for typed in ["\x04", "batt\x04"] {
        let home = Home::new();
        let command = in_shell(&home, "PROGRAM");
        let (_, seen) = run(&home, command, |_, keyboard| keyboard.write_all(typed.as_bytes()).unwrap());
        assert!(seen.contains("status 2") && refused(&seen, &PromptError::Cancelled), "{seen}");
        assert_restored(&seen);
    }
}

#[test]
fn ctrl_z_stops_the_program_with_the_terminal_restored_and_the_question_is_asked_again() {
    let home = Home::new();
    // With job control, as in an interactive shell.
    let command = in_shell(&home, "set -m; PROGRAM; echo stopped $?; stty -a </dev/tty; echo resumed; fg");
    let mut asked = 0;
    let (_, seen) = run(&home, command, |_, keyboard| {
        asked += 1;
        keyboard.write_all(if asked == 1 { b"batt\x1a" } else { b"wrong\r" }).unwrap();
    });
    let (before, after) = seen.split_once("resumed").unwrap_or_else(|| panic!("{seen}"));
    assert!(before.contains("stopped 1"), "{seen}");
    assert_restored(before);
    assert_eq!(asked, 2, "{seen}");
    // Input typed before the stop is discarded.
    assert!(says(after, &SavedError::Vault(VaultError::WrongPassphrase)), "{seen}");
    assert_restored(after);
}

#[test]
fn ctrl_z_without_anybody_who_could_continue_asks_again() {
    let home = Home::new();
    let command = in_shell(&home, "PROGRAM");
    let mut asked = 0;
    let (_, seen) = run(&home, command, |_, keyboard| {
        asked += 1;
        keyboard.write_all(if asked == 1 { b"\x1a" } else { b"\x04" }).unwrap();
    });
    assert!(asked == 2 && seen.contains("status 2"), "{seen}");
    assert_restored(&seen);
}

#[test]
fn a_passphrase_may_be_longer_than_the_line_buffer_of_a_terminal_but_not_endless() {
    let home = Home::new();
    let long = format!("{}{}", "x".repeat(LIMIT - 4), "last");
    // A terminal in line mode would lose everything after 4095 bytes, including the end of the line.
    let endless = "x".repeat(6000);
    let command = in_shell(&home, "PROGRAM");
    let (_, seen) = run(&home, command, |_, keyboard| keyboard.write_all(format!("{long}\r").as_bytes()).unwrap());
    assert!(says(&seen, &SavedError::Vault(VaultError::WrongPassphrase)), "{seen}");
    let home = Home::new();
    let command = in_shell(&home, "PROGRAM");
    let (_, seen) = run(&home, command, |_, keyboard| keyboard.write_all(format!("{endless}\r").as_bytes()).unwrap());
    assert!(seen.contains("status 2") && refused(&seen, &PromptError::TooLong) && !seen.contains("xxxx"), "{seen}");
    assert_restored(&seen);
}

#[test]
fn a_passphrase_with_a_control_character_is_refused_and_not_shown() {
    for typed in ["batt\x1b[A\r", "batt\ta\r", "batt\0\r", "batt\u{85}\r"] {
        let home = Home::new();
        let command = in_shell(&home, "PROGRAM");
        let (_, seen) = run(&home, command, |_, keyboard| keyboard.write_all(typed.as_bytes()).unwrap());
        assert!(seen.contains("status 2") && refused(&seen, &PromptError::ControlCharacter), "{typed:?}: {seen}");
        assert!(!seen.contains("batt"), "{seen}");
        assert_restored(&seen);
    }
}

#[test]
fn what_is_pasted_after_the_first_line_is_neither_shown_nor_run() {
    let home = Home::new();
    let pasted = format!("{{\r{}", "echo pasted\r".repeat(1000));
    let command = in_shell(&home, "PROGRAM");
    let (_, seen) = run(&home, command, |_, keyboard| keyboard.write_all(pasted.as_bytes()).unwrap());
    assert!(says(&seen, &SavedError::Vault(VaultError::WrongPassphrase)) && !seen.contains("pasted"), "{seen}");
    assert_restored(&seen);
}

#[test]
fn bytes_that_are_not_text_are_refused() {
    let home = Home::new();
    let command = in_shell(&home, "PROGRAM");
    let (_, seen) = run(&home, command, |_, keyboard| keyboard.write_all(b"batt\xff\r").unwrap());
    assert!(seen.contains("status 2") && refused(&seen, &PromptError::NotText), "{seen}");
}

#[test]
fn a_program_that_a_signal_ends_while_it_asks_leaves_the_terminal_as_it_was() {
    for (signal, status) in [("-TERM", 143), ("-INT", 130), ("-QUIT", 131), ("-HUP", 129)] {
        let home = Home::new();
        // Without job control a shell starts background processes with interrupts ignored.
        let command = in_shell(&home, "sh -c 'echo pid $$.; exec \"$0\" \"$@\"' PROGRAM");
        let mut killed = false;
        let (_, seen) = run(&home, command, |seen, _| {
            let pid = pid(seen);
            killed = std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success();
        });
        assert!(killed && seen.contains(&format!("status {status}")), "{signal}: {seen}");
        assert_restored(&seen);
    }
}

#[test]
fn typing_errors_can_be_deleted() {
    let home = Home::new();
    let (_practice, key) = practice();
    home.saved(&[("dev", &key("works"))]);
    let (status, seen) =
        at_terminal(&home, &["test", "--system", "dev"], &[&format!("oops\x15oops \x17{PASSPHRASE}ß\x7f")]);
    assert_eq!(status, 0, "{seen}");
}
