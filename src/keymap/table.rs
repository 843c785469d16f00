//! The table. The only place that names a key.

use crossterm::event::KeyCode;

use super::key::{Key, ch, ctrl, named};

/// What is going on, as far as keys are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// A screen without a text field in focus: letters are commands.
    Browse,
    /// A text field has the focus: everything that types goes into it.
    Edit,
    /// A text of several lines has the focus: Enter and the arrows go into it too.
    Editor,
    /// A question is asked.
    Confirm,
    /// The help panel is open.
    Help,
    /// The command palette is open: a text field over a list.
    Palette,
    /// The plain view stands on the normal screen.
    Plain,
}

/// What a key asks for. It means the same everywhere; a screen says what it can do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// The main thing of the screen, usually: go on.
    Primary,
    /// One step back.
    Back,
    /// Close, stop, leave the field, clear the filter; else one step back.
    Cancel,
    /// Up one row.
    Up,
    /// Down one row.
    Down,
    /// Up one page.
    PageUp,
    /// Down one page.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// To the next field or part of the screen.
    NextField,
    /// To the field or part before.
    PreviousField,
    /// Tick, choose, press.
    Toggle,
    /// To the step with this number, if it was reached.
    Jump(u8),
    /// Copy the main thing of the screen.
    Copy,
    /// Show text outside the full screen, to be selected with the mouse.
    Plain,
    /// Open the link in a browser.
    Open,
    /// Filter the list.
    Filter,
    /// The recommended choice.
    Recommended,
    /// Everything.
    All,
    /// Nothing.
    Nothing,
    /// Another view of the same.
    View,
    /// Save: to a file, or as a saved system.
    Save,
    /// Give another name.
    Rename,
    /// Read from a file.
    File,
    /// Read the clipboard.
    Paste,
    /// Edit by hand.
    Edit,
    /// Forget the key.
    Clear,
    /// Test again.
    Retry,
    /// Test all saved systems.
    TestAll,
    /// Open the saved systems.
    Systems,
    /// More or fewer details.
    Details,
    /// Yes.
    Yes,
    /// No.
    No,
    /// The help panel.
    Help,
    /// The command palette.
    Palette,
    /// Draw everything anew.
    Redraw,
    /// Go to the background.
    Suspend,
    /// End.
    Quit,
    /// Stop the running test, else end at once.
    Interrupt,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it holds.
    pub contexts: &'static [Context],
    /// The keys; the first is the one that is shown.
    pub keys: &'static [Key],
    /// What they ask for.
    pub action: Action,
    /// What that is called where a screen has no better words.
    pub help: &'static str,
}

use Context::{Browse, Confirm, Edit, Editor, Help, Palette, Plain};

const EVERYWHERE: &[Context] = &[Browse, Edit, Editor, Confirm, Help, Palette, Plain];
const SCREENS: &[Context] = &[Browse, Edit, Editor];
const LISTS: &[Context] = &[Browse, Help];

const fn row(contexts: &'static [Context], keys: &'static [Key], action: Action, help: &'static str) -> Binding {
    Binding { contexts, keys, action, help }
}

/// One rule for all of them: the digit is the number of the step.
const DIGITS: &[Key] = &[ch('1'), ch('2'), ch('3'), ch('4'), ch('5'), ch('6'), ch('7'), ch('8'), ch('9')];

/// All keys, in the order of the help panel.
pub const BINDINGS: &[Binding] = &[
    row(&[Browse, Edit, Palette], &[named(KeyCode::Enter)], Action::Primary, "next"),
    row(&[Editor], &[ctrl('s')], Action::Primary, "take over"),
    row(&[Browse], &[named(KeyCode::Left), named(KeyCode::Backspace), ch('b')], Action::Back, "back"),
    row(&[Browse, Edit, Editor, Help, Palette, Confirm], &[named(KeyCode::Esc)], Action::Cancel, "close, stop, back"),
    row(LISTS, &[named(KeyCode::Up), ch('k')], Action::Up, "up"),
    row(LISTS, &[named(KeyCode::Down), ch('j')], Action::Down, "down"),
    row(&[Edit, Palette], &[named(KeyCode::Up)], Action::Up, "up"),
    row(&[Edit, Palette], &[named(KeyCode::Down)], Action::Down, "down"),
    row(&[Browse, Help, Palette, Edit], &[named(KeyCode::PageUp)], Action::PageUp, "page up"),
    row(&[Browse, Help, Palette, Edit], &[named(KeyCode::PageDown)], Action::PageDown, "page down"),
    row(LISTS, &[named(KeyCode::Home), ch('g')], Action::First, "first"),
    row(LISTS, &[named(KeyCode::End), ch('G')], Action::Last, "last"),
    row(&[Browse, Edit, Editor, Confirm], &[named(KeyCode::Tab)], Action::NextField, "next part"),
    row(&[Browse, Edit, Editor, Confirm], &[named(KeyCode::BackTab)], Action::PreviousField, "previous part"),
    row(&[Browse], &[ch(' ')], Action::Toggle, "choose"),
    row(&[Browse], DIGITS, Action::Jump(0), "go to the step with this number"),
    row(&[Browse], &[ch('y'), ch('c')], Action::Copy, "copy"),
    row(&[Browse], &[ch('p')], Action::Plain, "plain view"),
    row(&[Browse], &[ch('o')], Action::Open, "open link"),
    row(&[Browse], &[ch('/')], Action::Filter, "filter"),
    row(&[Browse], &[ch('a')], Action::Recommended, "recommended"),
    row(&[Browse], &[ch('A')], Action::All, "all"),
    row(&[Browse], &[ch('N')], Action::Nothing, "none"),
    row(&[Browse], &[ch('v')], Action::View, "other view"),
    row(&[Browse], &[ch('s')], Action::Save, "save"),
    row(&[Browse], &[ch('n')], Action::Rename, "rename"),
    row(&[Browse], &[ch('f')], Action::File, "file"),
    row(SCREENS, &[ctrl('v')], Action::Paste, "paste from the clipboard"),
    row(&[Browse], &[ch('e')], Action::Edit, "edit"),
    row(&[Browse], &[ch('x')], Action::Clear, "clear"),
    row(&[Browse], &[ch('r')], Action::Retry, "test again"),
    row(&[Browse], &[ch('t')], Action::TestAll, "test all saved systems"),
    row(&[Browse], &[ch('S')], Action::Systems, "saved systems"),
    row(&[Browse], &[ch('d')], Action::Details, "details"),
    row(&[Confirm], &[ch('y')], Action::Yes, "yes"),
    row(&[Confirm], &[ch('n'), ch('q')], Action::No, "no"),
    row(&[Confirm], &[named(KeyCode::Enter), ch(' ')], Action::Primary, "take the marked answer"),
    row(&[Confirm], &[named(KeyCode::Left), named(KeyCode::Up), ch('h'), ch('k')], Action::Up, "other answer"),
    row(&[Confirm], &[named(KeyCode::Right), named(KeyCode::Down), ch('l'), ch('j')], Action::Down, "other answer"),
    row(
        &[Plain],
        &[named(KeyCode::Enter), named(KeyCode::Esc), ch('p'), ch('q'), ch(' ')],
        Action::Cancel,
        "return to the wizard",
    ),
    row(&[Help], &[ch('q'), named(KeyCode::Enter), named(KeyCode::Left)], Action::Cancel, "close"),
    row(&[Browse, Help], &[ch('?'), named(KeyCode::F(1))], Action::Help, "help"),
    row(&[Edit, Editor], &[named(KeyCode::F(1))], Action::Help, "help"),
    row(&[Browse], &[ctrl('p'), ch(':')], Action::Palette, "commands"),
    row(&[Edit, Editor, Palette], &[ctrl('p')], Action::Palette, "commands"),
    row(EVERYWHERE, &[ctrl('l')], Action::Redraw, "redraw"),
    row(EVERYWHERE, &[ctrl('z')], Action::Suspend, "suspend"),
    row(&[Browse], &[ch('q'), ctrl('q')], Action::Quit, "quit"),
    row(&[Edit, Editor, Help, Palette, Confirm, Plain], &[ctrl('q')], Action::Quit, "quit"),
    row(EVERYWHERE, &[ctrl('c')], Action::Interrupt, "stop the test, else quit at once"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const CONTEXTS: &[Context] = &[Browse, Edit, Editor, Confirm, Help, Palette, Plain];

    #[test]
    fn no_key_means_two_things_in_one_context() {
        for context in CONTEXTS {
            let mut seen = HashSet::new();
            for binding in BINDINGS.iter().filter(|binding| binding.contexts.contains(context)) {
                for key in binding.keys {
                    assert!(seen.insert(*key), "{key:?} is bound twice in {context:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_that_types_is_bound_where_text_is_typed() {
        for binding in BINDINGS {
            let text = binding.contexts.iter().any(|context| matches!(context, Edit | Editor | Palette));
            assert!(!text || binding.keys.iter().all(|key| !key.types()), "{binding:?}");
        }
    }

    #[test]
    fn no_function_hangs_on_a_key_that_terminals_keep_for_themselves() {
        for binding in BINDINGS {
            let reliable = |key: &Key| !matches!(key.code, KeyCode::F(_)) && *key != ctrl('a') && *key != ctrl('b');
            assert!(
                binding.keys.iter().any(reliable)
                    || BINDINGS.iter().any(|b| b.action == binding.action && b.keys.iter().any(reliable)),
                "{binding:?}"
            );
        }
    }
}
