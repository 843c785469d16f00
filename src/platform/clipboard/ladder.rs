//! Which ways to a clipboard are tried, and in which order.

use crate::platform::env::Environment;

/// What the person chose with `--clipboard`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Whatever fits the environment.
    #[default]
    Auto,
    /// The clipboard of the system alone.
    Native,
    /// tmux alone.
    Tmux,
    /// The terminal alone, by an escape sequence.
    Osc52,
    /// None.
    Off,
}

/// One way to a clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// The clipboard of the system. Can be read back.
    Native,
    /// tmux, which keeps the text in a buffer and passes it to its terminal.
    Tmux,
    /// The terminal, by the escape sequence OSC 52. Nothing confirms that it listens.
    Terminal(Wrap),
}

/// What an escape sequence must be wrapped in to reach the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrap {
    /// In nothing.
    #[default]
    Plain,
    /// In device control strings of 768 bytes at most, which GNU screen passes on. It swallows the bare sequence.
    Screen,
}

/// The ways for text that is not secret, best first.
///
/// # Errors
/// In words, why there is none.
pub fn for_text(choice: Choice, environment: &Environment) -> Result<Vec<Rung>, &'static str> {
    let terminal = Rung::Terminal(if environment.screen { Wrap::Screen } else { Wrap::Plain });
    match choice {
        Choice::Native => Ok(vec![Rung::Native]),
        Choice::Tmux => Ok(vec![Rung::Tmux]),
        Choice::Osc52 => Ok(vec![terminal]),
        Choice::Off => Err(OFF),
        Choice::Auto => {
            let native = native(choice, environment).is_ok().then_some(Rung::Native);
            let tmux = environment.tmux.then_some(Rung::Tmux);
            Ok([native, tmux, Some(terminal)].into_iter().flatten().collect())
        }
    }
}

/// Whether the clipboard of the system can be used: the only one that is read, and the only one that gets a secret.
/// tmux would keep it in a buffer, and whatever records the terminal's output would keep the escape sequence.
///
/// # Errors
/// In words, why not.
pub fn native(choice: Choice, environment: &Environment) -> Result<(), &'static str> {
    let desktop = !cfg!(all(unix, not(target_os = "macos"))) || environment.display || environment.wayland;
    match choice {
        Choice::Off => Err(OFF),
        Choice::Tmux | Choice::Osc52 => Err("The option --clipboard leaves the system clipboard out."),
        Choice::Native => Ok(()),
        Choice::Auto if environment.ssh => Err("Over SSH the clipboard would be that of the other machine."),
        Choice::Auto if !desktop => Err("There is no display here and so no system clipboard."),
        Choice::Auto => Ok(()),
    }
}

const OFF: &str = "The clipboard is switched off by --clipboard off.";

#[cfg(test)]
mod tests {
    use super::*;

    const TERMINAL: Rung = Rung::Terminal(Wrap::Plain);

    fn environment(variables: &[&str]) -> Environment {
        Environment::from_lookup(|name| variables.contains(&name).then(|| "set".into()))
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn the_environment_decides_where_nobody_chose() {
        for (variables, rungs) in [
            (&[][..], &[TERMINAL][..]),
            (&["DISPLAY"], &[Rung::Native, TERMINAL]),
            (&["WAYLAND_DISPLAY"], &[Rung::Native, TERMINAL]),
            (&["DISPLAY", "TMUX"], &[Rung::Native, Rung::Tmux, TERMINAL]),
            (&["TMUX"], &[Rung::Tmux, TERMINAL]),
            (&["TMUX", "SSH_TTY", "DISPLAY"], &[Rung::Tmux, TERMINAL]),
            (&["SSH_CONNECTION", "DISPLAY"], &[TERMINAL]),
            (&["SSH_CLIENT", "STY"], &[Rung::Terminal(Wrap::Screen)]),
            (&["DISPLAY", "STY"], &[Rung::Native, Rung::Terminal(Wrap::Screen)]),
        ] {
            assert_eq!(for_text(Choice::Auto, &environment(variables)).unwrap(), rungs, "{variables:?}");
        }
    }

    #[test]
    fn a_choice_counts_more_than_the_environment_and_allows_nothing_else() {
        let everything = environment(&["DISPLAY", "TMUX", "SSH_TTY"]);
        for (choice, rungs) in
            [(Choice::Native, [Rung::Native]), (Choice::Tmux, [Rung::Tmux]), (Choice::Osc52, [TERMINAL])]
        {
            assert_eq!(for_text(choice, &everything).unwrap(), rungs, "{choice:?}");
            assert_eq!(for_text(choice, &Environment::default()).unwrap(), rungs, "{choice:?}");
        }
        assert!(for_text(Choice::Off, &everything).unwrap_err().contains("switched off"));
    }

    #[test]
    fn a_secret_has_the_system_clipboard_or_none() {
        let local = environment(&["DISPLAY", "TMUX"]);
        assert_eq!(native(Choice::Auto, &local), Ok(()));
        assert!(native(Choice::Auto, &environment(&["DISPLAY", "SSH_TTY"])).unwrap_err().contains("SSH"));
        for choice in [Choice::Tmux, Choice::Osc52, Choice::Off] {
            assert!(native(choice, &local).unwrap_err().contains("--clipboard"), "{choice:?}");
        }
        assert_eq!(native(Choice::Native, &environment(&["SSH_TTY"])), Ok(()));
    }
}
