//! A pseudo-language: every text in brackets, each letter with an accent, 35 % longer. Text that does not come from the
//! word files keeps its plain letters and is thus detected.

use std::{fs, path::Path, sync::OnceLock};

use cpikey::{
    content::{self, Language},
    domain::content::Content,
    words::{self, Words},
};
use toml::{Table, Value};

#[path = "../../support/assets.rs"]
mod assets;
#[path = "../../../assets/build/join.rs"]
mod join;

/// The brackets around each text.
pub const BRACKETS: [char; 2] = ['⟦', '⟧'];

/// The letters and their replacements, one column each.
const LETTERS: [(&str, &str); 2] = [
    ("abcdefghijklmnopqrstuvwxyz", "áƀćďéḟǵħíĵķľḿńóṕʠŕšťúṽŵẋýž"),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ÁƁĆĎÉḞǴĦÍĴĶĽḾŃÓṔɊŔŠŤÚṼŴẊÝŽ"),
];

/// Search keywords, which are not shown.
const NOT_SHOWN: [&str; 1] = ["keywords"];

/// Translates a text of the word files. Variables, code and the names of marks stay unchanged.
pub fn translated(text: &str) -> String {
    if text.trim().is_empty() {
        return text.to_owned();
    }
    let lines: Vec<String> = text.split('\n').map(line).collect();
    lines.join("\n")
}

fn line(text: &str) -> String {
    // Markdown of the request sheet: the marker at the start of a line is not a word.
    let is_frame = text.trim().is_empty() || text.starts_with(['|', '#', '`', '@']);
    let middle = accented(text);
    if is_frame { middle } else { format!("{}{middle}{}", BRACKETS[0], BRACKETS[1]) }
}

fn accented(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut vowels = 0_usize;
    while let Some(c) = rest.chars().next() {
        let kept = kept(rest);
        if kept > 0 {
            match rest[..kept].split_once('|').filter(|_| c == '{') {
                // `{subject|the host}`: the text if there is no subject.
                Some((name, default)) => {
                    out.push_str(&format!("{name}|{}}}", accented(default.trim_end_matches('}'))));
                }
                None => out.push_str(&rest[..kept]),
            }
            rest = &rest[kept..];
            continue;
        }
        let other = accent(c);
        out.push(other);
        if "aeiouAEIOU".contains(c) {
            vowels += 1;
            // Doubling nearly every vowel makes English a third longer.
            if !vowels.is_multiple_of(10) {
                out.push(other);
            }
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// How many bytes at the start of `rest` stay unchanged.
fn kept(rest: &str) -> usize {
    let until = |open: &str, close: char| {
        let inner = rest.strip_prefix(open)?;
        inner.find(close).map(|at| open.len() + at + close.len_utf8())
    };
    if rest.starts_with("{{") {
        return 2;
    }
    if rest.starts_with("[ui:") {
        return "[ui:".len();
    }
    let name = |length: &usize| rest[1..length - 1].bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    until("{", '}').or_else(|| until("`", '`')).or_else(|| until("@", '@').filter(name)).unwrap_or(0)
}

fn accent(c: char) -> char {
    for (from, to) in LETTERS {
        if let Some(at) = from.find(c) {
            return to.chars().nth(at).unwrap();
        }
    }
    c
}

fn table(words: &Table) -> Table {
    words
        .iter()
        .map(|(key, value)| {
            (key.clone(), if NOT_SHOWN.contains(&key.as_str()) { value.clone() } else { self::value(value) })
        })
        .collect()
}

fn value(words: &Value) -> Value {
    match words {
        Value::String(text) => Value::String(translated(text)),
        Value::Array(list) => Value::Array(list.iter().map(value).collect()),
        Value::Table(entries) => Value::Table(table(entries)),
        other => other.clone(),
    }
}

/// Writes the files of one folder of English words in this language.
fn translate(english: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(english).unwrap().flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            translate(&path, &target);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let words: Table = fs::read_to_string(&path).unwrap().parse().unwrap();
            fs::write(target, table(&words).to_string()).unwrap();
        }
    }
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// The labels, which are a table in the program.
fn labels() -> Words {
    let english = words::EN.table();
    let translated: Vec<&'static str> = english.iter().map(|text| leak(translated(text))).collect();
    Words::new(Box::leak(Box::new(translated.try_into().unwrap())))
}

/// All texts of the program in this language.
pub fn content() -> Content {
    static LANGUAGE: OnceLock<Language> = OnceLock::new();
    content::of(LANGUAGE.get_or_init(|| {
        let folder = assets::copied();
        translate(&folder.path().join("words/en"), &folder.path().join("words/xx"));
        let parts = join::parts(folder.path(), "xx").unwrap();
        let part = |name: &str| {
            let (_, json) = parts.iter().find(|(part, _)| *part == name).unwrap();
            leak(json.clone())
        };
        Language {
            words: labels(),
            roles: part("roles"),
            purposes: part("purposes"),
            plans: part("plans"),
            grant_types: part("grant_types"),
            flow_roles: part("flow_roles"),
            authorities: part("authorities"),
            regions: part("regions"),
            steps: part("steps"),
            links: part("links"),
            probes: part("probes"),
            findings: part("findings"),
            sheet: part("sheet"),
            pages: part("pages"),
            exports: part("exports"),
        }
    }))
}
