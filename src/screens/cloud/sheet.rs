//! The content of a stage, defined once for drawing and for reading aloud.

use std::time::Duration;

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::{
    domain::{
        cf::{describe, plan::Action as Deed, run::RowState},
        finding::Explained,
    },
    keymap::Action,
    model::{Session, Tone},
    ui::{
        Theme, layout,
        page::{self, Choice, Fact, Page, said},
        text::{self, SEPARATOR},
        widget::{
            finding,
            form::{Form, Remark},
            json,
            list::{self, Entry, Focus},
        },
    },
    words::Words,
};

/// A spinner is not shown before this, so that quick responses do not flicker.
const PATIENCE: Duration = Duration::from_millis(100);
/// The minimum number of visible list rows, however much text is above.
const FEWEST_ROWS: u16 = 4;

/// A part of the content.
#[derive(Clone, Debug)]
pub enum Part {
    /// A heading.
    Title(String),
    /// A sentence.
    Text(String),
    /// A sentence with a tone.
    Marked(Tone, String),
    /// Something to copy exactly, such as a URL.
    Exact(String),
    /// A name and its value.
    Fact(String, String),
    /// Something that will be done.
    Planned(Deed, String),
    /// Details of the part above.
    More(String),
    /// A role that is added or removed.
    Role(bool, String),
    /// A step, its state, and its elapsed time, which is not read aloud.
    Step(RowState, String, String, Option<Duration>),
    /// What is pending, and for how long, which is not read aloud.
    Busy(String, Duration),
    /// When something happens next, which is not read aloud.
    Soon(String),
    /// What happened, why, what to do.
    Found(Explained),
    /// JSON.
    Json(String),
    /// A blank line.
    Blank,
}

/// A row that can have the focus.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its label.
    pub name: String,
    /// Findings about it.
    pub about: String,
    /// Whether it belongs to the row above it.
    pub is_below: bool,
}

impl Row {
    /// A row with a remark.
    pub fn new(name: impl Into<String>, about: impl Into<String>) -> Self {
        Self { name: name.into(), about: about.into(), is_below: false }
    }
}

/// The fields of a form with their remarks.
pub struct Fields<'a> {
    /// The fields.
    pub form: &'a Form,
    /// The remark on a field.
    pub remark: Box<dyn Fn(usize) -> Option<Remark> + 'a>,
}

/// The content of a stage.
#[derive(Default)]
pub struct Sheet<'a> {
    /// First.
    pub above: Vec<Part>,
    /// What can be chosen.
    pub rows: Vec<Row>,
    /// The row with the focus.
    pub focus: usize,
    /// What can be typed.
    pub fields: Option<Fields<'a>>,
    /// Additional details: at the right if there is room, otherwise after `above`.
    pub beside: Vec<Part>,
    /// Details of the focused row: at the right if there is room, otherwise below the rows.
    pub about: Vec<Part>,
}

impl Sheet<'_> {
    /// The sheet as sentences, choices and fields.
    pub fn page(&self, words: Words) -> Page {
        let facts: Vec<Fact> = self.above.iter().flat_map(|part| part.facts(words)).collect();
        let facts: Vec<Fact> = facts.into_iter().chain(self.beside.iter().flat_map(|part| part.facts(words))).collect();
        let details: Vec<Fact> = self.about.iter().flat_map(|part| part.facts(words)).collect();
        let choice = |row: &Row| {
            let text = if row.about.is_empty() { row.name.clone() } else { words.plain().fact(&row.name, &row.about) };
            Choice::new(text, Action::Primary)
        };
        let choices: Vec<Choice> = self.rows.iter().map(choice).collect();
        match &self.fields {
            Some(fields) => {
                let page = fields.form.page(facts, &fields.remark);
                Page { choices, focus: self.focus, details, ..page }
            }
            None if choices.is_empty() => Page::new(facts),
            None => Page { choices, focus: self.focus, details, ..Page::new(facts) },
        }
    }

    /// The sheet as text, for outside the full screen.
    pub fn plain(&self, words: Words) -> String {
        let mut out = String::new();
        for fact in self.above.iter().chain(&self.beside).chain(&self.about).flat_map(|part| part.facts(words)) {
            match fact {
                Fact::Said(_, text) | Fact::Heading(text) | Fact::Text(text) => out.push_str(&format!("{text}\n")),
            }
        }
        for row in &self.rows {
            out.push_str(&format!("  {}  {}\n", row.name, row.about));
        }
        out
    }

    /// The height without what may be in a pane.
    fn height(&self, session: &Session, theme: &Theme, width: u16) -> u16 {
        let above = lines(&self.above, session, theme, width).len() as u16;
        let rows: u16 = entries(&self.rows, theme, width).iter().map(|entry| entry.lines.len() as u16).sum();
        let fields = self.fields.as_ref().map_or(0, |fields| fields.form.height(&fields.remark, theme, width));
        above + rows + fields + u16::from(rows > 0) + u16::from(fields > 0)
    }

    /// Draws it; if it does not fit, `scroll` lines are skipped at the top.
    pub fn draw(&self, scroll: usize, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let has_more = !self.beside.is_empty() || !self.about.is_empty();
        let (mut main, mut pane) = if has_more { with_pane(area) } else { (area, None) };
        let prose = |main: Rect| main.width.saturating_sub(1).min(layout::PROSE);
        // Content that does not fit next to a pane gets the full width.
        if pane.is_some() && self.height(session, theme, prose(main)) > main.height {
            (main, pane) = (area, None);
        }
        let width = prose(main);
        let scroll = scroll.min(usize::from(u16::MAX)) as u16;
        let mut above = lines(&self.above, session, theme, width);
        match pane {
            Some(pane) => {
                let more = [lines_of(&self.about), lines_of(&self.beside)].concat();
                let more = lines(&more, session, theme, pane.width.saturating_sub(1));
                list::draw_lines(&more, scroll, theme, frame, pane);
            }
            None if !self.beside.is_empty() => {
                above.push(Line::default());
                above.extend(lines(&self.beside, session, theme, width));
            }
            None => {}
        }
        if self.rows.is_empty() && self.fields.is_none() {
            list::draw_lines(&above, scroll, theme, frame, main);
            frame.set_cursor_position((main.x, main.y));
            return;
        }
        if !above.is_empty() {
            above.push(Line::default());
        }
        let entries = entries(&self.rows, theme, width);
        let rows: u16 = entries.iter().map(|entry| entry.lines.len() as u16).sum();
        let fields = self.fields.as_ref().map_or(0, |fields| fields.form.height(&fields.remark, theme, width));
        let gap = u16::from(rows > 0 && fields > 0);
        let wanted = (rows.min(FEWEST_ROWS.max(main.height / 2)) + fields + gap).min(main.height);
        let (top, rest) = layout::top(main, (above.len() as u16).min(main.height - wanted));
        // A blank line before the rows, even if the text does not fit completely.
        let (text, _) = layout::top(top, if top.height > 3 { top.height - 1 } else { top.height });
        above.truncate(above.len().saturating_sub(usize::from(text.height < top.height)));
        list::draw_lines(&above, scroll, theme, frame, text);
        let (form, rest) = layout::top(rest, if rows > 0 { fields } else { rest.height });
        if let Some(fields) = &self.fields {
            fields.form.draw(&fields.remark, theme, frame, Rect { width: form.width.min(layout::PROSE), ..form });
        }
        let (_, rest) = layout::top(rest, gap);
        let (rows, rest) = layout::top(rest, rows);
        let is_typing = self.fields.as_ref().is_some_and(|fields| fields.form.in_field());
        let focus = if is_typing { Focus::Elsewhere } else { Focus::Here };
        list::draw(&entries, self.focus, focus, theme, frame, rows);
        if pane.is_none() && !self.about.is_empty() {
            let (_, rest) = layout::top(rest, 1);
            list::draw_lines(&lines(&self.about, session, theme, width), 0, theme, frame, rest);
        }
    }
}

/// The narrowest pane: the longest role in JSON, its comma, and a column for the scroll mark.
const PANE: u16 = 41;

/// Enough columns for any remark next to a name, and the minimum for a short one.
const ENOUGH: u16 = 44;
const FEW: u16 = 24;

/// Divides an area into the main content and a pane for details, if there is room for one.
fn with_pane(area: Rect) -> (Rect, Option<Rect>) {
    if area.width < layout::DETAILS {
        return (area, None);
    }
    let pane = PANE.max(area.width * 2 / 5);
    let (main, rest) = layout::left(area, area.width - pane - 2);
    (main, Some(layout::left(rest, 2).1))
}

/// Parts with a blank line after them, if there are any.
fn lines_of(parts: &[Part]) -> Vec<Part> {
    if parts.is_empty() { Vec::new() } else { [parts, &[Part::Blank]].concat() }
}

/// The rows: names in a column, remarks next to them.
fn entries(rows: &[Row], theme: &Theme, width: u16) -> Vec<Entry> {
    let indent = |row: &Row| if row.is_below { 4 } else { 2 };
    let widest = |row: &Row| text::width(&row.name) as u16 + indent(row);
    let column = rows.iter().map(widest).max().unwrap_or_default();
    // If too little room is left for the remarks, they go below the names.
    let room = width.saturating_sub(column + 2);
    let is_short = |row: &Row| text::wrap(&row.about, room.max(1), theme.text).len() <= 2;
    let is_beside = room >= ENOUGH || room >= FEW && rows.iter().all(is_short);
    let entry = |row: &Row| {
        let lead = format!("{}{}", " ".repeat(usize::from(indent(row))), row.name);
        if row.about.is_empty() {
            let columns = text::width(&lead) as u16 + 1;
            return Entry::item(vec![Line::styled(text::truncate(&lead, width, theme.glyphs.ellipsis), theme.value)])
                .with_bar(columns);
        }
        if is_beside {
            let columns = column + 1;
            let lead = text::pad(&lead, columns, "");
            let about = [(row.about.clone(), theme.text)];
            return Entry::item(text::wrap_indented(&lead, theme.value, &about, width)).with_bar(columns);
        }
        let columns = text::width(&lead) as u16 + 1;
        let mut lines = vec![Line::styled(text::truncate(&lead, width, theme.glyphs.ellipsis), theme.value)];
        let blank = " ".repeat(usize::from(indent(row)) + 1);
        lines.extend(text::wrap_indented(&blank, theme.text, &[(row.about.clone(), theme.text)], width));
        Entry::item(lines).with_bar(columns)
    };
    rows.iter().map(entry).collect()
}

fn lines(parts: &[Part], session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let of_fact = |part: &Part| matches!(part, Part::Fact(..));
    let mut out = Vec::new();
    // The values of consecutive facts are aligned in a column.
    for group in parts.chunk_by(|one, other| of_fact(one) && of_fact(other)) {
        let label = |part: &Part| if let Part::Fact(label, _) = part { text::width(label) } else { 0 };
        let column = group.iter().map(label).max().unwrap_or_default() as u16;
        for part in group {
            match part {
                Part::Fact(label, value) if column + 24 <= width => {
                    let lead = text::pad(label, column + 1, "");
                    out.extend(text::wrap_indented(&lead, theme.title, &[(value.clone(), theme.text)], width));
                }
                part => out.extend(part.lines(session, theme, width)),
            }
        }
    }
    // Never more than one blank line in a row, and none at the start or end.
    out.dedup_by(|line, before| line.width() == 0 && before.width() == 0);
    out.pop_if(|last| last.width() == 0);
    out
}

impl Part {
    fn facts(&self, words: Words) -> Vec<Fact> {
        match self {
            Part::Title(text) => vec![Fact::Heading(text.clone())],
            Part::Text(text) | Part::More(text) | Part::Busy(text, _) => vec![said(text)],
            Part::Marked(tone, text) => vec![Fact::Said(Some(*tone), text.clone())],
            Part::Exact(text) | Part::Json(text) => vec![Fact::Text(text.clone())],
            Part::Fact(label, value) => vec![page::fact(label, value, words)],
            Part::Planned(deed, text) => vec![said(format!("{} {text}", describe::sign(*deed)))],
            Part::Role(is_added, role) => vec![said(format!("{}{role}", if *is_added { "+" } else { "-" }))],
            Part::Step(_, name, state, _) => vec![page::fact(name, state, words)],
            Part::Found(found) => page::findings(std::slice::from_ref(found), words),
            Part::Soon(_) | Part::Blank => Vec::new(),
        }
    }

    fn lines(&self, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let glyphs = theme.glyphs;
        match self {
            Part::Title(text) => text::wrap(text, width, theme.title),
            Part::Text(text) => text::wrap(text, width, theme.text),
            Part::Marked(tone, text) => {
                let (mark, style) = match tone {
                    Tone::Good => (glyphs.good, theme.good),
                    Tone::Note => (glyphs.idle, theme.dim),
                    Tone::Warning => (glyphs.warning, theme.warning),
                    Tone::Error => (glyphs.bad, theme.bad),
                };
                text::wrap_bullet(mark, style, text, theme.text, width)
            }
            Part::Exact(text) => {
                let lines = text::wrap_exact(text, width.saturating_sub(2));
                lines
                    .into_iter()
                    .map(|line| Line::from(vec![Span::raw("  "), Span::styled(line, theme.value)]))
                    .collect()
            }
            Part::Fact(label, value) => {
                text::wrap_spans(&[(format!("{label} "), theme.title), (value.clone(), theme.text)], width)
            }
            Part::Planned(deed, text) => {
                let style = deed_style(*deed, theme);
                text::wrap_bullet(describe::sign(*deed), style, text, theme.value, width)
            }
            Part::More(text) | Part::Soon(text) => {
                text::wrap_indented(" ", theme.text, &[(text.clone(), theme.text)], width)
            }
            Part::Role(is_added, role) => {
                let (sign, style) = if *is_added { ("    +", theme.good) } else { ("    -", theme.bad) };
                text::wrap_bullet(sign, style, role, theme.text, width)
            }
            Part::Step(state, name, said, elapsed) => {
                let elapsed = elapsed.map(|elapsed| session.content.words.cloud().seconds(elapsed.as_secs()));
                // Its mark already shows that it has not started.
                let said = if *state == RowState::Waiting { "" } else { said };
                let said = text::facts([said, elapsed.as_deref().unwrap_or_default()]);
                step(*state, name, &said, session, theme, width)
            }
            Part::Busy(text, elapsed) => {
                let seconds = elapsed.as_secs();
                let text = if seconds == 0 { text.clone() } else { session.content.words.cloud().busy(text, seconds) };
                text::wrap_bullet(spinner(session, theme), theme.accent, &text, theme.title, width)
            }
            Part::Found(found) => finding::all_lines(std::slice::from_ref(found), session.content.words, theme, width),
            Part::Json(text) => json::lines(text, theme, width),
            Part::Blank => vec![Line::default()],
        }
    }
}

/// The state of a step: its name in a column, and its message next to it.
fn step(state: RowState, name: &str, said: &str, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let glyphs = theme.glyphs;
    let (mark, style) = match state {
        RowState::Waiting => (glyphs.idle, theme.dim),
        RowState::Running => (spinner(session, theme), theme.accent),
        RowState::Done => (glyphs.good, theme.good),
        RowState::Failed => (glyphs.bad, theme.bad),
        RowState::Stopped => (glyphs.warning, theme.warning),
    };
    let mark = Span::styled(format!("{} ", glyphs.in_column(mark)), style);
    let named = if state == RowState::Waiting { theme.text } else { theme.value };
    let indent = mark.width() as u16;
    let room = width.saturating_sub(indent);
    let (named, said) = ((name.to_owned(), named), (said.to_owned(), theme.text));
    let separator = (format!(" {SEPARATOR} "), theme.text);
    // The message stays in one piece.
    let lines = if said.0.is_empty() {
        text::wrap_spans(&[named], room)
    } else if text::width(&named.0) + text::width(&separator.0) + text::width(&said.0) <= usize::from(room) {
        text::wrap_spans(&[named, separator, said], room)
    } else {
        [text::wrap_spans(&[named], room), text::wrap_spans(&[said], room)].concat()
    };
    let blank = Span::raw(" ".repeat(usize::from(indent)));
    let with_mark = |(at, line): (usize, Line<'static>)| {
        let lead = if at == 0 { mark.clone() } else { blank.clone() };
        Line::from_iter(std::iter::once(lead).chain(line.spans))
    };
    lines.into_iter().enumerate().map(with_mark).collect()
}

fn spinner(session: &Session, theme: &Theme) -> &'static str {
    let since = session.cloud_waits_since().unwrap_or(session.now.since_start);
    let elapsed = session.now.since_start.saturating_sub(since);
    let turns = (session.now.since_start.as_millis() / 120) as usize % theme.glyphs.spinner.len();
    if session.around.motion && elapsed >= PATIENCE { theme.glyphs.spinner[turns] } else { theme.glyphs.bullet }
}

fn deed_style(deed: Deed, theme: &Theme) -> Style {
    match deed {
        Deed::Create => theme.good,
        Deed::Use => theme.text,
        Deed::Update => theme.warning,
        Deed::Delete => theme.bad,
    }
}
