//! The user's progress, saved and resumed.

use super::{super::notice::Notice, Session};
use crate::domain::{
    draft::Draft,
    key::service_key::Credential,
    progress::{Fitted, Progress},
    sap::guide::StepId,
    text::{mask::Mask, safe_text::SafeText, when::when},
};

/// The progress of an earlier session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resumable {
    progress: Progress,
}

impl Resumable {
    /// Wraps saved progress.
    pub fn new(progress: Progress) -> Self {
        Self { progress }
    }

    /// The step at which to resume. Without the key, which is never saved, nothing can be tested or handed over.
    pub fn step(&self) -> StepId {
        without_key(self.progress.step)
    }

    /// Name of the service instance, may be empty.
    pub fn instance(&self) -> &str {
        &self.progress.draft.instance
    }

    /// How many roles were chosen.
    pub fn roles(&self) -> usize {
        self.progress.draft.parameters.roles.len()
    }
}

/// Limits a step to those that need no key; the last one is where it is pasted.
fn without_key(step: StepId) -> StepId {
    match step {
        StepId::Test | StepId::HandOver => StepId::QuickFill,
        step => step,
    }
}

impl Session {
    /// When the user stopped, for display: `yesterday 16:20`.
    pub fn stopped(&self, resumable: &Resumable) -> String {
        when(resumable.progress.saved_at, self.now.wall, &self.zone, self.content.words)
    }

    /// Whether the user has made choices that would be lost.
    pub fn has_choices(&self) -> bool {
        self.draft != Draft::default() && self.draft_of_system.as_ref() != Some(&self.draft)
    }

    /// Forgets all choices and ticks, of this and an earlier session. The current key is kept.
    pub fn forget_progress(&mut self) {
        self.draft = Draft::default();
        self.draft_of_system = None;
        self.resume = None;
        self.copies.clear();
        self.done.clear();
        self.reached = StepId::Purpose;
    }

    /// The user's progress, without any secret.
    pub fn progress(&self, step: StepId) -> Progress {
        let mut mask = Mask::default();
        match self.key.usable().map(|key| &key.credential) {
            Some(Credential::ClientSecret(secret) | Credential::Certificate { private_key: secret, .. }) => {
                mask.add(secret)
            }
            None => {}
        }
        let progress = Progress {
            saved_at: self.now.wall,
            step,
            reached: self.reached,
            visited: StepId::ALL.into_iter().filter(|step| self.done.contains(step)).collect(),
            draft: self.draft.clone(),
            cloud: self.cloud_progress(),
        };
        progress.without_secrets(&mask)
    }

    /// Adopts the choices of the earlier session and returns the step at which to resume. `None` if there are none.
    pub fn take_resume(&mut self) -> Option<StepId> {
        let resumable = self.resume.take()?;
        let step = resumable.step();
        let Fitted { progress, dropped } = resumable.progress.fit(&self.content);
        let words = self.content.words.progress();
        self.notice = Some(if dropped.is_empty() {
            Notice::note(words.resumed())
        } else {
            let names: Vec<&str> = dropped.iter().map(|name| name.as_str()).collect();
            Notice::warning(words.dropped(names.join(", ")))
        });
        let needs_key = |step: &StepId| *step != without_key(*step) || *step == StepId::QuickFill;
        self.done = progress.visited.into_iter().filter(|step| !needs_key(step)).collect();
        self.reached = without_key(progress.reached).max(step);
        self.draft = progress.draft;
        if let Some(cloud) = progress.cloud {
            let made: Vec<String> = cloud.things.iter().map(|thing| SafeText::line(&thing.name).to_string()).collect();
            if !made.is_empty() && dropped.is_empty() {
                self.notice = Some(Notice::note(words.resumed_at_cloud(made.join(", "))));
            }
            self.take_cloud_progress(cloud);
        }
        self.draft_of_system = None;
        Some(step)
    }
}
