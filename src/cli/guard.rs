//! Keeps secrets out of the arguments: refuses them before anything can repeat them.

use std::ffi::OsString;

use crate::domain::problem::Problem;

/// Options that other tools have for secrets.
const SECRET_OPTIONS: [&str; 7] =
    ["--secret", "--client-secret", "--clientsecret", "--password", "--token", "--private-key", "--key-json"];

/// Refuses arguments that are a secret or hold one. The argument itself is not repeated.
///
/// # Errors
///
/// With the reason why a secret does not belong there.
pub fn refuse_secrets(arguments: &[OsString]) -> Result<(), Problem> {
    const WHY: &str =
        "Other users of this machine can see arguments, and the shell keeps them in its history, so treat it as known.";
    for argument in arguments.iter().skip(1) {
        let argument = argument.to_string_lossy();
        let value = match argument.split_once('=') {
            Some((option, value)) if option.starts_with("--") => value,
            _ => argument.as_ref(),
        };
        let option = argument.split('=').next().unwrap_or_default();
        if option == "--passphrase" && option.len() < argument.len() {
            return Err(Problem::unusable(
                "A passphrase was given as an argument.",
                WHY,
                "Write --passphrase alone; it is asked for at the terminal.",
            ));
        }
        if SECRET_OPTIONS.contains(&option) {
            return Err(Problem::unusable(
                format!("There is no option {option}."),
                "Other users of this machine can see arguments, and the shell keeps them in its history.",
                "Put the key into a file, or pipe it in: cpikey test - < key.json",
            ));
        }
        if is_key_text(value) {
            return Err(Problem::unusable(
                "A key, or a part of one, was given as an argument.",
                WHY,
                "Put it into a file, or pipe it in: cpikey test - < key.json",
            ));
        }
        if has_password(value) {
            return Err(Problem::unusable(
                "An address with a password in it was given as an argument.",
                WHY,
                "For a proxy, set HTTPS_PROXY in the environment in place of --proxy.",
            ));
        }
    }
    Ok(())
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
        refuse_secrets(&arguments).err().map(|failure| format!("{failure:?}"))
    }

    #[test]
    fn whatever_holds_a_secret_is_refused_and_not_repeated() {
        for argument in [
            r#"{"oauth":{"clientsecret":"canary"}}"#,
            " {\"canary\":1}",
            "--secret=canary",
            "--passphrase=canary",
            "--client-secret=canary",
            "--proxy=http://me:canary@proxy:8080",
            "http://me:canary@proxy:8080/x",
            "-----BEGIN PRIVATE KEY-----canary",
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
