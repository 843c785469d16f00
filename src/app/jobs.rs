//! Handles the events of jobs.

use super::{App, notices, overlay::Overlay};
use crate::{
    domain::{problem::Problem, text::safe_text::SafeText},
    model::{
        Effect, JobEvent, JobId, Notice,
        job::JobKind,
        saved::{Listing, NotSaved},
    },
};

impl App {
    /// Handles an event of a job. Events of stopped jobs change nothing.
    pub(super) fn job(&mut self, id: JobId, event: JobEvent) -> Vec<Effect> {
        let Some(job) = self.session.jobs.report(id, &event) else { return Vec::new() };
        let session = &mut self.session;
        let words = session.content.words.saved_systems();
        let mut effects = Vec::new();
        match (&job.kind, &event) {
            (JobKind::ReadFile(_) | JobKind::ReadClipboard, JobEvent::Read(Ok(text))) => return self.read(&job, text),
            (_, JobEvent::Test(event)) => effects.extend(session.record_test(id, event.clone())),
            (_, JobEvent::Examined(checks)) => {
                // If the user closed it, the result is no longer needed.
                if let Some(Overlay::Doctor(doctor)) = &mut self.overlay {
                    doctor.checks = Some(checks.clone());
                }
                return effects;
            }
            (_, JobEvent::TestSystems(event)) => effects.extend(session.record_batch(event.clone())),
            (JobKind::ReadClipboard, JobEvent::Read(Err(why))) => {
                let words = session.content.words.app();
                let keys = session.around.platform.paste_keys(session.content.words);
                session.notice = Some(Notice::error(words.clipboard_not_read(&why.what, keys)));
            }
            (_, JobEvent::KeyringIsSlow) => {
                session.notice = Some(Notice::note(words.keyring_is_slow()));
            }
            (JobKind::OpenSystem(system), JobEvent::Opened(Ok(found))) => {
                session.saved.opening = None;
                if !session.take_saved_key(*system, (**found).clone()) {
                    return effects;
                }
            }
            (JobKind::SaveSystem(name), JobEvent::Saved(Ok(system))) => {
                session.notice = Some(Notice::good(words.saved(name)));
                // Another key may have been loaded in the meantime.
                if session.key.saving.take_if(|saving| *saving == id).is_some() {
                    session.key.saved = Some(*system);
                }
            }
            (_, JobEvent::Saved(Err(NotSaved::NoKeyring(_)))) => session.notice = None,
            (JobKind::RenameSystem(name), JobEvent::Renamed(Ok(()))) => {
                session.notice = Some(Notice::good(words.renamed(name)));
            }
            (JobKind::RemoveSystem(name), JobEvent::Removed(Ok(()))) => {
                session.notice = Some(Notice::good(words.removed(name)));
            }
            (_, JobEvent::Written(Ok(path))) => {
                let path = SafeText::line(&path.display().to_string());
                session.notice = Some(Notice::good(session.content.words.app().saved_as(&path)));
                session.files.push(path.to_string());
            }
            (_, JobEvent::Exported(Ok(exported))) => {
                session.key.handed_over |= exported.with_secret;
                session.notice = Some(notices::exported(exported, session.content.words.app()));
                session.files.extend(exported.files.iter().cloned());
            }
            (
                _,
                JobEvent::Read(Err(why))
                | JobEvent::Opened(Err(why))
                | JobEvent::Saved(Err(NotSaved::Other(why)))
                | JobEvent::Renamed(Err(why))
                | JobEvent::Removed(Err(why))
                | JobEvent::Recorded(Err(why))
                | JobEvent::Written(Err(why))
                | JobEvent::Exported(Err(why)),
            ) => session.notice = Some(Notice::problem(why)),
            _ => {}
        }
        let update = self.screens.get_mut(job.owner).answered(&event, &mut self.session);
        effects.extend(self.apply(update));
        effects
    }

    /// Stores the current list of saved systems.
    pub(super) fn listed(&mut self, listing: Result<Listing, Problem>) -> Vec<Effect> {
        match listing {
            Ok(listing) => {
                if !listing.set_aside.is_empty() {
                    self.session.notice = Some(Notice::warning(listing.set_aside.join(" ")));
                }
                self.session.saved.listing = listing;
            }
            Err(why) => self.session.notice = Some(Notice::problem(&why)),
        }
        Vec::new()
    }
}
