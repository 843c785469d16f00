//! The progress of a running test.

use std::time::Duration;

use crate::domain::{
    check::{CheckEvent, CheckRequest, CheckStep, ProbeFacts, RetryReason, Seen, Site, TokenFacts, Try},
    finding::Finding,
};

/// The state of a step. Times are relative to the start of the test.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RowState {
    /// Not started. At the end of a test: never requested.
    #[default]
    Pending,
    /// Running.
    Running {
        /// When it began.
        since: Duration,
        /// It times out this long after that.
        within: Duration,
    },
    /// Pausing before a retry.
    Waiting {
        /// When the pause began.
        since: Duration,
        /// How long it is.
        pause: Duration,
        /// Why: `429 Too Many Requests`.
        reason: RetryReason,
        /// The next attempt.
        next: Try,
        /// That attempt times out this long after it began.
        within: Duration,
    },
    /// Over.
    Finished {
        /// From its start, including pauses.
        elapsed: Duration,
        /// The result.
        seen: Seen,
    },
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub step: CheckStep,
    /// The distance.
    pub state: RowState,
}

impl Row {
    /// The result, once finished.
    pub fn seen(&self) -> Option<&Seen> {
        match &self.state {
            RowState::Finished { seen, .. } => Some(seen),
            _ => None,
        }
    }
}

/// The rows of one test, in request order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    rows: Vec<Row>,
    remarks: Vec<Finding>,
    within: Option<Duration>,
    asked_to_wait: Option<Duration>,
    done: bool,
}

impl Progress {
    /// A test that has not begun.
    pub fn new(request: &CheckRequest) -> Self {
        let probes = request.probes.iter().map(|probe| CheckStep::Probe(probe.spec.id.clone()));
        let steps = [CheckStep::Connect(Site::Token), CheckStep::Token, CheckStep::Connect(Site::Api)];
        let rows = steps.into_iter().chain(probes).map(|step| Row { step, state: RowState::Pending }).collect();
        Self { rows, ..Self::default() }
    }

    /// Records an event, if the test is not watched while it runs.
    pub fn record(&mut self, event: CheckEvent) {
        self.record_at(event, Duration::ZERO);
    }

    /// Records an event that occurred `at` this time after the start. A step that was not planned is ignored.
    pub fn record_at(&mut self, event: CheckEvent, at: Duration) {
        match event {
            CheckEvent::Began { within } => self.within = Some(within),
            CheckEvent::Started { step, within } => self.set(&step, RowState::Running { since: at, within }),
            CheckEvent::Waiting { step, pause, reason, next, within } => {
                self.set(&step, RowState::Waiting { since: at, pause, reason, next, within });
            }
            CheckEvent::Finished { step, elapsed, seen } => self.set(&step, RowState::Finished { elapsed, seen }),
            CheckEvent::Dropped { step } => self.set(&step, RowState::Pending),
            CheckEvent::AskedToWait(pause) => self.asked_to_wait = self.asked_to_wait.max(Some(pause)),
            CheckEvent::Remark(finding) => self.remarks.push(finding),
            CheckEvent::Done => self.done = true,
        }
    }

    /// All rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The number of finished steps and of all steps.
    pub fn count(&self) -> (usize, usize) {
        (self.rows.iter().filter(|row| row.seen().is_some()).count(), self.rows.len())
    }

    /// Findings that belong to no row.
    pub fn remarks(&self) -> &[Finding] {
        &self.remarks
    }

    /// The time limit of the test, once it has begun.
    pub fn within(&self) -> Option<Duration> {
        self.within
    }

    /// The longest pause that a server requested and the test did not wait for.
    pub fn asked_to_wait(&self) -> Option<Duration> {
        self.asked_to_wait
    }

    /// Whether the test has finished.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Time and result of a finished step.
    pub fn finished(&self, step: &CheckStep) -> Option<(Duration, &Seen)> {
        self.rows.iter().find(|row| row.step == *step).and_then(|row| match &row.state {
            RowState::Finished { elapsed, seen } => Some((*elapsed, seen)),
            _ => None,
        })
    }

    /// The token's details, if one was issued.
    pub fn token(&self) -> Option<&TokenFacts> {
        match self.finished(&CheckStep::Token)?.1 {
            Seen::Token(facts) => Some(facts),
            _ => None,
        }
    }

    /// The result of the probe with that id, if the API responded.
    pub fn probe(&self, id: &str) -> Option<&ProbeFacts> {
        match self.finished(&CheckStep::Probe(id.to_owned()))?.1 {
            Seen::Probe(facts) => Some(facts),
            _ => None,
        }
    }

    fn set(&mut self, step: &CheckStep, state: RowState) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.step == *step) {
            row.state = state;
        }
    }
}
