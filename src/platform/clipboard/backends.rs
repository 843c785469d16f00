//! Which clipboard methods are tried, and in which order.

use super::ClipboardError;
use crate::platform::env::Environment;

/// The value of `--clipboard`. The comments are its help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Choice {
    /// The first of native, tmux and osc52 that works here
    #[default]
    Auto,
    /// The clipboard of this system
    Native,
    /// tmux, which passes the text to its terminal
    Tmux,
    /// An escape sequence to the terminal
    Osc52,
    /// Never copy
    Off,
}

/// A clipboard method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The system clipboard. Can be read back.
    Native,
    /// tmux, which stores the text in a buffer and passes it to its terminal.
    Tmux,
    /// The terminal, with the escape sequence OSC 52. Nothing confirms that the terminal supports it.
    Terminal(Wrap),
}

/// What an escape sequence must be wrapped in to reach the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrap {
    /// Nothing.
    #[default]
    Plain,
    /// Device control strings of at most 768 bytes, which GNU screen passes on; it discards the bare sequence.
    Screen,
}

/// The methods for text that is not secret, best first.
///
/// # Errors
/// Why there is none.
pub fn for_text(choice: Choice, environment: &Environment) -> Result<Vec<Backend>, ClipboardError> {
    let terminal = Backend::Terminal(if environment.screen { Wrap::Screen } else { Wrap::Plain });
    match choice {
        Choice::Native => Ok(vec![Backend::Native]),
        Choice::Tmux => Ok(vec![Backend::Tmux]),
        Choice::Osc52 => Ok(vec![terminal]),
        Choice::Off => Err(ClipboardError::Off),
        Choice::Auto => {
            let native = native(choice, environment).is_ok().then_some(Backend::Native);
            let tmux = environment.tmux.then_some(Backend::Tmux);
            Ok([native, tmux, Some(terminal)].into_iter().flatten().collect())
        }
    }
}

/// Whether the system clipboard can be used: only it is read, and only it receives a secret. tmux would keep a secret
/// in a buffer, and a terminal recording would contain the escape sequence.
///
/// # Errors
/// Why not.
pub fn native(choice: Choice, environment: &Environment) -> Result<(), ClipboardError> {
    let desktop = !cfg!(all(unix, not(target_os = "macos"))) || environment.display || environment.wayland;
    match choice {
        Choice::Off => Err(ClipboardError::Off),
        Choice::Tmux | Choice::Osc52 => Err(ClipboardError::Excluded),
        Choice::Native => Ok(()),
        Choice::Auto if environment.ssh => Err(ClipboardError::OverSsh),
        Choice::Auto if !desktop => Err(ClipboardError::NoDisplay),
        Choice::Auto => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMINAL: Backend = Backend::Terminal(Wrap::Plain);

    fn environment(variables: &[&str]) -> Environment {
        Environment::from_lookup(|name| variables.contains(&name).then(|| "set".into()))
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn without_a_choice_the_environment_decides() {
        for (variables, backends) in [
            (&[][..], &[TERMINAL][..]),
            (&["DISPLAY"], &[Backend::Native, TERMINAL]),
            (&["WAYLAND_DISPLAY"], &[Backend::Native, TERMINAL]),
            (&["DISPLAY", "TMUX"], &[Backend::Native, Backend::Tmux, TERMINAL]),
            (&["TMUX"], &[Backend::Tmux, TERMINAL]),
            (&["TMUX", "SSH_TTY", "DISPLAY"], &[Backend::Tmux, TERMINAL]),
            (&["SSH_CONNECTION", "DISPLAY"], &[TERMINAL]),
            (&["SSH_CLIENT", "STY"], &[Backend::Terminal(Wrap::Screen)]),
            (&["DISPLAY", "STY"], &[Backend::Native, Backend::Terminal(Wrap::Screen)]),
        ] {
            assert_eq!(for_text(Choice::Auto, &environment(variables)).unwrap(), backends, "{variables:?}");
        }
    }

    #[test]
    fn a_choice_overrides_the_environment() {
        let everything = environment(&["DISPLAY", "TMUX", "SSH_TTY"]);
        for (choice, backends) in
            [(Choice::Native, [Backend::Native]), (Choice::Tmux, [Backend::Tmux]), (Choice::Osc52, [TERMINAL])]
        {
            assert_eq!(for_text(choice, &everything).unwrap(), backends, "{choice:?}");
            assert_eq!(for_text(choice, &Environment::default()).unwrap(), backends, "{choice:?}");
        }
        assert_eq!(for_text(Choice::Off, &everything), Err(ClipboardError::Off));
    }

    #[test]
    fn a_secret_goes_to_the_system_clipboard_or_nowhere() {
        let local = environment(&["DISPLAY", "TMUX"]);
        assert_eq!(native(Choice::Auto, &local), Ok(()));
        assert_eq!(native(Choice::Auto, &environment(&["DISPLAY", "SSH_TTY"])), Err(ClipboardError::OverSsh));
        for (choice, error) in [
            (Choice::Tmux, ClipboardError::Excluded),
            (Choice::Osc52, ClipboardError::Excluded),
            (Choice::Off, ClipboardError::Off),
        ] {
            assert_eq!(native(choice, &local), Err(error), "{choice:?}");
        }
        assert_eq!(native(Choice::Native, &environment(&["SSH_TTY"])), Ok(()));
    }
}
