//! The little markup of the guide: `*strong*`, `` `code` ``, `[ui: Services > Service Marketplace]` and `{variable}`.
//!
//! Marks do not nest, and `{{` stands for a brace. What a variable stands for is text and never markup, whatever is in
//! it. The functions that draw take faulty marks as plain text; [`check`] finds them, and `tests/content` runs it
//! over every asset.

use crate::domain::sap::guide::Variable;

/// A stretch of text that is shown in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Running text.
    Text(String),
    /// A word that matters.
    Strong(String),
    /// A value that is typed or read exactly so.
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

/// What is wrong with a text of the guide.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkupError {
    /// A mark that opens and does not close, or has nothing in it.
    #[error("`{0}` opens a mark that does not close or is empty")]
    Unclosed(&'static str),
    /// A variable that does not exist.
    #[error("there is no variable {{{0}}}")]
    UnknownVariable(String),
    /// A brace without its partner.
    #[error("a brace opens and does not close; write {{{{ for a brace")]
    OpenBrace,
}

/// The spans of `text`, with `value` in place of the variables. Faulty marks stay as they are written.
pub fn parse(text: &str, value: &dyn Fn(Variable) -> String) -> Vec<Span> {
    scan(text, value).0
}

/// `template` with `value` in place of the variables; everything else, marks included, stays as it is.
pub fn fill(template: &str, value: &dyn Fn(Variable) -> String) -> String {
    substitute(template, value, &mut None)
}

/// Looks for faulty marks and unknown variables.
///
/// # Errors
///
/// The first fault.
pub fn check(text: &str) -> Result<(), MarkupError> {
    scan(text, &|_| String::new()).1.map_or(Ok(()), Err)
}

/// Looks for unknown variables in a copy template, which has no marks.
///
/// # Errors
///
/// The first fault.
pub fn check_template(template: &str) -> Result<(), MarkupError> {
    let mut fault = None;
    substitute(template, &|_| String::new(), &mut fault);
    fault.map_or(Ok(()), Err)
}

/// The variables that `text` names, in their order.
pub fn variables(text: &str) -> Vec<Variable> {
    let seen = std::cell::RefCell::new(Vec::new());
    fill(text, &|variable| {
        seen.borrow_mut().push(variable);
        String::new()
    });
    seen.into_inner()
}

/// Plain text: labels of the cockpit stand in quotes.
pub fn plain(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Ui(text) => format!("\"{text}\""),
            other => other.text().to_owned(),
        })
        .collect()
}

/// Markdown: labels of the cockpit in italics. What is not markup here is none there.
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

/// How a mark opens, how it closes, and what it makes of the text between.
type Mark = (&'static str, &'static str, fn(String) -> Span);

const MARKS: [Mark; 3] = [("*", "*", Span::Strong), ("`", "`", Span::Code), ("[ui:", "]", Span::Ui)];

fn scan(text: &str, value: &dyn Fn(Variable) -> String) -> (Vec<Span>, Option<MarkupError>) {
    let mut spans = Vec::new();
    let mut fault = None;
    // The running text from `start` on is not yet a span; the marks before `at` have been looked at.
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
                    spans.push(Span::Text(substitute(&text[start..at], value, &mut fault)));
                }
                spans.push(make(substitute(text[inner..inner + length].trim(), value, &mut fault)));
                at = inner + length + close.len();
                start = at;
            }
            None => {
                fault.get_or_insert(MarkupError::Unclosed(open));
                at = inner;
            }
        }
    }
    if start < text.len() {
        spans.push(Span::Text(substitute(&text[start..], value, &mut fault)));
    }
    (spans, fault)
}

fn substitute(text: &str, value: &dyn Fn(Variable) -> String, fault: &mut Option<MarkupError>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let inner = &rest[at + 1..];
        if let Some(after) = inner.strip_prefix('{') {
            out.push('{');
            rest = after;
            continue;
        }
        let name = inner.find('}').map(|end| &inner[..end]);
        match name.map(|name| (name, Variable::from_name(name))) {
            Some((name, Some(variable))) => {
                out.push_str(&value(variable));
                rest = &inner[name.len() + 1..];
            }
            Some((name, None)) => {
                fault.get_or_insert_with(|| MarkupError::UnknownVariable(name.to_owned()));
                out.push('{');
                rest = inner;
            }
            None => {
                fault.get_or_insert(MarkupError::OpenBrace);
                out.push('{');
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A backslash before every character that would be markup in Markdown. An underscore inside a word is none.
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
            // What a person may have typed: it must not become markup.
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
        assert_eq!(fill("{instance}", &value), "*my* `x` {plan} [ui: y]");
    }

    #[test]
    fn two_braces_are_one_and_a_closing_brace_is_itself() {
        assert_eq!(fill("{{\"plan\":\"{plan}\"}", &value), "{\"plan\":\"api\"}");
        assert_eq!(check("`{{\"a\":1}`"), Ok(()));
    }

    #[test]
    fn faults_are_found_and_still_shown() {
        let cases = [
            ("a *b", MarkupError::Unclosed("*")),
            ("a `b", MarkupError::Unclosed("`")),
            ("a [ui: b", MarkupError::Unclosed("[ui:")),
            ("a ** b", MarkupError::Unclosed("*")),
            ("a {nobody} b", MarkupError::UnknownVariable("nobody".to_owned())),
            ("a {plan b", MarkupError::OpenBrace),
        ];
        for (source, fault) in cases {
            assert_eq!(check(source), Err(fault), "{source}");
            assert_eq!(plain(&parse(source, &value)), source);
        }
        assert_eq!(check_template("{nobody}"), Err(MarkupError::UnknownVariable("nobody".to_owned())));
        assert_eq!(check_template("* {plan}"), Ok(()));
    }

    #[test]
    fn a_bracket_that_is_no_mark_is_text() {
        assert_eq!(parse("a [b] c", &value), [text("a [b] c")]);
    }

    #[test]
    fn plain_text_keeps_the_labels_of_the_cockpit_apart() {
        assert_eq!(plain(&parse("Open [ui: Instances] of `{plan}`.", &value)), "Open \"Instances\" of api.");
    }

    #[test]
    fn markdown_says_the_same_and_nothing_else() {
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
