//! What a running test has shown so far.

use std::time::Duration;

use crate::domain::{
    check::{CheckEvent, CheckRequest, CheckStep, ProbeFacts, RetryReason, Seen, Site, TokenFacts, Try},
    finding::Finding,
};

/// How far a step is. Times are counted from the beginning of the test.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RowState {
    /// Not begun. At the end of a test: never asked.
    #[default]
    Pending,
    /// Under way.
    Running {
        /// When it began.
        since: Duration,
        /// It is given up so long after that.
        within: Duration,
    },
    /// Pauses, then tries again.
    Waiting {
        /// When the pause began.
        since: Duration,
        /// How long it is.
        pause: Duration,
        /// Why: `429 Too Many Requests`.
        reason: RetryReason,
        /// The try that follows.
        next: Try,
        /// That try is given up so long after it began.
        within: Duration,
    },
    /// Over.
    Finished {
        /// From its start, pauses included.
        elapsed: Duration,
        /// What was seen.
        seen: Seen,
    },
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub step: CheckStep,
    /// How far.
    pub state: RowState,
}

impl Row {
    /// What was seen, once it is over.
    pub fn seen(&self) -> Option<&Seen> {
        match &self.state {
            RowState::Finished { seen, .. } => Some(seen),
            _ => None,
        }
    }
}

/// The rows of one test, in the order in which they are asked.
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

    /// Takes an event in, if nobody looks at the test while it runs.
    pub fn record(&mut self, event: CheckEvent) {
        self.record_at(event, Duration::ZERO);
    }

    /// Takes an event in that came `at` this time after the beginning. A step that the request did not plan is passed
    /// over.
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

    /// How many steps are over, and how many there are.
    pub fn count(&self) -> (usize, usize) {
        (self.rows.iter().filter(|row| row.seen().is_some()).count(), self.rows.len())
    }

    /// What was said outside the rows.
    pub fn remarks(&self) -> &[Finding] {
        &self.remarks
    }

    /// After how long the test stops itself, once it has begun.
    pub fn within(&self) -> Option<Duration> {
        self.within
    }

    /// The longest pause that a server asked for and that the test did not wait.
    pub fn asked_to_wait(&self) -> Option<Duration> {
        self.asked_to_wait
    }

    /// Whether the test is over.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Time and result of a step that is over.
    pub fn finished(&self, step: &CheckStep) -> Option<(Duration, &Seen)> {
        self.rows.iter().find(|row| row.step == *step).and_then(|row| match &row.state {
            RowState::Finished { elapsed, seen } => Some((*elapsed, seen)),
            _ => None,
        })
    }

    /// What the token server said, if it issued a token.
    pub fn token(&self) -> Option<&TokenFacts> {
        match self.finished(&CheckStep::Token)?.1 {
            Seen::Token(facts) => Some(facts),
            _ => None,
        }
    }

    /// What the probe of that id showed, if the API answered.
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
