//! One live test as the screens see it.

use std::time::Duration;

use super::job::JobId;
use crate::domain::{
    check::{
        CheckEvent, CheckRequest,
        diagnosis::{self, Progress},
        report::TestReport,
    },
    content::Content,
    finding::{Finding, FindingCode, Stage, Verdict},
    key::service_key::KeySummary,
};

/// The state of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Responses are still pending.
    Running,
    /// The test has ended.
    Finished,
    /// The user interrupted it.
    Cancelled,
}

/// One live test.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its job.
    pub id: JobId,
    /// The request.
    pub request: CheckRequest,
    /// Its progress, row by row.
    pub progress: Progress,
    /// The result so far.
    pub report: TestReport,
    /// Whether it is running, finished or cancelled.
    pub state: RunState,
    /// When it began.
    pub began: Duration,
    /// How long it took, once finished.
    pub took: Option<Duration>,
    summary: KeySummary,
    key_findings: Vec<Finding>,
}

impl Run {
    /// A test that has just started. `summary` and `key_findings` come from parsing the key.
    pub fn begin(
        id: JobId,
        request: CheckRequest,
        summary: KeySummary,
        key_findings: Vec<Finding>,
        content: &Content,
        now: Duration,
    ) -> Self {
        let progress = Progress::new(&request);
        let report = diagnosis::assess(content, &request, &summary, &key_findings, &progress);
        Self { id, request, progress, report, state: RunState::Running, began: now, took: None, summary, key_findings }
    }

    /// The same test, restarted.
    #[must_use]
    pub fn repeat(&self, id: JobId, content: &Content, now: Duration) -> Self {
        let (request, summary) = (self.request.clone(), self.summary.clone());
        Self::begin(id, request, summary, self.key_findings.clone(), content, now)
    }

    /// Whether responses are still pending.
    pub fn is_running(&self) -> bool {
        self.state == RunState::Running
    }

    /// Records an event. Events after the end are ignored.
    pub fn record(&mut self, event: CheckEvent, now: Duration, content: &Content) {
        if !self.is_running() {
            return;
        }
        if event == CheckEvent::Done {
            self.state = RunState::Finished;
            self.took = Some(self.elapsed(now));
        }
        self.progress.record_at(event, self.elapsed(now));
        self.assess(content);
    }

    /// How long it has been running at `now` (since the program started).
    pub fn elapsed(&self, now: Duration) -> Duration {
        now.saturating_sub(self.began)
    }

    /// Stops it.
    pub fn cancel(&mut self, content: &Content) {
        if self.is_running() {
            self.state = RunState::Cancelled;
            self.progress.record(CheckEvent::Remark(Finding::new(FindingCode::Cancelled, Stage::Api)));
            self.progress.record(CheckEvent::Done);
            self.assess(content);
        }
    }

    fn assess(&mut self, content: &Content) {
        self.report = diagnosis::assess(content, &self.request, &self.summary, &self.key_findings, &self.progress);
    }

    /// The verdict, once the test has finished.
    pub fn verdict(&self) -> Option<Verdict> {
        (self.state == RunState::Finished).then_some(self.report.verdict)
    }
}
