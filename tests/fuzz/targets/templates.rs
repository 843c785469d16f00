//! Texts that are filled in, marked up, wrapped and truncated: values are never parsed as templates or markup, no word
//! is lost, and no line is too wide.

use cpikey::domain::text::{
    columns, markup,
    safe_text::{LINE_LIMIT, SafeText},
    template::{self, Marks, Piece},
    typed_path,
    variable::Variable,
    wrap::wrap,
};

use super::{assert_harmless, parts, text};

/// Text that a user may have typed. If it were parsed again, it would appear twice.
const VALUE: &str = "*v* `v` @plan@ {plan} <<plan>> [ui: v]";

pub fn run(data: &[u8]) {
    let Some((columns, rest)) = data.split_first() else { return };
    for part in parts(rest) {
        let text = text(part);
        filled(&text);
        marked(&text);
        broken(&text, usize::from(*columns) % 100);
        let safe = SafeText::line(&text);
        assert_harmless(safe.as_str(), "a safe text");
        assert!(safe.as_str().chars().count() <= LINE_LIMIT + 1, "{safe:?}");
        assert_eq!(SafeText::capped(safe.as_str(), 1000), safe, "made safe twice it is another text");
        let _ = typed_path::as_meant(&text, cpikey::domain::platform::Platform::HERE);
    }
}

fn filled(text: &str) {
    let value = |name: &str| (name == "plan").then(|| VALUE.into());
    for marks in [Marks::Braces, Marks::Ats, Marks::Angles] {
        let known = |name: &str| (name == "plan").then_some(());
        let places = template::names(text, marks, known).len();
        let whole = template::fill(text, marks, value);
        let before = text.matches(VALUE).count();
        assert!(whole.matches(VALUE).count() <= places + before, "{text:?} became {whole:?}");
        let mut rest = whole.as_str();
        for piece in template::pieces(text, marks, known) {
            let expected = if let Piece::Text(text) = piece { text } else { VALUE };
            rest = rest.strip_prefix(expected).unwrap_or_else(|| panic!("{expected:?} is not in {whole:?}"));
        }
        assert!(rest.is_empty());
        if template::check(text, marks, |name| name == "plan").is_ok() && marks == Marks::Braces {
            assert!(!template::fill(text, marks, |_| Some("".into())).contains("{plan}") || text.contains("{{"));
        }
    }
}

fn marked(text: &str) {
    let spans = markup::parse(text, &|_: Variable| VALUE.to_owned());
    let values = spans.iter().filter(|span| matches!(span, markup::Span::Text(text) if text.contains(VALUE))).count();
    let _ = (markup::check(text), markup::markdown(&spans), values);
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let own = letters(&markup::plain(&markup::parse(text, &|_: Variable| String::new())));
    let names: usize = markup::variables(text).iter().map(|variable| letters(variable.as_str())).sum();
    let marks = 2 * text.matches("[ui:").count();
    // A text for a missing value may be added or omitted; names of variables are not shown.
    if !text.contains('|') {
        assert!(own + names + marks >= letters(text), "{text:?}");
        assert!(own + names <= letters(text), "{text:?}");
    }
}

fn broken(text: &str, columns: usize) {
    let lines = wrap(text, columns);
    let solid = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(solid(&lines.concat()), solid(text), "words are lost");
    for line in lines {
        let words = line.split(' ').count();
        assert!(columns::width(&line) <= columns.max(1) || words <= 1 || line.contains('\u{a0}'), "{line:?}");
    }
    let short = columns::truncate(text, columns, "…");
    assert!(columns::width(&short) <= columns, "{short:?}");
    assert!(columns::width(columns::prefix(text, columns)) <= columns);
}
