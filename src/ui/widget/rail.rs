//! The steps, in a column or on one line.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::ui::{hits::Target, text, theme::Theme};

/// The state of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Finished.
    Done,
    /// Finished, but something has changed since.
    Attention,
    /// On the screen.
    Current,
    /// Visited or skipped, and not finished.
    Visited,
    /// Not yet.
    Locked,
}

/// A step as the rail shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RailStep {
    /// One word.
    pub name: String,
    /// Its state.
    pub state: StepState,
}

impl RailStep {
    fn mark<'a>(&self, theme: &Theme) -> Span<'a> {
        let glyphs = theme.glyphs;
        match self.state {
            StepState::Done => Span::styled(glyphs.done, theme.good),
            StepState::Attention => Span::styled(glyphs.warning, theme.warning),
            StepState::Current => Span::styled(glyphs.cursor, theme.accent),
            StepState::Visited => Span::styled(glyphs.idle, theme.text),
            StepState::Locked => Span::raw(" "),
        }
    }

    fn style(&self, theme: &Theme) -> Style {
        match self.state {
            StepState::Current => theme.accent,
            StepState::Done | StepState::Attention | StepState::Visited => theme.text,
            StepState::Locked => theme.dim,
        }
    }
}

/// Draws the steps in a column.
pub fn draw_column(steps: &[RailStep], theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    for ((index, step), y) in steps.iter().enumerate().zip(area.y..area.bottom()) {
        theme.hits.note(Rect { y, height: 1, ..area }, Target::Step(index as u8 + 1));
        let name = text::truncate(&step.name, area.width.saturating_sub(6), theme.glyphs.ellipsis);
        let name = Span::styled(format!(" {} {name}", index + 1), step.style(theme));
        text::draw_line(
            &Line::from(vec![Span::raw(" "), step.mark(theme), name]),
            Rect { y, height: 1, ..area },
            frame,
        );
    }
}

/// Draws the steps on one line: with space between the names, without, or only the name of the current step. The number
/// is always shown, because it is the key for the step.
pub fn draw_line(steps: &[RailStep], theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let names: usize = steps.iter().map(|step| text::width(&step.name)).sum();
    // A mark, a number, a blank, the name and a blank; the last blank may be dropped.
    let roomy = names + 4 * steps.len();
    let fits = |columns: usize| columns <= usize::from(area.width) + 1;
    let is_tight = !fits(roomy + 1) && fits(roomy - steps.len());
    let mut spans = vec![Span::raw(if is_tight { "" } else { " " })];
    for (index, step) in steps.iter().enumerate() {
        let start: usize = spans.iter().map(Span::width).sum();
        let number = (index + 1).to_string();
        let style = step.style(theme);
        let (mark, text) = (step.mark(theme), |text: String| Span::styled(text, style));
        if fits(roomy) {
            spans.extend([mark, text(format!("{number} {}", step.name)), Span::raw(" ")]);
        } else if fits(roomy - steps.len()) {
            spans.extend([text(number), mark, text(step.name.clone()), Span::raw(" ")]);
        } else if step.state == StepState::Current {
            spans.extend([mark, text(format!("{number} {}", step.name)), Span::raw("  ")]);
        } else {
            spans.extend([mark, text(number), Span::raw(" ")]);
        }
        let end: usize = spans.iter().map(Span::width).sum();
        let place = Rect { x: area.x + start as u16, width: (end - start) as u16, ..area };
        theme.hits.note(place.intersection(area), Target::Step(index as u8 + 1));
    }
    text::draw_line(&Line::from(spans), area, frame);
}

#[cfg(test)]
mod tests {
    use ratatui::{Terminal, backend::TestBackend};

    use super::*;
    use crate::ui::theme::Palette;

    fn drawn(width: u16) -> String {
        let state = |index: usize| match index {
            3 => StepState::Current,
            4.. => StepState::Locked,
            1 => StepState::Visited,
            _ => StepState::Done,
        };
        let names = ["Purpose", "Plan", "Name", "Roles", "Create", "Key", "Fill", "Test", "Finish"];
        let steps: Vec<RailStep> = names
            .iter()
            .enumerate()
            .map(|(index, name)| RailStep { name: (*name).to_owned(), state: state(index) })
            .collect();
        let theme = Theme::new(Palette::Mono, true);
        let mut terminal = Terminal::new(TestBackend::new(width, 1)).unwrap();
        terminal.draw(|frame| draw_line(&steps, &theme, frame, frame.area())).unwrap();
        terminal.backend().buffer().content.iter().map(|cell| cell.symbol()).collect()
    }

    #[test]
    fn all_names_are_there_from_70_columns_and_all_numbers_always() {
        assert_eq!(drawn(40).trim_end(), " ✓1 ·2 ✓3 ›4 Roles   5  6  7  8  9");
        assert_eq!(drawn(70).trim_end(), "1✓Purpose 2·Plan 3✓Name 4›Roles 5 Create 6 Key 7 Fill 8 Test 9 Finish");
        assert_eq!(
            drawn(80).trim_end(),
            " ✓1 Purpose ·2 Plan ✓3 Name ›4 Roles  5 Create  6 Key  7 Fill  8 Test  9 Finish"
        );
        for width in 69..100 {
            assert!(drawn(width).trim_end().ends_with("Finish"), "{width}");
        }
    }
}
