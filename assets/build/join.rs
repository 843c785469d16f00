//! Joins facts and words: `facts/*.toml` contains ids, scopes and URLs, `words/LANGUAGE/*.toml` the texts for the same
//! ids. Texts missing in a language are in English.

use std::{error::Error, fs, path::Path};

use toml::{Table, Value};

/// The complete language.
pub const DEFINING: &str = "en";

/// The keys that identify entries of a list; the first existing one counts.
const ID_KEYS: [&str; 4] = ["id", "name", "code", "role"];

/// The parts: name, file, and the list in the file that makes up the part; the whole file if there is none.
const PARTS: [(&str, &str, Option<&str>); 12] = [
    ("roles", "roles", None),
    ("purposes", "purposes", Some("purpose")),
    ("plans", "plans", Some("plan")),
    ("grant_types", "plans", Some("grant_type")),
    ("flow_roles", "plans", Some("flow_role")),
    ("authorities", "plans", Some("authority")),
    ("regions", "regions", Some("region")),
    ("steps", "steps", Some("step")),
    ("links", "links", Some("link")),
    ("probes", "probes", Some("probe")),
    ("findings", "findings", Some("finding")),
    ("sheet", "sheet", None),
];

/// Every part in one language: its name and its JSON.
///
/// # Errors
///
/// If a file cannot be read, or words have no fact; the error names file and key.
pub fn parts(assets: &Path, language: &str) -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    let mut out = Vec::new();
    for (name, file, list) in PARTS {
        let mut whole = joined(assets, language, file)?;
        if name == "roles" {
            // Names that are mistaken for roles need no words.
            whole.extend(table(&assets.join("facts/names.toml"))?);
        }
        if name == "purposes" {
            reasons(&mut whole, &joined(assets, language, "roles")?)?;
        }
        let part = match list {
            Some(list) => whole.remove(list).unwrap_or(Value::Array(Vec::new())),
            None => Value::Table(whole),
        };
        out.push((name, serde_json::to_string(&part)?));
    }
    let order = table(&assets.join("facts/order.toml"))?;
    out.push(("pages", pages(assets, language, &names(&order, "guide"))?));
    out.push(("exports", exports(assets, language, &names(&order, "exports"))?));
    Ok(out)
}

fn names(order: &Table, key: &str) -> Vec<String> {
    let list = order.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The pages of the guide; each has its own file of words.
fn pages(assets: &Path, language: &str, order: &[String]) -> Result<String, Box<dyn Error>> {
    complete(&assets.join("facts/guide"), order)?;
    let pages = order.iter().map(|name| joined(assets, language, &format!("guide/{name}")));
    Ok(serde_json::to_string(&pages.collect::<Result<Vec<_>, _>>()?)?)
}

/// The export targets; one file has the words of all.
fn exports(assets: &Path, language: &str, order: &[String]) -> Result<String, Box<dyn Error>> {
    complete(&assets.join("facts/exports"), order)?;
    let words = words(assets, language, "exports")?;
    if let Some(name) = words.keys().find(|name| !order.contains(name)) {
        return Err(format!("words/{language}/exports.toml: {name} is not an export target").into());
    }
    let mut targets = Vec::new();
    for name in order {
        let mut target = table(&assets.join(format!("facts/exports/{name}.toml")))?;
        if let Some(words) = words.get(name).and_then(Value::as_table) {
            join(&mut target, words, &format!("words/{language}/exports.toml: {name}"))?;
        }
        targets.push(target);
    }
    Ok(serde_json::to_string(&targets)?)
}

/// Checks that a folder contains exactly the files listed in the order.
fn complete(folder: &Path, order: &[String]) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)?.flatten() {
        let name = entry.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !order.contains(&name) {
            return Err(format!("facts/order.toml does not name {}", entry.path().display()).into());
        }
    }
    Ok(())
}

fn joined(assets: &Path, language: &str, file: &str) -> Result<Table, Box<dyn Error>> {
    let mut facts = table(&assets.join(format!("facts/{file}.toml")))?;
    join(&mut facts, &words(assets, language, file)?, &format!("words/{language}/{file}.toml"))?;
    Ok(facts)
}

/// The words of a file in `language`, with English for missing ones.
fn words(assets: &Path, language: &str, file: &str) -> Result<Table, Box<dyn Error>> {
    let path = |language: &str| assets.join(format!("words/{language}/{file}.toml"));
    let mut words = table(&path(DEFINING))?;
    if language != DEFINING && path(language).is_file() {
        translate(&mut words, &table(&path(language))?, &format!("words/{language}/{file}.toml"))?;
    }
    Ok(words)
}

fn table(path: &Path) -> Result<Table, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.parse().map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Merges a translation into the English words, entry by entry.
fn translate(english: &mut Table, translated: &Table, place: &str) -> Result<(), Box<dyn Error>> {
    for (key, value) in translated {
        let place = format!("{place}: {key}");
        match (english.get_mut(key), value) {
            (Some(Value::Table(english)), Value::Table(translated)) => translate(english, translated, &place)?,
            (Some(english @ Value::String(_)), Value::String(_)) => *english = value.clone(),
            (Some(Value::Array(english)), Value::Array(translated)) if english.len() == translated.len() => {
                english.clone_from(translated);
            }
            (Some(_), _) => return Err(format!("{place} has another form than in English").into()),
            (None, _) => return Err(format!("{place} does not exist in English").into()),
        }
    }
    Ok(())
}

/// Adds words to facts. Words of a list are a table keyed by the ids of its entries.
fn join(facts: &mut Table, words: &Table, place: &str) -> Result<(), Box<dyn Error>> {
    for (key, value) in words {
        let place = format!("{place}: {key}");
        match (facts.get_mut(key), value) {
            (None, _) => {
                facts.insert(key.clone(), value.clone());
            }
            (Some(Value::Array(entries)), Value::Table(words)) => {
                for (id, words) in words {
                    let entry = entries.iter_mut().filter_map(Value::as_table_mut).find(|entry| is(entry, id));
                    match (entry, words) {
                        (Some(entry), Value::Table(words)) => join(entry, words, &format!("{place}.{id}"))?,
                        _ => return Err(format!("{place}.{id} belongs to nothing in facts").into()),
                    }
                }
            }
            (Some(_), _) => return Err(format!("{place} is a fact").into()),
        }
    }
    Ok(())
}

fn is(entry: &Table, id: &str) -> bool {
    ID_KEYS.iter().find_map(|key| entry.get(*key)).and_then(Value::as_str) == Some(id)
}

/// Why each role of a purpose is needed: its own reason, or the common reason with the short description of the role.
fn reasons(purposes: &mut Table, roles: &Table) -> Result<(), Box<dyn Error>> {
    let list = |table: &Table, key: &str| table.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let briefs = list(roles, "role");
    let brief = |name: &str| {
        let role = briefs.iter().filter_map(Value::as_table).find(|role| is(role, name))?;
        role.get("brief")?.as_str().map(str::to_owned)
    };
    let purposes = purposes.get_mut("purpose").and_then(Value::as_array_mut).into_iter().flatten();
    for purpose in purposes.filter_map(Value::as_table_mut) {
        let each = purpose.remove("each_role");
        let roles = purpose.get_mut("roles").and_then(Value::as_array_mut).into_iter().flatten();
        for role in roles.filter_map(Value::as_table_mut).filter(|role| !role.contains_key("why")) {
            let name = role.get("role").and_then(Value::as_str).unwrap_or_default().to_owned();
            let (Some(each), Some(brief)) = (each.as_ref().and_then(Value::as_str), brief(&name)) else {
                return Err(format!("words/{DEFINING}/purposes.toml does not say why {name} is needed").into());
            };
            role.insert("why".to_owned(), Value::String(each.replace("{brief}", &brief)));
        }
    }
    Ok(())
}
