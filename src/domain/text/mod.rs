//! Texts: sanitised foreign text, secrets, markup and templates.

pub mod columns;
pub mod countdown;
pub mod fuzzy;
pub mod markup;
pub mod mask;
pub mod position;
pub mod query;
pub mod safe_text;
pub mod secret;
pub mod shown;
pub mod template;
pub mod token;
pub mod typed_path;
pub mod variable;
pub mod when;
pub mod wrap;
