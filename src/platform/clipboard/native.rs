//! The clipboard of the system, which may be missing, slow or for ever silent.
//!
//! It is reached over a [`System`], which lives on a thread of its own: a hung X11 forwarding blocks whoever asks it.
//! And it lives on after a copy, because on Linux the text is gone with the program that offers it.

use std::{
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel},
    },
    time::{Duration, Instant},
};

use zeroize::Zeroizing;

use super::{Forgotten, SecretCopy, worker};
use crate::domain::text::secret::Secret;
use worker::{Answer, Job};

/// A way to a clipboard. All may block, and all errors are words for a person.
pub trait System {
    /// Puts text in. A secret is kept out of histories where the system can be asked to.
    ///
    /// # Errors
    /// Where the text could not be handed over.
    fn set(&mut self, text: &str, secret: bool) -> Result<(), String>;

    /// The text that is in, read anew. `None` where there is no text.
    ///
    /// # Errors
    /// Where the clipboard cannot be read.
    fn get(&mut self) -> Result<Option<Zeroizing<String>>, String>;

    /// Takes out what is in. Whether that worked is seen by reading.
    fn clear(&mut self);
}

/// Opens a [`System`], on the thread that will use it.
pub type Opener = fn() -> Result<Box<dyn System>, String>;

/// Hears what became of a secret.
pub type Told = Box<dyn FnOnce(Forgotten) + Send>;

/// The clipboard of the system. Nothing is opened before the first use.
#[derive(Debug)]
pub struct Native {
    opener: Opener,
    deadline: Duration,
    secret_life: Duration,
    line: Mutex<Option<Line>>,
}

/// The line to the thread.
#[derive(Debug)]
struct Line {
    jobs: Sender<Job>,
    /// Where the answer to a job is still to come that was given up.
    overdue: Option<Receiver<Answer>>,
}

impl Native {
    /// A clipboard that is opened by `opener`, gives up after `deadline` and keeps a secret for `secret_life`.
    pub fn new(opener: Opener, deadline: Duration, secret_life: Duration) -> Self {
        Self { opener, deadline, secret_life, line: Mutex::new(None) }
    }

    /// Copies text that is not secret. True where it was read back.
    ///
    /// # Errors
    /// In words, why the text is not in the clipboard.
    pub fn copy(&self, text: &str) -> Result<bool, String> {
        self.set(Secret::new(text), None)
    }

    /// Copies a secret, kept out of histories, and takes it out when its time is over if it is still there.
    ///
    /// # Errors
    /// In words, why the secret is not in the clipboard.
    pub fn copy_secret(&self, secret: &Secret, told: Told) -> Result<SecretCopy, String> {
        let begun = Instant::now();
        let checked = self.set(secret.clone(), Some(told))?;
        Ok(SecretCopy { checked, lasts: self.secret_life.saturating_sub(begun.elapsed()) })
    }

    /// Reads the text that is in.
    ///
    /// # Errors
    /// In words: no clipboard, no text in it.
    pub fn read(&self) -> Result<Zeroizing<String>, String> {
        let (reply, answers) = channel();
        match self.ask(Job::Get { reply }, answers, Instant::now() + self.deadline)?.0 {
            Answer::Text(text) => text.ok_or_else(|| "There is no text in the clipboard.".to_owned()),
            Answer::Failed(why) => Err(why),
            Answer::Done { .. } => Err(NO_ANSWER.to_owned()),
        }
    }

    /// Takes a secret out if it is still there, before its time is over.
    pub fn forget_secret(&self) {
        self.tell(|reply| Job::Forget { reply });
    }

    /// Takes a secret out if it is still there, and lets go of the clipboard. Later copies open it anew.
    pub fn close(&self) {
        self.tell(|reply| Job::Close { reply });
    }

    /// Gives a job to the thread, where there is one, and waits until it is done.
    fn tell(&self, job: impl FnOnce(Sender<Answer>) -> Job) {
        let open = self.line.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if open {
            let (reply, answers) = channel();
            // What cannot be done is left; the secret's own listener hears of it.
            let _ = self.ask(job(reply), answers, Instant::now() + self.deadline);
        }
    }

    fn set(&self, text: Secret, secret: Option<Told>) -> Result<bool, String> {
        let (reply, answers) = channel();
        let until = Instant::now() + self.deadline;
        match self.ask(Job::Set { text, secret, until, reply }, answers, until)? {
            (Answer::Failed(why), _) => Err(why),
            // The second answer says whether it could be read back. Without one nothing is known, which is no failure.
            (_, answers) => match answers.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Answer::Done { checked }) => Ok(checked),
                _ => Ok(false),
            },
        }
    }

    /// Gives a job to the thread and waits for its first answer.
    fn ask(&self, job: Job, answers: Receiver<Answer>, until: Instant) -> Result<(Answer, Receiver<Answer>), String> {
        let mut slot = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let line = match &mut *slot {
            Some(line) => line,
            None => {
                let jobs = worker::start(self.opener, self.secret_life).map_err(|_| NO_ANSWER.to_owned())?;
                slot.insert(Line { jobs, overdue: None })
            }
        };
        if let Some(overdue) = &line.overdue {
            if overdue.try_recv() == Err(TryRecvError::Empty) {
                return Err("The clipboard has still not answered the request before.".to_owned());
            }
            line.overdue = None;
        }
        let answer = match line.jobs.send(job) {
            Ok(()) => answers.recv_timeout(until.saturating_duration_since(Instant::now())),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        match answer {
            Ok(answer) => Ok((answer, answers)),
            Err(RecvTimeoutError::Timeout) => {
                line.overdue = Some(answers);
                Err(NO_ANSWER.to_owned())
            }
            // The thread is gone. The next request starts another one.
            Err(RecvTimeoutError::Disconnected) => {
                *slot = None;
                Err("The clipboard failed.".to_owned())
            }
        }
    }
}

const NO_ANSWER: &str = "The clipboard did not answer within a second.";

#[cfg(test)]
#[path = "native_tests.rs"]
mod tests;
