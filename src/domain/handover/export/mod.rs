//! A key in the format that a tool expects: field names, URL formats, files.

mod field;
mod format;

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{
    domain::{
        key::service_key::{Credential, ServiceKey},
        text::{
            secret::Secret,
            template::{self, Marks, Piece, TemplateError},
        },
    },
    words::{Explanation, Words},
};
pub use field::Field;
pub use format::Format;

/// Written to a file instead of the secret. Quick Fill recognises it as a placeholder.
pub const SECRET_GOES_HERE: &str = "<client-secret-goes-here>";

/// A tool that a key can be exported for (`assets/facts/exports/<id>.toml` and its words). Ids are part of the
/// contract.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportTarget {
    /// The name on the command line.
    pub id: String,
    /// The row in a list.
    pub title: String,
    /// The tool that reads it.
    pub consumer: String,
    /// Where it goes and what to watch out for, plain text.
    pub about: String,
    /// Ids of the purposes it suits; empty for any purpose.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// Roles that the tool requires. Every purpose in `purposes` includes them.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Whether it can use a key with a certificate; a client secret always works.
    #[serde(default)]
    pub certificates: bool,
    /// Its files, at least one.
    #[serde(rename = "file")]
    pub files: Vec<FileSpec>,
}

/// One file of a target.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSpec {
    /// Its name as the tool expects it; may contain `<<name>>`.
    pub name: String,
    /// The format of its values.
    pub format: Format,
    /// Whether it can contain the secret.
    pub secret: bool,
    /// Its text, with `<<field>>` for each value.
    pub template: String,
    /// Its text without the secret, if different.
    pub template_without_secret: Option<String>,
    /// The placeholder for the secret; [`SECRET_GOES_HERE`] by default.
    pub in_place_of_secret: Option<String>,
}

/// Whether the secret is written into the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithSecret {
    /// It is.
    Yes,
    /// A placeholder is written instead.
    No,
}

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportText {
    /// Contains no secret.
    Public(String),
    /// It contains the client secret or a private key.
    Secret(Secret),
}

/// A file ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its name, without a directory: letters, digits, dots and hyphens.
    pub name: String,
    /// Its content.
    pub text: ExportText,
}

impl ExportedFile {
    /// Whether it contains the secret.
    pub fn is_secret(&self) -> bool {
        matches!(self.text, ExportText::Secret(_))
    }

    /// Its text, with the secret. Only for writing it to the destination chosen by the user.
    pub fn expose(&self) -> &str {
        match &self.text {
            ExportText::Public(text) => text,
            ExportText::Secret(text) => text.expose(),
        }
    }
}

/// Why a key cannot be exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportError {
    /// The tool needs a client secret, but the key has a certificate.
    NeedsClientSecret {
        /// The tool.
        consumer: String,
    },
    /// The format of a file cannot represent a value.
    NotExpressible {
        /// Name of the file.
        file: String,
        /// The field of the value.
        field: Field,
    },
}

impl ExportError {
    /// What happened, why, and what to do.
    pub fn explain(&self, words: Words) -> Explanation {
        let words = words.export();
        match self {
            ExportError::NeedsClientSecret { consumer } => words.needs_client_secret().fill(&[("consumer", consumer)]),
            ExportError::NotExpressible { file, field } => {
                words.not_expressible().fill(&[("file", file), ("field", &field.as_str())])
            }
        }
    }
}

impl ExportTarget {
    /// Whether one of its files can contain the secret.
    pub fn holds_secret(&self) -> bool {
        self.files.iter().any(|file| file.secret)
    }

    /// Whether it can use this type of key.
    pub fn takes(&self, key: &ServiceKey) -> bool {
        self.certificates || matches!(key.credential, Credential::ClientSecret(_))
    }
}

/// The files of `target` with the values of `key` in them.
///
/// # Errors
///
/// If the tool cannot use such a key, or a value cannot be represented.
pub fn render(
    target: &ExportTarget,
    key: &ServiceKey,
    with_secret: WithSecret,
) -> Result<Vec<ExportedFile>, ExportError> {
    if !target.takes(key) {
        return Err(ExportError::NeedsClientSecret { consumer: target.consumer.clone() });
    }
    target.files.iter().map(|file| file.render(key, with_secret)).collect()
}

impl FileSpec {
    /// The template to use.
    pub fn template_for(&self, with_secret: WithSecret) -> &str {
        match (with_secret, &self.template_without_secret) {
            (WithSecret::No, Some(template)) => template,
            _ => &self.template,
        }
    }

    /// Its name for this key.
    pub fn name_for(&self, key: &ServiceKey) -> String {
        template::fill(&self.name, Marks::Angles, |name| {
            Some(Field::from_name(name)?.value(key, None).to_string().into())
        })
    }

    fn render(&self, key: &ServiceKey, with_secret: WithSecret) -> Result<ExportedFile, ExportError> {
        let name = self.name_for(key);
        let placeholder = match with_secret {
            WithSecret::Yes => None,
            WithSecret::No => Some(self.in_place_of_secret.as_deref().unwrap_or(SECRET_GOES_HERE)),
        };
        let (mut parts, mut holds_secret) = (Vec::new(), false);
        for piece in template::pieces(self.template_for(with_secret), Marks::Angles, Field::from_name) {
            parts.push(match piece {
                Piece::Text(text) => Zeroizing::new(text.to_owned()),
                Piece::Place(field, _) => {
                    holds_secret |= field.is_secret() && with_secret == WithSecret::Yes;
                    let value = field.value(key, placeholder);
                    let literal = self.format.literal(&value).map(Zeroizing::new);
                    literal.ok_or_else(|| ExportError::NotExpressible { file: name.clone(), field })?
                }
            });
        }
        // Reserved up front: a growing string leaves unwiped copies behind.
        let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
        parts.iter().for_each(|part| text.push_str(part));
        let text = if holds_secret { ExportText::Secret(Secret::new(text)) } else { ExportText::Public(text) };
        Ok(ExportedFile { name, text })
    }
}

/// Checks for unknown fields.
///
/// # Errors
///
/// The first error.
pub fn check(template: &str) -> Result<(), TemplateError> {
    template::check(template, Marks::Angles, |name| Field::from_name(name).is_some())
}

/// The fields in `template`, in order.
pub fn fields(template: &str) -> Vec<Field> {
    template::names(template, Marks::Angles, Field::from_name)
}

#[cfg(test)]
mod tests;
