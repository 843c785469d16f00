//! What a run asks for, takes, knows and shows.

use std::time::Duration;

use crate::domain::{
    cf::{
        call::{Call, Reply},
        plan::Kind,
    },
    finding::{Finding, FindingCode, Verdict},
    named::named,
    text::{safe_text::SafeText, secret::Secret},
};

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Send this request, once.
    Send(Call),
    /// Wait that long.
    Wait(Duration),
    /// Ask the person whether [`Run::plan`] is to be done.
    Confirm,
    /// Test [`Run::credentials`].
    Test,
    /// Hand [`Run::credentials`] over: save them, write them to a file, show them.
    HandOver,
    /// Nothing more; [`Run::end`] says how it ended.
    Nothing,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Event {
    /// The request was sent.
    Reply(Reply),
    /// The time is over.
    Waited,
    /// The person agreed to the plan.
    Confirmed,
    /// The person does not want to go on. What the platform was asked for goes on there.
    Stopped,
    /// The key was tested.
    Tested {
        /// Whether it does what is wanted.
        passed: bool,
        /// Whether it may do so in a while: SAP's servers learn of a new key with a delay.
        may_pass_later: bool,
    },
    /// The key was handed over, or not.
    HandedOver(bool),
}

impl Event {
    /// A test of the key ended with this verdict. SAP's servers learn of a new key with a delay, so a refusal may pass.
    pub fn tested(verdict: Verdict) -> Self {
        let passed = verdict == Verdict::Ready;
        Self::Tested { passed, may_pass_later: matches!(verdict, Verdict::Limited | Verdict::Refused) }
    }
}

named! {
    /// How a run ended.
    pub enum Outcome {
        /// Everything is as wanted.
        Done = "done",
        /// Everything was as wanted before.
        NothingToDo = "nothing-to-do",
        /// Nothing was changed.
        Refused = "refused",
        /// It was tried and did not work; nothing is left half done.
        Failed = "failed",
        /// A part exists or is being made; the same command goes on.
        Unfinished = "unfinished",
    }
}

/// How a run ended, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// How the change is made.
    pub outcome: Outcome,
    /// Why, most important first.
    pub findings: Vec<Finding>,
    /// Whether the person stopped it.
    pub stopped: bool,
}

named! {
    /// What a row of the progress is about.
    pub enum StepName {
        /// Plans, instance and keys are looked at.
        Look = "look",
        /// The instance is made, or waited for.
        MakeInstance = "make-instance",
        /// Its roles are changed.
        UpdateInstance = "update-instance",
        /// The key is made, or waited for.
        MakeKey = "make-key",
        /// Its credentials are read.
        ReadKey = "read-key",
        /// It is tested.
        Test = "test",
        /// It is handed over.
        HandOver = "hand-over",
        /// The old key is deleted.
        DeleteKey = "delete-key",
        /// The instance is deleted.
        DeleteInstance = "delete-instance",
    }
}

named! {
    /// How far a row is.
    pub enum RowState {
        /// Not begun.
        Waiting = "waiting",
        /// Being done.
        Running = "running",
        /// Done.
        Done = "done",
        /// Not done.
        Failed = "failed",
        /// Stopped while it was being done.
        Stopped = "stopped",
    }
}

/// What keeps a step from going on for now. It passes by itself, or ends the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// A request that changes something has no usable answer.
    NoAnswer,
    /// Too many requests.
    Limit,
    /// Something else is being done to the thing.
    Busy,
    /// A look has no usable answer.
    Unavailable,
    /// SAP's servers learn of a new key with a delay, so its test is repeated.
    NewKey,
}

impl Hindrance {
    /// What a finding says of a look or request that is repeated.
    pub(super) fn of(finding: &Finding) -> Self {
        match finding.code {
            FindingCode::CfRateLimited => Hindrance::Limit,
            FindingCode::CfBusy => Hindrance::Busy,
            _ => Hindrance::Unavailable,
        }
    }
}

/// One row of the progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub step: StepName,
    /// The name of the thing.
    pub name: SafeText,
    /// How far it is.
    pub state: RowState,
    /// What keeps it from going on.
    pub hindrance: Option<Hindrance>,
    /// What the broker last said.
    pub said: Option<SafeText>,
}

/// A thing that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// What.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its id; `None` if it was asked for and its id is not known yet.
    pub guid: Option<String>,
    /// How it is.
    pub state: ExistingState,
    /// Whether a label says that cpikey made it.
    pub made_by_us: bool,
    /// When its last operation changed, as the API says it: SAP's support asks for it.
    pub updated: Option<String>,
    /// The id of the request of this run that asked for it, for which SAP's support asks, too.
    pub request_id: Option<SafeText>,
}

named! {
    /// How a thing is.
    pub enum ExistingState {
        /// Ready.
        Ready = "ready",
        /// Being made.
        Creating = "creating",
        /// Its creation failed.
        CreateFailed = "create-failed",
        /// Being changed.
        Updating = "updating",
        /// A change failed; it is as before.
        UpdateFailed = "update-failed",
        /// Being deleted.
        Deleting = "deleting",
        /// Its deletion failed.
        DeleteFailed = "delete-failed",
        /// It was asked for, and no answer came.
        Unknown = "unknown",
    }
}

impl ExistingState {
    /// Whether its last operation failed.
    pub fn is_failed(self) -> bool {
        matches!(self, ExistingState::CreateFailed | ExistingState::UpdateFailed | ExistingState::DeleteFailed)
    }

    /// Whether the platform is still at it, or may be.
    pub(super) fn is_unsettled(self) -> bool {
        matches!(
            self,
            ExistingState::Creating | ExistingState::Updating | ExistingState::Deleting | ExistingState::Unknown
        )
    }
}

/// What the works learn and share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The id of the instance.
    pub(super) instance: Option<String>,
    /// The id of the wanted key.
    pub(super) key: Option<String>,
    /// The key's credentials.
    pub(super) credentials: Option<Secret>,
    /// How long it was waited.
    pub(super) waited: Duration,
    /// Whether a request that changes something was sent in this run.
    pub(super) changed: bool,
    /// What is there now.
    pub(super) exists: Vec<Existing>,
}

impl Facts {
    /// Notes how a thing is now.
    pub(super) fn note(&mut self, thing: Existing) {
        match self.exists.iter_mut().find(|known| known.kind == thing.kind && known.name == thing.name) {
            Some(known) => {
                let request_id = thing.request_id.clone().or_else(|| known.request_id.take());
                *known = Existing { request_id, ..thing };
            }
            None => self.exists.push(thing),
        }
    }

    /// Notes the id of the request that a thing was asked for with.
    pub(super) fn note_request(&mut self, kind: Kind, name: &str, id: Option<SafeText>) {
        if let Some(known) = self.exists.iter_mut().find(|known| known.kind == kind && known.name == name) {
            known.request_id = id;
        }
    }

    /// Notes that a thing is gone. Keys go with their instance.
    pub(super) fn forget(&mut self, kind: Kind, name: &str) {
        self.exists.retain(|known| kind == Kind::Key && (known.kind != kind || known.name != name));
    }
}
