//! Whether an apparent terminal delivers keys to this program.

use std::io::{self, IsTerminal as _};

/// The kind of standard input and output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// A terminal that the program can read keys from and draw on.
    Terminal,
    /// A Unix terminal window on Windows (Git Bash, MSYS2, Cygwin): pipes that pass for a terminal, while keys are read
    /// from an invisible console.
    Pretended,
    /// A file or a pipe, one of them or both.
    Other,
}

/// The kind of standard input and output.
pub fn standard() -> Standard {
    judge(
        [io::stdin().is_terminal(), io::stdout().is_terminal()],
        [is_console(Stream::Input), is_console(Stream::Output)],
    )
}

/// `terminals`: what passes for a terminal, input and output. `consoles`: what is one.
fn judge(terminals: [bool; 2], consoles: [bool; 2]) -> Standard {
    let pretends = terminals.into_iter().zip(consoles).any(|(terminal, console)| terminal && !console);
    match terminals {
        _ if pretends => Standard::Pretended,
        [true, true] => Standard::Terminal,
        _ => Standard::Other,
    }
}

#[derive(Clone, Copy)]
enum Stream {
    Input,
    Output,
}

/// A console has a mode.
#[cfg(windows)]
fn is_console(stream: Stream) -> bool {
    use crossterm_winapi::{ConsoleMode, Handle, HandleType};

    let kind = match stream {
        Stream::Input => HandleType::InputHandle,
        Stream::Output => HandleType::OutputHandle,
    };
    Handle::new(kind).and_then(|handle| ConsoleMode::from(handle).mode()).is_ok()
}

/// On other systems, a terminal is what it claims to be.
#[cfg(not(windows))]
fn is_console(stream: Stream) -> bool {
    match stream {
        Stream::Input => io::stdin().is_terminal(),
        Stream::Output => io::stdout().is_terminal(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_that_pass_for_a_terminal_are_recognised() {
        for (terminals, consoles, standard) in [
            ([true, true], [true, true], Standard::Terminal),
            ([true, true], [false, false], Standard::Pretended),
            // `cpikey test - < key.json` and `cpikey roles | less` in Git Bash.
            ([false, true], [false, false], Standard::Pretended),
            ([true, false], [false, false], Standard::Pretended),
            ([false, true], [false, true], Standard::Other),
            ([true, false], [true, false], Standard::Other),
            ([false, false], [false, false], Standard::Other),
        ] {
            assert_eq!(judge(terminals, consoles), standard, "{terminals:?} {consoles:?}");
        }
    }
}
