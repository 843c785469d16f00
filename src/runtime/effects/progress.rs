//! Saves the user's progress on its own thread: the latest state is written last, and a slow disk delays nothing.

use std::{
    io,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use tokio::sync::mpsc::UnboundedSender;

use crate::{
    domain::progress::Progress,
    jobs::progress::{Found, forget, load, save},
    model::{Msg, msg::EarlierProgress},
    platform::{env::Environment, progress::ProgressFile, zone},
    words::Words,
};

/// How long the program waits for the disk when it ends.
const PATIENCE: Duration = Duration::from_secs(2);

/// A command for the thread.
#[derive(Debug)]
enum Order {
    /// Save this, or delete the progress.
    Keep(Option<Box<Progress>>),
    /// Switch to the practice tenant.
    Practice,
}

/// The thread that reads and writes the file.
#[derive(Debug)]
pub(super) struct ProgressKeeper {
    orders: Option<Sender<Order>>,
    /// Closed when everything is written.
    over: Receiver<()>,
}

impl ProgressKeeper {
    /// Loads or deletes the progress of earlier sessions, then waits for progress to save.
    pub(super) fn start(
        practice: bool,
        fresh: bool,
        environment: Environment,
        words: Words,
        answers: UnboundedSender<Vec<Msg>>,
    ) -> io::Result<Self> {
        let (slot, orders) = channel();
        let (alive, over) = channel();
        thread::Builder::new().name("progress".to_owned()).spawn(move || {
            let _alive = alive;
            work(&orders, practice, fresh, &environment, words, &answers);
        })?;
        Ok(Self { orders: Some(slot), over })
    }

    /// Saves this progress, replacing the previous one.
    pub(super) fn keep(&self, progress: Option<Box<Progress>>) {
        self.order(Order::Keep(progress));
    }

    /// Keeps the saved progress unchanged: from now on it is about the practice tenant.
    pub(super) fn switch_to_practice(&self) {
        self.order(Order::Practice);
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            let _ = orders.send(order);
        }
    }
}

impl Drop for ProgressKeeper {
    /// Waits until everything is written.
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.over.recv_timeout(PATIENCE);
    }
}

fn earlier(file: Option<&ProgressFile>, fresh: bool, environment: &Environment, words: Words) -> EarlierProgress {
    let zone = zone::local(environment);
    let found = match (file, fresh) {
        (None, _) => Ok(Found::default()),
        (Some(file), true) => forget(file, words).map(|()| Found::default()),
        (Some(file), false) => load(file, words),
    };
    match found {
        Ok(Found { progress, set_aside }) => EarlierProgress { found: Ok(progress), set_aside, zone },
        Err(problem) => EarlierProgress { found: Err(problem), set_aside: None, zone },
    }
}

/// Reports the progress found, then writes until the channel closes. Superseded progress is not written.
fn work(
    orders: &Receiver<Order>,
    practice: bool,
    fresh: bool,
    environment: &Environment,
    words: Words,
    answers: &UnboundedSender<Vec<Msg>>,
) {
    // If the receiver is gone, the program is ending.
    let say = |msg| drop(answers.send(vec![msg]));
    let mut file = ProgressFile::of_user(practice);
    say(Msg::Progress(Box::new(earlier(file.as_ref(), fresh, environment, words))));
    let mut reported = false;
    let mut write = |file: Option<&ProgressFile>, wanted: Option<Box<Progress>>| {
        let done = match (wanted, file) {
            (Some(progress), file) => save(file, &progress, words),
            (None, Some(file)) => forget(file, words),
            (None, None) => Ok(()),
        };
        // Reported only once: it will not work the next time either.
        if let Err(problem) = done
            && !std::mem::replace(&mut reported, true)
        {
            say(Msg::ProgressNotSaved(problem));
        }
    };
    while let Ok(first) = orders.recv() {
        let mut newest = None;
        for order in std::iter::once(first).chain(orders.try_iter()) {
            match order {
                Order::Keep(progress) => newest = Some(progress),
                Order::Practice => {
                    if let Some(wanted) = newest.take() {
                        write(file.as_ref(), wanted);
                    }
                    file = ProgressFile::of_user(true);
                    say(Msg::Progress(Box::new(earlier(file.as_ref(), fresh, environment, words))));
                }
            }
        }
        if let Some(wanted) = newest {
            write(file.as_ref(), wanted);
        }
    }
}
