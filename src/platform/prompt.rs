//! One hidden line, typed at the terminal itself, wherever standard input comes from.

use std::io;

use crate::domain::text::secret::Secret;

/// Asks `question` at the terminal and reads one line that does not show.
///
/// # Errors
///
/// Where there is no terminal, or the person ends it.
#[cfg(windows)]
pub fn hidden(question: &str) -> io::Result<Secret> {
    rpassword::prompt_password(question).map(Secret::new)
}

/// Asks `question` at the terminal and reads one line that does not show.
///
/// # Errors
///
/// Where there is no terminal, or the person ends it with Ctrl+D ([`io::ErrorKind::Interrupted`]). Ctrl+C and the signals
/// that end a program end it, after the terminal is put right.
#[cfg(unix)]
pub fn hidden(question: &str) -> io::Result<Secret> {
    unix::hidden(question)
}

#[cfg(unix)]
mod unix {
    use std::{
        fs::{File, OpenOptions},
        io::{self, ErrorKind, Read as _, Write as _},
        sync::{
            Arc, OnceLock,
            atomic::{AtomicBool, AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        io::Errno,
        termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr},
    };
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        flag, low_level,
    };
    use zeroize::Zeroizing;

    use super::Secret;

    /// The longest line, in bytes.
    const LIMIT: usize = 1024;
    /// How long a signal may go unnoticed.
    const PATIENCE: Duration = Duration::from_millis(200);

    const CTRL_C: u8 = 0x03;
    const CTRL_D: u8 = 0x04;
    const CTRL_H: u8 = 0x08;
    const CTRL_U: u8 = 0x15;
    const DELETE: u8 = 0x7f;

    pub(super) fn hidden(question: &str) -> io::Result<Secret> {
        let mut tty = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        let ending = Ending::watch()?;
        let _watching = Watching::new(ending);
        let quiet = Quiet::new(tty.try_clone()?)?;
        tty.write_all(question.as_bytes())?;
        let line = read_line(&tty, ending);
        drop(quiet);
        // The line break that was typed did not show either. A terminal that has gone needs none.
        let _ = tty.write_all(b"\n");
        ending.end_if_asked()?;
        let line = line?;
        let text = std::str::from_utf8(&line).map_err(|_| io::Error::from(ErrorKind::InvalidData))?;
        Ok(Secret::new(text))
    }

    fn read_line(mut tty: &File, ending: &Ending) -> io::Result<Zeroizing<Vec<u8>>> {
        // Reserved at once: a buffer that grows leaves copies behind that nobody wipes.
        let mut line = Zeroizing::new(Vec::with_capacity(LIMIT));
        let mut byte = Zeroizing::new([0]);
        loop {
            wait(tty, ending)?;
            if tty.read(byte.as_mut_slice())? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            match byte[0] {
                b'\r' | b'\n' => return Ok(line),
                CTRL_C => {
                    ending.asked.store(SIGINT as usize, Ordering::Relaxed);
                    return Err(ErrorKind::Interrupted.into());
                }
                CTRL_D => return Err(ErrorKind::Interrupted.into()),
                CTRL_U => line.clear(),
                DELETE | CTRL_H => remove_last(&mut line),
                _ if line.len() == LIMIT => return Err(ErrorKind::FileTooLarge.into()),
                byte => line.push(byte),
            }
        }
    }

    /// Takes the last character off, which may have several bytes.
    fn remove_last(line: &mut Vec<u8>) {
        while line.pop().is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000) {}
    }

    /// Waits for a byte; ends with an error where the terminal has gone or a signal ends the program.
    fn wait(tty: &File, ending: &Ending) -> io::Result<()> {
        let patience = Timespec::try_from(PATIENCE).map_err(io::Error::other)?;
        loop {
            let mut descriptors = [PollFd::new(tty, PollFlags::IN)];
            let ready = match poll(&mut descriptors, Some(&patience)) {
                Err(Errno::INTR) | Ok(0) => false,
                Err(error) => return Err(error.into()),
                Ok(_) => true,
            };
            if ending.asked.load(Ordering::Relaxed) != 0 {
                return Err(ErrorKind::Interrupted.into());
            }
            if ready {
                return Ok(());
            }
        }
    }

    /// A terminal that shows nothing of what is typed, until this is dropped.
    struct Quiet {
        tty: File,
        before: Termios,
    }

    impl Quiet {
        fn new(tty: File) -> io::Result<Self> {
            let before = tcgetattr(&tty)?;
            let mut quiet = before.clone();
            // Byte by byte and without signals from the keyboard, so that the terminal is put right before anything ends.
            quiet.local_modes &= !(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
            quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
            quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
            tcsetattr(&tty, OptionalActions::Flush, &quiet)?;
            Ok(Self { tty, before })
        }
    }

    impl Drop for Quiet {
        fn drop(&mut self) {
            // A terminal that has gone needs nothing.
            let _ = tcsetattr(&self.tty, OptionalActions::Flush, &self.before);
        }
    }

    /// Keeps the signals that end a program until the terminal is right again.
    struct Ending {
        /// The signal that came; 0 is none.
        asked: Arc<AtomicUsize>,
        /// True while nothing is asked: the signals do then what they always do.
        idle: Arc<AtomicBool>,
    }

    impl Ending {
        /// Installs itself once in the life of the program.
        fn watch() -> io::Result<&'static Self> {
            static ENDING: OnceLock<Ending> = OnceLock::new();
            if let Some(ending) = ENDING.get() {
                return Ok(ending);
            }
            let ending = Self { asked: Arc::default(), idle: Arc::new(AtomicBool::new(true)) };
            for signal in [SIGTERM, SIGHUP] {
                flag::register_conditional_default(signal, Arc::clone(&ending.idle))?;
                flag::register_usize(signal, Arc::clone(&ending.asked), signal as usize)?;
            }
            Ok(ENDING.get_or_init(|| ending))
        }

        /// Ends the program where a signal asked for it.
        fn end_if_asked(&self) -> io::Result<()> {
            match i32::try_from(self.asked.swap(0, Ordering::Relaxed)) {
                Ok(0) | Err(_) => Ok(()),
                Ok(signal) => low_level::emulate_default_handler(signal),
            }
        }
    }

    /// The time in which signals are kept.
    struct Watching(&'static Ending);

    impl Watching {
        fn new(ending: &'static Ending) -> Self {
            ending.idle.store(false, Ordering::Relaxed);
            Self(ending)
        }
    }

    impl Drop for Watching {
        fn drop(&mut self) {
            self.0.idle.store(true, Ordering::Relaxed);
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_character_is_taken_off_whole() {
            let mut line = "aß生".as_bytes().to_vec();
            remove_last(&mut line);
            assert_eq!(line, "aß".as_bytes());
            remove_last(&mut line);
            remove_last(&mut line);
            remove_last(&mut line);
            assert_eq!(line, b"");
        }
    }
}
