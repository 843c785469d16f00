//! Clickable areas of the screen: recorded by the code that draws them, so that there is no second layout.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthChar as _;

use crate::keymap::Action;

/// A clickable element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A step in the rail, counted from 1.
    Step(u8),
    /// A row of a list.
    Row {
        /// The row with the focus.
        focused: usize,
        /// This row.
        row: usize,
        /// The last row.
        last: usize,
    },
    /// The action of a footer key or a button.
    Act(Action),
    /// The action of a key pressed this many times: a tab that is not the next one.
    Acts(Action, usize),
    /// A place in a text field.
    Text {
        /// What gives the field the focus, if it does not have it.
        reach: Option<Action>,
        /// How many lines it is above or below the caret, in a text of several lines.
        lines: i16,
        /// How many characters are before it in its line.
        caret: u16,
    },
    /// The button of a form that is reached with this.
    Button(Action),
    /// Read-only content: the wheel does not move anything there.
    Still,
    /// A panel: nothing below it is clickable.
    Nothing,
}

/// The clickable areas of the last frame. Records nothing unless enabled. Clones share their records.
#[derive(Clone, Debug, Default)]
pub struct Hits(Arc<Mutex<Notes>>);

#[derive(Debug, Default)]
struct Notes {
    on: bool,
    places: Vec<(Rect, Target)>,
}

/// Themes are equal regardless of what was drawn with them.
impl PartialEq for Hits {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Hits {}

impl Hits {
    /// Clears the records, and records the next frame if `on`.
    pub fn begin(&self, on: bool) {
        let mut notes = self.notes();
        notes.on = on;
        notes.places.clear();
    }

    /// Records an area, covering earlier ones.
    pub fn note(&self, area: Rect, target: Target) {
        let mut notes = self.notes();
        if notes.on && !area.is_empty() {
            notes.places.push((area, target));
        }
    }

    /// Notes the places of a line of text, of which `hidden` columns are left out. After its end is its end.
    pub fn note_text(&self, area: Rect, text: &str, hidden: u16, (reach, lines): (Option<Action>, i16)) {
        if !self.notes().on {
            return;
        }
        let (mut column, mut caret) = (0u16, 0u16);
        let target = |caret| Target::Text { reach, lines, caret };
        for c in text.chars() {
            let width = c.width().unwrap_or_default() as u16;
            if let Some(at) = column.checked_sub(hidden) {
                self.note(
                    Rect { x: area.x.saturating_add(at), width, height: 1, ..area }.intersection(area),
                    target(caret),
                );
            }
            column = column.saturating_add(width);
            caret = caret.saturating_add(1);
        }
        let end = column.saturating_sub(hidden).min(area.width);
        self.note(Rect { x: area.x + end, width: area.width - end, height: 1, ..area }, target(caret));
    }

    /// Notes a row of choices below a field, of which one may have the focus: it gets the focus, and then is taken.
    pub fn note_choice(&self, area: Rect, row: usize, focused: Option<usize>) {
        self.note(
            area,
            match focused {
                Some(focused) if focused == row => Target::Act(Action::Primary),
                Some(focused) if focused > row => Target::Acts(Action::Up, focused - row),
                Some(focused) => Target::Acts(Action::Down, row - focused),
                None => Target::Acts(Action::Down, row + 1),
            },
        );
    }

    /// The records are consistent even if drawing panicked.
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The topmost target at a position.
    pub fn at(&self, column: u16, row: u16) -> Option<Target> {
        let notes = self.notes();
        let is_there = |(area, _): &&(Rect, Target)| area.contains((column, row).into());
        notes.places.iter().rev().find(is_there).map(|(_, target)| *target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_drawn_last_counts_and_nothing_is_noted_while_it_is_off() {
        let hits = Hits::default();
        hits.note(Rect::new(0, 0, 9, 9), Target::Step(1));
        assert_eq!(hits.at(1, 1), None);
        hits.begin(true);
        hits.note(Rect::new(0, 0, 9, 9), Target::Step(1));
        hits.note(Rect::new(2, 2, 2, 2), Target::Nothing);
        assert_eq!([hits.at(1, 1), hits.at(3, 3), hits.at(9, 9)], [Some(Target::Step(1)), Some(Target::Nothing), None]);
        hits.begin(true);
        assert_eq!(hits.at(1, 1), None);
    }
}
