//! A text as a literal of another language, so that it is read back as exactly this text.
//!
//! Each language has its own file. The result is always one literal; if a language has no literal for a text, the
//! function returns `None` or documents what happens.

pub mod cmd;
pub mod compose;
pub mod curl;
pub mod dotenv;
pub mod hcl;
pub mod json;
pub mod powershell;
pub mod properties;
pub mod sh;
pub mod yaml;

/// Whether every shell reads the text unchanged: only characters of names, and not the start of an option.
fn is_plain(text: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !text.is_empty() && !text.starts_with('-') && text.chars().all(name)
}

/// Appends `c` as `\uXXXX`, with two of them for a character outside the basic plane: JSON and properties read the same.
fn push_utf16(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
}
