//! The available commands of the screen with their keys, for footer, help and palette.

use super::{App, overlay::Overlay, route};
use crate::{
    domain::{sap::guide::StepId, text::fuzzy},
    keymap::{self, Action, Context, Key, Label},
    model::Place,
    screens::{Command, command},
    ui::widget::keybar::Hint,
    words::{KeysLabels, Words},
};

/// A command that is available now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundCommand {
    /// What it does.
    pub action: Action,
    /// Its label.
    pub label: String,
    /// Its keys, the displayed one first; empty if it has none here.
    pub keys: Vec<String>,
    /// Why it is disabled right now.
    pub disabled_because: Option<String>,
    /// Whether it is offered prominently.
    pub shown: bool,
}

/// The keys of a context, and how to display them.
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
            shown: command.footer,
        }
    }

    /// The first key of an action, with a label; `None` if it has no key here.
    fn hint(self, action: Action, label: &str, ready: bool) -> Option<Hint> {
        let key = self.keys(action).first()?.label(self.words, self.unicode);
        Some(Hint { key, label: label.to_owned(), action, ready })
    }

    fn hints(self, list: &[(Action, Label)]) -> Vec<Hint> {
        list.iter().filter_map(|(action, label)| self.hint(*action, label(self.words.keys()), true)).collect()
    }
}

/// Commands of every screen.
const EVERYWHERE: &[(Action, Label)] = &[
    (Action::Back, KeysLabels::back_one_step),
    (Action::Cancel, KeysLabels::cancel),
    (Action::Plain, KeysLabels::plain_view),
    (Action::Systems, KeysLabels::saved_systems),
    (Action::Cloud, KeysLabels::cloud),
    (Action::Instances, KeysLabels::instances),
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
    let systems = app.beside != Some(Place::Systems) && !app.session.saved.systems().is_empty();
    let cloud = app.beside != Some(Place::Cloud);
    let is_offered = |action: Action| match action {
        Action::Systems => systems && !has(own, action),
        Action::Cloud => cloud && !has(own, action) && !route::is_after(StepId::Create, app.session.reached),
        Action::Instances => cloud && !has(own, action),
        _ => true,
    };
    list.iter()
        .filter(|(action, _)| is_offered(*action))
        .map(|(action, label)| BoundCommand {
            action: *action,
            label: label(keys.words.keys()).to_owned(),
            keys: keys.names(*action),
            disabled_because: None,
            shown: matches!(action, Action::Quit | Action::Help | Action::Back),
        })
        .filter(|command| !command.keys.is_empty())
        .collect()
}

/// The number of hints at the end of the footer that are never dropped: the palette, which contains all others, and
/// help.
pub const PINNED: usize = 2;

/// The footer: the screen's commands, back, quit, and at the end the palette and help.
pub fn footer(app: &App, unicode: bool) -> Vec<Hint> {
    let keys = Keys::of_screen(app, unicode);
    if let Some(overlay) = &app.overlay {
        let keys = Keys { context: overlay.context(), ..keys };
        return keys.hints(overlay_commands(overlay));
    }
    let commands = of_screen(app);
    let mut hints: Vec<Hint> = commands
        .iter()
        .filter(|command| command.footer)
        .filter_map(|command| keys.hint(command.action, &command.label, command.disabled_because.is_none()))
        .collect();
    let back = if keys.context == Context::Browse { Action::Back } else { Action::Cancel };
    if (app.beside.is_some() || route::previous(app.step).is_some()) && !has(&commands, back) {
        hints.extend(keys.hints(&[(back, KeysLabels::back)]));
    }
    hints.extend(keys.hints(&[
        (Action::Quit, KeysLabels::quit),
        (Action::Palette, KeysLabels::commands),
        (Action::Help, KeysLabels::help),
    ]));
    hints
}

fn overlay_commands(overlay: &Overlay) -> &'static [(Action, Label)] {
    match overlay {
        Overlay::Help(help) if help.filters => {
            &[(Action::Down, KeysLabels::down), (Action::Primary, KeysLabels::run), (Action::Cancel, KeysLabels::clear)]
        }
        Overlay::Help(_) => &[
            (Action::Down, KeysLabels::down),
            (Action::Primary, KeysLabels::run),
            (Action::Filter, KeysLabels::filter),
            (Action::Palette, KeysLabels::commands),
            (Action::Cancel, KeysLabels::close),
        ],
        Overlay::Doctor(_) => &[(Action::Down, KeysLabels::down), (Action::Cancel, KeysLabels::close)],
        Overlay::Palette { .. } => {
            &[(Action::Down, KeysLabels::down), (Action::Primary, KeysLabels::run), (Action::Cancel, KeysLabels::close)]
        }
        Overlay::Confirm { .. } => &[
            (Action::Down, KeysLabels::switch),
            (Action::Yes, KeysLabels::yes),
            (Action::No, KeysLabels::no),
            (Action::Primary, KeysLabels::confirm),
        ],
        Overlay::Plain => &[],
    }
}

/// Everything a key does right now, on the screen or its overlay.
pub fn at_hand(app: &App) -> Vec<BoundCommand> {
    let keys = Keys::of_screen(app, false);
    let words = keys.words.keys();
    if let Some(overlay) = &app.overlay {
        let keys = Keys { context: overlay.context(), ..keys };
        let bound = |(action, label): &(Action, Label)| keys.bound(&command(*action, label(words)));
        return overlay_commands(overlay).iter().map(bound).collect();
    }
    let own = of_screen(app);
    let mut commands: Vec<BoundCommand> = own.iter().map(|command| keys.bound(command)).collect();
    let others = fixed(app, &own, EVERYWHERE, keys).into_iter().filter(|command| !has(&own, command.action));
    commands.extend(others);
    commands.retain(|command| !command.keys.is_empty());
    commands
}

/// A row of the help panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpRow {
    /// What Enter on it does; `None` for the rule about digits.
    pub action: Option<Action>,
    /// Its keys.
    pub keys: String,
    /// What they do.
    pub label: String,
    /// Why it is disabled right now.
    pub disabled_because: Option<String>,
    /// The characters of the label that match the filter.
    pub matched: Vec<usize>,
}

/// The groups of the help panel: title and the rows that match a filter.
pub fn help(app: &App, filter: &str, unicode: bool) -> Vec<(&'static str, Vec<HelpRow>)> {
    let (keys, own) = (Keys::of_screen(app, unicode), of_screen(app));
    let words = keys.words.app();
    let mut everywhere = rows(fixed(app, &own, EVERYWHERE, keys));
    if keys.context == Context::Browse {
        everywhere.push(HelpRow {
            action: None,
            keys: words.jump_range(route::length()),
            label: words.jump().to_owned(),
            disabled_because: None,
            matched: Vec::new(),
        });
    }
    let groups = [
        (words.on_this_screen(), rows(own.iter().map(|command| keys.bound(command)).collect())),
        (words.everywhere(), everywhere),
        (words.moving(), rows(fixed(app, &own, MOVEMENT, keys))),
    ];
    let fitting = |row: HelpRow| {
        let found = fuzzy::fits_all(filter, &row.label, &[&row.keys])?;
        Some(HelpRow { matched: found.places, ..row })
    };
    groups
        .into_iter()
        .map(|(title, rows)| (title, rows.into_iter().filter_map(fitting).collect()))
        .filter(|(_, rows): &(_, Vec<HelpRow>)| !rows.is_empty())
        .collect()
}

/// Rows of the help panel. Actions with the same effect share a row.
fn rows(commands: Vec<BoundCommand>) -> Vec<HelpRow> {
    let mut rows: Vec<HelpRow> = Vec::new();
    for command in commands.into_iter().filter(|command| !command.keys.is_empty()) {
        let keys = command.keys.join(" ");
        match rows.iter_mut().find(|row| row.label == command.label) {
            Some(row) => row.keys = format!("{} {keys}", row.keys),
            None => rows.push(HelpRow {
                action: Some(command.action),
                keys,
                label: command.label,
                disabled_because: command.disabled_because,
                matched: Vec::new(),
            }),
        }
    }
    rows
}

/// The part shown in the palette: the screen's own commands, and those of every screen.
pub fn of_palette(app: &App) -> (Vec<BoundCommand>, Vec<BoundCommand>) {
    let (keys, own) = (Keys::of_screen(app, true), of_screen(app));
    let mut everywhere = fixed(app, &own, EVERYWHERE, keys);
    everywhere
        .retain(|command| !matches!(command.action, Action::Palette | Action::Cancel) && !has(&own, command.action));
    (own.iter().map(|command| keys.bound(command)).collect(), everywhere)
}
