//! Runs the app's requests about saved systems: calls the use cases and wraps the results in messages. Reading the list
//! never prompts; jobs that need a secret may use the keyring, which has its own thread and deadline.

use std::{collections::BTreeSet, io, panic::resume_unwind, sync::Arc, thread};

use tokio::sync::mpsc::UnboundedSender;

use super::Effects;
use crate::{
    domain::{
        content::Content,
        problem::Problem,
        systems::system::SystemId,
        text::{safe_text::SafeText, secret::Secret},
    },
    jobs::{
        Context, Done,
        list_systems::list_systems,
        open_system::open_system,
        record_tests::record_tests,
        remove_system::remove_system,
        rename_system::rename_system,
        save_system::{self, new_system, save_system},
        test_systems::{SystemTestEvent, open_all_systems},
    },
    model::{
        JobEvent, JobId, JobRequest, Msg,
        saved::{Listing, NotSaved, SaveRequest, TestSystemsEvent},
    },
    platform::{keyring::OsKeyring, store::SECRETS_FILE},
};

/// Where answers go.
type Answers = UnboundedSender<Vec<Msg>>;

/// Reads the list on a temporary thread.
pub(super) fn list_on_own_thread(content: Arc<Content>, answers: &Answers) -> io::Result<()> {
    let answers = answers.clone();
    thread::Builder::new().name("systems".to_owned()).spawn(move || {
        // Without a home directory nothing is saved, which is not an error.
        if let Ok(context) = Context::of_user(content, OsKeyring::quiet()) {
            let _ = answers.send(vec![Msg::Systems(listing(&context, Vec::new()))]);
        }
    })?;
    Ok(())
}

/// The files and the keyring, for one job. A slow keyring is reported to the screen.
pub(super) fn context(id: JobId, content: &Arc<Content>, answers: &Answers) -> Result<Context, Problem> {
    let answers = answers.clone();
    let keyring = OsKeyring::patient(move || drop(answers.send(vec![Msg::Job(id, JobEvent::KeyringIsSlow)])));
    Context::of_user(Arc::clone(content), keyring)
}

/// One job about saved systems.
struct Job {
    id: JobId,
    content: Arc<Content>,
    answers: Answers,
}

impl Job {
    fn report(&self, event: JobEvent) {
        // If the receiver is gone, the program is ending.
        let _ = self.answers.send(vec![Msg::Job(self.id, event)]);
    }

    fn context(&self) -> Result<Context, Problem> {
        context(self.id, &self.content, &self.answers)
    }

    /// Changes the saved systems; the answer is followed by the updated list.
    fn change<T, E: From<Problem>>(
        &self,
        work: impl FnOnce(&Context) -> Result<Done<T>, E>,
        event: impl FnOnce(Result<T, E>) -> JobEvent,
    ) -> Option<Msg> {
        let (outcome, listing) = match self.context() {
            Err(problem) => (Err(problem.clone().into()), Err(problem)),
            Ok(context) => match work(&context) {
                Ok(done) => (Ok(done.value), listing(&context, done.warnings)),
                Err(error) => (Err(error), listing(&context, Vec::new())),
            },
        };
        // Both at once, so that no frame shows one without the other.
        let _ = self.answers.send(vec![Msg::Job(self.id, event(outcome)), Msg::Systems(listing)]);
        None
    }

    fn perform(self, request: JobRequest) -> Option<Msg> {
        match request {
            JobRequest::OpenSystem { id, passphrase } => {
                let opened = self.context().and_then(|context| open_system(&context, id, passphrase.as_ref()));
                self.report(JobEvent::Opened(opened.map(Box::new)));
                None
            }
            JobRequest::SaveSystem(request) => self.change(|context| save(context, *request), JobEvent::Saved),
            JobRequest::RenameSystem { name, new } => {
                self.change(|context| rename_system(context, name.as_str(), new), JobEvent::Renamed)
            }
            JobRequest::RemoveSystem(name) => {
                self.change(|context| remove_system(context, name.as_str()), JobEvent::Removed)
            }
            JobRequest::RecordTests(tests) => self.change(|context| record_tests(context, &tests), JobEvent::Recorded),
            _ => None,
        }
    }
}

impl Effects {
    /// Starts a job about saved systems.
    pub(super) fn systems(&mut self, id: JobId, request: JobRequest) -> io::Result<()> {
        let job = self.job(id);
        self.blocking(move || job.perform(request))
    }

    fn job(&self, id: JobId) -> Job {
        Job { id, content: Arc::clone(&self.content), answers: self.answers.clone() }
    }

    pub(super) fn test_all(
        &mut self,
        id: JobId,
        agreed: BTreeSet<String>,
        passphrase: Option<Secret>,
    ) -> io::Result<()> {
        let workers = self.workers()?;
        let cancel = self.token(id);
        let (job, options) = (Arc::new(self.job(id)), self.net.clone());
        let task = async move {
            let opening = Arc::clone(&job);
            let opening = tokio::task::spawn_blocking(move || {
                opening.context().and_then(|context| open_all_systems(&context, passphrase.as_ref()))
            });
            let opened = match opening.await {
                Ok(opened) => opened,
                // The panic hook has restored the terminal; the wizard ends with this task.
                Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
                Err(_) => return,
            };
            let report = |event| job.report(JobEvent::TestSystems(event));
            match opened {
                Ok(systems) => {
                    let content = Arc::clone(&job.content);
                    let on_event = {
                        let job = Arc::clone(&job);
                        move |event| job.report(JobEvent::TestSystems(test_event(event)))
                    };
                    let testing = systems.test(content, options, &agreed, cancel.clone(), on_event);
                    tokio::select! {
                        () = cancel.cancelled() => {}
                        _ = testing => report(TestSystemsEvent::Done),
                    }
                }
                Err(problem) => report(TestSystemsEvent::Failed(problem)),
            }
        };
        self.tasks.spawn_on(task, &workers);
        Ok(())
    }
}

fn test_event(event: SystemTestEvent) -> TestSystemsEvent {
    match event {
        SystemTestEvent::Started(id) => TestSystemsEvent::Started(id),
        SystemTestEvent::Finished(id, result) => TestSystemsEvent::Finished(id, result),
    }
}

fn save(context: &Context, request: SaveRequest) -> Result<Done<SystemId>, NotSaved> {
    let SaveRequest { name, purpose, found, last_test, passphrase, replace } = request;
    let mut system = new_system(context, name, "", purpose.as_deref(), &found)?;
    system.last_test = last_test;
    let id = system.id;
    let saved = save_system(context, system, &found, passphrase.as_ref(), replace);
    saved.map(|done| Done { value: id, warnings: done.warnings }).map_err(not_saved)
}

/// Why something was not saved, as the screens see it.
pub(super) fn not_saved(error: save_system::NotSaved) -> NotSaved {
    match error {
        save_system::NotSaved::NoKeyring(problem) => NotSaved::NoKeyring(problem),
        save_system::NotSaved::Other(problem) => NotSaved::Other(problem),
    }
}

/// The current list; `warnings` are about files that could not be read before.
fn listing(context: &Context, mut warnings: Vec<String>) -> Result<Listing, Problem> {
    let done = list_systems(context)?;
    warnings.extend(done.warnings);
    let state = done.value;
    Ok(Listing {
        protection: state.vault.as_ref().map(|vault| vault.protection()),
        systems: state.systems,
        place: SafeText::line(&context.saved.store().root().join(SECRETS_FILE).to_string_lossy()),
        set_aside: warnings,
    })
}
