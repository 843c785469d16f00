//! Mouse handling. A click does what keys can do: it moves the focus to a row, and on the focused row it acts like
//! Enter.

use super::{App, overlay::Overlay};
use crate::{
    keymap::{self, Action, Context},
    model::{Effect, Notice, capture::QUIET, msg::Press},
    ui::hits::{Hits, Target},
};

/// The number of rows that the wheel scrolls at once.
const WHEEL: usize = 3;

/// Handles a mouse press, at a position of the last drawn picture.
pub fn press(app: &mut App, press: Press, hits: &Hits) -> Vec<Effect> {
    let effects = app.pressed(press, hits);
    app.settle(effects)
}

impl App {
    fn pressed(&mut self, press: Press, hits: &Hits) -> Vec<Effect> {
        // A paste that breaks out of its brackets may contain a click as well as keys.
        let quiet = self.pasted_at.is_some_and(|at| self.session.now.since_start < at + QUIET);
        if quiet || self.capture.is_some() || self.shows_plain() {
            return Vec::new();
        }
        let (target, context) = (hits.at(press.column, press.row), self.context());
        match press.wheel {
            None => self.click(target),
            // Questions do not scroll.
            Some(_) if context == Context::Confirm => Vec::new(),
            Some(down) => match target {
                Some(Target::Row { focused, last, .. }) => {
                    let room = if down { last.saturating_sub(focused) } else { focused };
                    self.repeat(if down { Action::Down } else { Action::Up }, room.min(WHEEL))
                }
                Some(Target::Still) => Vec::new(),
                _ => self.act(if down { Action::PageDown } else { Action::PageUp }),
            },
        }
    }

    fn click(&mut self, target: Option<Target>) -> Vec<Effect> {
        let Some(target) = target else { return Vec::new() };
        self.session.notice = None;
        match target {
            Target::Step(number) if self.overlay.is_none() => self.act(Action::Jump(number)),
            Target::Row { focused, row, .. } if focused == row => self.act(Action::Primary),
            Target::Row { focused, row, .. } => {
                let action = if row > focused { Action::Down } else { Action::Up };
                self.repeat(action, row.abs_diff(focused))
            }
            Target::Act(action) => self.act(action),
            Target::Acts(action, times) => self.repeat(action, times),
            Target::Text { reach, lines, caret } => {
                let effects = reach.map(|action| self.act(action)).unwrap_or_default();
                keymap::caret(lines, caret).for_each(|key| self.type_key(key));
                effects
            }
            Target::Button(reach) => {
                let mut effects = self.act(reach);
                effects.extend(self.act(Action::Primary));
                effects
            }
            Target::Step(_) | Target::Still | Target::Nothing => Vec::new(),
        }
    }

    fn repeat(&mut self, action: Action, times: usize) -> Vec<Effect> {
        (0..times).flat_map(|_| self.act(action)).collect()
    }

    /// Switches the mouse on or off.
    pub(super) fn switch_mouse(&mut self) -> Vec<Effect> {
        let on = !self.session.around.mouse;
        self.session.around.mouse = on;
        let words = self.session.content.words.palette();
        self.session.notice = Some(Notice::note(if on { words.mouse_on() } else { words.mouse_off() }));
        vec![Effect::Mouse(on)]
    }

    /// Whether the mouse is enabled.
    pub fn has_mouse(&self) -> bool {
        self.session.around.mouse && self.overlay != Some(Overlay::Plain)
    }
}
