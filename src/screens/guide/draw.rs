//! How a guide screen looks.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Mode, State, part::Part, view::TextView};
use crate::{
    domain::sap::parameters::JsonStyle,
    model::Session,
    ui::{
        Theme, layout, text,
        widget::{
            json,
            list::{self, Focus},
        },
    },
};

impl State {
    /// Draws the screen.
    pub(super) fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let about = text::wrap(&self.about(session), area.width, theme.dim);
        let (top, rest) = layout::top(area, about.len() as u16);
        list::draw_lines(&about, 0, theme, frame, top);
        let (tabs, rest) = layout::top(rest, 1);
        self.draw_tabs(session, theme, frame, tabs);
        let (_, below) = layout::top(rest, 1);
        match &self.mode {
            Mode::Text(view) => {
                let width = below.width.saturating_sub(1).max(1);
                self.with_text_lines(*view, session, theme, width, |entries| {
                    list::draw(entries, self.line, Focus::Here, theme, frame, below);
                });
            }
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

    fn draw_page(&self, focus: Focus, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let (main, details) = layout::with_details(area);
        let width = main.width.saturating_sub(2).min(layout::PROSE);
        self.with_page_lines(session, theme, width, |entries| {
            list::draw(entries, self.focus, focus, theme, frame, main);
        });
        let Some(right) = details else { return };
        let values = self.values(session, theme, right.width);
        let (above, below) = layout::top(right, values.len() as u16 + 1);
        list::draw_lines(&values, 0, theme, frame, above);
        let words = session.content.words.guide();
        let (heading, json) = match self.part {
            Part::Delete => return,
            Part::CreateInstance | Part::UpdateInstance => {
                (words.parameters(), session.parameters_json(JsonStyle::Pretty))
            }
            Part::CreateKey | Part::RotateKey => {
                (words.key_parameters(), session.draft.key_parameters.to_json(JsonStyle::Pretty))
            }
        };
        let (title, rest) = layout::top(below, 1);
        frame.render_widget(Line::styled(heading, theme.accent), title);
        json::draw(&json, 0, session.content.words, theme, frame, rest);
    }

    /// How far one is, or what the view is for.
    pub(super) fn about(&self, session: &Session) -> String {
        let words = session.content.words.guide();
        match self.text_view() {
            None => {
                let (done, total) = self.progress(session);
                let progress = words.progress(done, total);
                match self.part.is_first() {
                    true => format!("{progress} · {}", session.content.step(self.part.step()).intro),
                    false => progress,
                }
            }
            Some(TextView::Sheet) => words.about_sheet().to_owned(),
            Some(TextView::Commands(_)) => words.about_commands().to_owned(),
        }
    }

    /// The parts of this step, and the views of the part; if there is little room only the view that is shown.
    fn draw_tabs(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let words = session.content.words;
        let tab = |title: &str, on: bool| {
            let shown = if on { format!("[{title}]") } else { format!(" {title} ") };
            Span::styled(shown, if on { theme.accent } else { theme.dim })
        };
        let parts = Part::of(self.part.step()).iter();
        let mut spans: Vec<Span<'static>> = parts.map(|part| tab(part.title(words), *part == self.part)).collect();
        let shown = self.text_view();
        let title = |view: Option<TextView>| {
            let title = TextView::title(view, words);
            match view.filter(|view| view.has_shells() && Some(*view) == shown) {
                Some(_) => format!("{title}, {}", self.shell.as_str()),
                None => title.to_owned(),
            }
        };
        let views = std::iter::once(None).chain(TextView::of(self.part.task()).into_iter().map(Some));
        let views: Vec<Span<'static>> = views.map(|view| tab(&title(view), view == shown)).collect();
        let width = |spans: &[Span<'_>]| spans.iter().map(|span| text::width(&span.content)).sum::<usize>();
        spans.push(Span::raw("   "));
        if width(&spans) + width(&views) <= usize::from(area.width) {
            spans.extend(views);
        } else {
            spans.push(tab(&title(shown), true));
        }
        frame.render_widget(Line::from(spans), area);
    }
}
