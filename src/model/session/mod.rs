//! The state that several screens read and change.

mod cloud;
mod progress;
mod systems;
mod watch;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
    time::Duration,
};

pub use progress::Resumable;

use jiff::tz::TimeZone;

use super::{
    cloud::Cloud,
    effect::Effect,
    job::{JobId, JobRequest},
    jobs::Jobs,
    notice::Notice,
    pasted::Pasted,
    place::Place,
    run::Run,
    saved_systems::SavedSystems,
    time::Now,
    watch::Watch,
};
use crate::domain::{
    check::{CheckEvent, diagnosis},
    content::Content,
    draft::Draft,
    finding::{Finding, FindingCode, Severity},
    guide::values::Values,
    handover::{choices::Choices, commands::again::Reach},
    key::hosts,
    key::service_key::{self, CredentialType, Found, KeyForm, Reading, ServiceKey},
    platform::Platform,
    sap::{
        guide::StepId,
        parameters::{Extent, JsonStyle},
    },
    systems::system::SystemId,
    text::secret::Secret,
    theme::ThemeChoice,
};

/// The environment at startup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// A browser can be opened from here: a local session with a display.
    pub can_open_links: bool,
    /// The wizard runs against the practice tenant.
    pub practice: bool,
    /// Spinners are animated.
    pub motion: bool,
    /// The mouse is enabled.
    pub mouse: bool,
    /// Input arrives in whole lines (plain mode), so no key can be the rest of a paste.
    pub whole_lines: bool,
    /// The selected theme.
    pub theme: ThemeChoice,
    /// The themes look different on this terminal.
    pub has_themes: bool,
    /// The platform, for names of keys and places.
    pub platform: Platform,
    /// Network options, for equivalent commands.
    pub reach: Reach,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            can_open_links: false,
            practice: false,
            motion: true,
            mouse: false,
            whole_lines: false,
            theme: ThemeChoice::Auto,
            has_themes: true,
            platform: Platform::default(),
            reach: Reach::default(),
        }
    }
}

/// A key of the practice tenant that can be loaded with one key press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeSample {
    /// A few words: `A key that works`.
    pub title: String,
    /// What it demonstrates.
    pub about: String,
    /// The key as the user would paste it.
    pub text: Pasted,
}

/// Where the key came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// Pasted into the terminal.
    Pasted,
    /// Read from the clipboard.
    Clipboard,
    /// Read from a file of this name.
    File(String),
    /// A sample of the practice tenant.
    Sample(String),
    /// Entered in the form.
    Typed,
    /// The saved system of this name.
    Saved(String),
    /// Created by this program under this name.
    Made(String),
}

/// The key that was read, if any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySlot {
    /// What the last text contained.
    pub reading: Option<Reading>,
    /// The index of the selected key.
    pub selected: usize,
    /// Where it came from.
    pub source: Option<KeySource>,
    /// Non-SAP hosts that the user has confirmed.
    pub agreed_hosts: BTreeSet<String>,
    /// The saved system to which it belongs.
    pub saved: Option<SystemId>,
    /// The job that saves it.
    pub saving: Option<JobId>,
    /// Its secret was copied, or written to a file.
    pub handed_over: bool,
}

impl KeySlot {
    /// The selected key, usable or not.
    pub fn found(&self) -> Option<&Found> {
        self.reading.as_ref()?.keys.get(self.selected)
    }

    /// The selected key, if it can be tested.
    pub fn usable(&self) -> Option<&ServiceKey> {
        self.found()?.key.as_ref()
    }

    /// Whether its source still has it.
    pub fn can_be_taken_again(&self) -> bool {
        matches!(self.source, Some(KeySource::Sample(_) | KeySource::File(_) | KeySource::Saved(_)))
    }

    /// Whether the key has an external certificate without a matching private key.
    pub fn wants_private_key(&self) -> bool {
        use FindingCode::{CertificateKeyMismatch, PrivateKeyMissing, PrivateKeyUnreadable};
        let lacks = |found: &Found| {
            let of_key = [PrivateKeyMissing, PrivateKeyUnreadable, CertificateKeyMismatch];
            found.summary.credential == Some(CredentialType::ExternalCertificate)
                && found.findings.iter().any(|finding| of_key.contains(&finding.code))
        };
        self.found().is_some_and(lacks)
    }

    /// The findings about it, errors first.
    pub fn findings(&self) -> Vec<Finding> {
        self.reading.as_ref().map(|reading| reading.findings_for(self.selected)).unwrap_or_default()
    }
}

/// The state that several screens read and change.
#[derive(Clone, Debug)]
pub struct Session {
    /// What SAP offers.
    pub content: Arc<Content>,
    /// What the program found around it.
    pub around: Surroundings,
    /// The time of the newest message.
    pub now: Now,
    /// Choices of steps 1 to 6.
    pub draft: Draft,
    /// The key.
    pub key: KeySlot,
    /// How many keys were loaded or forgotten since the start.
    pub key_changes: u32,
    /// The newest test.
    pub run: Option<Run>,
    /// Repeated tests until a missing role has arrived.
    pub watch: Option<Watch>,
    /// The running jobs.
    pub jobs: Jobs,
    /// The message line.
    pub notice: Option<Notice>,
    /// What was copied, by its name in messages, and whether it was confirmed.
    pub copies: BTreeMap<String, bool>,
    /// While the system clipboard contains a secret: when it will be cleared, relative to the start of the program.
    pub secret_clears_at: Option<Duration>,
    /// Keys of the practice tenant.
    pub samples: Vec<PracticeSample>,
    /// Saved systems.
    pub saved: SavedSystems,
    /// What is known about Cloud Foundry.
    pub cloud: Cloud,
    /// The progress of an earlier session, until the user resumes it.
    pub resume: Option<Resumable>,
    /// Whether saving the progress failed.
    pub progress_is_lost: bool,
    /// The draft set by a saved system, which the user did not choose.
    draft_of_system: Option<Draft>,
    /// The system's time zone.
    pub zone: TimeZone,
    /// The files written since the start.
    pub files: Vec<String>,
    /// Completed steps.
    pub done: HashSet<StepId>,
    /// The furthest step that may be entered.
    pub reached: StepId,
}

impl Session {
    /// A new session.
    pub fn new(content: Arc<Content>, around: Surroundings) -> Self {
        Self {
            content,
            around,
            now: Now::default(),
            draft: Draft::default(),
            key: KeySlot::default(),
            key_changes: 0,
            run: None,
            watch: None,
            jobs: Jobs::default(),
            notice: None,
            copies: BTreeMap::new(),
            secret_clears_at: None,
            samples: Vec::new(),
            saved: SavedSystems::default(),
            cloud: Cloud::default(),
            resume: None,
            progress_is_lost: false,
            draft_of_system: None,
            zone: TimeZone::UTC,
            files: Vec::new(),
            done: HashSet::new(),
            reached: StepId::Purpose,
        }
    }

    /// Parses a text as a key and uses the result, whatever it is. Returns false if it contains no key and a usable key
    /// was loaded before, which is then kept. If the current key lacks its private key, a file without a service key or
    /// a text with a private key completes it.
    pub fn take_key(&mut self, text: &Pasted, source: KeySource) -> bool {
        let reading = service_key::read(text.bytes(), self.now.wall);
        if reading.keys.is_empty() && self.key.wants_private_key() && is_meant_as_private_key(text, &source) {
            self.complete_key(text);
            return true;
        }
        let keep = reading.keys.is_empty() && self.key.usable().is_some();
        if keep {
            if let Some(finding) = reading.findings.first() {
                let problem = self.content.findings.explain(finding, self.content.words).title;
                self.notice = Some(Notice::error(self.content.words.session().previous_key_stays(problem)));
            }
            return false;
        }
        let selected = reading.keys.iter().position(|found| found.key.is_some()).unwrap_or_default();
        let agreed_hosts = std::mem::take(&mut self.key.agreed_hosts);
        let is_made = matches!(source, KeySource::Made(_));
        self.key =
            KeySlot { reading: Some(reading), selected, source: Some(source), agreed_hosts, ..KeySlot::default() };
        self.forget_what_belonged_to_the_key();
        if !is_made && self.expects_key() {
            self.notice = Some(Notice::warning(self.content.words.cloud().another_key_comes()));
        }
        true
    }

    /// Adds the private key to an external certificate; the findings tell what is wrong with it.
    fn complete_key(&mut self, pem: &Pasted) {
        let now = self.now.wall;
        let selected = self.key.selected;
        if let Some(found) = self.key.reading.as_mut().and_then(|reading| reading.keys.get_mut(selected)) {
            *found = found.with_private_key(Secret::new(pem.text().as_str()), now);
            self.drop_run();
        }
    }

    /// Loads a key that was entered field by field.
    pub fn take_typed_key(&mut self, fields: &KeyForm) {
        let found = service_key::from_form(fields, self.now.wall);
        let reading = Reading { bytes: 0, keys: vec![found], findings: Vec::new() };
        let agreed_hosts = std::mem::take(&mut self.key.agreed_hosts);
        self.key =
            KeySlot { reading: Some(reading), source: Some(KeySource::Typed), agreed_hosts, ..KeySlot::default() };
        self.forget_what_belonged_to_the_key();
    }

    /// Whether the key remains available after the program ends: saved, copied, written to a file, or read from one.
    pub fn key_is_kept(&self) -> bool {
        let key = &self.key;
        key.usable().is_some() && (key.saved.is_some() || key.handed_over || key.can_be_taken_again())
    }

    /// Whether the key is only in memory.
    pub fn key_would_be_lost(&self) -> bool {
        self.key.usable().is_some() && !self.key_is_kept()
    }

    /// Forgets the key and its test results.
    pub fn forget_key(&mut self) {
        self.key = KeySlot::default();
        self.forget_what_belonged_to_the_key();
        self.notice = Some(Notice::note(self.content.words.session().key_cleared()));
    }

    /// Drops a running test or opening, which was for the previous key.
    pub(super) fn forget_what_belonged_to_the_key(&mut self) {
        self.key_changes += 1;
        self.drop_run();
        self.stop_opening();
    }

    /// Forgets the newest test, and stops it if it is running.
    pub fn drop_run(&mut self) {
        self.drop_watch();
        if let Some(run) = self.run.take() {
            self.jobs.stop(run.id);
        }
    }

    /// Starts a job; the screen `owner` gets its answer.
    pub fn start(&mut self, owner: impl Into<Place>, request: JobRequest) -> Effect {
        self.jobs.start(owner, request).1
    }

    /// The non-SAP hosts to which the secret or the token would be sent and that the user has not confirmed.
    pub fn hosts_to_ask_for(&self) -> Vec<String> {
        let Some(key) = self.key.usable() else { return Vec::new() };
        hosts::hosts_to_ask_for(key, &self.key.agreed_hosts)
    }

    /// Starts a test of the key, stopping a running one. Does nothing without a usable key, or if the secret would be
    /// sent to a non-SAP host that is not confirmed.
    pub fn start_test(&mut self) -> Option<Effect> {
        self.start_test_of(&self.requested_roles())
    }

    /// Like [`Self::start_test`], for these roles.
    pub fn start_test_of(&mut self, roles: &[String]) -> Option<Effect> {
        self.cancel_test();
        self.drop_watch();
        if !self.hosts_to_ask_for().is_empty() {
            return None;
        }
        let found = self.key.found()?;
        let key = found.key.clone()?;
        let summary = found.summary.clone();
        let request = diagnosis::plan_checks(&self.content, Arc::new(key), roles);
        let findings = self.key.findings();
        let (id, effect) = self.jobs.start(StepId::Test, JobRequest::Test(request.clone()));
        self.run = Some(Run::begin(id, request, summary, findings, &self.content, self.now.since_start));
        Some(effect)
    }

    /// Stops the running test, if any.
    pub fn cancel_test(&mut self) {
        if let Some(run) = self.run.as_mut().filter(|run| run.is_running()) {
            run.cancel(&self.content);
            self.jobs.stop(run.id);
            self.notice = Some(Notice::note(self.content.words.session().test_stopped()));
        }
    }

    /// Whether the key is being tested.
    pub fn is_testing(&self) -> bool {
        self.run.as_ref().is_some_and(Run::is_running)
    }

    /// Records an event of a test: the one on the screen, or one of the watch.
    pub fn record_test(&mut self, id: JobId, event: CheckEvent) -> Vec<Effect> {
        let (content, now) = (Arc::clone(&self.content), self.now.since_start);
        if let Some(run) = self.run.as_mut().filter(|run| run.id == id) {
            run.record(event, now, &content);
            if run.is_running() {
                return Vec::new();
            }
            let recorded = self.record_verdict();
            self.explain_new_key();
            return recorded.into_iter().chain(self.tell_run_verdict()).collect();
        }
        let Some(watch) = &mut self.watch else { return Vec::new() };
        let Some(test) = watch.test.as_mut().filter(|test| test.id == id) else { return Vec::new() };
        test.record(event, now, &content);
        match watch.test.take_if(|test| !test.is_running()) {
            Some(test) => self.take_watched(test),
            None => Vec::new(),
        }
    }

    /// Forgets the watch, and stops its test.
    fn drop_watch(&mut self) {
        if let Some(test) = self.watch.take().and_then(|watch| watch.test) {
            self.jobs.stop(test.id);
        }
    }

    /// How long until the displayed waiting time changes; `None` if nothing is pending.
    pub fn until_next_second_of_waiting(&self) -> Option<Duration> {
        let run = self.run.as_ref().filter(|run| run.is_running()).map(|run| run.began);
        let batch = self.saved.batch.as_ref().filter(|batch| batch.running).map(|batch| batch.began);
        let left = |began| {
            let elapsed: Duration = self.now.since_start.saturating_sub(began);
            Duration::from_secs(elapsed.as_secs() + 1).saturating_sub(elapsed)
        };
        run.into_iter().chain(batch).chain(self.cloud_waits_since()).map(left).min()
    }

    /// Stops the running tests, of the key or of all saved systems. Returns `None` if there are none.
    pub fn stop_tests(&mut self) -> Option<Vec<Effect>> {
        if !self.jobs.are_testing() && !self.is_watching() {
            return None;
        }
        self.cancel_test();
        self.stop_watch();
        Some(self.stop_batch().into_iter().collect())
    }

    /// The roles that a test checks: those of the draft, or only monitoring if none were chosen.
    pub fn requested_roles(&self) -> Vec<String> {
        let chosen: Vec<String> = self
            .draft
            .parameters
            .roles
            .iter()
            .filter(|role| self.content.catalogue.get(role).is_some())
            .cloned()
            .collect();
        if chosen.is_empty() { vec![crate::domain::check::MONITORING_ROLE.to_owned()] } else { chosen }
    }

    /// The instance parameters as shown and copied.
    pub fn parameters_json(&self, style: JsonStyle) -> String {
        self.draft.parameters.to_json(style, Extent::Full)
    }

    /// All choices, for commands and the request sheet.
    pub fn choices(&self) -> Choices {
        let draft = &self.draft;
        Choices {
            key_parameters: draft.key_parameters.clone(),
            endpoints: self.content.endpoints(&draft.region),
            org: draft.org.clone(),
            space: draft.space.clone(),
            ..Choices::new(draft.parameters.clone(), draft.instance.clone(), draft.key_name.clone())
        }
    }

    /// The worst severity among the findings about the key.
    pub fn key_severity(&self) -> Option<Severity> {
        self.key.findings().iter().map(Finding::severity).min()
    }

    /// How long the system clipboard will still contain a secret, if it does.
    pub fn secret_left(&self) -> Option<Duration> {
        self.secret_clears_at.map(|at| at.saturating_sub(self.now.since_start))
    }

    /// The current values of the guide's variables.
    pub fn values(&self) -> Values<'_> {
        let purpose = self.draft.purpose(&self.content);
        Values { content: &self.content, choices: self.choices(), purpose, key: self.key.found() }
    }
}

/// Whether this input is meant to complete an external certificate: any file, or pasted PEM.
fn is_meant_as_private_key(text: &Pasted, source: &KeySource) -> bool {
    matches!(source, KeySource::File(_)) || text.text().contains("PRIVATE KEY-----")
}
