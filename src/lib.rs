//! cpikey: from an SAP BTP subaccount to a Cloud Integration API key that is proven to work.
//!
//! Read in this order. Each module may use only those above it (enforced by `tests/architecture`): `words` < `domain` <
//! `model` < `keymap` < `ui` < `screens` < `app` < `plain` are pure: no terminal, network, clock or files. `content`,
//! `net`, `practice`, `platform` do I/O, `jobs` combines them into use cases, and `runtime` and `cli` are the two front
//! ends. See `docs/architecture.md`.

pub mod words;

pub mod app;
pub mod domain;
pub mod keymap;
pub mod model;
pub mod plain;
pub mod screens;
pub mod ui;

pub mod content;
pub mod jobs;
pub mod net;
pub mod platform;
pub mod practice;
pub mod runtime;

pub mod cli;
