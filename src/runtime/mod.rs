//! The edge of the wizard: terminal, signals, keys, tasks, time.
//!
//! [`wizard`] is what `main` calls. [`event_loop::run`] is the loop, which knows its screen and effects only as the
//! traits [`surface::Surface`] and [`event_loop::EffectHandler`], so that tests drive it without either.

pub mod background;
pub mod clock;
mod delta;
pub mod effects;
pub mod event_loop;
pub mod input;
mod line_settings;
pub mod lines;
pub mod options;
pub mod plain;
pub mod signals;
pub mod surface;
pub mod terminal;
mod window;

use std::{
    io::{self, Write as _},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::Arc,
};

pub use options::{KeyFile, Options};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::{
    app::{self, App},
    content,
    domain::{content::Content, platform::Platform, problem::Problem},
    model::{Exit, Msg, Surroundings},
    platform::env::Environment,
    words::Words,
};
use clock::Clock;
use effects::Effects;
use event_loop::{Appearance, EffectHandler, End, Inbox};
use plain::Look;
use terminal::{OpenError, Screen};

/// The problem if the wizard cannot run.
fn problem(error: &OpenError, words: Words) -> Problem {
    match error {
        OpenError::NoKeys => words.runtime().no_keys().fill(&[]).unusable(),
        OpenError::NotATerminal => words.runtime().no_terminal().fill(&[]).unusable(),
        OpenError::Refused(error) => words.runtime().stopped().fill(&[("cause", error)]).failed(),
    }
}

/// Runs the wizard to its end and prints the closing message on the normal screen.
///
/// The exit status is 0 at the end, 130 after Ctrl+C, 128 plus the signal number after a signal, 1 after a panic, which
/// the panic hook has reported.
///
/// # Errors
///
/// If the terminal or options are unusable (the caller's exit status is 2), or the program failed (1). The
/// terminal is restored, or gone: printing the problem may fail.
pub fn wizard(options: &Options, environment: &Environment) -> Result<ExitCode, Problem> {
    wizard_with(options, environment, |content, answers| Effects::new(content, environment, options, answers))
}

/// [`wizard`] with other effects, which receive the content and the sender for answers.
///
/// # Errors
/// As for [`wizard`].
pub fn wizard_with<E: EffectHandler>(
    options: &Options,
    environment: &Environment,
    effects: impl FnOnce(Arc<Content>, UnboundedSender<Vec<Msg>>) -> E,
) -> Result<ExitCode, Problem> {
    let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| start(options, environment, effects))) else {
        return Ok(ExitCode::FAILURE);
    };
    let Outcome { end, copied, outro, words } = outcome?;
    Ok(match end {
        End::Exit(exit) => {
            let mut last = outro;
            if copied && cfg!(all(unix, not(target_os = "macos"))) {
                last.push_str(words.runtime().copied_text_is_lost());
                last.push('\n');
            }
            let _ = io::stdout().write_all(last.as_bytes());
            ExitCode::from(if exit == Exit::Interrupted { 130 } else { 0 })
        }
        End::Signal(signal) => ExitCode::from(u8::try_from(128 + signal).unwrap_or(1)),
    })
}

/// How the loop ended and what remains.
struct Outcome {
    end: End,
    /// The clipboard contains text from the wizard.
    copied: bool,
    /// The closing message for the normal screen.
    outro: String,
    words: Words,
}

/// From the checks to the end of the loop.
fn start<E: EffectHandler>(
    options: &Options,
    environment: &Environment,
    effects: impl FnOnce(Arc<Content>, UnboundedSender<Vec<Msg>>) -> E,
) -> Result<Outcome, Problem> {
    let content = Arc::new(content::load());
    // Freed with the process: freeing every text would delay the shell's prompt.
    std::mem::forget(Arc::clone(&content));
    let words = content.words;
    let usable = terminal::check();
    let by_hand = usable.is_ok();
    // A script on standard input drives the wizard only if requested, not by mistake in a pipeline.
    let asked = options.plain || environment.accessible;
    match usable {
        Err(why) if !asked => return Err(problem(&why, words)),
        // Input typed there would arrive through the pipe and be echoed, including secrets.
        Err(OpenError::NoKeys) if terminal::is_typed_at() => return Err(problem(&OpenError::NoKeys, words)),
        _ => {}
    }
    let outcome = play(options, environment, content, effects);
    match outcome {
        // Reading from or writing to a terminal that is gone fails, often before the signal arrives.
        Err(_) if by_hand && terminal::check().is_err() => hang_up(),
        Ok(Outcome { end: End::Signal(signals::HANG_UP), .. }) => hang_up(),
        outcome => outcome.map_err(|error| problem(&error, words)),
    }
}

/// The terminal is gone. No destructor runs: one that prints would panic.
fn hang_up() -> ! {
    terminal::restore_all();
    std::process::exit(128 + signals::HANG_UP)
}

fn play<E: EffectHandler>(
    options: &Options,
    environment: &Environment,
    content: Arc<Content>,
    effects: impl FnOnce(Arc<Content>, UnboundedSender<Vec<Msg>>) -> E,
) -> Result<Outcome, OpenError> {
    let words = content.words;
    let line_by_line = options.plain || environment.accessible || environment.is_dumb();
    let around = Surroundings {
        can_open_links: can_open_links(environment),
        practice: options.practice,
        motion: options.motion && !line_by_line,
        mouse: options.mouse && !line_by_line,
        whole_lines: line_by_line,
        theme: options.theme,
        has_themes: options.has_themes(environment),
        platform: Platform::HERE,
        reach: options.reach.clone(),
    };
    // Tasks have their own runtime. This one only waits.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let (answers, messages) = unbounded_channel();
    let mut effects = effects(Arc::clone(&content), answers.clone());
    let mut app = App::new(content, around);
    let clock = Clock::start();
    if let Some(key) = &options.key {
        // Certificates are checked against the current time.
        let _ = app::update(&mut app, Msg::Tick(clock.now()));
        let _ = app.open_key(&key.text, key.name.clone());
    }
    let end = if line_by_line {
        let ascii = !options.theme(environment).glyphs.unicode;
        let look = Look { colour: options.asks_for_colours(environment), ascii };
        runtime.block_on(async { plain::run(&mut app, look, &mut effects, messages, clock).await })
    } else {
        let theme = |choice, background| options.theme_of(choice, background, environment);
        let asks = options.asks_for_background(environment);
        let appearance = Appearance { theme: &theme, background: environment.background, asks };
        let (mut inbox, control) = Inbox::new(messages);
        signals::watch(&control, true)?;
        let mut screen = Screen::open(words, window::Signs::of(environment))?;
        input::listen(answers, control, asks)?;
        runtime.block_on(async {
            event_loop::run(&mut app, appearance, &mut screen, &mut effects, &mut inbox, clock).await
        })
    };
    if let Some(effect) = app.unsaved_progress() {
        effects.perform(effect)?;
    }
    let outro = match &end {
        Ok(End::Exit(exit)) => app::outro(&app, *exit),
        _ => String::new(),
    };
    let copied = effects.has_copied();
    drop(effects);
    Ok(Outcome { end: end?, copied, outro, words })
}

/// Whether a browser can be opened: not over SSH, and not without a display.
fn can_open_links(environment: &Environment) -> bool {
    let desktop = cfg!(any(windows, target_os = "macos")) || environment.display || environment.wayland;
    desktop && !environment.ssh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_open_only_if_a_browser_can_be_seen() {
        let ssh = Environment { ssh: true, display: true, ..Environment::default() };
        assert!(!can_open_links(&ssh));
        assert!(can_open_links(&Environment { wayland: true, ..Environment::default() }));
    }
}
