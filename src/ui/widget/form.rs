//! Labelled text fields, one below the other, with the same keys, remarks and layout everywhere.

use crossterm::event::KeyEvent;
use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr as _;

use super::field::Field;
use crate::{
    domain::text::secret::MASK,
    keymap::Action,
    model::Tone,
    ui::{
        hits::Target,
        page::{Fact, Page, PageField},
        text,
        theme::Theme,
    },
};

/// A text field with its label.
#[derive(Clone, Debug)]
pub struct FormField {
    label: String,
    field: Field,
    width: u16,
    required: bool,
}

impl FormField {
    /// A required field.
    pub fn new(label: impl Into<String>, field: Field) -> Self {
        Self { label: label.into(), field, width: 40, required: true }
    }

    /// Makes a field optional: Enter does not stop at it.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// Sets its width in columns, if there is room.
    #[must_use]
    pub fn width(mut self, width: u16) -> Self {
        self.width = width;
        self
    }
}

/// A remark on the text of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// It is right.
    Good(String),
    /// It may be wrong.
    Warning(String),
    /// It is wrong.
    Bad(String),
    /// What to enter.
    Hint(String),
    /// Suggestions, one per line, and which one has the focus.
    Choices(Vec<String>, Option<usize>),
}

impl Remark {
    fn fact(self) -> Fact {
        match self {
            Remark::Good(words) => Fact::Said(Some(Tone::Good), words),
            Remark::Warning(words) => Fact::Said(Some(Tone::Warning), words),
            Remark::Bad(words) => Fact::Said(Some(Tone::Error), words),
            Remark::Hint(words) => Fact::Said(None, words),
            Remark::Choices(choices, _) => Fact::Said(None, choices.join(", ")),
        }
    }

    fn lines(&self, theme: &Theme, width: u16) -> Vec<RemarkLine> {
        let glyphs = theme.glyphs;
        let lines = match self {
            Remark::Good(words) => text::wrap_bullet(glyphs.good, theme.good, words, theme.text, width),
            Remark::Warning(words) => text::wrap_bullet(glyphs.warning, theme.warning, words, theme.text, width),
            Remark::Bad(words) => text::wrap_bullet(glyphs.bad, theme.bad, words, theme.text, width),
            Remark::Hint(words) => text::wrap(words, width, theme.text),
            Remark::Choices(choices, focus) => {
                let line = |(index, choice): (usize, &String)| {
                    let has_focus = *focus == Some(index);
                    let mark = if has_focus { glyphs.cursor } else { " " };
                    let style = if has_focus { theme.value } else { theme.text };
                    let lines = text::wrap_bullet(mark, theme.accent, choice, style, width);
                    lines.into_iter().map(move |line| (line, Some((index, *focus))))
                };
                return choices.iter().enumerate().flat_map(line).collect();
            }
        };
        lines.into_iter().map(|line| (line, None)).collect()
    }
}

/// A line of a remark; one of a choice has its number, and that of the choice with the focus.
type RemarkLine = (Line<'static>, Option<(usize, Option<usize>)>);

/// The outcome of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormResult {
    /// The form stays open.
    Stay,
    /// Accept the input.
    Submit,
    /// Leave everything unchanged.
    Cancel,
}

/// The fields and which has the focus.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<FormField>,
    focus: usize,
    button: Option<String>,
    /// Whether anything was typed.
    touched: bool,
}

/// Input of forms closed with Esc: reopening the same form restores it. Secrets are not kept.
#[derive(Clone, Debug)]
pub struct Unfinished<K>(Vec<(K, Vec<String>)>);

impl<K> Default for Unfinished<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq> Unfinished<K> {
    /// Keeps the input of the form of `what`.
    pub fn keep(&mut self, what: K, form: &Form) {
        let text = |field: &FormField| if field.field.is_masked() { "" } else { field.field.text() }.to_owned();
        self.0.retain(|(kept, _)| *kept != what);
        if form.touched {
            self.0.push((what, form.fields.iter().map(text).collect()));
        }
    }

    /// Restores the earlier input of the form of `what`. Returns whether that changes anything.
    pub fn bring_back(&mut self, what: &K, form: &mut Form) -> bool {
        let Some(at) = self.0.iter().position(|(kept, _)| kept == what) else { return false };
        let (_, texts) = self.0.remove(at);
        let mut changed = false;
        for (field, text) in form.fields.iter_mut().zip(&texts) {
            if !text.is_empty() && field.field.text() != text {
                field.field.set(text);
                changed = true;
            }
        }
        form.touched = changed;
        changed
    }
}

/// The narrowest field that is placed next to its label.
const NARROWEST: u16 = 20;

impl Form {
    /// A form with the focus in its first field.
    pub fn new(fields: Vec<FormField>) -> Self {
        Self { fields, focus: 0, button: None, touched: false }
    }

    /// Adds a focusable button below the fields.
    #[must_use]
    pub fn with_button(mut self, label: impl Into<String>) -> Self {
        self.button = Some(label.into());
        self
    }

    /// Appends a field.
    pub fn push(&mut self, field: FormField) {
        self.fields.push(field);
    }

    /// The trimmed text of a field.
    pub fn text(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", |field| field.field.text().trim())
    }

    /// The text of a field as typed, for values that may start or end with a space.
    pub fn exact_text(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", |field| field.field.text())
    }

    /// Replaces the text of a field.
    pub fn set(&mut self, index: usize, text: &str) {
        if let Some(field) = self.fields.get_mut(index) {
            field.field.set(text);
        }
    }

    /// The index of the focused field; the button's is one more than the last field's.
    pub fn focus(&self) -> usize {
        self.focus
    }

    /// Moves the focus to a field.
    pub fn set_focus(&mut self, index: usize) {
        self.focus = index.min(self.stops().saturating_sub(1));
    }

    /// Whether a field, not the button, has the focus.
    pub fn in_field(&self) -> bool {
        self.focus < self.fields.len()
    }

    fn stops(&self) -> usize {
        self.fields.len() + usize::from(self.button.is_some())
    }

    /// Types into the field with the focus. Returns true if its text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let changed = self.fields.get_mut(self.focus).is_some_and(|field| field.field.key(key));
        self.touched |= changed;
        changed
    }

    /// Pastes into the field with the focus. Returns true if its text changed.
    pub fn paste(&mut self, text: &str) -> bool {
        let changed = self.fields.get_mut(self.focus).is_some_and(|field| field.field.paste(text));
        self.touched |= changed;
        changed
    }

    /// Arrow keys and Tab move between the fields. Enter moves to the next required field, or submits.
    pub fn act(&mut self, action: Action) -> FormResult {
        let stops = self.stops().max(1);
        match action {
            Action::Up => self.focus = self.focus.saturating_sub(1),
            Action::Down => self.focus = (self.focus + 1).min(stops - 1),
            Action::NextField => self.focus = (self.focus + 1) % stops,
            Action::PreviousField => self.focus = (self.focus + stops - 1) % stops,
            Action::Field(index) => self.set_focus(index.into()),
            Action::Cancel => return FormResult::Cancel,
            Action::Toggle if !self.in_field() => return FormResult::Submit,
            Action::Primary => {
                let missing = |field: &FormField| field.required && field.field.text().trim().is_empty();
                match self.fields.iter().skip(self.focus + 1).position(missing) {
                    Some(ahead) => self.focus += ahead + 1,
                    None => return FormResult::Submit,
                }
            }
            _ => {}
        }
        FormResult::Stay
    }

    /// The form as a page that starts with these facts. `remark` returns the remark on a field.
    pub fn page(&self, facts: Vec<Fact>, remark: &dyn Fn(usize) -> Option<Remark>) -> Page {
        let described = |(index, field): (usize, &FormField)| {
            let masked = field.field.is_masked();
            let text = field.field.text();
            PageField {
                label: field.label.clone(),
                text: if masked && !text.is_empty() { MASK.to_owned() } else { text.to_owned() },
                masked,
                optional: !field.required,
                remark: remark(index).map(Remark::fact),
            }
        };
        Page {
            fields: self.fields.iter().enumerate().map(described).collect(),
            field: self.in_field().then_some(self.focus),
            ..Page::new(facts)
        }
    }

    /// The total height at this width, without blank rows.
    pub fn height(&self, remark: &dyn Fn(usize) -> Option<Remark>, theme: &Theme, width: u16) -> u16 {
        self.layout(remark, theme, width, Density::Remarks).iter().map(|part| part.height).sum()
    }

    /// Draws the fields. `remark` returns the remark on one. If there are few rows, blank rows are dropped first, then
    /// the remarks of unfocused fields; if it still does not fit, it scrolls.
    pub fn draw(&self, remark: &dyn Fn(usize) -> Option<Remark>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let fits = |parts: &[Part]| parts.iter().map(|part| part.height).sum::<u16>() <= area.height;
        let mut parts = self.layout(remark, theme, area.width, Density::Airy);
        for density in [Density::Remarks, Density::Dense] {
            if fits(&parts) {
                break;
            }
            parts = self.layout(remark, theme, area.width, density);
        }
        let top: u16 = parts.iter().take(self.focus).map(|part| part.height).sum();
        let end = top + parts.get(self.focus).map_or(0, |part| part.height);
        let scroll = end.saturating_sub(area.height).min(top);
        let mut row = 0;
        for (index, part) in parts.iter().enumerate() {
            if row >= scroll && row - scroll < area.height {
                let y = area.y + row - scroll;
                let room = Rect { y, height: part.height.min(area.bottom() - y), ..area };
                match self.fields.get(index) {
                    Some(field) => self.draw_field(field, index, part, theme, frame, room),
                    None => self.draw_button(theme, frame, room),
                }
            }
            row += part.height;
        }
    }

    /// The column of the fields, or `None` if the labels are above them.
    fn column(&self, width: u16) -> Option<u16> {
        let label = self.fields.iter().map(|field| field.label.width()).max().unwrap_or_default() as u16;
        let column = label + 4;
        (column + NARROWEST <= width).then_some(column)
    }

    fn layout(
        &self,
        remark: &dyn Fn(usize) -> Option<Remark>,
        theme: &Theme,
        width: u16,
        density: Density,
    ) -> Vec<Part> {
        let column = self.column(width);
        let last = self.stops().saturating_sub(1);
        let mut parts = Vec::new();
        for index in 0..self.stops() {
            let shown = self.fields.get(index).filter(|_| density != Density::Dense || index == self.focus);
            let room = width.saturating_sub(column.unwrap_or(2));
            let lines = shown.and_then(|_| remark(index)).map(|remark| remark.lines(theme, room)).unwrap_or_default();
            let label = u16::from(column.is_none() && index < self.fields.len());
            let gap = u16::from(density == Density::Airy && index < last);
            parts.push(Part { height: label + 1 + lines.len() as u16 + gap, remark: lines, column });
        }
        parts
    }

    fn draw_field(
        &self,
        field: &FormField,
        index: usize,
        part: &Part,
        theme: &Theme,
        frame: &mut Frame<'_>,
        area: Rect,
    ) {
        let focused = index == self.focus;
        let (mark, style) = if focused { (theme.glyphs.cursor, theme.title) } else { (" ", theme.text) };
        let label = Line::from(vec![
            Span::styled(format!("{mark} "), theme.accent),
            Span::styled(text::truncate(&field.label, area.width.saturating_sub(2), theme.glyphs.ellipsis), style),
        ]);
        frame.render_widget(label, Rect { height: 1, ..area });
        let reach = reach(index);
        let caret = field.field.text().chars().count() as u16;
        theme.hits.note(Rect { height: 1, ..area }, Target::Text { reach: Some(reach), lines: 0, caret });
        let indent = part.column.unwrap_or(2).min(area.width);
        let y = area.y + u16::from(part.column.is_none());
        let room = area.width - indent;
        if y < area.bottom() {
            let place = Rect { x: area.x + indent, y, width: field.width.min(room), height: 1 };
            field.field.draw_reached_with(Some(reach), focused, theme, frame, place);
        }
        for ((line, choice), y) in part.remark.iter().zip(y + 1..area.bottom()) {
            let place = Rect { x: area.x + indent, y, width: room, height: 1 };
            frame.render_widget(line, place);
            if let Some((row, focused)) = *choice {
                theme.hits.note_choice(place, row, focused);
            }
        }
    }

    fn draw_button(&self, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let Some(label) = &self.button else { return };
        let style: Style = if self.in_field() { theme.text } else { theme.selected };
        // Its text is aligned with the labels.
        let x = area.x + 1.min(area.width);
        let width = (label.width() as u16 + 2).min(area.right() - x);
        let place = Rect { x, width, height: 1, ..area };
        frame.render_widget(Line::styled(format!(" {label} "), style), place);
        theme.hits.note(place, Target::Button(reach(self.fields.len())));
        if !self.in_field() {
            frame.set_cursor_position(Position::new(x, area.y));
        }
    }
}

/// What gives a field the focus.
fn reach(index: usize) -> Action {
    Action::Field(u8::try_from(index).unwrap_or(u8::MAX))
}

/// How much space a form uses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Density {
    /// A blank row between the fields.
    Airy,
    /// All remarks.
    Remarks,
    /// Only the remark of the field with the focus.
    Dense,
}

/// A field or the button with its layout.
struct Part {
    height: u16,
    remark: Vec<RemarkLine>,
    column: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        Form::new(vec![
            FormField::new("Name", Field::new("dev")),
            FormField::new("Region", Field::default()).optional(),
            FormField::new("Passphrase", Field::masked()),
        ])
    }

    #[test]
    fn enter_stops_at_required_fields_only_and_then_submits() {
        let mut form = form();
        assert_eq!(form.act(Action::Primary), FormResult::Stay);
        assert_eq!(form.focus(), 2);
        assert_eq!(form.act(Action::Primary), FormResult::Submit);
    }

    #[test]
    fn the_arrows_stop_at_the_ends_and_tab_goes_round() {
        let mut form = form();
        form.act(Action::Up);
        assert_eq!(form.focus(), 0);
        form.act(Action::PreviousField);
        assert_eq!(form.focus(), 2);
        form.act(Action::Down);
        assert_eq!(form.focus(), 2);
        form.act(Action::NextField);
        assert_eq!(form.focus(), 0);
    }

    #[test]
    fn cancel_changes_no_text() {
        let mut form = form();
        assert_eq!(form.act(Action::Cancel), FormResult::Cancel);
        assert_eq!(form.text(0), "dev");
    }
}
