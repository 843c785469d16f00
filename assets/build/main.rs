//! Build script: converts `assets/` into embedded data, so that nothing is parsed at startup.

mod commit;
mod join;
mod labels;

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let assets = root.join("assets");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=assets");
    commit::tell(&root);
    labels::generate(&assets, &out)?;
    content(&assets, &out)
}

/// Writes the parts of every language, and `content.rs`, which embeds them.
fn content(assets: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut code = String::new();
    for folder in fs::read_dir(assets.join("words"))?.flatten().filter(|entry| entry.path().is_dir()) {
        let language = folder.file_name().to_string_lossy().into_owned();
        let constant = language.to_uppercase().replace('-', "_");
        writeln!(code, "/// The content in the language `{language}`.")?;
        writeln!(code, "pub static {constant}: Language = Language {{\n    words: words::{constant},")?;
        for (name, json) in join::parts(assets, &language)? {
            let file = format!("{language}-{name}.json");
            fs::write(out.join(&file), json)?;
            writeln!(code, "    {name}: include_str!(concat!(env!(\"OUT_DIR\"), \"/{file}\")),")?;
        }
        writeln!(code, "}};\n")?;
    }
    let purposes = purposes(assets)?;
    writeln!(code, "/// The ids of the purposes, in the order of the first screen.")?;
    writeln!(code, "pub const PURPOSES: [&str; {}] = {purposes:?};", purposes.len())?;
    fs::write(out.join("content.rs"), code)?;
    Ok(())
}

/// The ids of the purposes, in order.
fn purposes(assets: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let facts: toml::Table = fs::read_to_string(assets.join("facts/purposes.toml"))?.parse()?;
    let purposes = facts.get("purpose").and_then(toml::Value::as_array).into_iter().flatten();
    Ok(purposes.filter_map(|purpose| purpose.get("id")?.as_str().map(str::to_owned)).collect())
}
