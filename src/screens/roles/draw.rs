//! Draws the checklist.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    Mode, Pane, State, about, row,
    rows::{Row, Tab},
};
use crate::{
    domain::sap::{parameters::JsonStyle, plan::PlanId, purpose::Purpose},
    keymap::Action,
    model::Session,
    screens::preview::{self, Preview},
    ui::{
        Theme,
        hits::Target,
        layout, text,
        widget::{
            json,
            list::{self, Entry, Focus},
        },
    },
};

/// Lower windows have no room for explanation and JSON at the same time.
const ROWS_FOR_BOTH: u16 = 21;
/// From this height on, the explanation and the JSON of a typical choice fit next to the checklist.
const ROWS_FOR_BESIDE: u16 = 24;
/// The fewest rows of an explanation above the JSON, with the line above it.
const FEWEST_ABOUT: u16 = 4;
/// The checklist keeps this many rows above both, so that a taller window does not show fewer roles.
const ROWS_ABOVE_BOTH: u16 = 16;
/// Shorter lists have no row for the legend.
const ROWS_FOR_LEGEND: u16 = 7;

/// Draws the screen.
pub fn draw(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let rest = heading(state, session, theme, frame, area);
    let (main, pane) = preview::divide(rest, row::COLUMNS, rest.height);
    match pane {
        Some(preview::Pane::Beside(right)) if !is_better_below(state, session, theme, right, rest) => {
            checklist(state, session, theme, frame, main);
            draw_beside(state, session, theme, frame, right);
        }
        _ => draw_stacked(state, session, theme, frame, rest),
    }
}

/// The height of the JSON on as few lines as possible, including the line above it.
fn json_rows(session: &Session, theme: &Theme, columns: u16) -> u16 {
    json::lines(&session.parameters_json(JsonStyle::Compact), theme, columns).len() as u16 + 1
}

/// The most rows of the JSON below the checklist.
fn most_json_rows(area: Rect) -> u16 {
    (area.height / 3).max(2)
}

/// Whether a low window fits all the JSON below the checklist but not next to it.
fn is_better_below(state: &State, session: &Session, theme: &Theme, right: Rect, area: Rect) -> bool {
    area.height < ROWS_FOR_BESIDE
        && matches!((&state.mode, state.pane), (Mode::List | Mode::Filter, Pane::Json))
        && !preview::has_room_beside(json_rows(session, theme, right.width), right.height)
        && json_rows(session, theme, area.width) <= most_json_rows(area)
}

/// The column at the right: the explanation, and the JSON below it.
fn draw_beside(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    match (&state.mode, state.pane) {
        (Mode::Editor, _) => parameters(state, session, theme, frame, area),
        (_, Pane::Explanation { scroll }) => {
            let (title, below) = layout::top(area, 1);
            text::draw_line(&Line::styled(super::words(session).about_title(), theme.title), title, frame);
            list::draw_lines(&about::lines(state, session, theme, area.width), scroll, theme, frame, below);
        }
        (_, Pane::Json) => both(state, session, theme, frame, preview::Pane::Beside(area)),
    }
}

/// The checklist, and below it the explanation, the JSON, or both.
fn draw_stacked(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    match (&state.mode, state.pane) {
        (Mode::Editor, _) => parameters(state, session, theme, frame, area),
        (_, Pane::Explanation { scroll }) => {
            let about = about::lines(state, session, theme, area.width.saturating_sub(1).min(layout::PROSE));
            let rows = (about.len() as u16 + 1).clamp(2, (area.height * 3 / 5).max(2));
            let (below, above) = layout::bottom(area, rows);
            checklist(state, session, theme, frame, above);
            let (line, below) = layout::top(below, 1);
            preview::rule(super::words(session).about_title(), theme, frame, line);
            list::draw_lines(&about, scroll, theme, frame, below);
        }
        (_, Pane::Json) => {
            let rows = json_rows(session, theme, area.width).clamp(2, most_json_rows(area));
            if area.height >= ROWS_FOR_BOTH {
                let both_rows = (area.height * 2 / 5).min(area.height - ROWS_ABOVE_BOTH).min(16);
                let (below, above) = layout::bottom(area, both_rows);
                // JSON that fits the full width is not split next to an explanation.
                let is_cut = || json_rows(session, theme, preview::halves(below).1.width) > both_rows;
                if area.width >= preview::HALVES && !(is_cut() && rows < both_rows) {
                    checklist(state, session, theme, frame, above);
                    return both(state, session, theme, frame, preview::Pane::Below(below));
                }
                // Stacked instead, so that the list is not longer than in a wider window.
                if both_rows >= rows + FEWEST_ABOUT {
                    checklist(state, session, theme, frame, above);
                    let (json, about) = layout::bottom(below, rows);
                    let (line, about) = layout::top(about, 1);
                    preview::rule(super::words(session).about_title(), theme, frame, line);
                    let lines = about::lines(state, session, theme, about.width.min(layout::PROSE));
                    list::draw_lines(&lines, 0, theme, frame, about);
                    return parameters(state, session, theme, frame, json);
                }
            }
            let (below, above) = layout::bottom(area, rows);
            checklist(state, session, theme, frame, above);
            parameters(state, session, theme, frame, below);
        }
    }
}

/// Explanation and JSON.
fn both(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, pane: preview::Pane) {
    let words = super::words(session);
    let preview = Preview {
        title: words.about_title(),
        about: &|width, _| about::lines(state, session, theme, width),
        json_title: words.json_title(),
        json: Some(&|style| state.json(style, session)),
    };
    preview::draw(&preview, pane, session.content.words, theme, frame);
}

impl State {
    /// The JSON in this style, or on one line if requested.
    fn json(&self, style: JsonStyle, session: &Session) -> String {
        session.parameters_json(if self.style == JsonStyle::Compact { self.style } else { style })
    }
}

/// The first rows: the value being typed, the filter, or the tabs. Returns the area below.
fn heading(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Rect {
    if let Mode::Typing(typing) = &state.mode {
        let remark = |_| typing.remark(session);
        let (top, rest) = layout::top(area, typing.form.height(&remark, theme, area.width).max(2));
        typing.form.draw(&remark, theme, frame, top);
        return rest;
    }
    let (top, rest) = layout::top(area, 2);
    let is_filtering = matches!(state.mode, Mode::Filter);
    if is_filtering || (!state.filter.is_empty() && state.tab == Tab::Roles) {
        let label = super::words(session).filter_field();
        text::draw_line(&Line::from(Span::styled(label, theme.title)), top, frame);
        let indent = (text::width(label) as u16 + 1).min(top.width);
        let width = 40.min(top.width - indent);
        let field = Rect { x: top.x + indent, width, height: 1.min(top.height), ..top };
        state.filter.draw(is_filtering, theme, frame, field);
    } else {
        let tabs = tabs(state.tab, session, theme, top.width);
        text::draw_line(&tabs, top, frame);
        let mut x = top.x;
        for (own, span) in [Tab::Roles, Tab::Options].into_iter().zip(tabs.spans.iter().step_by(2)) {
            let width = span.width() as u16;
            if own != state.tab {
                let place = Rect { x, width, height: 1, ..top };
                theme.hits.note(place.intersection(top), Target::Acts(Action::NextField, 1));
            }
            x += width + 1;
        }
    }
    rest
}

/// The tabs, and how the ticked roles differ from what the purpose needs.
fn tabs(tab: Tab, session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let words = super::words(session);
    let parameters = &session.draft.parameters;
    let count = parameters.roles.len();
    let roles = match parameters.plan {
        PlanId::Api => words.tab_roles(count, session.content.catalogue.roles.len()),
        PlanId::IntegrationFlow => words.tab_flow_roles(count),
    };
    let mut spans = Vec::new();
    for (own, label) in [(Tab::Roles, roles.as_str()), (Tab::Options, words.tab_options())] {
        spans.push(match own == tab {
            true => Span::styled(words.tab_chosen(label), theme.accent),
            false => Span::styled(format!(" {label} "), theme.text),
        });
        spans.push(Span::raw(" "));
    }
    let which = match parameters.plan {
        PlanId::Api => compared_with_purpose(session),
        PlanId::IntegrationFlow => words.for_flows().to_owned(),
    };
    let used: usize = spans.iter().map(Span::width).sum();
    let room = width.saturating_sub(used as u16);
    spans.push(Span::styled(text::truncate(&format!(" {which}"), room, theme.glyphs.ellipsis), theme.text));
    Line::from(spans)
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
    let has_signs = state.tab == Tab::Roles && session.draft.parameters.plan == PlanId::Api;
    let (area, last) = match has_signs && area.height >= ROWS_FOR_LEGEND {
        true => layout::top(area, area.height - 1),
        false => (area, Rect::ZERO),
    };
    text::draw_line(&row::legend(session, theme, last.width), last, frame);
    let focused = focused_row(&rows, state.focus);
    let height = area.height as usize;
    let terms = if state.tab == Tab::Roles { state.filter.words() } else { Vec::new() };
    // The focused row is always visible, so rows that are further away than the height are not.
    let is_near = |index: usize| index + height >= focused && index <= focused + height;
    let entry = |(index, row): (usize, &Row<'_>)| match is_near(index) {
        true => row::entry(row, index == focused, &terms, session, theme, area.width),
        false if row.selectable() => Entry::item(vec![Line::default()]),
        false => Entry::heading(vec![Line::default()]),
    };
    let entries: Vec<Entry> = rows.iter().enumerate().map(entry).collect();
    let focus = if matches!(state.mode, Mode::List) { Focus::Here } else { Focus::Elsewhere };
    list::draw(&entries, state.focus, focus, theme, frame, area);
}

/// Index of the row with the focus.
fn focused_row(rows: &[Row<'_>], focus: usize) -> usize {
    rows.iter().enumerate().filter(|(_, row)| row.selectable()).nth(focus).map_or(0, |(index, _)| index)
}

/// The JSON, or its editor.
fn parameters(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let words = super::words(session);
    let (line, rest) = layout::top(area, 1);
    if matches!(state.mode, Mode::Editor) {
        preview::rule(words.editor_title(), theme, frame, line);
        return state.editor.draw(session.content.words, theme, frame, rest);
    }
    preview::rule(words.json_title(), theme, frame, line);
    let json = preview::fitting(&|style| state.json(style, session), rest.width, rest.height);
    json::draw(&json, 0, session.content.words, theme, frame, rest);
}
