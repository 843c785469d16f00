//! One sweep over everything that the program emits: each secret is made up, unique and known, and must not appear in
//! anything printed, drawn, written, passed to other programs or sent, in whatever form. Explicitly requested exports
//! with the secret are the only exception. The Cloud Foundry commands are covered by tests/cloud.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "../support/canary.rs"]
mod canary;
mod commands;
mod echo;
#[allow(dead_code, reason = "tests/pty.rs uses other parts of it")]
#[path = "../pty/harness.rs"]
mod harness;
mod walks;
mod world;
