//! Draws help, palette and doctor.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::{
    App,
    commands::{self, HelpRow},
    overlay::{Doctor, Help},
    palette::{self, Row},
};
use crate::{
    domain::doctor::{self, Check, Level},
    ui::{
        Theme, layout, text,
        widget::{
            field::Field,
            list::{self, Entry, Focus},
            panel,
        },
    },
};

/// The maximum width of the key column.
const MOST_KEYS: usize = 20;
/// The widest panel.
const WIDEST: u16 = 100;

/// Draws the help: the keys, which can be filtered and run, and below them what the screen is for.
pub fn draw_help(app: &App, help: &Help, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let words = app.session.content.words.app();
    let groups = commands::help(app, help.filter.text(), theme.glyphs.unicode);
    let width = area.width.min(76);
    // The height fits all rows, whatever the filter matches.
    let all = commands::help(app, "", theme.glyphs.unicode);
    let all = help_entries(app, &all, true, theme, width.saturating_sub(4));
    let lines = all.iter().map(|entry| entry.lines.len()).sum::<usize>().saturating_sub(1) as u16;
    let height = area.height.saturating_sub(2).min(lines.saturating_add(2));
    let inner = panel::open(words.help_title(), width, height, theme, frame, area);
    let rows = if help.filters { below_field(inner) } else { inner };
    if groups.is_empty() {
        list::draw_lines(&text::wrap(words.no_key(), rows.width, theme.text), 0, theme, frame, rows);
    } else {
        let focus = if help.filters { Focus::Elsewhere } else { Focus::Here };
        list::draw(
            &help_entries(app, &groups, !help.filters, theme, rows.width),
            help.selected,
            focus,
            theme,
            frame,
            rows,
        );
    }
    if help.filters {
        help.filter.draw(true, theme, frame, layout::top(inner, 1).0);
    }
}

/// Draws the doctor. Rows that need attention, and the focused one, show their meaning below.
pub fn draw_doctor(app: &App, doctor: &Doctor, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let words = app.session.content.words;
    let labels = words.doctor();
    let inner =
        panel::open(labels.title(), area.width.min(84), area.height.saturating_sub(2).min(36), theme, frame, area);
    let (top, rest) = layout::top(inner, 2);
    let Some(checks) = &doctor.checks else {
        list::draw_lines(&text::wrap(labels.examining(), inner.width, theme.text), 0, theme, frame, inner);
        return;
    };
    let summary = doctor::summary(checks, words);
    list::draw_lines(&text::wrap(&summary, top.width, theme.title), 0, theme, frame, top);
    let column = checks.iter().map(|check| text::width(check.id.title(words))).max().unwrap_or_default() as u16;
    let entry =
        |(at, check): (usize, &Check)| {
            let (mark, style) = match check.state {
                Level::Ok => (theme.glyphs.good, theme.good),
                Level::Note => (theme.glyphs.idle, theme.text),
                Level::Warning => (theme.glyphs.warning, theme.warning),
                Level::Problem => (theme.glyphs.bad, theme.bad),
            };
            let indent = text::width(mark) as u16 + 1;
            let room = rest.width.saturating_sub(indent + column + 3);
            let title = text::pad(check.id.title(words), column, theme.glyphs.ellipsis);
            let mut lines = Vec::new();
            for (row, found) in text::wrap(&check.found, room, theme.text).into_iter().enumerate() {
                let lead = match row {
                    0 => vec![Span::styled(mark, style), Span::raw(" "), Span::styled(title.clone(), theme.title)],
                    _ => vec![Span::raw(" ".repeat(usize::from(indent + column)))],
                };
                lines.push(Line::from_iter(lead.into_iter().chain([Span::raw("  ")]).chain(found.spans)));
            }
            if check.state >= Level::Warning || at == doctor.selected {
                for (label, sentence) in [("", &check.means), (labels.to_do(), &check.fix)] {
                    if sentence.is_empty() {
                        continue;
                    }
                    let spans =
                        [(label.to_owned(), theme.title), (" ".to_owned(), theme.text), (sentence.clone(), theme.text)];
                    let wrapped = text::wrap_spans(&spans, rest.width.saturating_sub(indent + 1).min(layout::PROSE));
                    lines.extend(wrapped.into_iter().map(|line| {
                        Line::from_iter([Span::raw(" ".repeat(indent.into()))].into_iter().chain(line.spans))
                    }));
                }
            }
            Entry::item(lines)
        };
    let entries: Vec<Entry> = checks.iter().enumerate().map(entry).collect();
    list::draw(&entries, doctor.selected, Focus::Here, theme, frame, rest);
}

/// The area of a panel below its field and a blank row.
fn below_field(inner: Rect) -> Rect {
    let field = 1 + u16::from(inner.height > 6);
    layout::top(inner, field).1
}

fn help_entries(
    app: &App,
    groups: &[(&'static str, Vec<HelpRow>)],
    with_text: bool,
    theme: &Theme,
    width: u16,
) -> Vec<Entry> {
    let all = groups.iter().flat_map(|(_, rows)| rows);
    // One column for all groups.
    let column = all.map(|row| text::width(&row.keys)).max().unwrap_or_default().min(MOST_KEYS) as u16;
    let mut entries = Vec::new();
    for (title, rows) in groups {
        entries.push(Entry::heading(vec![Line::styled(*title, theme.title)]));
        entries.extend(rows.iter().map(|row| help_entry(row, column, theme, width)));
        entries.push(Entry::heading(vec![Line::default()]));
    }
    if with_text {
        let values = app.session.values();
        for paragraph in app.help_text().lines() {
            let spans = text::styled(&values.spans(paragraph), theme, theme.text);
            let lines = text::wrap_spans(&spans, width.saturating_sub(3).min(layout::PROSE));
            let mut lines: Vec<Line<'static>> = lines.into_iter().map(indented).collect();
            lines.push(Line::default());
            entries.push(Entry::item(lines));
        }
    }
    entries
}

/// Leaves the first column for the focus mark.
fn indented(line: Line<'static>) -> Line<'static> {
    let mut spans = vec![Span::raw("  ")];
    spans.extend(line.spans);
    Line::from(spans)
}

fn help_entry(row: &HelpRow, column: u16, theme: &Theme, width: u16) -> Entry {
    let style = if row.disabled_because.is_some() { theme.dim } else { theme.text };
    let mut spans = marked(&row.label, &row.matched, style, theme);
    if let Some(reason) = &row.disabled_because {
        spans.push((format!(" {} {reason}", text::SEPARATOR), theme.text));
    }
    let keys = text::pad(&row.keys, column, theme.glyphs.ellipsis);
    let lines = text::wrap_spans(&spans, width.saturating_sub(column + 5)).into_iter().enumerate().map(|(at, line)| {
        let lead = if at == 0 { keys.clone() } else { " ".repeat(column.into()) };
        let mut spans = vec![Span::raw("  "), Span::styled(lead, theme.key), Span::raw("  ")];
        spans.extend(line.spans);
        Line::from(spans)
    });
    Entry::item(lines.collect())
}

/// A text with the characters at these positions highlighted.
fn marked(label: &str, places: &[usize], style: Style, theme: &Theme) -> Vec<(String, Style)> {
    let mut spans: Vec<(String, Style)> = Vec::new();
    for (at, c) in label.chars().enumerate() {
        let style = if places.binary_search(&at).is_ok() { theme.matched } else { style };
        match spans.last_mut() {
            Some((text, last)) if *last == style => text.push(c),
            _ => spans.push((c.to_string(), style)),
        }
    }
    spans
}

/// Draws the palette: a field, and the results.
pub fn draw_palette(app: &App, query: &Field, selected: usize, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let words = app.session.content.words;
    let rows = palette::rows(app, query.text());
    let height = area.height.saturating_sub(2).min(30);
    let width = area.width.saturating_sub(4).clamp(area.width.min(76), WIDEST);
    let inner = panel::open(words.app().commands_title(), width, height, theme, frame, area);
    let list_area = below_field(inner);
    let searched = !query.text().trim().is_empty();
    if rows.is_empty() {
        let lines = text::wrap(words.palette().nothing_found(), list_area.width, theme.text);
        list::draw_lines(&lines, 0, theme, frame, list_area);
    } else {
        let mut entries = Vec::with_capacity(rows.len() + 16);
        let mut last = None;
        for (index, row) in rows.iter().enumerate() {
            if !searched && last != Some(row.kind) {
                if last.is_some() {
                    entries.push(Entry::heading(vec![Line::default()]));
                }
                entries.push(Entry::heading(vec![Line::styled(row.kind.heading(words), theme.title)]));
                last = Some(row.kind);
            }
            let tag = if searched { row.kind.tag(words.palette()) } else { "" };
            let (line, is_whole) = palette_line(row, tag, theme, list_area.width);
            let mut lines = vec![line];
            if index == selected && !is_whole {
                let indent = " ".repeat(usize::from(1 + KEY));
                lines.extend(text::wrap_bullet(&indent, theme.text, row.more(), theme.text, list_area.width));
            }
            entries.push(Entry::item(lines));
        }
        list::draw(&entries, selected, Focus::Elsewhere, theme, frame, list_area);
    }
    query.draw(true, theme, frame, layout::top(inner, 1).0);
}

/// Width of the key column.
const KEY: u16 = 8;

/// Key, label with matches highlighted, then the reason why it is disabled or the description, and its kind at the end;
/// and whether everything fits.
fn palette_line(row: &Row, tag: &str, theme: &Theme, width: u16) -> (Line<'static>, bool) {
    let ellipsis = theme.glyphs.ellipsis;
    // The last column shows whether there is more.
    let room = usize::from(width.saturating_sub(2 + KEY + 1)).saturating_sub(if tag.is_empty() {
        0
    } else {
        text::width(tag) + 2
    });
    let label = text::truncate(&row.label, room as u16, ellipsis);
    let mut left = room.saturating_sub(text::width(&label));
    let style = if row.disabled_because.is_some() { theme.dim } else { theme.text };
    let key = row.key.as_deref().unwrap_or_default();
    let mut spans = vec![Span::raw("  "), Span::styled(text::pad(key, KEY, ellipsis), theme.key)];
    spans.extend(marked(&label, &row.matched, style, theme).into_iter().map(|(text, style)| Span::styled(text, style)));
    let style = if row.disabled_because.is_some() { theme.text } else { theme.dim };
    let fits = text::width(row.more()) + 2 <= left;
    let is_whole = row.more().is_empty() || fits;
    if !row.more().is_empty() && left > 10 {
        let more = text::truncate(row.more(), (left - 2) as u16, ellipsis);
        left -= 2 + text::width(&more);
        spans.push(Span::raw("  "));
        spans.push(Span::styled(more, style));
    }
    if !tag.is_empty() {
        spans.push(Span::raw(" ".repeat(left + 2)));
        spans.push(Span::styled(tag.to_owned(), theme.dim));
    }
    (Line::from(spans), is_whole)
}
