//! The four fields of a key, typed by hand.

use crossterm::event::KeyEvent;
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    domain::{key::service_key::Typed, text::secret::Secret},
    keymap::Action,
    model::Session,
    screens::move_between,
    ui::{Theme, widget::field::Field},
};

/// Labels as SAP writes them.
const LABELS: [&str; 4] = ["url", "tokenurl", "clientid", "clientsecret"];

/// The fields and which has the focus.
#[derive(Debug)]
pub struct Form {
    fields: [Field; 4],
    focus: usize,
}

impl Form {
    /// The fields with what is known of the key, but never its secret.
    pub fn of(session: &Session) -> Self {
        let summary = session.key.found().map(|found| &found.summary);
        let text = |value: Option<&crate::domain::text::safe_text::SafeText>| {
            Field::new(value.map_or("", |value| value.as_str()))
        };
        Self {
            fields: [
                text(summary.and_then(|summary| summary.url.as_ref())),
                text(summary.and_then(|summary| summary.token_url.as_ref())),
                text(summary.and_then(|summary| summary.client_id.as_ref())),
                Field::masked(),
            ],
            focus: 0,
        }
    }

    /// What was typed.
    pub fn typed(&self) -> Typed {
        let text = |index: usize| self.fields[index].text().trim().to_owned();
        Typed {
            url: text(0),
            token_url: text(1),
            client_id: text(2),
            secret: Secret::new(self.fields[3].text().trim()),
        }
    }

    /// True on the last field.
    pub fn at_last(&self) -> bool {
        self.focus + 1 == self.fields.len()
    }

    /// Moves between the fields.
    pub fn move_focus(&mut self, action: Action) {
        self.focus = move_between(self.focus, self.fields.len(), action);
    }

    /// Types into the field with the focus.
    pub fn key(&mut self, key: KeyEvent) {
        self.fields[self.focus].key(key);
    }

    /// Pastes into the field with the focus.
    pub fn paste(&mut self, text: &str) {
        self.fields[self.focus].paste(text);
    }

    /// Draws the fields, one a row with a row between where there is room.
    pub fn draw(&self, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let spacing = if area.height >= 8 { 2 } else { 1 };
        for (index, (label, field)) in LABELS.iter().zip(&self.fields).enumerate() {
            let y = area.y + index as u16 * spacing;
            if y >= area.bottom() {
                break;
            }
            let focused = index == self.focus;
            let mark = if focused { theme.glyphs.cursor } else { " " };
            let style = if focused { theme.title } else { theme.text };
            let row = Rect { y, height: 1, ..area };
            frame.render_widget(
                Line::from(vec![Span::styled(format!("{mark} "), theme.accent), Span::styled(*label, style)]),
                row,
            );
            let field_area = Rect { x: area.x + 15, width: area.width.saturating_sub(16).min(72), ..row };
            field.draw(focused, theme, frame, field_area);
        }
    }
}
