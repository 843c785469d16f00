//! Reports events and tracks the running steps.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::mpsc::UnboundedSender, time::Instant};

use super::stage;
use crate::domain::{
    check::{CheckEvent, CheckStep, RetryReason, Seen, Try},
    finding::{Finding, FindingCode, Stage},
    text::{mask::Mask, secret::Secret},
};

/// The stage of a step.
fn stage_of(step: &CheckStep) -> Stage {
    match step {
        CheckStep::Connect(site) => stage(*site),
        CheckStep::Token => Stage::Token,
        CheckStep::Probe(_) => Stage::Api,
    }
}

/// The sender of events.
pub(super) struct Reporter {
    sink: UnboundedSender<CheckEvent>,
    running: Mutex<Vec<(CheckStep, Instant)>>,
    mask: Mutex<Mask>,
}

impl Reporter {
    /// A reporter to `sink`. All secrets in `mask` are masked.
    pub(super) fn new(sink: UnboundedSender<CheckEvent>, mask: Mask) -> Self {
        Self { sink, running: Mutex::new(Vec::new()), mask: Mutex::new(mask) }
    }

    /// Masks this secret too, from now on.
    pub(super) fn mask(&self, secret: &Secret) {
        self.mask.lock().unwrap_or_else(PoisonError::into_inner).add(secret);
    }

    /// The test starts.
    pub(super) fn begin(&self, within: Duration) {
        self.send(CheckEvent::Began { within });
    }

    /// A step starts, with a time limit of `within`. A step that is already running continues.
    pub(super) fn start(&self, step: &CheckStep, within: Duration) {
        {
            let mut running = self.running();
            if running.iter().any(|(known, _)| known == step) {
                return;
            }
            running.push((step.clone(), Instant::now()));
        }
        self.send(CheckEvent::Started { step: step.clone(), within });
    }

    /// A step pauses.
    pub(super) fn wait(&self, step: &CheckStep, pause: Duration, reason: RetryReason, next: Try, within: Duration) {
        self.send(CheckEvent::Waiting { step: step.clone(), pause, reason, next, within });
    }

    /// A server requests a longer pause than the test waits.
    pub(super) fn asked_to_wait(&self, pause: Duration) {
        self.send(CheckEvent::AskedToWait(pause));
    }

    /// A step has finished. A step that is not running is not reported.
    pub(super) fn finish(&self, step: &CheckStep, seen: Seen) {
        let started = {
            let mut running = self.running();
            running.iter().position(|(known, _)| known == step).map(|at| running.remove(at).1)
        };
        if let Some(started) = started {
            self.send(CheckEvent::Finished { step: step.clone(), elapsed: started.elapsed(), seen });
        }
    }

    /// A finding that belongs to no row.
    pub(super) fn remark(&self, finding: Finding) {
        self.send(CheckEvent::Remark(finding));
    }

    /// Ends all running steps for one reason.
    pub(super) fn stop(&self, code: FindingCode) {
        let running = std::mem::take(&mut *self.running());
        if running.is_empty() {
            self.remark(Finding::new(code, Stage::Token));
        }
        for (step, started) in running {
            let seen = Seen::Fault(Finding::new(code, stage_of(&step)));
            self.send(CheckEvent::Finished { step, elapsed: started.elapsed(), seen });
        }
    }

    /// Drops running steps whose responses do not count.
    pub(super) fn drop_running(&self) {
        for (step, _) in std::mem::take(&mut *self.running()) {
            self.send(CheckEvent::Dropped { step });
        }
    }

    /// Reports the end of the test.
    pub(super) fn done(&self) {
        self.send(CheckEvent::Done);
    }

    fn running(&self) -> MutexGuard<'_, Vec<(CheckStep, Instant)>> {
        // The list is consistent even if a thread panicked while it held the lock.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, event: CheckEvent) {
        // There may be no receiver once the wizard has moved on.
        let _ = self.sink.send(event.masked(&self.mask.lock().unwrap_or_else(PoisonError::into_inner)));
    }
}
