//! Literals for other languages: their parsers read exactly the original text.

use cpikey::{
    domain::{
        handover::{
            choices::Choices,
            commands::{self, Shell, Task, Tool},
            quote,
        },
        sap::{parameters::InstanceParameters, plan::PlanId},
    },
    words::Words,
};
use saphyr::{LoadableYamlNode as _, Yaml};
use serde_json::{Value, json};

use super::{assert_harmless, parts, text};

pub fn run(data: &[u8]) {
    for part in parts(data) {
        literals(&text(part));
    }
    if let [org, space, role, ..] = parts(data)[..] {
        scripts(&text(org), &text(space), &text(role));
    }
}

fn literals(text: &str) {
    assert_eq!(sh(&quote::sh::word(text)).as_deref(), Some(text.replace('\0', "").as_str()));
    assert_eq!(powershell(&quote::powershell::expression(text)).as_deref(), Some(text));
    let spaced = text.replace(char::is_control, " ");
    assert_eq!(cmd(&quote::cmd::argument(text)).as_deref(), Some(spaced.as_str()), "{}", quote::cmd::argument(text));
    assert_eq!(percents(&quote::cmd::value(text)), Some(spaced.replace('"', "'")));
    assert_eq!(yaml(&quote::yaml::scalar(text)).as_deref(), Some(text), "{}", quote::yaml::scalar(text));
    let composed = yaml(&quote::compose::scalar(text)).and_then(|found| compose(&found));
    assert_eq!(composed.as_deref(), Some(text));
    let value = json!({ "roles": [text] });
    let ascii = quote::json::ascii(&value);
    assert!(ascii.chars().all(|c| c == '\n' || (' '..='~').contains(&c) && c != '%'), "{ascii}");
    assert_eq!(serde_json::from_str::<Value>(&ascii).ok().as_ref(), Some(&value));
    assert_eq!(properties(&quote::properties::value(text)).as_deref(), Some(text));
    assert_eq!(curl(&quote::curl::inside_quotes(text)).as_deref(), Some(text));
    if let Some(literal) = quote::dotenv::value(text) {
        assert_eq!(dotenv(&literal), text, "{literal}");
    }
    // Its parser rejects unescaped control characters, and normalizes nothing.
    let literal = quote::hcl::string(text);
    let body: Result<Value, _> = hcl::from_str(&format!("x = {literal}\n"));
    assert_eq!(body.ok().map(|body| body["x"].clone()), Some(Value::from(text)), "{literal}");
}

/// Scripts with untrusted names.
fn scripts(org: &str, space: &str, role: &str) {
    let parameters = InstanceParameters::new(PlanId::Api).with_roles([role]);
    let choices = Choices {
        org: org.to_owned(),
        space: space.to_owned(),
        endpoints: vec!["https://api.cf.eu10-004.hana.ondemand.com".to_owned()],
        ..Choices::new(parameters, "cpi-api", "cpi-key")
    };
    if choices.check().is_err() {
        return;
    }
    for tool in Tool::ALL {
        for shell in [Shell::Sh, Shell::PowerShell, Shell::Cmd] {
            for task in [Task::Create, Task::Update, Task::Rotate, Task::Delete] {
                let script = commands::render(&choices, tool, shell, task, Words::default());
                // In `sh` and HCL a name may contain invisible characters.
                assert!(!script.contains(|c: char| c.is_control() && c != '\n' && c != '\r'), "{script:?}");
                if shell != Shell::Sh && tool.has_shells() {
                    assert_harmless(&script, "a script");
                }
            }
        }
    }
}

/// One word of a POSIX shell, in the forms that the program writes.
fn sh(literal: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = literal;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("\\'") {
            out.push('\'');
            rest = after;
        } else {
            let (quoted, after) = rest.strip_prefix('\'')?.split_once('\'')?;
            out.push_str(quoted);
            rest = after;
        }
    }
    Some(out)
}

fn powershell(expression: &str) -> Option<String> {
    if !expression.chars().all(|c| (' '..='~').contains(&c)) {
        return None;
    }
    let string = |rest: &mut &str| {
        let mut out = String::new();
        let mut inside = rest.strip_prefix('\'')?;
        loop {
            let (part, after) = inside.split_once('\'')?;
            out.push_str(part);
            match after.strip_prefix('\'') {
                Some(more) => {
                    out.push('\'');
                    inside = more;
                }
                None => {
                    *rest = after;
                    return Some(out);
                }
            }
        }
    };
    let Some(mut rest) = expression.strip_prefix('(') else {
        let mut rest = expression;
        return string(&mut rest).filter(|_| rest.is_empty());
    };
    let mut units: Vec<u16> = Vec::new();
    loop {
        if let Some(number) = rest.strip_prefix("[char]") {
            let end = number.find(|c: char| !c.is_ascii_digit())?;
            units.push(number[..end].parse().ok()?);
            rest = &number[end..];
        } else {
            units.extend(string(&mut rest)?.encode_utf16());
        }
        match rest.strip_prefix(" + ") {
            Some(more) => rest = more,
            None => return (rest == ")").then(|| String::from_utf16(&units).ok()).flatten(),
        }
    }
}

/// What `%%` means in a batch file; a single percent sign would be a variable.
fn percents(text: &str) -> Option<String> {
    let pairs: Vec<&str> = text.split("%%").collect();
    pairs.iter().all(|part| !part.contains('%')).then(|| pairs.join("%"))
}

/// An argument as passed by the command prompt and read by Microsoft's C library.
fn cmd(literal: &str) -> Option<String> {
    let literal = percents(literal)?;
    let (mut line, mut inside) = (String::new(), false);
    let mut characters = literal.chars();
    while let Some(c) = characters.next() {
        match c {
            '^' if !inside => line.push(characters.next()?),
            '"' => {
                inside = !inside;
                line.push(c);
            }
            '&' | '|' | '<' | '>' | '(' | ')' if !inside => return None,
            c => line.push(c),
        }
    }
    let (mut out, mut inside, mut backslashes) = (String::new(), false, 0);
    for c in line.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                out.extend(std::iter::repeat_n('\\', backslashes / 2));
                if backslashes % 2 == 1 {
                    out.push('"');
                } else {
                    inside = !inside;
                }
                backslashes = 0;
            }
            // It would become two arguments.
            ' ' | '\t' if !inside => return None,
            c => {
                out.extend(std::iter::repeat_n('\\', backslashes));
                backslashes = 0;
                out.push(c);
            }
        }
    }
    out.extend(std::iter::repeat_n('\\', backslashes));
    (!inside).then_some(out)
}

fn yaml(scalar: &str) -> Option<String> {
    let document = format!("x: {scalar}\n");
    Yaml::load_from_str(&document).ok()?.first()?.as_mapping()?.values().next()?.as_str().map(str::to_owned)
}

/// How docker compose interprets a value: two dollar signs are one, and a single one starts a variable.
fn compose(value: &str) -> Option<String> {
    let pairs: Vec<&str> = value.split("$$").collect();
    pairs.iter().all(|part| !part.contains('$')).then(|| pairs.join("$"))
}

/// How java.util.Properties interprets the text after the equals sign.
fn properties(value: &str) -> Option<String> {
    if value.contains(['\n', '\r']) || !value.is_ascii() {
        return None;
    }
    let mut units: Vec<u16> = Vec::new();
    let mut rest = value.trim_start_matches([' ', '\t', '\u{c}']);
    while let Some(c) = rest.chars().next() {
        rest = &rest[1..];
        if c != '\\' {
            units.extend(c.encode_utf16(&mut [0; 2]).iter());
            continue;
        }
        let escaped = rest.chars().next()?;
        rest = &rest[1..];
        match escaped {
            'u' => {
                units.push(u16::from_str_radix(rest.get(..4)?, 16).ok()?);
                rest = &rest[4..];
            }
            't' => units.push(9),
            'n' => units.push(10),
            'f' => units.push(12),
            'r' => units.push(13),
            c => units.extend(c.encode_utf16(&mut [0; 2]).iter()),
        }
    }
    String::from_utf16(&units).ok()
}

/// How curl interprets the text between the quotes of its configuration.
fn curl(inside: &str) -> Option<String> {
    let mut out = String::new();
    let mut characters = inside.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' | '\n' | '\r' => return None,
            '\\' => out.push(match characters.next()? {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'v' => '\u{b}',
                c => c,
            }),
            c => out.push(c),
        }
    }
    Some(out)
}

/// How the package dotenv of Node.js interprets the text after the equals sign.
fn dotenv(literal: &str) -> String {
    let literal = literal.replace("\r\n", "\n").replace('\r', "\n");
    let quote = literal.chars().next().filter(|c| "'\"`".contains(*c));
    let quoted = quote.and_then(|quote| {
        let inner = literal.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains(quote) && !inner.ends_with('\\')).then(|| inner.to_owned())
    });
    match (quoted, quote) {
        (Some(inner), Some('"')) => inner.replace("\\n", "\n").replace("\\r", "\r"),
        (Some(inner), _) => inner,
        (None, _) => literal.split(['#', '\n']).next().unwrap_or_default().trim().to_owned(),
    }
}
