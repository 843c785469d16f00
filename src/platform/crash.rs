//! When the program itself fails: version and place are said, never values, one of which may be a secret.

use std::{
    io::{self, Write as _},
    panic::{AssertUnwindSafe, Location, catch_unwind, set_hook},
    process::ExitCode,
};

/// Runs the program. A panic is reported in this way wherever it happens, and ends it with status 1.
pub fn guarded(program: impl FnOnce() -> ExitCode) -> ExitCode {
    // The message of a panic may quote the text that it is about.
    set_hook(Box::new(|info| report(info.location())));
    catch_unwind(AssertUnwindSafe(program)).unwrap_or(ExitCode::FAILURE)
}

/// Says on standard error where the program failed.
pub fn report(place: Option<&Location<'_>>) {
    let place = place.map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let _ = writeln!(
        io::stderr(),
        "cpikey {} crashed (internal error) at {place}.\n\
         Please report this line. It contains nothing that you entered.",
        env!("CARGO_PKG_VERSION")
    );
}
