//! Cloud Foundry as the screens see it: who is logged in, where, what is offered there, and what is being done. Tokens are
//! not part of it: they stay outside.

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
    /// How long it took, once it is over.
    pub took: Option<Duration>,
}

/// The parameters that a run was begun with. The draft may have changed since.
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
    /// What it was begun with.
    pub chosen: Chosen,
    /// Its job, while something is asked or waited for.
    pub job: Option<JobId>,
    /// The person does not want to wait any longer, and the last answer is still out.
    pub is_stopping: bool,
    /// The test that it waits for, once that was started.
    pub test: Option<JobId>,
    /// When the newest state came, since the program started.
    pub since: Duration,
    times: Vec<(StepName, RowTime)>,
}

impl Provision {
    /// A run that has just begun.
    pub fn begin(run: Run, chosen: Chosen, job: JobId, now: (Timestamp, Duration)) -> Self {
        let mut begun =
            Self { run, chosen, job: Some(job), is_stopping: false, test: None, since: now.1, times: Vec::new() };
        begun.note_times(now);
        begun
    }

    /// Takes a newer state in.
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

    /// Whether something is asked or waited for.
    pub fn is_under_way(&self) -> bool {
        self.job.is_some()
    }

    /// Whether the person has agreed to the plan, and it has not ended.
    pub fn is_being_done(&self) -> bool {
        self.run.end().is_none() && !self.run.plan().items.is_empty() && self.run.ask() != Ask::Confirm
    }

    /// When it is looked again, since the program started, if that is what it waits for.
    pub fn next_look(&self) -> Option<Duration> {
        match self.run.ask() {
            Ask::Wait(pause) => Some(self.since + pause),
            _ => None,
        }
    }

    /// What exists of what the run is about.
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

/// How somebody has logged in, for a command that does the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LoginWay {
    /// With a passcode, or with the login that is kept: what a command does by itself.
    #[default]
    Usual,
    /// As the cf CLI is.
    Cf,
    /// With a password.
    Password {
        /// The user.
        user: String,
        /// The key of the identity provider.
        origin: Option<String>,
    },
}

/// Who can log in at the practice tenant with a password, and who cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PracticePeople {
    /// Who can.
    pub user: &'static str,
    /// The password of all of them.
    pub password: &'static str,
    /// Who has a second factor.
    pub second_factor: &'static str,
    /// Who is locked out.
    pub locked: &'static str,
    /// Who has to name the identity provider.
    pub of_two_origins: &'static str,
    /// The origin key to name.
    pub origin: &'static str,
}

/// What the screens know of Cloud Foundry.
#[derive(Clone, Debug, Default)]
pub struct Cloud {
    /// Where the practice tenant's API is, once it runs.
    pub practice_api: Option<Address>,
    /// Who can log in at the practice tenant.
    pub practice_people: Option<PracticePeople>,
    /// Hosts that are not SAP's and that the person agreed to log in at.
    pub agreed_hosts: BTreeSet<String>,
    /// Who is logged in.
    pub account: Option<Account>,
    /// How they have logged in.
    pub way: LoginWay,
    /// Where things are made.
    pub place: Option<Place>,
    /// What can be made there; empty if it is not known.
    pub offers: Vec<Offer>,
    /// The newest run.
    pub provision: Option<Provision>,
    /// What was made at an earlier start.
    pub left: Vec<Thing>,
    /// What was asked and is not answered yet, and since when.
    pub waiting: Option<(JobId, Duration)>,
    /// Whether its screen is open.
    pub is_open: bool,
}
