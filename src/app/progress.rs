//! Saves the progress, and loads that of an earlier start.

use std::{collections::HashSet, time::Duration};

use super::App;
use crate::{
    domain::sap::guide::StepId,
    domain::{draft::Draft, progress::CloudProgress},
    model::{Effect, Exit, Msg, Notice, Place, msg::EarlierProgress, session::Resumable},
    screens::{Confirmed, Enter, Question, Screens},
};

/// The delay before a change within a step is saved. Going to another step saves at once.
const PATIENCE: Duration = Duration::from_millis(400);

/// The last saved progress.
#[derive(Debug, Default)]
pub(super) struct Kept {
    draft: Draft,
    step: StepId,
    done: HashSet<StepId>,
    cloud: Option<CloudProgress>,
    /// Since when there are unsaved changes.
    changed_at: Option<Duration>,
}

impl App {
    /// Handles the saved progress of an earlier start.
    pub(super) fn earlier(&mut self, earlier: EarlierProgress) {
        self.session.zone = earlier.zone;
        match earlier.found {
            Ok(progress) => self.session.resume = progress.map(Resumable::new),
            Err(why) => self.session.notice = Some(Notice::problem(&why)),
        }
        if let Some(set_aside) = earlier.set_aside {
            self.session.notice = Some(Notice::warning(set_aside));
        }
    }

    /// Whether a message can change the picture. The first step shows neither location nor protection of saved systems,
    /// and times only for saved systems.
    pub fn is_news(&self, msg: &Msg) -> bool {
        let shown = &self.session.saved.listing.systems;
        match msg {
            _ if self.place() != Place::Step(StepId::Purpose) || self.overlay.is_some() => true,
            Msg::Systems(Ok(listing)) => listing.systems != *shown || !listing.set_aside.is_empty(),
            Msg::Progress(earlier) => {
                let is_nothing = matches!(earlier.found, Ok(None)) && earlier.set_aside.is_none();
                !is_nothing || self.session.resume.is_some() || !shown.is_empty()
            }
            _ => true,
        }
    }

    /// Continues where the user stopped at an earlier start.
    pub fn resume(&mut self) -> Vec<Effect> {
        let Some(step) = self.session.take_resume() else { return Vec::new() };
        self.step = step;
        self.enter(Enter::Plain)
    }

    /// Asks whether to discard choices and ticks.
    pub(super) fn ask_to_forget_progress(&mut self) {
        let words = self.session.content.words.progress();
        self.ask(Question {
            title: words.forget_title().to_owned(),
            text: words.forget_text().to_owned(),
            yes: words.forget_yes().to_owned(),
            no: words.forget_no().to_owned(),
            then: Confirmed::ForgetProgress,
            otherwise: None,
        });
    }

    /// Starts over, like `--fresh`. A loaded key is kept.
    pub(super) fn forget_progress(&mut self) -> Vec<Effect> {
        self.session.forget_progress();
        self.screens = Screens::new();
        self.close_beside();
        self.step = StepId::Purpose;
        self.kept = Kept::default();
        let mut effects = vec![Effect::SaveProgress(None)];
        effects.extend(self.enter(Enter::Plain));
        self.session.notice = Some(Notice::good(self.session.content.words.progress().forgotten()));
        effects
    }

    /// The time until a change is saved.
    pub(super) fn saves_in(&self) -> Option<Duration> {
        self.kept.changed_at.map(|at| (at + PATIENCE).saturating_sub(self.session.now.since_start))
    }

    /// Saves changes: at once at another step and at the end, otherwise after [`PATIENCE`]. If everything is done,
    /// there is nothing to continue.
    pub(super) fn save_progress(&mut self, effects: &mut Vec<Effect>) {
        let end = effects.iter().position(|effect| matches!(effect, Effect::Quit(_)));
        if let Some(at) = end
            && effects.contains(&Effect::Quit(Exit::Finished))
            && self.session.key_is_kept()
        {
            effects.insert(at, Effect::SaveProgress(None));
            return;
        }
        let (session, kept) = (&self.session, &mut self.kept);
        let cloud = session.cloud_progress();
        let changed =
            kept.step != self.step || kept.draft != session.draft || kept.done != session.done || kept.cloud != cloud;
        if !changed || !session.has_choices() {
            kept.changed_at = None;
            return;
        }
        let now = session.now.since_start;
        let since = *kept.changed_at.get_or_insert(now);
        // Created resources are recorded at once: the program may end at any time.
        if kept.step == self.step && kept.cloud == cloud && end.is_none() && now < since + PATIENCE {
            return;
        }
        *kept =
            Kept { draft: session.draft.clone(), step: self.step, done: session.done.clone(), cloud, changed_at: None };
        let save = Effect::SaveProgress(Some(Box::new(session.progress(self.step))));
        effects.insert(end.unwrap_or(effects.len()), save);
    }

    /// The unsaved changes when a signal ends the program.
    pub fn unsaved_progress(&mut self) -> Option<Effect> {
        let mut effects = vec![Effect::Quit(Exit::Interrupted)];
        self.save_progress(&mut effects);
        effects.into_iter().find(|effect| matches!(effect, Effect::SaveProgress(_)))
    }
}
