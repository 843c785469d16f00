//! JSON with subdued colours and nothing to its left. A line that is too long wraps between values, so that text
//! selected with the mouse is still JSON; only a string wider than the area is split.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::{
    ui::{text, theme::Theme},
    words::Words,
};

/// A token of JSON, or of invalid JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Name,
    String,
    /// A number, or a word.
    Number,
    Punctuation,
    Space,
}

impl Token {
    fn style(self, theme: &Theme) -> Style {
        match self {
            Token::Name => theme.json_name,
            Token::String => theme.json_string,
            Token::Number => theme.json_number,
            Token::Punctuation => theme.json_punctuation,
            Token::Space => theme.text,
        }
    }
}

/// The tokens of one line. JSON strings do not span lines.
fn tokens(line: &str) -> Vec<(&str, Token)> {
    let mut tokens: Vec<(&str, Token)> = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (length, token) = match first {
            '"' => (string_length(rest), Token::String),
            '{' | '}' | '[' | ']' | ':' | ',' => (1, Token::Punctuation),
            c if c.is_whitespace() => (length_while(rest, char::is_whitespace), Token::Space),
            _ => (length_while(rest, |c| !c.is_whitespace() && !"{}[]:,\"".contains(c)), Token::Number),
        };
        if first == ':'
            && let Some(name) = tokens.iter_mut().rev().find(|(_, token)| *token != Token::Space)
            && name.1 == Token::String
        {
            name.1 = Token::Name;
        }
        tokens.push((&rest[..length], token));
        rest = &rest[length..];
    }
    tokens
}

/// The length of the string at the start of `text`, including quotes; an unterminated one extends to the end.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn length_while(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

/// JSON as lines of at most `width` columns.
pub fn lines(json: &str, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for line in json.lines() {
        let mut spans: Vec<Span<'static>> = Vec::new();
        let mut room = usize::from(width.max(1));
        for (part, token) in tokens(line) {
            let style = token.style(theme);
            let columns = text::width(part);
            let comma = usize::from(token != Token::Punctuation);
            if columns + comma > room && !spans.is_empty() {
                lines.push(Line::from(std::mem::take(&mut spans)));
                room = usize::from(width.max(1));
                if token == Token::Space {
                    continue;
                }
            }
            if columns <= room {
                room -= columns;
                spans.push(Span::styled(part.to_owned(), style));
                continue;
            }
            for piece in text::wrap_exact(part, width) {
                if !spans.is_empty() {
                    lines.push(Line::from(std::mem::take(&mut spans)));
                }
                room = usize::from(width.max(1)).saturating_sub(text::width(&piece));
                spans.push(Span::styled(piece, style));
            }
        }
        lines.push(Line::from(spans));
    }
    lines
}

/// Colours the lines of an editor, from line `top` and column `left` on.
pub fn paint(lines: &[String], (top, left): (u16, u16), theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    for (line, y) in lines.iter().skip(top.into()).zip(area.y..area.bottom()) {
        let mut column = 0;
        for (part, token) in tokens(line) {
            let end = column + text::width(part);
            let on_screen = |column: usize| (column.saturating_sub(left.into())).min(area.width.into()) as u16;
            let (from, to) = (on_screen(column), on_screen(end));
            let cells = Rect { x: area.x + from, y, width: to - from, height: 1 };
            frame.buffer_mut().set_style(cells, token.style(theme));
            column = end;
        }
    }
}

/// Draws JSON from line `scroll` on. Returns the total number of lines.
pub fn draw(json: &str, scroll: u16, words: Words, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let lines = lines(json, theme, area.width);
    let visible = area.height as usize;
    for (line, y) in lines.iter().skip(scroll as usize).zip(area.y..area.bottom()) {
        text::draw_line(line, Rect { y, height: 1, ..area }, frame);
    }
    if lines.len() > visible + scroll as usize && visible > 0 {
        let note = words.widgets().more_lines(lines.len() - visible - scroll as usize + 1);
        let area = Rect { y: area.y + area.height - 1, height: 1, ..area };
        frame.render_widget(ratatui::widgets::Clear, area);
        let note = text::truncate(&note, area.width, theme.glyphs.ellipsis);
        text::draw_line(&Line::styled(note, theme.dim), area, frame);
    }
    lines.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::Palette;

    fn kinds(line: &str) -> Vec<(&str, Token)> {
        tokens(line).into_iter().filter(|(_, token)| *token != Token::Space).collect()
    }

    #[test]
    fn names_strings_numbers_and_punctuation_are_told_apart() {
        use Token::{Name, Number, Punctuation, String};
        assert_eq!(
            kinds(r#"  "a:\"b" : ["c", -1.5e3, true],"#),
            [
                (r#""a:\"b""#, Name),
                (":", Punctuation),
                ("[", Punctuation),
                (r#""c""#, String),
                (",", Punctuation),
                ("-1.5e3", Number),
                (",", Punctuation),
                ("true", Number),
                ("]", Punctuation),
                (",", Punctuation),
            ]
        );
        assert_eq!(kinds(r#""open \""#), [(r#""open \""#, String)]);
    }

    #[test]
    fn lines_are_broken_between_values_and_are_the_same_json_again() {
        let json = r#"{"grant-types":["client_credentials"],"redirect-uris":[],"roles":["MonitoringDataRead","x y"]}"#;
        let theme = Theme::new(Palette::Dark, true);
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        for width in 21..60 {
            let lines = lines(json, &theme, width);
            assert!(lines.iter().all(|line| line.width() <= width.into()), "{lines:?}");
            let selected: Vec<String> = lines.iter().map(Line::to_string).collect();
            assert_eq!(serde_json::from_str::<serde_json::Value>(&selected.join("\n")).unwrap(), value);
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_drawn_nothing_is_lost(json in "[\\[\\]{}:,\"\\\\a-z0-9\u{e4}\u{4e2d} ]{0,80}", width in 2u16..30) {
            let theme = Theme::new(Palette::Mono, true);
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let lines = lines(&json, &theme, width);
            let shown: String = lines.iter().map(Line::to_string).collect();
            proptest::prop_assert_eq!(letters(&shown), letters(&json));
            proptest::prop_assert!(lines.iter().all(|line| line.width() <= width.into()));
        }
    }
}
