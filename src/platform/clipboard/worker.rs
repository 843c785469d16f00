//! The thread that owns the clipboard.

use std::{
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use zeroize::Zeroizing;

use super::{
    Forgotten,
    native::{Opener, System, Told},
};
use crate::domain::text::secret::Secret;

/// What the thread is asked to do. Nobody needs to wait for the answers.
pub(super) enum Job {
    /// Put text in and read it back: `Done` or `Failed` at once, then `Done` with what reading back gave.
    Set {
        text: Secret,
        /// Who hears what becomes of it, where it is a secret.
        secret: Option<Told>,
        /// From then on nobody wants it any more: the person was told that it failed.
        until: Instant,
        reply: Sender<Answer>,
    },
    /// Read: `Text` or `Failed`.
    Get { reply: Sender<Answer> },
    /// Take a secret out that is still in: `Done`.
    Forget { reply: Sender<Answer> },
    /// The same, and let go of the clipboard: `Done`.
    Close { reply: Sender<Answer> },
}

/// What the thread says.
#[derive(PartialEq)]
pub(super) enum Answer {
    Done { checked: bool },
    Text(Option<Zeroizing<String>>),
    Failed(String),
}

/// Starts the thread. It ends when the sender is dropped.
pub(super) fn start(opener: Opener, secret_life: Duration) -> io::Result<Sender<Job>> {
    let (jobs, inbox) = channel();
    thread::Builder::new()
        .name("clipboard".to_owned())
        .spawn(move || Worker { opener, system: None, secret_life, secret: None }.serve(&inbox))?;
    Ok(jobs)
}

/// A secret that was put in.
struct Lent {
    text: Secret,
    until: Instant,
    told: Told,
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
        // That nobody waits any more is no fault: the deadline was over.
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

    fn set(&mut self, text: &Secret, secret: Option<Told>, until: Instant) -> Result<(), String> {
        let system = self.system()?;
        if Instant::now() >= until {
            return Err("Too late.".to_owned());
        }
        system.set(text.expose(), secret.is_some())?;
        if let Some(lent) = self.secret.take() {
            (lent.told)(Forgotten::Replaced);
        }
        let until = Instant::now() + self.secret_life;
        self.secret = secret.map(|told| Lent { text: text.clone(), until, told });
        Ok(())
    }

    /// Whether the clipboard holds this text, where it can be read.
    fn holds(&mut self, text: &Secret) -> Option<bool> {
        let found = self.system().and_then(System::get).ok()?;
        Some(found.is_some_and(|found| *found == text.expose()))
    }

    /// Takes the secret out, unless something else was copied since.
    fn forget(&mut self) {
        let Some(Lent { text, told, .. }) = self.secret.take() else { return };
        told(match self.holds(&text) {
            Some(false) => Forgotten::Replaced,
            Some(true) => {
                if let Some(system) = &mut self.system {
                    system.clear();
                }
                if self.holds(&text) == Some(false) { Forgotten::TakenOut } else { Forgotten::Unknown }
            }
            None => Forgotten::Unknown,
        });
    }

    fn system(&mut self) -> Result<&mut (dyn System + 'static), String> {
        let system = match self.system.take() {
            Some(system) => system,
            None => (self.opener)()?,
        };
        Ok(&mut **self.system.insert(system))
    }
}
