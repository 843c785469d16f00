//! Reads the key of a command, and reports what was found in it.

use std::path::Path;

use jiff::Timestamp;

use super::{
    input,
    output::{Output, severity},
    words,
};
use crate::domain::{
    content::Content,
    finding::{Explained, Finding},
    key::service_key::{self, Found, Reading},
    text::{safe_text::SafeText, secret::Secret, shown::Shown as _, when::DayText},
};
use crate::{domain::problem::Problem, jobs::test_systems::Opened};

/// A text and the relevant key in it.
pub struct KeyInput {
    reading: Reading,
    index: usize,
}

impl KeyInput {
    /// Reads the key from `file` or standard input, and the private key of an external certificate from `client_key`.
    ///
    /// # Errors
    ///
    /// If a file cannot be read. A text without a usable key is not an error here; its findings explain the problem.
    pub fn read(file: Option<&Path>, client_key: Option<&Path>, command: &str) -> Result<Self, Problem> {
        let is_stdin = |path: Option<&Path>| path.is_none_or(|path| path.as_os_str() == input::STDIN);
        if client_key.is_some() && is_stdin(file) && is_stdin(client_key) {
            return Err(words().input().two_from_stdin().fill(&[]).unusable());
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

    /// The key in an already parsed text.
    pub fn of(reading: Reading) -> Self {
        Self { reading, index: 0 }
    }

    /// The key of a saved system.
    pub fn saved(found: Found) -> Self {
        Self { reading: Reading { keys: vec![found], ..Reading::default() }, index: 0 }
    }

    /// The parsed text, for a run of several tests. Findings about the text become those of its key.
    pub fn opened(mut self) -> Opened {
        let findings = self.findings();
        if self.index >= self.reading.keys.len() {
            return Opened::NoKey(findings);
        }
        let mut found = self.reading.keys.swap_remove(self.index);
        found.findings = findings;
        Opened::Found(Box::new(found))
    }

    /// The relevant key: the first usable one, otherwise the first.
    pub fn found(&self) -> Option<&Found> {
        self.reading.keys.get(self.index)
    }

    /// Findings about it.
    pub fn findings(&self) -> Vec<Finding> {
        self.reading.findings_for(self.index)
    }

    /// How many keys there are in the text.
    pub fn count(&self) -> usize {
        self.reading.keys.len()
    }
}

/// The displayable fields of a key, one per line.
pub fn write_summary(input: &KeyInput, content: &Content, output: &mut Output<'_>) -> Result<(), Problem> {
    let Some(found) = input.found() else { return Ok(()) };
    let words = content.words.key_summary();
    let summary = &found.summary;
    let region = summary.region.as_deref().map(|id| match content.region(id) {
        Some(region) => words.region_named(id, &region.name),
        None => id.to_owned(),
    });
    let shown = |value: Option<&SafeText>| value.map(SafeText::to_string);
    let ends = |at| DayText::new(at).seen_at(Timestamp::now()).shown(content.words);
    let facts = [
        (words.name(), shown(found.name.as_ref())),
        (words.form(), Some(word(&summary.form))),
        (words.plan(), summary.plan.map(|plan| plan.as_str().to_owned())),
        (words.credentials(), summary.credential.map(|credential| credential.title(content.words).to_owned())),
        (words.region(), region),
        (words.created(), shown(summary.created.as_ref())),
        (words.expires(), summary.expires.clone().map(ends)),
    ];
    let mut rows: Vec<(&str, String)> =
        facts.into_iter().filter_map(|(label, value)| value.map(|value| (label, value))).collect();
    for field in found.fields() {
        let value = field.value.as_ref().map(|value| value.shown(content.words));
        rows.push((field.label, value.unwrap_or_else(|| words.missing().to_owned())));
    }
    if input.count() > 1 {
        rows.push((words.keys(), words.one_of_several(input.count(), input.index + 1)));
    }
    output.rows(&rows)
}

/// Writes findings: what, why, what to do.
pub fn write_findings(findings: &[Explained], output: &mut Output<'_>) -> Result<(), Problem> {
    let words = output.words();
    for finding in findings {
        output.line("")?;
        // On a terminal the sign says it; a search through a log finds the word.
        let title = match output.page().columns {
            Some(_) => finding.title.clone(),
            None => words.key_summary().finding(severity(finding.severity, words), &finding.title),
        };
        output.signed(Some(finding.severity), &title)?;
        output.prose(4, &finding.cause)?;
        if let Some(fix) = &finding.fix {
            output.prose(4, fix)?;
        }
        if let Some(evidence) = finding.unsaid_evidence() {
            output.prose(4, &words.key_summary().evidence(evidence))?;
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
