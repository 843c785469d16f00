//! Messages, effects, jobs, and the state shared by several screens. Pure.

pub mod capture;
pub mod cloud;
pub mod cloud_job;
pub mod coalesce;
pub mod console_keys;
pub mod effect;
pub mod job;
pub mod jobs;
pub mod msg;
pub mod notice;
pub mod pasted;
pub mod place;
pub mod run;
pub mod saved;
pub mod saved_systems;
pub mod session;
pub mod time;
pub mod watch;

pub use cloud_job::{CloudEvent, CloudRequest};
pub use effect::{Copyable, Effect, Exit};
pub use job::{JobEvent, JobId, JobRequest};
pub use msg::Msg;
pub use notice::{Notice, Tone};
pub use pasted::Pasted;
pub use place::Place;
pub use run::Run;
pub use session::{KeySlot, KeySource, PracticeSample, Session, Surroundings};
pub use time::Now;
pub use watch::Watch;
