//! How the panel looks.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Mode, State, saved};
use crate::{
    domain::{
        finding::{Finding, FindingCode, Severity},
        key::service_key::{Credential, CredentialType, Found},
        sap::guide::StepId,
        text::{safe_text::SafeText, secret::Secret},
    },
    model::{KeySource, Session},
    ui::{
        Theme, layout, text,
        widget::{
            finding,
            list::{self, Entry, Focus},
        },
    },
};

/// The client secret of the key, if it has one.
pub fn secret(session: &Session) -> Option<&Secret> {
    match &session.key.usable()?.credential {
        Credential::ClientSecret(secret) => Some(secret),
        Credential::Certificate { .. } => None,
    }
}

/// Draws the screen.
pub fn draw(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if let Some(round) = state.round(session) {
        saved::draw_round(round, state.at(session), session, theme, frame, area);
        return;
    }
    if let Mode::Unlocking(unlock) = &state.mode {
        unlock.draw(session, theme, frame, area);
        return;
    }
    let intro = session.content.step(StepId::QuickFill).map(|step| step.intro.clone()).unwrap_or_default();
    let intro = text::wrap(&intro, area.width.min(layout::PROSE), theme.dim);
    let (top, rest) = layout::top(area, intro.len() as u16 + 1);
    list::draw_lines(&intro, 0, theme, frame, top);
    match (&state.mode, &session.key.reading) {
        (Mode::File(field), _) => {
            let what = match session.key.wants_private_key() {
                true => "File with the private key of the certificate (PEM)",
                false => "File with the key",
            };
            let (label, below) = layout::top(rest, 2);
            frame.render_widget(Line::styled(what, theme.title), label);
            field.draw(true, theme, frame, Rect { height: 1, ..below });
        }
        (Mode::Typing(form), _) => {
            let (label, below) = layout::top(rest, 2);
            frame.render_widget(
                Line::styled(
                    text::truncate(
                        "The four values of the key. The secret shows as stars.",
                        label.width,
                        theme.glyphs.ellipsis,
                    ),
                    theme.text,
                ),
                label,
            );
            form.draw(theme, frame, below);
        }
        (Mode::Renaming(renaming), _) => {
            let (label, below) = layout::top(rest, 2);
            let words = format!("Another name for {}", renaming.0);
            frame.render_widget(Line::styled(words, theme.title), label);
            renaming.1.draw(true, theme, frame, Rect { height: 1.min(below.height), ..below });
        }
        _ if state.lists(session) => empty(state, session, theme, frame, rest),
        _ => result(state, session, theme, frame, rest),
    }
}

fn empty(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let width = area.width.min(layout::PROSE);
    let focus = state.at(session);
    let title = if session.key.reading.is_some() { "Another key" } else { "No key yet." };
    let mut lines = vec![Line::styled(title, theme.title)];
    lines.extend(text::wrap(
        "Copy the whole service key in the cockpit, then paste it here the way your terminal pastes, or press Ctrl+V. f reads it from a file.",
        width,
        theme.text,
    ));
    let (above, below) = layout::top(area, lines.len() as u16 + 1);
    list::draw_lines(&lines, 0, theme, frame, above);
    if session.samples.is_empty() && session.saved.systems().is_empty() {
        if !session.around.practice {
            let example = "{ \"oauth\": { \"clientid\": \"sb-…|it!b…\", \"clientsecret\": \"…\", \"url\": \"https://…\", \"tokenurl\": \"https://…\" } }";
            let lines: Vec<Line<'static>> =
                text::wrap_exact(example, width).into_iter().map(|line| Line::styled(line, theme.dim)).collect();
            list::draw_lines(&lines, 0, theme, frame, below);
        }
        return;
    }
    let mut entries = Vec::new();
    if !session.samples.is_empty() {
        entries.push(Entry::heading(vec![Line::styled("Or take one of the practice keys", theme.title)]));
    }
    let room = below.width.saturating_sub(2);
    entries.extend(session.samples.iter().enumerate().map(|(index, sample)| {
        let mut lines =
            vec![Line::from(Span::raw(text::truncate(&format!("  {}", sample.title), room, theme.glyphs.ellipsis)))];
        if index == focus {
            let about = text::wrap(&sample.about, width.saturating_sub(4), theme.dim);
            lines.extend(about.into_iter().map(|line| {
                let mut spans = vec![Span::raw("    ")];
                spans.extend(line.spans);
                Line::from(spans)
            }));
        }
        Entry::item(lines)
    }));
    let systems = session.saved.systems().len();
    if systems > 0 {
        let heading = Line::styled("Or open a saved system", theme.title);
        let blank = (!session.samples.is_empty()).then(Line::default);
        entries.push(Entry::heading(blank.into_iter().chain([heading]).collect()));
        let focused = focus.checked_sub(session.samples.len());
        entries.extend(saved::entries(session, focused, theme, room));
    }
    list::draw(&entries, focus, Focus::Here, theme, frame, below);
}

fn result(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mut area = area;
    let keys = session.key.reading.as_ref().map_or(0, |reading| reading.keys.len());
    if keys > 1 {
        let (above, below) = layout::top(area, (keys as u16 + 2).min(area.height / 3));
        several(state, session, theme, frame, above);
        area = below;
    }
    let findings = session.key.findings();
    if area.width >= layout::WIDE {
        let (main, details) = layout::with_details(area);
        list::draw_lines(&fields(state, session, theme, main.width), 0, theme, frame, main);
        let right = details.unwrap_or(Rect::ZERO);
        let lines = finding_lines(&findings, session, theme, right.width);
        list::draw_lines(&lines, state.scroll as u16, theme, frame, right);
    } else {
        // What is wrong stands before the fields, so that nobody has to scroll for it.
        let width = area.width.saturating_sub(1);
        let is_error = |finding: &Finding| finding.severity() == Severity::Error;
        let (errors, others): (Vec<Finding>, Vec<Finding>) = findings.into_iter().partition(is_error);
        let mut lines = fields(state, session, theme, width);
        let rest = lines.split_off(lines.len().min(1));
        lines.extend(finding_lines(&errors, session, theme, width.min(layout::PROSE)));
        lines.extend(rest);
        lines.push(Line::default());
        lines.extend(finding_lines(&others, session, theme, width.min(layout::PROSE)));
        list::draw_lines(&lines, state.scroll as u16, theme, frame, area);
    }
    frame.set_cursor_position((area.x, area.y));
}

fn several(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let keys = session.key.reading.as_ref().map(|reading| reading.keys.as_slice()).unwrap_or_default();
    let mut entries =
        vec![Entry::heading(vec![Line::styled(format!("{} keys in this text: which one?", keys.len()), theme.title)])];
    entries.extend(keys.iter().enumerate().map(|(index, found)| {
        let mark = if index == session.key.selected { theme.glyphs.good } else { " " };
        let name = found.name.clone().unwrap_or_else(|| SafeText::line(&format!("key {}", index + 1)));
        let url = found.summary.url.clone().unwrap_or_default();
        Entry::item(vec![Line::from(vec![
            Span::styled(format!("{mark} "), theme.good),
            Span::raw(format!("{name}  ")),
            Span::styled(url.to_string(), theme.dim),
        ])])
    }));
    list::draw(&entries, state.focus, Focus::Here, theme, frame, area);
}

/// One line: what was read, from where, in which form.
fn headline(session: &Session) -> String {
    let Some(reading) = &session.key.reading else { return String::new() };
    let from = match &session.key.source {
        Some(KeySource::Pasted) | None => "pasted".to_owned(),
        Some(KeySource::Clipboard) => "from the clipboard".to_owned(),
        Some(KeySource::File(name)) => format!("from {}", SafeText::capped(name, 40)),
        Some(KeySource::Sample(title)) => format!("practice key: {title}"),
        Some(KeySource::Typed) => "typed".to_owned(),
        Some(KeySource::Saved(name)) => format!("saved as {}", SafeText::capped(name, 40)),
    };
    if reading.bytes == 0 { from } else { format!("{} bytes, {from}", reading.bytes) }
}

fn kind(found: &Found) -> String {
    let plan = found.summary.plan.map_or("plan unknown", |plan| plan.as_str());
    let credential = match found.summary.credential {
        Some(CredentialType::ClientSecret) => "client id and secret",
        Some(CredentialType::Certificate) => "certificate",
        Some(CredentialType::ExternalCertificate) => "external certificate",
        None => "no credentials",
    };
    let region = found.summary.region.as_deref().map(|region| format!(" · {region}")).unwrap_or_default();
    format!("plan {plan} · {credential}{region}")
}

fn fields(state: &State, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let usable = session.key.usable().is_some();
    let worst = session.key_severity();
    let (mark, style, word) = match (usable, worst) {
        (false, _) => (theme.glyphs.bad, theme.bad, "This key cannot be tested"),
        (true, Some(Severity::Warning)) => (theme.glyphs.warning, theme.warning, "Key read, with something to look at"),
        (true, _) => (theme.glyphs.good, theme.good, "Key read"),
    };
    let mut lines = vec![Line::from(vec![
        Span::styled(format!("{mark} {word}"), style),
        Span::styled(
            text::truncate(
                &format!("  {}", headline(session)),
                width.saturating_sub(word.len() as u16 + 2),
                theme.glyphs.ellipsis,
            ),
            theme.dim,
        ),
    ])];
    let Some(found) = session.key.found() else { return lines };
    lines.push(Line::styled(text::truncate(&format!("  {}", kind(found)), width, theme.glyphs.ellipsis), theme.text));
    lines.push(Line::default());
    for field in found.fields() {
        let (style, mark) = match field.finding.map(FindingCode::severity) {
            Some(severity) => theme.severity(severity),
            None if field.value.is_some() => (theme.good, theme.glyphs.good),
            None => theme.severity(Severity::Error),
        };
        let lead =
            vec![Span::styled(format!("{mark} "), style), Span::styled(text::pad(field.label, 13, ""), theme.dim)];
        let room = width.saturating_sub(16);
        let mut rows: Vec<Line<'static>> = match &field.value {
            Some(_) if field.secret && state.reveals(session) && field.label == "clientsecret" => {
                let shown =
                    secret(session).map_or_else(SafeText::default, |secret| SafeText::capped(secret.expose(), 400));
                text::wrap_exact(shown.as_str(), room).into_iter().map(|line| Line::styled(line, theme.value)).collect()
            }
            Some(value) if field.secret => {
                // A private key is never shown: nobody types it anywhere.
                let hint = if field.label == "clientsecret" { "  hidden; v shows it" } else { "  hidden" };
                vec![Line::from(vec![Span::styled(value.to_string(), theme.value), Span::styled(hint, theme.dim)])]
            }
            Some(value) => {
                text::wrap_exact(value.as_str(), room).into_iter().map(|line| Line::styled(line, theme.value)).collect()
            }
            None => vec![Line::styled("missing", theme.bad)],
        };
        for (index, row) in rows.iter_mut().enumerate() {
            let mut spans = if index == 0 { lead.clone() } else { vec![Span::raw(" ".repeat(15))] };
            spans.append(
                &mut row
                    .spans
                    .iter()
                    .map(|span| Span::styled(span.content.clone(), row.style.patch(span.style)))
                    .collect(),
            );
            *row = Line::from(spans);
        }
        lines.append(&mut rows);
    }
    if usable {
        lines.push(Line::default());
        let token_host = found.key.as_ref().map(|key| key.token_url.host().to_owned()).unwrap_or_default();
        let words = match found.summary.credential {
            Some(CredentialType::ClientSecret) | None => {
                format!("Nothing was sent yet. The test sends the secret once, to {token_host}.")
            }
            Some(_) => format!(
                "Nothing was sent yet. The test shows the certificate to {token_host}; the private key stays here."
            ),
        };
        lines.extend(text::wrap(&words, width.saturating_sub(1), theme.text));
    }
    lines
}

fn finding_lines(findings: &[Finding], session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    finding::all_lines(&session.content.findings.explain_together(findings), theme, width)
}

/// The fields as text, the secret masked.
pub fn plain(state: &State, session: &Session) -> String {
    if state.round(session).is_some() || (state.lists(session) && !session.saved.systems().is_empty()) {
        return saved::plain(session, state.round(session));
    }
    let Some(found) = session.key.found() else {
        return "No key yet. Return to the wizard and paste it there.\n".to_owned();
    };
    let mut out = format!("{}\n", kind(found));
    for field in found.fields() {
        let value = field.value.as_ref().map_or("missing", SafeText::as_str);
        out.push_str(&format!("{}: {value}\n", field.label));
    }
    for words in session.content.findings.explain_together(&session.key.findings()) {
        let fix = words.fix.map(|fix| format!("{fix}\n")).unwrap_or_default();
        out.push_str(&format!("\n{}: {}\n{}\n{fix}", words.severity.as_str(), words.title, words.cause));
    }
    out
}
