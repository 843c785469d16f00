//! Operations of the broker, and the jobs that report them.

use std::time::Duration;

/// How long the broker takes for operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// An operation on an instance is reported unfinished this many times, one on a key never. For tests.
    Looks(u32),
    /// Some seconds, as in reality.
    Lifelike,
}

/// The operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// An instance is created.
    CreateInstance,
    /// The parameters of an instance are changed.
    UpdateInstance,
    /// An instance is deleted with its keys.
    DeleteInstance,
    /// A key is created.
    CreateKey,
    /// A key is deleted.
    DeleteKey,
}

impl Act {
    /// The `type` of the last operation.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Act::CreateInstance | Act::CreateKey => "create",
            Act::UpdateInstance => "update",
            Act::DeleteInstance | Act::DeleteKey => "delete",
        }
    }

    /// The `operation` of the job.
    pub(super) fn job(self) -> &'static str {
        match self {
            Act::CreateInstance => "service_instance.create",
            Act::UpdateInstance => "service_instance.update",
            Act::DeleteInstance => "service_instance.delete",
            Act::CreateKey => "service_bindings.create",
            Act::DeleteKey => "service_bindings.delete",
        }
    }

    /// The verb in the job's error message.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Act::CreateInstance => "provision",
            Act::UpdateInstance => "update",
            Act::DeleteInstance => "deprovision",
            Act::CreateKey => "bind",
            Act::DeleteKey => "unbind",
        }
    }

    /// Whether it is about a key.
    pub(super) fn is_of_key(self) -> bool {
        matches!(self, Act::CreateKey | Act::DeleteKey)
    }

    /// The broker's description of a running operation.
    fn words(self) -> Option<&'static str> {
        match self {
            Act::CreateInstance => Some("Creating the OAuth client"),
            Act::UpdateInstance => Some("Updating the OAuth client"),
            Act::DeleteInstance => Some("Deleting the OAuth client"),
            Act::CreateKey | Act::DeleteKey => None,
        }
    }
}

/// How it will end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Succeeds,
    /// The broker refuses, with this message.
    Fails(String),
    /// It never ends.
    Hangs,
    /// The platform times out, with this message; the job only reports the timeout.
    TimesOut(String),
}

/// The state of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Running.
    Running {
        /// How often it has been read.
        looks: u32,
        /// How it will end.
        outcome: Outcome,
        /// By which factor it takes longer.
        factor: u32,
    },
    /// Done.
    Succeeded,
    /// Refused.
    Failed(String),
}

/// The last operation of an instance or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    /// The operation.
    pub(super) act: Act,
    /// Its state.
    pub(super) state: State,
    /// When it began.
    pub(super) began: Duration,
    /// When it last changed.
    pub(super) changed: Duration,
}

impl Operation {
    /// An operation that starts now.
    pub(super) fn begun(act: Act, outcome: Outcome, factor: u32, now: Duration) -> Self {
        Self { act, state: State::Running { looks: 0, outcome, factor }, began: now, changed: now }
    }

    /// An operation that ended at `at`.
    pub(super) fn ended(act: Act, state: State, at: Duration) -> Self {
        Self { act, state, began: at, changed: at }
    }

    /// Whether it is running.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }

    /// Whether the last operation was a failed creation.
    pub(super) fn is_create_failed(&self) -> bool {
        self.act.kind() == "create" && matches!(self.state, State::Failed(_))
    }

    /// Records that it was read.
    pub(super) fn look(&mut self) {
        if let State::Running { looks, .. } = &mut self.state {
            *looks = looks.saturating_add(1);
        }
    }

    /// Its outcome, if it is due.
    pub(super) fn end(&self, pace: Pace, now: Duration) -> Option<Outcome> {
        let State::Running { looks, outcome, factor } = &self.state else { return None };
        let is_over = match pace {
            Pace::Looks(most) => *looks > if self.act.is_of_key() { 0 } else { most.saturating_mul(*factor) },
            Pace::Lifelike => now.saturating_sub(self.began) >= lasts(self.act) * *factor,
        };
        (is_over && *outcome != Outcome::Hangs).then(|| outcome.clone())
    }

    /// The `state` as the API names it.
    pub(super) fn state_name(&self, now: Duration) -> &'static str {
        match &self.state {
            State::Running { looks, .. } => {
                let just_begun = *looks <= 1 && now.saturating_sub(self.began) < Duration::from_secs(2);
                if just_begun && self.act.kind() == "create" { "initial" } else { "in progress" }
            }
            State::Succeeded => "succeeded",
            State::Failed(_) => "failed",
        }
    }

    /// The broker's description.
    pub(super) fn description(&self, now: Duration) -> Option<&str> {
        match &self.state {
            State::Running { .. } if self.state_name(now) == "in progress" => self.act.words(),
            State::Running { .. } | State::Succeeded => None,
            State::Failed(words) => Some(words),
        }
    }
}

/// How long an operation takes in reality.
fn lasts(act: Act) -> Duration {
    Duration::from_secs(match act {
        Act::CreateInstance => 7,
        Act::UpdateInstance | Act::DeleteInstance => 5,
        Act::CreateKey | Act::DeleteKey => 1,
    })
}

/// Reports on an operation, even when its target is gone.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// Its guid, prefixed with the operation.
    pub(super) guid: String,
    /// The operation.
    pub(super) act: Act,
    /// The guid of the instance or key.
    pub(super) target: String,
    /// When it was created.
    pub(super) made: Duration,
    /// The end of the run.
    pub(super) end: Option<Outcome>,
}
