//! The running jobs and who started them.

use std::collections::BTreeMap;

use super::{
    effect::Effect,
    job::{JobEvent, JobId, JobKind, JobRequest},
    place::Place,
};

/// A running job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The screen that gets the answer.
    pub owner: Place,
    /// What it does.
    pub kind: JobKind,
}

/// The running jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    started: u64,
    running: BTreeMap<JobId, Job>,
    /// Stopped, but the runtime has not been told yet.
    stopped: Vec<JobId>,
    /// Started, but the runtime has not been told yet.
    waiting: Vec<Effect>,
}

impl Jobs {
    /// Starts a job; the screen `owner` gets its answer.
    pub fn start(&mut self, owner: impl Into<Place>, request: JobRequest) -> (JobId, Effect) {
        self.started += 1;
        let id = JobId(self.started);
        self.running.insert(id, Job { owner: owner.into(), kind: JobKind::from(&request) });
        (id, Effect::Start(id, request))
    }

    /// Starts a job where no effect can be returned; the runtime is told after the message is processed.
    pub fn start_later(&mut self, owner: impl Into<Place>, request: JobRequest) -> JobId {
        let (id, effect) = self.start(owner, request);
        self.waiting.push(effect);
        id
    }

    /// Stops a job, if it is running.
    pub fn stop(&mut self, id: JobId) {
        if self.running.remove(&id).is_some() {
            self.stopped.push(id);
        }
    }

    /// The job that reports an event, if it is running. Its last event ends it.
    pub fn report(&mut self, id: JobId, event: &JobEvent) -> Option<Job> {
        if event.is_last() { self.running.remove(&id) } else { self.running.get(&id).cloned() }
    }

    /// Effects for the jobs that were started or stopped since the last call.
    pub fn take_unsaid(&mut self) -> Vec<Effect> {
        let started = std::mem::take(&mut self.waiting);
        started.into_iter().chain(std::mem::take(&mut self.stopped).into_iter().map(Effect::Stop)).collect()
    }

    /// Whether a job is running.
    pub fn runs(&self, id: JobId) -> bool {
        self.running.contains_key(&id)
    }

    /// Whether no job is running.
    pub fn is_idle(&self) -> bool {
        self.running.is_empty()
    }

    /// Whether a test of the key or of all saved systems is running.
    pub fn are_testing(&self) -> bool {
        self.running.values().any(|job| matches!(job.kind, JobKind::Test | JobKind::TestSystems))
    }

    /// Whether a key is being saved.
    pub fn saves(&self) -> bool {
        self.running.values().any(|job| matches!(job.kind, JobKind::SaveSystem(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::Problem;
    use crate::domain::sap::guide::StepId;

    #[test]
    fn an_answer_belongs_to_a_running_job_and_the_last_one_ends_it() {
        let mut jobs = Jobs::default();
        let (id, effect) = jobs.start(StepId::QuickFill, JobRequest::ReadClipboard);
        assert_eq!(effect, Effect::Start(id, JobRequest::ReadClipboard));
        let event = JobEvent::Read(Err(Problem::failed("", "", "")));
        assert_eq!(jobs.report(JobId(99), &event), None);
        assert_eq!(
            jobs.report(id, &JobEvent::KeyringIsSlow).map(|job| job.owner),
            Some(Place::Step(StepId::QuickFill))
        );
        assert!(jobs.report(id, &event).is_some());
        assert_eq!(jobs.report(id, &event), None);
    }

    #[test]
    fn a_stopped_job_is_stopped_outside_once_and_answers_nothing() {
        let mut jobs = Jobs::default();
        let (id, _) = jobs.start(StepId::Key, JobRequest::ReadClipboard);
        jobs.stop(id);
        jobs.stop(id);
        assert_eq!(jobs.take_unsaid(), [Effect::Stop(id)]);
        assert_eq!(jobs.take_unsaid(), []);
        assert_eq!(jobs.report(id, &JobEvent::Read(Err(Problem::failed("", "", "")))), None);
    }
}
