//! Finds the parameters in any text: JSON, or a command, configuration or document that contains it.

mod command;
mod document;
mod excerpt;
mod hcl;
mod json;
mod tree;
mod yaml;

use self::excerpt::Excerpt;
pub(super) use self::tree::{Entry, Node, Value};
use super::problem::ProblemCode;
use crate::domain::sap::plan::PlanId;

/// The maximum number of nested wrappers.
const LAYERS: usize = 6;
/// The maximum number of opening braces tried in a text that is not one object.
const ATTEMPTS: usize = 64;

/// The wrappers of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrapper {
    /// A code fence of Markdown.
    CodeFence,
    /// Other lines, as printed by `cf service --params`.
    SurroundingText,
    /// JSON as an escaped string.
    EscapedText,
    /// The quotation marks of a shell.
    Quotes,
    /// A here-document or here-string.
    HereDocument,
    /// `cf create-service .. -c '..'`
    CfCommand,
    /// `btp create services/instance .. --parameters '..'`
    BtpCommand,
    /// A Terraform configuration, or a value in it.
    Terraform,
    /// `{"parameters": ..}`
    ParametersProperty,
    /// A request to a service broker.
    BrokerRequest,
    /// A Cloud Foundry API document.
    CloudFoundryDocument,
    /// The configuration of the BTP setup automator.
    SetupAutomator,
    /// A Kubernetes resource.
    Kubernetes,
    /// A deployment descriptor of a multitarget application.
    Mta,
    /// A YAML file.
    Yaml,
    /// Another document.
    Document,
}

impl Wrapper {
    /// All values.
    pub const ALL: [Wrapper; 16] = [
        Wrapper::CodeFence,
        Wrapper::SurroundingText,
        Wrapper::EscapedText,
        Wrapper::Quotes,
        Wrapper::HereDocument,
        Wrapper::CfCommand,
        Wrapper::BtpCommand,
        Wrapper::Terraform,
        Wrapper::ParametersProperty,
        Wrapper::BrokerRequest,
        Wrapper::CloudFoundryDocument,
        Wrapper::SetupAutomator,
        Wrapper::Kubernetes,
        Wrapper::Mta,
        Wrapper::Yaml,
        Wrapper::Document,
    ];

    /// The name in JSON. Part of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Wrapper::CodeFence => "code-fence",
            Wrapper::SurroundingText => "surrounding-text",
            Wrapper::EscapedText => "escaped-text",
            Wrapper::Quotes => "quotes",
            Wrapper::HereDocument => "here-document",
            Wrapper::CfCommand => "cf-command",
            Wrapper::BtpCommand => "btp-command",
            Wrapper::Terraform => "terraform",
            Wrapper::ParametersProperty => "parameters-property",
            Wrapper::BrokerRequest => "broker-request",
            Wrapper::CloudFoundryDocument => "cloud-foundry-document",
            Wrapper::SetupAutomator => "setup-automator",
            Wrapper::Kubernetes => "kubernetes",
            Wrapper::Mta => "mta",
            Wrapper::Yaml => "yaml",
            Wrapper::Document => "document",
        }
    }
}

/// The result of searching a text.
pub(super) struct Located {
    /// The object to validate, or what the text is instead.
    pub(super) node: Result<Node, PlacedProblem>,
    /// Problems that were ignored to read it, with offsets in the text.
    pub(super) overlooked: Vec<PlacedProblem>,
    /// Its wrappers, outermost first.
    pub(super) removed: Vec<Wrapper>,
    /// The plan named in the surrounding text.
    pub(super) plan: Option<PlanId>,
}

/// A problem of the text, with its offset if it has one.
pub(super) type PlacedProblem = (ProblemCode, Option<usize>);

impl Located {
    fn failed(code: ProblemCode, place: Option<usize>) -> Self {
        Self { node: Err((code, place)), overlooked: Vec::new(), removed: Vec::new(), plan: None }
    }

    fn inside(mut self, wrapper: Wrapper) -> Self {
        if self.removed.first() != Some(&wrapper) {
            self.removed.insert(0, wrapper);
        }
        self
    }

    /// Whether there is an object with a property of the parameters in it.
    fn is_certain(&self) -> bool {
        self.node.as_ref().is_ok_and(|node| node.entries().is_some_and(document::has_property))
    }

    /// Whether the parameters are here or, according to the text, elsewhere, even if none of their names is correct.
    fn is_meant(&self) -> bool {
        match &self.node {
            Ok(node) => !self.removed.is_empty() || node.entries().is_some_and(document::has_property_misspelled),
            Err((code, _)) => document::names_a_kind(code) || document::is_elsewhere(code),
        }
    }

    /// Whether the text is recognised, as parameters or as something else.
    fn is_recognized(&self) -> bool {
        self.is_certain() || self.node.as_ref().is_err_and(|(code, _)| document::names_a_kind(code))
    }
}

/// Finds the parameters in `text`.
pub(super) fn locate(text: &str) -> Located {
    let whole = Excerpt::whole(text);
    if text.trim().is_empty() {
        return Located::failed(ProblemCode::TextEmpty {}, Some(0));
    }
    let Some(rest) = text.strip_prefix('\u{feff}') else { return unwrap(whole, LAYERS) };
    let mut located = unwrap(whole.part(text.len() - rest.len()..text.len()), LAYERS);
    located.overlooked.insert(0, (ProblemCode::ByteOrderMark {}, Some(0)));
    located
}

fn unwrap(excerpt: Excerpt, layers: usize) -> Located {
    let excerpt = excerpt.trimmed();
    if layers == 0 {
        return Located::failed(ProblemCode::TooDeep {}, Some(excerpt.origin(0)));
    }
    match excerpt.text().chars().next() {
        Some('{' | '[') => from_brace(&excerpt, layers),
        Some('"' | '\'') => match command::word(&excerpt, 0) {
            Some((word, end)) if excerpt.text()[end..].trim().is_empty() => {
                unwrap(word, layers - 1).inside(Wrapper::Quotes)
            }
            _ => from_text(&excerpt, layers),
        },
        _ => from_text(&excerpt, layers),
    }
}

/// A text that begins with a bracket: JSON, escaped JSON, or an object of Terraform.
fn from_brace(excerpt: &Excerpt, layers: usize) -> Located {
    let text = excerpt.text();
    let error = match json::read(excerpt) {
        Ok(document) => {
            let mut located = document::find(document.node, layers);
            located.overlooked.extend(document.comment.map(|place| (ProblemCode::Comment {}, Some(place))));
            return located;
        }
        Err(error) => error,
    };
    let inside = text[1..].trim_start();
    if (inside.starts_with('\\') || inside.starts_with("{\\"))
        && let Some(decoded) = json::unescaped(excerpt)
    {
        return unwrap(decoded, layers - 1).inside(Wrapper::EscapedText);
    }
    if let Some(node) = hcl::expression(excerpt).filter(|_| hcl::assigns(inside)) {
        return document::find(node, layers).inside(Wrapper::Terraform);
    }
    // Terminal output may follow; further JSON is an error.
    let rest = &text[error.at..];
    if error.trailing && !rest.contains(['{', '}', '[', ']', '"', ',']) {
        return unwrap(excerpt.part(0..error.at), layers - 1).inside(Wrapper::SurroundingText);
    }
    Located::failed(error.code, Some(error.place))
}

/// A text that does not begin with a bracket.
fn from_text(excerpt: &Excerpt, layers: usize) -> Located {
    let mut elsewhere = None;
    let readers: [fn(&Excerpt, usize) -> Option<Located>; 6] =
        [fence, command::find, command::here_document, hcl_body, yaml_lines, embedded_or_yaml];
    for reader in readers {
        match reader(excerpt, layers) {
            Some(Located { node: Err((code, place)), .. }) if document::is_elsewhere(&code) => {
                elsewhere.get_or_insert((code, place));
            }
            Some(located) => return located,
            None => {}
        }
    }
    let (code, place) = elsewhere.unwrap_or((ProblemCode::NoObject {}, Some(excerpt.origin(0))));
    Located::failed(code, place)
}

/// The first code fence with parameters in it, else the first one.
fn fence(excerpt: &Excerpt, layers: usize) -> Option<Located> {
    let mut first = None;
    let mut open: Option<usize> = None;
    let mut at = 0;
    for line in excerpt.text().split_inclusive('\n') {
        let start = at;
        at += line.len();
        if !line.trim_start().starts_with("```") {
            continue;
        }
        let Some(from) = open.take() else {
            open = Some(at);
            continue;
        };
        let located = unwrap(excerpt.part(from..start), layers - 1).inside(Wrapper::CodeFence);
        if located.is_recognized() {
            return Some(located);
        }
        first.get_or_insert(located);
    }
    first
}

/// A Terraform configuration: the whole if it can be parsed, else the arguments of `jsonencode`.
fn hcl_body(excerpt: &Excerpt, layers: usize) -> Option<Located> {
    let text = excerpt.text();
    if let Some(node) = hcl::body(excerpt) {
        let located = document::find(node, layers);
        let elsewhere = located.node.as_ref().is_err_and(|(code, _)| document::is_elsewhere(code));
        if located.is_recognized() || elsewhere {
            return Some(located.inside(Wrapper::Terraform));
        }
    }
    text.match_indices("jsonencode(").take(ATTEMPTS).find_map(|(at, call)| {
        let node = hcl::expression_start(&excerpt.part(at + call.len()..text.len()))?;
        Some(document::find(node, layers)).filter(Located::is_recognized).map(|found| found.inside(Wrapper::Terraform))
    })
}

/// A text with lines such as `parameters:`, as YAML.
fn yaml_lines(excerpt: &Excerpt, layers: usize) -> Option<Located> {
    document::looks_like_yaml(excerpt.text()).then(|| yaml_document(excerpt, layers).ok()).flatten()
}

/// The parameters in a text of YAML.
fn yaml_document(excerpt: &Excerpt, layers: usize) -> Result<Located, Option<PlacedProblem>> {
    let node = yaml::read(excerpt).map_err(|error| {
        Some(match error {
            yaml::YamlError::Syntax(place) => (ProblemCode::NotYaml {}, Some(place)),
            yaml::YamlError::TooLarge(place) => (ProblemCode::TooDeep {}, Some(place)),
        })
    })?;
    // Any line of text is YAML.
    if !matches!(node.value, Value::Object(_) | Value::List(_)) {
        return Err(None);
    }
    let located = document::find(node, layers);
    if located.is_meant() { Ok(located.inside(Wrapper::Yaml)) } else { Err(None) }
}

/// An object somewhere in the text, else one-line YAML, else why the text is neither.
fn embedded_or_yaml(excerpt: &Excerpt, layers: usize) -> Option<Located> {
    let embedded = embedded(excerpt, layers);
    if embedded.as_ref().is_some_and(Located::is_recognized) {
        return embedded;
    }
    match yaml_document(excerpt, layers) {
        Ok(located) => Some(located),
        Err(Some((code, place))) if document::looks_like_yaml(excerpt.text()) => {
            let says_more = |located: &Located| {
                !matches!(&located.node, Err((ProblemCode::NotJson {} | ProblemCode::NoObject {}, _)))
            };
            embedded.filter(says_more).or_else(|| Some(Located::failed(code, place).inside(Wrapper::Yaml)))
        }
        Err(_) => embedded,
    }
}

/// An object somewhere in the text: the first with parameters in it, else the first, else from brace to brace.
fn embedded(excerpt: &Excerpt, layers: usize) -> Option<Located> {
    let text = excerpt.text();
    let mut first = None;
    let mut from = 0;
    for _ in 0..ATTEMPTS {
        let Some(at) = text[from..].find('{').map(|at| from + at) else { break };
        from = at + 1;
        let rest = excerpt.part(at..text.len());
        let (located, length) = if let Some((node, length)) = json::read_start(&rest) {
            (document::find(node, layers), length)
        } else if rest.text()[1..].trim_start().starts_with("\\\"") {
            let end = rest.text().rfind('}').map_or(rest.text().len(), |end| end + 1);
            (from_brace(&rest.part(0..end), layers), 1)
        } else {
            continue;
        };
        if located.is_recognized() {
            return Some(located.inside(Wrapper::SurroundingText));
        }
        from = at + length;
        first.get_or_insert(located);
    }
    first.map(|located| located.inside(Wrapper::SurroundingText)).or_else(|| {
        let (from, to) = (text.find('{')?, text.rfind('}')?);
        let object = excerpt.part(from..if from < to { to + 1 } else { text.len() });
        Some(from_brace(&object, layers).inside(Wrapper::SurroundingText))
    })
}
