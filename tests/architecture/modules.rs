//! The modules of the crate and their references, parsed from the source.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;

use super::{files, source};

/// A module's or an item's path from the root of the crate, without `crate`.
pub type Path = Vec<String>;

/// All modules, each with the crate paths that it refers to outside tests.
pub struct Modules {
    references: BTreeMap<Path, BTreeSet<Path>>,
}

impl Modules {
    pub fn read() -> Self {
        let mut parsed = BTreeMap::new();
        for file in files(&source()) {
            let path = module(&file);
            let Some(path) = path.filter(|path| path.last().is_none_or(|name| !name.ends_with("tests"))) else {
                continue;
            };
            let mut syntax = syn::parse_file(&fs::read_to_string(&file).unwrap()).unwrap();
            syntax.items.retain(|item| !is_test(item));
            parsed.insert(path, syntax);
        }
        let names: BTreeSet<Path> = parsed.keys().cloned().collect();
        let reexports = parsed.iter().map(|(path, file)| (path.clone(), reexports(path, file, &names))).collect();
        let references = parsed.iter().map(|(path, file)| {
            let mut paths = Vec::new();
            collect(file.to_token_stream(), &[], &mut paths);
            let resolved = paths.into_iter().filter_map(|used| resolve(path, used, &names));
            let modules = resolved.filter_map(|used| owner(used, &names, &reexports));
            (path.clone(), modules.filter(|used| used != path).collect())
        });
        Self { references: references.collect() }
    }

    /// Pairs of a module and a module it refers to.
    pub fn references(&self) -> impl Iterator<Item = (&Path, &Path)> {
        self.references.iter().flat_map(|(from, to)| to.iter().map(move |to| (from, to)))
    }

    /// Siblings with circular references: one line per reference in the circle.
    pub fn circles(&self) -> Vec<String> {
        // By parent: each reference as the names of the two siblings, and the modules below them.
        let mut parents: BTreeMap<&[String], Vec<(&str, &str, String)>> = BTreeMap::new();
        for (from, to) in self.references() {
            let common = from.iter().zip(to).take_while(|(from, to)| from == to).count();
            if let (Some(own), Some(other)) = (from.get(common), to.get(common)) {
                let line = format!("{} imports {}", from.join("::"), to.join("::"));
                parents.entry(&from[..common]).or_default().push((own, other, line));
            }
        }
        let mut lines = Vec::new();
        for edges in parents.into_values() {
            let on_circle = |(from, to, _): &&(&str, &str, String)| reaches(&edges, to, from);
            lines.extend(edges.iter().filter(on_circle).map(|(.., line)| line.clone()));
        }
        lines
    }
}

/// Whether a path along the edges leads from `start` to `end`.
fn reaches(edges: &[(&str, &str, String)], start: &str, end: &str) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![start]);
    while let Some(name) = next.pop() {
        if name == end {
            return true;
        }
        if seen.insert(name) {
            next.extend(edges.iter().filter(|(from, ..)| *from == name).map(|(_, to, _)| *to));
        }
    }
    false
}

/// The module of a file; `None` for the root.
fn module(file: &std::path::Path) -> Option<Path> {
    let path = file.strip_prefix(source()).unwrap().with_extension("");
    let mut path: Path = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|name| name == "mod") {
        path.pop();
    }
    (path != ["lib"] && path != ["main"]).then_some(path)
}

fn is_test(item: &syn::Item) -> bool {
    let attributes = match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| attribute.to_token_stream().to_string().replace(' ', "") == "#[cfg(test)]")
}

/// What a module re-exports: `pub use child::Name` and the like.
fn reexports(path: &Path, file: &syn::File, names: &BTreeSet<Path>) -> BTreeMap<String, Path> {
    let mut found = BTreeMap::new();
    for item in &file.items {
        let syn::Item::Use(item) = item else { continue };
        let mut paths = Vec::new();
        collect(item.tree.to_token_stream(), &[], &mut paths);
        for used in paths {
            if let (Some(name), Some(target)) = (used.last().cloned(), resolve(path, used, names)) {
                found.insert(name, target);
            }
        }
    }
    found
}

/// The paths in some code: names joined by `::`, with `use` groups expanded.
fn collect(tokens: TokenStream, prefix: &[String], paths: &mut Vec<Path>) {
    let mut current: Path = prefix.to_vec();
    let mut joined = !prefix.is_empty();
    let mut tokens = tokens.into_iter().peekable();
    let finish = |current: &mut Path, paths: &mut Vec<Path>| {
        if current.len() > prefix.len() {
            paths.push(current.clone());
        }
        current.truncate(0);
        current.extend_from_slice(prefix);
    };
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(name) => {
                if !joined {
                    finish(&mut current, paths);
                }
                current.push(name.to_string());
                joined = false;
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => {
                let is_double = matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
                if is_double {
                    tokens.next();
                    joined = true;
                } else {
                    finish(&mut current, paths);
                    joined = false;
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && joined && !current.is_empty() => {
                collect(group.stream(), &current, paths);
                current.truncate(0);
                current.extend_from_slice(prefix);
                joined = !prefix.is_empty();
            }
            TokenTree::Group(group) => {
                finish(&mut current, paths);
                collect(group.stream(), &[], paths);
                joined = !prefix.is_empty();
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {
                finish(&mut current, paths);
                joined = !prefix.is_empty();
            }
        }
    }
    finish(&mut current, paths);
}

/// A path from the root; `None` if it is outside the crate or local.
fn resolve(module: &Path, used: Path, names: &BTreeSet<Path>) -> Option<Path> {
    let mut base = module.clone();
    let mut rest = used.as_slice();
    match rest.first()?.as_str() {
        "crate" => {
            base.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|name| name == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        first => {
            base.push(first.to_owned());
            if !names.contains(&base) {
                return None;
            }
            rest = &rest[1..];
        }
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

/// The module to which a path resolves, following re-exports.
fn owner(mut path: Path, names: &BTreeSet<Path>, reexports: &BTreeMap<Path, BTreeMap<String, Path>>) -> Option<Path> {
    for _ in 0..8 {
        let length = (1..=path.len()).rev().find(|length| names.contains(&path[..*length]))?;
        let next = path.get(length).and_then(|name| reexports.get(&path[..length])?.get(name)).cloned();
        match next.filter(|next| *next != path) {
            Some(mut next) => {
                next.extend(path[length + 1..].iter().cloned());
                path = next;
            }
            None => return Some(path[..length].to_vec()),
        }
    }
    None
}
