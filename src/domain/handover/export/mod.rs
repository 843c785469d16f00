//! A key in the dialect of whoever will use it: its names of the fields, its form of the addresses, its file.

mod field;
mod format;
mod template;

use serde::Deserialize;
use zeroize::Zeroizing;

pub use field::Field;
pub use format::Format;
pub use template::{TemplateError, check, fields};

use crate::domain::{
    key::service_key::{Credential, ServiceKey},
    text::secret::Secret,
};
use template::Piece;

/// What stands in a file in place of the secret. Quick Fill takes it for a placeholder and says so.
pub const SECRET_GOES_HERE: &str = "<client-secret-goes-here>";

/// Somebody who can be handed a key (`assets/facts/exports/<id>.toml` and its words). Ids are part of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportTarget {
    /// The name on the command line.
    pub id: String,
    /// The row in a list.
    pub title: String,
    /// Who reads it.
    pub consumer: String,
    /// Where it goes and what to look out for, plain text.
    pub about: String,
    /// Ids of the purposes that it serves. May be empty: it is then of use for all.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// Roles without which its consumer does not work. Every purpose in `purposes` grants them.
    #[serde(default)]
    pub needs: Vec<String>,
    /// True where a key with a certificate can be handed over; a client secret always can.
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
    /// Its name as the consumer expects it; may name `<<name>>`.
    pub name: String,
    /// How values are written in it.
    pub format: Format,
    /// True where the secret stands in it if it is wanted.
    pub secret: bool,
    /// Its text, with `<<field>>` where a value stands.
    pub template: String,
    /// Its text where the secret is not wanted, if that is another one.
    pub template_without_secret: Option<String>,
    /// What stands in place of the secret; [`SECRET_GOES_HERE`] where nothing is said.
    pub in_place_of_secret: Option<String>,
}

/// Whether the secret is written into the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithSecret {
    /// It is.
    Yes,
    /// Something that says where it goes stands in its place.
    No,
}

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportText {
    /// Anybody may see it.
    Public(String),
    /// The client secret or a private key stands in it.
    Secret(Secret),
}

/// A file that is ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its name, without a directory: letters, digits, dots and hyphens.
    pub name: String,
    /// What stands in it.
    pub text: ExportText,
}

impl ExportedFile {
    /// True where the secret stands in it.
    pub fn is_secret(&self) -> bool {
        matches!(self.text, ExportText::Secret(_))
    }

    /// What stands in it, the secret included. For writing it where the person asked for, and for nothing else.
    pub fn expose(&self) -> &str {
        match &self.text {
            ExportText::Public(text) => text,
            ExportText::Secret(text) => text.expose(),
        }
    }
}

/// Why a key cannot be handed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The consumer takes a client secret, and the key has a certificate.
    #[error("{consumer} takes a client secret, and this key has a certificate in its place.")]
    NeedsClientSecret {
        /// Who would have read it.
        consumer: String,
    },
    /// The format of a file has no way to write a value.
    #[error("The value of {} cannot be written into {file} so that it comes back unchanged.", field.name())]
    NotExpressible {
        /// Name of the file.
        file: String,
        /// Whose value it is.
        field: Field,
    },
}

impl ExportTarget {
    /// True where the secret stands in one of its files if it is wanted.
    pub fn holds_secret(&self) -> bool {
        self.files.iter().any(|file| file.secret)
    }

    /// True where this kind of key can be handed over.
    pub fn takes(&self, key: &ServiceKey) -> bool {
        self.certificates || matches!(key.credential, Credential::ClientSecret(_))
    }
}

/// The files of `target` with the values of `key` in them.
///
/// # Errors
///
/// Where the consumer takes no such key, or a value cannot be written.
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
    /// The template that counts.
    pub fn template_for(&self, with_secret: WithSecret) -> &str {
        match (with_secret, &self.template_without_secret) {
            (WithSecret::No, Some(template)) => template,
            _ => &self.template,
        }
    }

    /// Its name for this key.
    pub fn name_for(&self, key: &ServiceKey) -> String {
        let pieces = template::pieces(&self.name).map(|piece| match piece {
            Piece::Field(field) => field.value(key, None).to_string(),
            Piece::Text(text) => text.to_owned(),
        });
        pieces.collect()
    }

    fn render(&self, key: &ServiceKey, with_secret: WithSecret) -> Result<ExportedFile, ExportError> {
        let name = self.name_for(key);
        let placeholder = match with_secret {
            WithSecret::Yes => None,
            WithSecret::No => Some(self.in_place_of_secret.as_deref().unwrap_or(SECRET_GOES_HERE)),
        };
        let (mut parts, mut holds_secret) = (Vec::new(), false);
        for piece in template::pieces(self.template_for(with_secret)) {
            parts.push(match piece {
                Piece::Text(text) => Zeroizing::new(text.to_owned()),
                Piece::Field(field) => {
                    holds_secret |= field.is_secret() && with_secret == WithSecret::Yes;
                    let value = field.value(key, placeholder);
                    let literal = self.format.literal(&value).map(Zeroizing::new);
                    literal.ok_or_else(|| ExportError::NotExpressible { file: name.clone(), field })?
                }
            });
        }
        // Reserved at once: a text that grows leaves copies behind that nobody wipes.
        let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
        parts.iter().for_each(|part| text.push_str(part));
        let text = if holds_secret { ExportText::Secret(Secret::new(text)) } else { ExportText::Public(text) };
        Ok(ExportedFile { name, text })
    }
}

#[cfg(test)]
mod tests;
