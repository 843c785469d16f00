//! The values that the cockpit asks for, each copied with one key.

use ratatui::text::{Line, Span};

use super::{State, part::Part};
use crate::{
    domain::sap::{guide::Variable, parameters::JsonStyle, plan::SERVICE_TITLE},
    keymap::{self, Action, Context},
    model::Session,
    screens::Update,
    ui::{Theme, text},
    words::Words,
};

/// A value that is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// What its key does.
    pub action: Action,
    /// Its cockpit label.
    pub label: &'static str,
    /// What is copied.
    pub text: String,
    /// Shown instead of a text that is too long.
    brief: Option<String>,
    /// Its name in messages.
    pub named: String,
}

impl Value {
    fn new(action: Action, label: &'static str, text: &str, words: Words) -> Self {
        let named = words.guide().quoted(text);
        Self { action, label, text: text.to_owned(), brief: None, named }
    }

    /// The displayed text.
    pub fn shown(&self) -> &str {
        self.brief.as_deref().unwrap_or(&self.text)
    }
}

/// The values of a part, in the order of the cockpit's form.
pub fn of(part: Part, session: &Session) -> Vec<Value> {
    let (draft, words) = (&session.draft, session.content.words);
    let labels = words.guide();
    let service = Value::new(Action::CopyService, labels.value_service(), SERVICE_TITLE, words);
    let plan = Value::new(Action::CopyPlan, labels.value_plan(), draft.parameters.plan.as_str(), words);
    let instance = Value::new(Action::CopyInstance, labels.value_instance(), &draft.instance, words);
    let key = |name: &str| Value::new(Action::CopyKeyName, labels.key_name(), name, words);
    let parameters = || Value {
        action: Action::Copy,
        label: labels.value_parameters(),
        text: session.parameters_json(JsonStyle::Pretty),
        brief: Some(labels.roles_and_grants(draft.parameters.roles.len(), draft.parameters.grant_types.join(", "))),
        named: labels.parameters_named().to_owned(),
    };
    let of_key = || Value {
        action: Action::Copy,
        label: labels.value_parameters(),
        text: draft.key_parameters.to_json(JsonStyle::Pretty),
        brief: Some(draft.key_parameters.key_type.title().to_owned()),
        named: labels.key_parameters_named().to_owned(),
    };
    match part {
        Part::CreateInstance => vec![service, plan, instance, parameters()],
        Part::UpdateInstance => vec![instance, parameters()],
        Part::CreateKey => vec![instance, key(&draft.key_name), of_key()],
        Part::RotateKey => vec![instance, key(&session.choices().next_key()), of_key()],
        Part::Delete => vec![instance, key(&draft.key_name)],
    }
}

/// The address of the cockpit.
pub fn address(session: &Session) -> Value {
    let address = session.values().get(Variable::Cockpit);
    Value::new(Action::CopyAddress, session.content.words.guide().value_cockpit(), &address, session.content.words)
}

/// The location in the cockpit, as far as known: label and value.
pub fn place(session: &Session) -> impl Iterator<Item = (&'static str, &str)> {
    let (draft, words) = (&session.draft, session.content.words.guide());
    let rows =
        [(words.value_region(), &draft.region), (words.value_org(), &draft.org), (words.value_space(), &draft.space)];
    rows.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| (label, value.as_str()))
}

/// The key of a value.
pub fn key_of(action: Action, session: &Session, theme: &Theme) -> String {
    let key = keymap::binding(Context::Browse, action).and_then(|binding| binding.keys.first());
    key.map(|key| key.label(session.content.words, theme.glyphs.unicode)).unwrap_or_default()
}

impl State {
    /// Copies the value of an action.
    pub(super) fn copy_value(&mut self, action: Action, session: &Session) -> Update {
        let values = of(self.part, session).into_iter().chain([address(session)]);
        let Some(value) = values.into_iter().find(|value| value.action == action) else { return Update::none() };
        self.asked.retain(|(other, _)| *other != action);
        self.asked.push((action, value.text.clone()));
        super::copy(value.named, value.text)
    }

    /// The result of copying a value, if it is unchanged.
    fn copied(&self, value: &Value, session: &Session) -> Option<&'static str> {
        let asked = self.asked.iter().any(|(action, text)| *action == value.action && *text == value.text);
        let words = session.content.words.guide();
        match session.copies.get(&value.named).filter(|_| asked)? {
            true => Some(words.copied()),
            false => Some(words.sent()),
        }
    }

    /// The values with their keys, indented by `indent` columns.
    pub(super) fn value_lines(&self, session: &Session, theme: &Theme, indent: u16, width: u16) -> Vec<Line<'static>> {
        let words = session.content.words.guide();
        let values = of(self.part, session);
        let mut lines = vec![text::beside(words.values(), theme.title, words.press_to_copy(), theme, width)];
        let labels = values.iter().map(|value| value.label).chain(place(session).map(|(label, _)| label));
        let labels = labels.map(text::width).max().unwrap_or_default() as u16;
        let gap = if indent == 0 { 1 } else { 2 };
        let column = indent + 1 + gap + (labels + gap).min(width / 2);
        let mut row = |key: String, label: &str, shown: &str, copied: Option<&str>| {
            let lead = vec![
                Span::raw(" ".repeat(indent.into())),
                Span::styled(text::pad(&key, 1 + gap, theme.glyphs.ellipsis), theme.key),
                Span::raw(text::pad(label, column - indent - 1 - gap, theme.glyphs.ellipsis)),
            ];
            for (at, value) in text::wrap(shown, width.saturating_sub(column), theme.value).into_iter().enumerate() {
                let used = usize::from(column) + value.width();
                let mut spans = if at == 0 { lead.clone() } else { vec![Span::raw(" ".repeat(column.into()))] };
                spans.extend(value.spans);
                let said = copied.filter(|_| at == 0).map(|said| format!(" {said}"));
                let Some(said) = said else {
                    lines.push(Line::from(spans));
                    continue;
                };
                let mark = [Span::styled(theme.glyphs.good, theme.good), Span::raw(said)];
                let needed: usize = mark.iter().map(Span::width).sum();
                match usize::from(width).checked_sub(used + needed).filter(|free| *free > 0) {
                    Some(free) => {
                        spans.push(Span::raw(" ".repeat(free)));
                        spans.extend(mark);
                        lines.push(Line::from(spans));
                    }
                    // Below the value if there is no room next to it.
                    None => {
                        let indent = Span::raw(" ".repeat(column.into()));
                        lines.extend([Line::from(spans), Line::from_iter([indent].into_iter().chain(mark))]);
                    }
                }
            }
        };
        for value in &values {
            row(key_of(value.action, session, theme), value.label, value.shown(), self.copied(value, session));
        }
        place(session).for_each(|(label, value)| row(String::new(), label, value, None));
        lines
    }
}
