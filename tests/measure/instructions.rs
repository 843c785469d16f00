//! Instructions, counted by valgrind, and compared with what they were.

use std::{fs, path::Path, process::ExitCode, time::Duration};

use crate::{
    harness::has,
    programs::Programs,
    screens::{DOWN, SCREENS, Wizard},
};

/// A line for each figure: name and count.
const BASELINE: &str = "tests/measure/baseline.txt";
/// valgrind makes the program fifty times slower.
const QUIET: Duration = Duration::from_millis(400);

/// The count of a screen that a live test precedes differs from run to run, so it is printed only.
const UNSTEADY: &str = "one Down on test";

/// Counts, prints, and fails if a figure grew by more than a tenth. `UPDATE_BASELINE=1` writes the file instead.
pub fn compare(programs: &Programs, moves: &[usize]) -> ExitCode {
    if !has("valgrind") {
        return ExitCode::SUCCESS;
    }
    let mut figures = vec![
        ("start of a minimal ratatui program".to_owned(), minimal(&programs.minimal)),
        ("start, first frame, quit".to_owned(), count(&programs.cpikey, &[], |_| {})),
    ];
    for (index, name) in SCREENS.iter().enumerate() {
        if moves[index] > 0 {
            let visit = |downs: usize| {
                count(&programs.cpikey, &["--practice", "--no-motion"], |wizard| {
                    wizard.walk(index);
                    for _ in 0..downs {
                        wizard.press(DOWN);
                    }
                })
            };
            let downs = moves[index] as u64;
            figures.push((format!("one Down on {name}"), visit(moves[index]).saturating_sub(visit(0)) / downs));
        }
    }
    let baseline = fs::read_to_string(BASELINE).unwrap_or_default();
    let mut grown = false;
    println!("Instructions (and before):");
    for (name, count) in &figures {
        let before = baseline.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
        let grew = before.is_some_and(|before| *count > before + before / 10);
        grown |= grew;
        let before = before.map_or_else(|| "new".to_owned(), |before| before.to_string());
        println!(
            "  {name:<36}{count:>12}{before:>12}{}",
            if grew { "  more than 10 % above the baseline" } else { "" }
        );
    }
    if std::env::var_os("UPDATE_BASELINE").is_some() {
        let steady = figures.iter().filter(|(name, _)| name != UNSTEADY);
        let text: String = steady.map(|(name, count)| format!("{name} {count}\n")).collect();
        return ExitCode::from(u8::from(fs::write(BASELINE, text).is_err()));
    }
    ExitCode::from(u8::from(grown))
}

/// The instructions of a program that is used so and then left.
fn count(program: &Path, arguments: &[&str], used: impl FnOnce(&mut Wizard)) -> u64 {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let out = format!("--callgrind-out-file={}", file.path().display());
    let program = program.to_string_lossy();
    let all: Vec<&str> = ["--tool=callgrind", &out, &program].into_iter().chain(arguments.iter().copied()).collect();
    let mut wizard = Wizard::start(Path::new("valgrind"), &all, QUIET);
    used(&mut wizard);
    wizard.quit();
    total(file.path())
}

fn minimal(program: &Path) -> u64 {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let out = format!("--callgrind-out-file={}", file.path().display());
    let mut session = crate::harness::Session::start(
        Path::new("valgrind"),
        &["--tool=callgrind", &out, &program.to_string_lossy()],
        &[],
    );
    session.wait_for("Row 20");
    session.send("q");
    session.wait_for_end();
    total(file.path())
}

fn total(file: &Path) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let total = text.lines().find_map(|line| line.strip_prefix("summary: ")?.trim().parse().ok());
    total.expect("valgrind counted nothing")
}
