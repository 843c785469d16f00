//! What the values are used for: the cockpit's fields, and the equivalent commands.

use ratatui::text::{Line, Span};

use crate::{
    domain::{
        handover::quote::sh,
        sap::plan::{SERVICE, SERVICE_TITLE},
        text::safe_text::SafeText,
    },
    model::Session,
    ui::{Theme, text},
};

/// The lines of the pane.
pub fn lines(session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let words = session.content.words.instance();
    let draft = &session.draft;
    let mut lines = vec![Line::styled(words.in_cockpit(), theme.title)];
    let values = [
        (words.cockpit_service(), SERVICE_TITLE),
        (words.cockpit_plan(), draft.parameters.plan.as_str()),
        (words.cockpit_name(), draft.instance.as_str()),
        (words.cockpit_org(), draft.org.as_str()),
        (words.cockpit_space(), draft.space.as_str()),
    ];
    let known: Vec<(&str, &str)> = values.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let column = known.iter().map(|(label, _)| text::width(label)).max().unwrap_or_default();
    for (label, value) in known {
        let label = format!("  {label:column$} ");
        let value = SafeText::line(value).to_string();
        lines.extend(text::wrap_bullet(&label, theme.text, &value, theme.value, width));
    }
    lines.push(Line::default());
    lines.push(Line::styled(words.on_command_line(), theme.title));
    for command in commands(session) {
        let wrapped = text::wrap_bullet(" ", theme.text, &command, theme.code, width);
        lines.extend(wrapped);
    }
    lines.push(Line::default());
    let hint = [Span::styled(words.uses_hint(), theme.text)];
    lines.extend(text::wrap_spans(&hint.map(|span| (span.content.into_owned(), span.style)), width));
    lines
}

/// The cf commands, as in the script of step 5.
fn commands(session: &Session) -> Vec<String> {
    let draft = &session.draft;
    let word = |text: &str| sh::word(SafeText::line(text).as_str());
    let mut commands = Vec::new();
    if let [endpoint] = session.content.endpoints(&draft.region).as_slice() {
        commands.push(format!("cf api {endpoint}"));
    }
    let target = [("-o", &draft.org), ("-s", &draft.space)];
    let target: Vec<String> = target
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(option, value)| format!(" {option} {}", word(value)))
        .collect();
    if !target.is_empty() {
        commands.push(format!("cf target{}", target.concat()));
    }
    let plan = draft.parameters.plan.as_str();
    commands.push(format!("cf create-service {SERVICE} {plan} {} -c parameters.json", word(&draft.instance)));
    commands
}
