//! Everything that can be done now, with its keys: what footer, help and palette show.

use super::{App, route};
use crate::{
    keymap::{self, Action, Context, Key, Label},
    screens::Command,
    ui::widget::keybar::Hint,
    words::{KeysLabels, Words},
};

/// Something that can be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundCommand {
    /// What it does.
    pub action: Action,
    /// In words.
    pub label: String,
    /// Its keys, the shown one first; empty if it has none here.
    pub keys: Vec<String>,
    /// Why it cannot be done right now.
    pub disabled_because: Option<String>,
}

/// The keys of a context, and how they are written.
#[derive(Clone, Copy)]
struct Keys {
    context: Context,
    words: Words,
    unicode: bool,
}

impl Keys {
    fn of_screen(app: &App, unicode: bool) -> Self {
        let context = app.screens.get(app.place()).context(&app.session);
        Self { context, words: app.session.content.words, unicode }
    }

    fn keys(self, action: Action) -> &'static [Key] {
        keymap::binding(self.context, action).map_or(&[], |binding| binding.keys)
    }

    fn names(self, action: Action) -> Vec<String> {
        self.keys(action).iter().map(|key| key.label(self.words, self.unicode)).collect()
    }

    fn bound(self, command: &Command) -> BoundCommand {
        BoundCommand {
            action: command.action,
            label: command.label.clone(),
            keys: self.names(command.action),
            disabled_because: command.disabled_because.clone(),
        }
    }

    /// The first key of an action, with a label; `None` if it has no key here.
    fn hint(self, action: Action, label: &str, ready: bool) -> Option<Hint> {
        let key = self.keys(action).first()?.label(self.words, self.unicode);
        Some(Hint { key, label: label.to_owned(), ready })
    }

    fn hints(self, list: &[(Action, Label)]) -> Vec<Hint> {
        list.iter().filter_map(|(action, label)| self.hint(*action, label(self.words.keys()), true)).collect()
    }
}

/// What works on every screen.
const EVERYWHERE: &[(Action, Label)] = &[
    (Action::Back, KeysLabels::back_one_step),
    (Action::Cancel, KeysLabels::cancel),
    (Action::Plain, KeysLabels::plain_view),
    (Action::Systems, KeysLabels::saved_systems),
    (Action::Palette, KeysLabels::all_commands),
    (Action::Help, KeysLabels::this_help),
    (Action::Redraw, KeysLabels::redraw_screen),
    (Action::Suspend, KeysLabels::to_background),
    (Action::Quit, KeysLabels::quit),
    (Action::Interrupt, KeysLabels::stop_or_quit),
];

/// Moving the focus.
const MOVEMENT: &[(Action, Label)] = &[
    (Action::Up, KeysLabels::up),
    (Action::Down, KeysLabels::down),
    (Action::PageUp, KeysLabels::page_up),
    (Action::PageDown, KeysLabels::page_down),
    (Action::First, KeysLabels::first_row),
    (Action::Last, KeysLabels::last_row),
    (Action::NextField, KeysLabels::next_field),
    (Action::PreviousField, KeysLabels::previous_field),
];

/// The screen's own commands.
fn of_screen(app: &App) -> Vec<Command> {
    app.screens.get(app.place()).commands(&app.session)
}

fn has(commands: &[Command], action: Action) -> bool {
    commands.iter().any(|command| command.action == action)
}

/// Commands of a fixed list that have a key in the screen's context.
fn fixed(app: &App, own: &[Command], list: &[(Action, Label)], keys: Keys) -> Vec<BoundCommand> {
    // The saved systems are offered if there are any and the screen does not offer them itself.
    let systems = !app.systems_open && !app.session.saved.systems().is_empty() && !has(own, Action::Systems);
    list.iter()
        .filter(|(action, _)| *action != Action::Systems || systems)
        .map(|(action, label)| BoundCommand {
            action: *action,
            label: label(keys.words.keys()).to_owned(),
            keys: keys.names(*action),
            disabled_because: None,
        })
        .filter(|command| !command.keys.is_empty())
        .collect()
}

/// The footer: the screen's commands, back, quit, and help at the end.
pub fn footer(app: &App, unicode: bool) -> Vec<Hint> {
    let keys = Keys::of_screen(app, unicode);
    if let Some(overlay) = &app.overlay {
        let keys = Keys { context: overlay.context(), ..keys };
        return keys.hints(overlay_commands(keys.context));
    }
    let commands = of_screen(app);
    let mut hints: Vec<Hint> = commands
        .iter()
        .filter(|command| command.footer)
        .filter_map(|command| keys.hint(command.action, &command.label, command.disabled_because.is_none()))
        .collect();
    let back = if keys.context == Context::Browse { Action::Back } else { Action::Cancel };
    if (app.systems_open || route::previous(app.step).is_some()) && !has(&commands, back) {
        hints.extend(keys.hints(&[(back, KeysLabels::back)]));
    }
    hints.extend(keys.hints(&[(Action::Quit, KeysLabels::quit), (Action::Help, KeysLabels::help)]));
    hints
}

fn overlay_commands(context: Context) -> &'static [(Action, Label)] {
    match context {
        Context::Help => {
            &[(Action::Up, KeysLabels::up), (Action::Down, KeysLabels::down), (Action::Cancel, KeysLabels::close)]
        }
        Context::Palette => {
            &[(Action::Down, KeysLabels::down), (Action::Primary, KeysLabels::run), (Action::Cancel, KeysLabels::close)]
        }
        Context::Confirm => &[
            (Action::Down, KeysLabels::switch),
            (Action::Yes, KeysLabels::yes),
            (Action::No, KeysLabels::no),
            (Action::Primary, KeysLabels::confirm),
        ],
        _ => &[],
    }
}

/// The groups of the help panel: title and rows.
pub fn help(app: &App, unicode: bool) -> Vec<(&'static str, Vec<Hint>)> {
    let (keys, own) = (Keys::of_screen(app, unicode), of_screen(app));
    let words = keys.words.app();
    let mut everywhere = rows(fixed(app, &own, EVERYWHERE, keys));
    if keys.context == Context::Browse {
        let key = words.jump_range(route::length());
        everywhere.push(Hint { key, label: words.jump().to_owned(), ready: true });
    }
    vec![
        (words.on_this_screen(), rows(own.iter().map(|command| keys.bound(command)).collect())),
        (words.moving(), rows(fixed(app, &own, MOVEMENT, keys))),
        (words.everywhere(), everywhere),
    ]
}

/// Rows of the help panel. Several actions that do the same here are one row.
fn rows(commands: Vec<BoundCommand>) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    for command in commands.into_iter().filter(|command| !command.keys.is_empty()) {
        let key = command.keys.join(" ");
        match hints.iter_mut().find(|hint| hint.label == command.label) {
            Some(hint) => hint.key = format!("{} {key}", hint.key),
            None => hints.push(Hint { key, label: command.label, ready: command.disabled_because.is_none() }),
        }
    }
    hints
}

/// What the palette shows for a query: every word of it is in the label, in any case.
pub fn matching(app: &App, query: &str) -> Vec<BoundCommand> {
    let (keys, own) = (Keys::of_screen(app, true), of_screen(app));
    let mut all: Vec<BoundCommand> = own.iter().map(|command| keys.bound(command)).collect();
    all.extend(jumps(app));
    let mut labels: Vec<String> = Vec::new();
    all.retain(|command| {
        let new = !labels.contains(&command.label);
        labels.push(command.label.clone());
        new
    });
    let others = fixed(app, &own, EVERYWHERE, keys);
    all.extend(
        others.into_iter().filter(|command| {
            !matches!(command.action, Action::Palette | Action::Cancel) && !has(&own, command.action)
        }),
    );
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    all.retain(|command| {
        let label = command.label.to_lowercase();
        words.iter().all(|word| label.contains(word.as_str()))
    });
    all
}

/// The steps that may be entered, apart from the one on the screen.
fn jumps(app: &App) -> impl Iterator<Item = BoundCommand> {
    let session = &app.session;
    let reached = route::numbers().filter(|(_, id)| !route::is_after(*id, session.reached) && *id != app.step);
    reached.map(|(number, id)| BoundCommand {
        action: Action::Jump(number),
        label: session.content.words.app().jump_to(number, &session.content.step(id).title),
        keys: vec![number.to_string()],
        disabled_because: None,
    })
}
