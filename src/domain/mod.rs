//! The domain: pure values and functions, without terminal, network, clock, files or environment.
//!
//! Listed in order; each group only uses those above it.

mod named;

pub mod platform;

pub mod text;

pub mod theme;

pub mod problem;

pub mod doctor;

pub mod finding;

pub mod body;

pub mod sap;

pub mod key;

pub mod check;

pub mod cf;

pub mod systems;

pub mod handover;

pub mod content;

pub mod draft;

pub mod guide;

pub mod progress;
