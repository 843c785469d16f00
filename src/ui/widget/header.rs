//! The first row: program, step, and at the right what is being worked on.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::ui::{text, theme::Theme};

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
pub fn draw(header: &Header, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let number = header.step.map_or_else(|| "  ".to_owned(), |(number, of)| format!("  {number} of {of}  "));
    let before = vec![Span::raw(" "), Span::styled("cpikey", theme.accent), Span::styled(number, theme.dim)];
    let used: usize = before.iter().map(|span| text::width(&span.content)).sum();
    let practice = if header.practice { 11 } else { 0 };
    let room = (area.width as usize).saturating_sub(used + practice + 3);
    let title = header.title.clone();
    let countdown = countdown(header, room, text::width(&title));
    // A title is known without its end; how long a secret lies open is not.
    let room = room.saturating_sub(countdown.as_ref().map_or(0, |words| words.len() + 2));
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
        right.push(Span::styled(" PRACTICE ", theme.practice));
    }
    right.push(Span::raw(" "));
    frame.render_widget(
        Line::from(right).right_aligned(),
        Rect { x: area.x + area.width / 4, width: area.width - area.width / 4, ..area },
    );
}

/// The words of the countdown: long beside the title, else short, else (below 40 columns or so) none.
fn countdown(header: &Header, room: usize, title: usize) -> Option<String> {
    let seconds = header.countdown?;
    let long = format!("secret in clipboard: {seconds} s");
    let short = format!("secret: {seconds} s");
    if title + long.len() + 2 <= room { Some(long) } else { (short.len() + 2 <= room).then_some(short) }
}
