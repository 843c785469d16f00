//! The focusable rows of this screen, in display order.

use crate::{
    domain::{
        handover::export::{self, ExportTarget, ExportText, ExportedFile, WithSecret},
        key::service_key::{Credential, KeySummary, ServiceKey},
        sap::{link::Link, parameters::JsonStyle, purpose},
        text::markup,
    },
    model::Session,
    words::Words,
};

/// A row that can have the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Saves the system.
    Save,
    /// Leads to the exports for the chosen purpose.
    HandOver,
    /// Leads to all exports.
    Others,
    /// Writes the report of the test.
    Report,
    /// A value to copy.
    Value(Value),
    /// Shows rarely needed values.
    More,
    /// A step at the client: its index among the next steps.
    Step(usize),
    /// Leads to the guide that replaces the key.
    Rotate,
}

/// The input for the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsKey {
    purpose: Option<String>,
    /// The key, if it is usable.
    key: Option<KeySummary>,
    tested: bool,
    more: bool,
}

impl RowsKey {
    /// What the rows of this session are made from.
    pub fn of(session: &Session, more: bool) -> Self {
        let usable = session.key.found().filter(|found| found.key.is_some());
        let purpose = session.draft.purpose.clone();
        Self { purpose, key: usable.map(|found| found.summary.clone()), tested: session.run.is_some(), more }
    }
}

/// A part of the screen with its own heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What most users want now.
    First,
    /// Single values.
    Values,
    /// What to do at the client.
    Steps,
    /// What can wait.
    Later,
}

/// A value that can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// The parameters of the instance as JSON.
    Parameters,
    /// `url` of the key.
    ApiUrl,
    /// Its host.
    ApiHost,
    /// The URL with the path of the API.
    ApiRoot,
    /// `tokenurl` of the key.
    TokenUrl,
    /// Its host.
    TokenHost,
    /// `clientid`.
    ClientId,
    /// `clientsecret`; never shown.
    ClientSecret,
}

impl Value {
    const OF_KEY: [Value; 4] = [Value::ApiUrl, Value::ClientId, Value::ClientSecret, Value::TokenUrl];
    const MORE: [Value; 3] = [Value::ApiHost, Value::ApiRoot, Value::TokenHost];

    /// The label of its row.
    pub fn label(self, words: Words) -> &'static str {
        let words = words.hand_over();
        match self {
            Value::Parameters => words.parameters(),
            Value::ApiUrl => words.api_url(),
            Value::ApiHost => words.api_host(),
            Value::ApiRoot => words.api_root(),
            Value::TokenUrl => words.token_url(),
            Value::TokenHost => words.token_host(),
            Value::ClientId => words.client_id(),
            Value::ClientSecret => words.client_secret(),
        }
    }

    /// Its name in messages.
    pub fn named(self, words: Words) -> &'static str {
        let words = words.hand_over();
        match self {
            Value::Parameters => words.parameters_named(),
            Value::ApiUrl => words.api_url_named(),
            Value::ApiHost => words.api_host_named(),
            Value::ApiRoot => words.api_root_named(),
            Value::TokenUrl => words.token_url_named(),
            Value::TokenHost => words.token_host_named(),
            Value::ClientId => words.client_id_named(),
            Value::ClientSecret => words.client_secret_named(),
        }
    }

    /// Its text; `None` for the secret.
    pub fn text(self, session: &Session) -> Option<String> {
        if self == Value::Parameters {
            return Some(session.parameters_json(JsonStyle::Pretty));
        }
        let key = session.key.usable()?;
        match self {
            Value::Parameters | Value::ClientSecret => None,
            Value::ApiUrl => Some(key.url.as_str().to_owned()),
            Value::ApiHost => Some(key.url.host().to_owned()),
            Value::ApiRoot => Some(format!("{}/api/v1", key.url)),
            Value::TokenUrl => Some(key.token_url.as_str().to_owned()),
            Value::TokenHost => Some(key.token_url.host().to_owned()),
            Value::ClientId => Some(key.client_id.clone()),
        }
    }

    fn belongs_to(self, key: &ServiceKey) -> bool {
        self != Value::ClientSecret || matches!(key.credential, Credential::ClientSecret(_))
    }
}

/// All rows, with the part that each belongs to.
pub fn rows(session: &Session, more: bool) -> Vec<(Part, Row)> {
    let key = session.key.usable();
    let mut rows = Vec::new();
    if let Some(key) = key {
        rows.push((Part::First, Row::Save));
        if recommended(session) > 0 {
            rows.push((Part::First, Row::HandOver));
        }
        rows.push((Part::First, Row::Others));
        rows.extend(session.run.as_ref().map(|_| (Part::First, Row::Report)));
        let values = Value::OF_KEY.into_iter().filter(|value| value.belongs_to(key));
        rows.extend(values.map(|value| (Part::Values, Row::Value(value))));
        rows.push((Part::Values, Row::More));
    }
    let others = key.map(|_| Value::MORE).into_iter().flatten().chain(parameters(session));
    if more || key.is_none() {
        rows.extend(others.map(|value| (Part::Values, Row::Value(value))));
    }
    rows.extend((0..next_steps(session).len()).map(|at| (Part::Steps, Row::Step(at))));
    rows.extend(key.map(|_| (Part::Later, Row::Rotate)));
    rows
}

fn parameters(session: &Session) -> Option<Value> {
    session.draft.purpose.is_some().then_some(Value::Parameters)
}

/// The values that are shown only on request.
pub fn more_values(session: &Session) -> impl Iterator<Item = Value> {
    Value::MORE.into_iter().chain(parameters(session))
}

/// The next steps: those of the purpose, or the general ones if there is no purpose.
pub fn next_steps(session: &Session) -> &[String] {
    let purpose = session.draft.purpose(&session.content).or_else(|| session.content.purpose(purpose::CUSTOM));
    purpose.map(|purpose| purpose.next.as_slice()).unwrap_or_default()
}

/// The indices of the exports that support this key, those recommended for the purpose first.
pub fn exports(session: &Session) -> Vec<usize> {
    let Some(key) = session.key.usable() else { return Vec::new() };
    let exports = &session.content.exports;
    let order = session.content.exports_for(purpose_id(session)).into_iter().filter(|target| target.takes(key));
    order.filter_map(|target| exports.iter().position(|other| other.id == target.id)).collect()
}

fn purpose_id(session: &Session) -> &str {
    session.draft.purpose.as_deref().unwrap_or_default()
}

/// Whether the purpose recommends this export.
pub fn is_recommended(target: &ExportTarget, session: &Session) -> bool {
    target.purposes.iter().any(|id| id == purpose_id(session))
}

/// How many of the exports the purpose recommends.
pub fn recommended(session: &Session) -> usize {
    exports(session)
        .into_iter()
        .filter_map(|at| export_at(at, session))
        .filter(|target| is_recommended(target, session))
        .count()
}

/// The export at an index in the content.
pub fn export_at(at: usize, session: &Session) -> Option<&ExportTarget> {
    session.content.exports.get(at)
}

/// The name under which the tick of a next step is stored.
pub fn step_tick(at: usize, session: &Session) -> String {
    purpose::next_tick(session.draft.purpose.as_deref(), at)
}

/// A next step with its values.
pub fn step_at(at: usize, session: &Session) -> Vec<markup::Span> {
    next_steps(session).get(at).map(|step| session.values().spans(step)).unwrap_or_default()
}

/// The file names of an export of this key.
pub fn file_names(target: &ExportTarget, session: &Session) -> String {
    let Some(key) = session.key.usable() else { return String::new() };
    target.files.iter().map(|file| file.name_for(key)).collect::<Vec<_>>().join(", ")
}

/// The files of an export without the secret.
pub fn files(target: &ExportTarget, session: &Session) -> Vec<ExportedFile> {
    let key = session.key.usable();
    key.and_then(|key| export::render(target, key, WithSecret::No).ok()).unwrap_or_default()
}

/// All files of an export without the secret, one after the other.
pub fn preview(target: &ExportTarget, session: &Session) -> Option<String> {
    let files = files(target, session);
    let several = files.len() > 1;
    let texts = files.into_iter().filter_map(|file| match file.text {
        ExportText::Public(text) if several => Some(format!("# {}\n{text}", file.name)),
        ExportText::Public(text) => Some(text),
        ExportText::Secret(_) => None,
    });
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// The page of the purpose.
pub fn link(session: &Session) -> Option<&Link> {
    let purpose = session.draft.purpose(&session.content)?;
    session.content.link(purpose.links.first()?)
}
