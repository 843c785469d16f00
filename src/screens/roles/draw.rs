//! How the checklist looks.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr as _;

use super::{State, about, rows::Row};
use crate::{
    domain::{
        sap::{
            parameters::{JsonStyle, readable_seconds},
            plan::PlanId,
            purpose::Purpose,
        },
        text::safe_text::SafeText,
    },
    model::Session,
    ui::{
        Theme, layout, text,
        widget::{
            json,
            list::{self, Entry, Focus},
        },
    },
};

/// Width of the column of names; the one role that is longer says its words further right.
const NAMES: u16 = 33;

/// Draws the screen.
pub fn draw(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let (top, rest) = layout::top(area, 2);
    head(state, session, theme, frame, top);
    let (main, details) = layout::with_details(rest);
    let editing = state.open_editor().is_some();
    match details {
        Some(right) => {
            checklist(state, session, theme, frame, main);
            let about = about::lines(state, session, theme, right.width);
            let json_rows = text::wrap_exact(&session.parameters_json(state.style()), right.width).len() as u16 + 1;
            let about_rows = (about.len() as u16 + 1).min(right.height.saturating_sub(json_rows.min(right.height / 2)));
            let (about_area, json_area) = match (editing, state.details) {
                (true, _) => layout::top(right, 0),
                (false, true) => (right, Rect::ZERO),
                (false, false) => layout::top(right, about_rows),
            };
            list::draw_lines(&about, state.scroll, theme, frame, about_area);
            parameters(state, session, theme, frame, json_area);
        }
        None if state.details && !editing => {
            let about = about::lines(state, session, theme, rest.width.saturating_sub(1).min(layout::PROSE));
            let rows = (about.len() as u16 + 1).clamp(2, (rest.height * 3 / 5).max(2));
            let (below, above) = layout::bottom(rest, rows);
            checklist(state, session, theme, frame, above);
            let (line, below) = layout::top(below, 1);
            rule("About this row", theme, frame, line);
            list::draw_lines(&about, state.scroll, theme, frame, below);
        }
        None => {
            let rows = if editing {
                rest.height
            } else {
                let compact = session.parameters_json(JsonStyle::Compact);
                let wanted = text::wrap_exact(&compact, rest.width).len() as u16 + 1;
                wanted.clamp(2, (rest.height / 3).max(2))
            };
            let (below, above) = layout::bottom(rest, rows);
            checklist(state, session, theme, frame, above);
            parameters(state, session, theme, frame, below);
        }
    }
}

fn rule(title: &str, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let line = format!("{} {title} ", theme.glyphs.rule);
    let fill = theme.glyphs.rule.repeat((area.width as usize).saturating_sub(line.width()));
    frame.render_widget(Line::styled(text::truncate(&format!("{line}{fill}"), area.width, ""), theme.rule), area);
}

fn head(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if let Some(typing) = &state.typing {
        typing.draw(session, theme, frame, area);
        return;
    }
    let draft = &session.draft;
    let count = draft.parameters.roles.len();
    let total = session.content.catalogue.roles.len();
    let which = match draft.purpose(&session.content) {
        _ if draft.parameters.plan == PlanId::IntegrationFlow => "for calling integration flows".to_owned(),
        Some(purpose) if purpose.roles.is_empty() => "your own choice".to_owned(),
        Some(purpose) if draft.is_recommended(&session.content) => format!("recommended for {}", purpose.title),
        Some(purpose) => changed(purpose, session),
        None => "your own choice".to_owned(),
    };
    let line = if state.filtering || !state.filter.text().is_empty() {
        Line::from(vec![Span::styled("Filter: ", theme.title)])
    } else if draft.parameters.plan == PlanId::Api {
        Line::from(vec![
            Span::styled(format!("{count} of {total} roles"), theme.title),
            Span::styled(format!(" · {which}"), theme.dim),
        ])
    } else {
        Line::from(vec![Span::styled(which, theme.dim)])
    };
    let used = line.width() as u16;
    frame.render_widget(line, area);
    if state.filtering || !state.filter.text().is_empty() {
        let field = Rect { x: area.x + used, width: 40.min(area.width.saturating_sub(used)), height: 1, ..area };
        state.filter.draw(state.filtering, theme, frame, field);
    }
}

/// In which way the roles differ from the purpose's.
fn changed(purpose: &Purpose, session: &Session) -> String {
    let roles = &session.draft.parameters.roles;
    let more = roles.iter().filter(|role| purpose.why(role).is_none()).count();
    let fewer = purpose.roles.iter().filter(|entry| !roles.contains(&entry.role)).count();
    let parts: Vec<String> = [(more, "more"), (fewer, "fewer")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    format!("{} than {} needs", parts.join(" and "), purpose.title)
}

fn checklist(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let entries: Vec<Entry> = state
        .rows(session)
        .iter()
        .map(|row| match row {
            Row::Heading(title) => Entry::heading(vec![Line::styled(title.clone(), theme.title)]),
            row => Entry::item(vec![row_line(row, session, theme, area.width)]),
        })
        .collect();
    let focus = if state.filtering || state.typing.is_some() || state.open_editor().is_some() {
        Focus::Elsewhere
    } else {
        Focus::Here
    };
    list::draw(&entries, state.focus, focus, theme, frame, area);
}

fn row_line(row: &Row, session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let parameters = &session.draft.parameters;
    let tick = |on: bool| {
        if on {
            Span::styled(format!(" {} ", theme.glyphs.ticked), theme.good)
        } else {
            Span::styled(format!(" {} ", theme.glyphs.unticked), theme.dim)
        }
    };
    // The words stand in a column; a longer name pushes them to the right, and where little room is left they give way.
    let beside = |name: &str, tags: &[(&str, bool)], words: &str| {
        let mut spans = vec![Span::raw(text::pad(name, (name.width() as u16).max(NAMES.min(width / 2)), ""))];
        let mut room = width.saturating_sub(spans[0].content.width() as u16 + 6);
        for (tag, loud) in tags {
            let tag = format!("  {tag}");
            if tag.width() as u16 <= room {
                room -= tag.width() as u16;
                spans.push(Span::styled(tag, if *loud { theme.warning } else { theme.dim }));
            }
        }
        if room >= 20 {
            spans.push(Span::styled(text::truncate(&format!("  {words}"), room, theme.glyphs.ellipsis), theme.dim));
        }
        spans
    };
    match row {
        Row::Role(name) => {
            let mut spans = vec![tick(parameters.has_role(name))];
            if parameters.plan == PlanId::IntegrationFlow {
                let known = session.content.flow_role(name);
                let tags: &[(&str, bool)] =
                    if known.is_some_and(|role| !role.everywhere) { &[("not everywhere", true)] } else { &[] };
                spans.extend(beside(name, tags, known.map_or("a user role of your own", |role| &role.brief)));
                return Line::from(spans);
            }
            let Some(role) = session.content.catalogue.get(name) else {
                spans.push(Span::raw(name.clone()));
                return Line::from(spans);
            };
            let ticked = parameters.has_role(name);
            let purpose = session.draft.purpose(&session.content).filter(|purpose| !purpose.roles.is_empty());
            let covered = session.content.catalogue.covered_by(name, &parameters.roles).is_some();
            let more = ticked && purpose.is_some_and(|purpose| purpose.why(name).is_none());
            let tags: Vec<(&str, bool)> = [
                (covered, "covered", false),
                (more && !covered, "more than needed", false),
                (role.sensitive, "sensitive", true),
                (!role.everywhere, "not everywhere", true),
            ]
            .into_iter()
            .filter_map(|(on, tag, loud)| on.then_some((tag, loud)))
            .collect();
            spans.extend(beside(name, &tags, &role.brief));
            Line::from(spans)
        }
        Row::Grant(id) => {
            let title =
                session.content.grant_types.iter().find(|grant| grant.id == *id).map(|grant| grant.title.clone());
            let shown = id.rsplit(':').next().unwrap_or(id);
            let mut spans = vec![tick(parameters.has_grant_type(id))];
            spans.extend(beside(shown, &[], &title.unwrap_or_default()));
            Line::from(spans)
        }
        Row::Validity => {
            let seconds = parameters.effective_token_validity();
            let note = if parameters.token_validity.is_none() { ", the default" } else { "" };
            let mut spans = vec![Span::raw("     ")];
            spans.extend(beside(
                "token-validity",
                &[],
                &format!("{seconds} s ({}){note}", readable_seconds(seconds, session.content.words)),
            ));
            Line::from(spans)
        }
        Row::RedirectUri(place) => {
            let uri = parameters.redirect_uris.get(*place).cloned().unwrap_or_default();
            let shown = text::truncate(SafeText::line(&uri).as_str(), width.saturating_sub(5), theme.glyphs.ellipsis);
            Line::from(vec![Span::raw("     "), Span::styled(shown, theme.value)])
        }
        Row::NewRedirectUri => Line::styled("   + a redirect URI", theme.dim),
        Row::NewRole => Line::styled("   + a user role of your own", theme.dim),
        Row::Heading(title) => Line::raw(title.clone()),
    }
}

fn parameters(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let (line, rest) = layout::top(area, 1);
    let title = match state.open_editor() {
        Some(_) if line.width >= 60 => "Edit the instance parameters: Ctrl+U undo, Ctrl+R redo",
        Some(_) => "Edit: Ctrl+U undo, Ctrl+R redo",
        None => "Instance parameters, as JSON",
    };
    rule(title, theme, frame, line);
    match state.open_editor() {
        Some(editor) => editor.draw(session.content.words, theme, frame, rest),
        None => {
            let pretty = session.parameters_json(state.style());
            // On a narrow screen several lines do not fit: there it is one line, cut hard.
            let rows = text::wrap_exact(&pretty, rest.width).len();
            let text = if rows > rest.height as usize { session.parameters_json(JsonStyle::Compact) } else { pretty };
            json::draw(&text, 0, theme, frame, rest);
        }
    }
}
