//! Everything that can be done now, with its keys: what footer, help and palette show.

use super::{
    App,
    route::{self, ROUTE},
};
use crate::{
    keymap::{self, Action, Context},
    screens::Command,
    ui::widget::keybar::Hint,
};

/// Something that can be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundCommand {
    /// What it does.
    pub action: Action,
    /// In words.
    pub label: String,
    /// Its keys, the shown one first; empty where it has none here.
    pub keys: Vec<String>,
    /// Why it cannot be done right now.
    pub disabled_because: Option<String>,
}

fn keys(context: Context, action: Action, unicode: bool) -> Vec<String> {
    keymap::binding(context, action)
        .map(|binding| binding.keys.iter().map(|key| key.label(unicode)).collect())
        .unwrap_or_default()
}

fn bound(command: &Command, context: Context, unicode: bool) -> BoundCommand {
    BoundCommand {
        action: command.action,
        label: command.label.clone(),
        keys: keys(context, command.action, unicode),
        disabled_because: command.disabled_because.clone(),
    }
}

/// What works on every screen.
const EVERYWHERE: &[(Action, &str)] = &[
    (Action::Back, "back one step"),
    (Action::Cancel, "stop a test, leave a field, clear a filter, else back"),
    (Action::Plain, "plain view: show the text outside the full screen, to select it with the mouse"),
    (Action::Systems, "saved systems"),
    (Action::Palette, "all commands"),
    (Action::Help, "this help"),
    (Action::Redraw, "draw the screen anew"),
    (Action::Suspend, "go to the background"),
    (Action::Quit, "quit"),
    (Action::Interrupt, "stop a running test, else quit at once"),
];

/// Moving about.
const MOVEMENT: &[(Action, &str)] = &[
    (Action::Up, "up"),
    (Action::Down, "down"),
    (Action::PageUp, "page up"),
    (Action::PageDown, "page down"),
    (Action::First, "to the first row"),
    (Action::Last, "to the last row"),
    (Action::NextField, "next field or part"),
    (Action::PreviousField, "field or part before"),
];

/// The screen's own commands.
pub fn of_screen(app: &App, unicode: bool) -> Vec<BoundCommand> {
    let screen = app.screens.get(app.place());
    let context = screen.context(&app.session);
    screen.commands(&app.session).iter().map(|command| bound(command, context, unicode)).collect()
}

/// Commands of a fixed list that have a key in the screen's context.
fn fixed(app: &App, list: &[(Action, &str)], unicode: bool) -> Vec<BoundCommand> {
    let context = app.screens.get(app.place()).context(&app.session);
    list.iter()
        .map(|(action, label)| BoundCommand {
            action: *action,
            label: (*label).to_owned(),
            keys: keys(context, *action, unicode),
            disabled_because: None,
        })
        .filter(|command| !command.keys.is_empty())
        .filter(|command| command.action != Action::Systems || offers_systems(app))
        .collect()
}

/// Whether the saved systems can be opened and the screen does not offer it itself.
fn offers_systems(app: &App) -> bool {
    !app.systems_open && !app.session.saved.systems().is_empty() && !all_has(app, Action::Systems)
}

/// The footer: the screen's commands, back, quit, and help at the end.
pub fn footer(app: &App, unicode: bool) -> Vec<Hint> {
    let context = app.context();
    if context != app.screens.get(app.place()).context(&app.session) || app.overlay.is_some() {
        return overlay_footer(context, unicode);
    }
    let screen = app.screens.get(app.place());
    let mut hints: Vec<Hint> = screen
        .commands(&app.session)
        .iter()
        .filter(|command| command.footer)
        .filter_map(|command| {
            hint(context, command.action, &command.label, command.disabled_because.is_none(), unicode)
        })
        .collect();
    let taken = |action: Action| screen.commands(&app.session).iter().any(|command| command.action == action);
    if app.systems_open || route::previous(app.step).is_some() {
        let back = if context == Context::Browse { Action::Back } else { Action::Cancel };
        if !taken(back) {
            hints.extend(hint(context, back, "back", true, unicode));
        }
    }
    hints.extend(hint(context, Action::Quit, "quit", true, unicode));
    hints.extend(hint(context, Action::Help, "help", true, unicode));
    hints
}

fn overlay_footer(context: Context, unicode: bool) -> Vec<Hint> {
    let list: &[(Action, &str)] = match context {
        Context::Help => &[(Action::Up, "up"), (Action::Down, "down"), (Action::Cancel, "close")],
        Context::Palette => &[(Action::Down, "down"), (Action::Primary, "do it"), (Action::Cancel, "close")],
        Context::Confirm => &[
            (Action::Down, "other answer"),
            (Action::Yes, "yes"),
            (Action::No, "no"),
            (Action::Primary, "take the marked answer"),
        ],
        _ => &[],
    };
    list.iter().filter_map(|(action, label)| hint(context, *action, label, true, unicode)).collect()
}

fn hint(context: Context, action: Action, label: &str, ready: bool, unicode: bool) -> Option<Hint> {
    let key = keymap::binding(context, action)?.keys.first()?.label(unicode);
    Some(Hint { key, label: label.to_owned(), ready })
}

/// The groups of the help panel: title and rows.
pub fn help(app: &App, unicode: bool) -> Vec<(&'static str, Vec<Hint>)> {
    let rows = |commands: Vec<BoundCommand>| {
        let mut hints: Vec<Hint> = Vec::new();
        for command in commands.into_iter().filter(|command| !command.keys.is_empty()) {
            // Several actions that do the same here are one row.
            match hints.iter_mut().find(|hint| hint.label == command.label) {
                Some(hint) => hint.key = format!("{} {}", hint.key, command.keys.join(" ")),
                None => hints.push(Hint {
                    key: command.keys.join(" "),
                    ready: command.disabled_because.is_none(),
                    label: command.label,
                }),
            }
        }
        hints
    };
    vec![
        ("On this screen", rows(of_screen(app, unicode))),
        ("Moving", rows(fixed(app, MOVEMENT, unicode))),
        ("Everywhere", {
            let mut rows: Vec<Hint> = rows(fixed(app, EVERYWHERE, unicode));
            if app.screens.get(app.place()).context(&app.session) == Context::Browse {
                rows.push(Hint {
                    key: app.session.content.words.app().jump_range(ROUTE.len()),
                    label: app.session.content.words.app().jump().to_owned(),
                    ready: true,
                });
            }
            rows
        }),
    ]
}

/// What the palette shows for a query: every word of it stands in the label, in any case.
pub fn matching(app: &App, query: &str) -> Vec<BoundCommand> {
    let mut all = of_screen(app, true);
    for (number, id) in (1u8..).zip(ROUTE) {
        let step = app.session.content.step(*id);
        if !route::is_after(*id, app.session.reached) && *id != app.step {
            all.push(BoundCommand {
                action: Action::Jump(number),
                label: app.session.content.words.app().jump_to(number, &step.title),
                keys: vec![number.to_string()],
                disabled_because: None,
            });
        }
    }
    let others = fixed(app, EVERYWHERE, true);
    let mut labels: Vec<String> = Vec::new();
    all.retain(|command| {
        let new = !labels.contains(&command.label);
        labels.push(command.label.clone());
        new
    });
    all.extend(others.into_iter().filter(|command| {
        !matches!(command.action, Action::Palette | Action::Cancel) && !all_has(app, command.action)
    }));
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    all.retain(|command| {
        let label = command.label.to_lowercase();
        words.iter().all(|word| label.contains(word.as_str()))
    });
    all
}

fn all_has(app: &App, action: Action) -> bool {
    app.screens.get(app.place()).commands(&app.session).iter().any(|command| command.action == action)
}
