//! The edge of the wizard: terminal, signals, keys, tasks, time.
//!
//! [`wizard`] is what `main` calls. [`event_loop::run`] is the loop, which knows its screen and its outside only as the
//! traits [`event_loop::Stage`] and [`event_loop::Perform`], so that tests drive it without either.

pub mod clock;
mod delta;
pub mod effects;
pub mod event_loop;
pub mod input;
pub mod options;
#[cfg(debug_assertions)]
mod provoke;
pub mod signals;
mod systems;
pub mod terminal;

use std::{
    fmt,
    io::{self, Write as _},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::Arc,
};

pub use options::{Options, PaletteChoice};

use crate::{
    app::App,
    content,
    domain::{content::Content, problem::Problem, sap::guide::StepId},
    model::{Exit, Surroundings},
    platform::env::Environment,
};
use clock::Clock;
use effects::Performer;
use event_loop::{End, Inbox};
use terminal::{OpenError, Screen};

fn no_terminal(why: &str) -> Problem {
    Problem::unusable(
        "The wizard needs a terminal.",
        why,
        "Use a command: roles, params, key-params, inspect, test, guide. \"cpikey --help\" explains them.",
    )
}

fn stopped(what: &str, why: impl fmt::Display, fix: &str) -> Problem {
    Problem::failed(what, format!("The reason: {why}."), fix)
}

fn stopped_by(error: io::Error) -> Problem {
    stopped("The wizard had to stop.", error, "Start it again.")
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NotATerminal => no_terminal("Standard input or standard output is a file or a pipe."),
            OpenError::Refused(error) => stopped_by(error),
        }
    }
}

/// Runs the wizard to its end and says the last words on the normal screen.
///
/// The status is 0 at the end, 130 after Ctrl+C, 128 and the signal's number after a signal, 1 after a panic, about
/// which the panic hook has said all there is to say.
///
/// # Errors
/// Where terminal or options do not do (the caller's status is 2), or the program failed (1). The terminal is as it
/// was before, or gone: whoever prints the words must not mind that.
pub fn wizard(options: &Options, environment: &Environment) -> Result<ExitCode, Problem> {
    let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| start(options, environment))) else {
        return Ok(ExitCode::FAILURE);
    };
    let Left { end, copied, stored } = outcome?;
    Ok(match end {
        End::Exit(exit) => {
            let _ = io::stdout().write_all(last_words(exit, copied, stored).as_bytes());
            ExitCode::from(if exit == Exit::Interrupted { 130 } else { 0 })
        }
        End::Signal(signal) => ExitCode::from(u8::try_from(128 + signal).unwrap_or(1)),
    })
}

/// How the loop ended and what it left behind.
struct Left {
    end: End,
    /// The clipboard holds something of ours.
    copied: bool,
    /// Files were written, or systems saved.
    stored: bool,
}

/// From the checks to the end of the loop.
fn start(options: &Options, environment: &Environment) -> Result<Left, Problem> {
    if !terminal::is_usable() {
        return Err(OpenError::NotATerminal.into());
    }
    if environment.is_dumb() {
        return Err(no_terminal("TERM says that this terminal can do nothing but print."));
    }
    match play(options, environment, Arc::new(content::load())) {
        // Reading or writing fails at a terminal that is gone, often before the signal is there.
        Err(_) if !terminal::is_usable() => hang_up(),
        Ok(Left { end: End::Signal(signals::HANG_UP), .. }) => hang_up(),
        outcome => Ok(outcome?),
    }
}

/// The terminal is gone. No destructor runs: one that prints would panic.
fn hang_up() -> ! {
    terminal::restore_all();
    std::process::exit(128 + signals::HANG_UP)
}

fn play(options: &Options, environment: &Environment, content: Arc<Content>) -> Result<Left, OpenError> {
    let theme = options.theme(environment);
    let around = Surroundings {
        can_open_links: can_open_links(environment),
        practice: options.practice,
        motion: options.motion,
    };
    let (mut inbox, messages, control) = Inbox::new();
    // Tasks have a runtime of their own. This one only waits.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let mut performer = Performer::new(Arc::clone(&content), environment, options, messages.clone());
    let mut app = App::new(content, around);
    signals::watch(&control)?;
    let mut screen = Screen::open()?;
    input::listen(messages, control)?;
    let end = runtime.block_on(async {
        let clock = Clock::start();
        event_loop::run(&mut app, &theme, &mut screen, &mut performer, &mut inbox, clock).await
    });
    drop(screen);
    let stored = app.session().systems_saved > 0 || !app.session().files.is_empty();
    let copied = performer.has_copied();
    drop(performer);
    Ok(Left { end: end?, copied, stored })
}

/// A browser opens beside the terminal: not over SSH, and not without a display.
fn can_open_links(environment: &Environment) -> bool {
    let desktop = cfg!(any(windows, target_os = "macos")) || environment.display || environment.wayland;
    desktop && !environment.ssh
}

/// One or two lines on the normal screen, without any value.
fn last_words(exit: Exit, copied: bool, stored: bool) -> String {
    let kept = if stored { "What you saved is kept." } else { "Nothing was saved." };
    let mut words = match exit {
        Exit::Finished if stored => format!("Done. {kept} The rest is forgotten.\n"),
        Exit::Finished => "Done. Nothing was saved: what you did not copy is forgotten.\n".to_owned(),
        Exit::Left(step) => {
            format!("Stopped at step {} of {}. {kept} The same command starts again.\n", step + 1, StepId::ALL.len())
        }
        Exit::Interrupted => format!("Interrupted. {kept} The same command starts again.\n"),
    };
    if copied && cfg!(all(unix, not(target_os = "macos"))) {
        words.push_str("Copied text goes with the program, unless a clipboard manager keeps it.\n");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_count_steps_as_the_screen_does() {
        assert!(last_words(Exit::Left(4), false, false).starts_with("Stopped at step 5 of 9."));
        assert!(!last_words(Exit::Finished, false, false).contains("Stopped"));
    }

    #[test]
    fn the_last_words_do_not_deny_what_was_saved() {
        for exit in [Exit::Finished, Exit::Left(8), Exit::Interrupted] {
            assert!(last_words(exit, false, false).contains("Nothing was saved"));
            assert!(last_words(exit, false, true).contains("What you saved is kept."));
        }
    }

    #[test]
    fn links_open_only_where_a_browser_can_be_seen() {
        let ssh = Environment { ssh: true, display: true, ..Environment::default() };
        assert!(!can_open_links(&ssh));
        assert!(can_open_links(&Environment { wayland: true, ..Environment::default() }));
    }
}
