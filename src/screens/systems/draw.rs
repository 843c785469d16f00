//! Draws the list and the results.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::{Mode, State};
use crate::{
    domain::{
        finding::{Severity, Verdict},
        systems::{
            describe,
            system::{System, SystemId},
        },
        text::{safe_text::SafeText, when::day},
    },
    model::{
        Session,
        saved_systems::{BatchTest, TestStatus},
    },
    ui::{
        Theme, layout, text,
        widget::{
            finding,
            list::{self, Entry, Focus},
        },
    },
    words::Words,
};

/// The maximum width of a name.
const WIDEST_NAME: u16 = 24;

/// The minimum useful width of a truncated host.
const WORTH_SHOWING: usize = 14;

/// Draws the screen.
pub fn draw(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    match &state.mode {
        Mode::Unlock(unlock) => return unlock.draw(session, theme, frame, area),
        Mode::Rename(rename) => return rename.draw(session, theme, frame, area),
        Mode::List | Mode::Results => {}
    }
    let words = session.content.words;
    let prose = area.width.min(layout::PROSE);
    let focus = state.at(session);
    let (area, pane) = if state.rows(session) > 0 { layout::with_details(area) } else { (area, None) };
    if let Some(pane) = pane {
        list::draw_lines(&about_focused(state, session, theme, pane.width), 0, theme, frame, pane);
    }
    let place = Place { focus, width: area.width, has_pane: pane.is_some() };
    let (introduction, entries) = match state.batch(session) {
        Some(batch) => {
            let said = text::wrap(&progress(batch, session), prose, theme.title);
            (said, results(batch, place, session, theme))
        }
        None if session.saved.systems().is_empty() => {
            (text::wrap(words.saved_systems().none(), prose, theme.text), Vec::new())
        }
        None => {
            let intro = text::wrap(words.saved_systems().intro(), prose.min(area.width), theme.text);
            (intro, systems(place, session, theme))
        }
    };
    let rows = introduction.len() as u16 + 1;
    let (above, below) = layout::top(area, rows.min(area.height / 2));
    list::draw_lines(&introduction, 0, theme, frame, above);
    if entries.is_empty() {
        frame.set_cursor_position((area.x, area.y));
    }
    list::draw(&entries, focus, Focus::Here, theme, frame, below);
}

/// Where the rows are drawn.
#[derive(Clone, Copy)]
struct Place {
    /// The row with the focus.
    focus: usize,
    width: u16,
    /// Whether details of the focused row have a separate pane.
    has_pane: bool,
}

/// The details of the focused system.
fn about_focused(state: &State, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let words = session.content.words;
    let labels = words.saved_systems();
    let Some(system) = state.system(session) else { return Vec::new() };
    let mut lines = text::wrap(system.name.as_str(), width, theme.title);
    lines.push(Line::default());
    let facts = [
        (labels.url(), system.url.as_str().to_owned()),
        (labels.token_url(), system.token_url.as_str().to_owned()),
        (labels.client_id(), system.client_id.to_string()),
        (labels.for_plan(), plan(system, session)),
        (labels.last_test(), describe::last_test(system.last_test, session.now.wall, &session.zone, words)),
        (
            labels.certificate(),
            system.expires.map(|at| day(at, session.now.wall, &session.zone, words)).unwrap_or_default(),
        ),
        (labels.note(), system.note.to_string()),
    ];
    for (label, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
        lines.push(Line::styled(label, theme.title));
        let room = width.saturating_sub(2);
        lines.extend(text::wrap_indented(" ", theme.text, &[(value, theme.text)], room + 2));
    }
    let focused = state.batch(session).and_then(|batch| batch.rows.get(state.at(session)));
    if let Some((_, TestStatus::Done(result))) = focused {
        lines.push(Line::default());
        let report = result.report.iter().flat_map(|report| &report.together);
        lines.extend(finding::all_lines(&report.cloned().collect::<Vec<_>>(), words, theme, width));
        if result.report.is_none() {
            lines.extend(text::wrap(SafeText::capped(&result.reason, 300).as_str(), width, theme.text));
        }
    }
    lines
}

/// The width of each column, so that even the longest text fits.
fn columns<const N: usize>(rows: &[[String; N]]) -> [u16; N] {
    std::array::from_fn(|column| rows.iter().map(|row| text::width(&row[column])).max().unwrap_or_default() as u16)
}

/// The list: name, latest test, certificate and host per row; below the focused one further details.
fn systems(Place { focus, width, has_pane }: Place, session: &Session, theme: &Theme) -> Vec<Entry> {
    let words = session.content.words;
    let cells = |system: &System| {
        let expiry = describe::expiry(system.expires, session.now.wall, words).unwrap_or_default();
        [system.name.to_string(), describe::last_test(system.last_test, session.now.wall, &session.zone, words), expiry]
    };
    let rows: Vec<[String; 3]> = session.saved.systems().iter().map(cells).collect();
    let [names, tested, expiry] = columns(&rows);
    let names = names.min(WIDEST_NAME);
    let entry = |(index, (system, row)): (usize, (&System, &[String; 3]))| {
        let mut facts = text::pad(&row[1], tested, "");
        if expiry > 0 {
            facts = format!("{facts}  {}", text::pad(&row[2], expiry, ""));
        }
        let room = width.saturating_sub(names + 4);
        if text::width(&facts) + WORTH_SHOWING <= usize::from(room) {
            facts = format!("{facts}  {}", system.url.host());
        }
        let lead = format!("  {} ", text::pad(&row[0], names, theme.glyphs.ellipsis));
        let mut lines = if text::width(facts.trim_end()) > usize::from(room) {
            text::wrap_indented(&lead, theme.value, &[(text::facts(&row[1..]), theme.text)], width)
        } else {
            vec![Line::from(vec![Span::styled(lead.clone(), theme.value), Span::raw(format!(" {}", facts.trim_end()))])]
        };
        if index == focus && !has_pane {
            lines.extend(details(&about(system, session), theme, width));
        }
        Entry::item(lines).with_bar(names + 3)
    };
    session.saved.systems().iter().zip(&rows).enumerate().map(entry).collect()
}

/// The details that do not fit in a row.
pub fn about(system: &System, session: &Session) -> Vec<String> {
    let plan = session.content.words.saved_systems().plan(plan(system, session));
    let mut about = vec![system.url.as_str().to_owned(), plan, system.note.to_string()];
    about.retain(|line| !line.is_empty());
    about
}

/// The plan, and the purpose if known.
fn plan(system: &System, session: &Session) -> String {
    let plan = system.plan.as_str();
    let Some(id) = &system.purpose else { return plan.to_owned() };
    let purpose = session.content.purpose(id.as_str());
    let purpose = purpose.map_or(id.as_str(), |purpose| purpose.title.as_str());
    session.content.words.saved_systems().plan_and_purpose(plan, purpose)
}

fn details(texts: &[String], theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let wrapped =
        |text: &String| text::wrap_indented("   ", theme.text, &[(text.clone(), theme.text)], width.min(layout::PROSE));
    texts.iter().flat_map(wrapped).collect()
}

/// The progress of the test of all systems.
pub fn progress(batch: &BatchTest, session: &Session) -> String {
    let words = session.content.words.saved_systems();
    let (done, all) = (batch.tested(), batch.rows.len());
    if batch.running {
        let elapsed = session.now.since_start.saturating_sub(batch.began).as_secs();
        words.elapsed(words.testing(all, done), elapsed)
    } else if done < all {
        words.stopped(all, done)
    } else {
        words.finished(all)
    }
}

/// The test of all systems: each with its certificate and the reason for its result.
fn results(batch: &BatchTest, Place { width, .. }: Place, session: &Session, theme: &Theme) -> Vec<Entry> {
    let words = session.content.words;
    let shown: Vec<Shown> = batch.rows.iter().map(|(_, status)| Shown::of(status, session, theme)).collect();
    let cells = |((id, _), shown): (&(SystemId, TestStatus), &Shown)| [name_of(*id, session), shown.word.clone()];
    let rows: Vec<[String; 2]> = batch.rows.iter().zip(&shown).map(cells).collect();
    let [names, _] = columns(&rows);
    let names = names.min(WIDEST_NAME);
    // Includes the words for pending states, so that no result moves the columns.
    let verdicts = status_words(words).into_iter().chain(rows.iter().map(|row| row[1].as_str()));
    let verdict = verdicts.map(text::width).max().unwrap_or_default() as u16;
    let room = width.saturating_sub(names + verdict + theme.glyphs.state_width() + 5);
    let entry = |(index, (row, shown)): (usize, (&[String; 2], &Shown))| {
        let expires = session.saved.by_id(batch.rows[index].0).and_then(|system| system.expires);
        let expiry = describe::expiry(expires, session.now.wall, words);
        let facts: Vec<String> = expiry.into_iter().chain(shown.reason.clone()).collect();
        let line = text::facts(&facts);
        let lead = [
            Span::styled(format!("{} ", theme.glyphs.in_column(shown.mark)), shown.style),
            Span::styled(text::pad(&row[0], names, theme.glyphs.ellipsis), theme.value),
            Span::styled(format!("  {}  ", text::pad(&row[1], verdict, "")), shown.style),
        ];
        let bar = lead[..2].iter().map(Span::width).sum::<usize>() as u16 + 1;
        let indent: usize = lead.iter().map(Span::width).sum();
        let lines = text::wrap(&line, room, theme.text).into_iter().enumerate().map(|(at, said)| {
            let lead = if at == 0 { lead.to_vec() } else { vec![Span::raw(" ".repeat(indent))] };
            Line::from_iter(lead.into_iter().chain(said.spans))
        });
        Entry::item(lines.collect()).with_bar(bar)
    };
    rows.iter().zip(&shown).enumerate().map(entry).collect()
}

/// The name of a system that may have been removed.
pub fn name_of(id: SystemId, session: &Session) -> String {
    let removed = session.content.words.saved_systems().removed_meanwhile();
    session.saved.by_id(id).map_or_else(|| removed.to_owned(), |system| system.name.to_string())
}

/// The states of a row other than a verdict.
fn status_words(words: Words) -> [&'static str; 3] {
    let words = words.saved_systems();
    [words.waiting(), words.running(), words.not_tested()]
}

/// How the test of one system is shown.
struct Shown {
    style: Style,
    mark: &'static str,
    word: String,
    reason: Option<String>,
}

impl Shown {
    fn of(status: &TestStatus, session: &Session, theme: &Theme) -> Self {
        let words = session.content.words.saved_systems();
        match status {
            TestStatus::Waiting => Self { style: theme.dim, mark: " ", word: words.waiting().to_owned(), reason: None },
            TestStatus::Stopped => {
                Self { style: theme.text, mark: theme.glyphs.idle, word: words.not_tested().to_owned(), reason: None }
            }
            TestStatus::Running => {
                let turns = (session.now.since_start.as_millis() / 120) as usize % theme.glyphs.spinner.len();
                let mark = if session.around.motion { theme.glyphs.spinner[turns] } else { theme.glyphs.bullet };
                Self { style: theme.accent, mark, word: words.running().to_owned(), reason: None }
            }
            TestStatus::Done(result) => {
                let (style, mark) = match result.verdict {
                    Some(Verdict::Ready) => (theme.good, theme.glyphs.good),
                    Some(Verdict::Limited) | None => theme.severity(Severity::Warning),
                    Some(_) => theme.severity(Severity::Error),
                };
                let word = describe::verdict(result.verdict, session.content.words).to_owned();
                let reason = SafeText::capped(&describe::reason(result, session.content.words), 300).to_string();
                Self { style, mark, word, reason: Some(reason).filter(|reason| !reason.is_empty()) }
            }
        }
    }
}

/// The list or the results as text.
pub fn plain(state: &State, session: &Session) -> String {
    let words = session.content.words;
    let mut out = String::new();
    if let Some(batch) = state.batch(session) {
        out.push_str(&format!("{}\n\n", progress(batch, session)));
        for (id, status) in &batch.rows {
            let (word, reason) = match status {
                TestStatus::Waiting => (words.saved_systems().waiting(), String::new()),
                TestStatus::Stopped => (words.saved_systems().not_tested(), String::new()),
                TestStatus::Running => (words.saved_systems().running(), String::new()),
                TestStatus::Done(result) => (describe::verdict(result.verdict, words), describe::reason(result, words)),
            };
            out.push_str(&format!("{}: {word}\n", name_of(*id, session)));
            if !reason.is_empty() {
                out.push_str(&format!("    {}\n", SafeText::capped(&reason, 300)));
            }
        }
        return out;
    }
    if session.saved.systems().is_empty() {
        return format!("{}\n", words.saved_systems().none());
    }
    for system in session.saved.systems().iter() {
        let expiry = describe::expiry(system.expires, session.now.wall, words);
        let facts: Vec<String> = [describe::last_test(system.last_test, session.now.wall, &session.zone, words)]
            .into_iter()
            .chain(expiry)
            .collect();
        out.push_str(&format!("{}: {}\n", system.name, facts.join("; ")));
        for line in about(system, session) {
            out.push_str(&format!("    {line}\n"));
        }
    }
    out
}
