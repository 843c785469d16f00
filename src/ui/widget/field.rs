//! A single-line text field.

use std::fmt;

use crossterm::event::KeyEvent;
use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::Style,
};
use tui_textarea::{CursorMove, Input, Key, TextArea};
use zeroize::Zeroizing;

use crate::{
    domain::text::{safe_text::SafeText, secret::MASK},
    keymap::Action,
    ui::{text, theme::Theme},
};

/// A single-line text field with the keys of a line editor.
#[derive(Clone)]
pub struct Field {
    area: TextArea<'static>,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.area.mask_char().is_some() { MASK } else { self.text() };
        f.debug_tuple("Field").field(&shown).finish()
    }
}

/// A typed secret does not stay in memory.
impl Drop for Field {
    fn drop(&mut self) {
        if self.is_masked() {
            std::mem::take(&mut self.area).into_lines().into_iter().map(Zeroizing::new).for_each(drop);
        }
    }
}

impl Default for Field {
    fn default() -> Self {
        Self::new("")
    }
}

impl Field {
    /// A field with this text and the cursor at its end.
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(vec![SafeText::capped(text, LIMIT).as_str().to_owned()]);
        area.set_cursor_line_style(Style::new());
        area.set_cursor_style(Style::new());
        area.move_cursor(CursorMove::End);
        Self { area }
    }

    /// A field that shows asterisks instead of its text and has no history.
    pub fn masked() -> Self {
        let mut field = Self::default();
        field.area.set_mask_char('*');
        field.area.set_max_histories(0);
        field
    }

    /// Whether it shows asterisks instead of its text.
    pub fn is_masked(&self) -> bool {
        self.area.mask_char().is_some()
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// Replaces the text if it differs, with the cursor at its end.
    pub fn set(&mut self, text: &str) {
        if self.text() != text {
            let mask = self.area.mask_char();
            *self = Self::new(text);
            if let Some(mask) = mask {
                self.area.set_mask_char(mask);
                self.area.set_max_histories(0);
            }
        }
    }

    /// Handles a key. Returns true if the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let input = Input::from(key);
        match input {
            Input { key: Key::Left, ctrl, .. } => {
                self.area.move_cursor(if ctrl { CursorMove::WordBack } else { CursorMove::Back });
            }
            Input { key: Key::Right, ctrl, .. } => {
                self.area.move_cursor(if ctrl { CursorMove::WordForward } else { CursorMove::Forward });
            }
            Input { key: Key::Home, .. } | Input { key: Key::Char('a'), ctrl: true, .. } => {
                self.area.move_cursor(CursorMove::Head);
            }
            Input { key: Key::End, .. } | Input { key: Key::Char('e'), ctrl: true, .. } => {
                self.area.move_cursor(CursorMove::End);
            }
            Input { key: Key::Char('u'), ctrl: true, .. } => return self.area.delete_line_by_head(),
            Input { key: Key::Char('k'), ctrl: true, .. } => return self.area.delete_line_by_end(),
            Input { key: Key::Char('w'), ctrl: true, .. } => return self.area.delete_word(),
            Input { key: Key::Enter | Key::Tab, .. } => {}
            input if self.text().chars().count() < LIMIT || matches!(input.key, Key::Backspace | Key::Delete) => {
                return self.area.input_without_shortcuts(input);
            }
            _ => {}
        }
        false
    }

    /// Inserts the first line of pasted text, sanitised. Returns whether the text changed.
    pub fn paste(&mut self, text: &str) -> bool {
        let line = text.trim().lines().next().unwrap_or_default();
        let room = LIMIT.saturating_sub(self.text().chars().count());
        let clean: String = SafeText::capped(line, LIMIT).as_str().chars().take(room).collect();
        self.area.insert_str(clean)
    }

    /// Draws it, with the terminal's cursor if it has the focus.
    pub fn draw(&self, focused: bool, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        self.draw_reached_with(None, focused, theme, frame, area);
    }

    /// Draws it; a click gives it the focus with `reach`, if it does not have it.
    pub fn draw_reached_with(
        &self,
        reach: Option<Action>,
        focused: bool,
        theme: &Theme,
        frame: &mut Frame<'_>,
        area: Rect,
    ) {
        if area.is_empty() {
            return;
        }
        frame.buffer_mut().set_style(area, if focused { theme.field_focused } else { theme.field });
        if !focused {
            // The start of a long text is more useful than its end, and asterisks must not reveal the length.
            let shown = match self.area.mask_char() {
                Some(_) if !self.text().is_empty() => MASK.to_owned(),
                Some(_) => String::new(),
                None => text::truncate(self.text(), area.width, theme.glyphs.ellipsis),
            };
            frame.render_widget(shown, area);
            // What is hidden has no places but its end.
            let hidden = if self.is_masked() { u16::MAX } else { 0 };
            theme.hits.note_text(area, self.text(), hidden, (reach, 0));
        } else {
            frame.render_widget(&self.area, area);
            let (_, scrolled) = self.area.scroll_offset();
            let column = self.area.screen_cursor().col as u16;
            let x = area.x + column.saturating_sub(scrolled).min(area.width - 1);
            frame.set_cursor_position(Position::new(x, area.y));
            let stars = self.is_masked().then(|| "*".repeat(self.text().chars().count()));
            theme.hits.note_text(area, stars.as_deref().unwrap_or(self.text()), scrolled, (None, 0));
        }
    }
}

/// The maximum length of a field in characters: more than any name, host or secret needs.
pub const LIMIT: usize = 2000;
