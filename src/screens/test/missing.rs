//! The roles missing in the instance parameters, and the watch that waits for them.

use std::time::Duration;

use ratatui::text::{Line, Span};

use crate::{
    domain::{
        sap::parameters::{Extent, InstanceParameters, JsonStyle, readable_seconds},
        text::countdown::seconds_left,
    },
    keymap::Action,
    model::{
        Run, Session, Watch,
        watch::{LONGEST, WatchState},
    },
    screens::key_of,
    ui::{Theme, text, widget::json},
};

/// The parameters with every requested role, with which to update the instance.
pub fn corrected(session: &Session) -> String {
    corrected_parameters(session).to_json(JsonStyle::Pretty, Extent::Full)
}

fn corrected_parameters(session: &Session) -> InstanceParameters {
    let mut parameters = session.draft.parameters.clone();
    for role in session.run.iter().flat_map(|run| run.report.missing_roles()) {
        if !parameters.has_role(role) {
            parameters.toggle_role(role);
        }
    }
    parameters
}

/// The roles of the corrected parameters, with a plus before those that the instance lacks.
pub fn difference(run: &Run, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let missing = run.report.missing_roles();
    if missing.is_empty() || run.is_running() {
        return Vec::new();
    }
    let words = session.content.words;
    let said = words.test().difference(missing.len(), key_of(Action::Copy, words, theme));
    let mut lines = text::wrap(&said, width, theme.text);
    let roles = corrected_parameters(session).roles;
    let last = roles.len().saturating_sub(1);
    lines.extend(json::lines("  \"roles\": [", theme, width));
    for (index, role) in roles.iter().enumerate() {
        let comma = if index == last { "" } else { "," };
        let entry = format!("\"{role}\"{comma}");
        let is_added = missing.contains(&role.as_str());
        let (mark, room) = (if is_added { "+ " } else { "  " }, width.saturating_sub(4));
        for part in json::lines(&entry, theme, room) {
            let mut line = if is_added { Line::styled(part.to_string(), theme.good) } else { part };
            line.spans.insert(0, Span::styled(format!("{mark}  "), theme.good));
            lines.push(line);
        }
    }
    lines.extend(json::lines("  ]", theme, width));
    lines.push(Line::default());
    lines
}

/// The state of the watch.
pub fn watch(session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let Some(watch) = &session.watch else { return Vec::new() };
    let glyphs = &theme.glyphs;
    let (mark, style) = match watch.state {
        WatchState::Waiting => (glyphs.cursor, theme.accent),
        WatchState::Arrived => (glyphs.good, theme.good),
        WatchState::Refused => (glyphs.bad, theme.bad),
        WatchState::TimeOver => (glyphs.warning, theme.warning),
        WatchState::Stopped => (glyphs.idle, theme.text),
    };
    let mut lines = text::wrap_bullet(mark, style, &said(watch, session), theme.title, width);
    let hint = match watch.state {
        WatchState::Waiting => Some(session.content.words.test().watch_hint()),
        WatchState::TimeOver => Some(session.content.words.test().watch_time_over_hint()),
        WatchState::Arrived | WatchState::Refused | WatchState::Stopped => None,
    };
    lines.extend(hint.into_iter().flat_map(|hint| text::wrap_bullet(" ", style, hint, theme.text, width)));
    lines.push(Line::default());
    lines
}

/// The state of the watch, in one sentence.
pub fn watch_said(session: &Session) -> Option<String> {
    session.watch.as_ref().map(|watch| said(watch, session))
}

fn said(watch: &Watch, session: &Session) -> String {
    let words = session.content.words;
    if let Some(ended) = watch.ended(words) {
        return ended;
    }
    let (labels, now) = (words.test(), session.now.since_start);
    let roles = watch.missing.join(", ");
    let ends = whole_minutes(LONGEST.saturating_sub(now.saturating_sub(watch.began)));
    let ends = readable_seconds(ends, words);
    match (watch.until_due(now), watch.trouble) {
        (None, _) => labels.watch_tests(roles),
        (Some(left), None) => labels.watch_waits(watch.tests, roles, seconds_left(left), ends),
        (Some(left), Some(trouble)) => labels.watch_troubled(trouble.shown(words), seconds_left(left), roles, ends),
    }
}

/// The time rounded up to whole minutes, in seconds.
fn whole_minutes(left: Duration) -> u32 {
    u32::try_from(left.as_secs().div_ceil(60) * 60).unwrap_or(u32::MAX)
}
