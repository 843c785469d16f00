//! The key table. The only place that names a key.

use crossterm::event::KeyCode;

use super::key::{Key, ch, ctrl, named};
use crate::words::KeysLabels;

/// The input context of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// A screen without a text field in focus: letters are commands.
    Browse,
    /// A text field has the focus: all typed characters go into it.
    Edit,
    /// A multi-line text field has the focus: Enter and arrow keys go into it too.
    Editor,
    /// A question is asked.
    Confirm,
    /// The help panel is open.
    Help,
    /// The command palette is open: a text field over a list.
    Palette,
    /// The plain view is on the normal screen.
    Plain,
}

/// What a key asks for. An action means the same everywhere; each screen decides which ones it offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// The main command of the screen, usually to continue.
    Primary,
    /// One step back.
    Back,
    /// Close, stop, leave the field, clear the filter; otherwise one step back.
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
    /// To the previous field or part.
    PreviousField,
    /// To the field of a form with this number, from 0. Only the mouse does this.
    Field(u8),
    /// Tick, choose, press.
    Toggle,
    /// To the step with this number, if it was reached.
    Jump(u8),
    /// Copy the main text of the screen.
    Copy,
    /// Copy the address of the page to open.
    CopyAddress,
    /// Copy the name of the service.
    CopyService,
    /// Copy the plan.
    CopyPlan,
    /// Copy the name of the instance.
    CopyInstance,
    /// Copy the name of the key.
    CopyKeyName,
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
    /// The next view.
    View,
    /// The previous view.
    PreviousView,
    /// Save: to a file, or as a saved system.
    Save,
    /// Rename.
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
    /// Repeat the test until something has appeared.
    Watch,
    /// Write the report of a test.
    Report,
    /// Test all saved systems.
    TestAll,
    /// Open the saved systems.
    Systems,
    /// Have cpikey create the instance and key.
    Cloud,
    /// Open the list of instances and keys.
    Instances,
    /// Update an instance to the chosen roles.
    UpdateRoles,
    /// Replace an old key with a new one.
    Rotate,
    /// Drop the roles that are not offered.
    DropRoles,
    /// Log in as somebody else, or log out.
    LogIn,
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
    /// Redraw everything.
    Redraw,
    /// Suspend to the background.
    Suspend,
    /// End.
    Quit,
    /// Stop the running test, otherwise end at once.
    Interrupt,
}

/// The words for an action, in any language.
pub type Label = fn(KeysLabels) -> &'static str;

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The contexts in which it applies.
    pub contexts: &'static [Context],
    /// The keys; the first is the one that is shown.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// The description, if a screen has no more specific one.
    pub help: Label,
}

use Context::{Browse, Confirm, Edit, Editor, Help, Palette, Plain};

const EVERYWHERE: &[Context] = &[Browse, Edit, Editor, Confirm, Help, Palette, Plain];
const LISTS: &[Context] = &[Browse, Help];

const fn row(contexts: &'static [Context], keys: &'static [Key], action: Action, help: Label) -> Binding {
    Binding { contexts, keys, action, help }
}

/// One rule for all of them: the digit is the number of the step.
const DIGITS: &[Key] = &[ch('1'), ch('2'), ch('3'), ch('4'), ch('5'), ch('6'), ch('7'), ch('8'), ch('9')];

/// All keys, in the order of the help panel.
pub const BINDINGS: &[Binding] = &[
    row(&[Browse, Edit], &[named(KeyCode::Enter)], Action::Primary, KeysLabels::next),
    row(&[Help, Palette], &[named(KeyCode::Enter)], Action::Primary, KeysLabels::run),
    row(&[Editor], &[ctrl('s')], Action::Primary, KeysLabels::apply),
    row(&[Browse], &[named(KeyCode::Left), named(KeyCode::Backspace), ch('b')], Action::Back, KeysLabels::back),
    row(
        &[Browse, Edit, Editor, Help, Palette, Confirm],
        &[named(KeyCode::Esc)],
        Action::Cancel,
        KeysLabels::close_or_back,
    ),
    row(LISTS, &[named(KeyCode::Up), ch('k')], Action::Up, KeysLabels::up),
    row(LISTS, &[named(KeyCode::Down), ch('j')], Action::Down, KeysLabels::down),
    row(&[Edit, Palette], &[named(KeyCode::Up)], Action::Up, KeysLabels::up),
    row(&[Edit, Palette], &[named(KeyCode::Down)], Action::Down, KeysLabels::down),
    row(&[Browse, Help, Palette, Edit], &[named(KeyCode::PageUp)], Action::PageUp, KeysLabels::page_up),
    row(&[Browse, Help, Palette, Edit], &[named(KeyCode::PageDown)], Action::PageDown, KeysLabels::page_down),
    row(LISTS, &[named(KeyCode::Home), ch('g')], Action::First, KeysLabels::first),
    row(LISTS, &[named(KeyCode::End), ch('G')], Action::Last, KeysLabels::last),
    row(&[Browse, Edit, Editor, Confirm], &[named(KeyCode::Tab)], Action::NextField, KeysLabels::next_part),
    row(&[Browse, Edit, Editor, Confirm], &[named(KeyCode::BackTab)], Action::PreviousField, KeysLabels::previous_part),
    row(&[Browse], &[ch(' ')], Action::Toggle, KeysLabels::choose),
    row(&[Browse], DIGITS, Action::Jump(0), KeysLabels::jump),
    row(&[Browse], &[ch('y'), ch('c')], Action::Copy, KeysLabels::copy),
    row(&[Browse], &[ch('u')], Action::CopyService, KeysLabels::copy_service),
    row(&[Browse], &[ch('l')], Action::CopyPlan, KeysLabels::copy_plan),
    row(&[Browse], &[ch('i')], Action::CopyInstance, KeysLabels::copy_instance),
    row(&[Browse], &[ch('m')], Action::CopyKeyName, KeysLabels::copy_key_name),
    row(&[Browse], &[ch('h')], Action::CopyAddress, KeysLabels::copy_address),
    row(&[Browse], &[ch('p')], Action::Plain, KeysLabels::plain),
    row(&[Browse], &[ch('o')], Action::Open, KeysLabels::open),
    row(LISTS, &[ch('/')], Action::Filter, KeysLabels::filter),
    row(&[Browse], &[ch('a')], Action::Recommended, KeysLabels::recommended),
    row(&[Browse], &[ch('A')], Action::All, KeysLabels::all),
    row(&[Browse], &[ch('N')], Action::Nothing, KeysLabels::none),
    row(&[Browse], &[ch('v')], Action::View, KeysLabels::view),
    row(&[Browse], &[ch('V')], Action::PreviousView, KeysLabels::previous_view),
    row(&[Browse], &[ch('s')], Action::Save, KeysLabels::save),
    row(&[Browse], &[ch('n')], Action::Rename, KeysLabels::rename),
    row(&[Browse], &[ch('f')], Action::File, KeysLabels::file),
    row(&[Browse, Edit, Editor, Help, Palette, Confirm], &[ctrl('v')], Action::Paste, KeysLabels::paste),
    row(&[Browse], &[ch('e')], Action::Edit, KeysLabels::edit),
    row(&[Browse], &[ch('x')], Action::Clear, KeysLabels::clear),
    row(&[Browse], &[ch('r')], Action::Retry, KeysLabels::test_again),
    row(&[Browse], &[ch('w')], Action::Watch, KeysLabels::watch),
    row(&[Browse], &[ch('R')], Action::Report, KeysLabels::report),
    row(&[Browse], &[ch('t')], Action::TestAll, KeysLabels::test_all),
    row(&[Browse], &[ch('S')], Action::Systems, KeysLabels::saved_systems),
    row(&[Browse], &[ch('C')], Action::Cloud, KeysLabels::cloud),
    row(&[Browse], &[ch('I')], Action::Instances, KeysLabels::instances),
    row(&[Browse], &[ch('U')], Action::UpdateRoles, KeysLabels::update_roles),
    row(&[Browse], &[ch('K')], Action::Rotate, KeysLabels::rotate),
    row(&[Browse], &[ch('D')], Action::DropRoles, KeysLabels::drop_roles),
    row(&[Browse], &[ch('L')], Action::LogIn, KeysLabels::log_in),
    row(&[Browse], &[ch('d')], Action::Details, KeysLabels::details),
    row(&[Confirm], &[ch('y')], Action::Yes, KeysLabels::yes),
    row(&[Confirm], &[ch('n')], Action::No, KeysLabels::no),
    // Not "no", which may do something: the user wants to leave.
    row(&[Confirm], &[ch('q')], Action::Cancel, KeysLabels::close),
    row(&[Confirm], &[named(KeyCode::Enter), ch(' ')], Action::Primary, KeysLabels::confirm),
    row(&[Confirm], &[named(KeyCode::Left), named(KeyCode::Up), ch('h'), ch('k')], Action::Up, KeysLabels::switch),
    row(&[Confirm], &[named(KeyCode::Right), named(KeyCode::Down), ch('l'), ch('j')], Action::Down, KeysLabels::switch),
    row(
        &[Plain],
        &[named(KeyCode::Enter), named(KeyCode::Esc), ch('p'), ch('q'), ch(' ')],
        Action::Cancel,
        KeysLabels::return_to_wizard,
    ),
    row(&[Help], &[ch('q'), named(KeyCode::Left)], Action::Cancel, KeysLabels::close),
    row(&[Browse, Help], &[ch('?'), named(KeyCode::F(1))], Action::Help, KeysLabels::help),
    row(&[Edit, Editor], &[named(KeyCode::F(1))], Action::Help, KeysLabels::help),
    row(LISTS, &[ctrl('p'), ch(':')], Action::Palette, KeysLabels::commands),
    row(&[Edit, Editor, Palette], &[ctrl('p')], Action::Palette, KeysLabels::commands),
    row(EVERYWHERE, &[ctrl('l')], Action::Redraw, KeysLabels::redraw),
    row(EVERYWHERE, &[ctrl('z')], Action::Suspend, KeysLabels::suspend),
    row(&[Browse], &[ch('q'), ctrl('q')], Action::Quit, KeysLabels::quit),
    row(&[Edit, Editor, Help, Palette, Confirm, Plain], &[ctrl('q')], Action::Quit, KeysLabels::quit),
    row(EVERYWHERE, &[ctrl('c')], Action::Interrupt, KeysLabels::interrupt),
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
    fn no_key_that_types_a_character_is_bound_while_text_is_typed() {
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
