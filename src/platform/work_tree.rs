//! Whether a file lies where git would pick it up.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What git would do with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is no work tree around it.
    Outside,
    /// It lies in a work tree that ignores it.
    Ignored,
    /// It lies in this work tree, and the next commit may take it along.
    Exposed(PathBuf),
    /// It lies in this work tree, and git cannot be asked.
    Unknown(PathBuf),
}

/// Looks for a work tree around `path`, which need not exist, and asks git whether it ignores that file.
pub fn standing(path: &Path) -> Standing {
    standing_by(path, "git")
}

fn standing_by(path: &Path, git: &str) -> Standing {
    let Ok(whole) = std::path::absolute(path) else { return Standing::Outside };
    let (Some(directory), Some(name)) = (whole.parent(), whole.file_name()) else { return Standing::Outside };
    // Links are resolved, because git looks at where the directory really is.
    let directory = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
    let Some(root) = directory.ancestors().find(|above| above.join(".git").exists()) else { return Standing::Outside };
    let answer = Command::new(git)
        // A monitor that the repository names would be run otherwise.
        .args(["-c", "core.fsmonitor=false", "-C"])
        .arg(&directory)
        .args(["check-ignore", "-q", "--"])
        .arg(name)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match answer.ok().and_then(|status| status.code()) {
        Some(0) => Standing::Ignored,
        Some(1) => Standing::Exposed(root.to_owned()),
        _ => Standing::Unknown(root.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An empty repository, `None` where there is no git.
    fn repository() -> Option<(tempfile::TempDir, PathBuf)> {
        let directory = tempfile::tempdir().unwrap();
        let done = Command::new("git").args(["init", "-q"]).current_dir(directory.path()).status();
        let root = directory.path().canonicalize().unwrap();
        done.is_ok_and(|status| status.success()).then_some((directory, root))
    }

    #[test]
    fn a_file_outside_of_every_work_tree_is_nobodys_concern() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(standing(&directory.path().join("key.json")), Standing::Outside);
    }

    #[test]
    fn a_file_in_a_work_tree_is_exposed_until_it_is_ignored() {
        let Some((_directory, root)) = repository() else { return };
        std::fs::create_dir(root.join("deep")).unwrap();
        for path in [root.join("key.json"), root.join("deep/key.json")] {
            assert_eq!(standing(&path), Standing::Exposed(root.clone()));
        }
        std::fs::write(root.join(".gitignore"), "key.json\n").unwrap();
        assert_eq!(standing(&root.join("deep/key.json")), Standing::Ignored);
        assert_eq!(standing(&root.join("other.json")), Standing::Exposed(root));
    }

    #[test]
    fn without_git_nothing_is_promised() {
        let directory = tempfile::tempdir().unwrap();
        // A work tree that is linked to its repository has a file of that name.
        std::fs::write(directory.path().join(".git"), "gitdir: elsewhere\n").unwrap();
        let root = directory.path().canonicalize().unwrap();
        for git in ["no-such-git", "git"] {
            assert_eq!(standing_by(&directory.path().join("key.json"), git), Standing::Unknown(root.clone()));
        }
    }
}
