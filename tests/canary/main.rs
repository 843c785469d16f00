//! One sweep over everything that the program emits: each secret is invented, unique and known, and must be nowhere in what
//! is printed, drawn, written, passed on to other programs or sent, in whatever form. Exports with the secret, which somebody
//! asks for, are the only exception. The commands of Cloud Foundry are swept in tests/cloud.
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
