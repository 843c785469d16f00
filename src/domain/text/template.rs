//! Texts with `@name@` in them, for languages in which braces mean something already.

/// `template` with values in place of `@name@`. What a value holds is not looked at again, and what no value is known for
/// stays as it is.
pub fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some(at) = rest.find('@') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let named = from[1..].split_once('@').and_then(|(name, after)| {
            let value = values.iter().find(|(known, _)| *known == name)?;
            Some((&value.1, after))
        });
        match named {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('@');
                rest = &from[1..];
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_holds_is_not_filled_in_again() {
        let values = [("x", "@y@".to_owned()), ("y", "1".to_owned())];
        assert_eq!(fill("a @x@ @y@ @ b@c @x", &values), "a @y@ 1 @ b@c @x");
        assert_eq!(fill("@z@x@", &values), "@z@y@");
    }
}
