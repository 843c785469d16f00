//! Templates: text with `<<field>>` in it. Braces, dollar signs and quotes mean nothing here, because they mean something in
//! the formats that are written.

use super::Field;

/// A stretch of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// A value stands here.
    Field(Field),
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A field that does not exist.
    #[error("there is no field <<{0}>>")]
    UnknownField(String),
    /// `>>` without its `<<`.
    #[error("`>>` closes nothing")]
    NothingOpen,
}

/// The pieces of `template`. A field that does not exist stays as it is written; [`check`] finds it.
pub(super) fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let (text, after) = match next(rest) {
            Some((0, name, after)) => {
                let piece = Field::from_name(name).map_or(Piece::Text(&rest[..rest.len() - after.len()]), Piece::Field);
                rest = after;
                return Some(piece);
            }
            Some((at, ..)) => rest.split_at(at),
            None if rest.is_empty() => return None,
            None => (rest, ""),
        };
        rest = after;
        Some(Piece::Text(text))
    })
}

/// Where the next `<<name>>` begins, its name, and what follows it.
fn next(text: &str) -> Option<(usize, &str, &str)> {
    text.match_indices("<<").find_map(|(at, open)| {
        let (name, after) = text[at + open.len()..].split_once(">>")?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        is_name.then_some((at, name, after))
    })
}

/// Looks for fields that do not exist.
///
/// # Errors
///
/// The first fault.
pub fn check(template: &str) -> Result<(), TemplateError> {
    for piece in pieces(template) {
        if let Piece::Text(text) = piece {
            match next(text) {
                Some((_, name, _)) => return Err(TemplateError::UnknownField(name.to_owned())),
                None if text.contains(">>") => return Err(TemplateError::NothingOpen),
                None => {}
            }
        }
    }
    Ok(())
}

/// The fields that `template` names, in their order.
pub fn fields(template: &str) -> Vec<Field> {
    pieces(template)
        .filter_map(|piece| match piece {
            Piece::Field(field) => Some(field),
            Piece::Text(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_between_angle_brackets_and_everything_else_is_text() {
        let found: Vec<Piece<'_>> = pieces("a <<url>>{{$x}} <<'END'\n<<host>>").collect();
        let expected =
            [Piece::Text("a "), Piece::Field(Field::Url), Piece::Text("{{$x}} <<'END'\n"), Piece::Field(Field::Host)];
        assert_eq!(found, expected);
        assert_eq!(fields("<<url>><<url>>"), [Field::Url, Field::Url]);
    }

    #[test]
    fn misspelt_fields_are_found() {
        assert_eq!(check("<<url>> <<nobody>>"), Err(TemplateError::UnknownField("nobody".to_owned())));
        assert_eq!(check("<<client id>>"), Err(TemplateError::NothingOpen));
        assert_eq!(check("cat <<'END' > x"), Ok(()));
    }
}
