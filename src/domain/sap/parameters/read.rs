//! From a text to parameters.

use std::collections::{BTreeSet, HashMap};

use super::{
    InstanceParameters, PROPERTIES, TOKEN_VALIDITY_MAX, TOKEN_VALIDITY_MIN,
    json_type::JsonType,
    meant_property,
    problem::{ParameterProblem, ProblemCode},
    source::{self, Entry, Node, Value, Wrapper},
};
use crate::domain::{
    sap::{plan::PlanId, role::Catalogue},
    text::{position::LineIndex, safe_text::SafeText},
};

/// The result of reading a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The parameters, as far as they can be used. `None` if the text contains none.
    pub parameters: Option<InstanceParameters>,
    /// The problems. Errors come first, each group in text order.
    pub problems: Vec<ParameterProblem>,
    /// The wrappers of the parameters, outermost first.
    pub removed: Vec<Wrapper>,
    /// The JSON of the parameters as written, without wrappers.
    pub json: Option<String>,
}

impl Reading {
    /// Whether the broker would accept the parameters.
    pub fn is_valid(&self) -> bool {
        self.parameters.is_some() && !self.problems.iter().any(ParameterProblem::is_error)
    }
}

impl InstanceParameters {
    /// Reads and validates a text: the JSON of the parameters, or a command, configuration or document that contains
    /// it. Without `plan`, it is the one named in the text, else `api`. Absent values become the broker's default;
    /// unusable ones are omitted and reported.
    pub fn examine(text: &str, plan: Option<PlanId>, catalogue: &Catalogue) -> Reading {
        let found = source::locate(text);
        let index = LineIndex::new(text);
        let mut problems: Vec<ParameterProblem> = Vec::new();
        let at = |place: usize| Some(index.position(place));
        let of_text = |(code, place): source::PlacedProblem| ParameterProblem::new("", code).at(place.and_then(at));
        problems.extend(found.overlooked.into_iter().map(of_text));
        let mut reading = Reading { parameters: None, problems: Vec::new(), removed: found.removed, json: None };
        match found.node {
            Err(problem) => problems.push(of_text(problem)),
            Ok(node) => {
                let plan = plan.or(found.plan).unwrap_or_default();
                let mut reader = Reader { index: &index, problems, places: HashMap::new() };
                let parameters = reader.parameters(node.entries().unwrap_or_default(), plan);
                problems = reader.judged(&parameters, catalogue);
                reading.json = Some(format!("{:#}", node.to_json()));
                reading.parameters = Some(parameters);
            }
        }
        problems.sort_by_key(|problem| (problem.severity(), problem.position));
        reading.problems = problems;
        reading
    }
}

struct Reader<'a> {
    index: &'a LineIndex<'a>,
    problems: Vec<ParameterProblem>,
    /// The positions of properties and values.
    places: HashMap<(String, Option<String>), usize>,
}

impl Reader<'_> {
    fn report(&mut self, property: &str, code: ProblemCode, place: usize) {
        self.problems.push(ParameterProblem::new(property, code).at(Some(self.index.position(place))));
    }

    fn parameters(&mut self, entries: &[Entry], plan: PlanId) -> InstanceParameters {
        let mut parameters = InstanceParameters::new(plan);
        let mut seen = BTreeSet::new();
        for entry in entries {
            let name = SafeText::capped(&entry.name, 60);
            if !seen.insert(entry.name.as_str()) {
                self.report(&entry.name, ProblemCode::PropertyRepeated { name }, entry.place);
            } else if !PROPERTIES.contains(&entry.name.as_str()) {
                self.report(&entry.name, unknown_property(&entry.name), entry.place);
            }
            self.places.entry((entry.name.clone(), None)).or_insert(entry.place);
        }
        // Of duplicate names the last one counts, as in the broker's parser.
        let last = |property: &str| entries.iter().rev().find(|entry| entry.name == property);
        for (property, list) in [
            (PROPERTIES[0], &mut parameters.roles),
            (PROPERTIES[1], &mut parameters.grant_types),
            (PROPERTIES[2], &mut parameters.redirect_uris),
        ] {
            if let Some(entry) = last(property) {
                *list = self.texts(property, entry);
            }
        }
        if let Some(entry) = last(PROPERTIES[3])
            && let Some(seconds) = self.seconds(PROPERTIES[3], &entry.node, entry.place)
        {
            parameters.set_token_validity(seconds);
        }
        parameters
    }

    fn seconds(&mut self, name: &'static str, node: &Node, place: usize) -> Option<u32> {
        let found = match &node.value {
            Value::Number(number) => match number.parse() {
                Ok(seconds) => return Some(seconds),
                Err(_) => JsonType::Exactly(SafeText::capped(number, 60)),
            },
            Value::Expression(_) => {
                self.calculated(name, node, place);
                return None;
            }
            _ => node.json_type(),
        };
        let (minimum, maximum) = (TOKEN_VALIDITY_MIN, TOKEN_VALIDITY_MAX);
        self.report(name, ProblemCode::NumberExpected { name, found, minimum, maximum }, place);
        None
    }

    fn calculated(&mut self, name: &str, node: &Node, place: usize) {
        let expression = node.expression().unwrap_or_default();
        self.report(name, ProblemCode::ValueUnknown { name: SafeText::line(name), expression }, place);
    }

    /// The unique strings of a list.
    fn texts(&mut self, name: &'static str, entry: &Entry) -> Vec<String> {
        let Value::List(items) = &entry.node.value else {
            if matches!(entry.node.value, Value::Expression(_)) {
                self.calculated(name, &entry.node, entry.place);
            } else {
                let found = entry.node.json_type();
                self.report(name, ProblemCode::ListExpected { name, found }, entry.place);
            }
            return Vec::new();
        };
        let mut texts: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, item) in items.iter().enumerate() {
            match &item.value {
                Value::Text(text) if seen.insert(text.as_str()) => {
                    texts.push(text.as_str().to_owned());
                    let shown = SafeText::line(text.as_str()).as_str().to_owned();
                    self.places.entry((name.to_owned(), Some(shown))).or_insert(item.place);
                }
                Value::Text(text) => {
                    let code = ProblemCode::ValueRepeated { value: SafeText::line(text.as_str()), name };
                    let position = Some(self.index.position(item.place));
                    self.problems.push(ParameterProblem::new(name, code).about(text.as_str()).at(position));
                }
                Value::Expression(_) => self.calculated(name, item, item.place),
                _ => {
                    let code = ProblemCode::TextExpected { number: index + 1, name, found: item.json_type() };
                    self.report(name, code, entry.place);
                }
            }
        }
        texts
    }

    /// The problems found so far, plus those of the values with their positions.
    fn judged(mut self, parameters: &InstanceParameters, catalogue: &Catalogue) -> Vec<ParameterProblem> {
        let unusable: BTreeSet<String> = self.problems.iter().map(|problem| problem.property.clone()).collect();
        for problem in parameters.check(catalogue) {
            // An empty list is not reported if the reason is already given.
            if problem.value.is_none() && unusable.contains(&problem.property) {
                continue;
            }
            let place = |value: Option<&SafeText>| {
                let value = value.map(|value| value.as_str().to_owned());
                self.places.get(&(problem.property.clone(), value)).map(|place| self.index.position(*place))
            };
            let position = place(problem.value.as_ref()).or_else(|| place(None));
            self.problems.push(problem.at(position));
        }
        self.problems
    }
}

/// A property that the broker does not know.
fn unknown_property(key: &str) -> ProblemCode {
    let name = SafeText::capped(key, 60);
    if matches!(key, "key-type" | "X.509" | "validity" | "key-length" | "certificate-pinning") {
        return ProblemCode::PropertyOfKey { name };
    }
    match meant_property(key) {
        Some(meant) => ProblemCode::PropertyMisspelled { name, meant },
        None => ProblemCode::PropertyUnknown { name },
    }
}
