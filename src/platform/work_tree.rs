//! Whether git would commit a file.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::domain::text::typed_path::without_verbatim;

/// What git would do with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GitStatus {
    /// It is not in a work tree.
    Outside,
    /// It is in a work tree that ignores it.
    Ignored,
    /// It is in this work tree, and the next commit may include it.
    Exposed(PathBuf),
    /// It is in this work tree, and git cannot be asked.
    Unknown(PathBuf),
}

/// Looks for a work tree around `path`, which need not exist, and asks git whether it ignores that file.
pub fn git_status(path: &Path) -> GitStatus {
    git_status_by(path, "git")
}

fn git_status_by(path: &Path, git: &str) -> GitStatus {
    let Ok(whole) = std::path::absolute(path) else { return GitStatus::Outside };
    let (Some(directory), Some(name)) = (whole.parent(), whole.file_name()) else { return GitStatus::Outside };
    // Links are resolved, because git uses the real path of the directory.
    let directory = directory.canonicalize().map_or_else(|_| directory.to_owned(), named);
    let Some(root) = directory.ancestors().find(|above| above.join(".git").exists()) else { return GitStatus::Outside };
    let answer = Command::new(git)
        // Otherwise git would run a monitor configured by the repository.
        .args(["-c", "core.fsmonitor=false", "-C"])
        .arg(&directory)
        .args(["check-ignore", "-q", "--"])
        .arg(name)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match answer.ok().and_then(|status| status.code()) {
        Some(0) => GitStatus::Ignored,
        Some(1) => GitStatus::Exposed(root.to_owned()),
        _ => GitStatus::Unknown(root.to_owned()),
    }
}

/// Not in the Windows form `\\?\C:\…`, which git and users do not expect.
fn named(looked_up: PathBuf) -> PathBuf {
    match looked_up.to_str().map(without_verbatim) {
        Some(named) if named.len() < looked_up.as_os_str().len() => PathBuf::from(named.into_owned()),
        _ => looked_up,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An empty repository; `None` if there is no git.
    fn repository() -> Option<(tempfile::TempDir, PathBuf)> {
        let directory = tempfile::tempdir().unwrap();
        let done = Command::new("git").args(["init", "-q"]).current_dir(directory.path()).status();
        let root = named(directory.path().canonicalize().unwrap());
        done.is_ok_and(|status| status.success()).then_some((directory, root))
    }

    #[test]
    fn a_file_outside_of_every_work_tree_is_not_exposed() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(git_status(&directory.path().join("key.json")), GitStatus::Outside);
    }

    #[test]
    fn a_file_in_a_work_tree_is_exposed_until_it_is_ignored() {
        let Some((_directory, root)) = repository() else { return };
        std::fs::create_dir(root.join("deep")).unwrap();
        for path in [root.join("key.json"), root.join("deep/key.json")] {
            assert_eq!(git_status(&path), GitStatus::Exposed(root.clone()));
        }
        std::fs::write(root.join(".gitignore"), "key.json\n").unwrap();
        assert_eq!(git_status(&root.join("deep/key.json")), GitStatus::Ignored);
        assert_eq!(git_status(&root.join("other.json")), GitStatus::Exposed(root));
    }

    #[test]
    fn the_work_tree_is_named_as_people_write_it() {
        let Some((_directory, root)) = repository() else { return };
        let GitStatus::Exposed(shown) = git_status(&root.join("key.json")) else { panic!("it is exposed") };
        assert!(!shown.to_string_lossy().starts_with(r"\\?\"), "{}", shown.display());
    }

    #[test]
    fn what_windows_looked_up_is_handed_to_git_without_its_prefix() {
        assert_eq!(named(PathBuf::from(r"\\?\C:\work")), Path::new(r"C:\work"));
        assert_eq!(named(PathBuf::from("/work")), Path::new("/work"));
    }

    #[test]
    fn without_git_the_status_is_unknown() {
        let directory = tempfile::tempdir().unwrap();
        // A linked work tree has a file with this name.
        std::fs::write(directory.path().join(".git"), "gitdir: elsewhere\n").unwrap();
        let root = named(directory.path().canonicalize().unwrap());
        for git in ["no-such-git", "git"] {
            assert_eq!(git_status_by(&directory.path().join("key.json"), git), GitStatus::Unknown(root.clone()));
        }
    }
}
