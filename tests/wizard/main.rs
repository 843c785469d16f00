//! The wizard as the user sees it, without a terminal: keys and pastes in, frames and effects out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod choosing;
mod cloud;
mod cloud_end;
mod cloud_faults;
mod cloud_instances;
mod cloud_login;
mod contrast;
mod copying;
mod docs;
mod driver;
mod escape;
mod files;
mod flow;
mod frame;
mod guide;
mod messages;
mod mouse;
mod pasting;
mod pictures;
mod plain;
mod plain_cloud;
mod pseudo;
mod resume;
mod roles;
mod saved;
mod sizes;
mod styles;
mod svg;
mod tools;
mod typed_paste;
mod watching;
