//! Reading the key that a command is about, and saying what was found in it.

use std::path::Path;

use jiff::Timestamp;

use super::{input, output::Output};
use crate::domain::problem::Problem;
use crate::domain::{
    content::Content,
    finding::{Explained, Finding},
    key::service_key::{self, Found, Reading},
    text::{safe_text::SafeText, secret::Secret, shown::Shown as _},
};

/// A text and the key in it that counts.
pub struct KeyInput {
    reading: Reading,
    index: usize,
}

impl KeyInput {
    /// Reads the key from `file` or standard input, and the private key of an external certificate from `client_key`.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read. A text without a usable key is no error here; its findings say what is wrong.
    pub fn read(file: Option<&Path>, client_key: Option<&Path>, command: &str) -> Result<Self, Problem> {
        let is_stdin = |path: Option<&Path>| path.is_none_or(|path| path.as_os_str() == input::STDIN);
        if client_key.is_some() && is_stdin(file) && is_stdin(client_key) {
            return Err(Problem::unusable(
                "Service key and private key cannot both come from standard input.",
                "There is one standard input only.",
                "Name a file for one of them.",
            ));
        }
        let now = Timestamp::now();
        let bytes = input::read(file, command)?;
        let mut reading = service_key::read(&bytes, now);
        let index = reading.keys.iter().position(|found| found.key.is_some() || found.needs_private_key()).unwrap_or(0);
        if let Some(path) = client_key {
            let bytes = input::read(Some(path), command)?;
            let pem = Secret::new(input::text(&bytes)?);
            if let Some(found) = reading.keys.get_mut(index) {
                *found = found.with_private_key(pem, now);
            }
        }
        Ok(Self { reading, index })
    }

    /// The key of a saved system.
    pub fn saved(found: Found) -> Self {
        Self { reading: Reading { keys: vec![found], ..Reading::default() }, index: 0 }
    }

    /// The key that counts: the first that can be used, else the first.
    pub fn found(&self) -> Option<&Found> {
        self.reading.keys.get(self.index)
    }

    /// What there is to say about it.
    pub fn findings(&self) -> Vec<Finding> {
        self.reading.findings_for(self.index)
    }

    /// How many keys there are in the text.
    pub fn count(&self) -> usize {
        self.reading.keys.len()
    }
}

/// What may be shown of a key, one field a line.
pub fn write_summary(input: &KeyInput, content: &Content, output: &mut Output<'_>) -> Result<(), Problem> {
    let Some(found) = input.found() else { return Ok(()) };
    let summary = &found.summary;
    let region = summary.region.as_deref().map(|id| match content.region(id) {
        Some(region) => format!("{id}, {}", region.name),
        None => id.to_owned(),
    });
    let name = |value: Option<&SafeText>| value.map(|value| value.as_str().to_owned());
    let facts = [
        ("name", name(found.name.as_ref())),
        ("form", Some(word(&summary.form))),
        ("plan", summary.plan.map(|plan| plan.as_str().to_owned())),
        ("credentials", summary.credential.as_ref().map(word)),
        ("region", region),
        ("created", name(summary.created.as_ref())),
        ("expires", name(summary.expires.as_ref())),
    ];
    for (label, value) in facts.iter().filter_map(|(label, value)| value.as_ref().map(|value| (label, value))) {
        output.line(format!("{label:<13}{value}"))?;
    }
    for field in found.fields() {
        let value = field.value.as_ref().map_or_else(|| "(missing)".to_owned(), |value| value.shown(content.words));
        output.line(format!("{:<13}{value}", field.label))?;
    }
    if input.count() > 1 {
        output.line(format!("{:<13}{} in this text; this is number {}", "keys", input.count(), input.index + 1))?;
    }
    Ok(())
}

/// Findings in words: what, why, what to do.
pub fn write_findings(findings: &[Explained], output: &mut Output<'_>) -> Result<(), Problem> {
    for finding in findings {
        let sign = output.sign(Some(finding.severity));
        output.line("")?;
        output.line(format!("{sign} {}: {}", finding.severity.as_str(), finding.title))?;
        output.prose(4, &finding.cause)?;
        if let Some(fix) = &finding.fix {
            output.prose(4, fix)?;
        }
        if let Some(evidence) = &finding.evidence {
            output.prose(4, &format!("Seen: {evidence}"))?;
        }
    }
    Ok(())
}

/// The name of a value in the JSON, which is also the word for it.
pub fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
