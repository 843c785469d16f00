//! System information about a process. The wizard protects its memory, so some of it is available only to root.

use std::{fs, process::Command};

/// The resources used by a process so far.
#[derive(Clone, Copy, Default)]
pub struct Activity {
    /// Context switches of all threads.
    pub switches: u64,
    /// Nanoseconds of CPU of all threads.
    pub cpu: u64,
}

/// The resources used by a process so far.
pub fn activity(pid: i32) -> Activity {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    tasks.fold(Activity::default(), |sum, task| {
        let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
        let run = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        let counts = status.lines().filter(|line| line.contains("ctxt_switches"));
        let counts = counts.filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok());
        let cpu = run.split_whitespace().next().and_then(|run| run.parse::<u64>().ok());
        Activity { switches: sum.switches + counts.sum::<u64>(), cpu: sum.cpu + cpu.unwrap_or(0) }
    })
}

/// Its current memory, in MB.
pub fn resident(pid: i32) -> f64 {
    megabytes(pid, "status", "VmRSS:")
}

/// Its peak memory, in MB.
pub fn peak(pid: i32) -> f64 {
    megabytes(pid, "status", "VmHWM:")
}

/// Its memory without what it shares with other processes, in MB.
pub fn proportional(pid: i32) -> f64 {
    megabytes(pid, "smaps_rollup", "Pss:")
}

/// Its unshared memory, in MB.
pub fn own(pid: i32) -> f64 {
    megabytes(pid, "smaps_rollup", "Private_Dirty:")
}

fn megabytes(pid: i32, file: &str, line: &str) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let value = text.lines().find_map(|text| text.strip_prefix(line)?.split_whitespace().next()?.parse::<u64>().ok());
    value.unwrap_or(0) as f64 * 1024.0 / 1e6
}

/// The instructions that a process under callgrind has executed so far, in all of its threads. `None` if unknown:
/// asking means attaching to it, which only root may do with a program that protects its memory.
pub fn instructions(pid: i32) -> Option<u64> {
    let output = Command::new("callgrind_control").args(["-e", &pid.to_string()]).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let threads = text.lines().filter_map(|line| line.trim().strip_prefix("Th ")?.split_once(' '));
    let counts = threads.filter_map(|(_, count)| count.trim().replace(',', "").parse::<u64>().ok());
    Some(counts.sum()).filter(|sum| *sum > 0)
}
