//! The programs that are measured.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    harness::{PROGRAM, has},
    report::Report,
};

/// The target for the size of the binary, in MB.
const SIZE: f64 = 8.0;

/// Release builds.
pub struct Programs {
    pub cpikey: PathBuf,
    /// The minimal full-screen program with ratatui, if it was built.
    pub minimal: Option<PathBuf>,
}

/// A program with a list, and how it is used.
pub struct Program<'a> {
    pub name: &'static str,
    pub path: &'a Path,
    pub arguments: &'a [&'a str],
    /// The last part of its first frame.
    pub complete: &'a [u8],
    /// The keys Down and Up in the mode it selects.
    pub arrows: [&'static str; 2],
    /// The keys that end it.
    pub quit: &'static str,
}

impl Programs {
    /// cpikey, and the available programs to compare it with.
    pub fn all(&self) -> Vec<Program<'_>> {
        const ARROWS: [&str; 2] = ["\x1b[B", "\x1b[A"];
        const CHECKLIST: [&str; 17] = [
            "--checklist",
            "What will use the key?",
            "20",
            "70",
            "10",
            "a",
            "First of a list",
            "on",
            "b",
            "Second of a list",
            "off",
            "c",
            "Third of a list",
            "off",
            "d",
            "Fourth of a list",
            "off",
        ];
        let mut all = vec![Program {
            name: "cpikey",
            path: &self.cpikey,
            arguments: &[],
            complete: b"\x1b[?2026l",
            arrows: ARROWS,
            quit: "\x03",
        }];
        if let Some(path) = &self.minimal {
            let (name, complete) = ("minimal ratatui program", "┘".as_bytes());
            all.push(Program { name, path, arguments: &[], complete, arrows: ARROWS, quit: "q" });
        }
        // Of these, only dialog switches the arrow keys to application mode.
        for (name, arrows) in [("whiptail", ARROWS), ("dialog", ["\x1bOB", "\x1bOA"])] {
            if has(name) {
                let (path, arguments, complete) = (Path::new(name), &CHECKLIST[..], &b"ancel"[..]);
                all.push(Program { name, path, arguments, complete, arrows, quit: "\x1b\x1b" });
            }
        }
        all
    }
}

/// Builds it as shipped: only the program, so that no test dependency adds a feature. A specified other program is
/// measured as is.
pub fn find(named: Option<PathBuf>) -> Programs {
    if let Some(named) = named {
        let cpikey = named.canonicalize().expect("the path of a program");
        let minimal = Some(cpikey.with_file_name("examples").join("minimal")).filter(|path| path.is_file());
        return Programs { cpikey, minimal };
    }
    let target = Path::new(PROGRAM).ancestors().nth(2).expect("the program is in a folder of the target folder");
    for what in [["--bin", "cpikey"], ["--example", "minimal"]] {
        println!("cargo build --release {}", what.join(" "));
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let cargo = cargo.args(["build", "--release", "--locked", "--quiet", "--target-dir"]).arg(target).args(what);
        assert!(cargo.status().is_ok_and(|status| status.success()), "the build failed");
    }
    let release = target.join("release");
    Programs { cpikey: release.join("cpikey"), minimal: Some(release.join("examples/minimal")) }
}

/// How large the program is.
pub fn size(programs: &Programs, report: &mut Report) {
    let bytes = fs::metadata(&programs.cpikey).map_or(0, |file| file.len());
    report.figure("size of the program", bytes as f64 / 1e6, "MB", Some(SIZE));
}
