//! Labels become typed functions: one per label, with a parameter for each placeholder, so that a missing label does
//! not compile and a placeholder cannot be forgotten.
//!
//! `words/en/labels/SECTION.toml` defines which labels exist. Other languages translate them; missing ones are in
//! English.

use std::{
    collections::BTreeMap,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

/// The language that defines the labels.
const DEFINING: &str = "en";

/// A label: one text, one per plural form, or the three sentences of an explanation.
enum Label {
    Text(String),
    Plural { one: String, other: String },
    Explanation { what: String, why: String, fix: String },
}

type Section = Vec<(String, Label)>;

/// Writes `words.rs` to `out`.
///
/// # Errors
///
/// If a file cannot be read, a label is neither text nor `{ one, other }` nor `{ what, why, fix }`, or a translation
/// has a label or placeholder that is missing in English.
pub fn generate(assets: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let words = assets.join("words");
    let english = read_language(&words.join(DEFINING).join("labels"))?;
    let mut code = String::new();
    write_tables(&mut code, &words, &english)?;
    write_sections(&mut code, &english)?;
    fs::write(out.join("words.rs"), code)?;
    Ok(())
}

fn read_language(folder: &Path) -> Result<BTreeMap<String, Section>, Box<dyn Error>> {
    let mut sections = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(sections);
    }
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "toml")) {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let table: Table = fs::read_to_string(file)?.parse().map_err(|error| format!("{}: {error}", file.display()))?;
        let section = table.into_iter().map(|(key, value)| {
            let label = label(value).ok_or_else(|| format!("{}: {key} is no label", file.display()))?;
            Ok((key, label))
        });
        sections.insert(name, section.collect::<Result<Section, String>>()?);
    }
    Ok(sections)
}

fn label(value: Value) -> Option<Label> {
    match value {
        Value::String(text) => Some(Label::Text(text)),
        Value::Table(mut forms) if forms.len() == 2 => {
            let mut form = |name: &str| Some(forms.remove(name)?.as_str()?.to_owned());
            Some(Label::Plural { one: form("one")?, other: form("other")? })
        }
        Value::Table(mut parts) if parts.len() == 3 => {
            let mut part = |name: &str| Some(parts.remove(name)?.as_str()?.to_owned());
            Some(Label::Explanation { what: part("what")?, why: part("why")?, fix: part("fix")? })
        }
        _ => None,
    }
}

/// The distinct placeholder names of a text, in order.
fn placeholders(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        rest = &rest[at + 1..];
        if let Some(literal) = rest.strip_prefix('{') {
            rest = literal;
            continue;
        }
        let Some(end) = rest.find('}') else { break };
        let name = rest[..end].to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
        rest = &rest[end + 1..];
    }
    names
}

fn texts(label: &Label) -> Vec<&String> {
    match label {
        Label::Text(text) => vec![text],
        Label::Plural { one, other } => vec![other, one],
        Label::Explanation { what, why, fix } => vec![what, why, fix],
    }
}

/// One table per language, each as long as the English one.
fn write_tables(code: &mut String, words: &Path, english: &BTreeMap<String, Section>) -> Result<(), Box<dyn Error>> {
    let count: usize = english.values().flatten().map(|(_, label)| texts(label).len()).sum();
    writeln!(code, "/// How many texts a language has.\npub const COUNT: usize = {count};\n")?;
    let mut languages: Vec<PathBuf> = fs::read_dir(words)?.flatten().map(|entry| entry.path()).collect();
    languages.sort();
    for folder in languages.iter().filter(|folder| folder.is_dir()) {
        let language = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let translated = read_language(&folder.join("labels"))?;
        check(&language, english, &translated)?;
        writeln!(code, "/// The labels in the language `{language}`.")?;
        writeln!(code, "pub static {}: Words = Words(&[", language.to_uppercase().replace('-', "_"))?;
        for (section, labels) in english {
            for (name, label) in labels {
                let other = translated.get(section).and_then(|section| section.iter().find(|(key, _)| key == name));
                for text in texts(other.map_or(label, |(_, label)| label)) {
                    writeln!(code, "    {text:?},")?;
                }
            }
        }
        writeln!(code, "]);\n")?;
    }
    Ok(())
}

/// Checks that a translation has no label, form or placeholder that is missing in English.
fn check(
    language: &str,
    english: &BTreeMap<String, Section>,
    translated: &BTreeMap<String, Section>,
) -> Result<(), String> {
    for (section, labels) in translated {
        for (name, label) in labels {
            let known = english.get(section).and_then(|section| section.iter().find(|(key, _)| key == name));
            let Some((_, defined)) = known else {
                return Err(format!("words/{language}/labels/{section}.toml: there is no label {name}"));
            };
            let allowed: Vec<String> = texts(defined).into_iter().flat_map(|text| placeholders(text)).collect();
            let same_kind = texts(label).len() == texts(defined).len();
            let fits = texts(label).into_iter().flat_map(|text| placeholders(text)).all(|name| allowed.contains(&name));
            if !same_kind || !fits {
                return Err(format!("words/{language}/labels/{section}.toml: {name} has other placeholders or forms"));
            }
        }
    }
    Ok(())
}

fn write_sections(code: &mut String, english: &BTreeMap<String, Section>) -> Result<(), Box<dyn Error>> {
    writeln!(code, "impl Words {{")?;
    for section in english.keys() {
        writeln!(code, "    /// The labels of `labels/{section}.toml`.")?;
        writeln!(
            code,
            "    pub const fn {section}(self) -> {} {{ {}(self.0) }}",
            type_name(section),
            type_name(section)
        )?;
    }
    writeln!(code, "}}\n")?;
    let mut index = 0;
    for (section, labels) in english {
        let type_name = type_name(section);
        writeln!(code, "/// The labels of `labels/{section}.toml`.")?;
        writeln!(code, "#[derive(Clone, Copy, Debug)]\npub struct {type_name}(&'static Table);\n")?;
        writeln!(code, "impl {type_name} {{")?;
        for (name, label) in labels {
            write_label(code, name, label, &mut index)?;
        }
        writeln!(code, "}}\n")?;
    }
    Ok(())
}

fn write_label(code: &mut String, name: &str, label: &Label, index: &mut usize) -> Result<(), Box<dyn Error>> {
    let mut names: Vec<String> = Vec::new();
    for text in texts(label) {
        let new: Vec<String> = placeholders(text).into_iter().filter(|name| !names.contains(name)).collect();
        names.extend(new);
    }
    let is_plural = matches!(label, Label::Plural { .. });
    writeln!(code, "    /// `{}`", texts(label)[0].replace('`', "'").replace('\n', " "))?;
    if let Label::Explanation { .. } = label {
        let [what, why, fix] = [*index, *index + 1, *index + 2];
        writeln!(code, "    pub const fn {name}(self) -> ExplanationTemplate {{")?;
        writeln!(
            code,
            "        ExplanationTemplate {{ what: self.0[{what}], why: self.0[{why}], fix: self.0[{fix}] }}"
        )?;
        writeln!(code, "    }}")?;
        *index += 3;
        return Ok(());
    }
    if names.is_empty() && !is_plural {
        writeln!(code, "    pub const fn {name}(self) -> &'static str {{ self.0[{index}] }}")?;
        *index += 1;
        return Ok(());
    }
    let parameters: String = names
        .iter()
        .filter(|name| !is_plural || *name != "count")
        .map(|name| format!(", {name}: impl Display"))
        .collect();
    let facts: String = names.iter().map(|name| format!("({name:?}, &{name}), ")).collect();
    if is_plural {
        writeln!(code, "    pub fn {name}(self, count: usize{parameters}) -> String {{")?;
        writeln!(
            code,
            "        fill(if count == 1 {{ self.0[{}] }} else {{ self.0[{index}] }}, &[{facts}])\n    }}",
            *index + 1
        )?;
        *index += 2;
    } else {
        writeln!(code, "    pub fn {name}(self{parameters}) -> String {{ fill(self.0[{index}], &[{facts}]) }}")?;
        *index += 1;
    }
    Ok(())
}

/// `hand_over` becomes `HandOverLabels`.
fn type_name(section: &str) -> String {
    let part = |part: &str| part[..1].to_uppercase() + &part[1..];
    section.split('_').filter(|word| !word.is_empty()).map(part).collect::<String>() + "Labels"
}
