//! The one place that knows the order of operations: check, show the plan, create or change, read the key, test it,
//! hand it over, and only then delete what it replaces.
//!
//! A [`Run`] is driven from outside: [`Run::ask`] returns what to do next, [`Run::step`] receives the result. It does
//! not wait, send or read a clock, so the same run works for the wizard, the commands and tests.

mod answers;
mod state;
mod thing;
mod work;

use std::time::Duration;

use super::{
    call::{Call, Reply, Response},
    goal::{Goal, Options},
    mark, offer,
    place::Place,
    plan::{Action, Item, Kind, Plan, Survey, decide},
    refusal::{During, not_the_api, passing},
    resource,
};
use crate::domain::{
    finding::{Ending, Finding, FindingCode},
    sap::plan::PlanId,
    text::{safe_text::SafeText, secret::Secret},
};
pub use state::{Ask, End, Event, Existing, ExistingState, Hindrance, Outcome, Row, RowState, StepName};

use state::Facts;
use work::{Progress, Work};

/// The longest pause accepted if the API requests one.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The maximum number of retries of a failed read.
const LOOKS: u32 = 3;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    Looking { at: Look, tries: u32, pause: Option<(Duration, Hindrance)> },
    Planned,
    Working,
    Ended(End),
}

/// What is read before the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Look {
    Offers,
    Instance,
    Keys { next: Option<Call> },
    Parameters,
}

/// One run from the goal to the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    goal: Goal,
    place: Place,
    options: Options,
    phase: Phase,
    survey: Survey,
    plan: Plan,
    /// The steps in order; the first unfinished one is active.
    works: Vec<Work>,
    facts: Facts,
    remarks: Vec<Finding>,
    test: Option<bool>,
}

impl Run {
    /// A new run.
    pub fn new(goal: Goal, place: Place, options: Options) -> Self {
        let first = if goal.parameters().is_some() { Look::Offers } else { Look::Instance };
        Self {
            goal,
            place,
            options,
            phase: Phase::Looking { at: first, tries: 0, pause: None },
            survey: Survey::default(),
            plan: Plan::default(),
            works: Vec::new(),
            facts: Facts::default(),
            remarks: Vec::new(),
            test: None,
        }
    }

    /// The same run from the beginning; with `tests`, a new key is tested.
    #[must_use]
    pub fn again(&self, tests: bool) -> Self {
        Self::new(self.goal.clone(), self.place.clone(), Options { test: tests, ..self.options })
    }

    /// Another goal in the same place.
    #[must_use]
    pub fn instead(&self, goal: Goal) -> Self {
        Self::new(goal, self.place.clone(), self.options)
    }

    /// What to do next.
    pub fn ask(&self) -> Ask {
        match &self.phase {
            Phase::Looking { pause: Some((pause, _)), .. } => Ask::Wait(*pause),
            Phase::Looking { at, .. } => Ask::Send(self.look(at)),
            Phase::Planned => Ask::Confirm,
            Phase::Working => match self.works.iter().find(|work| !work.is_finished()) {
                Some(work) => work.ask(self),
                None => Ask::Nothing,
            },
            Phase::Ended(_) => Ask::Nothing,
        }
    }

    /// Handles the result of the last [`Run::ask`]. Unexpected events change nothing.
    pub fn step(&mut self, event: Event) {
        if matches!(event, Event::Stopped) {
            return self.stop();
        }
        match &self.phase {
            Phase::Looking { .. } => self.looked(event),
            Phase::Planned => {
                if matches!(event, Event::Confirmed) {
                    self.begin();
                }
            }
            Phase::Working => self.worked(event),
            Phase::Ended(_) => {}
        }
    }

    /// The goal.
    pub fn goal(&self) -> &Goal {
        &self.goal
    }

    /// API, org, space and login.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The state before any change.
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// What will be done; empty until everything was checked.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The credentials of the requested key, as returned by the API.
    pub fn credentials(&self) -> Option<&Secret> {
        self.facts.credentials.as_ref()
    }

    /// Whether a new key is tested.
    pub fn tests(&self) -> bool {
        self.options.test
    }

    /// Whether the instance is for calling flows: its keys cannot use the API.
    pub fn is_about_flows(&self) -> bool {
        let there = self.survey.instance.as_ref().and_then(|instance| instance.plan.as_deref());
        there == Some(PlanId::IntegrationFlow.as_str()) || self.goal.plan() == Some(PlanId::IntegrationFlow)
    }

    /// The roles that the instance had when it was checked, if known.
    pub fn roles(&self) -> Option<Vec<String>> {
        let read = self.survey.parameters.as_ref().and_then(mark::roles);
        read.or_else(|| self.survey.instance.as_ref()?.marks.roles.clone())
    }

    /// What exists now, as far as this run knows.
    pub fn exists(&self) -> &[Existing] {
        &self.facts.exists
    }

    /// Findings that did not prevent anything.
    pub fn remarks(&self) -> &[Finding] {
        &self.remarks
    }

    /// Whether the last test passed; `None` before the first.
    pub fn test_passed(&self) -> Option<bool> {
        self.test
    }

    /// Whether a request that changes something was sent.
    pub fn has_changed_something(&self) -> bool {
        self.facts.changed
    }

    /// The end of the run.
    pub fn end(&self) -> Option<&End> {
        match &self.phase {
            Phase::Ended(end) => Some(end),
            _ => None,
        }
    }

    /// The progress, one row per step.
    pub fn rows(&self) -> Vec<Row> {
        let looking = match &self.phase {
            Phase::Looking { .. } => RowState::Running,
            Phase::Ended(end) if self.plan.items.is_empty() && end.stopped => RowState::Stopped,
            Phase::Ended(end) if self.plan.items.is_empty() && !end.findings.is_empty() => RowState::Failed,
            _ => RowState::Done,
        };
        let name = SafeText::line(self.goal.instance());
        let hindrance = match &self.phase {
            Phase::Looking { pause, .. } => pause.map(|(_, hindrance)| hindrance),
            _ => None,
        };
        let first = Row { step: StepName::Look, name, state: looking, hindrance, said: None };
        let end = self.end();
        let mut running = self.works.iter().position(|work| !work.is_finished());
        if matches!(self.phase, Phase::Planned) {
            running = None;
        }
        let rest = self.works.iter().enumerate().map(|(index, work)| Row {
            step: work.name(),
            name: SafeText::line(work.thing()),
            state: match (work.is_finished(), Some(index) == running, end) {
                (true, ..) => RowState::Done,
                (false, true, None) => RowState::Running,
                // An operation that the platform continues has not failed.
                (false, true, Some(end)) if end.stopped || self.is_unsettled(work) => RowState::Stopped,
                (false, true, Some(_)) => RowState::Failed,
                (false, false, _) => RowState::Waiting,
            },
            hindrance: work.hindrance,
            said: work.said().cloned(),
        });
        std::iter::once(first).chain(rest).collect()
    }

    /// Whether the platform is, or may be, still working on a step.
    fn is_unsettled(&self, work: &Work) -> bool {
        let is_it = |thing: &&Existing| thing.kind == work.kind() && thing.name == work.thing;
        self.facts.exists.iter().find(is_it).is_some_and(|thing| thing.state.is_unsettled())
    }

    // --- checking

    fn look(&self, at: &Look) -> Call {
        match at {
            Look::Offers => offer::offers(&self.place.space.guid),
            Look::Instance => resource::instance_named(&self.place.space.guid, self.goal.instance()),
            Look::Keys { next: Some(next) } => next.clone(),
            Look::Keys { next: None } => resource::keys(&[self.instance_guid()]),
            Look::Parameters => resource::parameters(self.instance_guid()),
        }
    }

    fn instance_guid(&self) -> &str {
        self.survey.instance.as_ref().map_or("", |instance| instance.guid.as_str())
    }

    fn looked(&mut self, event: Event) {
        let Phase::Looking { at, tries, pause } = &mut self.phase else { return };
        let (at, tries_so_far) = (at.clone(), *tries);
        let reply = match event {
            Event::Waited => {
                *pause = None;
                return;
            }
            Event::Reply(reply) => reply,
            _ => return,
        };
        // Usually the parameters cannot be read.
        if at == Look::Parameters
            && let Reply::Answer(response) = &reply
            && matches!(response.status, 400 | 403 | 404 | 409 | 422 | 429 | 500..)
        {
            return self.look_on(&at);
        }
        let (finding, asked) = match reply {
            Reply::Answer(response) if response.is_success() => {
                return match self.take(&at, &response) {
                    Some(Some(next_page)) => self.look_at(Look::Keys { next: Some(next_page) }),
                    Some(None) => self.look_on(&at),
                    None => self.refuse(not_the_api(&response)),
                };
            }
            other => match passing(During::Looking, other) {
                Ok(passing) => passing,
                Err(finding) => return self.refuse(finding),
            },
        };
        let pause = asked.unwrap_or(Duration::from_secs(1) * 2u32.pow(tries_so_far));
        if tries_so_far + 1 >= LOOKS || pause > LONGEST_PAUSE {
            return self.refuse(finding);
        }
        let pause = Some((pause, Hindrance::of(&finding)));
        self.phase = Phase::Looking { at, tries: tries_so_far + 1, pause };
    }

    /// Handles the response of a read, and returns the request for the next page, if any; `None` if the response has
    /// another shape.
    fn take(&mut self, at: &Look, response: &Response) -> Option<Option<Call>> {
        match at {
            Look::Offers => self.survey.offers = offer::read_offers(response)?,
            Look::Instance => {
                let listed = resource::read_instances(response)?.entries;
                let here = listed.into_iter().map(|listed| listed.instance);
                // An instance of another space can be shared with this one; it cannot be changed from here.
                self.survey.instance = here.into_iter().find(|instance| instance.space == self.place.space.guid);
            }
            Look::Keys { next } => {
                let page = resource::read_keys(response)?;
                self.survey.keys.extend(page.entries);
                // A page that links to itself would never end.
                return Some(page.next.filter(|following| Some(following) != next.as_ref()));
            }
            Look::Parameters => self.survey.parameters = response.json(),
        }
        Some(None)
    }

    fn look_at(&mut self, at: Look) {
        self.phase = Phase::Looking { at, tries: 0, pause: None };
    }

    /// Reads the next resource, or decides.
    fn look_on(&mut self, after: &Look) {
        let next = match after {
            Look::Offers => Some(Look::Instance),
            Look::Instance => self.survey.instance.as_ref().map(|_| Look::Keys { next: None }),
            Look::Keys { .. } => self.wants_parameters().then_some(Look::Parameters),
            Look::Parameters => None,
        };
        match next {
            Some(at) => self.look_at(at),
            None => self.decide(),
        }
    }

    /// Parameters are compared with the requested ones, and determine the roles to test a key for if nothing else does.
    fn wants_parameters(&self) -> bool {
        let is_tested = self.options.test && matches!(self.goal, Goal::Rotate(_));
        self.goal.parameters().is_some() || (is_tested && self.roles().is_none())
    }

    fn decide(&mut self) {
        self.note_survey();
        match decide(&self.goal, &self.survey) {
            Err(finding) => self.refuse(finding),
            Ok(plan) if plan.items.is_empty() => {
                self.phase = Phase::Ended(End { outcome: Outcome::NothingToDo, findings: Vec::new(), stopped: false });
            }
            Ok(plan) => {
                self.plan = plan;
                self.works = self.works();
                self.phase = Phase::Planned;
            }
        }
    }

    fn note_survey(&mut self) {
        if let Some(instance) = &self.survey.instance {
            self.facts.instance = Some(instance.guid.clone());
            self.facts.note(thing::existing_instance(instance));
        }
        for key in &self.survey.keys {
            self.facts.note(thing::existing_key(key));
        }
    }

    /// The steps of the plan.
    fn works(&self) -> Vec<Work> {
        let mut works = Vec::new();
        let mut deletions = Vec::new();
        let deletes_instance =
            self.plan.items.iter().any(|item| item.kind == Kind::Instance && item.action == Action::Delete);
        for item in &self.plan.items {
            let name = match (item.kind, item.action) {
                (Kind::Instance, Action::Create) => StepName::MakeInstance,
                (Kind::Instance, Action::Update) => StepName::UpdateInstance,
                (Kind::Instance, Action::Use) if item.is_under_way => StepName::MakeInstance,
                (Kind::Instance, Action::Use) => continue,
                (Kind::Instance, Action::Delete) => StepName::DeleteInstance,
                (Kind::Key, Action::Create) => StepName::MakeKey,
                (Kind::Key, Action::Use) if item.is_under_way => StepName::MakeKey,
                // Deleting the instance deletes its keys.
                (Kind::Key, Action::Delete) if deletes_instance => continue,
                (Kind::Key, Action::Delete) => StepName::DeleteKey,
                (Kind::Key, Action::Use | Action::Update) => continue,
            };
            let work = Work::new(name, &item.name, item.guid.clone(), item.is_under_way);
            if item.action == Action::Delete { deletions.push(work) } else { works.push(work) }
        }
        if let Some(key) = self.goal.key() {
            let there = self.plan.item(Kind::Key).and_then(|item: &Item| item.guid.clone());
            let step = |name| Work::new(name, &key.name, there.clone(), false);
            works.push(step(StepName::ReadKey));
            if self.options.test {
                works.push(step(StepName::Test));
            }
            works.push(step(StepName::HandOver));
        }
        // Deletions come last, when the resource is no longer needed.
        works.extend(deletions);
        works
    }

    fn begin(&mut self) {
        if let Some(item) = self.plan.item(Kind::Key) {
            self.facts.key.clone_from(&item.guid);
        }
        self.phase = Phase::Working;
        self.finish_if_done();
    }

    // --- working

    fn worked(&mut self, event: Event) {
        let Some(index) = self.works.iter().position(|work| !work.is_finished()) else { return };
        let mut work = self.works[index].clone();
        let progress = work.take(event, self);
        self.works[index] = work;
        match progress {
            Progress::Goes => self.finish_if_done(),
            Progress::Ends(findings) => self.give_up(self.works[index].name(), findings),
        }
    }

    fn finish_if_done(&mut self) {
        if self.works.iter().all(Work::is_finished) {
            let outcome = if self.facts.changed { Outcome::Done } else { Outcome::NothingToDo };
            self.phase = Phase::Ended(End { outcome, findings: Vec::new(), stopped: false });
        }
    }

    /// Ends the run before anything was changed.
    fn refuse(&mut self, finding: Finding) {
        self.phase = Phase::Ended(End { outcome: Outcome::Refused, findings: vec![finding], stopped: false });
    }

    /// Ends the run after a failed step.
    fn give_up(&mut self, step: StepName, mut findings: Vec<Finding>) {
        let goes_on = findings.first().is_none_or(|finding| finding.code.ending() == Some(Ending::Unfinished));
        let outcome = match step {
            // The instance exists, but without this step the key does not.
            StepName::MakeKey | StepName::ReadKey => {
                if step == StepName::MakeKey && !goes_on {
                    findings.push(Finding::cf(FindingCode::CfKeyFailed).about(SafeText::line(self.goal.instance())));
                }
                Outcome::Unfinished
            }
            StepName::Test | StepName::HandOver | StepName::DeleteKey => Outcome::Unfinished,
            _ if goes_on => Outcome::Unfinished,
            // The platform continues, or the effect of a request without a response is unknown.
            _ if self.facts.exists.iter().any(|thing| thing.state.is_unsettled()) => Outcome::Unfinished,
            _ if self.facts.changed => Outcome::Failed,
            _ => Outcome::Refused,
        };
        self.phase = Phase::Ended(End { outcome, findings, stopped: false });
    }

    fn stop(&mut self) {
        if matches!(self.phase, Phase::Ended(_)) {
            return;
        }
        let outcome = match self.phase {
            Phase::Working if self.facts.changed || self.goal.key().is_some() => Outcome::Unfinished,
            _ => Outcome::Refused,
        };
        self.phase = Phase::Ended(End { outcome, findings: Vec::new(), stopped: true });
    }
}
