//! Saves how far the person has come, and takes in where they stopped before.

use std::{collections::HashSet, time::Duration};

use super::App;
use crate::{
    domain::sap::guide::StepId,
    domain::{draft::Draft, progress::CloudProgress},
    model::{Effect, Exit, Msg, Notice, Place, msg::EarlierProgress, session::Resumable},
    screens::{Confirmed, Enter, Question, Screens},
};

/// A change within a step is saved after so long. Going to another step saves at once.
const PATIENCE: Duration = Duration::from_millis(400);

/// How far the person had come when it was saved last.
#[derive(Debug, Default)]
pub(super) struct Kept {
    draft: Draft,
    step: StepId,
    done: HashSet<StepId>,
    cloud: Option<CloudProgress>,
    /// Since when something is not saved.
    changed_at: Option<Duration>,
}

impl App {
    /// What was found of an earlier start.
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

    /// Whether a message can change the picture. At the first step it shows neither the place nor the protection of what is
    /// saved, and times only of saved systems.
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

    /// Goes on where the person stopped at an earlier start.
    pub fn resume(&mut self) -> Vec<Effect> {
        let Some(step) = self.session.take_resume() else { return Vec::new() };
        self.step = step;
        self.enter(Enter::Plain)
    }

    /// Asks whether choices and ticks are to be forgotten.
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

    /// Starts over, as `--fresh` does. A key that was read stays.
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

    /// How long until a change is saved.
    pub(super) fn saves_in(&self) -> Option<Duration> {
        self.kept.changed_at.map(|at| (at + PATIENCE).saturating_sub(self.session.now.since_start))
    }

    /// Saves what has changed: at once at another step and at the end, else after [`PATIENCE`]. Who is done with everything
    /// has nothing to go on with.
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
        // What was made is remembered at once: the program may end at any time.
        if kept.step == self.step && kept.cloud == cloud && end.is_none() && now < since + PATIENCE {
            return;
        }
        *kept =
            Kept { draft: session.draft.clone(), step: self.step, done: session.done.clone(), cloud, changed_at: None };
        let save = Effect::SaveProgress(Some(Box::new(session.progress(self.step))));
        effects.insert(end.unwrap_or(effects.len()), save);
    }

    /// What is still to be saved when a signal ends the program.
    pub fn unsaved_progress(&mut self) -> Option<Effect> {
        let mut effects = vec![Effect::Quit(Exit::Interrupted)];
        self.save_progress(&mut effects);
        effects.into_iter().find(|effect| matches!(effect, Effect::SaveProgress(_)))
    }
}
