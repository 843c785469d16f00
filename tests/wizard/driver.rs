//! The wizard without a terminal: keys in, effects and frames out.

use std::{cell::Cell, sync::Arc, time::Duration};

use cpikey::{
    app::{self, App},
    domain::{
        check::*, content::Content, finding::Finding, key::address::Address, progress::Progress,
        text::safe_text::SafeText,
    },
    model::{
        Effect, JobEvent, JobId, JobRequest, Msg, Now, Pasted, PracticeSample, Surroundings, cloud::PracticePeople,
        msg::PracticeTenant,
    },
    ui::{Palette, Theme},
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer, style::Modifier};

/// A key that works, as the cockpit shows it. Invented.
pub const KEY: &str = r#"{
  "oauth": {
    "createdate": "2026-01-02T03:04:05.678Z",
    "clientid": "sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678",
    "clientsecret": "11111111-2222-4333-8444-555555555555$AbC_dEf-GhI0123456789AbC_dEf-GhI0123456789AbC=",
    "tokenurl": "https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token",
    "url": "https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com"
  }
}"#;

/// Part of the secret in [`KEY`] that must appear nowhere unasked.
pub const CANARY: &str = "AbC_dEf-GhI0123456789";

thread_local! {
    /// The content for wizards started by this thread.
    pub static LANGUAGE: Cell<fn() -> Content> = const { Cell::new(cpikey::content::load) };
}

/// The wizard and its effects.
pub struct Driver {
    pub app: App,
    pub effects: Vec<Effect>,
    /// All started jobs.
    pub jobs: Vec<(JobId, JobRequest)>,
    /// The progress each time it was saved; `None` if it was deleted.
    pub saved: Vec<Option<Progress>>,
    now: Now,
    around: Surroundings,
    /// All messages so far.
    history: Vec<Msg>,
}

impl Driver {
    pub fn new() -> Self {
        Self::with(Surroundings::default())
    }

    pub fn with(around: Surroundings) -> Self {
        let content: Content = LANGUAGE.get()();
        let now = Now { since_start: Duration::from_secs(1), wall: "2026-11-01T12:00:00Z".parse().unwrap() };
        let mut driver = Self {
            app: App::new(Arc::new(content), around.clone()),
            effects: Vec::new(),
            jobs: Vec::new(),
            saved: Vec::new(),
            now,
            around,
            history: Vec::new(),
        };
        driver.send(Msg::Tick(now));
        driver
    }

    /// A second wizard with the same messages.
    pub fn again(&self) -> Self {
        let mut driver = Self::with(self.around.clone());
        self.history.iter().for_each(|msg| driver.send(msg.clone()));
        driver.now = self.now;
        driver
    }

    /// On a practice tenant with two keys.
    pub fn practice() -> Self {
        let mut driver = Self::with(Surroundings { practice: true, ..Surroundings::default() });
        driver.offer_samples();
        driver
    }

    /// Reports that the practice tenant runs.
    pub fn offer_samples(&mut self) {
        let sample = |title: &str, about: &str, text: &str| PracticeSample {
            title: title.to_owned(),
            about: about.to_owned(),
            text: Pasted::new(text),
        };
        self.send(Msg::Practice(Ok(PracticeTenant {
            samples: vec![
                sample("A key that works", "Token and every role are granted.", KEY),
                sample("Not a key", "Shows what a wrong text leads to.", "{ \"roles\": [\"MonitoringDataRead\"] }"),
            ],
            cloud_foundry: cloud_of_practice(),
            people: practice_people(),
        })));
    }

    /// Sets the wall clock.
    pub fn at(&mut self, wall: jiff::Timestamp) -> &mut Self {
        self.now.wall = wall;
        self.send(Msg::Tick(self.now));
        self
    }

    pub fn send(&mut self, msg: Msg) {
        self.history.push(msg.clone());
        for effect in app::update(&mut self.app, msg) {
            if let Effect::Start(id, request) = &effect {
                self.jobs.push((*id, request.clone()));
            }
            match effect {
                Effect::SaveProgress(progress) => self.saved.push(progress.map(|progress| *progress)),
                effect => self.effects.push(effect),
            }
        }
    }

    /// Lets time pass.
    pub fn wait(&mut self, time: Duration) {
        self.now.since_start += time;
        self.send(Msg::Tick(self.now));
    }

    /// Presses keys, named as in `down down space enter ctrl+p /`.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for name in keys.split_whitespace() {
            // A user needs longer for a key press than the quiet time after a paste.
            self.wait(Duration::from_millis(200));
            let key = key(name);
            self.send(Msg::Key(key));
        }
        self
    }

    /// Types text key by key.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        self.wait(Duration::from_millis(200));
        for c in text.chars() {
            self.send(Msg::Key(KeyEvent::from(KeyCode::Char(c))));
        }
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Msg::Paste(Pasted::new(text)));
        self
    }

    /// The effects since the last call.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The jobs among the effects since the last call.
    pub fn take_jobs(&mut self) -> Vec<JobRequest> {
        let job = |effect| if let Effect::Start(_, request) = effect { Some(request) } else { None };
        self.take_effects().into_iter().filter_map(job).collect()
    }

    /// Sends an event of the latest job.
    pub fn report(&mut self, event: JobEvent) {
        let id = self.jobs.last().expect("a job was started").0;
        self.send(Msg::Job(id, event));
    }

    /// Enters a file name, and answers with the contents of the file.
    pub fn read_file(&mut self, name: &str, text: Pasted) {
        self.press("f").type_text(name).press("enter");
        let read = self.effects.pop();
        assert!(matches!(read, Some(Effect::Start(_, JobRequest::ReadFile(_)))), "{read:?}");
        self.report(JobEvent::Read(Ok(text)));
    }

    /// The latest test.
    pub fn started(&self) -> (JobId, CheckRequest) {
        let test = |effect: &Effect| match effect {
            Effect::Start(id, JobRequest::Test(request)) => Some((*id, request.clone())),
            _ => None,
        };
        self.effects.iter().rev().find_map(test).expect("a test was started")
    }

    /// Answers the running test: connected, this token, and for each probe the result of `probe`.
    pub fn answer(&mut self, scopes: &[&str], probe: impl Fn(&PlannedProbe) -> Seen) {
        let (id, request) = self.started();
        let connected = |tls: &str| Seen::Connected { tls: Some(SafeText::line(tls)), proxy: None };
        self.finish(id, CheckStep::Connect(Site::Token), 84, connected("TLS 1.3"));
        let token = TokenFacts {
            expires_in: Some(43199),
            scopes: scopes.iter().map(|scope| SafeText::line(scope)).collect(),
            elapsed_ms: 212,
        };
        self.finish(id, CheckStep::Token, 212, Seen::Token(token));
        self.finish(id, CheckStep::Connect(Site::Api), 61, connected("TLS 1.3"));
        for planned in &request.probes {
            let seen = probe(planned);
            self.finish(id, CheckStep::Probe(planned.spec.id.clone()), 131, seen);
        }
        self.send(Msg::Job(id, JobEvent::Test(CheckEvent::Done)));
    }

    /// Answers the running test with a fault at its token request.
    pub fn answer_fault(&mut self, finding: Finding) {
        let (id, _) = self.started();
        self.finish(id, CheckStep::Token, 90, Seen::Fault(finding));
        self.send(Msg::Job(id, JobEvent::Test(CheckEvent::Done)));
    }

    /// Sends an event of the latest test.
    pub fn check(&mut self, event: CheckEvent) {
        let (id, _) = self.started();
        self.send(Msg::Job(id, JobEvent::Test(event)));
    }

    /// The latest test starts and connects to the token server.
    pub fn connect(&mut self) {
        let limits = Limits::default();
        self.check(CheckEvent::Began { within: limits.total });
        let step = CheckStep::Connect(Site::Token);
        self.check(CheckEvent::Started { step: step.clone(), within: limits.connect });
        self.wait(Duration::from_millis(84));
        let seen = Seen::Connected { tls: Some("TLS 1.3".into()), proxy: None };
        self.check(CheckEvent::Finished { step, elapsed: Duration::from_millis(84), seen });
        self.check(CheckEvent::Started { step: CheckStep::Token, within: limits.request });
    }

    pub fn finish(&mut self, id: JobId, step: CheckStep, ms: u64, seen: Seen) {
        self.send(Msg::Job(
            id,
            JobEvent::Test(CheckEvent::Started { step: step.clone(), within: Limits::default().request }),
        ));
        let finished = CheckEvent::Finished { step, elapsed: Duration::from_millis(ms), seen };
        self.send(Msg::Job(id, JobEvent::Test(finished)));
    }

    /// The picture as text.
    pub fn screen(&self, width: u16, height: u16) -> String {
        self.picture(width, height, &Theme::new(Palette::Ansi, true)).0
    }

    /// The terminal after drawing.
    pub fn drawn(&self, width: u16, height: u16, theme: &Theme) -> TestBackend {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| app::view(&self.app, theme, frame)).unwrap();
        terminal.backend().clone()
    }

    /// The picture, cell by cell.
    pub fn buffer(&self, width: u16, height: u16, theme: &Theme) -> Buffer {
        self.drawn(width, height, theme).buffer().clone()
    }

    /// The picture as text, and its styles.
    pub fn picture(&self, width: u16, height: u16, theme: &Theme) -> (String, String) {
        let buffer = self.buffer(width, height, theme);
        let (mut text, mut styles) = (String::new(), String::new());
        for y in 0..height {
            let mut row = String::new();
            let mut run: Option<(u16, String)> = None;
            for x in 0..width {
                let cell = &buffer[(x, y)];
                row.push_str(cell.symbol());
                let plain = cell.modifier == Modifier::empty() && cell.fg == ratatui::style::Color::Reset;
                let style = (!plain).then(|| format!("{:?} {:?}", cell.fg, cell.modifier));
                if run.as_ref().map(|(_, style)| style.as_str()) != style.as_deref() {
                    if let Some((from, style)) = run.take() {
                        styles.push_str(&format!("{y}:{from}-{} {style}\n", x - 1));
                    }
                    run = style.map(|style| (x, style));
                }
            }
            if let Some((from, style)) = run {
                styles.push_str(&format!("{y}:{from}-{} {style}\n", width - 1));
            }
            text.push_str(row.trim_end());
            text.push('\n');
        }
        (text, styles)
    }
}

/// The address of the practice tenant's Cloud Foundry.
pub fn cloud_of_practice() -> Address {
    Address::trusted("http://127.0.0.1:2".parse().unwrap())
}

/// The users that can log in there.
pub fn practice_people() -> PracticePeople {
    PracticePeople {
        user: "dev@example.com",
        password: "practice",
        second_factor: "otp@example.com",
        locked: "locked@example.com",
        of_two_origins: "two@example.com",
        origin: "practice-idp",
    }
}

/// The result of a successful probe.
pub fn ok(count: u64) -> Seen {
    Seen::Probe(ProbeFacts { status: Some(200), outcome: ProbeOutcome::Ok, count: Some(count), finding: None })
}

fn key(name: &str) -> KeyEvent {
    if let Some(rest) = name.strip_prefix("ctrl+") {
        return KeyEvent::new(KeyCode::Char(rest.chars().next().unwrap()), KeyModifiers::CONTROL);
    }
    KeyEvent::from(match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "space" => KeyCode::Char(' '),
        "tab" => KeyCode::Tab,
        "shift+tab" => KeyCode::BackTab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pgup" => KeyCode::PageUp,
        "pgdn" => KeyCode::PageDown,
        "backspace" => KeyCode::Backspace,
        "f1" => KeyCode::F(1),
        one => {
            assert_eq!(one.chars().count(), 1, "no key is called {one}");
            KeyCode::Char(one.chars().next().unwrap())
        }
    })
}
