//! Which key does what: one table for dispatch, footer, help, palette and `docs/keys.md`.

pub mod key;
pub mod table;

pub use key::Key;
pub use table::{Action, BINDINGS, Binding, Context, Label};

use crossterm::event::KeyEvent;

/// What a key does in a context, if anything.
pub fn resolve(context: Context, event: &KeyEvent) -> Option<Action> {
    let key = Key::from_event(event);
    BINDINGS
        .iter()
        .filter(|binding| binding.contexts.contains(&context))
        .find(|binding| binding.keys.contains(&key))
        .map(|binding| match (binding.action, key.digit()) {
            (Action::Jump(_), Some(digit)) => Action::Jump(digit),
            (action, _) => action,
        })
}

/// The binding of an action in a context: its first key is the one to show.
pub fn binding(context: Context, action: Action) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| binding.action == action && binding.contexts.contains(&context))
}
