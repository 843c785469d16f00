//! The plan as text: actions, org and space, parameters.

use serde_json::Value;

use crate::{
    cli::output::Output,
    domain::{
        cf::{
            describe,
            goal::Goal,
            plan::{Action, Item, Kind},
            run::Run,
        },
        problem::Problem,
        text::safe_text::SafeText,
    },
};

/// Indent of the details of an item.
const INDENT: usize = 6;
/// The longest line of JSON: one with a certificate.
const LINE: usize = 16 * 1024;

/// Writes the plan.
pub fn write_plan(run: &Run, output: &mut Output<'_>) -> Result<(), Problem> {
    let words = output.words().cf_command();
    let (place, api) = (run.place().shown(), SafeText::line(&run.place().api));
    output.heading(&match run.plan().changes_something() {
        true => words.plan_head(place, api),
        false => words.plan_nothing(place, api),
    })?;
    for item in &run.plan().items {
        let text = describe::item(item, run.goal(), output.words());
        output.item(&format!("  {} ", describe::sign(item.action)), &text)?;
        write_details(item, output)?;
    }
    let deletes = |kind| run.plan().items.iter().any(|item| item.action == Action::Delete && item.kind == kind);
    if deletes(Kind::Key) && !matches!(run.goal(), Goal::Rotate(_)) {
        output.prose(2, words.dies_with_keys())?;
    }
    if run.plan().items.iter().any(|item| item.action == Action::Update) {
        output.prose(2, words.roles_replaced())?;
    }
    Ok(())
}

fn write_details(item: &Item, output: &mut Output<'_>) -> Result<(), Problem> {
    let words = output.words().cf_command();
    for remark in describe::remarks(item, output.words()) {
        output.prose(INDENT, remark)?;
    }
    if let Some(change) = &item.roles {
        for role in &change.added {
            output.line(format!("{:INDENT$}{}", "", words.role_added(SafeText::line(role))))?;
        }
        for role in &change.removed {
            output.line(format!("{:INDENT$}{}", "", words.role_removed(SafeText::line(role))))?;
        }
    }
    let Some(parameters @ Value::Object(fields)) = &item.parameters else { return Ok(()) };
    if fields.is_empty() || item.action == Action::Use {
        return Ok(());
    }
    output.line(format!("{:INDENT$}{}", "", words.parameters()))?;
    // As sent to the broker; roles come from the catalogue or were checked against it.
    let json = serde_json::to_string_pretty(parameters).unwrap_or_default();
    json.lines().try_for_each(|line| output.line(format!("{:INDENT$}{}", "", SafeText::capped(line, LINE).as_str())))
}
