//! What the mouse does. A click is what a person could do with keys: it moves the focus to a row, and on the focused row
//! it does what enter does.

use super::{App, overlay::Overlay};
use crate::{
    keymap::{Action, Context},
    model::{Effect, Notice, capture::QUIET, msg::Press},
    ui::hits::{Hits, Target},
};

/// How many rows the wheel moves at once.
const WHEEL: usize = 3;

/// Changes the app by a press of the mouse, at a place of the picture that was drawn last.
pub fn press(app: &mut App, press: Press, hits: &Hits) -> Vec<Effect> {
    let effects = app.pressed(press, hits);
    app.settle(effects)
}

impl App {
    fn pressed(&mut self, press: Press, hits: &Hits) -> Vec<Effect> {
        // A paste that breaks out of its frame may hold a click, as it may hold a key.
        let quiet = self.pasted_at.is_some_and(|at| self.session.now.since_start < at + QUIET);
        if quiet || self.capture.is_some() || self.shows_plain() {
            return Vec::new();
        }
        let (target, context) = (hits.at(press.column, press.row), self.context());
        match press.wheel {
            None => self.click(target),
            // A question is answered, not scrolled.
            Some(_) if context == Context::Confirm => Vec::new(),
            Some(down) => match target {
                Some(Target::Row { focused, last, .. }) => {
                    let room = if down { last.saturating_sub(focused) } else { focused };
                    self.repeat(if down { Action::Down } else { Action::Up }, room.min(WHEEL))
                }
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
            Target::Step(_) | Target::Nothing => Vec::new(),
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

    /// Whether presses of the mouse are wanted.
    pub fn has_mouse(&self) -> bool {
        self.session.around.mouse && self.overlay != Some(Overlay::Plain)
    }
}
