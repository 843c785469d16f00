//! Step 8: the live test, row by row, then the verdict with what it means.
//!
//! ```text
//! verdict
//! checks, one a row                          | findings: what, why, what to do
//! roles                                      |
//! ```
//! On a narrow screen all of it is one column: what is wrong, checks, roles, notes.

use std::{path::PathBuf, time::Duration};

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::{Command, Enter, Navigation, Screen, Update, command, copy, move_focus};
use crate::{
    domain::{
        check::{
            CheckStep, ProbeOutcome, Seen, Site,
            diagnosis::{Row, RowState},
            report::{self, Basis, RoleResult, RoleStatus},
        },
        finding::{Explained, FindingCode, Severity, Verdict},
        sap::{guide::StepId, parameters::JsonStyle},
    },
    keymap::Action,
    model::{
        JobRequest, Session,
        run::{Run, RunState},
    },
    ui::{
        Theme, layout, text,
        widget::{finding, list},
    },
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
        let Some(run) = &session.run else {
            return vec![
                command(Action::Primary, "start the test")
                    .only_if(session.key.usable().is_some(), "There is no key to test yet. Paste one in Quick Fill."),
            ];
        };
        if run.is_running() {
            return vec![command(Action::Cancel, "stop the test"), command(Action::Details, "details")];
        }
        let again = command(Action::Retry, "test again");
        let mut commands = match run.verdict() {
            Some(Verdict::Ready) => vec![command(Action::Primary, "hand over"), again],
            _ => vec![again, command(Action::Primary, "next").hidden_from_footer()],
        };
        if run.report.missing_roles().is_empty() {
            commands.push(command(Action::Copy, "copy report"));
        } else {
            commands.push(command(Action::Copy, "copy corrected JSON"));
        }
        commands.push(command(Action::Details, if self.details { "fewer details" } else { "details" }));
        commands.push(command(Action::Save, "save report"));
        commands
    }

    fn enter(&mut self, _why: Enter, _session: &mut Session) -> Update {
        self.scroll = 0;
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        if move_focus(&mut self.scroll, 500, action) {
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
                        copy("the report", report::markdown(&run.report))
                    } else {
                        copy("the corrected instance parameters", corrected(session))
                    };
                }
            }
            Action::Save => {
                if let Some(run) = &session.run {
                    let text = report::markdown(&run.report);
                    let write = JobRequest::WriteFile { path: PathBuf::from("cpikey-report.md"), text };
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

    fn plain(&self, session: &Session) -> String {
        let Some(run) = &session.run else { return "No test was made yet.\n".to_owned() };
        let mut out = report::markdown(&run.report);
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
            checks.extend(self.roles(run, theme, main.width.saturating_sub(1)));
            let first = self.first_to_show(run, checks.len(), main.height as usize);
            list::draw_lines(&checks, first, theme, frame, main);
            let width = details.width.saturating_sub(1);
            let mut lines = summary(run, session, theme, width);
            lines.extend(findings(run, theme, width, |_| true));
            list::draw_lines(&lines, self.scroll as u16, theme, frame, details);
        } else {
            let width = rest.width.saturating_sub(1);
            let prose = width.min(layout::PROSE);
            let mut lines = summary(run, session, theme, prose);
            lines.extend(findings(run, theme, prose, |severity| severity != Severity::Note));
            lines.extend(self.checks(run, session, theme, width));
            lines.push(Line::default());
            lines.extend(self.roles(run, theme, width));
            lines.push(Line::default());
            lines.extend(findings(run, theme, prose, |severity| severity == Severity::Note));
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
    let intro = session.content.step(StepId::Test).map(|step| step.intro.clone()).unwrap_or_default();
    let mut lines = text::wrap(&intro, width, theme.dim);
    lines.push(Line::default());
    match session.key.usable() {
        Some(key) => {
            lines.push(Line::styled("Enter starts the test.", theme.title));
            lines.push(Line::default());
            for (label, value) in [("Token host", key.token_url.host()), ("API host", key.url.host())] {
                lines.push(Line::from(vec![
                    Span::styled(text::pad(label, 12, ""), theme.dim),
                    Span::styled(value.to_owned(), theme.value),
                ]));
            }
            lines.push(Line::default());
            let roles = session.requested_roles();
            lines.extend(text::wrap(&format!("Asked for: {}", roles.join(", ")), width, theme.text));
        }
        None => lines.extend(text::wrap("There is no key to test yet. Paste one in Quick Fill.", width, theme.text)),
    }
    list::draw_lines(&lines, 0, theme, frame, area);
    frame.set_cursor_position((area.x, area.y));
}

fn headline(run: &Run, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let elapsed = session.now.since_start.saturating_sub(run.began);
    let line = match run.state {
        RunState::Running => {
            let turns = (session.now.since_start.as_millis() / 120) as usize % theme.glyphs.spinner.len();
            let spinner = if session.around.motion && elapsed >= PATIENCE {
                theme.glyphs.spinner[turns]
            } else {
                theme.glyphs.idle
            };
            Line::from(vec![
                Span::styled(format!("{spinner} Testing"), theme.accent),
                Span::styled("  the screen stays usable; esc stops the test", theme.dim),
            ])
        }
        RunState::Cancelled => Line::from(vec![
            Span::styled(format!("{} The test was stopped", theme.glyphs.warning), theme.warning),
            Span::styled("  what was seen so far stays below", theme.dim),
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
                Verdict::Ready | Verdict::Limited => format!("  {there} of {total} requested roles confirmed"),
                _ => String::new(),
            };
            Line::from(vec![
                Span::styled(format!("{mark} {}", verdict.words()), style.patch(theme.title)),
                Span::styled(note, theme.dim),
            ])
        }
    };
    frame.render_widget(line, area);
}

impl State {
    /// While answers come, the row that is under way stays in sight; after that the person scrolls.
    fn first_to_show(&self, run: &Run, total: usize, height: usize) -> u16 {
        let under_way = |row: &Row| matches!(row.state, RowState::Running | RowState::Waiting { .. });
        match run.progress.rows().iter().rposition(under_way) {
            Some(at) if run.is_running() => (at + 3).saturating_sub(height).min(total.saturating_sub(height)) as u16,
            _ => self.scroll as u16,
        }
    }

    fn checks(&self, run: &Run, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        for row in run.progress.rows() {
            lines.push(check_line(row, run, session, theme, width));
            if self.details {
                lines.extend(check_details(row, run, theme, width));
            }
        }
        lines
    }

    fn roles(&self, run: &Run, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let Some(token) = run.progress.token().filter(|_| !run.is_running()) else { return Vec::new() };
        let mut lines = vec![Line::styled("Requested roles", theme.title)];
        lines.extend(run.report.roles.iter().flatten().map(|role| role_line(role, theme, width)));
        if let Some(caveat) = run.report.caveat() {
            lines.extend(text::wrap(caveat, width, theme.dim));
        }
        if self.details {
            lines.push(Line::default());
            lines.push(Line::styled("Scopes in the token", theme.title));
            let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
            lines.extend(text::wrap(&scopes.join(", "), width, theme.dim));
        }
        lines
    }
}

fn check_line(row: &Row, run: &Run, session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let name = match &row.step {
        CheckStep::Connect(Site::Token) => "token host".to_owned(),
        CheckStep::Connect(Site::Api) => "API host".to_owned(),
        CheckStep::Token => "token".to_owned(),
        CheckStep::Probe(id) => run
            .request
            .probes
            .iter()
            .find(|probe| probe.spec.id == *id)
            .map_or_else(|| id.clone(), |probe| probe.spec.title.clone()),
    };
    let (mark, style, said) = state_words(row, run, session, theme);
    let time = match &row.state {
        RowState::Finished { elapsed, .. } => format!("{} ms", elapsed.as_millis()),
        _ => String::new(),
    };
    let name_width = 26.min(width / 2);
    let said_width = width.saturating_sub(name_width + 2 + 9);
    Line::from(vec![
        Span::styled(format!("{mark} "), style),
        Span::raw(text::pad(&name, name_width, theme.glyphs.ellipsis)),
        Span::styled(text::pad(&format!(" {said}"), said_width, theme.glyphs.ellipsis), style),
        Span::styled(format!("{time:>8}"), theme.dim),
    ])
}

fn state_words(row: &Row, run: &Run, session: &Session, theme: &Theme) -> (&'static str, Style, String) {
    let glyphs = &theme.glyphs;
    match &row.state {
        RowState::Pending if run.is_running() => (glyphs.idle, theme.dim, "waits".to_owned()),
        RowState::Pending => (glyphs.idle, theme.dim, "not asked".to_owned()),
        RowState::Running if run.is_running() => {
            (glyphs.arrow.get(..glyphs.arrow.len().min(3)).unwrap_or(">"), theme.accent, "running".to_owned())
        }
        RowState::Running => (glyphs.idle, theme.dim, "stopped".to_owned()),
        RowState::Waiting { pause, reason } => {
            (glyphs.warning, theme.warning, format!("waits {:.1} s: {reason}", pause.as_secs_f32()))
        }
        RowState::Finished { seen, .. } => match seen {
            Seen::Connected { tls, proxy } => {
                let tls =
                    tls.as_ref().map_or_else(|| "connected, plain http".to_owned(), |tls| format!("connected, {tls}"));
                let proxy = proxy.as_ref().map(|proxy| format!(" via {proxy}")).unwrap_or_default();
                (glyphs.good, theme.good, format!("{tls}{proxy}"))
            }
            Seen::Token(facts) => {
                let valid =
                    facts.expires_in.map(|seconds| format!("valid {}, ", lifetime(seconds))).unwrap_or_default();
                (glyphs.good, theme.good, format!("issued, {valid}{} scopes", facts.scopes.len()))
            }
            Seen::Probe(facts) => {
                let status = facts.status.map(|status| format!("{status}")).unwrap_or_default();
                match facts.outcome {
                    ProbeOutcome::Ok => {
                        let count = facts
                            .count
                            .map(|count| format!(", {count} {}", if count == 1 { "entry" } else { "entries" }))
                            .unwrap_or_default();
                        (glyphs.good, theme.good, format!("{status} ok{count}"))
                    }
                    ProbeOutcome::Forbidden => (glyphs.bad, theme.bad, format!("{status} refused: a role is missing")),
                    ProbeOutcome::Unauthorized => (glyphs.bad, theme.bad, format!("{status} token not accepted")),
                    ProbeOutcome::NotOnTenant => (glyphs.idle, theme.dim, format!("{status} not on this tenant")),
                    ProbeOutcome::Failed => (glyphs.bad, theme.bad, format!("{status} failed")),
                    ProbeOutcome::Skipped => (glyphs.idle, theme.dim, "not asked".to_owned()),
                }
            }
            Seen::Fault(finding) if finding.code == FindingCode::Cancelled => {
                (glyphs.idle, theme.dim, "stopped".to_owned())
            }
            Seen::Fault(finding) => {
                let words = session.content.findings.explain(finding);
                let (style, mark) =
                    theme.severity(if words.severity == Severity::Note { Severity::Error } else { words.severity });
                (mark, style, words.title)
            }
        },
    }
}

fn check_details(row: &Row, run: &Run, theme: &Theme, width: u16) -> Vec<Line<'static>> {
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
        lines.extend(text::wrap_bullet(" ", theme.dim, &format!("tells about {roles}"), theme.dim, width));
    }
    lines
}

fn role_line(role: &RoleResult, theme: &Theme, width: u16) -> Line<'static> {
    let glyphs = &theme.glyphs;
    let (mark, style, word) = match role.status {
        RoleStatus::Granted => (glyphs.good, theme.good, "granted"),
        RoleStatus::Covered => (glyphs.good, theme.good, "covered by another role"),
        RoleStatus::Missing => (glyphs.bad, theme.bad, "missing"),
        RoleStatus::Unknown => (glyphs.idle, theme.dim, "cannot be checked by reading"),
    };
    let basis: Vec<&str> = role
        .basis
        .iter()
        .map(|basis| match basis {
            Basis::Scope => "token scopes",
            Basis::Probe => "read",
        })
        .collect();
    let basis = if basis.is_empty() { String::new() } else { format!(" ({})", basis.join(" and ")) };
    let name_width = 34.min(width * 3 / 5);
    Line::from(vec![
        Span::styled(format!("{mark} "), style),
        Span::raw(text::pad(&role.role, name_width, glyphs.ellipsis)),
        Span::styled(
            text::truncate(&format!(" {word}{basis}"), width.saturating_sub(name_width + 2), glyphs.ellipsis),
            style,
        ),
    ])
}

/// Where all is well, what comes next.
fn summary(run: &Run, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    if run.verdict() != Some(Verdict::Ready) {
        return Vec::new();
    }
    let host = run.request.key.url.host();
    let purpose = session.draft.purpose(&session.content).map_or("your client", |purpose| purpose.title.as_str());
    let words = format!("Token and API answered as they should. The key is ready for {purpose} on {host}.");
    let mut lines = text::wrap(&words, width, theme.text);
    lines.push(Line::default());
    lines
}

/// The findings in words, once the test is over.
fn findings(run: &Run, theme: &Theme, width: u16, wanted: impl Fn(Severity) -> bool) -> Vec<Line<'static>> {
    if run.is_running() {
        return Vec::new();
    }
    let found: Vec<Explained> = run.report.together.iter().filter(|found| wanted(found.severity)).cloned().collect();
    finding::all_lines(&found, theme, width)
}

/// A lifetime in hours and minutes: `12 h`. The second that the request took does not matter.
fn lifetime(seconds: u64) -> String {
    let minutes = (seconds + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
