//! The JSON as text to edit. Each change that is valid goes into the draft; while it is not, the draft stays as it was.
//!
//! The text, its cursor and its history outlive a visit to the list. A change made in the list comes in as one more edit,
//! so that undo leads back to what was typed.

use crossterm::event::KeyEvent;
use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::Style,
    text::Line,
};
use tui_textarea::{CursorMove, Input, Key, TextArea};

use crate::{
    domain::{
        sap::{
            parameters::{InstanceParameters, JsonStyle, ParameterProblem},
            plan::PlanId,
        },
        text::safe_text::SafeText,
    },
    model::{Pasted, Session},
    ui::{Theme, layout, text, widget::list},
    words::Words,
};

/// More than the parameters of all roles need, and few enough to be judged at each key.
const LIMIT: usize = 16 * 1024;

/// The text area and what is wrong with its text.
#[derive(Debug)]
pub struct Editor {
    area: TextArea<'static>,
    problems: Vec<ParameterProblem>,
    /// The draft as the text last saw it.
    seen: InstanceParameters,
    /// The plan to which the roles in the text belong, where it is not the draft's.
    other_plan: Option<PlanId>,
}

impl Editor {
    /// The draft's JSON with the cursor at its start.
    pub fn open(session: &mut Session) -> Self {
        let json = session.parameters_json(JsonStyle::Pretty);
        let mut area = TextArea::new(json.lines().map(str::to_owned).collect());
        area.set_cursor_line_style(Style::new());
        let seen = session.draft.parameters.clone();
        let mut editor = Self { area, problems: Vec::new(), seen, other_plan: None };
        editor.judge(session);
        editor
    }

    /// Comes back to the text. Where the draft was changed elsewhere, its JSON takes the place of the text, the cursor
    /// staying where it is.
    pub fn resume(&mut self, session: &mut Session) {
        if self.seen != session.draft.parameters {
            let cursor = self.area.cursor();
            self.put(&session.parameters_json(JsonStyle::Pretty));
            self.area.move_cursor(CursorMove::Jump(clamped(cursor.0), clamped(cursor.1)));
        }
        self.judge(session);
    }

    /// Judges the text again, after the plan became another one.
    pub fn plan_changed(&mut self, session: &mut Session) {
        self.changed(session);
    }

    /// Looks at the text without taking it over.
    fn judge(&mut self, session: &Session) -> Option<InstanceParameters> {
        let text = self.area.lines().join("\n");
        let catalogue = &session.content.catalogue;
        let reading = InstanceParameters::examine(&text, Some(session.draft.parameters.plan), catalogue);
        let parameters = reading.parameters;
        self.problems = reading.problems;
        self.other_plan = parameters.as_ref().and_then(|parameters| parameters.other_plan(catalogue));
        self.seen = session.draft.parameters.clone();
        parameters
    }

    fn changed(&mut self, session: &mut Session) {
        let parameters = self.judge(session);
        if let Some(parameters) = parameters
            && !self.problems.iter().any(ParameterProblem::is_error)
        {
            session.draft.parameters = parameters;
            self.seen = session.draft.parameters.clone();
        }
    }

    /// The first thing that the broker would refuse.
    pub fn first_error(&self, words: Words) -> Option<String> {
        self.problems.iter().find(|problem| problem.is_error()).map(|problem| match problem.position {
            Some(position) => {
                format!("{}: {}", position.shown(words), problem.explain(words).what.trim_end_matches('.'))
            }
            None => problem.explain(words).what.trim_end_matches('.').to_owned(),
        })
    }

    /// The plan to which the roles in the text belong, where it is not the draft's.
    pub fn other_plan(&self) -> Option<PlanId> {
        self.other_plan
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent, session: &mut Session) {
        let input = Input::from(key);
        let movement = match &input {
            Input { key: Key::Left, ctrl, .. } => Some(if *ctrl { CursorMove::WordBack } else { CursorMove::Back }),
            Input { key: Key::Right, ctrl, .. } => {
                Some(if *ctrl { CursorMove::WordForward } else { CursorMove::Forward })
            }
            Input { key: Key::Up, .. } => Some(CursorMove::Up),
            Input { key: Key::Down, .. } => Some(CursorMove::Down),
            Input { key: Key::Home, .. } => Some(CursorMove::Head),
            Input { key: Key::End, .. } => Some(CursorMove::End),
            _ => None,
        };
        if let Some(movement) = movement {
            self.area.move_cursor(movement);
            return;
        }
        let modified = match input {
            Input { key: Key::Char('u'), ctrl: true, .. } => self.area.undo(),
            Input { key: Key::Char('r'), ctrl: true, .. } => self.area.redo(),
            Input { key: Key::Char('k'), ctrl: true, .. } => self.area.delete_line_by_end(),
            Input { key: Key::Tab, .. } => self.area.insert_str("  "),
            input => self.area.input_without_shortcuts(input),
        };
        if modified {
            self.changed(session);
        }
    }

    /// Inserts pasted text at the cursor.
    pub fn paste(&mut self, text: &Pasted, session: &mut Session) {
        self.area.insert_str(harmless(&text.text()));
        self.changed(session);
    }

    /// Puts pasted text in place of everything: the parameters of an instance that exists, perhaps with lines around.
    pub fn replace(&mut self, text: &Pasted, session: &mut Session) {
        let plan = Some(session.draft.parameters.plan);
        let reading = InstanceParameters::examine(&text.text(), plan, &session.content.catalogue);
        // Without what was around them; a text that cannot be read stays as it is, to be corrected.
        match reading.json.filter(|_| !reading.removed.is_empty()) {
            Some(json) => self.put(&harmless(&json)),
            None => self.put(&harmless(&text.text())),
        }
        self.changed(session);
    }

    fn put(&mut self, text: &str) {
        self.area.select_all();
        self.area.insert_str(text);
    }

    /// The problem to show: that of the line with the cursor, else the first.
    fn problem(&self) -> Option<&ParameterProblem> {
        let line = self.area.cursor().0 + 1;
        let here = self.problems.iter().find(|problem| problem.position.is_some_and(|at| at.line == line));
        here.or(self.problems.first())
    }

    /// Draws the text with its faulty lines underlined, and one problem and its place below.
    pub fn draw(&self, words: Words, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let mut below: Vec<Line<'static>> = Vec::new();
        if let Some(problem) = self.problem() {
            let (style, mark) = theme.severity(problem.severity());
            let said = problem.explain(words);
            let place = problem.position.map(|position| format!("{}: ", position.shown(words))).unwrap_or_default();
            // The reason is the first to go where rows are few.
            let why = if area.height >= 14 { format!(" {}", said.why) } else { String::new() };
            let text_below = format!("{place}{}{why} {}", said.what, said.fix);
            below = text::wrap_bullet(mark, style, &text_below, theme.text, area.width);
            let others = self.problems.len() - 1;
            if others > 0 {
                let words = format!("{others} more in the text.");
                below.extend(text::wrap_bullet(theme.glyphs.idle, theme.dim, &words, theme.dim, area.width));
            }
        }
        below.truncate((area.height / 2) as usize);
        let (note, text_area) = layout::bottom(area, below.len() as u16);
        frame.render_widget(&self.area, text_area);
        list::draw_lines(&below, 0, theme, frame, note);
        let (top, left) = self.area.scroll_offset();
        self.underline(top, left, theme, frame, text_area);
        let cursor = self.area.screen_cursor();
        let x = text_area.x + (cursor.col as u16).saturating_sub(left);
        let y = text_area.y + (cursor.row as u16).saturating_sub(top);
        if text_area.contains(Position::new(x, y)) {
            frame.set_cursor_position(Position::new(x, y));
        }
    }

    fn underline(&self, top: u16, left: u16, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        for problem in self.problems.iter().rev() {
            let Some(row) = problem.position.map(|position| position.line - 1) else { continue };
            let Some(line) = self.area.lines().get(row) else { continue };
            let y = area.y + clamped(row).saturating_sub(top);
            if clamped(row) < top || y >= area.bottom() {
                continue;
            }
            let indent = line.chars().take_while(|c| c.is_whitespace()).count();
            let from = clamped(indent).saturating_sub(left).min(area.width);
            let to = clamped(line.trim_end().chars().count()).saturating_sub(left).clamp(from, area.width);
            let style = theme.severity(problem.severity()).0.underlined();
            frame.buffer_mut().set_style(Rect { x: area.x + from, y, width: to - from, height: 1 }, style);
        }
    }
}

fn clamped(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// Pasted text line by line without control characters.
fn harmless(text: &str) -> String {
    let cut: String = text.chars().take(LIMIT).collect();
    let lines: Vec<String> = cut
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\t', "  ")
        .lines()
        .map(|line| SafeText::capped(line, LIMIT).as_str().to_owned())
        .collect();
    lines.join("\n")
}
