//! What can have the focus on this screen, in the order in which it is shown.

use crate::{
    domain::{
        handover::export::{self, ExportTarget, ExportText, WithSecret},
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
    /// An export: its place in the content.
    Export(usize),
    /// A value to copy.
    Value(Value),
    /// A step at the consumer: its place among the next steps.
    Step(usize),
    /// Leads to the guide that replaces the key.
    Rotate,
}

/// What the rows are made from.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsKey {
    purpose: Option<String>,
    /// The key, if it can be used.
    key: Option<KeySummary>,
}

impl RowsKey {
    /// What the rows of this session are made from.
    pub fn of(session: &Session) -> Self {
        let usable = session.key.found().filter(|found| found.key.is_some());
        Self { purpose: session.draft.purpose.clone(), key: usable.map(|found| found.summary.clone()) }
    }
}

/// A part of the screen, with a heading of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What most people want now.
    First,
    /// Single values.
    Values,
    /// What to do at the consumer.
    Steps,
    /// The exports that the purpose does not recommend.
    Exports,
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
    const OF_KEY: [Value; 7] = [
        Value::ApiUrl,
        Value::TokenUrl,
        Value::ClientId,
        Value::ClientSecret,
        Value::ApiHost,
        Value::ApiRoot,
        Value::TokenHost,
    ];

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

    /// What a message calls it.
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
pub fn rows(session: &Session) -> Vec<(Part, Row)> {
    let key = session.key.usable();
    let (recommended, others) = exports(session);
    let parameters = session.draft.purpose.is_some().then_some(Value::Parameters);
    let values = key.into_iter().flat_map(|key| Value::OF_KEY.into_iter().filter(|value| value.belongs_to(key)));
    let mut rows = Vec::new();
    rows.extend(key.map(|_| (Part::First, Row::Save)));
    rows.extend(recommended.into_iter().map(|at| (Part::First, Row::Export(at))));
    rows.extend(values.chain(parameters).map(|value| (Part::Values, Row::Value(value))));
    rows.extend((0..next_steps(session).len()).map(|at| (Part::Steps, Row::Step(at))));
    rows.extend(others.into_iter().map(|at| (Part::Exports, Row::Export(at))));
    rows.extend(key.map(|_| (Part::Later, Row::Rotate)));
    rows
}

/// The next steps: those of the purpose, or the general ones if there is no purpose.
pub fn next_steps(session: &Session) -> &[String] {
    let purpose = session.draft.purpose(&session.content).or_else(|| session.content.purpose(purpose::CUSTOM));
    purpose.map(|purpose| purpose.next.as_slice()).unwrap_or_default()
}

/// The places of the exports that take this key: those that the purpose recommends, and all others.
fn exports(session: &Session) -> (Vec<usize>, Vec<usize>) {
    let Some(key) = session.key.usable() else { return Default::default() };
    let purpose = session.draft.purpose.as_deref().unwrap_or_default();
    let exports = &session.content.exports;
    let order = session.content.exports_for(purpose).into_iter().filter(|target| target.takes(key));
    let places = order.filter_map(|target| exports.iter().position(|other| other.id == target.id));
    places.partition(|at| exports[*at].purposes.iter().any(|id| id == purpose))
}

/// The export at a place in the content.
pub fn export_at(at: usize, session: &Session) -> Option<&ExportTarget> {
    session.content.exports.get(at)
}

/// A next step with its values.
pub fn step_at(at: usize, session: &Session) -> Vec<markup::Span> {
    next_steps(session).get(at).map(|step| session.values().spans(step)).unwrap_or_default()
}

/// The names of the files that an export of this key has.
pub fn file_names(target: &ExportTarget, session: &Session) -> String {
    let Some(key) = session.key.usable() else { return String::new() };
    target.files.iter().map(|file| file.name_for(key)).collect::<Vec<_>>().join(", ")
}

/// All files of an export without the secret, one after the other.
pub fn preview(target: &ExportTarget, session: &Session) -> Option<String> {
    let files = export::render(target, session.key.usable()?, WithSecret::No).ok()?;
    let several = files.len() > 1;
    let texts = files.into_iter().filter_map(|file| match file.text {
        ExportText::Public(text) if several => Some(format!("# {}\n{text}", file.name)),
        ExportText::Public(text) => Some(text),
        ExportText::Secret(_) => None,
    });
    Some(texts.collect::<Vec<_>>().join("\n"))
}

/// The page of the purpose.
pub fn link(session: &Session) -> Option<&Link> {
    let purpose = session.draft.purpose(&session.content)?;
    session.content.link(purpose.links.first()?)
}
