//! Keys, pastes and sizes, read on a thread of their own.

use std::{
    io::{self, IsTerminal as _},
    thread,
    time::Duration,
};

use crossterm::event::{self, Event};
use tokio::sync::mpsc::UnboundedSender;

use super::{
    background,
    signals::{Control, HANG_UP},
    terminal::is_over,
};
use crate::model::{Msg, coalesce::coalesce};

/// A batch of more keys goes to the loop in parts: a key takes a hundred times the memory of its character.
const PART: usize = 1024;

/// Long enough for crossterm to check what it has already read, and too short to be noticed. With zero it does not check.
const POLL: Duration = Duration::from_micros(50);

/// Starts to read. Keys that are available together go to the loop together, so that a paste stays whole. If the loop asks
/// the terminal for its background, the answer comes first.
///
/// # Errors
/// If the system has no thread.
pub fn listen(
    inbox: UnboundedSender<Vec<Msg>>,
    control: UnboundedSender<Control>,
    asks_for_background: bool,
) -> io::Result<()> {
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        if asks_for_background {
            let (background, keys) = background::read_answer();
            if let Some(background) = background {
                let _ = control.send(Control::Background(background));
            }
            let _ = inbox.send(keys);
        }
        // crossterm notices a new size from its first poll on. A change between the first frame and that poll would be
        // lost, so the size is read once more.
        let _ = event::poll(POLL);
        let _ = inbox.send(vec![Msg::Resize]);
        while !is_over() {
            match read_batch() {
                Ok(batch) if batch.is_empty() => {}
                Ok(batch) => {
                    if inbox.send(batch).is_err() {
                        return;
                    }
                }
                Err(error) => {
                    let gone = !io::stdin().is_terminal();
                    let _ = control.send(if gone { Control::End(HANG_UP) } else { Control::InputLost(error) });
                    return;
                }
            }
        }
    })?;
    Ok(())
}

fn read_batch() -> io::Result<Vec<Msg>> {
    let understood: fn(Event) -> Option<Msg> = if cfg!(windows) { Msg::from_console } else { Msg::from_terminal };
    let mut batch: Vec<Msg> = understood(event::read()?).into_iter().collect();
    while batch.len() < PART && !is_over() && event::poll(POLL)? {
        batch.extend(understood(event::read()?));
    }
    Ok(coalesce(batch))
}
