//! Values in a docker compose file: YAML in which `$` begins a variable.

use super::yaml;

/// A scalar in which every `$` is doubled, so that compose does not expand it.
pub fn scalar(text: &str) -> String {
    yaml::scalar(&text.replace('$', "$$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dollar_sign_is_doubled_before_the_quotes_are_set() {
        assert_eq!(scalar("3f1c$AbC='${x}'"), "'3f1c$$AbC=''$${x}'''");
    }
}
