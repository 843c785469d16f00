//! Finds JSON in a text: in prose, in code fences, escaped, in base64, or nearly JSON.

use std::cell::Cell;

use base64::{Engine as _, engine::general_purpose};
use zeroize::Zeroizing;

use super::{
    lines,
    node::{Broken, Node, parse},
    repair::{Repair, repair},
    text::position,
    yaml,
};
use crate::domain::finding::{Fact, Finding, FindingCode};

/// The maximum number of nested wrappers.
const LAYERS: usize = 4;
/// The maximum number of repairs in one text, across all layers; keeps hostile input cheap.
const REPAIRS: usize = 24;

/// The state of a search for objects.
struct Search<'a> {
    judge: &'a Judge<'a>,
    /// The number of repairs left.
    repairs: Cell<usize>,
}

impl Search<'_> {
    /// Uses up one repair; `false` if none is left.
    fn may_repair(&self) -> bool {
        let left = self.repairs.get();
        self.repairs.set(left.saturating_sub(1));
        left > 0
    }
}

/// One JSON object found in the text.
pub(super) struct Piece {
    /// The object.
    pub node: Node,
    /// What was repaired in it.
    pub repaired: Vec<Repair>,
    /// Whether it is a complete object inside a broken one.
    pub from_broken: bool,
    /// Whether it was not JSON but named values.
    pub named: bool,
}

/// The finding.
#[derive(Default)]
pub(super) struct Scan {
    /// The objects, in their order.
    pub pieces: Vec<Piece>,
    /// The wrappers, outermost first.
    pub unwrapped: Vec<Fact>,
    /// Whether this is the text that `cf service-key` prints.
    pub cf_text: bool,
    /// The most specific finding about why there is no object.
    pub fault: Option<Finding>,
}

/// Predicates on objects.
pub(super) struct Judge<'a> {
    /// Whether an object inside a broken one is useful.
    pub wanted: &'a dyn Fn(&Node) -> bool,
    /// Whether an object may contain a key.
    pub is_key: fn(&Node) -> bool,
    /// Whether values that are named line by line name a client.
    pub names_a_client: fn(&Node) -> bool,
}

/// Finds the objects in `text`.
pub(super) fn locate(text: &str, judge: &Judge<'_>) -> Scan {
    layer(text, &Search { judge, repairs: Cell::new(REPAIRS) }, LAYERS)
}

fn layer(text: &str, search: &Search<'_>, layers: usize) -> Scan {
    let Some(layers) = layers.checked_sub(1) else { return Scan::default() };
    // Before searching for JSON: annotations of a secret may contain JSON.
    if let Some(node) = yaml::secret(text).filter(|node| (search.judge.wanted)(node)) {
        let piece = Piece { node, repaired: Vec::new(), from_broken: false, named: false };
        return Scan { pieces: vec![piece], ..Scan::default() };
    }
    let trimmed = text.trim();
    if trimmed.starts_with('"')
        && let Ok((Node::Text(inner), _)) = parse(trimmed)
        && (inner.contains('{') || decode_base64(&inner).is_some())
    {
        return inside(&inner, Fact::JsonText, search, layers);
    }
    if !text.contains('{') {
        if is_access_token(trimmed) {
            let fault = Finding::key(FindingCode::KeyNotAKey).seen(Fact::AccessToken);
            return Scan { fault: Some(fault), ..Scan::default() };
        }
        if let Some(inner) = find_base64(text) {
            return inside(&inner, Fact::from("base64"), search, layers);
        }
        return without_braces(text, search);
    }
    let mut scanner =
        Scanner { text, search, scan: Scan::default(), around: Zeroizing::default(), deepest: 0, over: false };
    scanner.run(layers);
    let mut scan = scanner.scan;
    // Braces without JSON: source code, HCL, YAML with templates.
    if !scan.pieces.iter().any(|piece| (search.judge.is_key)(&piece.node))
        && let Some(named) = named_values(text, search)
    {
        scan = named;
    }
    scan
}

/// Searches a wrapped text, and prepends the wrapper to the results.
fn inside(inner: &str, wrapper: Fact, search: &Search<'_>, layers: usize) -> Scan {
    let mut scan = layer(inner, search, layers);
    scan.unwrapped.insert(0, wrapper.clone());
    if let Some(fault) = &mut scan.fault {
        let wrapper = Box::new(wrapper);
        fault.evidence = Some(match fault.evidence.take() {
            Some(seen) => Fact::Inside { seen: Box::new(seen), wrapper },
            None => Fact::InsideOf { wrapper },
        });
    }
    scan
}

struct Scanner<'a> {
    text: &'a str,
    search: &'a Search<'a>,
    scan: Scan,
    /// The text around the objects.
    around: Zeroizing<String>,
    /// How far the attempt behind `scan.fault` got.
    deepest: usize,
    /// Whether the text is nested too deeply to continue: every start inside would fail in the same way.
    over: bool,
}

impl Scanner<'_> {
    fn run(&mut self, layers: usize) {
        let mut at = 0;
        // The end of a broken object: anything found before is part of it.
        let mut broken_until = 0;
        while let Some(found) = self.text[at..].find('{') {
            self.around.push_str(&self.text[at..at + found]);
            at += found;
            let rest = &self.text[at..];
            if let Some((inner, taken)) = self.unescaped(rest) {
                let inner = inside(&inner, Fact::EscapedQuotes, self.search, layers);
                if !inner.pieces.is_empty() {
                    self.scan.unwrapped.extend(inner.unwrapped);
                    self.scan.pieces.extend(inner.pieces);
                    at += taken;
                    continue;
                }
            }
            let from_broken = at < broken_until;
            match self.object(at) {
                Ok((node, taken, repaired)) if !from_broken || (self.search.judge.wanted)(&node) => {
                    self.scan.pieces.push(Piece { node, repaired, from_broken, named: false });
                    at += taken;
                }
                Ok((_, taken, _)) => at += taken,
                Err(reach) => {
                    broken_until = broken_until.max(at + reach);
                    self.around.push('{');
                    at += 1;
                    if self.over {
                        break;
                    }
                }
            }
        }
        self.around.push_str(&self.text[at..]);
        if !self.scan.pieces.is_empty() {
            self.scan.fault = None;
        }
        self.surroundings();
    }

    fn unescaped(&self, rest: &str) -> Option<(Zeroizing<String>, usize)> {
        (rest[1..].trim_start().starts_with('\\') && self.search.may_repair()).then(|| unescape(rest)).flatten()
    }

    /// The object at `at` with its length in bytes, or how far it extends if it cannot be parsed.
    fn object(&mut self, at: usize) -> Result<(Node, usize, Vec<Repair>), usize> {
        let rest = &self.text[at..];
        let strict = match parse(rest) {
            Ok((node, taken)) => return Ok((node, taken, Vec::new())),
            Err(broken) => broken,
        };
        if strict.deep || !self.search.may_repair() {
            self.fault(at, at + strict.at, &strict);
            self.over |= strict.deep;
            return Err(0);
        }
        let repaired = repair(rest, true);
        if let Ok((node, _)) = parse(&repaired.text) {
            return Ok((node, repaired.taken, repaired.done));
        }
        // Joining lines hides where a quote is missing, so the position is determined without it.
        let plain = repair(rest, false);
        match parse(&plain.text) {
            Ok((node, _)) => Ok((node, plain.taken, plain.done)),
            Err(broken) => {
                let fault = plain.origin(broken.at);
                self.fault(at, at + fault, &broken);
                Err(if broken.cut { rest.len() } else { plain.taken.max(fault) })
            }
        }
    }

    fn fault(&mut self, start: usize, at: usize, broken: &Broken) {
        let reach = (at - start).max(1);
        if reach <= self.deepest {
            return;
        }
        self.deepest = reach;
        let at = if broken.cut { self.text.trim_end().len() } else { at };
        let position = position(self.text, at);
        let code = if broken.cut { FindingCode::KeyCutOff } else { FindingCode::KeyNotJson };
        let seen = if broken.deep { Fact::TooDeepAt { position } } else { Fact::At { position } };
        self.scan.fault = Some(Finding::key(code).seen(seen));
    }

    fn surroundings(&mut self) {
        let around = self.around.as_str();
        self.scan.cf_text = around.contains("Getting key ");
        let partial = self.scan.pieces.iter().any(|piece| piece.from_broken);
        if self.scan.pieces.is_empty() || self.scan.cf_text || partial {
            return;
        }
        if around.contains("```") || around.contains("~~~") {
            self.scan.unwrapped.push(Fact::CodeFence);
        }
        let words = around.split(|c: char| c.is_whitespace() || matches!(c, '`' | '~'));
        if words.into_iter().any(|word| word != "json" && word.contains(char::is_alphanumeric)) {
            self.scan.unwrapped.push(Fact::SurroundingText);
        }
    }
}

/// `{\"oauth\":{..}}` without the quotes around it: the unescaped text and its original length in bytes.
fn unescape(rest: &str) -> Option<(Zeroizing<String>, usize)> {
    let mut escaped = false;
    let end = rest
        .char_indices()
        .find(|(_, c)| {
            let ends = !escaped && matches!(c, '"' | '\'' | '\n' | '\r');
            escaped = !escaped && *c == '\\';
            ends
        })
        .map_or(rest.len(), |(at, _)| at);
    let quoted = Zeroizing::new(format!("\"{}\"", rest[..end].trim_end()));
    match parse(&quoted) {
        Ok((Node::Text(inner), _)) => Some((inner, end)),
        _ => None,
    }
}

/// The values named line by line in a text, if a client is among them.
fn named_values(text: &str, search: &Search<'_>) -> Option<Scan> {
    let node = lines::read(text);
    (search.judge.names_a_client)(&node).then(|| {
        let piece = Piece { node, repaired: Vec::new(), from_broken: false, named: true };
        Scan { pieces: vec![piece], ..Scan::default() }
    })
}

/// Text without braces: members of an object whose braces were not copied, or not JSON.
fn without_braces(text: &str, search: &Search<'_>) -> Scan {
    let name = "\"clientid\"";
    let looks_like_members = text.as_bytes().windows(name.len()).any(|part| part.eq_ignore_ascii_case(name.as_bytes()));
    let wrapped = Zeroizing::new(format!("{{{}}}", text.trim().trim_end_matches(',')));
    if looks_like_members {
        let repaired = repair(&wrapped, true);
        if let Ok((node, _)) = parse(&repaired.text) {
            let mut done = repaired.done;
            done.push(Repair::Braces);
            let piece = Piece { node, repaired: done, from_broken: false, named: false };
            return Scan { pieces: vec![piece], ..Scan::default() };
        }
    }
    if let Some(named) = named_values(text, search) {
        return named;
    }
    let start = text.len() - text.trim_start().len();
    let fault = Finding::key(FindingCode::KeyNotJson).seen(Fact::At { position: position(text, start) });
    Scan { fault: Some(fault), ..Scan::default() }
}

/// Whether this is a JSON Web Token, whose parts are also base64-encoded JSON and contain a client id.
fn is_access_token(text: &str) -> bool {
    let token = text.strip_prefix("Bearer ").unwrap_or(text);
    let mut parts = token.split('.');
    let header = parts.next().and_then(decode_base64);
    header.is_some_and(|header| header.contains("\"alg\"")) && parts.count() == 2
}

/// The base64-encoded JSON, which is either the whole text or one word of it.
fn find_base64(text: &str) -> Option<Zeroizing<String>> {
    let word = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '='));
    let longest = text.split(word).max_by_key(|word| word.len()).unwrap_or_default();
    // `NAME=eyJ..`: the name is not part of it.
    let value = longest.trim_end_matches('=').rsplit('=').next().unwrap_or_default();
    decode_base64(text).or_else(|| decode_base64(value))
}

/// Decodes base64 in either alphabet, with line breaks and with or without padding, if it contains a JSON object or text,
/// or base64 of one.
pub(super) fn decode_base64(text: &str) -> Option<Zeroizing<String>> {
    let inner = base64_text(text)?;
    let is_json = |text: &str| text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '"', '[']);
    (is_json(&inner) || base64_text(&inner).is_some_and(|twice| is_json(&twice))).then_some(inner)
}

/// Decodes base64 of any text.
pub(super) fn base64_text(text: &str) -> Option<Zeroizing<String>> {
    let mut packed: Zeroizing<String> = Zeroizing::new(String::with_capacity(text.len()));
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        packed.push(match c {
            '-' => '+',
            '_' => '/',
            c => c,
        });
    }
    let packed = packed.trim_end_matches('=');
    let bytes = Zeroizing::new(general_purpose::STANDARD_NO_PAD.decode(packed).ok()?);
    if bytes.is_empty() {
        return None;
    }
    super::text::decode(&bytes).ok().map(|decoded| decoded.text)
}
