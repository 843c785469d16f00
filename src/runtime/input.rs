//! Keys, pastes and resizes, read on a separate thread.

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
use crate::model::{Msg, coalesce::coalesce, console_keys::ConsoleKeys};

/// Larger batches are sent to the loop in parts: an event takes a hundred times the memory of its character.
const PART: usize = 1024;

/// How soon the next event must follow to belong to the previous ones. Too short to be noticed; with zero, crossterm
/// does not check its buffered input.
const POLL: Duration = Duration::from_micros(50);

/// How long the Windows console may take for the next character of a paste, if the last one has no meaning alone.
const DOUBT: Duration = Duration::from_millis(150);

/// How long the console may take to continue a paste.
const REST: Duration = Duration::from_millis(500);

/// Starts reading. Keys that are available together are sent together, so that a paste stays in one piece. If the loop
/// asks the terminal for its background, the answer comes first.
///
/// # Errors
/// If no thread can be started.
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
        // crossterm detects resizes only from its first poll on. A change between the first frame and that poll would
        // be lost, so the size is read once more.
        let _ = event::poll(POLL);
        let _ = inbox.send(vec![Msg::Resize]);
        let mut console = ConsoleKeys::default();
        while !is_over() {
            match read_batch(&mut console) {
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

fn read_batch(console: &mut ConsoleKeys) -> io::Result<Vec<Msg>> {
    let events = read_together(console, PART)?;
    Ok(coalesce(events.into_iter().filter_map(Msg::from_terminal).collect()))
}

/// Waits for an event and collects the events that follow immediately, so that a paste stays whole; at most this many.
pub(super) fn read_together(console: &mut ConsoleKeys, most: usize) -> io::Result<Vec<Event>> {
    if console.is_pasted() && !event::poll(REST)? {
        console.rests();
    }
    let mut batch = vec![event::read()?];
    let doubts = |batch: &[Event]| cfg!(windows) && console.doubts(batch);
    while batch.len() < most && !is_over() && (event::poll(POLL)? || doubts(&batch) && event::poll(DOUBT)?) {
        batch.push(event::read()?);
    }
    Ok(if cfg!(windows) { console.understood(batch) } else { batch })
}
