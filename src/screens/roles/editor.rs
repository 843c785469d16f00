//! The JSON as text to edit. A valid change goes into the draft; while the text is invalid, the draft does not change.
//!
//! Text, cursor and history are preserved while the list is shown. A change made in the list becomes one more edit, so
//! undo returns to what was typed.

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
    ui::{
        Theme, layout, text,
        widget::{json, list},
    },
    words::{Explanation, Words},
};

/// The maximum length in characters: more than the parameters of all roles need, and short enough to be checked on
/// every key press.
pub const LIMIT: usize = 16 * 1024;

/// The text area and the problems of its text.
#[derive(Debug, Default)]
pub struct Editor {
    area: TextArea<'static>,
    problems: Vec<ParameterProblem>,
    /// The draft when it was last compared with the text; none until the editor is opened.
    seen: Option<InstanceParameters>,
    /// The plan that the roles in the text belong to, if it is not the draft's.
    other_plan: Option<PlanId>,
}

impl Editor {
    /// Reopens it. If the draft was changed elsewhere, its JSON replaces the text; the cursor stays where it is.
    pub fn open(&mut self, session: &Session) {
        let json = session.parameters_json(JsonStyle::Pretty);
        match &self.seen {
            None => {
                self.area = TextArea::new(json.lines().map(str::to_owned).collect());
                self.area.set_cursor_line_style(Style::new());
            }
            Some(seen) if *seen != session.draft.parameters => {
                let cursor = self.area.cursor();
                self.put(&json);
                self.area.move_cursor(CursorMove::Jump(clamped(cursor.0), clamped(cursor.1)));
            }
            Some(_) => {}
        }
        self.check(session);
    }

    /// Checks the text again after the plan was switched.
    pub fn plan_changed(&mut self, session: &mut Session) {
        self.changed(session);
    }

    /// Checks the text without applying it.
    fn check(&mut self, session: &Session) -> Option<InstanceParameters> {
        let text = self.area.lines().join("\n");
        let catalogue = &session.content.catalogue;
        let reading = InstanceParameters::examine(&text, Some(session.draft.parameters.plan), catalogue);
        let parameters = reading.parameters;
        self.problems = reading.problems;
        self.other_plan = parameters.as_ref().and_then(|parameters| parameters.other_plan(catalogue));
        self.seen = Some(session.draft.parameters.clone());
        parameters
    }

    /// Applies the text to the draft if it is valid.
    fn changed(&mut self, session: &mut Session) {
        let parameters = self.check(session);
        if let Some(parameters) = parameters
            && !self.problems.iter().any(ParameterProblem::is_error)
        {
            session.draft.parameters = parameters.clone();
            self.seen = Some(parameters);
        }
    }

    /// The text.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// The problems of the text: errors and warnings.
    pub fn problems(&self) -> &[ParameterProblem] {
        &self.problems
    }

    /// A problem with its position and solution.
    pub fn said(&self, problem: &ParameterProblem, words: Words) -> String {
        let Explanation { what, why, fix } = problem.explain(words);
        match problem.position {
            Some(position) => words.roles().editor_problem_why_at(position.shown(words), what, why, fix),
            None => words.roles().editor_problem_why(what, why, fix),
        }
    }

    /// The first thing that the broker would refuse.
    pub fn first_error(&self, words: Words) -> Option<String> {
        let problem = self.problems.iter().find(|problem| problem.is_error())?;
        let what = problem.explain(words).what;
        Some(match problem.position {
            Some(position) => words.roles().problem_at(position.shown(words), what),
            None => what,
        })
    }

    /// The plan that the roles in the text belong to, if it is not the draft's.
    pub fn other_plan(&self) -> Option<PlanId> {
        self.other_plan
    }

    /// Moves the cursor or edits the text.
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

    /// Replaces everything with pasted text: the parameters of an existing instance, possibly with surrounding text.
    pub fn replace(&mut self, text: &Pasted, session: &mut Session) {
        let plan = Some(session.draft.parameters.plan);
        let reading = InstanceParameters::examine(&text.text(), plan, &session.content.catalogue);
        // A text that cannot be parsed stays unchanged, to be corrected.
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

    /// The problem to show: the one on the cursor's line, otherwise the first.
    fn problem(&self) -> Option<&ParameterProblem> {
        let line = self.area.cursor().0 + 1;
        let here = self.problems.iter().find(|problem| problem.position.is_some_and(|at| at.line == line));
        here.or(self.problems.first())
    }

    /// The problem to show, and how many others there are. The reason is omitted if there are few rows.
    fn remarks(&self, words: Words, theme: &Theme, area: Rect) -> Vec<Line<'static>> {
        let Some(problem) = self.problem() else { return Vec::new() };
        let labels = words.roles();
        let (style, mark) = theme.severity(problem.severity());
        let Explanation { what, why, fix } = problem.explain(words);
        let position = problem.position.map(|position| position.shown(words));
        let shown = match (position, area.height >= 14) {
            (Some(position), true) => labels.editor_problem_why_at(position, what, why, fix),
            (Some(position), false) => labels.editor_problem_at(position, what, fix),
            (None, true) => labels.editor_problem_why(what, why, fix),
            (None, false) => labels.editor_problem(what, fix),
        };
        let mut lines = text::wrap_bullet(mark, style, &shown, theme.text, area.width);
        let others = self.problems.len() - 1;
        if others > 0 {
            let more = labels.more_problems(others);
            lines.extend(text::wrap_bullet(theme.glyphs.idle, theme.dim, &more, theme.text, area.width));
        }
        lines.truncate((area.height / 2) as usize);
        lines
    }

    /// Draws the text with its invalid lines underlined, and one problem below.
    pub fn draw(&self, words: Words, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let remarks = self.remarks(words, theme, area);
        let (below, text_area) = layout::bottom(area, remarks.len() as u16);
        frame.render_widget(&self.area, text_area);
        list::draw_lines(&remarks, 0, theme, frame, below);
        let (top, left) = self.area.scroll_offset();
        json::paint(self.area.lines(), (top, left), theme, frame, text_area);
        self.underline(top, left, theme, frame, text_area);
        let cursor = self.area.screen_cursor();
        for ((row, line), y) in
            self.area.lines().iter().enumerate().skip(top.into()).zip(text_area.y..text_area.bottom())
        {
            let lines = (row as i32 - cursor.row as i32) as i16;
            theme.hits.note_text(Rect { y, height: 1, ..text_area }, line, left, (None, lines));
        }
        let x = text_area.x + (cursor.col as u16).saturating_sub(left);
        let y = text_area.y + (cursor.row as u16).saturating_sub(top);
        if text_area.contains(Position::new(x, y)) {
            frame.set_cursor_position(Position::new(x, y));
        }
    }

    /// Underlines the lines with problems.
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

/// Pasted text without control characters, truncated.
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
