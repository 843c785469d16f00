//! The filter of the checklist. It searches when its text changes, not on every frame.

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use crate::{
    domain::sap::role::{Catalogue, Role},
    keymap::Action,
    ui::{Theme, widget::field::Field},
};

/// A text field with its search results.
#[derive(Debug, Default)]
pub struct Filter {
    field: Field,
    /// Names of the roles, best first.
    found: Vec<String>,
    /// Names of similar roles if it finds none.
    nearest: Vec<String>,
    /// A name in the text that is often mistaken for a role.
    mistaken: Option<String>,
}

impl Filter {
    /// Whether there is nothing to search for.
    pub fn is_empty(&self) -> bool {
        self.field.text().trim().is_empty()
    }

    /// The search text.
    pub fn text(&self) -> &str {
        self.field.text().trim()
    }

    /// Names of the matching roles, best first.
    pub fn found(&self) -> &[String] {
        &self.found
    }

    /// Names of similar roles if it finds none.
    pub fn nearest(&self) -> &[String] {
        &self.nearest
    }

    /// The words to highlight, in lower case.
    pub fn words(&self) -> Vec<String> {
        let words = self.field.text().split_whitespace().map(str::to_lowercase);
        words.filter(|word| word.chars().count() > 1).collect()
    }

    /// A name in the text that is often mistaken for a role.
    pub fn mistaken(&self) -> Option<&str> {
        self.mistaken.as_deref()
    }

    /// Types a key.
    pub fn key(&mut self, key: KeyEvent, catalogue: &Catalogue) {
        if self.field.key(key) {
            self.search(catalogue);
        }
    }

    /// Pastes text.
    pub fn paste(&mut self, text: &str, catalogue: &Catalogue) {
        if self.field.paste(text) {
            self.search(catalogue);
        }
    }

    fn search(&mut self, catalogue: &Catalogue) {
        let text = self.field.text();
        let names = |roles: Vec<&Role>| roles.into_iter().map(|role| role.name.clone()).collect();
        self.found = names(catalogue.search(text));
        self.nearest = if self.found.is_empty() { names(catalogue.nearest(text)) } else { Vec::new() };
        self.mistaken = catalogue.name_in_search(text).map(str::to_owned);
    }

    /// Draws the field.
    pub fn draw(&self, is_focused: bool, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        self.field.draw_reached_with(Some(Action::Filter), is_focused, theme, frame, area);
    }
}
