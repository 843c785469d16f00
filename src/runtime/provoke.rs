//! Panics on purpose. Not part of a release build: the tests of what happens at a panic need one.

use std::io;

use crossterm::event::KeyModifiers;

use super::event_loop::Perform;
use crate::{keymap::key::ch, model::Msg};

/// Ctrl+Alt+X panics in the loop, Ctrl+Alt+T in a task.
pub(super) fn panic_if_asked(msg: &Msg, performer: &mut impl Perform) -> io::Result<()> {
    let Msg::Key(key) = msg else { return Ok(()) };
    if key.modifiers == KeyModifiers::CONTROL | KeyModifiers::ALT {
        if key.code == ch('t').code {
            return performer.start_panicking_task();
        }
        assert!(key.code != ch('x').code, "canary-of-the-loop");
    }
    Ok(())
}
