//! Parameters in `cf` and `btp` commands, with the quoting of sh, PowerShell and cmd.

use super::{Located, Wrapper, excerpt::Excerpt, unwrap};
use crate::domain::{
    sap::{parameters::problem::ProblemCode, plan::PlanId},
    text::safe_text::SafeText,
};

/// The maximum number of commands in one text.
const COMMANDS: usize = 16;

/// The word at `at`, without its quotation marks and escapes, and where it ends. `None` if a quotation mark is missing.
pub(super) fn word(source: &Excerpt, at: usize) -> Option<(Excerpt, usize)> {
    let text = source.text();
    let mut out = Excerpt::empty(64, source.origin(at));
    let mut at = at;
    let add = |out: &mut Excerpt, c: char, from: usize, to: usize| out.push(c, source.origin(from), source.origin(to));
    // An object without quotation marks extends to its last bracket.
    if let Some(object) = text[at..].starts_with('{').then(|| unquoted_object(&text[at..])).flatten() {
        return Some((source.part(at..at + object), at + object));
    }
    while let Some(c) = text[at..].chars().next() {
        match c {
            '\'' => {
                let end = at + 1 + text[at + 1..].find('\'')?;
                for (offset, c) in text[at + 1..end].char_indices() {
                    let from = at + 1 + offset;
                    add(&mut out, c, from, from + c.len_utf8());
                }
                at = end + 1;
            }
            '"' => {
                at += 1;
                loop {
                    let c = text[at..].chars().next()?;
                    let next = text[at + c.len_utf8()..].chars().next();
                    let (decoded, length) = match (c, next) {
                        ('"', Some('"')) => ('"', 2),
                        ('"', _) => break,
                        ('\\', Some(escaped @ ('"' | '\\' | '$' | '`'))) => (escaped, 2),
                        ('`', Some(escaped @ ('"' | '`' | '$'))) => (escaped, 2),
                        _ => (c, c.len_utf8()),
                    };
                    add(&mut out, decoded, at, at + length);
                    at += length;
                }
                at += 1;
            }
            c if c.is_whitespace() || matches!(c, ';' | '|' | '&') => break,
            '\\' | '^' | '`' => {
                let Some(next) = text[at + 1..].chars().next() else { break };
                if next == '\n' || next == '\r' {
                    break;
                }
                let kept = if c == '\\' && next.is_alphanumeric() { c } else { next };
                let length = if kept == c && c != next { 1 } else { 1 + next.len_utf8() };
                add(&mut out, kept, at, at + length);
                at += length;
            }
            c => {
                add(&mut out, c, at, at + c.len_utf8());
                at += c.len_utf8();
            }
        }
    }
    Some((out, at))
}

fn unquoted_object(text: &str) -> Option<usize> {
    let (mut open, mut quoted) = (0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// The words of the command from `at` on.
fn words(source: &Excerpt, mut at: usize) -> Vec<Excerpt> {
    let text = source.text();
    let mut found = Vec::new();
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        at += blank;
        let rest = &text[at..];
        // The three line continuations.
        if let Some(after) = ["\\", "^", "`"].iter().find_map(|sign| rest.strip_prefix(sign)) {
            let trimmed = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n'));
            if let Some(next) = trimmed {
                at = text.len() - next.len();
                continue;
            }
        }
        if rest.is_empty() || rest.starts_with(['\n', '\r', ';', '|', '&']) {
            return found;
        }
        match word(source, at) {
            Some((word, end)) if end > at => {
                found.push(word);
                at = end;
            }
            _ => return found,
        }
    }
}

/// The commands in the text: the tool, and where the arguments begin.
fn commands(text: &str) -> impl Iterator<Item = (Wrapper, usize)> + '_ {
    let words = text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word));
    words
        .filter_map(move |(at, word)| {
            let name = word.rsplit(['/', '\\', '`', '>', '$', '(']).next()?.to_ascii_lowercase();
            let rest = text[at + word.len()..].split_whitespace().take(8);
            let next: Vec<&str> = rest.collect();
            let tool = match name.trim_end_matches(".exe") {
                "cf" | "cf7" | "cf8" if next.iter().take(2).any(|word| CF.contains(word)) => Wrapper::CfCommand,
                "btp" if next.iter().any(|word| BTP.contains(word)) => Wrapper::BtpCommand,
                _ => return None,
            };
            Some((tool, at + word.len()))
        })
        .take(COMMANDS)
}

const CF: [&str; 6] = ["create-service", "cs", "update-service", "create-service-key", "csk", "bind-service"];
const BTP: [&str; 2] = ["services/instance", "services/binding"];

/// The parameters in the commands of a text: those of the first command that has some.
pub(super) fn find(source: &Excerpt, layers: usize) -> Option<Located> {
    let mut first = None;
    for (tool, at) in commands(source.text()) {
        let words = words(source, at);
        let plan = PlanId::ALL.into_iter().find(|plan| words.iter().any(|word| word.text() == plan.as_str()));
        let option = |name: &Excerpt| matches!(name.text(), "-c" | "--parameters" | "-parameters");
        let attached = words.iter().find_map(|word| {
            let text = word.text();
            let value = text
                .strip_prefix("--parameters=")
                .or_else(|| text.strip_prefix("-c="))
                .or_else(|| text.strip_prefix("-c").filter(|value| value.starts_with(['{', '\\'])))?;
            Some(word.part(text.len() - value.len()..text.len()))
        });
        let value = words.iter().position(option).and_then(|place| words.get(place + 1).cloned()).or(attached);
        let mut located = match value {
            None => Located::failed(ProblemCode::CommandWithoutParameters {}, Some(source.origin(at))),
            Some(value) if value.text().trim_start().starts_with(['{', '[', '"', '\'']) => unwrap(value, layers - 1),
            Some(value) => {
                let place = SafeText::capped(value.text(), 60);
                Located::failed(ProblemCode::ParametersElsewhere { place }, Some(value.origin(0)))
            }
        };
        located.plan = located.plan.or(plan);
        let located = located.inside(tool);
        if located.is_certain() {
            return Some(located);
        }
        let better = first.as_ref().is_none_or(|first: &Located| {
            first.node.as_ref().is_err_and(|(code, _)| super::document::is_elsewhere(code))
        });
        if better {
            first = Some(located);
        }
    }
    first
}

/// The first here-document of sh, or here-string of PowerShell, with parameters in it.
pub(super) fn here_document(source: &Excerpt, layers: usize) -> Option<Located> {
    let text = source.text();
    let mut at = 0;
    let mut open: Option<(usize, String)> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if let Some((from, end)) = &open {
            if !trimmed.starts_with(end.as_str()) {
                continue;
            }
            let located = unwrap(source.part(*from..start), layers - 1).inside(Wrapper::HereDocument);
            if located.is_recognized() {
                return Some(located);
            }
            open = None;
        } else if let Some(quote) = ["'", "\""].into_iter().find(|quote| trimmed.ends_with(&format!("@{quote}"))) {
            open = Some((at, format!("{quote}@")));
        } else if let Some((_, mark)) = line.split_once("<<") {
            let mark = mark.trim_start_matches('-').trim_start().trim_start_matches(['\'', '"']);
            let end: String = mark.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            open = (!end.is_empty()).then_some((at, end));
        }
    }
    None
}
