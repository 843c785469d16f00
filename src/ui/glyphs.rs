//! Marks and lines in a Unicode and an ASCII form. All have width 1 (or their ASCII form is as wide).

/// One set of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// False for the ASCII set.
    pub unicode: bool,
    /// Good.
    pub good: &'static str,
    /// Look here.
    pub warning: &'static str,
    /// Bad.
    pub bad: &'static str,
    /// Nothing yet, nothing special.
    pub idle: &'static str,
    /// The focused row.
    pub cursor: &'static str,
    /// A ticked box.
    pub ticked: &'static str,
    /// An empty box.
    pub unticked: &'static str,
    /// A horizontal line.
    pub rule: &'static str,
    /// A vertical line.
    pub bar: &'static str,
    /// Text was cut here.
    pub ellipsis: &'static str,
    /// Between two parts of a line.
    pub dot: &'static str,
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
    cursor: "›",
    ticked: "[✓]",
    unticked: "[ ]",
    rule: "─",
    bar: "│",
    ellipsis: "…",
    dot: "·",
    more_up: "↑",
    more_down: "↓",
    bullet: "•",
    arrow: "→",
    spinner: &["◐", "◓", "◑", "◒"],
};

/// The ASCII set, for other locales, the Linux console and `--ascii`.
pub const ASCII: Glyphs = Glyphs {
    unicode: false,
    good: "+",
    warning: "!",
    bad: "x",
    idle: ".",
    cursor: ">",
    ticked: "[x]",
    unticked: "[ ]",
    rule: "-",
    bar: "|",
    ellipsis: "~",
    dot: "-",
    more_up: "^",
    more_down: "v",
    bullet: "-",
    arrow: "->",
    spinner: &["-", "\\", "|", "/"],
};

impl Glyphs {
    /// Rewrites a text of the program to ASCII where this is the ASCII set.
    pub fn fit(&self, text: String) -> String {
        if self.unicode || text.is_ascii() {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '…' => out.push_str("..."),
                '–' | '—' | '─' => out.push('-'),
                '·' | '•' => out.push('-'),
                '→' => out.push_str("->"),
                '’' | '‘' => out.push('\''),
                '“' | '”' => out.push('"'),
                'ã' | 'á' => out.push('a'),
                c if c.is_ascii() => out.push(c),
                _ => out.push('?'),
            }
        }
        out
    }
}
