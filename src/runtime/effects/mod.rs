//! Runs the app's effects and wraps their results in messages.

mod cloud;
mod progress;
mod systems;

use std::{
    collections::HashMap,
    future::pending,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::mpsc::UnboundedSender,
    task::JoinSet,
};
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use self::progress::ProgressKeeper;
use super::{event_loop::EffectHandler, options::Options, terminal::TASK_THREAD};
use crate::{
    domain::{
        check::CheckRequest,
        content::Content,
        handover::export::ExportedFile,
        key::{address::Address, service_key::SIZE_LIMIT},
        problem::Problem,
        text::safe_text::SafeText,
    },
    jobs::{
        doctor::{Surroundings, examine},
        list_files::{Candidate, list_files},
        read_file::{meant_path, read_file},
        test_key::test_key,
        write_export::{Written, write_export},
        write_files::{NewFile, write_numbered},
    },
    model::{
        Copyable, Effect, JobEvent, JobId, JobRequest, Msg, Pasted, PracticeSample,
        cloud::PracticePeople,
        job::{Exported, FileCandidate},
        msg::{CopyOutcome, PracticeTenant, SecretGone},
    },
    net::NetOptions,
    platform::{
        browser,
        clipboard::{Cleared, Clipboard, Copied, SecretCopy},
        env::Environment,
        files::Readers,
    },
    practice::{Latency, Practice, cf},
    words::Words,
};

/// Runs effects. Expensive resources are created when first needed, and never before the first frame.
#[derive(Debug)]
pub struct Effects {
    pub(super) content: Arc<Content>,
    home: Option<PathBuf>,
    pub(super) net: NetOptions,
    practice: bool,
    pub(super) answers: UnboundedSender<Vec<Msg>>,
    /// Runs the tasks, so that no handshake or slow file delays a frame.
    workers: Option<Runtime>,
    pub(super) tasks: JoinSet<()>,
    /// The running tests; dropping a guard ends its test.
    guards: HashMap<JobId, DropGuard>,
    clipboard: Arc<Clipboard>,
    surroundings: Surroundings,
    pub(super) tenant: Option<Practice>,
    /// The Cloud Foundry login.
    login: cloud::Login,
    /// Saves the user's progress.
    progress: Option<ProgressKeeper>,
    /// Discard the progress of earlier sessions.
    fresh: bool,
}

impl Effects {
    /// Effects that send their answers to this sender.
    pub fn new(
        content: Arc<Content>,
        environment: &Environment,
        options: &Options,
        answers: UnboundedSender<Vec<Msg>>,
    ) -> Self {
        let surroundings = Surroundings {
            environment: environment.clone(),
            net: options.net.clone(),
            clipboard: options.clipboard,
            words: content.words,
        };
        Self {
            content,
            home: environment.home.clone(),
            net: options.net.clone(),
            practice: options.practice,
            answers,
            workers: None,
            tasks: JoinSet::new(),
            guards: HashMap::new(),
            clipboard: Arc::new(Clipboard::new(options.clipboard, environment)),
            surroundings,
            tenant: None,
            login: cloud::Login::default(),
            progress: None,
            fresh: options.fresh,
        }
    }

    pub(super) fn workers(&mut self) -> io::Result<Handle> {
        let workers = match self.workers.take() {
            Some(workers) => workers,
            None => Builder::new_multi_thread().worker_threads(1).thread_name(TASK_THREAD).enable_all().build()?,
        };
        Ok(self.workers.insert(workers).handle().clone())
    }

    /// Runs blocking work and sends its answer.
    pub(super) fn blocking(&mut self, work: impl FnOnce() -> Option<Msg> + Send + 'static) -> io::Result<()> {
        let workers = self.workers()?;
        let answers = self.answers.clone();
        let task = move || drop(work().map(|msg| answers.send(vec![msg])));
        self.tasks.spawn_blocking_on(task, &workers);
        Ok(())
    }

    /// Runs blocking work and answers under the id of its job.
    pub(super) fn answer(&mut self, id: JobId, work: impl FnOnce() -> JobEvent + Send + 'static) -> io::Result<()> {
        self.blocking(move || Some(Msg::Job(id, work())))
    }

    /// A token that is cancelled when the job is stopped.
    pub(super) fn token(&mut self, id: JobId) -> CancellationToken {
        let cancel = CancellationToken::new();
        self.guards.insert(id, cancel.clone().drop_guard());
        cancel
    }

    fn start(&mut self, id: JobId, request: JobRequest) -> io::Result<()> {
        match request {
            JobRequest::Test(request) => self.start_check(id, request),
            JobRequest::TestSystems { agreed, passphrase } => self.test_all(id, agreed, passphrase),
            JobRequest::ReadClipboard => {
                let (clipboard, words) = (Arc::clone(&self.clipboard), self.content.words);
                self.answer(id, move || {
                    JobEvent::Read(clipboard.read().map(pasted).map_err(|error| error.problem(words)))
                })
            }
            JobRequest::ListFiles(typed) => {
                let home = self.home.clone();
                self.answer(id, move || {
                    let found = list_files(&typed, home.as_deref());
                    JobEvent::Files(typed, found.into_iter().map(candidate).collect())
                })
            }
            JobRequest::ReadFile(path) => {
                let (path, words) = (meant_path(&path, self.home.as_deref()), self.content.words);
                self.answer(id, move || JobEvent::Read(read_file(&path, SIZE_LIMIT, words).map(pasted)))
            }
            JobRequest::WriteFile { path, text, private } => {
                let (path, words) = (meant_path(&path, self.home.as_deref()), self.content.words);
                let readers = if private { Readers::Owner } else { Readers::Everyone };
                self.answer(id, move || {
                    let file = NewFile { path: &path, text: &text, readers };
                    JobEvent::Written(write_numbered(file, words).map(|path| absolute(&path)))
                })
            }
            JobRequest::WriteExport(files) => {
                let words = self.content.words;
                self.answer(id, move || JobEvent::Exported(save_export(&files, words)))
            }
            JobRequest::Cloud(request) => self.ask_cloud(id, request),
            JobRequest::Examine => {
                let surroundings = self.surroundings.clone();
                self.answer(id, move || JobEvent::Examined(examine(surroundings)))
            }
            request => self.systems(id, request),
        }
    }

    fn start_check(&mut self, id: JobId, request: CheckRequest) -> io::Result<()> {
        let workers = self.workers()?;
        let cancel = self.token(id);
        let (options, answers) = (self.net.clone(), self.answers.clone());
        // If the receiver is gone, the program is ending.
        let report = move |event| drop(answers.send(vec![Msg::Job(id, JobEvent::Test(event))]));
        self.tasks.spawn_on(test_key(request, options, cancel, report), &workers);
        Ok(())
    }

    fn copy(&mut self, what: String, text: Copyable) -> io::Result<()> {
        let (clipboard, words) = (Arc::clone(&self.clipboard), self.content.words);
        let answers = self.answers.clone();
        self.blocking(move || {
            let outcome = match text {
                Copyable::Public(text) => match clipboard.copy(&text) {
                    Ok(Copied::Checked) => CopyOutcome::Checked,
                    Ok(Copied::HandedOver) => CopyOutcome::HandedOver,
                    Ok(Copied::ToTmux) => CopyOutcome::HandedToTmux,
                    Ok(Copied::ByTerminal(sequence)) => return Some(Msg::CopyByTerminal(what, sequence)),
                    Err(error) => CopyOutcome::Failed(error.problem(words).what),
                },
                Copyable::Secret(secret) => {
                    let report_gone = move |gone| drop(answers.send(vec![Msg::SecretGone(secret_gone(gone))]));
                    match clipboard.copy_secret(&secret, report_gone) {
                        Ok(SecretCopy { checked, lasts }) => CopyOutcome::SecretLent { checked, lasts },
                        Err(error) => CopyOutcome::SecretFailed(error.problem(words).what),
                    }
                }
            };
            Some(Msg::Copied(what, outcome))
        })
    }

    /// Starts the practice tenant, and sends its keys.
    fn start_practice(&mut self) {
        let words = self.content.words.runtime();
        let not_started = |error: &dyn std::fmt::Display| {
            Msg::Practice(Err(words.practice_not_started().fill(&[("cause", error)]).failed()))
        };
        let msg = match Practice::start_on_own_thread(&self.content, Latency::Realistic) {
            Ok(practice) => {
                let words = self.content.words;
                let samples = practice.samples().iter().map(|sample| PracticeSample {
                    title: sample.title(words).to_owned(),
                    about: sample.about(words).to_owned(),
                    text: Pasted::new(sample.text.expose()),
                });
                let samples = samples.collect();
                let cloud_foundry = Url::parse(&format!("http://{}", practice.cloud_foundry()));
                self.tenant = Some(practice);
                match cloud_foundry {
                    Ok(url) => Msg::Practice(Ok(PracticeTenant {
                        samples,
                        cloud_foundry: Address::trusted(url),
                        people: PEOPLE,
                    })),
                    Err(error) => not_started(&error),
                }
            }
            Err(error) => not_started(&error),
        };
        let _ = self.answers.send(vec![msg]);
    }

    /// The URLs that may be opened: only those of the assets.
    fn known_addresses(&self) -> Vec<String> {
        let links = self.content.links.iter().map(|link| link.url.clone());
        links.chain(self.content.regions.iter().map(|region| region.cockpit.clone())).collect()
    }
}

/// The users of the practice tenant.
const PEOPLE: PracticePeople = PracticePeople {
    user: cf::USER,
    password: cf::PASSWORD,
    second_factor: cf::USER_WITH_SECOND_FACTOR,
    locked: cf::USER_LOCKED,
    of_two_origins: cf::USER_OF_TWO_ORIGINS,
    origin: cf::OTHER_ORIGIN,
};

impl EffectHandler for Effects {
    fn started(&mut self) -> io::Result<()> {
        systems::list_on_own_thread(Arc::clone(&self.content), &self.answers)?;
        let (words, environment) = (self.content.words, self.surroundings.environment.clone());
        self.progress =
            Some(ProgressKeeper::start(self.practice, self.fresh, environment, words, self.answers.clone())?);
        if !self.practice {
            return Ok(());
        }
        self.start_practice();
        Ok(())
    }

    fn perform(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::Start(id, request) => self.start(id, request),
            Effect::Stop(id) => {
                self.guards.remove(&id);
                Ok(())
            }
            Effect::SaveProgress(progress) => {
                if let Some(keeper) = &self.progress {
                    keeper.keep(progress);
                }
                Ok(())
            }
            Effect::Copy { what, text } => self.copy(what, text),
            Effect::Open(id) => match self.content.link(&id).map(|link| link.url.clone()) {
                Some(address) => {
                    let (known, words) = (self.known_addresses(), self.content.words);
                    self.blocking(move || {
                        let failed = browser::open(&address, &known).err()?;
                        Some(Msg::OpenFailed(failed.problem(words)))
                    })
                }
                None => Ok(()),
            },
            Effect::OpenPasscodePage(address) => {
                let words = self.content.words;
                let is_sap = Address::parse_cloud_api(&address).is_ok_and(|address| address.is_sap());
                let known: Vec<String> = is_sap.then(|| address.clone()).into_iter().collect();
                self.blocking(move || {
                    let failed = browser::open(&address, &known).err()?;
                    Some(Msg::OpenFailed(failed.problem(words)))
                })
            }
            Effect::StartPractice => {
                if self.tenant.is_none() {
                    self.start_practice();
                    if let Some(keeper) = &self.progress {
                        keeper.switch_to_practice();
                    }
                }
                Ok(())
            }
            // The loop handles these itself, because they are about the screen.
            Effect::ShowPlain(_)
            | Effect::HidePlain
            | Effect::Redraw
            | Effect::Bell
            | Effect::Mouse(_)
            | Effect::Suspend
            | Effect::CopyByTerminal { .. }
            | Effect::Quit(_) => Ok(()),
        }
    }

    /// A stopped process cannot clear the secret when its time is up.
    fn pause(&mut self) {
        self.clipboard.forget_secret();
    }

    async fn supervise(&mut self) {
        match self.tasks.join_next().await {
            None => pending().await,
            Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Some(_) => {}
        }
    }

    fn has_copied(&self) -> bool {
        self.clipboard.holds_text()
    }
}

impl Drop for Effects {
    /// Cleans up, even after a panic: no secret stays in the clipboard.
    fn drop(&mut self) {
        self.clipboard.close();
        // Waiting for a DNS lookup would delay the shell's prompt.
        if let Some(workers) = self.workers.take() {
            workers.shutdown_background();
        }
    }
}

fn secret_gone(gone: Cleared) -> SecretGone {
    match gone {
        Cleared::Removed => SecretGone::TakenOut,
        Cleared::Replaced => SecretGone::Replaced,
        Cleared::Unknown => SecretGone::Unknown,
    }
}

fn candidate(found: Candidate) -> FileCandidate {
    let modified = found.modified.and_then(|time| Timestamp::try_from(time).ok());
    FileCandidate { text: found.text, is_directory: found.is_directory, modified }
}

/// Takes the bytes without leaving an unwiped copy.
fn pasted(mut bytes: zeroize::Zeroizing<Vec<u8>>) -> Pasted {
    Pasted::new(std::mem::take(&mut *bytes))
}

/// With its directory, so that users can find the file.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Writes the files of an export under their own names to the current directory.
fn save_export(exported: &[ExportedFile], words: Words) -> Result<Exported, Problem> {
    let places = exported.iter().map(|file| PathBuf::from(&file.name)).collect();
    let written = write_export(exported, places, words)?;
    let name = |file: &Written| SafeText::line(&absolute(&file.path).to_string_lossy()).to_string();
    Ok(Exported {
        files: written.iter().map(name).collect(),
        with_secret: exported.iter().any(ExportedFile::is_secret),
        exposed: written.iter().filter(|file| file.is_exposed()).map(name).collect(),
        for_others: written.iter().any(|file| file.left_profile.is_some()),
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    #[test]
    fn a_file_with_results_is_readable_only_by_its_owner() {
        let directory = tempfile::tempdir().unwrap();
        let mode = |name: &str, private: bool| {
            let (answers, mut inbox) = unbounded_channel();
            let content = Arc::new(crate::content::load());
            let mut effects = Effects::new(content, &Environment::default(), &Options::default(), answers);
            let write = JobRequest::WriteFile { path: directory.path().join(name), text: "x".to_owned(), private };
            effects.perform(Effect::Start(JobId(1), write)).unwrap();
            match inbox.blocking_recv().unwrap().remove(0) {
                Msg::Job(_, JobEvent::Written(Ok(path))) => path.metadata().unwrap().permissions().mode() & 0o777,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(mode("report.md", true), 0o600);
        // The effect of the umask is not part of this test.
        assert_eq!(mode("parameters.json", false) & 0o600, 0o600);
    }
}
