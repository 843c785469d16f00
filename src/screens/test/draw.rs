//! Draws the screen.

use std::time::Duration;

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr as _;

use super::{State, missing};
use crate::{
    domain::{
        check::{
            CheckStep, PlannedProbe, describe,
            diagnosis::{Row, RowState},
            report::{RoleResult, RoleStatus},
            waiting::{self, Wait},
        },
        finding::{Explained, FindingCode, Severity, Verdict},
        sap::guide::StepId,
    },
    model::{
        JobId, Session,
        run::{Run, RunState},
    },
    ui::{
        Theme, layout, text,
        widget::{finding, list},
    },
    words::Words,
};

/// A spinner is not shown before this, so that quick responses do not flicker.
const PATIENCE: Duration = Duration::from_millis(100);

/// Lower areas with details have one column, with the details at the bottom.
const ROWS_FOR_DETAILS: u16 = 20;

/// Draws the screen.
pub fn draw(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &session.run else {
        not_tested(session, theme, frame, area);
        return;
    };
    let headline = headline(run, session, theme, area.width);
    let (top, rest) = layout::top(area, headline.len() as u16 + 1);
    list::draw_lines(&headline, 0, theme, frame, top);
    frame.set_cursor_position((area.x, area.y));
    // The watch is above both columns: its beginning and its end do not take one of them away.
    let watch = missing::watch(session, theme, rest.width.saturating_sub(1).min(layout::PROSE));
    let (above, columns) = layout::top(rest, watch.len() as u16);
    let (mut main, mut details) = layout::with_details(columns);
    // Problems and their solutions must be visible completely.
    if details.is_some_and(|details| !has_room(state, run, session, theme, details)) {
        details = None;
    }
    if details.is_none() {
        main = rest;
    }
    // The scroll marks are between the columns, so that a role with a long name does not wrap.
    main.width += u16::from(details.is_some());
    let widths = (main.width.saturating_sub(1), details.map(|details| details.width.saturating_sub(1)));
    let draw = |texts: &Texts, frame: &mut Frame<'_>| match details {
        Some(details) => {
            list::draw_lines(&watch, 0, theme, frame, above);
            let first = first_to_show(run, texts.main.len(), main.height as usize).unwrap_or_default();
            list::draw_lines(&texts.main, first, theme, frame, main);
            list::draw_lines(&texts.details, state.scroll as u16, theme, frame, details);
        }
        None => {
            let total = watch.len() + texts.main.len();
            let first = first_to_show(run, total, main.height as usize).unwrap_or(state.scroll as u16);
            if watch.is_empty() {
                list::draw_lines(&texts.main, first, theme, frame, main);
            } else {
                let lines: Vec<_> = watch.iter().chain(&texts.main).cloned().collect();
                list::draw_lines(&lines, first, theme, frame, main);
            }
        }
    };
    if run.is_running() {
        return draw(&Texts::of(state, run, session, theme, widths), frame);
    }
    let key = TextsKey {
        id: run.id,
        state: run.state,
        details: state.details,
        roles: session.draft.parameters.roles.clone(),
        widths,
        theme: theme.clone(),
    };
    let texts = state.texts.get(key, |_| Texts::of(state, run, session, theme, widths));
    draw(&texts, frame);
}

/// Whether the most important content fits in a column.
fn has_room(state: &State, run: &Run, session: &Session, theme: &Theme, column: Rect) -> bool {
    if run.is_running() {
        return true;
    }
    let width = column.width.saturating_sub(1);
    let found = findings(run, session.content.words, theme, width, |severity| severity != Severity::Note);
    found.len() <= usize::from(column.height) && (!state.details || column.height >= ROWS_FOR_DETAILS)
}

/// The input for the layout of a finished test.
#[derive(Clone, Debug, PartialEq)]
pub struct TextsKey {
    id: JobId,
    state: RunState,
    details: bool,
    roles: Vec<String>,
    widths: (u16, Option<u16>),
    theme: Theme,
}

/// The layout of everything below the headline of a test, except the watch.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    main: Vec<Line<'static>>,
    /// Empty if there is only one column.
    details: Vec<Line<'static>>,
}

impl Texts {
    fn of(state: &State, run: &Run, session: &Session, theme: &Theme, (width, details): (u16, Option<u16>)) -> Self {
        let words = session.content.words;
        let prose = width.min(layout::PROSE);
        let is_note = |severity: Severity| severity == Severity::Note;
        let Some(column) = details else {
            let mut main = summary(run, session, theme, prose);
            main.extend(findings(run, words, theme, prose, |severity| !is_note(severity)));
            main.extend(missing::difference(run, session, theme, prose));
            main.extend(state.checks(run, session, theme, width));
            main.push(Line::default());
            main.extend(why_it_takes_so_long(run, session, theme, prose));
            main.extend(state.roles(run, words, theme, width));
            main.push(Line::default());
            main.extend(findings(run, words, theme, prose, is_note));
            return Self { main, details: Vec::new() };
        };
        let mut main = state.checks(run, session, theme, width);
        main.push(Line::default());
        main.extend(why_it_takes_so_long(run, session, theme, prose));
        main.extend(missing::difference(run, session, theme, width));
        main.extend(state.roles(run, words, theme, width));
        let mut details = summary(run, session, theme, column);
        details.extend(findings(run, words, theme, column, |severity| !is_note(severity)));
        details.extend(findings(run, words, theme, column, is_note));
        if !state.details {
            if details.last().is_some_and(|line| line.width() > 0) {
                details.push(Line::default());
            }
            details.extend(requests(run, words, theme, column));
        }
        Self { main, details }
    }
}

/// While responses arrive, the running row stays visible; after that the user scrolls.
fn first_to_show(run: &Run, total: usize, height: usize) -> Option<u16> {
    let under_way = |row: &Row| matches!(row.state, RowState::Running { .. } | RowState::Waiting { .. });
    let at = run.progress.rows().iter().rposition(under_way).filter(|_| run.is_running())?;
    Some((at + 3).saturating_sub(height).min(total.saturating_sub(height)) as u16)
}

fn not_tested(session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let width = area.width.min(layout::PROSE);
    let intro = session.content.step(StepId::Test).intro.clone();
    let words = session.content.words.test();
    let mut lines = text::wrap(&intro, width, theme.text);
    lines.push(Line::default());
    match session.key.usable() {
        Some(key) => {
            lines.push(Line::styled(words.enter_starts(), theme.title));
            lines.push(Line::default());
            let hosts = [(words.token_host_named(), key.token_url.host()), (words.api_host_named(), key.url.host())];
            let labels = hosts.iter().map(|(label, _)| label.width()).max().unwrap_or_default() as u16;
            for (label, value) in hosts {
                lines.push(Line::from(vec![
                    Span::styled(text::pad(label, labels + 2, ""), theme.text),
                    Span::styled(value.to_owned(), theme.value),
                ]));
            }
            lines.push(Line::default());
            let roles = session.requested_roles();
            lines.extend(text::wrap(&words.checks_roles(roles.join(", ")), width, theme.text));
        }
        None => lines.extend(text::wrap(words.no_key(), width, theme.text)),
    }
    list::draw_lines(&lines, 0, theme, frame, area);
    frame.set_cursor_position((area.x, area.y));
}

/// What the test says in a few words. What follows the verdict starts a line of its own if it does not fit beside it.
fn headline(run: &Run, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let words = session.content.words.test();
    let elapsed = session.now.since_start.saturating_sub(run.began);
    let (mark, verdict, style, between, rest) = match run.state {
        RunState::Running => {
            let turns = (session.now.since_start.as_millis() / 120) as usize % theme.glyphs.spinner.len();
            let spinner = if session.around.motion && elapsed >= PATIENCE {
                theme.glyphs.spinner[turns]
            } else {
                theme.glyphs.idle
            };
            let host = text::truncate(run.request.key.url.tenant(), 30, theme.glyphs.ellipsis);
            let progress = waiting::shown_progress(&run.progress, elapsed, session.content.words);
            (spinner, words.testing_host(host), theme.title, words.separator(), progress)
        }
        RunState::Cancelled => {
            let rest = words.stopped_hint().to_owned();
            (theme.glyphs.warning, words.stopped_headline().to_owned(), theme.warning, "  ", rest)
        }
        RunState::Finished => {
            let verdict = run.report.verdict;
            let (style, mark) = match verdict {
                Verdict::Ready => (theme.good, theme.glyphs.good),
                Verdict::Limited => (theme.warning, theme.glyphs.warning),
                _ => (theme.bad, theme.glyphs.bad),
            };
            let words_of_verdict = verdict_in_words(run, session.content.words);
            let total = run.report.roles.as_ref().map_or(0, Vec::len);
            let there = run
                .report
                .roles
                .iter()
                .flatten()
                .filter(|role| matches!(role.status, RoleStatus::Granted | RoleStatus::Covered))
                .count();
            let confirmed = (verdict == Verdict::Ready).then(|| words.confirmed(there, total));
            let took = run.took.map(|took| words.took(format!("{:.1}", took.as_secs_f32())));
            let notes: Vec<String> = confirmed.into_iter().chain(took).collect();
            (mark, words_of_verdict, style.patch(theme.title), "  ", notes.join(words.separator()))
        }
    };
    let one = Line::from(vec![
        Span::styled(format!("{mark} {verdict}"), style),
        Span::styled(format!("{between}{rest}"), theme.text),
    ]);
    if one.width() <= usize::from(width) {
        return vec![one];
    }
    let mut lines = text::wrap_bullet(mark, style, &verdict, style, width);
    let blank = " ".repeat(text::width(mark));
    lines.extend(text::wrap_bullet(&blank, theme.text, &rest, theme.text, width));
    lines
}

/// The verdict, with the number of missing roles, if any.
pub fn verdict_in_words(run: &Run, words: Words) -> String {
    let missing = run.report.missing_roles().len();
    match run.report.verdict {
        Verdict::Limited if missing > 0 => {
            let all = run.report.roles.as_ref().map_or(missing, Vec::len);
            words.test().limited(missing, all)
        }
        verdict => verdict.shown(words).to_owned(),
    }
}

/// The requests sent to each host so far.
fn requests(run: &Run, words: Words, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let asked = run.progress.rows().iter().filter(|row| row.state != RowState::Pending);
    let asked: Vec<Line<'static>> = asked.flat_map(|row| request(row, run, width)).collect();
    if asked.is_empty() {
        return asked;
    }
    [Line::styled(words.test().what_was_asked(), theme.title)].into_iter().chain(asked).collect()
}

/// The request of a check.
fn request(row: &Row, run: &Run, width: u16) -> Vec<Line<'static>> {
    let request = match &row.step {
        CheckStep::Connect(_) => return Vec::new(),
        CheckStep::Token => format!("POST {}", run.request.key.token_url),
        CheckStep::Probe(id) => match run.request.probes.iter().find(|probe| probe.spec.id == *id) {
            Some(probe) => format!("GET {}/api/v1{}", run.request.key.url, probe.spec.path),
            None => return Vec::new(),
        },
    };
    let mut lines = text::cut(&request, width.saturating_sub(4), Style::new());
    for (index, line) in lines.iter_mut().enumerate() {
        line.spans.insert(0, Span::raw(if index == 0 { "  " } else { "    " }));
    }
    lines
}

impl State {
    fn checks(&self, run: &Run, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        let columns = Columns::of(run, session.content.words, width - theme.glyphs.state_width().min(width));
        for row in run.progress.rows() {
            lines.extend(check_lines(row, run, session, theme, &columns));
            if self.details {
                lines.extend(check_details(row, run, session.content.words, theme, width));
            }
        }
        lines
    }

    fn roles(&self, run: &Run, words: Words, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let Some(token) = run.progress.token().filter(|_| !run.is_running()) else { return Vec::new() };
        let mut lines = vec![Line::styled(words.test().requested_roles(), theme.title)];
        // Missing roles come first.
        let is_missing = |role: &&RoleResult| role.status == RoleStatus::Missing;
        let all = || run.report.roles.iter().flatten();
        let roles = || all().filter(is_missing).chain(all().filter(|role| !is_missing(role)));
        let names = roles().map(|role| text::width(&role.role)).max().unwrap_or_default() as u16;
        let names = names.min(width * 3 / 5);
        lines.extend(roles().flat_map(|role| role_lines(role, names, words, theme, width)));
        if run.report.rests_on_scopes() {
            lines.extend(text::wrap(words.check().caveat(), width, theme.text));
        }
        if self.details {
            lines.push(Line::default());
            lines.push(Line::styled(words.test().scopes(), theme.title));
            let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
            lines.extend(text::wrap(&scopes.join(", "), width, theme.text));
        }
        lines
    }
}

/// Widths of the columns of the checks: name, result, time. Name and time are as wide as their widest entry.
struct Columns {
    name: u16,
    said: u16,
    time: u16,
}

impl Columns {
    /// A column after the mark, two before the result, one before the time and one at the right.
    const GAPS: u16 = 5;

    fn of(run: &Run, words: Words, width: u16) -> Self {
        let widest = |texts: &mut dyn Iterator<Item = String>| texts.map(|text| text::width(&text)).max();
        let rows = run.progress.rows();
        let name = widest(&mut rows.iter().map(|row| check_name(row, run, words))).unwrap_or_default() as u16;
        // Room for typical times from the start, so that nothing moves as they arrive.
        let usual = std::iter::once(words.test().milliseconds(9999));
        let time = widest(&mut rows.iter().map(|row| check_time(row, words)).chain(usual)).unwrap_or_default() as u16;
        let name = name.min(width / 2);
        Self { name, said: width.saturating_sub(name + time + Self::GAPS), time }
    }
}

pub fn check_name(row: &Row, run: &Run, words: Words) -> String {
    describe::step(&row.step, &run.request, words)
}

fn check_time(row: &Row, words: Words) -> String {
    match &row.state {
        RowState::Finished { elapsed, .. } => words.test().milliseconds(elapsed.as_millis()),
        _ => String::new(),
    }
}

/// A check with its result, on as many lines as the result takes.
fn check_lines(row: &Row, run: &Run, session: &Session, theme: &Theme, columns: &Columns) -> Vec<Line<'static>> {
    let words = session.content.words;
    let (mark, style, said) = state_words(row, run, session, theme);
    let said_style = words_style(style, theme);
    let name = text::pad(&check_name(row, run, words), columns.name, theme.glyphs.ellipsis);
    let time = check_time(row, words);
    let blank = " ".repeat(usize::from(columns.name));
    // A row without a time may use its column.
    let (has_time, time_width) = (!time.is_empty(), columns.time + 1);
    let room = columns.said + if has_time { 0 } else { time_width };
    let said = text::wrap(&said, room.max(1), said_style);
    said.into_iter()
        .enumerate()
        .map(|(index, line)| {
            let (mark, name, time) = if index == 0 { (mark, &name, &*time) } else { (" ", &blank, "") };
            let said: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
            Line::from(vec![
                Span::styled(format!("{} ", theme.glyphs.in_column(mark)), style),
                Span::raw(name.clone()),
                Span::styled(format!("  {}", text::pad(&said, room, "")), said_style),
                Span::styled(
                    if has_time { format!("{time:>width$}", width = usize::from(time_width)) } else { String::new() },
                    theme.dim,
                ),
            ])
        })
        .collect()
}

fn state_words(row: &Row, run: &Run, session: &Session, theme: &Theme) -> (&'static str, Style, String) {
    let glyphs = &theme.glyphs;
    let words = session.content.words.test();
    match &row.state {
        RowState::Pending if run.is_running() => (glyphs.idle, theme.dim, words.pending().to_owned()),
        RowState::Pending => (glyphs.idle, theme.dim, words.skipped().to_owned()),
        RowState::Running { .. } | RowState::Waiting { .. } if !run.is_running() => {
            (glyphs.idle, theme.text, words.stopped().to_owned())
        }
        RowState::Running { .. } | RowState::Waiting { .. } => {
            let at = run.elapsed(session.now.since_start);
            let (mark, style) = match row.waits(at) {
                Some(Wait::Pause { .. }) => (glyphs.warning, theme.warning),
                _ => (glyphs.cursor, theme.accent),
            };
            (mark, style, row.waits_shown(at, session.content.words).unwrap_or_default())
        }
        RowState::Finished { seen, .. } => {
            let (mark, style) = marked(describe::severity(seen), theme);
            (mark, style, describe::seen(seen, &session.content.findings, session.content.words))
        }
    }
}

/// The mark and style of a severity; `None` means OK.
fn marked(severity: Option<Severity>, theme: &Theme) -> (&'static str, Style) {
    match severity {
        None => (theme.glyphs.good, theme.good),
        Some(Severity::Note) => (theme.glyphs.idle, theme.dim),
        Some(Severity::Warning) => (theme.glyphs.warning, theme.warning),
        Some(Severity::Error) => (theme.glyphs.bad, theme.bad),
    }
}

/// Text about something OK has the default colour; only its mark is coloured.
fn words_style(style: Style, theme: &Theme) -> Style {
    if style == theme.good { theme.text } else { style }
}

fn check_details(row: &Row, run: &Run, words: Words, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let mut lines = request(row, run, width);
    let of_row = |probe: &&PlannedProbe| row.step == CheckStep::Probe(probe.spec.id.clone());
    if let Some(probe) = run.request.probes.iter().find(of_row).filter(|probe| !probe.roles.is_empty()) {
        let checks = words.test().checks(probe.roles.join(", "));
        lines.extend(text::wrap_bullet(" ", theme.text, &checks, theme.text, width));
    }
    lines
}

/// A role with its status, on as many lines as the status takes.
fn role_lines(role: &RoleResult, name_width: u16, words: Words, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let (mark, style) = marked(describe::role_severity(role.status), theme);
    let said = describe::role(role, words);
    let room = width.saturating_sub(name_width + theme.glyphs.state_width() + 3).max(1);
    let mut lines = text::wrap(&said, room, words_style(style, theme));
    for (index, line) in lines.iter_mut().enumerate() {
        let (mark, name) = if index == 0 { (mark, role.role.as_str()) } else { (" ", "") };
        let name = text::pad(name, name_width + 2, theme.glyphs.ellipsis);
        line.spans.splice(0..0, [Span::styled(format!("{} ", theme.glyphs.in_column(mark)), style), Span::raw(name)]);
    }
    lines
}

/// The probable cause while a response takes long, and that stopping loses nothing.
fn why_it_takes_so_long(run: &Run, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let at = run.elapsed(session.now.since_start);
    let words = session.content.words;
    let reason = run.is_running().then(|| waiting::likely_reason(&run.progress, &run.request, at, words)).flatten();
    let Some(reason) = reason else { return Vec::new() };
    let mut lines = text::wrap(&reason, width, theme.text);
    lines.extend(text::wrap(words.test().esc_stops(), width, theme.text));
    lines.push(Line::default());
    lines
}

/// The next step, if all is well.
fn summary(run: &Run, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    if run.verdict() != Some(Verdict::Ready) {
        return Vec::new();
    }
    let host = run.request.key.url.host();
    let labels = session.content.words.test();
    let purpose = session.draft.purpose(&session.content);
    let words = labels.ready(purpose.map_or(labels.your_client(), |purpose| purpose.title.as_str()), host);
    let mut lines = text::wrap(&words, width, theme.text);
    lines.push(Line::default());
    lines
}

/// The findings in words, once the test has finished.
fn findings(
    run: &Run,
    words: Words,
    theme: &Theme,
    width: u16,
    wanted: impl Fn(Severity) -> bool,
) -> Vec<Line<'static>> {
    if run.is_running() {
        return Vec::new();
    }
    // The headline already says that it was stopped.
    let is_said = |found: &Explained| run.state == RunState::Cancelled && found.code == FindingCode::Cancelled;
    let found = run.report.together.iter().filter(|found| wanted(found.severity) && !is_said(found));
    let found: Vec<Explained> = found.cloned().collect();
    finding::all_lines(&found, words, theme, width)
}
