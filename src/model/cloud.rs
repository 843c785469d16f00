//! Cloud Foundry as the screens see it: who is logged in where, what is offered there, and what is in progress. It
//! contains no tokens: they stay outside the model.

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;

use super::{cloud_job::Account, job::JobId};
use crate::domain::{
    cf::{
        offer::Offer,
        place::Place,
        plan::Kind,
        run::{Ask, Existing, Row, RowState, Run, StepName},
    },
    key::address::Address,
    progress::Thing,
    sap::{key_parameters::KeyParameters, parameters::InstanceParameters},
};

/// When a row began and ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowTime {
    /// When it began: on the clock, and since the program started.
    pub began: Option<(Timestamp, Duration)>,
    /// How long it took, once finished.
    pub took: Option<Duration>,
}

/// The parameters with which a run was started. The draft may have changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Of the instance.
    pub instance: InstanceParameters,
    /// Of the key.
    pub key: KeyParameters,
}

/// A run as the screens see it.
#[derive(Clone, Debug)]
pub struct Provision {
    /// The newest state.
    pub run: Run,
    /// The parameters it was started with.
    pub chosen: Chosen,
    /// Its job, while a request is pending or it is waiting.
    pub job: Option<JobId>,
    /// The user has stopped waiting, and the last response is pending.
    pub is_stopping: bool,
    /// The test it is waiting for, once started.
    pub test: Option<JobId>,
    /// When the newest state arrived, since the program started.
    pub since: Duration,
    times: Vec<(StepName, RowTime)>,
}

impl Provision {
    /// A run that has just started.
    pub fn begin(run: Run, chosen: Chosen, job: JobId, now: (Timestamp, Duration)) -> Self {
        let mut begun =
            Self { run, chosen, job: Some(job), is_stopping: false, test: None, since: now.1, times: Vec::new() };
        begun.note_times(now);
        begun
    }

    /// Records a newer state.
    pub fn take(&mut self, run: Run, now: (Timestamp, Duration)) {
        self.run = run;
        self.since = now.1;
        self.note_times(now);
    }

    fn note_times(&mut self, (wall, since): (Timestamp, Duration)) {
        for row in self.run.rows() {
            let at = match self.times.iter().position(|(step, _)| *step == row.step) {
                Some(at) => at,
                None => {
                    self.times.push((row.step, RowTime::default()));
                    self.times.len() - 1
                }
            };
            let time = &mut self.times[at].1;
            match row.state {
                RowState::Waiting => {}
                RowState::Running => {
                    time.began.get_or_insert((wall, since));
                }
                RowState::Done | RowState::Failed | RowState::Stopped => {
                    if let (Some((_, began)), None) = (time.began, time.took) {
                        time.took = Some(since.saturating_sub(began));
                    }
                }
            }
        }
    }

    /// The rows with their times.
    pub fn rows(&self) -> Vec<(Row, RowTime)> {
        let time = |step| self.times.iter().find(|(name, _)| *name == step).map(|(_, time)| *time).unwrap_or_default();
        self.run.rows().into_iter().map(|row| (row.clone(), time(row.step))).collect()
    }

    /// Whether a request is pending or it is waiting.
    pub fn is_under_way(&self) -> bool {
        self.job.is_some()
    }

    /// Whether the user has confirmed the plan and it has not ended.
    pub fn is_being_done(&self) -> bool {
        self.run.end().is_none() && !self.run.plan().items.is_empty() && self.run.ask() != Ask::Confirm
    }

    /// When the next poll is due, since the program started, if it is waiting for one.
    pub fn next_look(&self) -> Option<Duration> {
        match self.run.ask() {
            Ask::Wait(pause) => Some(self.since + pause),
            _ => None,
        }
    }

    /// The objects of the run that exist.
    pub fn exists(&self) -> Vec<&Existing> {
        let goal = self.run.goal();
        let wanted = goal.key().map(|key| key.name.as_str());
        let is_of_run = |thing: &&Existing| match thing.kind {
            Kind::Instance => true,
            Kind::Key => wanted.is_none_or(|name| name == thing.name),
        };
        self.run.exists().iter().filter(is_of_run).collect()
    }
}

/// How the user logged in, for a command that does the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LoginWay {
    /// With a passcode or the stored login: a command's default.
    #[default]
    Usual,
    /// With the login of the cf CLI.
    Cf,
    /// With a password.
    Password {
        /// The user.
        user: String,
        /// The origin key of the identity provider.
        origin: Option<String>,
    },
}

/// The users of the practice tenant and their password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PracticePeople {
    /// A user who can log in.
    pub user: &'static str,
    /// The password of all of them.
    pub password: &'static str,
    /// A user with a second factor.
    pub second_factor: &'static str,
    /// A user who is locked out.
    pub locked: &'static str,
    /// A user who has to specify the identity provider.
    pub of_two_origins: &'static str,
    /// The origin key to specify.
    pub origin: &'static str,
}

/// What the screens know about Cloud Foundry.
#[derive(Clone, Debug, Default)]
pub struct Cloud {
    /// The API of the practice tenant, once it is running.
    pub practice_api: Option<Address>,
    /// The users of the practice tenant.
    pub practice_people: Option<PracticePeople>,
    /// Non-SAP hosts at which the user has agreed to log in.
    pub agreed_hosts: BTreeSet<String>,
    /// Who is logged in.
    pub account: Option<Account>,
    /// How the user logged in.
    pub way: LoginWay,
    /// The org and space in which objects are created.
    pub place: Option<Place>,
    /// What can be created there; empty if unknown.
    pub offers: Vec<Offer>,
    /// The newest run.
    pub provision: Option<Provision>,
    /// Objects created in an earlier session.
    pub left: Vec<Thing>,
    /// The pending request, and since when.
    pub waiting: Option<(JobId, Duration)>,
    /// Whether its screen is open.
    pub is_open: bool,
}
