//! Documentation generated from the program: the table of keys, and the pictures of the screens.

use std::{env, fs, path::Path};

use cpikey::{
    domain::{platform::Platform, sap::guide::StepId},
    keymap::{BINDINGS, Context},
    model::{Msg, msg::CopyOutcome},
    ui::Theme,
    words::Words,
};
use ratatui::buffer::Buffer;

use crate::{
    driver::{CANARY, Driver, KEY, ok},
    pictures,
    sizes::at_step,
    svg,
};

/// Compares a part of a file, or writes it if `UPDATE_DOCS` is set.
fn same(path: &str, start: &str, end: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(&path).unwrap();
    let from = text.find(start).unwrap() + start.len();
    let to = from + text[from..].find(end).unwrap();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{}{expected}{}", &text[..from], &text[to..])).unwrap();
    } else {
        assert_eq!(&text[from..to], expected, "UPDATE_DOCS=1 cargo test --test wizard rewrites it");
    }
}

#[test]
fn the_table_of_keys_is_the_one_that_is_used() {
    let contexts = [
        (Context::Browse, "On a screen"),
        (Context::Edit, "In a text field"),
        (Context::Editor, "In the JSON editor"),
        (Context::Confirm, "When something is asked"),
        (Context::Help, "In the help"),
        (Context::Palette, "In the command palette"),
        (Context::Plain, "In the plain view"),
    ];
    let words = Words::default();
    let mut table = String::from("\n");
    for (context, title) in contexts {
        table.push_str(&format!("\n## {title}\n\n| key | does |\n|---|---|\n"));
        for binding in BINDINGS.iter().filter(|binding| binding.contexts.contains(&context)) {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{}`", key.label(words, true))).collect();
            table.push_str(&format!("| {} | {} |\n", keys.join(" "), (binding.help)(words.keys())));
        }
    }
    table.push_str("\n## To paste into your terminal\n\n| system | keys |\n|---|---|\n");
    for (name, platform) in [("Linux", Platform::Linux), ("macOS", Platform::MacOs), ("Windows", Platform::Windows)] {
        table.push_str(&format!("| {name} | {} |\n", platform.paste_keys(words)));
    }
    same("docs/keys.md", "<!-- table -->", "<!-- end -->", &table);
}

/// A picture: its name, its alternative text, and how to reach it.
type Still = (&'static str, &'static str, fn() -> Driver);

/// The parts of the wizard that are shown.
const STILLS: [Still; 6] = [
    ("purpose", "The first step: what will use the key, and how many roles that takes", || at_step(1)),
    ("roles", "The roles of the key, each with what it allows, and the instance parameters as JSON", || at_step(4)),
    ("create", "What to type in the cockpit, with the values filled in", || at_step(5)),
    ("key", "A pasted key: its fields, the secret masked, and what the test will send", pasted),
    ("test", "The result of a test: the key works, and roles are missing", || at_step(8)),
    ("finish", "The last step: save the key, hand it over, copy single values", || at_step(9)),
];

fn pasted() -> Driver {
    let mut driver = at_step(7);
    driver.paste(KEY);
    driver
}

/// The whole walk on the practice tenant, with how many tenths of a second each frame is shown.
fn film(theme: &Theme) -> Vec<(Buffer, usize)> {
    let mut frames = Vec::new();
    let mut shoot = |driver: &Driver, tenths: usize| frames.push((driver.buffer(80, 24, theme), tenths));
    let mut driver = Driver::practice();
    shoot(&driver, 20);
    shoot(driver.press("down"), 6);
    shoot(driver.press("down"), 12);
    for (step, tenths) in [(StepId::Plan, 14), (StepId::Instance, 14), (StepId::Roles, 20)] {
        while driver.app.step() != step {
            driver.press("enter");
        }
        shoot(&driver, tenths);
    }
    let copied = driver.app.session().content.words.roles().copied().to_owned();
    driver.send(Msg::Copied(copied, CopyOutcome::Checked));
    shoot(&driver, 16);
    for (step, tenths) in [(StepId::Create, 24), (StepId::Key, 16), (StepId::QuickFill, 12)] {
        while driver.app.step() != step {
            driver.press("enter");
        }
        shoot(&driver, tenths);
    }
    shoot(driver.paste(KEY), 24);
    shoot(driver.press("enter"), 5);
    driver.answer(&[], |_| ok(3));
    shoot(&driver, 30);
    shoot(driver.press("enter"), 40);
    frames
}

#[test]
fn the_pictures_of_the_documentation_are_what_the_wizard_shows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    let mut pictures = Vec::new();
    for ground in svg::GROUNDS {
        let theme = ground.theme();
        for (name, title, walk) in STILLS {
            pictures.push((
                format!("{name}-{}.svg", ground.name),
                svg::still(title, &walk().buffer(100, 30, &theme), ground),
            ));
        }
        let title = "From the purpose of a key to a key that is proven to work, on the practice tenant";
        pictures.push((format!("tour-{}.svg", ground.name), svg::animated(title, &film(&theme), ground)));
    }
    // The snapshots and these pictures are redrawn together.
    let draw = env::var_os("UPDATE_DOCS").is_some() || env::var_os("INSTA_UPDATE").is_some_and(|how| how == "always");
    for (name, picture) in pictures {
        assert!(picture.len() < 300_000, "{name} is too large: {}", picture.len());
        assert!(!picture.contains(CANARY), "{name} shows a secret");
        let path = folder.join(&name);
        if draw {
            fs::create_dir_all(&folder).unwrap();
            fs::write(path, picture).unwrap();
        } else {
            let same = fs::read_to_string(path).is_ok_and(|drawn| drawn == picture);
            assert!(same, "{name} differs: UPDATE_DOCS=1 cargo test --test wizard redraws it");
        }
    }
}

/// Draws the snapshots, so that a person can look at them: `NAME-WIDTHxHEIGHT-GROUND.svg` in the folder that
/// `PICTURES` names. `PICTURES_OF` selects those whose names start with it.
#[test]
#[ignore = "it draws over a thousand files, for a person to look at"]
fn draw_every_picture() {
    let folder = Path::new(&env::var_os("PICTURES").expect("PICTURES names the folder to write to")).to_owned();
    let only = env::var("PICTURES_OF").unwrap_or_default();
    fs::create_dir_all(&folder).unwrap();
    pictures::each(move |name, driver| {
        if !name.starts_with(&only) {
            return;
        }
        for (ground, (width, height)) in
            svg::GROUNDS.into_iter().flat_map(|ground| pictures::SIZES.map(|size| (ground, size)))
        {
            let picture = svg::still(name, &driver.buffer(width, height, &ground.theme()), ground);
            fs::write(folder.join(format!("{name}-{width}x{height}-{}.svg", ground.name)), picture).unwrap();
        }
    });
}
