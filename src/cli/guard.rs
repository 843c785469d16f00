//! Keeps secrets out of the arguments: refuses them before anything can repeat them.

use std::ffi::OsString;

use crate::{domain::problem::Problem, words::Words};

/// Options that other tools have for secrets.
const SECRET_OPTIONS: [&str; 10] = [
    "--secret",
    "--client-secret",
    "--clientsecret",
    "--password",
    "--passcode",
    "--token",
    "--access-token",
    "--refresh-token",
    "--private-key",
    "--key-json",
];
/// Options about a secret that is asked for or piped in. They take no value.
const SECRET_FLAGS: [&str; 3] = ["--passphrase", "--passcode-stdin", "--password-stdin"];

/// Refuses arguments that are a secret or contain one. The argument itself is not repeated.
///
/// # Errors
///
/// The reason why a secret does not belong there.
pub fn refuse_secrets(arguments: &[OsString], words: Words) -> Result<(), Problem> {
    let words = words.guard();
    for argument in arguments.iter().skip(1) {
        let argument = argument.to_string_lossy();
        let (option, value) = match argument.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, value),
            _ => (argument.as_ref(), argument.as_ref()),
        };
        let template = if option == "--passphrase" && option.len() < argument.len() {
            words.passphrase()
        } else if SECRET_OPTIONS.contains(&option) {
            words.option()
        } else if is_key_text(value) || is_named_key_text(value) {
            words.key()
        } else if has_password(value) {
            words.address()
        } else {
            continue;
        };
        return Err(template.fill(&[("option", &option)]).unusable());
    }
    Ok(())
}

/// Why arguments make no sense of which one may be a secret: it follows an option that takes no value.
pub fn value_of_flag(arguments: &[OsString], words: Words) -> Option<Problem> {
    let pairs = arguments.iter().zip(arguments.iter().skip(1));
    let is_value = |argument: &OsString| !argument.to_string_lossy().starts_with('-');
    let (flag, _) =
        pairs.into_iter().find(|(flag, next)| SECRET_FLAGS.iter().any(|one| flag == one) && is_value(next))?;
    Some(words.guard().value().fill(&[("option", &flag.to_string_lossy())]).unusable())
}

/// JSON, PEM, or a client secret as SAP issues it: an id, a dollar sign, base64.
fn is_key_text(value: &str) -> bool {
    let value = value.trim_start();
    let secret = value.split_once('$').is_some_and(|(id, rest)| {
        let id_like = id.len() >= 32 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        id_like && !rest.is_empty()
    });
    value.starts_with('{') || value.starts_with("[{") || value.contains("-----BEGIN") || secret
}

/// The same after a name: `--key-file NAME=FILE`.
fn is_named_key_text(value: &str) -> bool {
    value.split_once('=').is_some_and(|(_, rest)| is_key_text(rest))
}

/// `https://user:password@host`.
fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(argument: &str) -> Option<String> {
        let arguments = ["cpikey", "test", argument].map(OsString::from);
        refuse_secrets(&arguments, Words::default()).err().map(|problem| format!("{problem:?}"))
    }

    #[test]
    fn an_argument_with_a_secret_is_refused_and_not_repeated() {
        for argument in [
            r#"{"oauth":{"clientsecret":"canary"}}"#,
            " {\"canary\":1}",
            "--secret=canary",
            "--passphrase=canary",
            "--passcode=canary",
            "--client-secret=canary",
            "--proxy=http://me:canary@proxy:8080",
            "http://me:canary@proxy:8080/x",
            "-----BEGIN PRIVATE KEY-----canary",
            "dev={\"canary\":1}",
            "--key-file=dev={\"canary\":1}",
            "3f1c9a52-0000-4000-8000-0123456789ab$canary=",
        ] {
            let said = refused(argument).unwrap_or_else(|| panic!("{argument} was let through"));
            assert!(!said.contains("canary"), "{said}");
        }
    }

    #[test]
    fn ordinary_arguments_pass() {
        for argument in [
            "key.json",
            "-",
            "--proxy",
            "http://proxy:8080",
            "https://me@proxy",
            "cost-in-$.json",
            "--role=X",
            "--passphrase",
        ] {
            assert_eq!(refused(argument), None, "{argument}");
        }
    }
}
