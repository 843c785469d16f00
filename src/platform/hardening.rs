//! Keeps the process memory, which contains keys, out of files and away from other processes, and keeps the process
//! alive when a file becomes too large.

/// Disables core dumps, and on Linux access by other processes of the same user.
///
/// Both are best effort: if the system refuses, the program works anyway. Child processes inherit the core dump limit;
/// none of them receives a secret.
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

/// Makes a write beyond the file size limit (`ulimit -f`) fail instead of killing the program, which would leave a
/// partial file behind.
pub(super) fn survive_file_size_limit() {
    #[cfg(unix)]
    {
        use std::sync::{Arc, Once, atomic::AtomicBool};
        static ONCE: Once = Once::new();
        // Any handler will do: the write then returns an error.
        ONCE.call_once(|| {
            drop(signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false))))
        });
    }
}
