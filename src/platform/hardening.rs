//! Keeps the memory of the process, which holds a key, out of files and away from other processes.

/// No core dump is written, and on Linux no other process of the same person may look into this one.
///
/// Both are done as well as the system allows; where it refuses, the wizard works all the same.
pub fn protect_memory() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
