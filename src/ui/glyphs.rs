//! Marks and lines in a Unicode and an ASCII form. In ASCII, states are words; only a ticked box has an x.

use ratatui::buffer::Buffer;

/// One set of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Whether this is the Unicode set.
    pub unicode: bool,
    /// Good.
    pub good: &'static str,
    /// Look here.
    pub warning: &'static str,
    /// Bad.
    pub bad: &'static str,
    /// Nothing yet, nothing special.
    pub idle: &'static str,
    /// A finished step, one column wide.
    pub done: &'static str,
    /// The focused row.
    pub cursor: &'static str,
    /// A ticked box.
    pub ticked: &'static str,
    /// An empty box.
    pub unticked: &'static str,
    /// One of several, chosen.
    pub chosen: &'static str,
    /// One of several, not chosen.
    pub unchosen: &'static str,
    /// Collapsed rows.
    pub folded: &'static str,
    /// Expanded rows.
    pub unfolded: &'static str,
    /// A horizontal line.
    pub rule: &'static str,
    /// A vertical line.
    pub bar: &'static str,
    /// Text was truncated here.
    pub ellipsis: &'static str,
    /// More above.
    pub more_up: &'static str,
    /// More below.
    pub more_down: &'static str,
    /// Bullet of a list.
    pub bullet: &'static str,
    /// Leads to.
    pub arrow: &'static str,
    /// Frames of the spinner.
    pub spinner: &'static [&'static str],
}

/// The Unicode set.
pub const UNICODE: Glyphs = Glyphs {
    unicode: true,
    good: "✓",
    warning: "!",
    bad: "✗",
    idle: "·",
    done: "✓",
    cursor: "›",
    ticked: "[✓]",
    unticked: "[ ]",
    chosen: "(•)",
    unchosen: "( )",
    folded: "▸",
    unfolded: "▾",
    rule: "─",
    bar: "│",
    ellipsis: "…",
    more_up: "↑",
    more_down: "↓",
    bullet: "•",
    arrow: "→",
    spinner: &["◐", "◓", "◑", "◒"],
};

/// The ASCII set, for other locales, the Linux console and `--ascii`.
pub const ASCII: Glyphs = Glyphs {
    unicode: false,
    good: "ok",
    warning: "!",
    bad: "fail",
    idle: ".",
    done: "*",
    cursor: ">",
    ticked: "[x]",
    unticked: "[ ]",
    chosen: "(*)",
    unchosen: "( )",
    folded: "+",
    unfolded: "-",
    rule: "-",
    bar: "|",
    ellipsis: "~",
    more_up: "^",
    more_down: "v",
    bullet: "-",
    arrow: "->",
    spinner: &["-", "\\", "|", "/"],
};

impl Glyphs {
    /// How many columns the widest mark of a state takes.
    pub fn state_width(&self) -> u16 {
        self.bad.chars().count() as u16
    }

    /// The mark of a state, padded to the width of all others, for a column of them.
    pub fn in_column(&self, mark: &str) -> String {
        format!("{mark:<width$}", width = usize::from(self.state_width()))
    }
}

/// Converts a drawn frame to ASCII, cell by cell, so that no text can be missed. A wide character becomes one character
/// and a blank.
pub fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let ascii = cell.symbol().chars().next().map_or(' ', ascii);
            cell.set_char(ascii);
        }
    }
}

/// A text in ASCII.
pub fn to_ascii_text(text: &str) -> String {
    text.chars().map(ascii).collect()
}

fn ascii(c: char) -> char {
    match c {
        c if c.is_ascii() => c,
        '…' => '~',
        '–' | '—' | '─' | '·' | '•' => '-',
        '│' => '|',
        '┌' | '┐' | '└' | '┘' => '+',
        '→' | '›' => '>',
        '’' | '‘' => '\'',
        '“' | '”' => '"',
        'à'..='å' => 'a',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'ß' => 's',
        'À'..='Å' => 'A',
        'È'..='Ë' => 'E',
        'Ì'..='Ï' => 'I',
        'Ò'..='Ö' => 'O',
        'Ù'..='Ü' => 'U',
        'Ç' => 'C',
        'Ñ' => 'N',
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::{layout::Rect, style::Style};

    #[test]
    fn a_frame_becomes_ascii_and_keeps_its_columns() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        buffer.set_string(0, 0, "São 中 → e\u{301}.", Style::new());
        to_ascii(&mut buffer);
        let shown: String = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(shown, "Sao ?  > e. ");
    }
}
