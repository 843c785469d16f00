//! Commands with subdued colours, wrapped so that text selected with the mouse still works.

use ratatui::text::{Line, Span};

use crate::{
    domain::handover::commands::code::{Language, Token, fold},
    ui::{text, theme::Theme},
};

/// Code as lines of at most `width` columns; only a string wider than that is split between its words.
pub fn lines(code: &str, language: Language, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for shown in fold(code, language, width.into()) {
        let spans: Vec<(String, ratatui::style::Style)> = shown
            .parts
            .iter()
            .map(|(range, token)| {
                let style = match token {
                    Token::Plain => theme.code,
                    Token::Comment => theme.dim,
                    Token::Text => theme.json_string,
                    Token::Variable => theme.json_name,
                };
                (shown.text[range.clone()].to_owned(), style)
            })
            .collect();
        if text::width(&shown.text) <= width.into() {
            lines.push(Line::from_iter(spans.into_iter().map(|(text, style)| Span::styled(text, style))));
        } else {
            lines.extend(text::wrap_spans(&spans, width));
        }
    }
    lines
}
