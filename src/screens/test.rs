//! Step 8: the live test, row by row, then the verdict with what it means.
//!
//! ```text
//! verdict
//! checks, one a row                          | findings: what, why, what to do
//! roles                                      |
//! ```
//! On a narrow screen all of it is one column: what is wrong, checks, roles, notes.

mod linear;

use std::{path::PathBuf, time::Duration};

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr as _;

use super::{Command, Enter, Navigation, Screen, Update, command, copy, move_scroll};
use crate::{
    domain::{
        check::{
            CheckStep, describe,
            diagnosis::{Row, RowState},
            report::{self, RoleResult, RoleStatus},
            waiting::{self, Wait},
        },
        finding::{Explained, Severity, Verdict},
        sap::{guide::StepId, parameters::JsonStyle},
    },
    keymap::Action,
    model::{
        JobRequest, Session,
        run::{Run, RunState},
    },
    ui::{
        Theme, layout,
        page::Page,
        text,
        widget::{finding, list},
    },
    words::Words,
};

/// A spinner is not shown before this, so that quick answers do not flicker.
const PATIENCE: Duration = Duration::from_millis(100);

/// How far the findings are scrolled, and whether the checks show their details.
#[derive(Debug, Default)]
pub struct State {
    scroll: usize,
    details: bool,
}

impl Screen for State {
    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.test();
        let Some(run) = &session.run else {
            return vec![
                command(Action::Primary, words.start()).only_if(session.key.usable().is_some(), words.no_key()),
            ];
        };
        if run.is_running() {
            return vec![command(Action::Cancel, words.stop()), command(Action::Details, words.details())];
        }
        let again = command(Action::Retry, words.again());
        let mut commands = match run.verdict() {
            Some(Verdict::Ready) => vec![command(Action::Primary, words.hand_over()), again],
            _ => vec![again, command(Action::Primary, words.next()).hidden_from_footer()],
        };
        if run.report.missing_roles().is_empty() {
            commands.push(command(Action::Copy, words.copy_report()));
        } else {
            commands.push(command(Action::Copy, words.copy_corrected()));
        }
        commands.push(command(Action::Details, if self.details { words.fewer_details() } else { words.details() }));
        commands.push(command(Action::Save, words.save_report()));
        commands
    }

    fn enter(&mut self, _why: Enter, _session: &mut Session) -> Update {
        self.scroll = 0;
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        if move_scroll(&mut self.scroll, 500, action) {
            return Update::none();
        }
        match action {
            Action::Retry | Action::Primary if session.run.is_none() || action == Action::Retry => {
                self.scroll = 0;
                return Update { effects: session.start_test().into_iter().collect(), ..Update::none() };
            }
            Action::Primary if !session.is_testing() => return Update::go(Navigation::Next),
            Action::Cancel if session.is_testing() => {
                session.cancel_test();
                return Update::none();
            }
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            Action::Details => self.details = !self.details,
            Action::Copy => {
                if let Some(run) = &session.run {
                    return if run.report.missing_roles().is_empty() {
                        copy(
                            session.content.words.test().report_named(),
                            report::markdown(&run.report, session.content.words),
                        )
                    } else {
                        copy(session.content.words.test().corrected_named(), corrected(session))
                    };
                }
            }
            Action::Save => {
                if let Some(run) = &session.run {
                    let text = report::markdown(&run.report, session.content.words);
                    let write = JobRequest::WriteFile { path: PathBuf::from("cpikey-report.md"), text, private: true };
                    return Update::effect(session.start(StepId::Test, write));
                }
            }
            _ => {}
        }
        Update::none()
    }

    fn needs_attention(&self, session: &Session) -> bool {
        session.run.as_ref().is_some_and(|run| run.verdict().is_some_and(|verdict| verdict != Verdict::Ready))
    }

    fn linear(&self, session: &Session) -> Page {
        linear::page(self, session)
    }

    fn plain(&self, session: &Session) -> String {
        let Some(run) = &session.run else { return format!("{}\n", session.content.words.test().not_tested()) };
        let mut out = report::markdown(&run.report, session.content.words);
        if !run.report.missing_roles().is_empty() {
            out.push_str(&format!("\n{}\n", corrected(session)));
        }
        out
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let Some(run) = &session.run else {
            waiting(session, theme, frame, area);
            return;
        };
        let (top, rest) = layout::top(area, 2);
        headline(run, session, theme, frame, top);
        frame.set_cursor_position((area.x, area.y));
        if rest.width >= layout::WIDE {
            let (main, details) = layout::with_details(rest);
            let details = details.unwrap_or(Rect::ZERO);
            let mut checks = self.checks(run, session, theme, main.width.saturating_sub(1));
            checks.push(Line::default());
            checks.extend(why_it_takes_so_long(run, session, theme, main.width.min(layout::PROSE)));
            checks.extend(self.roles(run, session.content.words, theme, main.width.saturating_sub(1)));
            let first = self.first_to_show(run, checks.len(), main.height as usize);
            list::draw_lines(&checks, first, theme, frame, main);
            let width = details.width.saturating_sub(1);
            let mut lines = summary(run, session, theme, width);
            lines.extend(findings(run, session.content.words, theme, width, |_| true));
            list::draw_lines(&lines, self.scroll as u16, theme, frame, details);
        } else {
            let width = rest.width.saturating_sub(1);
            let prose = width.min(layout::PROSE);
            let mut lines = summary(run, session, theme, prose);
            lines.extend(findings(run, session.content.words, theme, prose, |severity| severity != Severity::Note));
            lines.extend(self.checks(run, session, theme, width));
            lines.push(Line::default());
            lines.extend(why_it_takes_so_long(run, session, theme, prose));
            lines.extend(self.roles(run, session.content.words, theme, width));
            lines.push(Line::default());
            lines.extend(findings(run, session.content.words, theme, prose, |severity| severity == Severity::Note));
            let first = self.first_to_show(run, lines.len(), rest.height as usize);
            list::draw_lines(&lines, first, theme, frame, rest);
        }
    }
}

/// The parameters with every requested role: what the instance has to be updated with.
fn corrected(session: &Session) -> String {
    let mut parameters = session.draft.parameters.clone();
    for role in session.run.iter().flat_map(|run| run.report.missing_roles()) {
        if !parameters.has_role(role) {
            parameters.toggle_role(role);
        }
    }
    parameters.to_json(JsonStyle::Pretty, crate::domain::sap::parameters::Extent::Full)
}

fn waiting(session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let width = area.width.min(layout::PROSE);
    let intro = session.content.step(StepId::Test).intro.clone();
    let words = session.content.words.test();
    let mut lines = text::wrap(&intro, width, theme.dim);
    lines.push(Line::default());
    match session.key.usable() {
        Some(key) => {
            lines.push(Line::styled(words.enter_starts(), theme.title));
            lines.push(Line::default());
            let hosts = [(words.token_host_named(), key.token_url.host()), (words.api_host_named(), key.url.host())];
            let labels = hosts.iter().map(|(label, _)| label.width()).max().unwrap_or_default() as u16;
            for (label, value) in hosts {
                lines.push(Line::from(vec![
                    Span::styled(text::pad(label, labels + 2, ""), theme.dim),
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

fn headline(run: &Run, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let words = session.content.words.test();
    let elapsed = session.now.since_start.saturating_sub(run.began);
    let line = match run.state {
        RunState::Running => {
            let turns = (session.now.since_start.as_millis() / 120) as usize % theme.glyphs.spinner.len();
            let spinner = if session.around.motion && elapsed >= PATIENCE {
                theme.glyphs.spinner[turns]
            } else {
                theme.glyphs.idle
            };
            let host = text::truncate(run.request.key.url.tenant(), 30, theme.glyphs.ellipsis);
            let progress = waiting::shown_progress(&run.progress, elapsed, session.content.words);
            Line::from(vec![
                Span::styled(format!("{spinner} {}", words.testing_host(host)), theme.title),
                Span::styled(format!("{}{progress}", words.separator()), theme.text),
            ])
        }
        RunState::Cancelled => Line::from(vec![
            Span::styled(format!("{} {}", theme.glyphs.warning, words.stopped_headline()), theme.warning),
            Span::styled(format!("  {}", words.stopped_hint()), theme.dim),
        ]),
        RunState::Finished => {
            let verdict = run.report.verdict;
            let (style, mark) = match verdict {
                Verdict::Ready => (theme.good, theme.glyphs.good),
                Verdict::Limited => (theme.warning, theme.glyphs.warning),
                _ => (theme.bad, theme.glyphs.bad),
            };
            let total = run.report.roles.as_ref().map_or(0, Vec::len);
            let there = run
                .report
                .roles
                .iter()
                .flatten()
                .filter(|role| matches!(role.status, RoleStatus::Granted | RoleStatus::Covered))
                .count();
            let note = match verdict {
                Verdict::Ready | Verdict::Limited => format!("  {}", words.confirmed(there, total)),
                _ => String::new(),
            };
            Line::from(vec![
                Span::styled(format!("{mark} {}", verdict.shown(session.content.words)), style.patch(theme.title)),
                Span::styled(note, theme.dim),
            ])
        }
    };
    frame.render_widget(line, area);
}

impl State {
    /// While answers come, the row that is under way stays in sight; after that the person scrolls.
    fn first_to_show(&self, run: &Run, total: usize, height: usize) -> u16 {
        let under_way = |row: &Row| matches!(row.state, RowState::Running { .. } | RowState::Waiting { .. });
        match run.progress.rows().iter().rposition(under_way) {
            Some(at) if run.is_running() => (at + 3).saturating_sub(height).min(total.saturating_sub(height)) as u16,
            _ => self.scroll as u16,
        }
    }

    fn checks(&self, run: &Run, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        let columns = Columns::of(run, session.content.words, width);
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
        let roles = || run.report.roles.iter().flatten();
        let names = roles().map(|role| text::width(&role.role)).max().unwrap_or_default() as u16;
        let names = names.min(width * 3 / 5);
        lines.extend(roles().flat_map(|role| role_lines(role, names, words, theme, width)));
        if run.report.rests_on_scopes() {
            lines.extend(text::wrap(words.check().caveat(), width, theme.dim));
        }
        if self.details {
            lines.push(Line::default());
            lines.push(Line::styled(words.test().scopes(), theme.title));
            let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
            lines.extend(text::wrap(&scopes.join(", "), width, theme.dim));
        }
        lines
    }
}

/// Widths of the columns of the checks: name, result, time. Name and time take what the widest of them needs.
struct Columns {
    name: u16,
    said: u16,
    time: u16,
}

impl Columns {
    /// Two columns each for the mark and before the result, one before the time and one at the right.
    const GAPS: u16 = 6;

    fn of(run: &Run, words: Words, width: u16) -> Self {
        let widest = |texts: &mut dyn Iterator<Item = String>| texts.map(|text| text::width(&text)).max();
        let rows = run.progress.rows();
        let name = widest(&mut rows.iter().map(|row| check_name(row, run, words))).unwrap_or_default() as u16;
        // Room for the usual times from the beginning, so that nothing moves as they come in.
        let usual = std::iter::once(words.test().milliseconds(9999));
        let time = widest(&mut rows.iter().map(|row| check_time(row, words)).chain(usual)).unwrap_or_default() as u16;
        let name = name.min(width / 2);
        Self { name, said: width.saturating_sub(name + time + Self::GAPS), time }
    }
}

fn check_name(row: &Row, run: &Run, words: Words) -> String {
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
    let name = text::pad(&check_name(row, run, words), columns.name, theme.glyphs.ellipsis);
    let time = check_time(row, words);
    let blank = " ".repeat(usize::from(columns.name));
    let said = text::wrap(&said, columns.said.max(1), style);
    said.into_iter()
        .enumerate()
        .map(|(index, line)| {
            let (mark, name, time) = if index == 0 { (mark, &name, &*time) } else { (" ", &blank, "") };
            let said: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
            Line::from(vec![
                Span::styled(format!("{mark} "), style),
                Span::raw(name.clone()),
                Span::styled(format!("  {}", text::pad(&said, columns.said, "")), style),
                Span::styled(format!("{time:>width$}", width = usize::from(columns.time) + 1), theme.dim),
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

/// The mark and the style of something that is as it should be (`None`), or how bad it is.
fn marked(severity: Option<Severity>, theme: &Theme) -> (&'static str, Style) {
    match severity {
        None => (theme.glyphs.good, theme.good),
        Some(Severity::Note) => (theme.glyphs.idle, theme.dim),
        Some(Severity::Warning) => (theme.glyphs.warning, theme.warning),
        Some(Severity::Error) => (theme.glyphs.bad, theme.bad),
    }
}

fn check_details(row: &Row, run: &Run, words: Words, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let request = match &row.step {
        CheckStep::Connect(_) => return Vec::new(),
        CheckStep::Token => format!("POST {}", run.request.key.token_url),
        CheckStep::Probe(id) => match run.request.probes.iter().find(|probe| probe.spec.id == *id) {
            Some(probe) => format!("GET {}/api/v1{}", run.request.key.url, probe.spec.path),
            None => return Vec::new(),
        },
    };
    let roles = match &row.step {
        CheckStep::Probe(id) => run
            .request
            .probes
            .iter()
            .find(|probe| probe.spec.id == *id)
            .map(|probe| probe.roles.join(", "))
            .unwrap_or_default(),
        _ => String::new(),
    };
    let mut lines = text::wrap_bullet(" ", theme.dim, &request, theme.dim, width);
    if !roles.is_empty() {
        lines.extend(text::wrap_bullet(" ", theme.dim, &words.test().checks(roles), theme.dim, width));
    }
    lines
}

/// A role with its status, on as many lines as the status takes.
fn role_lines(role: &RoleResult, name_width: u16, words: Words, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let (mark, style) = marked(describe::role_severity(role.status), theme);
    let said = describe::role(role, words);
    let room = width.saturating_sub(name_width + 4).max(1);
    let mut lines = text::wrap(&said, room, style);
    for (index, line) in lines.iter_mut().enumerate() {
        let (mark, name) = if index == 0 { (mark, role.role.as_str()) } else { (" ", "") };
        let name = text::pad(name, name_width + 2, theme.glyphs.ellipsis);
        line.spans.splice(0..0, [Span::styled(format!("{mark} "), style), Span::raw(name)]);
    }
    lines
}

/// What is likely while an answer takes long, and that nothing is lost by stopping.
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

/// If all is well, what comes next.
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

/// The findings in words, once the test is over.
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
    let found: Vec<Explained> = run.report.together.iter().filter(|found| wanted(found.severity)).cloned().collect();
    finding::all_lines(&found, words, theme, width)
}
