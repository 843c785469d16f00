//! The documentation that is made from the program: the table of keys, and the picture in the README.

use std::{env, fs, path::Path};

use cpikey::{
    keymap::{BINDINGS, Context},
    words::Words,
};

use crate::sizes::at_step;

/// Compares a part of a file, or writes it if `UPDATE_DOCS` is set.
fn same(path: &str, start: &str, end: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(&path).unwrap();
    let from = text.find(start).unwrap() + start.len();
    let to = from + text[from..].find(end).unwrap();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{}{expected}{}", &text[..from], &text[to..])).unwrap();
    } else {
        assert_eq!(&text[from..to], expected, "UPDATE_DOCS=1 cargo test --test wizard writes it anew");
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
    same("docs/keys.md", "<!-- table -->", "<!-- end -->", &table);
}

#[test]
fn the_picture_in_the_readme_is_what_the_wizard_shows() {
    let screen = at_step(4).screen(80, 24);
    same("README.md", "<!-- picture: roles -->\n```text\n", "```", &screen);
}
