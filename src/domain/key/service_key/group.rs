//! Groups values by system: by their section, then by the prefix of their names.
//!
//! Each client id defines a system. Every other value belongs to the nearest systems, or to none if two are equally
//! near except for their names: fields of two systems are never mixed.

use super::{
    Form,
    fields::Raw,
    names::{Meaning, Named},
    node::Node,
};
use crate::domain::{
    key::address::{Address, SapService},
    text::secret::Secret,
};

/// The maximum number of values in one text.
const VALUE_LIMIT: usize = 2000;
/// The maximum number of systems in one text.
const SYSTEM_LIMIT: usize = 100;
/// The maximum nesting depth of values.
const DEPTH: usize = 16;

/// A value with its location.
struct Value<'a> {
    /// The path of its section, one number per level.
    section: Vec<usize>,
    /// The name of the innermost section that has one.
    within: Option<&'a str>,
    named: Named,
    text: &'a str,
}

/// A client id (or a secret without one) and what belongs to it.
struct System<'a> {
    anchor: &'a Value<'a>,
    values: Vec<(Rank, &'a Value<'a>)>,
}

/// The distance of a value to a system, nearest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Levels from the system's section up to the section shared with the value.
    up: usize,
    name: Kinship,
}

/// How the names of two values are related.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kinship {
    /// The same name prefix.
    Same,
    /// The same except for words like `api`, or a part of them: `SAP_TOKEN_URL` with `SAP_DEV_CLIENT_ID`.
    Shared,
    /// More words than the system has.
    Special,
    /// Other words.
    Other,
}

/// The keys among all values below `node`, in their order.
pub(super) fn keys(node: &Node) -> Vec<Raw> {
    let mut values = Vec::new();
    collect(node, &mut Vec::new(), None, DEPTH, &mut values);
    let mut systems = systems(&values);
    for value in &values {
        assign(value, &mut systems);
    }
    let several = systems.len() > 1;
    systems.iter().map(|system| system.raw(several)).collect()
}

fn collect<'a>(
    node: &'a Node,
    section: &mut Vec<usize>,
    within: Option<&'a str>,
    depth: usize,
    values: &mut Vec<Value<'a>>,
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let mut take = |name: &str, text: &'a str, section: &[usize]| {
        if values.len() < VALUE_LIMIT
            && let Some(named) = Named::of(name, text)
        {
            values.push(Value { section: section.to_vec(), within, named, text });
        }
    };
    for (name, inner) in node.members() {
        // `{"client_id": {"value": ".."}}`, `variable "client_id" { default = ".." }`
        let nested = ["value", "default"].iter().find_map(|key| inner.get(key)).and_then(Node::text);
        if let Some(text) = inner.text().or(nested) {
            take(name, text, section);
        }
    }
    // `[{"key": "client_id", "value": ".."}]`
    for entry in node.entries() {
        let name = ["key", "name"].iter().find_map(|key| entry.get(key)).and_then(Node::text);
        if let (Some(name), Some(text)) = (name, entry.get("value").and_then(Node::text)) {
            take(name, text, section);
        }
        // `["--client-id=sb-.."]`
        if let Some((name, text)) = entry.text().and_then(|text| text.split_once('=')) {
            take(name, text, section);
        }
    }
    // `["--client-id", "sb-.."]`
    for pair in node.entries().windows(2) {
        if let (Some(name), Some(text)) = (pair[0].text(), pair[1].text())
            && name.starts_with("--")
        {
            take(name, text, section);
        }
    }
    let name_of = |node: &'a Node| ["name", "title", "id"].iter().find_map(|key| node.get(key)).and_then(Node::text);
    let children =
        node.members().iter().map(|(name, inner)| (Some(name.as_str()).filter(|name| !name.is_empty()), inner));
    let entries = node.entries().iter().map(|entry| (None, entry));
    for (at, (name, inner)) in children.chain(entries).enumerate() {
        if matches!(inner, Node::Object(_) | Node::List(_)) {
            section.push(at);
            collect(inner, section, name_of(inner).or(name).or(within), depth, values);
            section.pop();
        }
    }
}

/// One system per client id, or per secret if there is no client id at all.
fn systems<'a>(values: &'a [Value<'a>]) -> Vec<System<'a>> {
    let anchors = |meaning: Meaning| {
        let mut systems: Vec<System<'a>> = Vec::new();
        for anchor in values.iter().filter(|value| value.named.meaning == meaning) {
            let known = |system: &System<'_>| {
                system.anchor.section == anchor.section && system.anchor.named.prefix == anchor.named.prefix
            };
            if systems.len() < SYSTEM_LIMIT && !systems.iter().any(known) {
                systems.push(System { anchor, values: Vec::new() });
            }
        }
        systems
    };
    let systems = anchors(Meaning::ClientId);
    if systems.is_empty() { anchors(Meaning::Secret) } else { systems }
}

/// Assigns `value` to its systems.
fn assign<'a>(value: &'a Value<'a>, systems: &mut [System<'a>]) {
    let common =
        |system: &System<'_>| system.anchor.section.iter().zip(&value.section).take_while(|(a, b)| a == b).count();
    let Some(nearest) = systems.iter().map(common).max() else { return };
    let near: Vec<usize> = (0..systems.len()).filter(|at| common(&systems[*at]) == nearest).collect();
    // A value next to a section, not around it, belongs to the system only if there is just one.
    if value.section.len() > nearest && near.len() > 1 {
        return;
    }
    let related: Vec<(usize, Kinship)> =
        near.iter().map(|at| (*at, kinship(&systems[*at].anchor.named, &value.named))).collect();
    let Some(best) = related.iter().map(|(_, kinship)| *kinship).min() else { return };
    let chosen: Vec<(usize, Kinship)> = related.into_iter().filter(|(_, kinship)| *kinship == best).collect();
    // A shared value belongs to each system; a value with a specific name belongs to one.
    match best {
        Kinship::Same | Kinship::Shared => {}
        Kinship::Special if chosen.len() == 1 => {}
        Kinship::Other if systems.len() == 1 => {}
        Kinship::Special | Kinship::Other => return,
    }
    for (at, name) in chosen {
        let up = systems[at].anchor.section.len() - nearest;
        systems[at].values.push((Rank { up, name }, value));
    }
}

fn kinship(system: &Named, value: &Named) -> Kinship {
    if system.prefix == value.prefix {
        return Kinship::Same;
    }
    match (system.owner(), value.owner()) {
        (system, value) if is_part(&value, &system) => Kinship::Shared,
        (system, value) if is_part(&system, &value) => Kinship::Special,
        _ => Kinship::Other,
    }
}

/// Whether `whole` contains the words of `part`, in their order.
fn is_part(part: &[&str], whole: &[&str]) -> bool {
    let mut words = whole.iter();
    part.iter().all(|word| words.any(|other| other == word))
}

impl System<'_> {
    fn raw(&self, several: bool) -> Raw {
        let mut raw = Raw::empty(Form::Flat);
        let own = |text: &str| text.to_owned();
        raw.client_id = self.nearest(Meaning::ClientId, &mut raw.twice, "clientid").map(own);
        raw.secret = self.nearest(Meaning::Secret, &mut raw.twice, "clientsecret").map(Secret::new);
        raw.certificate = self.nearest(Meaning::Certificate, &mut raw.twice, "certificate").map(own);
        raw.private_key = self.nearest(Meaning::PrivateKey, &mut raw.twice, "key").map(Secret::new);
        raw.token_url = self.nearest(Meaning::TokenUrl, &mut raw.twice, "tokenurl").map(own);
        if let (Some(token_url), Some(path)) =
            (&mut raw.token_url, self.nearest(Meaning::TokenPath, &mut Vec::new(), ""))
            && !token_url.trim_end_matches('/').rsplit("://").next().unwrap_or_default().contains('/')
        {
            *token_url = format!("{}{path}", token_url.trim_end_matches('/'));
        }
        raw.url = self.url(&mut raw.twice).map(own);
        raw.names = ["clientid", "url", "tokenurl"].map(str::to_owned).to_vec();
        let prefix = self.anchor.named.prefix.join("_");
        raw.name = several
            .then(|| self.anchor.within.map(str::to_owned).or_else(|| (!prefix.is_empty()).then_some(prefix)))
            .flatten();
        raw
    }

    /// The nearest values of one meaning.
    fn tier(&self, meaning: Meaning) -> Vec<&str> {
        let of = || self.values.iter().filter(|(_, value)| value.named.meaning == meaning);
        let nearest = of().map(|(rank, _)| *rank).min();
        of().filter(|(rank, _)| Some(*rank) == nearest).map(|(_, value)| value.text).collect()
    }

    /// The nearest value of one meaning; if there are several, the last one, which is recorded in `twice`.
    fn nearest(&self, meaning: Meaning, twice: &mut Vec<String>, label: &str) -> Option<&str> {
        let tier = self.tier(meaning);
        if tier.windows(2).any(|pair| pair[0] != pair[1]) {
            twice.push(label.to_owned());
        }
        tier.last().copied()
    }

    /// The URL of the API. Tools store it in several forms, and next to that of the runtime.
    fn url(&self, twice: &mut Vec<String>) -> Option<&str> {
        let hosts: Vec<(&str, Option<Address>)> =
            self.tier(Meaning::Url).into_iter().map(|text| (text, Address::recognise(text))).collect();
        let served = |address: &Option<Address>| address.as_ref().and_then(Address::service);
        let of_api: Vec<_> = hosts.iter().filter(|(_, address)| served(address) == Some(SapService::Api)).collect();
        let chosen = if of_api.is_empty() { hosts.iter().collect() } else { of_api };
        let host = |address: &Option<Address>| address.as_ref().map(|address| address.host().to_owned());
        if chosen.windows(2).any(|pair| host(&pair[0].1) != host(&pair[1].1)) {
            twice.push("url".to_owned());
            return chosen.last().map(|(text, _)| *text);
        }
        // A full URL is better than a host, and one without a path is the original value of the key.
        let plain = |text: &str| text.contains("://") && text.splitn(4, '/').nth(3).is_none_or(str::is_empty);
        chosen.iter().find(|(text, _)| plain(text)).or_else(|| chosen.first()).map(|(text, _)| *text)
    }
}
