//! Reads text with one named value per line: `.env` files and shells, YAML, properties, HCL, source code, emails,
//! tables.
//!
//! This is not a parser of any of these, but one reader for what they have in common: `NAME sep VALUE`, in sections. It
//! produces the same tree as JSON, so everything is validated in the same way. It ignores what it does not understand.

mod curl;
mod statement;
mod value;

use zeroize::Zeroizing;

use super::{
    names::{self, Meaning, Named},
    node::Node,
};
use statement::{Part, Statements};

/// The maximum nesting depth of sections; deeper ones are merged into the last one.
const DEPTH: usize = 16;

/// The notation of values in the whole text.
#[derive(Clone, Copy, Default)]
struct Style {
    /// Colons and equals signs are escaped, as in Java properties.
    properties: bool,
    /// Dollar signs are doubled, as in docker compose.
    compose: bool,
    /// There are braces, so what looks like a JSON member could not be parsed as one.
    braces: bool,
}

impl Style {
    fn of(text: &str) -> Self {
        let has = |line: &str| text.split(['\n', '\r']).any(|other| other.trim() == line);
        Self {
            properties: text.contains("http\\:") || text.contains("https\\:"),
            compose: has("services:") && has("environment:"),
            braces: text.contains('{'),
        }
    }
}

/// Parses `text` into sections of named values.
pub(super) fn read(text: &str) -> Node {
    let joined = curl::joined(text);
    let text = joined.as_ref().map_or(text, |joined| joined.as_str());
    let mut reader =
        Reader { sections: vec![Section::new(Border::Root, String::new())], style: Style::of(text), label: None };
    let mut lines = text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).peekable();
    while let Some(line) = lines.next() {
        let indent = indent(line);
        let deeper = lines.peek().is_some_and(|next| self::indent(next) > indent);
        if let Some(name) = reader.line(line, indent, deeper) {
            let mut block = Zeroizing::new(String::new());
            while let Some(more) = lines.next_if(|more| self::indent(more) > indent) {
                block.push_str(more.trim());
                block.push('\n');
            }
            reader.put(name, block);
        }
    }
    reader.finish()
}

/// What ends a section.
#[derive(Clone, Copy, PartialEq)]
enum Border {
    Root,
    /// The next header in brackets.
    Header,
    /// A line that is indented no deeper than this.
    Indent(usize),
    /// A closing brace.
    Brace,
}

struct Section {
    border: Border,
    name: String,
    /// The values. A repeated name begins another system.
    systems: Vec<Vec<(String, Node)>>,
}

impl Section {
    fn new(border: Border, name: String) -> Self {
        Self { border, name, systems: vec![Vec::new()] }
    }

    fn push(&mut self, name: String, node: Node) {
        let again = |system: &Vec<(String, Node)>| system.iter().any(|(other, _)| *other == name);
        let is_another = names::is_label(&name) && matches!(node, Node::Text(_));
        let system = self.systems.last();
        if is_another && system.is_some_and(again)
            || system.is_some_and(|system| has_other_client(system, &name, &node))
        {
            self.systems.push(Vec::new());
        }
        if let Some(system) = self.systems.last_mut().filter(|system| system.len() < super::node::MEMBER_LIMIT) {
            system.push((name, node));
        }
    }

    fn into_node(mut self) -> Node {
        match self.systems.pop() {
            Some(only) if self.systems.is_empty() => Node::Object(only),
            last => Node::List(self.systems.into_iter().chain(last).map(Node::Object).collect()),
        }
    }
}

/// Whether `node` is a client id, and the system has another one under an equivalent name.
fn has_other_client(system: &[(String, Node)], name: &str, node: &Node) -> bool {
    let client =
        |name: &str, node: &Node| Named::of(name, node.text()?).filter(|named| named.meaning == Meaning::ClientId);
    client(name, node).is_some_and(|named| {
        system.iter().any(|(other, known)| known.text() != node.text() && client(other, known).as_ref() == Some(&named))
    })
}

struct Reader {
    /// The open sections, the root first.
    sections: Vec<Section>,
    style: Style,
    /// A label whose value has not come yet.
    label: Option<String>,
}

impl Reader {
    /// Reads one line. Returns the name of a value that follows, indented, on the next lines.
    fn line(&mut self, line: &str, indent: usize, deeper: bool) -> Option<String> {
        while let Some(Section { border: Border::Indent(border), .. }) = self.sections.last()
            && indent <= *border
        {
            self.close();
        }
        let mut text = line.trim();
        if statement::is_comment(text) {
            return None;
        }
        if let Some(pairs) = curl::pairs(text).or_else(|| Some(curl::header(text)).filter(|pairs| !pairs.is_empty())) {
            pairs.into_iter().for_each(|(name, value)| self.put(name, value.unwrap_or_default()));
            return None;
        }
        if let Some(name) = statement::header(text) {
            while !matches!(self.sections.last(), Some(Section { border: Border::Root, .. }) | None) {
                self.close();
            }
            self.open(Border::Header, name);
            return None;
        }
        if let Some(label) = self.label.take()
            && let Some(value) = statement::lone_value(text, self.style)
        {
            self.put(label, value);
            return None;
        }
        // An entry of a YAML list with more than one value is a separate section.
        if let Some(rest) = text.strip_prefix("- ").filter(|_| deeper) {
            self.open(Border::Indent(indent), String::new());
            text = rest.trim();
        }
        if statement::is_bare_label(text) {
            self.label = Some(text.trim_end_matches(':').to_owned());
            return None;
        }
        let mut below = None;
        for part in Statements::of(text) {
            match part {
                Part::Open(name) => self.open(Border::Brace, name),
                Part::Close => self.close_brace(),
                Part::Statement(text) => below = self.statement(text, indent, deeper).or(below),
            }
        }
        below
    }

    fn statement(&mut self, text: &str, indent: usize, deeper: bool) -> Option<String> {
        for (name, value) in statement::pairs(text, self.style) {
            match value {
                Some(value) => self.put(name, value),
                None if statement::is_block(text) => return Some(name),
                None if deeper => self.open(Border::Indent(indent), name),
                None if names::is_label(&name) => self.label = Some(name),
                None => {}
            }
        }
        None
    }

    fn put(&mut self, name: String, value: Zeroizing<String>) {
        if let Some(section) = self.sections.last_mut() {
            section.push(name, Node::Text(value));
        }
    }

    fn open(&mut self, border: Border, name: String) {
        if self.sections.len() < DEPTH {
            self.sections.push(Section::new(border, name));
        }
    }

    /// Closes the innermost section, unless it is the root.
    fn close(&mut self) {
        if self.sections.len() > 1
            && let Some(mut section) = self.sections.pop()
            && let Some(around) = self.sections.last_mut()
        {
            let name = std::mem::take(&mut section.name);
            around.push(name, section.into_node());
        }
    }

    fn close_brace(&mut self) {
        if !self.sections.iter().any(|section| section.border == Border::Brace) {
            return;
        }
        while let Some(border) = self.sections.last().map(|section| section.border) {
            self.close();
            if border == Border::Brace {
                break;
            }
        }
    }

    fn finish(mut self) -> Node {
        while self.sections.len() > 1 {
            self.close();
        }
        self.sections.pop().map_or(Node::Null, Section::into_node)
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
