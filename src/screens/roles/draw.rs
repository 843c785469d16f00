//! How the checklist looks.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Mode, Pane, State, about, rows::Row};
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

/// Columns of the names; what is said about the one longer role begins further to the right.
const NAMES: u16 = 33;
/// Columns of the tick before a name.
const TICK: u16 = 5;

/// Draws the screen.
pub fn draw(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let rest = heading(state, session, theme, frame, area);
    let (main, details) = layout::with_details(rest);
    match details {
        Some(right) => {
            checklist(state, session, theme, frame, main);
            draw_beside(state, session, theme, frame, right);
        }
        None => draw_stacked(state, session, theme, frame, rest),
    }
}

/// The column at the right: the explanation, and the JSON below it.
fn draw_beside(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if matches!(state.mode, Mode::Editor) {
        return parameters(state, session, theme, frame, area);
    }
    let about = about::lines(state, session, theme, area.width);
    let rows = match state.pane {
        Pane::Explanation { .. } => area.height,
        Pane::Json => {
            let json = json::lines(&session.parameters_json(state.style), theme, area.width).len() as u16 + 1;
            (about.len() as u16 + 1).min(area.height.saturating_sub(json.min(area.height / 2)))
        }
    };
    let (above, below) = layout::top(area, rows);
    list::draw_lines(&about, state.pane.scroll(), theme, frame, above);
    if !below.is_empty() {
        parameters(state, session, theme, frame, below);
    }
}

/// The checklist, and below it the explanation or the JSON.
fn draw_stacked(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    match (&state.mode, state.pane) {
        (Mode::Editor, _) => parameters(state, session, theme, frame, area),
        (_, Pane::Explanation { scroll }) => {
            let about = about::lines(state, session, theme, area.width.saturating_sub(1).min(layout::PROSE));
            let rows = (about.len() as u16 + 1).clamp(2, (area.height * 3 / 5).max(2));
            let (below, above) = layout::bottom(area, rows);
            checklist(state, session, theme, frame, above);
            let (line, below) = layout::top(below, 1);
            rule(super::words(session).about_title(), theme, frame, line);
            list::draw_lines(&about, scroll, theme, frame, below);
        }
        (_, Pane::Json) => {
            let compact = session.parameters_json(JsonStyle::Compact);
            let wanted = text::wrap_exact(&compact, area.width).len() as u16 + 1;
            let (below, above) = layout::bottom(area, wanted.clamp(2, (area.height / 3).max(2)));
            checklist(state, session, theme, frame, above);
            parameters(state, session, theme, frame, below);
        }
    }
}

/// A line across the width that begins with a title.
fn rule(title: &str, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mark = theme.glyphs.rule;
    let line = text::truncate(&format!("{mark} {title} "), area.width, theme.glyphs.ellipsis);
    let fill = mark.repeat((area.width as usize).saturating_sub(text::width(&line)));
    text::draw_line(&Line::styled(format!("{line}{fill}"), theme.rule), area, frame);
}

/// The first rows: the value that is typed, the filter, or what the roles are. Returns the area below.
fn heading(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Rect {
    if let Mode::Typing(typing) = &state.mode {
        let remark = |_| typing.remark(session);
        let (top, rest) = layout::top(area, typing.form.height(&remark, theme, area.width).max(2));
        typing.form.draw(&remark, theme, frame, top);
        return rest;
    }
    let (top, rest) = layout::top(area, 2);
    let is_filtering = matches!(state.mode, Mode::Filter);
    if is_filtering || !state.filter.is_empty() {
        let label = super::words(session).filter_field();
        text::draw_line(&Line::from(Span::styled(label, theme.title)), top, frame);
        let indent = (text::width(label) as u16 + 1).min(top.width);
        let width = 40.min(top.width - indent);
        let field = Rect { x: top.x + indent, width, height: 1.min(top.height), ..top };
        state.filter.draw(is_filtering, theme, frame, field);
    } else {
        text::draw_line(&count_line(session, theme, top.width), top, frame);
    }
    rest
}

/// How many roles are ticked, and how that differs from what the purpose needs.
fn count_line(session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let words = super::words(session);
    let parameters = &session.draft.parameters;
    if parameters.plan == PlanId::IntegrationFlow {
        return Line::styled(text::truncate(words.for_flows(), width, theme.glyphs.ellipsis), theme.dim);
    }
    let count = words.ticked(parameters.roles.len(), session.content.catalogue.roles.len());
    let room = width.saturating_sub(text::width(&count) as u16);
    let which = text::truncate(&format!(" · {}", compared_with_purpose(session)), room, theme.glyphs.ellipsis);
    Line::from(vec![Span::styled(count, theme.title), Span::styled(which, theme.dim)])
}

/// How the ticked roles differ from what the purpose needs.
pub fn compared_with_purpose(session: &Session) -> String {
    let words = super::words(session);
    match session.draft.purpose(&session.content).filter(|purpose| !purpose.roles.is_empty()) {
        Some(purpose) if session.draft.is_recommended(&session.content) => words.recommended_for(&purpose.title),
        Some(purpose) => difference(purpose, session),
        None => words.own_choice().to_owned(),
    }
}

/// How the ticked roles differ from those of the purpose.
fn difference(purpose: &Purpose, session: &Session) -> String {
    let words = super::words(session);
    let roles = &session.draft.parameters.roles;
    let more = roles.iter().filter(|role| purpose.why(role).is_none()).count();
    let fewer = purpose.roles.iter().filter(|entry| !roles.contains(&entry.role)).count();
    match (more, fewer) {
        (more, 0) => words.more_than_needed_by(more, &purpose.title),
        (0, fewer) => words.fewer_than_needed_by(fewer, &purpose.title),
        (more, fewer) => words.differs_from(more, fewer, &purpose.title),
    }
}

fn checklist(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let rows = state.rows(session);
    let focused = focused_row(&rows, state.focus);
    let height = area.height as usize;
    // The focused row is always in view, so rows that are further away than the height are not.
    let is_near = |index: usize| index + height >= focused && index <= focused + height;
    let entry = |(index, row): (usize, &Row<'_>)| {
        let lines = if is_near(index) { row_lines(row, session, theme, area.width) } else { vec![Line::default()] };
        if row.selectable() { Entry::item(lines) } else { Entry::heading(lines) }
    };
    let entries: Vec<Entry> = rows.iter().enumerate().map(entry).collect();
    let focus = if matches!(state.mode, Mode::List) { Focus::Here } else { Focus::Elsewhere };
    list::draw(&entries, state.focus, focus, theme, frame, area);
}

/// Index of the row with the focus.
fn focused_row(rows: &[Row<'_>], focus: usize) -> usize {
    rows.iter().enumerate().filter(|(_, row)| row.selectable()).nth(focus).map_or(0, |(index, _)| index)
}

fn row_lines(row: &Row<'_>, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let words = super::words(session);
    let line = match row {
        Row::Remark(words) => {
            let mark = theme.glyphs.warning;
            return text::wrap_bullet(mark, theme.warning, words, theme.text, width.saturating_sub(1));
        }
        Row::Heading(title) => Line::styled(text::truncate(title, width, theme.glyphs.ellipsis), theme.title),
        Row::Role(name) if session.draft.parameters.plan == PlanId::IntegrationFlow => {
            flow_role_line(name, session, theme, width)
        }
        Row::Role(name) => api_role_line(name, session, theme, width),
        Row::Grant(id) => grant_line(id, session, theme, width),
        Row::Validity => validity_line(session, theme, width),
        Row::RedirectUri(index) => redirect_uri_line(*index, session, theme, width),
        Row::NewRedirectUri => indented(words.new_redirect_uri(), theme, width),
        Row::NewRole => indented(words.new_role(), theme, width),
    };
    vec![line]
}

fn tick(on: bool, theme: &Theme) -> Span<'static> {
    let (mark, style) = if on { (theme.glyphs.ticked, theme.good) } else { (theme.glyphs.unticked, theme.dim) };
    Span::styled(format!(" {mark} "), style)
}

/// A remark about a row.
struct Tag {
    words: &'static str,
    is_warning: bool,
}

/// A name, tags and a hint in columns. A longer name pushes the hint to the right; if little room is left, tags and
/// hint are omitted.
fn columns(lead: Span<'static>, name: &str, tags: &[Tag], hint: &str, theme: &Theme, width: u16) -> Line<'static> {
    let name_width = (text::width(name) as u16).max(NAMES.min(width / 2));
    let mut spans = vec![lead, Span::raw(text::pad(name, name_width, ""))];
    // The last column is for the sign that there is more.
    let mut room = width.saturating_sub(name_width + TICK + 1);
    for tag in tags {
        let shown = format!("  {}", tag.words);
        let columns = text::width(&shown) as u16;
        if columns <= room {
            room -= columns;
            spans.push(Span::styled(shown, if tag.is_warning { theme.warning } else { theme.dim }));
        }
    }
    if room >= 20 {
        spans.push(Span::styled(text::truncate(&format!("  {hint}"), room, theme.glyphs.ellipsis), theme.dim));
    }
    Line::from(spans)
}

/// The remarks about a role of the plan `integration-flow`.
pub fn flow_tags(name: &str, session: &Session) -> Vec<&'static str> {
    let is_rare = session.content.flow_role(name).is_some_and(|role| !role.everywhere);
    is_rare.then(|| super::words(session).not_everywhere()).into_iter().collect()
}

/// The remarks about a role of the plan `api`.
pub fn api_tags(name: &str, session: &Session) -> Vec<&'static str> {
    tags_of_api_role(name, session).into_iter().map(|tag| tag.words).collect()
}

fn flow_role_line(name: &str, session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let words = super::words(session);
    let known = session.content.flow_role(name);
    let is_rare = known.is_some_and(|role| !role.everywhere);
    let tags = if is_rare { vec![Tag { words: words.not_everywhere(), is_warning: true }] } else { Vec::new() };
    let hint = known.map_or(words.own_role(), |role| &role.brief);
    columns(tick(session.draft.parameters.has_role(name), theme), name, &tags, hint, theme, width)
}

fn api_role_line(name: &str, session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let content = &session.content;
    let is_ticked = session.draft.parameters.has_role(name);
    let hint = content.catalogue.get(name).map_or("", |role| &role.brief);
    columns(tick(is_ticked, theme), name, &tags_of_api_role(name, session), hint, theme, width)
}

fn tags_of_api_role(name: &str, session: &Session) -> Vec<Tag> {
    let words = super::words(session);
    let content = &session.content;
    let parameters = &session.draft.parameters;
    let is_ticked = parameters.has_role(name);
    let Some(role) = content.catalogue.get(name) else { return Vec::new() };
    let purpose = session.draft.purpose(content).filter(|purpose| !purpose.roles.is_empty());
    let is_covered = content.catalogue.covered_by(name, &parameters.roles).is_some();
    let is_beyond = is_ticked && !is_covered && purpose.is_some_and(|purpose| purpose.why(name).is_none());
    [
        (is_covered, words.covered(), false),
        (is_beyond, words.more_than_needed(), false),
        (role.sensitive, words.sensitive(), true),
        (!role.everywhere, words.not_everywhere(), true),
    ]
    .into_iter()
    .filter_map(|(holds, words, is_warning)| holds.then_some(Tag { words, is_warning }))
    .collect()
}

fn grant_line(id: &str, session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let title = session.content.grant_type(id).map_or("", |grant| &grant.title);
    let name = id.rsplit(':').next().unwrap_or(id);
    columns(tick(session.draft.parameters.has_grant_type(id), theme), name, &[], title, theme, width)
}

fn validity_line(session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    columns(Span::raw("     "), "token-validity", &[], &validity(session), theme, width)
}

/// How long a token is valid.
pub fn validity(session: &Session) -> String {
    let words = super::words(session);
    let parameters = &session.draft.parameters;
    let seconds = parameters.effective_token_validity();
    let duration = readable_seconds(seconds, session.content.words);
    match parameters.token_validity {
        None => words.validity_default(seconds, duration),
        Some(_) => words.validity(seconds, duration),
    }
}

fn redirect_uri_line(index: usize, session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let uri = session.draft.parameters.redirect_uris.get(index).map_or("", String::as_str);
    let shown = text::truncate(SafeText::line(uri).as_str(), width.saturating_sub(TICK), theme.glyphs.ellipsis);
    Line::from(vec![Span::raw("     "), Span::styled(shown, theme.value)])
}

fn indented(words: &str, theme: &Theme, width: u16) -> Line<'static> {
    let shown = text::truncate(words, width.saturating_sub(3), theme.glyphs.ellipsis);
    Line::from(vec![Span::raw("   "), Span::styled(shown, theme.dim)])
}

/// The JSON, or its editor.
fn parameters(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let words = super::words(session);
    let (line, rest) = layout::top(area, 1);
    if matches!(state.mode, Mode::Editor) {
        let fits = text::width(words.editor_title()) + 4 <= usize::from(line.width);
        rule(if fits { words.editor_title() } else { words.editor_title_short() }, theme, frame, line);
        return state.editor.draw(session.content.words, theme, frame, rest);
    }
    rule(words.json_title(), theme, frame, line);
    let json = session.parameters_json(state.style);
    // If the lines do not fit on a narrow screen, all of it goes on one line, wrapped anywhere.
    let rows = json::lines(&json, theme, rest.width).len();
    let json = if rows > rest.height as usize { session.parameters_json(JsonStyle::Compact) } else { json };
    json::draw(&json, 0, session.content.words, theme, frame, rest);
}
