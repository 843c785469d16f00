//! The minimal markup of the guide: `*strong*`, `` `code` ``, `[ui: Services > Service Marketplace]` and `{variable}`.
//!
//! Marks do not nest, and `{{` is a brace. The value of a variable is always text, never markup. Invalid marks are
//! shown as plain text; [`check`] finds them, and `tests/content` runs it over every asset.

use super::template::{self, Marks, TemplateError, fill};
use super::variable::Variable;

/// A piece of text with one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Plain text.
    Text(String),
    /// Emphasised text.
    Strong(String),
    /// A literal value.
    Code(String),
    /// A label of the cockpit.
    Ui(String),
}

impl Span {
    /// The text without its mark.
    pub fn text(&self) -> &str {
        match self {
            Span::Text(text) | Span::Strong(text) | Span::Code(text) | Span::Ui(text) => text,
        }
    }
}

/// What is wrong with the markup of a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkupError {
    /// A mark that is not closed or is empty.
    #[error("`{0}` opens a mark that does not close or is empty")]
    Unclosed(&'static str),
    /// An unknown variable or an unmatched brace.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// The spans of `text`, with the values of its variables. Invalid marks stay as written.
pub fn parse(text: &str, value: &dyn Fn(Variable) -> String) -> Vec<Span> {
    let filled = |text: &str| fill(text, Marks::Braces, |name| Some(value(Variable::from_name(name)?).into()));
    stretches(text).0.into_iter().map(|(text, make)| make(filled(text))).collect()
}

/// Checks for invalid marks and unknown variables.
///
/// # Errors
///
/// The first error.
pub fn check(text: &str) -> Result<(), MarkupError> {
    let (stretches, unclosed) = stretches(text);
    for (text, _) in stretches {
        template::check(text, Marks::Braces, |name| Variable::from_name(name).is_some())?;
    }
    unclosed.map_or(Ok(()), |mark| Err(MarkupError::Unclosed(mark)))
}

/// The variables used in `text`, in order.
pub fn variables(text: &str) -> Vec<Variable> {
    template::names(text, Marks::Braces, Variable::from_name)
}

/// Plain text: cockpit labels are quoted.
pub fn plain(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Ui(text) => format!("\"{text}\""),
            other => other.text().to_owned(),
        })
        .collect()
}

/// Markdown: cockpit labels are in italics. Plain text is escaped.
pub fn markdown(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) => escape(text),
            Span::Strong(text) => format!("**{}**", escape(text)),
            Span::Ui(text) => format!("*{}*", escape(text)),
            Span::Code(text) => code(text),
        })
        .collect()
}

/// How a mark opens, how it closes, and which span it makes of the text in between.
type Mark = (&'static str, &'static str, Make);

type Make = fn(String) -> Span;

const MARKS: [Mark; 3] = [("*", "*", Span::Strong), ("`", "`", Span::Code), ("[ui:", "]", Span::Ui)];

/// The pieces of `text` with their span constructors, and the first unclosed mark.
fn stretches(text: &str) -> (Vec<(&str, Make)>, Option<&'static str>) {
    let mut found: Vec<(&str, Make)> = Vec::new();
    let mut unclosed = None;
    // The plain text from `start` on has not been emitted yet; marks before `at` have been handled.
    let (mut start, mut at) = (0, 0);
    while let Some(offset) = text[at..].find(['*', '`', '[']) {
        at += offset;
        let Some((open, close, make)) = MARKS.iter().find(|(open, ..)| text[at..].starts_with(open)) else {
            at += 1;
            continue;
        };
        let inner = at + open.len();
        match text[inner..].find(close).filter(|length| !text[inner..inner + length].trim().is_empty()) {
            Some(length) => {
                if start < at {
                    found.push((&text[start..at], Span::Text));
                }
                found.push((text[inner..inner + length].trim(), *make));
                at = inner + length + close.len();
                start = at;
            }
            None => {
                unclosed.get_or_insert(*open);
                at = inner;
            }
        }
    }
    if start < text.len() {
        found.push((&text[start..], Span::Text));
    }
    (found, unclosed)
}

/// Puts a backslash before every character that is special in Markdown. An underscore inside a word is not.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let inside_word = before.is_alphanumeric() && characters.peek().is_some_and(|next| next.is_alphanumeric());
        if matches!(c, '\\' | '`' | '*' | '[' | ']' | '<' | '>') || (c == '_' && !inside_word) {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// A code span with a fence longer than any run of backticks in `text`.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(variable: Variable) -> String {
        match variable {
            Variable::Plan => "api".to_owned(),
            // Anything the user typed must not become markup.
            Variable::Instance => "*my* `x` {plan} [ui: y]".to_owned(),
            _ => String::new(),
        }
    }

    fn text(text: &str) -> Span {
        Span::Text(text.to_owned())
    }

    #[test]
    fn marks_become_spans() {
        assert_eq!(
            parse("Choose *Create*, then [ui: Services > Service Marketplace] and `it-rt`.", &value),
            [
                text("Choose "),
                Span::Strong("Create".to_owned()),
                text(", then "),
                Span::Ui("Services > Service Marketplace".to_owned()),
                text(" and "),
                Span::Code("it-rt".to_owned()),
                text("."),
            ]
        );
    }

    #[test]
    fn a_value_is_never_parsed_as_markup() {
        assert_eq!(
            parse("Plan `{plan}`, name {instance}.", &value),
            [text("Plan "), Span::Code("api".to_owned()), text(", name *my* `x` {plan} [ui: y].")]
        );
    }

    #[test]
    fn two_braces_are_one_and_a_closing_brace_is_itself() {
        assert_eq!(plain(&parse("{{\"plan\":\"{plan}\"}", &value)), "{\"plan\":\"api\"}");
        assert_eq!(check("`{{\"a\":1}`"), Ok(()));
    }

    #[test]
    fn mistakes_are_found_and_shown_as_they_are_written() {
        let cases = [
            ("a *b", MarkupError::Unclosed("*")),
            ("a `b", MarkupError::Unclosed("`")),
            ("a [ui: b", MarkupError::Unclosed("[ui:")),
            ("a ** b", MarkupError::Unclosed("*")),
            ("a {nobody} b", TemplateError::UnknownName("nobody".to_owned()).into()),
            ("a {plan b", TemplateError::Unpaired("{").into()),
        ];
        for (source, fault) in cases {
            assert_eq!(check(source), Err(fault), "{source}");
            assert_eq!(plain(&parse(source, &value)), source);
        }
    }

    #[test]
    fn a_bracket_that_is_not_a_mark_is_text() {
        assert_eq!(parse("a [b] c", &value), [text("a [b] c")]);
    }

    #[test]
    fn plain_text_keeps_the_labels_of_the_cockpit_apart() {
        assert_eq!(plain(&parse("Open [ui: Instances] of `{plan}`.", &value)), "Open \"Instances\" of api.");
    }

    #[test]
    fn markdown_shows_the_same_text() {
        assert_eq!(
            markdown(&parse("*Now* [ui: Create] `{plan}`: {instance}, a_b _c", &value)),
            "**Now** *Create* `api`: \\*my\\* \\`x\\` {plan} \\[ui: y\\], a_b \\_c"
        );
        assert_eq!(markdown(&[Span::Code("a`b".to_owned())]), "`` a`b ``");
    }

    #[test]
    fn the_variables_of_a_text_are_named_in_order() {
        assert_eq!(variables("{plan} and {{plan} and {url}"), [Variable::Plan, Variable::Url]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_or_lose_words(source in "[a-c*`\\[\\]ui:{} \u{e9}]{0,40}") {
            let _ = check(&source);
            let spans = parse(&source, &|_| String::new());
            let letters = |text: &str| text.chars().filter(|c| matches!(c, 'a'..='c' | '\u{e9}')).count();
            proptest::prop_assert_eq!(letters(&plain(&spans)), letters(&source));
        }
    }
}
