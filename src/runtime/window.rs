//! Title and progress of the terminal window, for terminals that are known to support them. Others would show each
//! sequence as text or as a notification.

use crate::{app::Window, platform::env::Environment};

/// What the terminal window supports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// It has a title that can be restored afterwards.
    pub title: bool,
    /// It shows progress (OSC 9;4 of ConEmu).
    pub progress: bool,
}

/// Prefixes of `TERM` of terminals that support a title, most of them also the stack that restores the previous title.
const WITH_TITLE: [&str; 16] = [
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "gnome",
    "konsole",
    "kitty",
    "mintty",
    "mlterm",
    "putty",
    "rxvt",
    "st-",
    "tmux",
    "vte",
    "wezterm",
    "xterm",
];

impl Signs {
    /// The capabilities according to the environment.
    pub fn of(environment: &Environment) -> Self {
        let terminal = &environment.terminal;
        let term = environment.term.as_deref().unwrap_or_default();
        let named =
            WITH_TITLE.iter().any(|name| term.starts_with(name)) || term.starts_with("screen") && environment.tmux;
        // GNU screen shows a title only in its status line. Windows Terminal has no title stack and ignores an empty
        // title.
        let title = named && !environment.screen && !terminal.windows_terminal && !cfg!(windows);
        // tmux and screen do not pass on the progress, and do not reveal the terminal they run in.
        let progress = !environment.tmux
            && !environment.screen
            && (terminal.windows_terminal
                || terminal.conemu
                || matches!(terminal.program.as_deref(), Some("WezTerm" | "ghostty"))
                || terminal.features.as_deref().is_some_and(names_progress)
                || terminal.ptyxis.as_deref().is_some_and(|version| major(version) >= 48));
        Self { title, progress }
    }

    /// The sequence that saves the window's previous title.
    pub fn begin(self) -> &'static str {
        if self.title { SAVE_TITLE } else { "" }
    }

    /// The sequences for what changed.
    pub fn sequence(self, before: Option<&Window>, now: &Window) -> String {
        let mut sequence = String::new();
        if self.title && before.is_none_or(|before| before.title != now.title) {
            // Only characters that cannot end the sequence early.
            let title: String = now.title.chars().filter(|c| matches!(c, ' '..='~')).collect();
            sequence.push_str(&format!("\x1b]2;{title}\x1b\\"));
        }
        if self.progress && before.and_then(|before| before.progress) != now.progress {
            match now.progress {
                Some(percent) => sequence.push_str(&format!("\x1b]9;4;1;{percent}\x1b\\")),
                None => sequence.push_str(NO_PROGRESS),
            }
        }
        sequence
    }

    /// The sequences that restore the window.
    pub fn end(self) -> String {
        let mut sequence = String::new();
        if self.title {
            sequence.push_str(RESTORE_TITLE);
        }
        if self.progress {
            sequence.push_str(NO_PROGRESS);
        }
        sequence
    }
}

const SAVE_TITLE: &str = "\x1b[22;0t";
/// Without a title stack, the title is at least no longer ours: the shell or the terminal sets its own.
const RESTORE_TITLE: &str = "\x1b]2;\x1b\\\x1b[23;0t";
const NO_PROGRESS: &str = "\x1b]9;4;0;0\x1b\\";

/// Whether `TERM_FEATURES` contains the feature `P`: an upper-case letter starts a feature, and what follows belongs to
/// it.
fn names_progress(features: &str) -> bool {
    let mut rest = features.chars().peekable();
    while let Some(c) = rest.next() {
        if c == 'P' && rest.peek().is_none_or(|next| next.is_ascii_uppercase()) {
            return true;
        }
    }
    false
}

fn major(version: &str) -> u32 {
    version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(variables: &[(&str, &str)]) -> Signs {
        Signs::of(&Environment::from_lookup(|name| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| value.into())
        }))
    }

    #[test]
    #[cfg(not(windows))]
    fn only_terminals_that_are_known_for_it_get_a_title() {
        for (variables, title) in [
            (&[("TERM", "xterm-256color")][..], true),
            (&[("TERM", "xterm-kitty")], true),
            (&[("TERM", "tmux-256color"), ("TMUX", "x")], true),
            (&[("TERM", "screen-256color"), ("TMUX", "x")], true),
            (&[("TERM", "screen"), ("STY", "x")], false),
            (&[("TERM", "linux")], false),
            (&[("TERM", "vt100")], false),
            (&[("TERM", "xterm-256color"), ("WT_SESSION", "x")], false),
            (&[], false),
        ] {
            assert_eq!(signs(variables).title, title, "{variables:?}");
        }
    }

    #[test]
    fn only_terminals_that_are_known_for_it_get_progress() {
        for (variables, progress) in [
            (&[("TERM_PROGRAM", "ghostty")][..], true),
            (&[("TERM_PROGRAM", "WezTerm")], true),
            (&[("TERM_PROGRAM", "iTerm.app")], false),
            (&[("TERM_PROGRAM", "iTerm.app"), ("TERM_FEATURES", "T3LrMSc7UUw9PTs3")], true),
            (&[("TERM_FEATURES", "T3LrMSc7UUw9PxTs3")], false),
            (&[("WT_SESSION", "1")], true),
            (&[("ConEmuANSI", "ON")], true),
            (&[("ConEmuANSI", "OFF")], false),
            (&[("PTYXIS_VERSION", "48.1")], true),
            (&[("PTYXIS_VERSION", "47.9")], false),
            (&[("TERM", "xterm-kitty")], false),
            (&[("TERM_PROGRAM", "ghostty"), ("TMUX", "x")], false),
            (&[("WT_SESSION", "1"), ("STY", "x")], false),
        ] {
            assert_eq!(signs(variables).progress, progress, "{variables:?}");
        }
    }

    #[test]
    fn what_changed_is_said_once_and_taken_back_at_the_end() {
        let all = Signs { title: true, progress: true };
        let window = |title: &str, progress| Window { title: title.to_owned(), progress };
        let first = window("a", None);
        assert_eq!(all.begin(), "\x1b[22;0t");
        assert_eq!(all.sequence(None, &first), "\x1b]2;a\x1b\\");
        assert_eq!(all.sequence(Some(&first), &first), "");
        assert_eq!(all.sequence(Some(&first), &window("a", Some(7))), "\x1b]9;4;1;7\x1b\\");
        assert_eq!(all.sequence(Some(&window("a", Some(7))), &first), "\x1b]9;4;0;0\x1b\\");
        assert!(all.end().ends_with(NO_PROGRESS) && all.end().contains("\x1b[23;0t"));
        assert_eq!(Signs::default().sequence(None, &window("a", Some(1))), "");
        assert_eq!(Signs::default().end(), "");
    }

    #[test]
    fn nothing_in_a_title_ends_it_early() {
        let all = Signs { title: true, progress: false };
        let hostile = Window { title: "a\x1b\\\x07\u{9c}\u{202e}b".to_owned(), progress: None };
        assert_eq!(all.sequence(Some(&Window::default()), &hostile), "\x1b]2;a\\b\x1b\\");
    }
}
