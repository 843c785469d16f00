//! Whole walks through the wizard in a pseudo terminal.

use std::{fs, path::Path};

use cpikey::{
    domain::finding::{Finding, FindingCode},
    words::Words,
};

use crate::{
    harness::{PROGRAM, Session},
    world::{PASSCODE, PASSPHRASE, PASSWORD, SECRET, World},
};

/// A walk: checks every screen, and at the end all output and files left behind.
struct Walk<'a> {
    world: &'a World,
    session: Session,
}

impl<'a> Walk<'a> {
    fn start(world: &'a World, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut all = world.variables();
        all.extend(variables.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
        // Reports and exports are written where it starts.
        let work = world.text("work");
        let start = ["-c", "cd \"$0\" && exec \"$@\"", work.as_str(), PROGRAM];
        let session = Session::start_at((30, 100), Path::new("/bin/sh"), &[&start, arguments].concat(), &all);
        Self { world, session }
    }

    fn practice(world: &'a World, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let walk = Self::start(world, &[&["--practice"], arguments].concat(), variables);
        walk.session.wait_for_wizard();
        walk.see("PRACTICE");
        walk
    }

    fn see(&self, text: &str) {
        let screen = self.session.wait_for(text);
        self.world.canaries.assert_absent(screen.contents().as_bytes(), "the screen");
    }

    /// Presses keys, and waits until a text is on the screen.
    fn press(&mut self, keys: &str, then: &str) {
        self.session.send(keys);
        self.see(then);
    }

    /// Pastes a text as a terminal does, and waits until something else is drawn.
    fn paste(&mut self, text: &str) {
        let before = self.session.bytes_written();
        self.session.send(format!("\x1b[200~{text}\x1b[201~"));
        self.session.wait_for_bytes(before);
        let screen = self.session.whole_picture();
        self.world.canaries.assert_absent(screen.contents().as_bytes(), "the screen");
    }

    /// The plain view is on the normal screen, where the terminal keeps what was on it.
    fn look_at_plain_view(&mut self) {
        self.session.send("p");
        let screen = self.session.wait_until("the normal screen", |screen| !screen.alternate_screen());
        self.world.canaries.assert_absent(screen.contents().as_bytes(), "the plain view");
        self.session.send("\r");
        self.session.wait_until("the wizard again", vt100::Screen::alternate_screen);
    }

    /// Types into a masked field one by one: a burst would be a paste, after which keys press no button for a moment.
    fn type_hidden(&mut self, label: &str, text: &str) {
        for (index, character) in text.char_indices() {
            self.session.send(character.to_string());
            let screen = self.session.wait_until("the stars", |screen| {
                let contents = screen.contents();
                let after = contents.rsplit(label).next().unwrap_or_default();
                after.lines().any(|line| line.trim().trim_end_matches('│').trim().ends_with(&"*".repeat(index + 1)))
            });
            self.world.canaries.assert_absent(screen.contents().as_bytes(), "the screen");
        }
    }

    /// The process holds no secret in its arguments and environment, leaves none in a core dump, and none is in a file yet.
    fn look_at_process(&self) {
        let file = |name: &str| fs::read(format!("/proc/{}/{name}", self.session.pid())).unwrap_or_default();
        let arguments = file("cmdline");
        assert!(String::from_utf8_lossy(&arguments).contains("cpikey"), "no process");
        self.world.canaries.assert_absent(&arguments, "the arguments");
        self.world.canaries.assert_absent(&file("environ"), "the environment");
        let limits = String::from_utf8(file("limits")).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");
        self.world.assert_clean();
    }

    /// Ends it with Ctrl+C.
    fn end(mut self) {
        self.look_at_process();
        self.session.send("\x03");
        let ended = self.session.wait_for_end();
        assert_eq!(ended.status, 130, "{}", ended.screen.contents());
        self.world.canaries.assert_absent_in_terminal(&ended.bytes, "what was written to the terminal");
        self.world.canaries.assert_absent(ended.screen.contents().as_bytes(), "what is left on the terminal");
        self.world.assert_clean();
    }
}

fn key() -> String {
    format!(
        "{{\"oauth\":{{\"clientid\":\"sb-1!b1|it!b2\",\"clientsecret\":\"{SECRET}\",\"url\":\"https://acme.it-cpi018.cfapps.eu10.hana.ondemand.com\",\
         \"tokenurl\":\"https://acme.authentication.eu10.hana.ondemand.com/oauth/token\"}}}}"
    )
}

const F1: &str = "\x1bOP";

/// The start of the text of a finding.
fn told(code: FindingCode) -> String {
    let title = cpikey::content::load().findings.explain(&Finding::cf(code), Words::default()).title;
    title.chars().take(24).collect()
}

#[test]
fn no_screen_question_mark_plain_view_or_bad_key_shows_a_secret() {
    let world = World::new();
    let words = Words::default();
    let mut walk = Walk::practice(&world, &[], &[("TMUX", "/nowhere,1,0")]);
    for step in 1..=6 {
        walk.see(&format!("›{step} "));
        // In a field it would be typed.
        walk.press(if step == 3 { F1 } else { "?" }, words.app().help_title());
        let closed = |screen: &vt100::Screen| !screen.contents().contains(words.app().help_title());
        walk.session.send("\x1b");
        walk.session.wait_until("the screen below the help", closed);
        walk.session.send("\r");
    }
    walk.see("›7 ");
    let whole = key();
    for text in [
        whole[..whole.len() - 60].to_owned(),
        whole.replace("\",\"", "\"\""),
        whole.replace("sb-1!b1|it!b2", SECRET),
        whole.replace("https://acme.it", &format!("https://me:{SECRET}@acme.it")),
        whole.replace("clientid", SECRET),
        SECRET.to_owned(),
        format!("Bearer {SECRET}"),
        format!("{whole}\n{}", whole.replace("!b1", "!b3")),
        whole.replace('"', "\u{201d}"),
        whole.clone(),
    ] {
        walk.paste(&text);
    }
    walk.see("acme.authentication.eu10.hana.ondemand.com");
    walk.end();
}

#[test]
fn a_walk_to_the_end_copies_saves_and_opens_nothing_with_a_secret() {
    let words = Words::default();
    for (arguments, variables) in [
        (&[][..], &[("TMUX", "/nowhere,1,0"), ("DISPLAY", ":987")][..]),
        (&["--clipboard", "osc52"], &[("BROWSER", "xdg-open")]),
        (&["--clipboard", "tmux"], &[]),
    ] {
        let world = World::new();
        let mut walk = Walk::practice(&world, arguments, variables);
        walk.press("\x1b[F", words.purpose().to_quick_fill());
        walk.press("\r", "A key that works");
        walk.press("\r", "test the connection");
        walk.look_at_plain_view();
        walk.press("\r", "enter hand over");
        walk.look_at_plain_view();
        walk.press("R", "cpikey-report.md");
        walk.session.send("y");
        walk.press("\r", "›9 ");
        walk.session.send("o");
        walk.press("\t", "clientsecret");
        // The values one after another; the secret is the third and requires confirmation.
        walk.session.send("y\x1b[By");
        walk.press("\x1b[By", words.hand_over().copy_secret_title());
        let question = |screen: &vt100::Screen| screen.contents().contains(words.hand_over().copy_secret_title());
        walk.session.send("y");
        walk.session.wait_until("the answer", |screen| !question(screen));
        walk.end();
        assert!(world.path("work").join("cpikey-report.md").exists());
        assert_eq!(world.calls_of("tmux") > 0, arguments != ["--clipboard", "osc52"]);
    }
}

#[test]
fn neither_passphrase_nor_secret_is_seen_when_a_system_is_saved_and_opened() {
    let world = World::new();
    let words = Words::default();
    let mut walk = Walk::practice(&world, &[], &[]);
    walk.press("G", words.purpose().to_quick_fill());
    walk.press("\r", "A key that works");
    walk.press("\r", "Key read");
    walk.press("\r", "enter hand over");
    walk.press("\r", "enter save this system");
    walk.press("\r", "goes into a sealed file");
    walk.press("\r", "Repeat passphrase");
    walk.type_hidden("Passphrase", PASSPHRASE);
    walk.session.send("\r");
    walk.session.wait_until("the third field", |screen| screen.contents().contains("› Repeat passphrase"));
    walk.type_hidden("Repeat passphrase", PASSPHRASE);
    walk.press("\r", "sealed with your passphrase");
    walk.end();
    let sealed = crate::canary::files(&world.path("home"));
    assert!(sealed.iter().any(|file| file.ends_with("secrets.sealed")), "{sealed:?}");
    let labels = words.saved_systems();
    let mut walk = Walk::practice(&world, &[], &[]);
    walk.press("G", words.purpose().saved_row());
    walk.press("G", words.purpose().choose_saved());
    walk.press("\r", "enter open");
    walk.press("\r", labels.unlock_title());
    walk.type_hidden(labels.unlock_title(), &PASSPHRASE[1..]);
    walk.press("\r", words.vault().wrong_passphrase().what);
    walk.end();
}

#[test]
fn neither_passcode_nor_password_is_seen_when_the_login_is_refused() {
    let world = World::new();
    let words = Words::default().cloud();
    let mut walk = Walk::practice(&world, &[], &[]);
    for step in 2..=5 {
        walk.press("\r", &format!("›{step} "));
    }
    walk.press("C", words.log_in_title());
    walk.press("\r", words.passcode_title());
    walk.type_hidden(words.passcode_field(), PASSCODE);
    walk.press("\r", &told(FindingCode::CfPasscodeRefused));
    walk.end();
    // Without saved progress.
    let world = World::new();
    let mut walk = Walk::practice(&world, &[], &[]);
    for step in 2..=5 {
        walk.press("\r", &format!("›{step} "));
    }
    walk.press("C", words.log_in_title());
    walk.session.send("\x1b[B");
    walk.press("\r", words.password_title());
    walk.session.send("me\t");
    walk.type_hidden(words.password_field(), PASSWORD);
    walk.press("\t\r", &told(FindingCode::CfLoginRefused));
    walk.end();
}

#[test]
fn a_secret_that_is_shown_on_request_is_found_by_the_sweep() {
    let world = World::new();
    let words = Words::default();
    let mut walk = Walk::practice(&world, &[], &[]);
    walk.press("\x1b[F", words.purpose().to_quick_fill());
    walk.press("\r", "A key that works");
    walk.press("\r", "test the connection");
    walk.session.send("v");
    // However it is wrapped.
    let shown = |screen: &vt100::Screen| world.canaries.find(screen.contents().as_bytes()).is_some();
    walk.session.wait_until("the secret", shown);
    assert!(world.canaries.find(&crate::canary::without_sequences(&walk.session.bytes())).is_some());
}

#[test]
fn plain_mode_says_no_secret() {
    let world = World::new();
    let mut walk = Walk::start(&world, &[], &[("TERM", "dumb")]);
    walk.see("1 Purpose>");
    walk.press("?\r", "1 Purpose>");
    walk.press("12\r", "7 Fill>");
    walk.session.send(format!("{}\r", key().replace("https://acme.it", &format!("https://me:{SECRET}@acme.it"))));
    walk.session.send(format!("{}\r", key()));
    walk.see("acme.authentication.eu10.hana.ondemand.com");
    walk.press("?\r", "7 Fill>");
    walk.end();
}
