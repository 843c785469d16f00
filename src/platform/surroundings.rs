//! The environment of the program, for diagnosis: the terminal, directories, the cf CLI.

use std::{
    env, fs,
    io::{self, IsTerminal as _},
    path::Path,
};

use super::{cf_config, env::Environment, paths, profile};
use crate::domain::{
    doctor::{Access, Cf, CfTarget, Directory, TerminalFacts},
    finding,
    text::safe_text::SafeText,
};

/// The names of the cf CLI's executable.
const CF_PROGRAMS: &[&str] = if cfg!(windows) { &["cf.exe", "cf8.exe", "cf7.exe"] } else { &["cf", "cf8", "cf7"] };

/// The name and size of the terminal.
pub fn terminal(environment: &Environment) -> TerminalFacts {
    let names = [&environment.term, &environment.terminal.program];
    let name = names.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ");
    let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    TerminalFacts {
        name: (!name.is_empty()).then(|| SafeText::line(&name)),
        size: if is_terminal { crossterm::terminal::size().ok() } else { None },
        dumb: environment.is_dumb(),
    }
}

/// The directory of the saved systems.
pub fn data_directory() -> Option<Directory> {
    paths::data_dir().map(|path| directory(&path))
}

/// The directory of the progress file.
pub fn state_directory() -> Option<Directory> {
    paths::state_dir().map(|path| directory(&path))
}

/// The directory to which files are written.
pub fn working_directory() -> Directory {
    match env::current_dir() {
        Ok(path) => match directory(&path) {
            Directory { path: shown, access: Access::Writable } if profile::left_by(&path).is_some() => {
                Directory { path: shown, access: Access::WritableForOthers }
            }
            directory => directory,
        },
        Err(error) => Directory { path: SafeText::line(&error.to_string()), access: Access::ReadOnly },
    }
}

/// Whether a directory can be written to or created. Writes nothing to find out.
fn directory(path: &Path) -> Directory {
    let shown = SafeText::line(&path.to_string_lossy());
    let existing = path.ancestors().find(|ancestor| fs::symlink_metadata(ancestor).is_ok());
    let access = match existing {
        Some(existing) if !is_writable(existing) => Access::ReadOnly,
        Some(existing) if existing == path => Access::Writable,
        Some(_) => Access::CanBeMade,
        None => Access::ReadOnly,
    };
    Directory { path: shown, access }
}

#[cfg(unix)]
fn is_writable(path: &Path) -> bool {
    use rustix::fs::{Access, access};
    path.is_dir() && access(path, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// The read-only flag of Windows says nothing about directories, and its access control lists can only be checked by
/// trying.
#[cfg(not(unix))]
fn is_writable(path: &Path) -> bool {
    path.is_dir()
}

/// Whether cf is installed, and what it targets. Its tokens are ignored.
pub fn cf(environment: &Environment) -> Cf {
    let folders = environment.path.as_ref().map(|path| env::split_paths(path).collect::<Vec<_>>()).unwrap_or_default();
    let installed = folders.iter().any(|folder| CF_PROGRAMS.iter().any(|name| folder.join(name).is_file()));
    if !installed {
        return Cf::Missing;
    }
    let unusable = |why: finding::Fact| match why {
        finding::Fact::CfLoggedOut => Cf::NeverUsed,
        why => Cf::Unusable(why),
    };
    let shown = |text: Option<String>| SafeText::line(&text.unwrap_or_default());
    match cf_config::read(environment) {
        Ok(login) => {
            Cf::Target(CfTarget { api: SafeText::line(&login.api), org: shown(login.org), space: shown(login.space) })
        }
        Err(finding) => finding.evidence.map_or(Cf::NeverUsed, unusable),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn environment(folder: &Path) -> Environment {
        let text = |name: &str| match name {
            "PATH" => Some(folder.join("bin").into_os_string()),
            "HOME" => Some(folder.as_os_str().to_owned()),
            _ => None,
        };
        Environment::from_lookup(text)
    }

    #[test]
    fn cf_is_found_with_its_target_and_without_its_tokens() {
        let folder = tempfile::tempdir().unwrap();
        let environment = environment(folder.path());
        assert_eq!(cf(&environment), Cf::Missing);
        fs::create_dir_all(folder.path().join("bin")).unwrap();
        fs::write(folder.path().join("bin/cf8"), "").unwrap();
        assert_eq!(cf(&environment), Cf::NeverUsed);
        fs::create_dir_all(folder.path().join(".cf")).unwrap();
        let config = folder.path().join(".cf/config.json");
        fs::write(&config, "{").unwrap();
        assert_eq!(cf(&environment), Cf::Unusable(finding::Fact::CfFileDamaged));
        fs::write(&config, r#"{"Target":"https://api.example"}"#).unwrap();
        assert_eq!(cf(&environment), Cf::NeverUsed);
        let text = r#"{"AccessToken":"bearer canary","RefreshToken":"canary","Target":"https://api.cf.eu10.hana.ondemand.com","OrganizationFields":{"GUID":"x","Name":"my-org"},"SpaceFields":{"Name":"d\u001bev"}}"#;
        fs::write(&config, text).unwrap();
        let found = cf(&environment);
        assert!(!format!("{found:?}").contains("canary"));
        let Cf::Target(target) = found else { panic!("{found:?}") };
        assert_eq!(target.org.as_str(), "my-org");
        assert!(!target.space.as_str().contains('\u{1b}'));
        fs::write(&config, r#"{"Target":"https://api.example","RefreshToken":"canary"}"#).unwrap();
        assert!(matches!(cf(&environment), Cf::Target(target) if target.org.is_empty()));
    }

    #[test]
    fn a_directory_is_looked_at_without_being_made() {
        let folder = tempfile::tempdir().unwrap();
        let access = |path: &Path| directory(path).access;
        assert_eq!(access(folder.path()), Access::Writable);
        assert_eq!(access(&folder.path().join("a/b")), Access::CanBeMade);
        assert!(!folder.path().join("a").exists());
        fs::write(folder.path().join("file"), "").unwrap();
        assert_eq!(access(&folder.path().join("file/b")), Access::ReadOnly);
        assert_eq!(access(&folder.path().join("file")), Access::ReadOnly);
    }
}
