//! Reports what happens, and remembers what is under way.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::mpsc::UnboundedSender, time::Instant};

use crate::domain::{
    check::{CheckEvent, CheckStep, Seen, Site},
    finding::{Finding, FindingCode, Stage},
    text::safe_text::SafeText,
};

/// The stage that the steps at a host belong to.
pub(super) fn stage(site: Site) -> Stage {
    match site {
        Site::Token => Stage::Token,
        Site::Api => Stage::Api,
    }
}

/// The stage that a step belongs to.
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
}

impl Reporter {
    /// A reporter to `sink`.
    pub(super) fn new(sink: UnboundedSender<CheckEvent>) -> Self {
        Self { sink, running: Mutex::new(Vec::new()) }
    }

    /// A step begins. A step that is under way already goes on.
    pub(super) fn start(&self, step: &CheckStep) {
        {
            let mut running = self.running();
            if running.iter().any(|(known, _)| known == step) {
                return;
            }
            running.push((step.clone(), Instant::now()));
        }
        self.send(CheckEvent::Started(step.clone()));
    }

    /// A step pauses.
    pub(super) fn wait(&self, step: &CheckStep, pause: Duration, reason: SafeText) {
        self.send(CheckEvent::Waiting { step: step.clone(), pause, reason });
    }

    /// A step is over. A step that is not under way stays unreported.
    pub(super) fn finish(&self, step: &CheckStep, seen: Seen) {
        let started = {
            let mut running = self.running();
            running.iter().position(|(known, _)| known == step).map(|at| running.remove(at).1)
        };
        if let Some(started) = started {
            self.send(CheckEvent::Finished { step: step.clone(), elapsed: started.elapsed(), seen });
        }
    }

    /// Something that belongs to no row.
    pub(super) fn remark(&self, finding: Finding) {
        self.send(CheckEvent::Remark(finding));
    }

    /// Ends everything that is under way for one reason.
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

    /// Nothing more comes.
    pub(super) fn done(&self) {
        self.send(CheckEvent::Done);
    }

    fn running(&self) -> MutexGuard<'_, Vec<(CheckStep, Instant)>> {
        // The list is whole even where a thread panicked while it held the lock.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, event: CheckEvent) {
        // Nobody listens any more once the wizard has gone on.
        let _ = self.sink.send(event);
    }
}
