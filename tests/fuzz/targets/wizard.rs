//! The reducer with the view: any order of keys, pastes, clicks, responses and time, drawn at any size. Nothing that is
//! drawn, spoken, saved or passed on contains a control character or the secret, and Ctrl+C ends it anywhere.

use std::time::Duration;

use cpikey::{
    app::{self, App},
    domain::{
        cf::{
            login::Servers,
            place::{Organization, Space},
            run::Event,
        },
        check::{CheckEvent, CheckRequest, CheckStep, ProbeFacts, ProbeOutcome, Seen, Site, TokenFacts},
        finding::{Finding, FindingCode, Stage},
        key::{
            address::Address,
            service_key::{self, Meant},
        },
        problem::Problem,
        systems::{
            system::{SystemId, Systems},
            vault::Protection,
        },
        text::safe_text::SafeText,
    },
    model::{
        CloudEvent, CloudRequest, Copyable, Effect, JobEvent, JobId, JobRequest, Msg, Now, Pasted, PracticeSample,
        Surroundings,
        cloud::PracticePeople,
        cloud_job::{Account, EarlierLogin},
        coalesce::coalesce,
        job::{Exported, FileCandidate},
        msg::{CopyOutcome, PracticeTenant, Press, SecretGone},
        saved::{Listing, NotSaved, TestSystemsEvent},
    },
    ui::{Palette, Theme},
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::{Terminal, backend::TestBackend};

use super::{SECRET, assert_harmless, canary::Canaries, content, now, parts, text};

/// The ways to seal a stored login.
const PROTECTIONS: [Protection; 2] = [Protection::Keyring, Protection::Passphrase];

/// More steps do not find more, and take longer.
const MOST: usize = 300;

/// A key of the practice tenant, with the secret that is searched for.
pub fn key() -> String {
    format!(
        "{{\"oauth\": {{\n  \"clientid\": \"sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678\",\n  \"clientsecret\": \
         \"{SECRET}\",\n  \"url\": \"https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com\",\n  \"tokenurl\": \
         \"https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token\"\n}}}}"
    )
}

/// A script of bytes, and the texts that it pastes.
pub fn run(data: &[u8]) {
    let parts = parts(data);
    let Some((script, texts)) = parts.split_first() else { return };
    let Some((start, script)) = script.split_first() else { return };
    let mut wizard = Wizard::start(*start);
    let mut script = script.iter().copied();
    for _ in 0..MOST {
        let Some(what) = script.next() else { break };
        let mut next = || script.next().unwrap_or_default();
        let text_at = |number: u8| texts.get(usize::from(number) % texts.len().max(1)).copied().unwrap_or_default();
        match what {
            0..100 => wizard.press(KEYS[usize::from(what) % KEYS.len()]),
            100..120 => wizard.press((KeyCode::Char(char::from(next())), KeyModifiers::NONE)),
            120..140 => wizard.paste(text_at(next())),
            140..150 => wizard.type_fast(text_at(next())),
            150..165 => wizard.wait(Duration::from_millis(PAUSES[usize::from(next()) % PAUSES.len()])),
            165..185 => wizard.draw(u16::from(next()) % 131, u16::from(next()) % 51),
            185..225 => wizard.answer(next(), text_at(next())),
            225..235 => wizard.click(next(), next(), next()),
            235..240 => wizard.send(Msg::Focus(next() % 2 == 0)),
            240..245 => wizard.copied(next()),
            _ => wizard.systems(next()),
        }
    }
    wizard.end();
}

type Key = (KeyCode, KeyModifiers);

const fn plain(code: KeyCode) -> Key {
    (code, KeyModifiers::NONE)
}

const fn letter(c: char) -> Key {
    plain(KeyCode::Char(c))
}

const fn ctrl(c: char) -> Key {
    (KeyCode::Char(c), KeyModifiers::CONTROL)
}

/// Every key of the key table; those that advance are listed several times.
const KEYS: [Key; 64] = [
    plain(KeyCode::Enter),
    plain(KeyCode::Enter),
    plain(KeyCode::Enter),
    plain(KeyCode::Esc),
    plain(KeyCode::Up),
    plain(KeyCode::Down),
    plain(KeyCode::Down),
    plain(KeyCode::Left),
    plain(KeyCode::Right),
    plain(KeyCode::PageUp),
    plain(KeyCode::PageDown),
    plain(KeyCode::Home),
    plain(KeyCode::End),
    plain(KeyCode::Tab),
    plain(KeyCode::BackTab),
    plain(KeyCode::Backspace),
    plain(KeyCode::Delete),
    plain(KeyCode::F(1)),
    letter(' '),
    letter('a'),
    letter('A'),
    letter('b'),
    letter('c'),
    letter('C'),
    letter('d'),
    letter('e'),
    letter('f'),
    letter('I'),
    letter('i'),
    letter('K'),
    letter('n'),
    letter('N'),
    letter('o'),
    letter('p'),
    letter('q'),
    letter('r'),
    letter('s'),
    letter('S'),
    letter('t'),
    letter('T'),
    letter('U'),
    letter('w'),
    letter('x'),
    letter('y'),
    letter('Y'),
    letter('/'),
    letter('?'),
    letter(':'),
    letter('{'),
    letter('1'),
    letter('4'),
    letter('7'),
    letter('8'),
    letter('9'),
    ctrl('p'),
    ctrl('v'),
    ctrl('u'),
    ctrl('s'),
    ctrl('l'),
    ctrl('z'),
    ctrl('r'),
    letter('R'),
    letter('G'),
    letter('D'),
];

const PAUSES: [u64; 8] = [10, 40, 160, 1_100, 5_000, 11_000, 61_000, 3_600_000];

/// A wizard and its effects.
pub struct Wizard {
    app: App,
    now: Now,
    jobs: Vec<(JobId, JobRequest)>,
    theme: Theme,
    canaries: Canaries,
    /// The secret was shown on request, or was entered as ordinary text.
    may_show: bool,
}

impl Wizard {
    /// A wizard in the environment with this number.
    pub fn start(number: u8) -> Self {
        let bit = |bit: u8| number & 1 << bit != 0;
        let around = Surroundings {
            practice: bit(0),
            motion: bit(1),
            mouse: bit(2),
            whole_lines: bit(3),
            can_open_links: bit(4),
            ..Surroundings::default()
        };
        let now = Now { since_start: Duration::from_secs(1), wall: now() };
        let mut wizard = Self {
            app: App::new(content().clone(), around),
            now,
            jobs: Vec::new(),
            theme: Theme::new(if bit(5) { Palette::Mono } else { Palette::Ansi }, !bit(5)),
            canaries: Canaries::new([("the secret", SECRET)]),
            may_show: false,
        };
        wizard.send(Msg::Tick(now));
        if bit(0) {
            let sample = PracticeSample {
                title: "A key that works".to_owned(),
                about: "Token and every role are granted.".to_owned(),
                text: Pasted::new(key()),
            };
            wizard.send(Msg::Practice(practice().map(|cloud_foundry| PracticeTenant {
                samples: vec![sample],
                cloud_foundry,
                people: PracticePeople {
                    user: "dev@example.com",
                    password: "practice",
                    second_factor: "otp@example.com",
                    locked: "locked@example.com",
                    of_two_origins: "two@example.com",
                    origin: "practice-idp",
                },
            })));
        }
        wizard
    }

    pub fn send(&mut self, msg: Msg) {
        if let Msg::Key(KeyEvent { code: KeyCode::Char('v'), modifiers: KeyModifiers::NONE, .. }) = msg {
            self.may_show = true;
        }
        let effects = app::update(&mut self.app, msg);
        self.took(effects);
    }

    fn took(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let shown = format!("{effect:?}");
            self.absent(&shown, "an effect");
            match effect {
                Effect::Start(id, request) => {
                    if let JobRequest::WriteFile { text, .. } = &request {
                        self.absent(text, "a file");
                    }
                    self.jobs.push((id, request));
                }
                Effect::Copy { text: Copyable::Public(text), .. } | Effect::ShowPlain(text) => {
                    self.absent(&text, "a text for the clipboard or the normal screen");
                    assert!(!text.contains(|c: char| c.is_control() && c != '\n' && c != '\r'), "{text:?}");
                }
                Effect::SaveProgress(Some(progress)) => {
                    let json = progress.to_json();
                    if !self.may_show {
                        self.canaries.assert_absent(json.as_bytes(), "the progress");
                    }
                }
                _ => {}
            }
        }
    }

    fn absent(&self, text: &str, place: &str) {
        if !self.may_show {
            self.canaries.assert_absent(text.as_bytes(), place);
        }
    }

    pub fn wait(&mut self, time: Duration) {
        self.now.since_start += time;
        self.send(Msg::Tick(self.now));
    }

    fn press(&mut self, (code, modifiers): Key) {
        // A user needs longer for a key press than the quiet time after a paste.
        self.wait(Duration::from_millis(160));
        self.send(Msg::Key(KeyEvent::new(code, modifiers)));
    }

    /// A part of the secret that is entered as ordinary text is shown like ordinary text.
    pub fn given(&mut self, text: &[u8]) {
        let meant = service_key::recognise(text, self.now.wall);
        let tells = matches!(meant, Meant::Key | Meant::PartOfKey);
        self.may_show |= !tells && self.canaries.find(text).is_some();
        // A key in which the secret also occurs elsewhere, as a name or in an address.
        self.may_show |=
            tells && String::from_utf8_lossy(text).matches("Canary").count() != 1 && self.canaries.find(text).is_some();
        self.may_show |= tells
            && !String::from_utf8_lossy(text).contains(&format!("\"clientsecret\": \"{SECRET}\""))
            && self.canaries.find(text).is_some();
    }

    fn paste(&mut self, text: &[u8]) {
        self.given(text);
        self.send(Msg::Paste(Pasted::from_terminal(text)));
    }

    /// Typed like by a terminal without bracketed paste.
    fn type_fast(&mut self, bytes: &[u8]) {
        // Combined with earlier input, it may be anything.
        self.may_show |= self.canaries.find(bytes).is_some();
        let code = |c| match c {
            '\n' | '\r' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            c => KeyCode::Char(c),
        };
        let keys = text(bytes).chars().map(|c| Msg::Key(KeyEvent::from(code(c)))).collect();
        coalesce(keys).into_iter().for_each(|msg| self.send(msg));
    }

    pub fn draw(&mut self, width: u16, height: u16) {
        let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
        let drawn = terminal.draw(|frame| app::view(&self.app, &self.theme, frame));
        assert!(drawn.is_ok());
        let mut picture = String::new();
        for row in terminal.backend().buffer().content().chunks(usize::from(width.max(1))) {
            let row: String = row.iter().map(|cell| cell.symbol()).collect();
            assert!(!row.contains(char::is_control), "{row:?}");
            picture.push_str(row.trim_end());
            picture.push('\n');
        }
        self.absent(&picture, "the picture");
        let described = format!("{:?}", self.app.describe());
        self.absent(&described, "what is said");
        let window = self.app.window();
        assert_harmless(&window.title, "the title of the window");
        self.absent(&window.title, "the title of the window");
    }

    fn click(&mut self, column: u8, row: u8, wheel: u8) {
        let wheel = match wheel % 4 {
            0 => Some(true),
            1 => Some(false),
            _ => None,
        };
        let press = Press { column: column.into(), row: row.into(), wheel };
        let effects = app::press(&mut self.app, press, &self.theme.hits);
        self.took(effects);
    }

    fn copied(&mut self, number: u8) {
        let what = "the client id".to_owned();
        let lent = CopyOutcome::SecretLent { checked: number % 2 == 0, lasts: Duration::from_secs(45) };
        self.send(match number % 6 {
            0 => Msg::Copied(what, CopyOutcome::Checked),
            1 => Msg::Copied(what, CopyOutcome::Failed("\x1b[31mno\x07".to_owned())),
            2 | 3 => Msg::Copied(what, lent),
            4 => Msg::SecretGone(SecretGone::TakenOut),
            _ => Msg::SecretGone(SecretGone::Replaced),
        });
    }

    fn systems(&mut self, number: u8) {
        let systems = if number % 3 == 0 { Ok(Systems::default()) } else { Systems::from_toml(SYSTEMS) };
        let systems = systems.unwrap_or_default();
        let listing = Listing { systems, place: SafeText::line("/home/me/secrets.sealed"), ..Listing::default() };
        self.send(Msg::Systems(if number % 7 == 6 { Err(problem()) } else { Ok(listing) }));
    }

    /// The latest job, or an earlier one, responds.
    fn answer(&mut self, how: u8, bytes: &[u8]) {
        let Some((id, request)) = self.jobs.iter().rev().nth(usize::from(how >> 6) % 2).cloned() else { return };
        let well = how % 4 != 0;
        let line = SafeText::line(&text(bytes));
        let event = match request {
            JobRequest::Test(request) => return self.tested(id, &request, how, bytes),
            JobRequest::TestSystems { .. } => {
                JobEvent::TestSystems(if well { TestSystemsEvent::Done } else { TestSystemsEvent::Failed(problem()) })
            }
            JobRequest::OpenSystem { .. } => {
                let mut keys = service_key::read(key().as_bytes(), now()).keys;
                JobEvent::Opened(keys.pop().filter(|_| well).map(Box::new).ok_or_else(problem))
            }
            JobRequest::SaveSystem(_) => JobEvent::Saved(match how % 3 {
                0 => Err(NotSaved::NoKeyring(problem())),
                1 => Err(NotSaved::Other(problem())),
                _ => Ok(SystemId::new([7; 16])),
            }),
            JobRequest::RenameSystem { .. } => JobEvent::Renamed(well.then_some(()).ok_or_else(problem)),
            JobRequest::RemoveSystem(_) => JobEvent::Removed(well.then_some(()).ok_or_else(problem)),
            JobRequest::RecordTests(_) => JobEvent::Recorded(well.then_some(()).ok_or_else(problem)),
            JobRequest::ReadFile(_) | JobRequest::ReadClipboard => {
                self.given(bytes);
                JobEvent::Read(well.then(|| Pasted::new(bytes)).ok_or_else(problem))
            }
            JobRequest::ListFiles(typed) => {
                self.may_show |= self.canaries.find(bytes).is_some();
                let file =
                    FileCandidate { text: text(bytes).into_owned(), is_directory: how % 2 == 0, modified: Some(now()) };
                JobEvent::Files(typed, vec![file; usize::from(how % 5)])
            }
            JobRequest::WriteFile { path, .. } => JobEvent::Written(well.then_some(path).ok_or_else(problem)),
            JobRequest::Examine => JobEvent::Examined(Vec::new()),
            JobRequest::WriteExport(files) => {
                let files = files.iter().map(|file| file.name.clone()).collect();
                let exported = Exported { files, with_secret: how % 2 == 0, ..Exported::default() };
                JobEvent::Exported(well.then_some(exported).ok_or_else(problem))
            }
            JobRequest::Cloud(request) => JobEvent::Cloud(self.cloud(request, how, well, &line)),
        };
        self.send(Msg::Job(id, event));
    }

    /// One event of a live test.
    fn tested(&mut self, id: JobId, request: &CheckRequest, how: u8, bytes: &[u8]) {
        let said = Finding::new(FindingCode::ALL[usize::from(how) % FindingCode::ALL.len()], Stage::Api)
            .about("MonitoringDataRead")
            .seen(SafeText::line(&text(bytes)));
        self.may_show |= self.canaries.find(bytes).is_some();
        let within = Duration::from_secs(15);
        let (step, seen) = match how % 6 {
            0 => (CheckStep::Connect(Site::Token), Seen::Connected { tls: Some("TLS 1.3".into()), proxy: None }),
            1 => {
                let scopes = text(bytes).split_whitespace().take(20).map(SafeText::line).collect();
                (CheckStep::Token, Seen::Token(TokenFacts { expires_in: Some(43_199), scopes, elapsed_ms: 12 }))
            }
            2 => (CheckStep::Token, Seen::Fault(said)),
            3 | 4 => {
                let at = usize::from(how >> 3) % request.probes.len().max(1);
                let Some(probe) = request.probes.get(at) else { return };
                let (outcome, finding) =
                    if how % 6 == 3 { (ProbeOutcome::Ok, None) } else { (ProbeOutcome::Forbidden, Some(said)) };
                let facts = ProbeFacts { status: Some(200), outcome, count: Some(u64::from(how)), finding };
                (CheckStep::Probe(probe.spec.id.clone()), Seen::Probe(facts))
            }
            _ => return self.send(Msg::Job(id, JobEvent::Test(CheckEvent::Done))),
        };
        self.send(Msg::Job(id, JobEvent::Test(CheckEvent::Started { step: step.clone(), within })));
        let elapsed = Duration::from_millis(u64::from(how));
        self.send(Msg::Job(id, JobEvent::Test(CheckEvent::Finished { step, elapsed, seen })));
    }

    fn cloud(&mut self, request: CloudRequest, how: u8, well: bool, line: &SafeText) -> CloudEvent {
        let refused = || Finding::cf(FindingCode::CfNotAnApi).seen(line.clone());
        self.may_show |= self.canaries.find(line.as_str().as_bytes()).is_some();
        let name = line.as_str().to_owned();
        let user = Some(line.clone());
        match request {
            CloudRequest::FindLogin(api) => {
                let servers = Servers { login: api.to_string(), uaa: api.to_string(), version: None };
                CloudEvent::Login(well.then_some(servers).ok_or_else(refused))
            }
            CloudRequest::LogIn { api, .. } | CloudRequest::UseCf { api, .. } | CloudRequest::UseKept { api, .. } => {
                let account = Account { api, user, origin: None, has_ended_cf: how % 8 == 1 };
                CloudEvent::LoggedIn(well.then_some(account).ok_or_else(refused))
            }
            CloudRequest::ReadCf | CloudRequest::OpenKept(_) => {
                let opens = matches!(request, CloudRequest::OpenKept(_));
                let login = practice().ok().filter(|_| well).map(|api| EarlierLogin {
                    api,
                    user,
                    org: Some(name.clone()),
                    space: None,
                });
                match opens {
                    true if how % 3 == 1 => CloudEvent::Opened(Err(Problem::unusable(name, "", ""))),
                    true => CloudEvent::Opened(Ok(login)),
                    false => CloudEvent::Cf(login),
                }
            }
            CloudRequest::ReadKept => CloudEvent::Kept(well.then_some(PROTECTIONS[usize::from(how % 2)])),
            CloudRequest::Keep(_) => CloudEvent::Keeping(match how % 3 {
                0 => Err(NotSaved::NoKeyring(Problem::unusable("", name, ""))),
                1 => Err(NotSaved::Other(Problem::unusable(name, "", ""))),
                _ => Ok(PROTECTIONS[usize::from(how % 2)]),
            }),
            CloudRequest::LogOut { .. } => {
                CloudEvent::LoggedOut(if well { Ok(()) } else { Err(Problem::unusable(name, "", "")) })
            }
            CloudRequest::Organizations => {
                let organization = Organization { guid: "o".into(), name, is_suspended: how % 5 == 4 };
                CloudEvent::Organizations(Ok(vec![organization; usize::from(how % 3)]))
            }
            CloudRequest::Spaces(_) => {
                CloudEvent::Spaces(Ok(vec![Space { guid: "s".into(), name }; usize::from(how % 3)]))
            }
            CloudRequest::Offers(_) => CloudEvent::Offers(if well { Ok(Vec::new()) } else { Err(refused()) }),
            CloudRequest::Instances { .. } => CloudEvent::Instances(if well { Ok(Vec::new()) } else { Err(refused()) }),
            CloudRequest::Advance(mut run) => {
                use cpikey::domain::cf::call::Reply;
                run.step(match how % 3 {
                    0 => Event::Reply(Reply::Lost(refused())),
                    1 => Event::Stopped,
                    _ => Event::Reply(Reply::SessionEnded(refused())),
                });
                if how % 2 == 0 { CloudEvent::Step(run) } else { CloudEvent::Paused(run) }
            }
            CloudRequest::PracticePasscode => CloudEvent::Passcode(well.then_some("Practice1".to_owned())),
        }
    }

    /// Asserts that it can be drawn at any size, and ended.
    pub fn end(mut self) {
        for (width, height) in [(1, 1), (0, 0), (40, 10), (80, 24), (120, 40)] {
            self.draw(width, height);
        }
        for _ in 0..2 {
            self.wait(Duration::from_millis(160));
            let key = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
            if app::update(&mut self.app, Msg::Key(key)).iter().any(|effect| matches!(effect, Effect::Quit(_))) {
                return;
            }
        }
        panic!("Ctrl+C does not end it");
    }
}

fn problem() -> Problem {
    Problem::failed("It did not work.", "The disk is full.", "Make room.")
}

fn practice() -> Result<Address, Problem> {
    Address::parse_cloud_api("http://127.0.0.1:2").map_err(|_| problem())
}

const SYSTEMS: &str = include_str!("../../fixtures/systems.toml");
