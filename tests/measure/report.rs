//! The results as tables, for the terminal and for `docs/performance.md`.

use std::{
    fmt::Write as _,
    fs,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use jiff::Zoned;

/// A line for each count: name and instructions.
const BASELINE: &str = "tests/measure/baseline.txt";

/// The page with the tables.
const PAGE: &str = "docs/performance.md";
/// The markers around them there.
const MARKS: (&str, &str) = ("<!-- measured -->\n", "<!-- end of measured -->\n");

/// The columns of the table of programs.
const COLUMNS: [&str; 9] = [
    "Program",
    "First frame ms",
    "(fastest)",
    "Key ms p50",
    "p95",
    "Bytes per key",
    "Idle: wake-ups, bytes, CPU %",
    "RSS MB",
    "PSS MB",
];

/// What was measured.
pub struct Report {
    programs: Vec<[String; COLUMNS.len()]>,
    figures: Vec<Figure>,
    counts: Vec<(String, u64)>,
    skipped: Vec<String>,
    began: Instant,
    /// The load of the machine before.
    load: String,
}

/// One figure of the program.
struct Figure {
    what: String,
    value: String,
    target: String,
    /// Whether the target is met, if there is one.
    met: Option<bool>,
}

impl Default for Report {
    fn default() -> Self {
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split_whitespace().next().unwrap_or_default().to_owned();
        let (programs, figures, counts, skipped) = <_>::default();
        Self { programs, figures, counts, skipped, began: Instant::now(), load }
    }
}

impl Report {
    /// Starts a part.
    pub fn begin(&self, part: &str) {
        println!("[{:>3} s] {part}", self.began.elapsed().as_secs());
    }

    /// A row of the table of programs.
    pub fn program(&mut self, row: [String; COLUMNS.len()]) {
        println!("  {}", row.join("  "));
        self.programs.push(row);
    }

    /// A figure and its target.
    pub fn figure(&mut self, what: impl Into<String>, value: f64, unit: &str, target: Option<f64>) {
        self.figure_with(what, value, unit, target, "");
    }

    /// A figure with a remark.
    pub fn figure_with(&mut self, what: impl Into<String>, value: f64, unit: &str, target: Option<f64>, remark: &str) {
        let shown = |value: f64| match unit {
            "bytes" | "" => format!("{value:.0} {unit}"),
            "M instructions" => format!("{value:.2} {unit}"),
            _ => format!("{value:.1} {unit}"),
        };
        let figure = Figure {
            what: what.into(),
            value: format!("{} {remark}", shown(value)).split_whitespace().collect::<Vec<_>>().join(" "),
            target: target.map(shown).unwrap_or_default().trim().to_owned(),
            met: target.map(|target| value <= target),
        };
        println!("  {}: {} {}", figure.what, figure.value, verdict(figure.met));
        self.figures.push(figure);
    }

    /// A count that must not grow by more than 10 %, and its target.
    pub fn count(&mut self, what: impl Into<String>, count: u64, target: Option<f64>) {
        let what = what.into();
        let before = before(&what).map_or_else(String::new, |before| format!("(baseline {:.2})", before as f64 / 1e6));
        self.figure_with(what.clone(), count as f64 / 1e6, "M instructions", target, &before);
        self.counts.push((what, count));
    }

    /// Something that cannot be measured on this machine.
    pub fn skip(&mut self, why: impl Into<String>) {
        let why = why.into();
        println!("  skipped: {why}");
        self.skipped.push(why);
    }

    /// Prints everything and compares the counts with the baseline. `UPDATE_BASELINE=1` updates the baseline instead,
    /// and `UPDATE_DOCS=1` writes the tables to the page.
    pub fn end(self) -> ExitCode {
        let tables = self.tables();
        println!("\n{tables}");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            let page = fs::read_to_string(PAGE).expect("the page is there");
            let (head, rest) = page.split_once(MARKS.0).expect("the page marks the tables");
            let (_, tail) = rest.split_once(MARKS.1).expect("the page marks the end of the tables");
            fs::write(PAGE, [head, MARKS.0, &tables, MARKS.1, tail].concat()).expect("the page can be written");
        }
        if std::env::var_os("UPDATE_BASELINE").is_some() {
            let text: String = self.counts.iter().map(|(name, count)| format!("{name} {count}\n")).collect();
            return ExitCode::from(u8::from(fs::write(BASELINE, text).is_err()));
        }
        let grown: Vec<&str> =
            self.counts.iter().filter(|(name, count)| grew(name, *count)).map(|(name, _)| name.as_str()).collect();
        if grown.is_empty() {
            return ExitCode::SUCCESS;
        }
        println!("More than 10 % above {BASELINE}: {}", grown.join(", "));
        ExitCode::FAILURE
    }

    /// As they are on the page.
    fn tables(&self) -> String {
        let took = self.began.elapsed().as_secs();
        let mut text = format!("{}. Load before it: {}. It took {took} s.\n", machine(), self.load);
        if !self.programs.is_empty() {
            let _ = write!(text, "\n| {} |\n|{}\n", COLUMNS.join(" | "), "---|".repeat(COLUMNS.len()));
            for row in &self.programs {
                let _ = writeln!(text, "| {} |", row.join(" | "));
            }
        }
        if !self.figures.is_empty() {
            text.push_str("\n| What | Figure | Target | |\n|---|---|---|---|\n");
            for Figure { what, value, target, met } in &self.figures {
                let _ = writeln!(text, "| {what} | {value} | {target} | {} |", verdict(*met));
            }
        }
        for why in &self.skipped {
            let _ = write!(text, "\nSkipped: {why}.\n");
        }
        text
    }
}

fn verdict(met: Option<bool>) -> &'static str {
    match met {
        None => "",
        Some(true) => "met",
        Some(false) => "**missed**",
    }
}

fn before(name: &str) -> Option<u64> {
    let text = fs::read_to_string(BASELINE).unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

fn grew(name: &str, count: u64) -> bool {
    before(name).is_some_and(|before| count > before + before / 10)
}

/// Date, machine and compiler.
fn machine() -> String {
    let says = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok();
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
    };
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("", |(_, name)| name);
    let cores = cpu.lines().filter(|line| line.starts_with("processor")).count();
    format!(
        "{}, commit {}, {cores} cores ({model}), {}, {}",
        Zoned::now().date(),
        says("git", &["rev-parse", "--short", "HEAD"]),
        says("uname", &["-sr"]),
        says("rustc", &["--version"]),
    )
}

/// The median and the 95th percentile of some times, in milliseconds.
pub fn percentiles(times: &mut [Duration]) -> (f64, f64) {
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    (millis(at(50)), millis(at(95)))
}

pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
