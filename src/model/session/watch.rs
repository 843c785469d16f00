//! Repeats the test automatically until a missing role has arrived.

use std::{sync::Arc, time::Duration};

use super::{
    super::{
        effect::Effect,
        job::JobRequest,
        notice::Notice,
        run::Run,
        watch::{LONGEST, PAUSE, PRACTICE_PAUSE, Watch, WatchState},
    },
    Session,
};
use crate::domain::{finding::Verdict, sap::guide::StepId};

/// How long SAP's servers usually take to learn of a new key.
const MOMENT: Duration = Duration::from_secs(10);

impl Session {
    /// Whether a watch is active.
    pub fn is_watching(&self) -> bool {
        self.watch.as_ref().is_some_and(Watch::is_on)
    }

    /// The pause between two tests of a watch.
    pub fn watch_pause(&self) -> Duration {
        if self.around.practice { PRACTICE_PAUSE } else { PAUSE }
    }

    /// Starts testing repeatedly until the missing roles have arrived. Does nothing if none is missing.
    pub fn start_watch(&mut self) -> Option<Effect> {
        self.start_watch_of_missing();
        self.continue_watch()
    }

    fn start_watch_of_missing(&mut self) -> bool {
        let Some(run) = self.run.as_ref().filter(|run| !run.is_running()) else { return false };
        let missing: Vec<String> = run.report.missing_roles().into_iter().map(str::to_owned).collect();
        if missing.is_empty() {
            return false;
        }
        self.watch = Some(Watch::begin(missing, self.now.since_start));
        true
    }

    /// Like [`Self::start_watch`], with the first test after a moment: the previous one has only just ended.
    pub(super) fn start_watch_in_a_moment(&mut self) -> bool {
        let is_new = self.start_watch_of_missing();
        let due = self.now.since_start + MOMENT;
        if let Some(watch) = self.watch.as_mut().filter(|_| is_new) {
            watch.due = due;
        }
        is_new
    }

    /// Stops the watch and keeps its results.
    pub fn stop_watch(&mut self) {
        if self.end_watch(WatchState::Stopped) {
            self.notice = self.how_it_ended().map(Notice::note);
        }
    }

    /// Starts the next test now.
    pub fn hurry_watch(&mut self) -> Option<Effect> {
        let now = self.now.since_start;
        self.watch.as_mut().filter(|watch| watch.is_on())?.due = now;
        self.continue_watch()
    }

    /// Starts the next test if it is due, or ends the watch if it has run long enough.
    pub fn continue_watch(&mut self) -> Option<Effect> {
        let now = self.now.since_start;
        let watch = self.watch.as_ref()?;
        if !watch.until_due(now)?.is_zero() {
            return None;
        }
        if now.saturating_sub(watch.began) >= LONGEST {
            self.end_watch(WatchState::TimeOver);
            self.notice = self.how_it_ended().map(Notice::warning);
            return Some(Effect::Bell);
        }
        let run = self.run.as_ref()?;
        let (id, effect) = self.jobs.start(StepId::Test, JobRequest::Test(run.request.clone()));
        let test = run.repeat(id, &self.content, now);
        self.watch.as_mut()?.test = Some(test);
        Some(effect)
    }

    /// Handles a finished test. It replaces the result on the screen if it says anything about roles.
    pub(super) fn take_watched(&mut self, test: Run) -> Vec<Effect> {
        let pause = self.watch_pause().max(test.progress.asked_to_wait().unwrap_or_default());
        let now = self.now.since_start;
        let content = Arc::clone(&self.content);
        let words = content.words.test();
        let Some(watch) = self.watch.as_mut() else { return Vec::new() };
        watch.tests += 1;
        watch.due = now + pause;
        watch.trouble = None;
        let verdict = test.report.verdict;
        match verdict {
            // Network and servers may fail temporarily; the roles arrive nevertheless.
            Verdict::Unreachable | Verdict::Unavailable => {
                watch.trouble = Some(verdict);
                return Vec::new();
            }
            Verdict::Ready | Verdict::Limited => {}
            _ => {
                self.run = Some(test);
                self.end_watch(WatchState::Refused);
                self.notice = self.how_it_ended().map(Notice::error);
                return self.record_verdict().into_iter().chain([Effect::Bell]).collect();
            }
        }
        let missing = test.report.missing_roles();
        let missing: Vec<String> =
            watch.roles.iter().filter(|role| missing.contains(&role.as_str())).cloned().collect();
        let arrived: Vec<String> = watch.missing.iter().filter(|role| !missing.contains(role)).cloned().collect();
        watch.missing = missing;
        self.run = Some(test);
        if arrived.is_empty() {
            return Vec::new();
        }
        let all = self.watch.as_ref().is_some_and(|watch| watch.missing.is_empty());
        if all {
            self.end_watch(WatchState::Arrived);
        }
        self.notice = if all {
            self.how_it_ended().map(Notice::good)
        } else {
            Some(Notice::note(words.watch_arrived(arrived.len(), arrived.join(", "))))
        };
        self.record_verdict().into_iter().chain([Effect::Bell]).collect()
    }

    fn how_it_ended(&self) -> Option<String> {
        self.watch.as_ref()?.ended(self.content.words)
    }

    /// Ends an active watch and its test.
    fn end_watch(&mut self, state: WatchState) -> bool {
        let Some(watch) = self.watch.as_mut().filter(|watch| watch.is_on()) else { return false };
        watch.state = state;
        if let Some(test) = watch.test.take() {
            self.jobs.stop(test.id);
        }
        true
    }
}
