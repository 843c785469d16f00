//! The thread that owns the clipboard.

use std::{
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use zeroize::Zeroizing;

use super::{
    Cleared, ClipboardError,
    system::{OnCleared, Opener, System},
};
use crate::domain::text::secret::Secret;

/// Jobs for the thread. The answers may be ignored.
pub(super) enum Job {
    /// Copy text and read it back: `Done` or `Failed` at once, then `Done` with the result of reading it back.
    Set {
        text: Secret,
        /// For a secret: called when it is no longer in the clipboard.
        secret: Option<OnCleared>,
        /// After this time the copy was reported as failed, so nothing is copied.
        until: Instant,
        reply: Sender<Answer>,
    },
    /// Read: `Text` or `Failed`.
    Get { reply: Sender<Answer> },
    /// Clear a secret that is still there: `Done`.
    Forget { reply: Sender<Answer> },
    /// Clear a secret that is still there, and close the clipboard: `Done`.
    Close { reply: Sender<Answer> },
}

/// Answers of the thread.
#[derive(PartialEq)]
pub(super) enum Answer {
    Done { checked: bool },
    Text(Option<Zeroizing<String>>),
    Failed(ClipboardError),
}

/// Starts the thread. It ends when the sender is dropped.
pub(super) fn start(opener: Opener, secret_life: Duration) -> io::Result<Sender<Job>> {
    let (jobs, inbox) = channel();
    thread::Builder::new()
        .name("clipboard".to_owned())
        .spawn(move || Worker { opener, system: None, secret_life, secret: None }.serve(&inbox))?;
    Ok(jobs)
}

/// A secret that is in the clipboard.
struct Lent {
    text: Secret,
    until: Instant,
    on_cleared: OnCleared,
}

struct Worker {
    opener: Opener,
    system: Option<Box<dyn System>>,
    secret_life: Duration,
    secret: Option<Lent>,
}

impl Worker {
    fn serve(mut self, inbox: &Receiver<Job>) {
        loop {
            let job = match &self.secret {
                None => inbox.recv().map_err(RecvTimeoutError::from),
                Some(lent) => inbox.recv_timeout(lent.until.saturating_duration_since(Instant::now())),
            };
            match job {
                Ok(job) => self.perform(job),
                Err(RecvTimeoutError::Timeout) => self.forget(),
                Err(RecvTimeoutError::Disconnected) => return self.forget(),
            }
        }
    }

    fn perform(&mut self, job: Job) {
        // If the receiver is gone, the deadline has passed.
        match job {
            Job::Set { text, secret, until, reply } => match self.set(&text, secret, until) {
                Err(why) => drop(reply.send(Answer::Failed(why))),
                Ok(()) => {
                    let _ = reply.send(Answer::Done { checked: false });
                    let checked = self.holds(&text) == Some(true);
                    let _ = reply.send(Answer::Done { checked });
                }
            },
            Job::Get { reply } => {
                let _ = reply.send(match self.system().and_then(System::get) {
                    Ok(text) => Answer::Text(text),
                    Err(why) => Answer::Failed(why),
                });
            }
            Job::Forget { reply } => {
                self.forget();
                let _ = reply.send(Answer::Done { checked: false });
            }
            Job::Close { reply } => {
                self.forget();
                self.system = None;
                let _ = reply.send(Answer::Done { checked: false });
            }
        }
    }

    fn set(&mut self, text: &Secret, secret: Option<OnCleared>, until: Instant) -> Result<(), ClipboardError> {
        let system = self.system()?;
        if Instant::now() >= until {
            return Err(ClipboardError::NoAnswer);
        }
        system.set(text.expose(), secret.is_some())?;
        if let Some(lent) = self.secret.take() {
            (lent.on_cleared)(Cleared::Replaced);
        }
        let until = Instant::now() + self.secret_life;
        self.secret = secret.map(|on_cleared| Lent { text: text.clone(), until, on_cleared });
        Ok(())
    }

    /// Whether the clipboard contains this text; `None` if it cannot be read.
    fn holds(&mut self, text: &Secret) -> Option<bool> {
        let found = self.system().and_then(System::get).ok()?;
        Some(found.is_some_and(|found| *found == text.expose()))
    }

    /// Clears the secret, unless something else has been copied since.
    fn forget(&mut self) {
        let Some(Lent { text, on_cleared, .. }) = self.secret.take() else { return };
        on_cleared(match self.holds(&text) {
            Some(false) => Cleared::Replaced,
            Some(true) => {
                if let Some(system) = &mut self.system {
                    system.clear();
                }
                if self.holds(&text) == Some(false) { Cleared::Removed } else { Cleared::Unknown }
            }
            None => Cleared::Unknown,
        });
    }

    fn system(&mut self) -> Result<&mut (dyn System + 'static), ClipboardError> {
        let system = match self.system.take() {
            Some(system) => system,
            None => (self.opener)()?,
        };
        Ok(&mut **self.system.insert(system))
    }
}
