//! Draws the screen.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Mode, REVEALED, State, forms, pane};
use crate::{
    domain::{
        finding::{Finding, FindingCode, Severity},
        key::service_key::{Credential, CredentialType, Field, Found, SIZE_LIMIT},
        sap::guide::StepId,
        text::{safe_text::SafeText, secret::Secret, shown::Shown as _},
    },
    keymap::Action,
    model::{KeySource, Session, Tone},
    screens::{
        key_of,
        preview::{self, Pane},
    },
    ui::{
        Theme, layout, text,
        widget::{
            finding,
            list::{self, Entry, Focus},
        },
    },
    words::{QuickFillLabels, Words},
};

/// The width of the available keys, next to an example of one.
const EMPTY: u16 = 60;
/// The width of a key with values of typical length.
const KEY: u16 = 82;
/// The field that may be revealed on request. A private key is never shown: nobody types it.
const REVEALABLE: &str = "clientsecret";

/// The client secret of the key, if it has one.
pub fn secret(session: &Session) -> Option<&Secret> {
    match &session.key.usable()?.credential {
        Credential::ClientSecret(secret) => Some(secret),
        Credential::Certificate { .. } => None,
    }
}

/// Draws the screen.
pub fn draw(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let intro = session.content.step(StepId::QuickFill).intro.clone();
    let intro = text::wrap(&intro, area.width.min(layout::PROSE), theme.text);
    let (top, rest) = layout::top(area, intro.len() as u16 + 1);
    list::draw_lines(&intro, 0, theme, frame, top);
    match &state.mode {
        Mode::File(field) => field.draw(session, theme, frame, rest),
        Mode::Fields(form) => forms::draw_fields(form, session.content.words, theme, frame, rest),
        Mode::View if session.key.reading.is_none() => draw_empty(state, session, theme, frame, rest),
        Mode::View => draw_key(state, session, theme, frame, rest),
    }
}

fn draw_empty(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let words = session.content.words.quick_fill();
    let (focus, entries) = (state.at(session), |width| choices(state.at(session), session, theme, width));
    let how = words.how_to_paste(
        session.around.platform.paste_keys(session.content.words),
        key_of(Action::Paste, session.content.words, theme),
        key_of(Action::File, session.content.words, theme),
    );
    let lines = |width: u16| {
        let mut lines = vec![Line::styled(words.no_key(), theme.title)];
        lines.extend(text::wrap(&how, width.min(layout::PROSE), theme.text));
        lines.push(Line::default());
        lines
    };
    let listed: usize = entries(area.width).iter().map(|entry| entry.lines.len()).sum();
    let rows = lines(area.width).len() + listed + usize::from(listed > 0);
    let (main, pane) = preview::divide(area, EMPTY, rows as u16);
    let lines = lines(main.width);
    let (above, below) = layout::top(main, lines.len() as u16);
    list::draw_lines(&lines, 0, theme, frame, above);
    if let Some(pane) = pane {
        pane::draw_example(session, theme, frame, pane);
    }
    let entries = entries(main.width);
    if !entries.is_empty() {
        list::draw(&entries, focus, Focus::Here, theme, frame, below);
    }
}

/// The alternatives to a pasted key: a practice key, a saved system.
fn choices(focus: usize, session: &Session, theme: &Theme, width: u16) -> Vec<Entry> {
    let words = session.content.words.quick_fill();
    let row = |label: &str| {
        let label = text::truncate(label, width.saturating_sub(2), theme.glyphs.ellipsis);
        Line::from(vec![Span::raw("  "), Span::raw(label)])
    };
    let mut entries = Vec::new();
    if !session.samples.is_empty() {
        entries.push(Entry::heading(vec![Line::styled(words.practice_keys(), theme.title)]));
    }
    for (index, sample) in session.samples.iter().enumerate() {
        let mut lines = vec![row(&sample.title)];
        if index == focus {
            let about = [(sample.about.clone(), theme.text)];
            lines.extend(text::wrap_indented("   ", theme.text, &about, width.min(layout::PROSE)));
        }
        entries.push(Entry::item(lines));
    }
    let systems = session.saved.systems().len();
    if systems > 0 {
        let blank = (!session.samples.is_empty()).then(Line::default);
        let heading = Line::styled(words.or_saved(), theme.title);
        entries.push(Entry::heading(blank.into_iter().chain([heading]).collect()));
        entries.push(Entry::item(vec![row(&words.saved_systems(systems))]));
    }
    entries
}

fn draw_key(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mut area = area;
    let keys = session.key.reading.as_ref().map_or(0, |reading| reading.keys.len());
    if keys > 1 {
        let (above, below) = layout::top(area, (keys as u16 + 2).min(area.height / 3));
        draw_several(state, session, theme, frame, above);
        area = below;
    }
    // Errors come first, so that nobody has to scroll to see them.
    let is_error = |finding: &Finding| finding.severity() == Severity::Error;
    let (errors, others): (Vec<Finding>, Vec<Finding>) = session.key.findings().into_iter().partition(is_error);
    let usable = session.key.usable().and(session.key.found());
    let is_no_key = session.key.found().is_none();
    if let (main, Some(Pane::Beside(right))) = preview::divide(area, KEY, area.height) {
        list::draw_lines(&key_lines(&errors, state, session, theme, main.width), 0, theme, frame, main);
        let mut lines = finding_lines(&others, session, theme, right.width);
        if lines.last().is_some_and(|line| line.width() > 0) {
            lines.push(Line::default());
        }
        // All errors, before anything else.
        let has_more = usable.is_some() || is_no_key;
        let (above, below) = layout::top(right, if has_more { lines.len() as u16 } else { right.height });
        list::draw_lines(&lines, state.scroll as u16, theme, frame, above);
        match usable {
            Some(found) => pane::draw_beside(found, session, theme, frame, below),
            // A text without a key has nothing else to show.
            None if is_no_key => pane::draw_example(session, theme, frame, Pane::Beside(below)),
            None => {}
        }
    } else {
        let mut lines = key_lines(&errors, state, session, theme, area.width.saturating_sub(1));
        if !others.is_empty() {
            lines.push(Line::default());
            let width = area.width.saturating_sub(1).min(layout::PROSE);
            lines.extend(finding_lines(&others, session, theme, width));
        }
        list::draw_lines(&lines, state.scroll as u16, theme, frame, area);
        let blank = u16::from(lines.last().is_some_and(|line| line.width() > 0));
        let (_, below) = layout::top(area, lines.len() as u16 + blank);
        match usable {
            Some(found) => pane::draw_below(found, session, theme, frame, below),
            None if is_no_key && below.height >= pane::FEWEST_ROWS => {
                pane::draw_example(session, theme, frame, Pane::Below(below));
            }
            None => {}
        }
    }
    frame.set_cursor_position((area.x, area.y));
}

fn draw_several(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let words = session.content.words.quick_fill();
    let keys = session.key.reading.as_ref().map(|reading| reading.keys.as_slice()).unwrap_or_default();
    let names: Vec<String> = keys.iter().enumerate().map(|(index, found)| name_of(found, index, words)).collect();
    let column = names.iter().map(|name| text::width(name)).max().unwrap_or_default() as u16;
    let column = column.min(area.width / 3);
    let mut entries = vec![Entry::heading(vec![Line::styled(words.several(keys.len()), theme.title)])];
    entries.extend(keys.iter().zip(names).enumerate().map(|(index, (found, name))| {
        let mark = if index == session.key.selected { theme.glyphs.done } else { " " };
        let lead = [
            Span::styled(format!("{mark} "), theme.good),
            Span::styled(text::pad(&name, column, theme.glyphs.ellipsis), theme.value),
            Span::raw("  "),
        ];
        let url = found.summary.url.as_ref().map(ToString::to_string).unwrap_or_default();
        let room = area.width.saturating_sub(column + 5);
        let url = Span::styled(text::truncate(&url, room, theme.glyphs.ellipsis), theme.text);
        Entry::item(vec![Line::from_iter(lead.into_iter().chain([url]))]).with_bar(column + 3)
    }));
    list::draw(&entries, state.at(session), Focus::Here, theme, frame, area);
}

/// The name of one of several keys.
pub fn name_of(found: &Found, index: usize, words: QuickFillLabels) -> String {
    found.name.as_ref().map_or_else(|| words.unnamed(index + 1), SafeText::to_string)
}

/// How much was read, and from where.
pub fn source(session: &Session) -> String {
    let words = session.content.words.quick_fill();
    let Some(reading) = &session.key.reading else { return String::new() };
    let source = match &session.key.source {
        Some(KeySource::Pasted) | None => words.pasted().to_owned(),
        Some(KeySource::Clipboard) => words.from_clipboard().to_owned(),
        Some(KeySource::File(name)) => words.from_file(SafeText::capped(name, 40)),
        Some(KeySource::Sample(title)) => words.practice_key(title),
        Some(KeySource::Typed) => words.typed().to_owned(),
        Some(KeySource::Saved(name)) => words.saved_as(SafeText::capped(name, 40)),
        Some(KeySource::Made(name)) => words.made_as(SafeText::capped(name, 40)),
    };
    match reading.bytes {
        0 => source,
        // No more than this was read of it.
        bytes if bytes > SIZE_LIMIT => words.large_and_source(SIZE_LIMIT / 1024, source),
        bytes => words.size_and_source(bytes, source),
    }
}

/// What kind of key it is.
pub fn kind(found: &Found, words: Words) -> String {
    let credential = found.summary.credential.map(|credential| credential.title(words));
    let words = words.quick_fill();
    let plan = found.summary.plan.map_or_else(|| words.plan_unknown().to_owned(), |plan| words.plan(plan.as_str()));
    let credential = credential.unwrap_or(words.no_credentials());
    match &found.summary.region {
        Some(region) => words.kind_and_region(plan, credential, region),
        None => words.kind(plan, credential),
    }
}

/// The details of the key: its problems, its kind, its fields, what the test will do with it.
fn key_lines(errors: &[Finding], state: &State, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let said = finding_lines(errors, session, theme, width.min(layout::PROSE));
    let mut lines = match session.key.usable() {
        // It is obvious that it cannot be tested.
        None if !errors.is_empty() => {
            let source = text::truncate(&source(session), width.saturating_sub(2), theme.glyphs.ellipsis);
            said.into_iter().chain([Line::styled(format!("  {source}"), theme.dim)]).collect()
        }
        _ => [vec![headline(session, theme, width)], said].concat(),
    };
    let Some(found) = session.key.found() else { return lines };
    let kind = format!("  {}", kind(found, session.content.words));
    lines.push(Line::styled(text::truncate(&kind, width, theme.glyphs.ellipsis), theme.text));
    lines.push(Line::default());
    let labels = found.fields().iter().map(|field| text::width(field.label)).max().unwrap_or_default() as u16;
    for field in found.fields() {
        lines.extend(field_lines(field, labels, state, session, theme, width));
    }
    if session.key.usable().is_some() {
        lines.push(Line::default());
        lines.extend(text::wrap(&what_is_sent(found, session.content.words), width.saturating_sub(1), theme.text));
    }
    lines
}

/// Whether the key can be tested.
pub fn judgement(session: &Session) -> (Tone, &'static str) {
    let words = session.content.words.quick_fill();
    match (session.key.usable(), session.key_severity()) {
        (None, _) => (Tone::Error, words.cannot_be_tested()),
        (Some(_), Some(Severity::Warning)) => (Tone::Warning, words.read_with_remarks()),
        (Some(_), _) => (Tone::Good, words.read()),
    }
}

/// Whether the key can be tested, and where it came from.
fn headline(session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let (tone, word) = judgement(session);
    let (mark, style) = match tone {
        Tone::Error => (theme.glyphs.bad, theme.bad),
        Tone::Warning => (theme.glyphs.warning, theme.warning),
        Tone::Good | Tone::Note => (theme.glyphs.good, theme.good),
    };
    let room = width.saturating_sub(text::width(word) as u16 + 2);
    let source = text::truncate(&format!("  {}", source(session)), room, theme.glyphs.ellipsis);
    Line::from(vec![Span::styled(format!("{mark} {word}"), style), Span::styled(source, theme.dim)])
}

/// A field of the key: mark, label, and the value in as many lines as it takes.
fn field_lines(
    field: &Field,
    labels: u16,
    state: &State,
    session: &Session,
    theme: &Theme,
    width: u16,
) -> Vec<Line<'static>> {
    let (style, mark) = match field.finding.map(FindingCode::severity) {
        Some(severity) => theme.severity(severity),
        None if field.value.is_some() => (theme.good, theme.glyphs.good),
        None => theme.severity(Severity::Error),
    };
    let indent = labels + theme.glyphs.state_width() + 2;
    let label = format!("{} ", text::pad(field.label, labels, ""));
    let mut rows = value_lines(field, state, session, theme, width.saturating_sub(indent + 1));
    for (index, row) in rows.iter_mut().enumerate() {
        let before = match index {
            0 => vec![
                Span::styled(format!("{} ", theme.glyphs.in_column(mark)), style),
                Span::styled(label.clone(), theme.text),
            ],
            _ => vec![Span::raw(" ".repeat(indent.into()))],
        };
        row.spans.splice(0..0, before);
    }
    rows
}

/// The secret in a field, while it is shown.
pub fn revealed(field: &Field, state: &State, session: &Session) -> Option<String> {
    let secret = secret(session).filter(|_| field.label == REVEALABLE && state.reveals(session))?;
    Some(SafeText::capped(secret.expose(), 400).to_string())
}

fn value_lines(field: &Field, state: &State, session: &Session, theme: &Theme, room: u16) -> Vec<Line<'static>> {
    let words = session.content.words.quick_fill();
    let exact = |value: &str| text::cut(value, room, theme.value);
    let Some(value) = &field.value else { return vec![Line::from(Span::styled(words.missing(), theme.bad))] };
    let value = value.shown(session.content.words);
    if !field.secret {
        return exact(&value);
    }
    match revealed(field, state, session) {
        Some(secret) => {
            let mut lines = exact(&secret);
            let key = key_of(Action::View, session.content.words, theme);
            let hint = words.shown_until(REVEALED.as_secs() as usize, key);
            lines.extend(text::wrap(&hint, room, theme.dim));
            lines
        }
        None => {
            let hint = match secret(session).filter(|_| field.label == REVEALABLE) {
                Some(_) => words.hidden_until(key_of(Action::View, session.content.words, theme)),
                None => words.hidden().to_owned(),
            };
            let mask = Span::styled(value, theme.value);
            vec![Line::from(vec![mask, Span::raw("  "), Span::styled(hint, theme.dim)])]
        }
    }
}

/// What the test sends, and where.
pub fn what_is_sent(found: &Found, words: Words) -> String {
    let words = words.quick_fill();
    let host = found.key.as_ref().map(|key| key.token_url.host()).unwrap_or_default();
    match found.summary.credential {
        Some(CredentialType::ClientSecret) | None => words.secret_goes_to(host),
        Some(_) => words.certificate_goes_to(host),
    }
}

fn finding_lines(findings: &[Finding], session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let words = session.content.words;
    finding::all_lines(&session.content.findings.explain_together(findings, words), words, theme, width)
}

/// The key as text, the secret masked.
pub fn plain(session: &Session) -> String {
    let words = session.content.words.quick_fill();
    let Some(found) = session.key.found() else { return format!("{}\n", words.plain_no_key()) };
    let mut out = format!("{}\n", kind(found, session.content.words));
    for field in found.fields() {
        let value =
            field.value.as_ref().map_or_else(|| words.missing().to_owned(), |value| value.shown(session.content.words));
        out.push_str(&format!("{}: {value}\n", field.label));
    }
    for words in session.content.findings.explain_together(&session.key.findings(), session.content.words) {
        let fix = words.fix.map(|fix| format!("{fix}\n")).unwrap_or_default();
        out.push_str(&format!("\n{}: {}\n{}\n{fix}", words.severity.as_str(), words.title, words.cause));
    }
    out
}
