//! The system clipboard, which may be missing, slow or hang forever.
//!
//! A `System` accesses it on its own thread: a hung X11 forwarding blocks every caller. The
//! thread keeps running after a copy, because on Linux the text disappears when the program that offers it ends.

use std::{
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel},
    },
    time::{Duration, Instant},
};

use zeroize::Zeroizing;

use super::{
    ClipboardError, SecretCopy,
    system::{OnCleared, Opener},
    worker,
};
use crate::domain::text::secret::Secret;
use worker::{Answer, Job};

/// The system clipboard. Nothing is opened before the first use.
#[derive(Debug)]
pub struct Native {
    opener: Opener,
    deadline: Duration,
    secret_life: Duration,
    line: Mutex<Option<Line>>,
}

/// The connection to the thread.
#[derive(Debug)]
struct Line {
    jobs: Sender<Job>,
    /// The answer to an abandoned job, if it has not arrived yet.
    overdue: Option<Receiver<Answer>>,
}

impl Native {
    /// A clipboard that is opened by `opener`, times out after `deadline` and keeps a secret for `secret_life`.
    pub fn new(opener: Opener, deadline: Duration, secret_life: Duration) -> Self {
        Self { opener, deadline, secret_life, line: Mutex::new(None) }
    }

    /// Copies text that is not secret. Returns whether it was read back.
    ///
    /// # Errors
    /// Why the text is not in the clipboard.
    pub fn copy(&self, text: &str) -> Result<bool, ClipboardError> {
        self.set(Secret::new(text), None)
    }

    /// Copies a secret, excluded from histories, and clears it after its time if it is still there.
    ///
    /// # Errors
    /// Why the secret is not in the clipboard.
    pub fn copy_secret(&self, secret: &Secret, on_cleared: OnCleared) -> Result<SecretCopy, ClipboardError> {
        let begun = Instant::now();
        let checked = self.set(secret.clone(), Some(on_cleared))?;
        Ok(SecretCopy { checked, lasts: self.secret_life.saturating_sub(begun.elapsed()) })
    }

    /// Reads the text.
    ///
    /// # Errors
    /// If there is no clipboard, or no text in it.
    pub fn read(&self) -> Result<Zeroizing<String>, ClipboardError> {
        let (reply, answers) = channel();
        match self.ask(Job::Get { reply }, answers, Instant::now() + self.deadline)?.0 {
            Answer::Text(text) => text.ok_or(ClipboardError::NoText),
            Answer::Failed(why) => Err(why),
            Answer::Done { .. } => Err(ClipboardError::NoAnswer),
        }
    }

    /// Clears a secret that is still there, before its time is up.
    pub fn forget_secret(&self) {
        self.run(|reply| Job::Forget { reply });
    }

    /// Clears a secret that is still there, and closes the clipboard. Later copies open it again.
    pub fn close(&self) {
        self.run(|reply| Job::Close { reply });
    }

    /// Sends a job to the thread, if there is one, and waits until it is done.
    fn run(&self, job: impl FnOnce(Sender<Answer>) -> Job) {
        let open = self.line.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if open {
            let (reply, answers) = channel();
            // If it fails, the secret's own callback reports it.
            let _ = self.ask(job(reply), answers, Instant::now() + self.deadline);
        }
    }

    fn set(&self, text: Secret, secret: Option<OnCleared>) -> Result<bool, ClipboardError> {
        let (reply, answers) = channel();
        let until = Instant::now() + self.deadline;
        match self.ask(Job::Set { text, secret, until, reply }, answers, until)? {
            (Answer::Failed(why), _) => Err(why),
            // The second answer tells whether it could be read back. Without one nothing is known, which is not a
            // failure.
            (_, answers) => match answers.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Answer::Done { checked }) => Ok(checked),
                _ => Ok(false),
            },
        }
    }

    /// Sends a job to the thread and waits for its first answer.
    fn ask(
        &self,
        job: Job,
        answers: Receiver<Answer>,
        until: Instant,
    ) -> Result<(Answer, Receiver<Answer>), ClipboardError> {
        let mut slot = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let line = match &mut *slot {
            Some(line) => line,
            None => {
                let jobs = worker::start(self.opener, self.secret_life).map_err(|_| ClipboardError::NoAnswer)?;
                slot.insert(Line { jobs, overdue: None })
            }
        };
        if let Some(overdue) = &line.overdue {
            if overdue.try_recv() == Err(TryRecvError::Empty) {
                return Err(ClipboardError::Busy);
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
                Err(ClipboardError::NoAnswer)
            }
            // The thread has ended. The next request starts another one.
            Err(RecvTimeoutError::Disconnected) => {
                *slot = None;
                Err(ClipboardError::Failed)
            }
        }
    }
}

#[cfg(test)]
mod tests;
