//! Keys, pastes and sizes, read on a thread of their own.

use std::{
    io::{self, IsTerminal as _},
    thread,
    time::Duration,
};

use crossterm::event::{self, Event};
use tokio::sync::mpsc::UnboundedSender;

use super::signals::{Control, HANG_UP};
use crate::model::Msg;

/// Long enough for crossterm to look into what it has already read, and too short to be noticed. Zero makes it not look.
const GLANCE: Duration = Duration::from_micros(50);

/// Starts to read. What is there at once goes to the loop at once, so that pasted keys arrive together.
///
/// # Errors
/// Where the system has no thread.
pub fn listen(inbox: UnboundedSender<Vec<Msg>>, control: UnboundedSender<Control>) -> io::Result<()> {
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        // crossterm hears of a new size from its first look on. One that came between the first frame and that look would
        // be lost, so the size is looked at once more.
        let _ = event::poll(GLANCE);
        let _ = inbox.send(vec![Msg::Resize]);
        loop {
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
    let mut batch: Vec<Msg> = Msg::from_terminal(event::read()?).into_iter().collect();
    while event::poll(GLANCE)? {
        let event: Event = event::read()?;
        batch.extend(Msg::from_terminal(event));
    }
    Ok(batch)
}
