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
/// Flags for secrets that are prompted for or piped in. They take no value.
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
        } else if [value, &argument, argument.trim_start_matches('-')].into_iter().any(is_key_text)
            || is_named_key_text(value)
        {
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

/// The error for an argument that may be a secret because it follows a flag without a value.
pub fn value_of_flag(arguments: &[OsString], words: Words) -> Option<Problem> {
    let pairs = arguments.iter().zip(arguments.iter().skip(1));
    let is_value = |argument: &OsString| !argument.to_string_lossy().starts_with('-');
    let (flag, _) =
        pairs.into_iter().find(|(flag, next)| SECRET_FLAGS.iter().any(|one| flag == one) && is_value(next))?;
    Some(words.guard().value().fill(&[("option", &flag.to_string_lossy())]).unusable())
}

/// JSON, PEM, a token, or a client secret.
fn is_key_text(value: &str) -> bool {
    let value = value.trim_start();
    value.starts_with('{')
        || value.starts_with("[{")
        || value.contains("-----BEGIN")
        || has_client_secret(value)
        || is_secret_after_a_shell(value)
        || has_token(value)
}

/// A client secret as SAP issues it, an id, a dollar sign, base64, alone or after a client id as in `curl --user`.
fn has_client_secret(value: &str) -> bool {
    value.match_indices('$').any(|(at, _)| value.len() > at + 1 && ends_with_guid(&value[..at]))
}

fn ends_with_guid(text: &str) -> bool {
    let digits = text.chars().rev().take_while(|c| c.is_ascii_hexdigit() || *c == '-').count();
    digits >= 32
}

/// What a shell makes of a secret without quotes, or a part of one: without the variable that it takes the dollar sign for, and
/// with the `=` of base64 at its end, which no file name has.
fn is_secret_after_a_shell(value: &str) -> bool {
    let bare = value.trim_end_matches('=');
    bare.len() < value.len()
        && bare.len() >= 32
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+/".contains(&byte))
}

/// A JWT, or a header with credentials.
fn has_token(value: &str) -> bool {
    let header = value.rsplit_once(": ").map_or(value, |(_, header)| header);
    let is_header = header.split_once(' ').is_some_and(|(scheme, word)| {
        let known = ["bearer", "basic"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        known && word.len() >= 16 && !word.contains(' ') && word.contains(|c: char| c.is_ascii_digit() || c == '=')
    });
    let is_jwt = |word: &str| word.starts_with("eyJ") && word.matches('.').count() >= 2;
    is_header || value.split([' ', '=', ':']).any(is_jwt)
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
            "-----BEGIN PRIVATE KEY-----\ncanary==\n-----END PRIVATE KEY-----\n",
            "dev={\"canary\":1}",
            "--key-file=dev={\"canary\":1}",
            "3f1c9a52-0000-4000-8000-0123456789ab$canary=",
            "--3f1c9a52-0000-4000-8000-0123456789ab$canary=",
            "sb-1!b1|it!b2:3f1c9a52-0000-4000-8000-0123456789ab$canary=",
            "--instance=3f1c9a52-0000-4000-8000-0123456789ab$canary",
            "3f1c9a52-0000-4000-8000-0123456789ab-canary_0a1B2c3D4e5F6g7H8i9J0k=",
            "canary_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T=",
            "eyJhbGciOi.canary.c2ln",
            "--eyJhbGciOi.canary.c2ln",
            "token=eyJhbGciOi.canary.c2ln",
            "Bearer canary-0a1b2c3d4e5f",
            "Authorization: Basic canary0a1b2c3d4e5f",
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
            "3f1c9a52-0000-4000-8000-0123456789ab",
            "3f1c9a52-0000-4000-8000-0123456789ab.json",
            "prod=3f1c9a52-0000-4000-8000-0123456789ab.json",
            "0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T",
            "Basic access",
            "Bearer CommunicationUser",
            "keys/eyJ.json",
            "--role=X",
            "--passphrase",
        ] {
            assert_eq!(refused(argument), None, "{argument}");
        }
    }
}
