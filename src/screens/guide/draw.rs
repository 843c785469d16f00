//! How a guide screen looks.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr as _;

use super::{State, form::Typing, view::View};
use crate::{
    domain::{
        handover::commands::Task,
        sap::{guide::StepId, parameters::JsonStyle},
    },
    model::Session,
    ui::{
        Theme, layout, text,
        widget::{
            json,
            list::{self, Entry, Focus},
        },
    },
};

impl State {
    /// Draws the screen.
    pub(super) fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let (top, rest) = layout::top(area, 2);
        let (progress, tabs) = layout::top(top, 1);
        self.draw_progress(session, theme, frame, progress);
        self.draw_tabs(theme, frame, tabs);
        let mut rest = Rect { y: rest.y + 1.min(rest.height), height: rest.height.saturating_sub(1), ..rest };
        if let Some(typing) = &self.typing {
            let (row, below) = layout::top(rest, 2);
            rest = below;
            draw_typing(typing, theme, frame, row);
        }
        if let Some(text) = self.text(session) {
            let width = rest.width.saturating_sub(1).max(1);
            let entries: Vec<Entry> =
                text.lines().map(|line| Entry::item(text_line(line, self.view, theme, width))).collect();
            list::draw(&entries, self.line, Focus::Here, theme, frame, rest);
            return;
        }
        let (main, details) = layout::with_details(rest);
        let entries = self.entries(session, theme, main.width.saturating_sub(2).min(layout::PROSE));
        let focus = if self.typing.is_some() { Focus::Elsewhere } else { Focus::Here };
        list::draw(&entries, self.focus, focus, theme, frame, main);
        if let Some(right) = details {
            let values = self.values(session, theme, right.width);
            let (above, below) = layout::top(right, values.len() as u16 + 1);
            list::draw_lines(&values, 0, theme, frame, above);
            let (title, rest) = layout::top(below, 1);
            let (heading, json) = match self.step {
                StepId::Key => ("Key parameters", session.draft.key_parameters.to_json(JsonStyle::Pretty)),
                _ => ("Instance parameters", session.parameters_json(JsonStyle::Pretty)),
            };
            if self.task() == Task::Delete {
                return;
            }
            frame.render_widget(Line::styled(heading, theme.accent), title);
            json::draw(&json, 0, theme, frame, rest);
        }
    }

    fn draw_progress(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let line = match self.view {
            View::Cockpit => {
                let (done, of) = self.progress(session);
                let intro = session.content.step(self.step).map(|step| step.intro.clone()).unwrap_or_default();
                if self.part == 0 { format!("{done} of {of} done · {intro}") } else { format!("{done} of {of} done") }
            }
            View::Sheet => {
                "For the team that creates instances and keys, where that is not you. No secret in it.".to_owned()
            }
            View::Commands(_) => "The same with your values, in place of the clicks. No secret in it.".to_owned(),
        };
        let line = text::truncate(&line, area.width, theme.glyphs.ellipsis);
        frame.render_widget(Line::styled(line, theme.dim), area);
    }

    /// The pages of this step, and the views of the page; where there is little room only the view that is shown.
    fn draw_tabs(&self, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let tab = |title: &str, on: bool| {
            let shown = if on { format!("[{title}]") } else { format!(" {title} ") };
            Span::styled(shown, if on { theme.accent } else { theme.dim })
        };
        let mut spans: Vec<Span<'static>> =
            self.parts.iter().enumerate().map(|(index, part)| tab(part.title, index == self.part)).collect();
        let shell = if self.view.has_shells() { format!(", {}", self.shell.as_str()) } else { String::new() };
        let views: Vec<Span<'static>> = View::of(self.task())
            .into_iter()
            .map(|view| {
                let on = view == self.view;
                tab(&if on { format!("{}{shell}", view.title()) } else { view.title().to_owned() }, on)
            })
            .collect();
        let width = |spans: &[Span<'_>]| spans.iter().map(|span| span.content.width()).sum::<usize>();
        spans.push(Span::raw("   "));
        if width(&spans) + width(&views) <= usize::from(area.width) {
            spans.extend(views);
        } else {
            spans.push(tab(&format!("{}{shell}", self.view.title()), true));
        }
        frame.render_widget(Line::from(spans), area);
    }
}

/// One line of a text, on as many rows as it takes. Prose breaks between words, code does not care.
fn text_line(line: &str, view: View, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let prose = view == View::Sheet && !line.starts_with([' ', '|', '{', '}', '`']);
    if prose || line.is_empty() {
        return text::wrap(line, width, theme.text);
    }
    text::wrap_exact(line, width).into_iter().map(|piece| Line::styled(piece, theme.code)).collect()
}

/// Label and field, and what is wrong with the text below.
fn draw_typing(typing: &Typing, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let (row, below) = layout::top(area, 1);
    let used = typing.label().len() as u16;
    frame.render_widget(Line::styled(typing.label(), theme.title), row);
    let field = Rect { x: row.x + used.min(row.width), width: 60.min(row.width.saturating_sub(used)), ..row };
    typing.field.draw(true, theme, frame, field);
    if let Err(problem) = typing.check() {
        let words = text::truncate(&format!("{} {problem}", theme.glyphs.bad), below.width, theme.glyphs.ellipsis);
        frame.render_widget(Line::styled(words, theme.bad), below);
    }
}
