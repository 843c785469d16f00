//! What a broker is busy with, and the jobs that tell of it.

use std::time::Duration;

/// How long the broker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// An operation on an instance is seen unfinished that many times, one on a key not at all. For tests.
    Looks(u32),
    /// Some seconds, as people meet it.
    Lifelike,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// An instance is made.
    CreateInstance,
    /// The parameters of an instance are changed.
    UpdateInstance,
    /// An instance is deleted with its keys.
    DeleteInstance,
    /// A key is made.
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

    /// What the job's error says that could not be completed.
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

    /// The broker's words while it is at it.
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
    /// The broker refuses, with these words.
    Fails(String),
    /// Never.
    Hangs,
    /// The platform gives up waiting, with these words; the job says only that its time has run out.
    TimesOut(String),
}

/// How far an operation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Running.
    Running {
        /// How often someone has looked.
        looks: u32,
        /// How it will end.
        outcome: Outcome,
        /// How often it takes longer than others.
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
    /// What is or was done.
    pub(super) act: Act,
    /// Its state.
    pub(super) state: State,
    /// When it began.
    pub(super) began: Duration,
    /// When it last changed.
    pub(super) changed: Duration,
}

impl Operation {
    /// One that begins now.
    pub(super) fn begun(act: Act, outcome: Outcome, factor: u32, now: Duration) -> Self {
        Self { act, state: State::Running { looks: 0, outcome, factor }, began: now, changed: now }
    }

    /// One that ended long ago.
    pub(super) fn ended(act: Act, state: State, at: Duration) -> Self {
        Self { act, state, began: at, changed: at }
    }

    /// Whether it is under way.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }

    /// Whether the last thing that happened is that it was not made.
    pub(super) fn is_create_failed(&self) -> bool {
        self.act.kind() == "create" && matches!(self.state, State::Failed(_))
    }

    /// Someone looks.
    pub(super) fn look(&mut self) {
        if let State::Running { looks, .. } = &mut self.state {
            *looks = looks.saturating_add(1);
        }
    }

    /// How it ends, if it is time.
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

    /// The broker's words.
    pub(super) fn description(&self, now: Duration) -> Option<&str> {
        match &self.state {
            State::Running { .. } if self.state_name(now) == "in progress" => self.act.words(),
            State::Running { .. } | State::Succeeded => None,
            State::Failed(words) => Some(words),
        }
    }
}

/// The time that people wait.
fn lasts(act: Act) -> Duration {
    Duration::from_secs(match act {
        Act::CreateInstance => 7,
        Act::UpdateInstance | Act::DeleteInstance => 5,
        Act::CreateKey | Act::DeleteKey => 1,
    })
}

/// What tells how an operation goes, also when what it is about is gone.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// Its guid, with the operation before it.
    pub(super) guid: String,
    /// What is done.
    pub(super) act: Act,
    /// To which instance or key.
    pub(super) target: String,
    /// When it was created.
    pub(super) made: Duration,
    /// The end of the run.
    pub(super) end: Option<Outcome>,
}
