//! The last row: the available keys, most important first.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    keymap::Action,
    ui::{hits::Target, text, theme::Theme},
};

/// A key and its current action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// `enter`
    pub key: String,
    /// `next`
    pub label: String,
    /// The action of a click on it.
    pub action: Action,
    /// Whether it is available now; if not, pressing it shows why.
    pub ready: bool,
}

/// Draws as many whole hints as fit. The last `pinned` ones are never dropped for others.
pub fn draw(hints: &[Hint], pinned: usize, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let width = |hint: &Hint| text::width(&hint.key) + 1 + text::width(&hint.label) + 2;
    let (others, pinned) = hints.split_at(hints.len().saturating_sub(pinned));
    let mut room = (area.width as usize).saturating_sub(1 + pinned.iter().map(width).sum::<usize>());
    let mut shown: Vec<&Hint> = Vec::new();
    for hint in others {
        if width(hint) <= room {
            room -= width(hint);
            shown.push(hint);
        } else {
            break;
        }
    }
    shown.extend(pinned);
    let mut spans = vec![Span::raw(" ")];
    let mut x = area.x + 1;
    for hint in shown {
        let columns = width(hint) as u16;
        let place = Rect { x, width: columns - 1, ..area };
        theme.hits.note(place.intersection(area), Target::Act(hint.action));
        x = x.saturating_add(columns);
        let (key, label) = if hint.ready { (theme.key, theme.text) } else { (theme.dim, theme.dim) };
        spans.push(Span::styled(hint.key.as_str(), key));
        spans.push(Span::styled(format!(" {}  ", hint.label), label));
    }
    text::draw_line(&Line::from(spans), area, frame);
}
