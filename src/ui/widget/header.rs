//! The first row: program, step, and the current objects at the right.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    ui::{text, theme::Theme},
    words::{WidgetsLabels, Words},
};

/// The content of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Title of the screen.
    pub title: String,
    /// The current objects, each with its priority if there is little room: 0 is dropped last.
    pub status: Vec<(u8, String)>,
    /// On the practice tenant.
    pub practice: bool,
    /// While the system clipboard contains a secret: the seconds until it is cleared.
    pub countdown: Option<u64>,
}

/// Draws the header.
pub fn draw(header: &Header, words: Words, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let labels = words.widgets();
    let before = vec![Span::raw(" "), Span::styled("cpikey", theme.accent), Span::raw("  ")];
    let used: usize = before.iter().map(|span| text::width(&span.content)).sum();
    let practice = if header.practice { text::width(labels.practice()) + 3 } else { 0 };
    let room = (area.width as usize).saturating_sub(used + practice + 3);
    let title = header.title.clone();
    let countdown = countdown(header, labels, room, text::width(&title));
    // A truncated title is still understood; a missing countdown is not.
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
    right.push(Span::styled(status(&header.status, room), theme.text));
    if header.practice {
        right.push(Span::raw(" "));
        right.push(Span::styled(format!(" {} ", labels.practice()), theme.practice));
    }
    right.push(Span::raw(" "));
    let right = Line::from(right);
    let columns = (right.width() as u16).min(area.width);
    text::draw_line(&right, Rect { x: area.right() - columns, width: columns, ..area }, frame);
}

/// As many whole parts of the status as fit into `room` columns.
fn status(parts: &[(u8, String)], room: usize) -> String {
    let last = parts.iter().map(|(rank, _)| *rank).max().unwrap_or_default();
    let separator = format!(" {} ", text::SEPARATOR);
    (0..=last)
        .rev()
        .map(|most| {
            let shown = parts.iter().filter(|(rank, _)| *rank <= most).map(|(_, text)| text.as_str());
            shown.collect::<Vec<_>>().join(&separator)
        })
        .find(|line| text::width(line) <= room)
        .unwrap_or_default()
}

/// The text of the countdown: long next to the title, otherwise short, otherwise (below about 40 columns) none.
fn countdown(header: &Header, labels: WidgetsLabels, room: usize, title: usize) -> Option<String> {
    let seconds = header.countdown?;
    let (long, short) = (labels.secret_in_clipboard(seconds), labels.secret_in_clipboard_short(seconds));
    let fits = |text: &str, beside: usize| beside + text::width(text) + 2 <= room;
    if fits(&long, title) { Some(long) } else { fits(&short, 0).then_some(short) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_status_are_whole_or_not_there() {
        let parts = [(0, "My_Access"), (2, "api"), (1, "eu10")].map(|(rank, text)| (rank, text.to_owned()));
        assert_eq!(status(&parts, 22), "My_Access · api · eu10");
        assert_eq!(status(&parts, 21), "My_Access · eu10");
        assert_eq!(status(&parts, 15), "My_Access");
        assert_eq!(status(&parts, 8), "");
        assert_eq!(status(&[], 8), "");
    }
}
