//! POSIX shells: sh, bash, dash, zsh.

/// One word of a command: in single quotes, in which only the single quote itself is special.
///
/// A shell cannot represent NUL; it is omitted.
pub fn word(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_single_quote_needs_care() {
        for (text, quoted) in [
            ("cpi-api", "'cpi-api'"),
            ("", "''"),
            ("it's", "'it'\\''s'"),
            ("$HOME `id` $(id) \\ \"", "'$HOME `id` $(id) \\ \"'"),
            ("a\nb", "'a\nb'"),
        ] {
            assert_eq!(word(text), quoted);
        }
    }

    /// The bytes that `sh` reads from the literal.
    #[cfg(unix)]
    fn read_back(literal: &str) -> Vec<u8> {
        let script = format!("printf %s {literal}");
        let output = std::process::Command::new("sh").args(["-c", &script]).output().expect("there is a sh");
        assert!(output.status.success() && output.stderr.is_empty(), "{literal:?}: {output:?}");
        output.stdout
    }

    #[cfg(unix)]
    proptest::proptest! {
        #[test]
        fn every_text_comes_back_from_the_shell(text in "[-a-z'\"$`\\\\!#&*(){}\\[\\];<>|~%\n\t ü\u{2019}]{0,24}|[^\0]*") {
            proptest::prop_assert_eq!(read_back(&word(&text)), text.as_bytes());
        }
    }
}
