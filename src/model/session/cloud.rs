//! The session's Cloud Foundry operations.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    super::{
        cloud::{Chosen, Provision},
        cloud_job::CloudRequest,
        effect::Effect,
        job::JobRequest,
        notice::Notice,
        pasted::Pasted,
        place::Place,
        run::RunState,
    },
    KeySource, Session,
};
use crate::domain::{
    cf::{
        goal::{Create, Goal, Options, Rotate, Update, WantedKey, all_parameters, free_key_name},
        offer::Limits,
        place::{Place as Whereabouts, Space},
        resource::{Instance, ServiceKey},
        run::{Ask, Event, Run},
    },
    finding::Verdict,
    key::address::Address,
    progress::{CloudProgress, Thing},
    sap::{guide::StepId, parameters::ParameterProblem, plan::PlanId},
};

impl Session {
    /// What this landscape allows for the chosen plan, if known.
    pub fn limits(&self) -> Option<&Limits> {
        let plan = self.draft.parameters.plan.as_str();
        let limits = self.cloud.offers.iter().find(|offer| offer.plan == plan).map(|offer| &offer.limits)?;
        limits.roles.is_some().then_some(limits)
    }

    /// Whether this landscape offers a role; `None` if unknown.
    pub fn is_offered(&self, role: &str) -> Option<bool> {
        self.limits()?.offers(role)
    }

    /// The chosen roles that this landscape does not offer.
    pub fn roles_not_offered(&self) -> Vec<String> {
        let roles = &self.draft.parameters.roles;
        self.limits().map(|limits| limits.not_offered(roles).into_iter().cloned().collect()).unwrap_or_default()
    }

    /// Drops the chosen roles that this landscape does not offer, and returns them.
    pub fn drop_roles_not_offered(&mut self) -> Vec<String> {
        let dropped = self.roles_not_offered();
        self.draft.parameters.roles.retain(|role| !dropped.contains(role));
        dropped
    }

    /// The API URLs that the region may stand for.
    pub fn cloud_addresses(&self) -> Vec<Address> {
        match &self.cloud.practice_api {
            Some(address) if self.around.practice => vec![address.clone()],
            _ => {
                let endpoints = self.content.endpoints(&self.draft.region);
                endpoints.iter().filter_map(|endpoint| Address::parse_cloud_api(endpoint).ok()).collect()
            }
        }
    }

    /// Why nothing can be created yet: the choices would be refused. `None` if it can.
    pub fn why_not_make(&self) -> Option<String> {
        let words = self.content.words;
        if let Err(problem) = self.choices().check() {
            return Some(problem.shown(words));
        }
        let draft = &self.draft;
        let mut problems = draft.parameters.check(&self.content.catalogue);
        // The landscape itself tells more about roles that are not offered everywhere.
        problems.extend(draft.key_parameters.check_for(&draft.parameters, self.now.wall, &self.content.authorities));
        problems.iter().find(|problem| ParameterProblem::is_error(problem)).map(|problem| problem.short(words))
    }

    /// The chosen instance and key. With `reuse`, an instance of that name is used whatever its roles.
    pub fn goal_to_make(&self, reuse: bool, broker: Option<String>) -> Goal {
        let draft = &self.draft;
        Goal::Create(Create {
            instance: draft.instance.clone(),
            plan: draft.parameters.plan,
            broker,
            parameters: all_parameters(&draft.parameters),
            key: WantedKey::new(draft.key_name.clone(), &draft.key_parameters),
            reuse,
        })
    }

    /// A goal that updates this instance to the chosen roles.
    pub fn goal_to_update(&self, instance: &str) -> Goal {
        let parameters = &self.draft.parameters;
        Goal::Update(Update {
            instance: instance.to_owned(),
            plan: parameters.plan,
            parameters: all_parameters(parameters),
        })
    }

    /// A goal that replaces this key with a new one.
    pub fn goal_to_rotate(&self, instance: &str, key: &ServiceKey, keys: &[ServiceKey]) -> Goal {
        Goal::Rotate(Rotate {
            instance: instance.to_owned(),
            old: key.name.clone(),
            new: WantedKey::new(free_key_name(key, keys), &self.draft.key_parameters),
            keep_old: false,
        })
    }

    /// Sends a request to Cloud Foundry; the screen waits for the answer.
    pub fn ask_cloud(&mut self, request: CloudRequest) -> Effect {
        let (id, effect) = self.jobs.start(Place::Cloud, JobRequest::Cloud(request));
        self.cloud.waiting = Some((id, self.now.since_start));
        effect
    }

    /// Cancels the pending request. Returns whether there was one.
    pub fn stop_asking_cloud(&mut self) -> bool {
        let waiting = self.cloud.waiting.take();
        if let Some((id, _)) = waiting {
            self.jobs.stop(id);
        }
        waiting.is_some()
    }

    /// Chooses the org and space. The guide's commands use them from now on.
    pub fn choose_place(&mut self, place: Whereabouts) {
        self.draft.org.clone_from(&place.org.name);
        self.draft.space.clone_from(&place.space.name);
        if let Some(landscape) = Address::parse_cloud_api(&place.api).ok().and_then(|api| api.cloud_landscape()) {
            self.draft.region = landscape;
        }
        self.cloud.place = Some(place);
    }

    /// Forgets who is logged in, along with what only they can see.
    pub fn log_out(&mut self) {
        self.cloud.account = None;
        self.cloud.offers.clear();
    }

    /// What was created so far and where, to be saved.
    pub fn cloud_progress(&self) -> Option<CloudProgress> {
        let place = self.cloud.place.clone()?;
        let of_run = |provision: &Provision| -> Vec<Thing> {
            let things = provision.exists().into_iter();
            things.map(|it| Thing { kind: it.kind, name: it.name.clone(), guid: it.guid.clone() }).collect()
        };
        let run = self.cloud.provision.as_ref().filter(|provision| *provision.run.place() == place);
        Some(CloudProgress { place, things: run.map_or_else(|| self.cloud.left.clone(), of_run) })
    }

    /// Continues where something was created in an earlier session.
    pub(super) fn take_cloud_progress(&mut self, progress: CloudProgress) {
        self.cloud.place = Some(progress.place);
        self.cloud.left = progress.things;
    }

    fn moment(&self) -> (Timestamp, Duration) {
        (self.now.wall, self.now.since_start)
    }

    /// A run for `goal` in the chosen space.
    pub fn run_here(&self, goal: Goal) -> Option<Run> {
        Some(run_in(self.cloud.place.clone()?, goal))
    }

    /// A run for `goal` in the space of an instance: the chosen space or another one of its org.
    pub fn run_at(&self, instance: &Instance, goal: Goal) -> Option<Run> {
        let chosen = self.cloud.place.clone()?;
        let name = instance.space_name.clone().unwrap_or_else(|| instance.space.clone());
        let space = Space { guid: instance.space.clone(), name };
        let is_here = space.guid == chosen.space.guid;
        let run = run_in(if is_here { chosen } else { Whereabouts { space, ..chosen } }, goal);
        // A key that calls iFlows does not open the API.
        let is_of_flows = instance.plan.as_deref() == Some(PlanId::IntegrationFlow.as_str());
        Some(if is_of_flows { run.again(false) } else { run })
    }

    /// Starts a run: it reads the current state, then asks the user to confirm its plan.
    pub fn begin_run(&mut self, run: Run) -> Vec<Effect> {
        let advance = CloudRequest::Advance(Box::new(run.clone()));
        let (id, effect) = self.jobs.start(Place::Cloud, JobRequest::Cloud(advance));
        let chosen = match &self.cloud.provision {
            // A retry of the same goal.
            Some(before) if before.run.goal() == run.goal() => before.chosen.clone(),
            _ => Chosen { instance: self.draft.parameters.clone(), key: self.draft.key_parameters.clone() },
        };
        self.cloud.provision = Some(Provision::begin(run, chosen, id, self.moment()));
        vec![effect]
    }

    /// Passes the outcome of what the run needed to it, and continues it.
    pub fn step_run(&mut self, event: Event) -> Vec<Effect> {
        let now = self.moment();
        let Some(provision) = self.cloud.provision.as_mut().filter(|provision| provision.job.is_none()) else {
            return Vec::new();
        };
        let mut run = provision.run.clone();
        run.step(event);
        provision.take(run.clone(), now);
        if matches!(run.ask(), Ask::Send(_) | Ask::Wait(_)) {
            let (id, effect) = self.jobs.start(Place::Cloud, JobRequest::Cloud(CloudRequest::Advance(Box::new(run))));
            provision.job = Some(id);
            return vec![effect];
        }
        Vec::new()
    }

    /// Records the state of a run. `is_last` if it needs something other than a request.
    pub fn take_run(&mut self, run: Run, is_last: bool) {
        let now = self.moment();
        // Another space may have other plans.
        if !run.survey().offers.is_empty() && self.cloud.place.as_ref() == Some(run.place()) {
            self.cloud.offers.clone_from(&run.survey().offers);
        }
        if let Some(provision) = &mut self.cloud.provision {
            provision.take(run, now);
            if is_last {
                (provision.job, provision.is_stopping) = (None, false);
            }
        }
    }

    /// Stops waiting. Requested operations continue at SAP; the last answer tells what exists.
    pub fn stop_run(&mut self) -> Vec<Effect> {
        let Some(provision) = &mut self.cloud.provision else { return Vec::new() };
        match provision.job {
            Some(id) => {
                provision.is_stopping = true;
                vec![Effect::Stop(id)]
            }
            None => self.step_run(Event::Stopped),
        }
    }

    /// Whether a run that the user has confirmed is in progress.
    pub fn is_making(&self) -> bool {
        self.cloud.provision.as_ref().is_some_and(Provision::is_being_done)
    }

    /// Whether a key is being created that will replace the current key.
    pub(super) fn expects_key(&self) -> bool {
        self.cloud.provision.as_ref().is_some_and(|provision| {
            let makes_key = matches!(provision.run.goal(), Goal::Create(_) | Goal::Rotate(_));
            makes_key && provision.is_being_done() && provision.run.credentials().is_none()
        })
    }

    /// Loads the key of the run as if it had been pasted. Returns false if there is none.
    pub fn take_made_key(&mut self) -> bool {
        let Some(provision) = &self.cloud.provision else { return false };
        let Some(text) = provision.run.credentials().map(Pasted::from_secret) else {
            return false;
        };
        let name = provision.run.goal().key().map(|key| key.name.clone()).unwrap_or_default();
        self.take_key(&text, KeySource::Made(name));
        self.done.extend([StepId::Create, StepId::Key]);
        self.reached = self.reached.max(StepId::QuickFill);
        true
    }

    /// Explains that a key that was just created and does not work yet may work in a moment, and waits for its roles.
    pub(super) fn explain_new_key(&mut self) {
        // A replacement key is tested by its run, as often as needed.
        let rotates = |provision: &Provision| matches!(provision.run.goal(), Goal::Rotate(_));
        let is_new =
            matches!(self.key.source, Some(KeySource::Made(_))) && !self.cloud.provision.as_ref().is_some_and(rotates);
        let verdict = self.run.as_ref().and_then(|run| run.verdict());
        if !is_new || !verdict.is_some_and(may_pass_later) {
            return;
        }
        let words = self.content.words;
        let said =
            if self.start_watch_in_a_moment() { words.cloud().just_made_watched() } else { words.cloud().just_made() };
        self.notice = Some(Notice::note(said));
    }

    /// Tests the key of the run for the roles of its instance.
    pub fn start_test_of_run(&mut self) -> Option<Effect> {
        let roles = self.cloud.provision.as_ref()?.run.roles().unwrap_or_default();
        let effect = self.start_test_of(&roles)?;
        let test = self.run.as_ref().map(|test| test.id);
        if let Some(provision) = &mut self.cloud.provision {
            provision.test = test;
        }
        Some(effect)
    }

    /// Whether a run waits for a test of its key that has not been started, or was stopped.
    pub fn run_awaits_test(&self) -> bool {
        let is_running = |test| self.run.as_ref().is_some_and(|run| run.id == test && run.is_running());
        let asks = |provision: &&Provision| provision.job.is_none() && provision.run.ask() == Ask::Test;
        let asking = self.cloud.provision.as_ref().filter(asks);
        asking.is_some_and(|provision| !provision.test.is_some_and(is_running))
    }

    /// Passes the verdict to the run that waits for a test of its key. Any other test says nothing about that key.
    pub(super) fn tell_run_verdict(&mut self) -> Vec<Effect> {
        let asked = self.cloud.provision.as_ref().filter(|provision| provision.run.ask() == Ask::Test);
        let Some(id) = asked.and_then(|provision| provision.test) else { return Vec::new() };
        let Some(test) = self.run.as_ref().filter(|test| test.id == id && test.state == RunState::Finished) else {
            return Vec::new();
        };
        let tested = Event::tested(test.report.verdict);
        self.step_run(tested)
    }

    /// Since when an answer from Cloud Foundry has been pending.
    pub fn cloud_waits_since(&self) -> Option<Duration> {
        let run = self.cloud.provision.as_ref().filter(|provision| provision.is_under_way());
        let waiting = self.cloud.waiting.map(|(_, since)| since);
        waiting.or_else(|| run.map(|provision| provision.since))
    }
}

/// A created key is tested like any other; a replacement key is tested before the old one is deleted.
fn run_in(place: Whereabouts, goal: Goal) -> Run {
    let test = matches!(goal, Goal::Rotate(_));
    Run::new(goal, place, Options { test, ..Options::default() })
}

/// SAP's servers learn of a new key with a delay. A client that the token server rejects is not retried: it would be
/// locked.
fn may_pass_later(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Limited | Verdict::Refused)
}
