//! Draws a guide screen.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    Item, Mode, State,
    part::Part,
    values::{self, key_of},
    view::{TextView, shell_title},
};
use crate::{
    domain::{handover::commands::Shell, sap::parameters::JsonStyle},
    keymap::Action,
    model::Session,
    screens::preview,
    ui::{
        Theme,
        hits::Target,
        layout, text,
        widget::{
            json,
            list::{self, Focus},
        },
    },
};

/// An area as high as this has blank lines between its parts.
const AIRY: u16 = 14;
/// The narrowest column for the values in which those of the cockpit do not wrap.
const VALUES: u16 = 45;
/// The narrowest column for the rows in which none of them wraps.
const ROWS: u16 = 68;
/// The width of the JSON next to the values, narrow enough that these do not wrap.
const JSON: u16 = 41;
/// How many rows it may have if there are fewer values.
const JSON_ROWS: u16 = 8;
/// Rows that the JSON leaves for the details of the focused row: a blank one and three lines.
const FEWEST_DETAILS: u16 = 4;
/// An area as high as this has room for a sentence about the page.
const TALL: u16 = 24;

/// JSON in either style.
type Json<'a> = Box<dyn Fn(JsonStyle) -> String + 'a>;

impl State {
    /// Draws the screen.
    pub(super) fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let gap = u16::from(area.height >= AIRY);
        let (tabs, rest) = layout::top(area, 1);
        self.draw_tabs(session, theme, frame, tabs);
        let (_, below) = layout::top(rest, gap);
        match &self.mode {
            Mode::Text(view) => self.draw_text(*view, session, theme, frame, below),
            Mode::Page => self.draw_page(Focus::Here, session, theme, frame, below),
            Mode::Typing(typing) => {
                let remark = |_| typing.remark(session.content.words);
                let rows = typing.form.height(&remark, theme, below.width) + 1;
                let (form, below) = layout::top(below, rows);
                typing.form.draw(&remark, theme, frame, form);
                self.draw_page(Focus::Elsewhere, session, theme, frame, below);
            }
        }
    }

    /// The methods for the part, all of them if there is room.
    fn draw_tabs(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let words = session.content.words;
        let ways: Vec<(&str, bool)> = TextView::ways(self.part.task())
            .into_iter()
            .map(|way| (TextView::title(way, words), way == self.text_view()))
            .collect();
        let next = words.guide().next_choice(key_of(Action::View, session, theme));
        draw_choice(words.guide().with(), &ways, (Action::View, &next), theme, frame, area);
    }

    fn draw_text(&self, view: TextView, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let words = session.content.words.guide();
        let about = view.about(session);
        let (shells, rest) = layout::top(area, u16::from(view.has_shells()));
        let choices = Shell::ALL.map(|shell| (shell_title(shell, session), shell == self.shell));
        let next = words.next_choice(key_of(Action::Toggle, session, theme));
        draw_choice(words.shell(), &choices, (Action::Toggle, &next), theme, frame, shells);
        let about = text::wrap(about, area.width.min(layout::PROSE), theme.text);
        let (above, rest) = layout::top(rest, about.len() as u16);
        list::draw_lines(&about, 0, theme, frame, above);
        let (_, below) = layout::top(rest, u16::from(area.height >= AIRY));
        // The last column is for the scroll marks.
        let width = below.width.saturating_sub(2).max(1);
        let most = self.with_text_lines(view, session, theme, width, |lines| {
            list::draw_lines(lines, self.line.min(usize::from(u16::MAX)) as u16, theme, frame, below)
        });
        self.text_height.set(usize::from(most) + 1);
        frame.set_cursor_position((below.x, below.y));
    }

    fn draw_page(&self, focus: Focus, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let gap = u16::from(area.height >= AIRY);
        let (main, right) = beside_values(area);
        let mut top = self.title(session, theme, main);
        // In the smallest windows the steps come first.
        let room = usize::from(main.height.saturating_sub(4));
        top.truncate(room);
        let (above, mut below) = layout::top(main, top.len() as u16);
        list::draw_lines(&top, 0, theme, frame, above);
        if right.is_none() {
            let (values, rest) = layout::top(below, (room - top.len()) as u16);
            let width = main.width.saturating_sub(1).min(layout::PROSE);
            let rows = self.with_page_lines(session, theme, width, |entries| {
                entries.iter().map(|entry| entry.lines.len()).sum::<usize>() as u16
            });
            // The space left by the heading, all rows and the start of the focused row's details.
            let details = self.details(session, theme, width.saturating_sub(2).max(1)).len() as u16 + 1;
            let details = details.min(FEWEST_DETAILS);
            let spare = below.height.saturating_sub(gap + 1 + rows + details);
            let drawn = self.draw_values_above(spare, session, theme, frame, values);
            below = layout::top(below, (drawn + gap).min(below.height - rest.height)).1;
        }
        let width = main.width.min(layout::PROSE);
        let (heading, below) = layout::top(below, 1);
        let words = session.content.words.guide();
        let (done, all) = self.progress(session);
        let steps = text::beside(words.steps(), theme.title, &words.progress(done, all), theme, width);
        text::draw_line(&steps, heading, frame);
        self.draw_items(focus, session, theme, frame, below);
        if let Some(right) = right {
            self.draw_values(session, theme, frame, right);
        }
    }

    /// The rows, and the focused one in full in the remaining space, or in half of the space if requested.
    fn draw_items(&self, focus: Focus, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let width = area.width.saturating_sub(1).min(layout::PROSE);
        let details = self.details(session, theme, width.saturating_sub(2).max(1));
        self.with_page_lines(session, theme, width, |entries| {
            let rows = entries.iter().map(|entry| entry.lines.len()).sum::<usize>() as u16;
            let wanted = details.len() as u16 + 1;
            let free = area.height.saturating_sub(rows);
            let asked = self.details || matches!(self.focused(session), Some(Item::Trouble(_)));
            let below = match () {
                () if wanted == 1 => 0,
                () if asked => wanted.min(free.max(area.height / 2)),
                () if free >= 2 => wanted.min(free),
                () => 0,
            };
            let unasked = if free >= 2 { wanted.min(free) } else { 0 };
            self.details_matter.set(self.details && below != unasked);
            let (below, above) = layout::bottom(area, below);
            // Close to the rows that it belongs to.
            let below = Rect { y: below.y - above.height.saturating_sub(rows), ..below };
            list::draw(entries, self.focus, focus, theme, frame, above);
            let (_, below) = layout::top(below, 1);
            let below = Rect { x: below.x + 2.min(below.width), width: below.width.saturating_sub(2), ..below };
            list::draw_lines(&details, 0, theme, frame, below);
        });
    }

    /// The title of the page, unless it is the main page of the step, and a sentence about it if there is room.
    fn title(&self, session: &Session, theme: &Theme, area: Rect) -> Vec<Line<'static>> {
        let width = area.width.min(layout::PROSE);
        let page = self.part.pages().last().and_then(|id| session.content.page(id));
        let Some(page) = page else { return Vec::new() };
        let mut lines = Vec::new();
        if !self.part.is_first() {
            let back = session.content.words.guide().esc_back();
            lines.push(text::beside(&page.title, theme.title, back, theme, width));
        }
        if area.height >= TALL {
            let spans = text::styled(&session.values().spans(&page.intro), theme, theme.text);
            lines.extend(text::wrap_spans(&spans, width));
        }
        if !lines.is_empty() && area.height >= AIRY {
            lines.push(Line::default());
        }
        lines
    }

    /// The values and the JSON, next to the rows.
    fn draw_values(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let values = self.value_lines(session, theme, 0, area.width);
        let json = self.json(session);
        let rows = json
            .as_ref()
            .map_or(0, |(_, json)| json::lines(&json(JsonStyle::Compact), theme, area.width).len() as u16 + 1);
        // A blank row only if it takes none from the JSON.
        let gap = u16::from(values.len() as u16 + 1 + rows <= area.height);
        let (above, below) = layout::top(area, values.len() as u16 + gap);
        list::draw_lines(&values, 0, theme, frame, above);
        note_values(&values, self.part, session, theme, above);
        if let Some((heading, json)) = json {
            draw_json(heading, &*json, session, theme, frame, below);
        }
    }

    /// The values above the rows, and the JSON next to them if there is room, with more rows than the values if that
    /// many are `spare`. Returns the height.
    fn draw_values_above(
        &self,
        spare: u16,
        session: &Session,
        theme: &Theme,
        frame: &mut Frame<'_>,
        area: Rect,
    ) -> u16 {
        let right_width = if area.width >= layout::DETAILS { JSON } else { 0 };
        let left_width = if right_width == 0 { area.width } else { area.width - JSON - 2 };
        let values = self.value_lines(session, theme, 2, left_width.min(layout::PROSE));
        let json = self.json(session).filter(|_| right_width > 0);
        let wanted = json.as_ref().map_or(0, |(_, json)| {
            let lines = json::lines(&json(JsonStyle::Compact), theme, right_width).len() as u16;
            (lines + 1).min(JSON_ROWS).min(spare)
        });
        let (above, _) = layout::top(area, wanted.max(values.len() as u16));
        let (left, right) = layout::left(above, left_width);
        list::draw_lines(&values, 0, theme, frame, left);
        note_values(&values, self.part, session, theme, left);
        if let Some((heading, json)) = json {
            draw_json(heading, &*json, session, theme, frame, layout::left(right, 2).1);
        }
        above.height
    }

    /// The title and content of the part's JSON.
    fn json<'a>(&self, session: &'a Session) -> Option<(&'static str, Json<'a>)> {
        let words = session.content.words.guide();
        match self.part {
            Part::Delete => None,
            Part::CreateInstance | Part::UpdateInstance => {
                Some((words.parameters(), Box::new(|style| session.parameters_json(style))))
            }
            Part::CreateKey | Part::RotateKey => {
                Some((words.key_parameters(), Box::new(|style| session.draft.key_parameters.to_json(style))))
            }
        }
    }
}

/// JSON below its heading.
fn draw_json(
    heading: &str,
    json: &dyn Fn(JsonStyle) -> String,
    session: &Session,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let (title, rest) = layout::top(area, 1);
    text::draw_line(&Line::styled(heading, theme.title), title, frame);
    let shown = preview::fitting(json, rest.width, rest.height);
    json::draw(&shown, 0, session.content.words, theme, frame, rest);
}

/// Records where a click copies a value: each line starts with its key.
fn note_values(lines: &[Line<'_>], part: Part, session: &Session, theme: &Theme, area: Rect) {
    let mut values = values::of(part, session).into_iter().map(|value| value.action).peekable();
    for (line, y) in lines.iter().zip(area.y..area.bottom()) {
        let key = line.spans.iter().map(|span| span.content.trim()).find(|text| !text.is_empty());
        let action = values.next_if(|action| key == Some(&*key_of(*action, session, theme)));
        if let Some(action) = action {
            theme.hits.note(Rect { y, height: 1, ..area }, Target::Acts(action, 1));
        }
    }
}

/// The rows and, if neither wraps next to the other, a column for the values.
fn beside_values(area: Rect) -> (Rect, Option<Rect>) {
    if area.width < ROWS + 2 + VALUES {
        return (area, None);
    }
    let main = (area.width - VALUES - 2).min(layout::PROSE + 1);
    let right = Rect { x: area.x + main + 2, width: area.width - main - 2, ..area };
    (Rect { width: main, ..area }, Some(right))
}

/// Choices on one line with the chosen one in brackets, and the key for the next. If there is too little room, only
/// those around the chosen one.
fn draw_choice(
    label: &str,
    choices: &[(&str, bool)],
    (action, remark): (Action, &str),
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    if area.is_empty() {
        return;
    }
    let chosen = choices.iter().position(|(_, chosen)| *chosen).unwrap_or_default();
    let room = usize::from(area.width);
    let widths: Vec<usize> = choices.iter().map(|(title, _)| text::width(title)).collect();
    let needed =
        |from: usize, to: usize, gap: usize| widths[from..to].iter().sum::<usize>() + 2 + gap * (to - from - 1);
    let (mut from, mut to) = (0, choices.len());
    let gap = if needed(from, to, 2) <= room { 2 } else { 1 };
    // Room for a mark at both ends.
    while to - from > 1 && needed(from, to, gap) + 4 * usize::from(to - from < choices.len()) > room {
        if chosen - from > to - 1 - chosen { from += 1 } else { to -= 1 }
    }
    let mut spans = Vec::new();
    let lead = text::width(label) + 2;
    let right = room.min(usize::from(layout::PROSE));
    let remarked = |used: usize| used + text::width(remark) + 2 <= right;
    let whole = needed(from, to, gap);
    // The key is more important than the label.
    if to - from == choices.len() && remarked(whole + lead) {
        spans.push(Span::styled(format!("{label}  "), theme.text));
    }
    if from > 0 {
        spans.push(Span::styled(format!("{} ", theme.glyphs.ellipsis), theme.dim));
    }
    for (at, (title, is_chosen)) in choices.iter().enumerate().take(to).skip(from) {
        if at > from {
            spans.push(Span::raw(" ".repeat(gap)));
        }
        spans.push(match is_chosen {
            true => Span::styled(format!("[{title}]"), theme.accent),
            false => Span::styled((*title).to_owned(), theme.text),
        });
        if at != chosen {
            let (drawn, width) = (spans.iter().map(Span::width).sum::<usize>() as u16, widths[at] as u16);
            let place = Rect { x: area.x + drawn - width, width, height: 1, ..area };
            let times = (at + choices.len() - chosen) % choices.len();
            theme.hits.note(place.intersection(area), Target::Acts(action, times));
        }
    }
    if to < choices.len() {
        spans.push(Span::styled(format!(" {}", theme.glyphs.ellipsis), theme.dim));
    }
    let used: usize = spans.iter().map(Span::width).sum();
    if remarked(used) {
        let free = right - used - text::width(remark);
        spans.push(Span::raw(" ".repeat(free)));
        spans.push(Span::styled(remark.to_owned(), theme.dim));
    }
    text::draw_line(&Line::from(spans), area, frame);
}
