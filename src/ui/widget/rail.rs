//! The steps, in a column or on one line.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::ui::{text, theme::Theme};

/// The state of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Finished.
    Done,
    /// Finished, but something changed since.
    Attention,
    /// On the screen.
    Current,
    /// May be entered.
    Open,
    /// Not yet.
    Locked,
}

/// A step as the rail shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RailStep {
    /// One word or two.
    pub name: String,
    /// Its state.
    pub state: StepState,
}

fn look(state: StepState, theme: &Theme) -> (&'static str, Style) {
    let glyphs = theme.glyphs;
    match state {
        StepState::Done => (glyphs.good, theme.text),
        StepState::Attention => (glyphs.warning, theme.warning),
        StepState::Current => (glyphs.cursor, theme.accent),
        StepState::Open => (" ", theme.text),
        StepState::Locked => (" ", theme.dim),
    }
}

/// Draws the steps in a column.
pub fn draw_column(steps: &[RailStep], theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    for (index, step) in steps.iter().enumerate().take(area.height as usize) {
        let (mark, style) = look(step.state, theme);
        let mark_style = if step.state == StepState::Done { theme.good } else { style };
        let name = text::truncate(&step.name, area.width.saturating_sub(6), theme.glyphs.ellipsis);
        let line = Line::from(vec![
            Span::raw(" "),
            Span::styled(mark, mark_style),
            Span::styled(format!(" {} ", index + 1), theme.dim),
            Span::styled(name, style),
        ]);
        text::draw_line(&line, Rect { y: area.y + index as u16, height: 1, ..area }, frame);
    }
}

/// Draws the steps on one line: all with their names if they fit, else marks and the name of the current one.
pub fn draw_line(steps: &[RailStep], theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let named = steps.iter().map(|step| text::width(&step.name) + 3).sum::<usize>() <= area.width as usize;
    let mut spans = vec![Span::raw(" ")];
    for (index, step) in steps.iter().enumerate() {
        let (mark, style) = look(step.state, theme);
        let mark_style = if step.state == StepState::Done { theme.good } else { style };
        let number = (index + 1).to_string();
        let shown = if mark == " " || step.state == StepState::Current { number.as_str() } else { mark };
        spans.push(Span::styled(shown.to_owned(), mark_style));
        if named || step.state == StepState::Current {
            spans.push(Span::styled(format!(" {}", step.name), style));
        }
        spans.push(Span::raw(if named { " " } else { "  " }));
    }
    text::draw_line(&Line::from(spans), area, frame);
}
