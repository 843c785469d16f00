//! The first row: program, step, and at the right what is being worked on.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    ui::{text, theme::Theme},
    words::{WidgetsLabels, Words},
};

/// What the header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Number of the step from 1, and how many steps there are; `None` beside the route.
    pub step: Option<(usize, usize)>,
    /// Title of the screen.
    pub title: String,
    /// What is being worked on: instance, region, plan.
    pub status: String,
    /// On the practice tenant.
    pub practice: bool,
    /// While the system's clipboard holds a secret: how many seconds until it is taken out.
    pub countdown: Option<u64>,
}

/// Draws the header.
pub fn draw(header: &Header, words: Words, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let labels = words.widgets();
    let number = header.step.map_or_else(String::new, |(number, of)| format!("  {}", labels.step_of(number, of)));
    let number = format!("{number}  ");
    let before = vec![Span::raw(" "), Span::styled("cpikey", theme.accent), Span::styled(number, theme.dim)];
    let used: usize = before.iter().map(|span| text::width(&span.content)).sum();
    let practice = if header.practice { text::width(labels.practice()) + 3 } else { 0 };
    let room = (area.width as usize).saturating_sub(used + practice + 3);
    let title = header.title.clone();
    let countdown = countdown(header, labels, room, text::width(&title));
    // A title is known without its end; how long a secret stays visible is not.
    let room = room.saturating_sub(countdown.as_ref().map_or(0, |words| text::width(words) + 2));
    let title = if countdown.is_some() { text::truncate(&title, room as u16, theme.glyphs.ellipsis) } else { title };
    let room = room.saturating_sub(text::width(&title));
    let mut left = before;
    left.push(Span::styled(title, theme.title));
    text::draw_line(&Line::from(left), area, frame);

    let mut right = Vec::new();
    if let Some(words) = countdown {
        right.push(Span::styled(words, theme.warning));
        right.push(Span::raw("  "));
    }
    if room >= 8 {
        right.push(Span::styled(text::truncate(&header.status, room as u16, theme.glyphs.ellipsis), theme.dim));
    }
    if header.practice {
        right.push(Span::raw(" "));
        right.push(Span::styled(format!(" {} ", labels.practice()), theme.practice));
    }
    right.push(Span::raw(" "));
    frame.render_widget(
        Line::from(right).right_aligned(),
        Rect { x: area.x + area.width / 4, width: area.width - area.width / 4, ..area },
    );
}

/// The words of the countdown: long beside the title, else short, else (below 40 columns or so) none.
fn countdown(header: &Header, labels: WidgetsLabels, room: usize, title: usize) -> Option<String> {
    let seconds = header.countdown?;
    let (long, short) = (labels.secret_in_clipboard(seconds), labels.secret_in_clipboard_short(seconds));
    let fits = |text: &str, beside: usize| beside + text::width(text) + 2 <= room;
    if fits(&long, title) { Some(long) } else { fits(&short, 0).then_some(short) }
}
