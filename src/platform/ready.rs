//! Waits until a terminal has something to read.

use std::{io, os::fd::AsFd, time::Duration};

/// Whether input arrives within `patience`. Also false if a signal arrived.
///
/// # Errors
/// If the terminal is gone.
#[cfg(not(target_os = "macos"))]
pub fn ready(terminal: impl AsFd, patience: Duration) -> io::Result<bool> {
    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        io::Errno,
    };
    let patience = Timespec::try_from(patience).map_err(io::Error::other)?;
    let mut waited = [PollFd::new(&terminal, PollFlags::IN)];
    match poll(&mut waited, Some(&patience)) {
        // A reader that takes this for input would wait forever.
        Ok(_) if waited[0].revents().contains(PollFlags::NVAL) => Err(io::ErrorKind::Unsupported.into()),
        Ok(count) => Ok(count > 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The version for macOS, whose `poll` claims that `/dev/tty` is not a file: a program that believes it would read and
/// wait forever.
///
/// # Errors
/// If the terminal is gone.
#[cfg(target_os = "macos")]
pub fn ready(terminal: impl AsFd, patience: Duration) -> io::Result<bool> {
    use std::os::fd::AsRawFd as _;

    use filedescriptor::{Error, POLLIN, poll, pollfd};

    let mut waited = [pollfd { fd: terminal.as_fd().as_raw_fd(), events: POLLIN, revents: 0 }];
    match poll(&mut waited, Some(patience)) {
        Ok(count) => Ok(count > 0),
        Err(Error::Poll(error)) if error.kind() == io::ErrorKind::Interrupted => Ok(false),
        Err(Error::Poll(error)) => Err(error),
        Err(error) => Err(io::Error::other(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_can_be_read_is_noticed_and_silence_ends() {
        let (reader, mut writer) = io::pipe().unwrap();
        assert!(!ready(&reader, Duration::from_millis(1)).unwrap());
        writer.write_all(b"x").unwrap();
        assert!(ready(&reader, Duration::from_secs(60)).unwrap());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_cannot_be_waited_for_is_no_input() {
        use rustix::fs::{Mode, OFlags, open};
        let folder = open("/", OFlags::PATH, Mode::empty()).unwrap();
        assert_eq!(ready(&folder, Duration::from_secs(60)).unwrap_err().kind(), io::ErrorKind::Unsupported);
    }
}
