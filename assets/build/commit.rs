//! The commit from which the program is built, and its features.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Number of commit digits shown.
const DIGITS: usize = 12;

/// The features of the crate.
const FEATURES: [&str; 2] = ["clipboard", "keyring"];

/// Passes the program its features and its commit: that of the packed crate, otherwise that of the repository,
/// otherwise none.
///
/// Only in release builds: other builds would be recompiled after every commit.
pub fn tell(root: &Path) {
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = if is_release { of_package(root).or_else(|| of_repository(root)) } else { None };
    println!("cargo::rustc-env=CPIKEY_COMMIT={}", commit.as_deref().unwrap_or("unknown"));
    let is_on = |name: &&str| env::var_os(format!("CARGO_FEATURE_{}", name.to_uppercase())).is_some();
    let features: Vec<&str> = FEATURES.into_iter().filter(is_on).collect();
    println!(
        "cargo::rustc-env=CPIKEY_FEATURES={}",
        if features.is_empty() { "none".into() } else { features.join(", ") }
    );
}

/// `cargo package` records the commit in a file next to the manifest.
fn of_package(root: &Path) -> Option<String> {
    let noted = fs::read_to_string(root.join(".cargo_vcs_info.json")).ok()?;
    let (_, rest) = noted.split_once("\"sha1\": \"")?;
    let commit = rest.get(..DIGITS)?;
    let is_changed = noted.contains("\"dirty\": true");
    Some(if is_changed { format!("{commit}, changed") } else { commit.to_owned() })
}

fn of_repository(root: &Path) -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    // A crate unpacked inside another repository has nothing to do with that repository's commits.
    let top = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?).canonicalize().ok()?;
    if top != root.canonicalize().ok()? {
        return None;
    }
    for name in ["HEAD", "logs/HEAD"] {
        println!("cargo::rerun-if-changed={}", git(&["rev-parse", "--git-path", name])?);
    }
    let commit = git(&["rev-parse", &format!("--short={DIGITS}"), "HEAD"])?;
    let is_changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|changes| !changes.is_empty());
    Some(if is_changed { format!("{commit}, changed") } else { commit })
}
