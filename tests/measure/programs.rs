//! The programs that are measured.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::harness::PROGRAM;

/// Release builds.
pub struct Programs {
    pub cpikey: PathBuf,
    pub minimal: PathBuf,
}

/// Builds them as they are shipped: only the program, so that no dependency of the tests adds a feature.
pub fn build() -> Programs {
    let target = Path::new(PROGRAM).ancestors().nth(2).expect("the program is in a folder of the target folder");
    for what in [["--bin", "cpikey"], ["--example", "minimal"]] {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let cargo = cargo.args(["build", "--release", "--locked", "--quiet", "--target-dir"]).arg(target).args(what);
        assert!(cargo.status().is_ok_and(|status| status.success()), "the build failed");
    }
    let release = target.join("release");
    Programs { cpikey: release.join("cpikey"), minimal: release.join("examples/minimal") }
}

/// How large a file is.
pub fn megabytes(file: &Path) -> f64 {
    std::fs::metadata(file).map_or(0.0, |file| file.len() as f64 / 1e6)
}
