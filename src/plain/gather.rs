//! A text of several lines, such as a key: collected until its braces balance or a line is empty.

use zeroize::Zeroizing;

use super::answer::press;
use crate::{
    app::Described,
    domain::key::service_key::SIZE_LIMIT,
    keymap::{Action, Context},
    model::{Msg, Pasted, capture::Braces},
};

/// A longer line that is no command is text.
const LONGEST_COMMAND: usize = 24;

/// The lines so far. They may hold a secret, so there is no `Debug` of them.
pub struct Gather {
    text: Zeroizing<String>,
    braces: Braces,
    /// Whether balanced braces end it.
    in_braces: bool,
}

impl std::fmt::Debug for Gather {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gather({} bytes)", self.text.len())
    }
}

/// Whether a line that is no command begins a text that is meant to be pasted.
pub fn begins(line: &str, now: &Described) -> bool {
    let braces = line.contains('{') || line.trim_start().starts_with('[');
    match now.context {
        Context::Browse | Context::Editor => {
            let fields = line.contains(['=', '"', '\'']) || line.contains(": ") || line.trim_end().ends_with(':');
            braces || fields || line.contains("-----") || line.trim().chars().count() > LONGEST_COMMAND
        }
        // A whole key in a field is meant as a key; a passphrase may have a brace.
        Context::Edit => braces && !hides(now),
        _ => false,
    }
}

fn hides(now: &Described) -> bool {
    now.page.field.and_then(|at| now.page.fields.get(at)).is_some_and(|field| field.masked)
}

impl Gather {
    /// Nothing yet; `first` is the line that begins it.
    pub fn new(first: &str) -> Self {
        let in_braces = first.contains('{') || first.trim_start().starts_with('[');
        // Larger than most keys: what moves when it grows leaves a copy behind that nobody wipes.
        Self { text: Zeroizing::new(String::with_capacity(32 * 1024)), braces: Braces::default(), in_braces }
    }

    /// Adds a line. Returns the text when it is complete. What is longer than any key is dropped, so that reading it says
    /// that it is too long.
    pub fn add(&mut self, line: &str) -> Option<Pasted> {
        if line.trim().is_empty() && !self.text.is_empty() {
            return Some(self.take());
        }
        for c in line.chars().chain(['\n']) {
            self.braces.follow(c);
            if self.text.len() <= SIZE_LIMIT {
                self.text.push(c);
            }
        }
        (self.in_braces && self.braces.are_balanced()).then(|| self.take())
    }

    /// The text so far.
    pub fn take(&mut self) -> Pasted {
        Pasted::new(self.text.as_bytes())
    }
}

/// What gives the text to the app. In the JSON editor it replaces what is there.
pub fn messages(text: Pasted, context: Context) -> Vec<Msg> {
    let leave = if context == Context::Editor { press(Action::Cancel, context) } else { None };
    leave.into_iter().chain([Msg::Paste(text)]).collect()
}
