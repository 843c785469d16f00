//! What can happen, what can be asked of the outside, and what several screens read. Pure.

pub mod capture;
pub mod coalesce;
pub mod draft;
pub mod effect;
pub mod job;
pub mod msg;
pub mod notice;
pub mod place;
pub mod run;
pub mod saved;
pub mod session;

pub use draft::Draft;
pub use effect::{Copyable, Effect, Exit};
pub use job::{JobEvent, JobId, JobRequest};
pub use msg::{Msg, Now, Pasted};
pub use notice::{Notice, Tone};
pub use place::Place;
pub use run::Run;
pub use session::{KeySlot, KeySource, PracticeSample, Session, Surroundings};
