//! `cpikey KEYFILE`: the key that the wizard opens with.

use std::{ffi::OsString, path::Path};

use clap::CommandFactory as _;
use zeroize::Zeroizing;

use super::{args::Cli, input, words};
use crate::domain::{key::service_key::SIZE_LIMIT, problem::Problem, text::safe_text::SafeText};

/// Reads the file before anything is drawn.
///
/// # Errors
///
/// If it is missing, not an ordinary file, or too large. If there is no such file, a name similar to a command is
/// treated as a mistyped command.
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let labels = words().input();
    if path.as_os_str() == input::STDIN {
        return Err(labels.wizard_from_stdin().fill(&[]).unusable());
    }
    let name = path.to_string_lossy();
    if !path.exists()
        && let Some(command) = similar_command(&name)
    {
        return Err(no_such(path, &command));
    }
    // A plain word was probably meant as a command.
    if !path.exists() && !name.contains(['/', '\\', '.']) {
        return Err(labels.unknown_command().fill(&[("name", &SafeText::line(&name))]).unusable());
    }
    let bytes = input::read_file(path, SIZE_LIMIT)?;
    if bytes.len() > SIZE_LIMIT {
        return Err(labels.too_large().fill(&[("limit", &(SIZE_LIMIT / 1024))]).unusable());
    }
    Ok(bytes)
}

/// The error for a mistyped command that makes its arguments invalid.
pub fn mistyped(arguments: &[OsString]) -> Option<Problem> {
    // Skip values of options.
    let is_value = |before: &OsString| matches!(before.to_str(), Some("--color" | "--theme"));
    let is_name = |argument: &OsString| !argument.to_string_lossy().starts_with('-');
    let pairs = arguments.iter().zip(arguments.iter().skip(1));
    let (_, first) = pairs.into_iter().find(|(before, argument)| is_name(argument) && !is_value(before))?;
    let path = Path::new(first);
    (!path.exists()).then(|| similar_command(&first.to_string_lossy()))?.map(|command| no_such(path, &command))
}

fn no_such(path: &Path, command: &str) -> Problem {
    let name = SafeText::line(&path.to_string_lossy());
    words().input().neither_command_nor_file().fill(&[("name", &name), ("command", &command)]).unusable()
}

/// The command that was probably meant.
fn similar_command(name: &str) -> Option<String> {
    let commands = Cli::command();
    let names = commands.get_subcommands().map(|command| command.get_name().to_owned());
    let distance = |other: &String| strsim::osa_distance(&name.to_lowercase(), other);
    let nearest = names.min_by_key(distance)?;
    // An exact command name was not mistyped.
    (nearest != name && distance(&nearest) <= 1 + nearest.len() / 4).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &Path) -> Problem {
        read(path).expect_err("it is refused")
    }

    #[test]
    fn a_mistyped_command_is_not_taken_for_a_file() {
        for (typed, meant) in [("tset", "test"), ("inspekt", "inspect"), ("Params", "params"), ("system", "systems")] {
            let problem = refused(Path::new(typed));
            assert!(problem.fix.contains(&format!("cpikey {meant}")), "{problem:?}");
        }
        let missing = refused(Path::new("key.json"));
        assert_eq!(missing.what, words().files().missing().fill(&[("name", &"key.json")]).what);
    }

    #[test]
    fn a_file_whose_name_is_like_a_command_is_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tset");
        std::fs::write(&path, "{}").unwrap();
        assert_eq!(read(&path).unwrap().as_slice(), b"{}");
    }

    #[test]
    fn what_is_too_large_or_piped_in_is_refused_with_what_to_do() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        std::fs::write(&path, vec![b'x'; SIZE_LIMIT + 1]).unwrap();
        assert_eq!(refused(&path).what, words().input().too_large().what);
        assert!(refused(Path::new("-")).fix.contains("cpikey test -"));
        assert_eq!(refused(directory.path()).why, words().files().directory().why);
    }
}
