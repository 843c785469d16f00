//! Templates with placeholders: `{name}` in texts for users, `@name@` in scripts and Markdown, `<<name>>` in the files
//! of exports. Each is used where the other marks already have a meaning.
//!
//! A placeholder may have a fallback: `{name|otherwise}`. A value is never parsed as a template, and unknown names stay
//! as written; [`check`] finds them.

use std::borrow::Cow;

/// How a placeholder is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// `{name}`, and `{{` for a brace.
    Braces,
    /// `@name@`
    Ats,
    /// `<<name>>`
    Angles,
}

impl Marks {
    const fn open(self) -> &'static str {
        match self {
            Marks::Braces => "{",
            Marks::Ats => "@",
            Marks::Angles => "<<",
        }
    }

    const fn close(self) -> &'static str {
        match self {
            Marks::Braces => "}",
            Marks::Ats => "@",
            Marks::Angles => ">>",
        }
    }
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a, T> {
    /// Literal text.
    Text(&'a str),
    /// A placeholder with its fallback.
    Place(T, &'a str),
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// An unknown name.
    #[error("there is no {0}")]
    UnknownName(String),
    /// An unmatched mark.
    #[error("`{0}` has no partner")]
    Unpaired(&'static str),
}

/// The pieces of `template`; `known` maps a name to its meaning, if it has one.
pub fn pieces<'a, T>(
    template: &'a str,
    marks: Marks,
    known: impl Fn(&str) -> Option<T>,
) -> impl Iterator<Item = Piece<'a, T>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        // The end of the literal text; unknown names belong to it.
        let mut text = 0;
        while let Some(offset) = rest[text..].find(marks.open()) {
            let at = text + offset;
            let inner = &rest[at + marks.open().len()..];
            if marks == Marks::Braces && inner.starts_with('{') {
                let piece = Piece::Text(&rest[..=at]);
                rest = &inner[1..];
                return Some(piece);
            }
            let Some((value, otherwise, after)) = place(inner, marks)
                .and_then(|(name, otherwise, after)| known(name).map(|value| (value, otherwise, after)))
            else {
                text = at + marks.open().len();
                continue;
            };
            if at > 0 {
                let piece = Piece::Text(&rest[..at]);
                rest = &rest[at..];
                return Some(piece);
            }
            rest = after;
            return Some(Piece::Place(value, otherwise));
        }
        let last = std::mem::take(&mut rest);
        (!last.is_empty()).then_some(Piece::Text(last))
    })
}

/// The name at the start of `text`, its fallback, and the rest after the closing mark.
fn place(text: &str, marks: Marks) -> Option<(&str, &str, &str)> {
    let (inner, after) = text.split_once(marks.close())?;
    let (name, otherwise) = inner.split_once('|').unwrap_or((inner, ""));
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'0'..=b'9'));
    is_name.then_some((name, otherwise, after))
}

/// The meanings of the names in `template`, in order.
pub fn names<T>(template: &str, marks: Marks, known: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let places = pieces(template, marks, known);
    places.filter_map(|piece| if let Piece::Place(value, _) = piece { Some(value) } else { None }).collect()
}

/// `template` with its values filled in. An empty value counts as missing.
pub fn fill<'v>(template: &str, marks: Marks, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    for piece in pieces(template, marks, value) {
        out.push_str(match &piece {
            Piece::Text(text) => text,
            Piece::Place(value, otherwise) if value.is_empty() => otherwise,
            Piece::Place(value, _) => value,
        });
    }
    out
}

/// Checks for unknown names and unmatched marks.
///
/// # Errors
///
/// The first error.
pub fn check(template: &str, marks: Marks, known: impl Fn(&str) -> bool) -> Result<(), TemplateError> {
    // Scripts use @ and << for other purposes, so a single one is not an error there; a literal brace is written twice.
    let (template, single) = match marks {
        Marks::Braces => (template.replace("{{", ""), Some("{")),
        Marks::Ats => (template.to_owned(), None),
        Marks::Angles => (template.to_owned(), Some(">>")),
    };
    for piece in pieces(&template, marks, |name| Some((name.to_owned(), known(name)))) {
        match (piece, single) {
            (Piece::Place((name, false), _), _) => return Err(TemplateError::UnknownName(name)),
            (Piece::Text(text), Some(mark)) if text.contains(mark) => return Err(TemplateError::Unpaired(mark)),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<Cow<'static, str>> {
        match name {
            "x" => Some("@y@{y}".into()),
            "y" => Some("1".into()),
            "nothing" => Some("".into()),
            _ => None,
        }
    }

    #[test]
    fn a_value_is_not_read_as_a_template() {
        assert_eq!(fill("a @x@ @y@ @ b@c @x", Marks::Ats, value), "a @y@{y} 1 @ b@c @x");
        assert_eq!(fill("{x}{y}", Marks::Braces, value), "@y@{y}1");
    }

    #[test]
    fn what_is_not_a_known_name_stays_as_it_is() {
        assert_eq!(fill("@z@y@", Marks::Ats, value), "@z1");
        assert_eq!(fill("{z} { y } {y {y}", Marks::Braces, value), "{z} { y } {y 1");
        assert_eq!(fill("<<z>> <<'END' <<y>>", Marks::Angles, value), "<<z>> <<'END' 1");
    }

    #[test]
    fn a_place_without_a_value_shows_what_it_says_otherwise() {
        assert_eq!(fill("{nothing|the host}, {nothing}, {y|2}", Marks::Braces, value), "the host, , 1");
    }

    #[test]
    fn two_braces_are_one() {
        assert_eq!(fill("{{\"y\":{y}}, {{y}", Marks::Braces, value), "{\"y\":1}, {y}");
    }

    #[test]
    fn mistakes_are_found() {
        let known = |name: &str| name == "y";
        let unknown = |name: &str| Err(TemplateError::UnknownName(name.to_owned()));
        for (template, marks, expected) in [
            ("{{a {y} b", Marks::Braces, Ok(())),
            ("{z}", Marks::Braces, unknown("z")),
            ("{y", Marks::Braces, Err(TemplateError::Unpaired("{"))),
            ("{", Marks::Braces, Err(TemplateError::Unpaired("{"))),
            ("<<z>> <<y>>", Marks::Angles, unknown("z")),
            ("<<client id>>", Marks::Angles, Err(TemplateError::Unpaired(">>"))),
            ("cat <<'END' > x", Marks::Angles, Ok(())),
        ] {
            assert_eq!(check(template, marks, known), expected, "{template}");
        }
    }

    proptest::proptest! {
        #[test]
        fn without_known_names_a_text_stays_as_it_is(text in "[a-c@<>|\u{e9} ]{0,40}") {
            for marks in [Marks::Ats, Marks::Angles] {
                proptest::prop_assert_eq!(&fill(&text, marks, |_| None), &text);
            }
        }
    }
}
