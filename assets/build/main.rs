//! Build script: turns `assets/` into what the program embeds, so that nothing is parsed at start.

mod labels;

use std::{env, error::Error, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let assets = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("assets");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=assets");
    labels::generate(&assets, &out)
}
