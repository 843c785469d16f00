//! The requests, events, facts and rows of a run.

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

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Send this request, once.
    Send(Call),
    /// Wait for this time.
    Wait(Duration),
    /// Ask the user to confirm [`Run::plan`](super::Run::plan).
    Confirm,
    /// Test [`Run::credentials`](super::Run::credentials).
    Test,
    /// Hand [`Run::credentials`](super::Run::credentials) over: save them, write them to a file, show them.
    HandOver,
    /// Nothing more; see [`Run::end`](super::Run::end).
    Nothing,
}

/// The result of an [`Ask`].
#[derive(Clone, Debug)]
pub enum Event {
    /// The request was sent.
    Reply(Reply),
    /// The waiting time has passed.
    Waited,
    /// The user confirmed the plan.
    Confirmed,
    /// The user stopped waiting. The platform continues what it was asked to do.
    Stopped,
    /// The key was tested.
    Tested {
        /// Whether it passed.
        passed: bool,
        /// Whether it may pass later: a new key reaches SAP's servers with a delay.
        may_pass_later: bool,
    },
    /// The key was handed over, or not.
    HandedOver(bool),
}

impl Event {
    /// The result of a test with this verdict. A new key reaches SAP's servers with a delay, so a refusal may be
    /// temporary.
    pub fn tested(verdict: Verdict) -> Self {
        let passed = verdict == Verdict::Ready;
        Self::Tested { passed, may_pass_later: matches!(verdict, Verdict::Limited | Verdict::Refused) }
    }
}

named! {
    /// The outcome of a run.
    pub enum Outcome {
        /// Everything is as requested.
        Done = "done",
        /// Everything was already as requested.
        NothingToDo = "nothing-to-do",
        /// Nothing was changed.
        Refused = "refused",
        /// It failed, and nothing is left half done.
        Failed = "failed",
        /// Something exists or is being created; the same command continues.
        Unfinished = "unfinished",
    }
}

/// The end of a run, with the reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// How the change is made.
    pub outcome: Outcome,
    /// Why, most important first.
    pub findings: Vec<Finding>,
    /// Whether the user stopped it.
    pub stopped: bool,
}

named! {
    /// The steps of the progress.
    pub enum StepName {
        /// Plans, instance and keys are read.
        Look = "look",
        /// The instance is created or awaited.
        MakeInstance = "make-instance",
        /// Its roles are changed.
        UpdateInstance = "update-instance",
        /// The key is created or awaited.
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
    /// The state of a row, in words.
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

/// Why a step is waiting. It resolves itself, or ends the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// A request that changes something has no usable response.
    NoAnswer,
    /// Too many requests.
    Limit,
    /// Another operation on the resource is in progress.
    Busy,
    /// A read has no usable response.
    Unavailable,
    /// A new key reaches SAP's servers with a delay, so its test is repeated.
    NewKey,
}

impl Hindrance {
    /// The hindrance for the finding of a retried request.
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
    /// The step.
    pub step: StepName,
    /// The name of the resource.
    pub name: SafeText,
    /// Its state.
    pub state: RowState,
    /// Why it is waiting.
    pub hindrance: Option<Hindrance>,
    /// The broker's last message.
    pub said: Option<SafeText>,
}

/// An existing resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// What.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its id; `None` if it was requested and its id is not known yet.
    pub guid: Option<String>,
    /// Its state.
    pub state: ExistingState,
    /// Whether a label shows that cpikey created it.
    pub made_by_us: bool,
    /// When its last operation changed, as returned by the API: SAP support asks for it.
    pub updated: Option<String>,
    /// The id of the request in this run that requested it: SAP support asks for it too.
    pub request_id: Option<SafeText>,
}

named! {
    /// The state of a resource.
    pub enum ExistingState {
        /// Ready.
        Ready = "ready",
        /// Being created.
        Creating = "creating",
        /// Its creation failed.
        CreateFailed = "create-failed",
        /// Being changed.
        Updating = "updating",
        /// A change failed; it is unchanged.
        UpdateFailed = "update-failed",
        /// Being deleted.
        Deleting = "deleting",
        /// Its deletion failed.
        DeleteFailed = "delete-failed",
        /// It was requested, but there was no response.
        Unknown = "unknown",
    }
}

impl ExistingState {
    /// Whether its last operation failed.
    pub fn is_failed(self) -> bool {
        matches!(self, ExistingState::CreateFailed | ExistingState::UpdateFailed | ExistingState::DeleteFailed)
    }

    /// Whether the platform is, or may be, still working on it.
    pub(super) fn is_unsettled(self) -> bool {
        matches!(
            self,
            ExistingState::Creating | ExistingState::Updating | ExistingState::Deleting | ExistingState::Unknown
        )
    }
}

/// State shared by the steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The id of the instance.
    pub(super) instance: Option<String>,
    /// The id of the requested key.
    pub(super) key: Option<String>,
    /// The key's credentials.
    pub(super) credentials: Option<Secret>,
    /// The total waiting time so far.
    pub(super) waited: Duration,
    /// Whether a request that changes something was sent in this run.
    pub(super) changed: bool,
    /// What exists now.
    pub(super) exists: Vec<Existing>,
}

impl Facts {
    /// Records the current state of a resource.
    pub(super) fn note(&mut self, thing: Existing) {
        match self.exists.iter_mut().find(|known| known.kind == thing.kind && known.name == thing.name) {
            Some(known) => {
                let request_id = thing.request_id.clone().or_else(|| known.request_id.take());
                *known = Existing { request_id, ..thing };
            }
            None => self.exists.push(thing),
        }
    }

    /// Records the id of the request for a resource.
    pub(super) fn note_request(&mut self, kind: Kind, name: &str, id: Option<SafeText>) {
        if let Some(known) = self.exists.iter_mut().find(|known| known.kind == kind && known.name == name) {
            known.request_id = id;
        }
    }

    /// Records that a resource is gone. Keys are deleted with their instance.
    pub(super) fn forget(&mut self, kind: Kind, name: &str) {
        self.exists.retain(|known| kind == Kind::Key && (known.kind != kind || known.name != name));
    }
}
