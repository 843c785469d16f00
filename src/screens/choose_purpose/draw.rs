//! Draws the purposes.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Row, State, compare, count_roles, is_chosen, parameters, refused, rows};
use crate::{
    domain::{
        sap::{
            guide::StepId,
            parameters::{Extent, InstanceParameters, JsonStyle},
            plan::PlanId,
            purpose::Purpose,
        },
        systems::{describe, system::System},
        text::safe_text::SafeText,
    },
    model::{Session, session::Resumable},
    screens::preview::{self, Pane, Preview},
    ui::{
        Theme, layout, text,
        widget::list::{self, Entry, Focus},
    },
};

/// Columns of the mark before a title.
const MARK: usize = 2;
/// Columns between the number of roles and the text.
const GAP: usize = 3;
/// A text with fewer columns is omitted.
const SHORTEST_TEXT: usize = 12;
/// From this height on, additional rows go to the introduction, up to the blank row below it, and none are taken from
/// the list.
const ROWS_FOR_INTRO: u16 = 15;
/// A comparison also takes the rows of the introduction, unless there are this many.
const ROWS_FOR_BOTH: u16 = 30;
/// The minimum number of list rows next to a long comparison.
const FEWEST_LIST_ROWS: u16 = 2;

/// Draws the screen.
pub fn draw(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let compared = state.compared(session);
    let rest = match compared {
        Some(_) if area.height < ROWS_FOR_BOTH => area,
        _ => intro(session, theme, frame, area),
    };
    let columns = Columns::of(session);
    if let Some(pair) = compared {
        return draw_comparison(pair, state, session, &columns, theme, frame, rest);
    }
    let rows = |width: u16| {
        let whole = entries(session, &columns, state.focus(session), theme, width, u16::MAX);
        whole.iter().map(|entry| entry.lines.len()).sum::<usize>()
    };
    let (mut list_area, mut pane) = preview::divide(rest, columns.all() as u16, rows(area.width) as u16);
    // A list that would wrap next to the pane and then not fit gets the full width.
    if list_area.width < rest.width && rows(list_area.width) > usize::from(list_area.height) {
        (list_area, pane) = (rest, None);
    }
    draw_list(state, session, &columns, theme, frame, list_area);
    if let Some(pane) = pane {
        draw_pane(state, session, theme, frame, pane);
    }
}

/// Draws what the program does; in a low window only the last sentence, or both without a blank row. Returns the area
/// below.
fn intro(session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Rect {
    let intro = session.content.step(StepId::Purpose).intro.as_str();
    if area.height > ROWS_FOR_INTRO {
        return super::super::draw_intro(intro, theme, frame, area);
    }
    let shown = if area.height == ROWS_FOR_INTRO { intro } else { intro.lines().last().unwrap_or_default() };
    let lines = text::wrap(shown, area.width.min(layout::PROSE), theme.text);
    let (top, rest) = layout::top(area, lines.len() as u16);
    list::draw_lines(&lines, 0, theme, frame, top);
    rest
}

fn draw_list(state: &State, session: &Session, columns: &Columns, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let focus = state.focus(session);
    let entries = entries(session, columns, focus, theme, area.width, area.height);
    list::draw(&entries, focus, Focus::Here, theme, frame, area);
}

/// Draws the comparison next to the list, or next to its names and numbers, or below these.
fn draw_comparison(
    pair: (&Purpose, &Purpose),
    state: &State,
    session: &Session,
    columns: &Columns,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let lines = |area: Rect| compare::lines(pair, session, theme, area.width.min(layout::PROSE), area.height);
    // The texts of the list are dropped before the description of the focused purpose.
    let widths = [columns.all(), columns.named].map(|width| width as u16);
    for (width, whole) in [true, false].into_iter().flat_map(|whole| widths.map(|width| (width, whole))) {
        let x = area.x + width + 2;
        let right = Rect { x, width: area.right().saturating_sub(x), ..area };
        if right.width < 20 {
            continue;
        }
        let (lines, is_whole) = lines(right);
        if lines.len() <= usize::from(right.height) && (is_whole || !whole) {
            draw_list(state, session, columns, theme, frame, Rect { width, ..area });
            list::draw_lines(&lines, 0, theme, frame, right);
            return;
        }
    }
    let (wanted, _) = lines(Rect { height: area.height.saturating_sub(FEWEST_LIST_ROWS), ..area });
    let below = (wanted.len() as u16 + 1).min(area.height.saturating_sub(FEWEST_LIST_ROWS));
    let (below, above) = layout::bottom(area, below);
    let (names, _) = layout::left(above, columns.named as u16);
    draw_list(state, session, columns, theme, frame, names);
    list::draw_lines(&wanted, 0, theme, frame, layout::top(below, 1).1);
}

/// The widths of the columns.
struct Columns {
    title: usize,
    count: usize,
    text: usize,
    /// Every row without its text.
    named: usize,
}

impl Columns {
    fn of(session: &Session) -> Self {
        let words = session.content.words.purpose();
        let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(text::width).max().unwrap_or_default();
        let purposes = &session.content.purposes;
        let title = widest(&mut purposes.iter().map(|purpose| purpose.title.as_str()));
        let count = text::width(words.roles_column()).max(2);
        let others = [words.key_row(), words.saved_row(), words.practice_row()];
        Self {
            title,
            count,
            text: widest(&mut purposes.iter().map(|purpose| purpose.short.as_str())),
            named: MARK + widest(&mut others.into_iter()).max(title + 1 + count),
        }
    }

    /// Mark, title and number.
    fn names(&self) -> usize {
        MARK + self.title + 1 + self.count
    }

    /// All of them, and one for the scroll mark.
    fn all(&self) -> usize {
        self.names() + GAP + self.text + 1
    }
}

/// The rows of the list under two headings. If they exceed `height`, all but the focused one take only one line.
fn entries(session: &Session, columns: &Columns, focus: usize, theme: &Theme, width: u16, height: u16) -> Vec<Entry> {
    let mut whole = entries_of(session, columns, theme, width, |_| usize::MAX);
    let rows: usize = whole.iter().map(|entry| entry.lines.len()).sum();
    if rows > usize::from(height) {
        return entries_of(session, columns, theme, width, |row| if row == focus { usize::MAX } else { 1 });
    }
    // Blank rows above the headings within the list, if there are any to spare.
    let spare = if height == u16::MAX { 0 } else { usize::from(height) - rows };
    for heading in whole.iter_mut().skip(1).filter(|entry| !entry.selectable).take(spare) {
        heading.lines.insert(0, Line::default());
    }
    whole
}

/// The rows with at most this many lines each.
fn entries_of(
    session: &Session,
    columns: &Columns,
    theme: &Theme,
    width: u16,
    most: impl Fn(usize) -> usize,
) -> Vec<Entry> {
    let words = session.content.words.purpose();
    let heading = |title: &str, count: &str| {
        let count = if text::width(title) + 1 + columns.count <= columns.names() { count } else { "" };
        let room = columns.names().saturating_sub(text::width(title));
        let line = format!("{title}{count:>room$}");
        Entry::heading(vec![Line::styled(text::truncate(&line, width, theme.glyphs.ellipsis), theme.title)])
    };
    let mut entries = Vec::new();
    let mut before = None;
    for (index, row) in rows(session).into_iter().enumerate() {
        match row {
            Row::Purpose(_) if !matches!(before, Some(Row::Purpose(_))) => {
                entries.push(heading(words.new_key(), words.roles_column()));
            }
            Row::Key => entries.push(heading(words.existing_key(), "")),
            _ => {}
        }
        before = Some(row);
        let entry = Entry::item(row_lines(row, session, columns, theme, width, most(index)));
        entries.push(match row {
            // It is one sentence.
            Row::Resume(_) => entry,
            _ => entry.with_bar(columns.names() as u16 + 1),
        });
    }
    entries
}

fn row_lines(
    row: Row<'_>,
    session: &Session,
    columns: &Columns,
    theme: &Theme,
    width: u16,
    most: usize,
) -> Vec<Line<'static>> {
    let words = session.content.words.purpose();
    let systems = session.saved.systems();
    let (title, count, said) = match row {
        Row::Resume(resumable) => return resume_lines(resumable, session, theme, width, most),
        Row::Purpose(purpose) => {
            let count = count_roles(purpose, session);
            (purpose.title.as_str(), count.to_string(), purpose.short.clone())
        }
        Row::Key => (words.key_row(), String::new(), words.key_row_hint().to_owned()),
        Row::Saved => (words.saved_row(), systems.iter().count().to_string(), latest(session)),
        Row::Practice => (words.practice_row(), String::new(), words.practice_row_hint().to_owned()),
    };
    let is_chosen = matches!(row, Row::Purpose(purpose) if is_chosen(purpose, session));
    let mark = if is_chosen { theme.glyphs.done } else { " " };
    let room = columns.names().saturating_sub(MARK + text::width(title));
    let mut name = format!("{title}{count:>room$}");
    // A longer title also uses the columns of the gap.
    let indent = columns.names() + GAP;
    let missing = indent.saturating_sub(MARK + text::width(&name));
    name.push_str(&" ".repeat(missing.max(2)));
    let used = MARK + text::width(&name);
    let lead = [Span::styled(format!("{mark} "), theme.good), Span::styled(name, theme.text)];
    let room = usize::from(width).saturating_sub(used + 1);
    if room < SHORTEST_TEXT {
        return vec![Line::from_iter(lead)];
    }
    let mut lines = text::wrap(&said, room as u16, theme.text);
    if lines.len() > most {
        // Truncates after a whole word.
        let mark = theme.glyphs.ellipsis;
        lines = text::wrap(&said, (room - 1 - text::width(mark)) as u16, theme.text);
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push_span(Span::styled(format!(" {mark}"), theme.text));
        }
    }
    for (index, line) in lines.iter_mut().enumerate() {
        let before = if index == 0 { lead.to_vec() } else { vec![Span::raw(" ".repeat(used))] };
        line.spans.splice(0..0, before);
    }
    lines
}

/// The row to resume, across all columns.
fn resume_lines(
    resumable: &Resumable,
    session: &Session,
    theme: &Theme,
    width: u16,
    most: usize,
) -> Vec<Line<'static>> {
    let lead = format!("  {} ", resume_title(resumable, session));
    let said = resume_text(resumable, session);
    let mut lines = text::wrap_bullet(&lead, theme.value, &said, theme.text, width.saturating_sub(1));
    if lines.len() > most {
        lines.truncate(most);
        let last = lines.last_mut();
        last.into_iter()
            .for_each(|line| line.push_span(Span::styled(format!(" {}", theme.glyphs.ellipsis), theme.text)));
    }
    lines
}

/// `Go on at step 5, Create`
pub fn resume_title(resumable: &Resumable, session: &Session) -> String {
    let step = resumable.step();
    let number = StepId::ALL.iter().position(|other| *other == step).unwrap_or_default() + 1;
    session.content.words.purpose().resume_row(number, &session.content.step(step).rail)
}

/// What was chosen, and when.
pub fn resume_text(resumable: &Resumable, session: &Session) -> String {
    let (words, when) = (session.content.words.purpose(), session.stopped(resumable));
    let roles = words.roles(resumable.roles());
    match SafeText::line(resumable.instance()).as_str() {
        "" => words.resume_hint(roles, when),
        instance => words.resume_hint_named(instance, roles, when),
    }
}

/// The last tested system, with its verdict.
pub fn latest(session: &Session) -> String {
    let words = session.content.words;
    let tested = |system: &&System| system.last_test.map(|test| test.at);
    let system = session.saved.systems().iter().max_by_key(tested);
    system.map_or_else(String::new, |system| {
        words
            .purpose()
            .saved_latest(&system.name, describe::last_test(system.last_test, session.now.wall, &session.zone, words))
    })
}

fn draw_pane(state: &State, session: &Session, theme: &Theme, frame: &mut Frame<'_>, pane: Pane) {
    let words = session.content.words.purpose();
    let text = |said: String| move |width: u16, _: u16| text::wrap(&said, width, theme.text);
    let plain = |title: &str, said: String, frame: &mut Frame<'_>| {
        let preview = Preview { title, about: &text(said), json_title: "", json: None };
        preview::draw(&preview, pane, session.content.words, theme, frame);
    };
    match state.focused(session) {
        Row::Resume(resumable) => {
            plain(&resume_title(resumable, session), words.resume_about().to_owned(), frame);
        }
        Row::Key => plain(words.key_row(), words.key_about().to_owned(), frame),
        Row::Saved => {
            let count = session.saved.systems().iter().count();
            plain(words.saved_row(), words.saved_about(count), frame);
        }
        Row::Practice => plain(words.practice_row(), words.practice_about().to_owned(), frame),
        Row::Purpose(purpose) => {
            let chosen = parameters(purpose, session);
            let json = |style: JsonStyle| chosen.to_json(style, Extent::Full);
            let has_json = refused(purpose, session).is_none();
            let preview = Preview {
                title: &purpose.title,
                about: &|width, rows| about(purpose, &chosen, session, theme, width, rows),
                json_title: words.copies(),
                json: has_json.then_some(&json),
            };
            preview::draw(&preview, pane, session.content.words, theme, frame);
        }
    }
}

/// What a purpose means, and its roles as far as they fit: with descriptions, or only their names.
fn about(
    purpose: &Purpose,
    chosen: &InstanceParameters,
    session: &Session,
    theme: &Theme,
    width: u16,
    rows: u16,
) -> Vec<Line<'static>> {
    let words = session.content.words.purpose();
    let mut lines = text::wrap(&purpose.about, width, theme.text);
    if !purpose.warning.is_empty() {
        lines.extend(text::wrap_bullet(theme.glyphs.warning, theme.warning, &purpose.warning, theme.text, width));
    }
    let room = usize::from(rows).saturating_sub(lines.len() + 2);
    if chosen.roles.is_empty() || room == 0 {
        return lines;
    }
    lines.push(Line::default());
    let roles: Vec<RoleText<'_>> = chosen.roles.iter().map(|name| RoleText::of(name, chosen.plan, session)).collect();
    let mut heading = vec![Span::styled(words.roles(roles.len()), theme.title)];
    if roles.iter().any(|role| role.is_sensitive) {
        heading.push(Span::styled(format!("   {} ", theme.glyphs.warning), theme.warning));
        heading.push(Span::styled(words.sensitive(), theme.text));
    }
    lines.push(Line::from(heading));
    let side_by_side = roles.iter().flat_map(|role| role.one_line(theme, width)).collect::<Vec<_>>();
    let described = roles.iter().flat_map(|role| role.two_lines(theme, width)).collect::<Vec<_>>();
    let named = text::wrap(&chosen.roles.join(", "), width, theme.text);
    let fits = |lines: &[Line<'_>]| lines.len() <= room;
    lines.extend(match () {
        () if side_by_side.len() == roles.len() && fits(&side_by_side) => side_by_side,
        () if fits(&described) => described,
        () => named,
    });
    lines
}

/// A role, and what it does.
struct RoleText<'a> {
    name: &'a str,
    brief: &'a str,
    is_sensitive: bool,
}

impl<'a> RoleText<'a> {
    fn of(name: &'a str, plan: PlanId, session: &'a Session) -> Self {
        let content = &session.content;
        match plan {
            PlanId::Api => {
                let role = content.catalogue.get(name);
                let is_sensitive = role.is_some_and(|role| role.sensitive);
                Self { name, brief: role.map_or("", |role| &role.brief), is_sensitive }
            }
            PlanId::IntegrationFlow => {
                let brief = content.flow_role(name).map_or("", |role| &role.brief);
                Self { name, brief, is_sensitive: false }
            }
        }
    }

    fn mark(&self, theme: &Theme) -> &'static str {
        if self.is_sensitive { theme.glyphs.warning } else { " " }
    }

    /// Name and text in two columns; `None` if they are too wide.
    fn one_line(&self, theme: &Theme, width: u16) -> Option<Line<'static>> {
        const NAME: usize = 34;
        let missing = NAME.saturating_sub(text::width(self.name)).max(2);
        let fits = MARK + text::width(self.name) + missing + text::width(self.brief) <= usize::from(width);
        fits.then(|| {
            let name = format!("{}{}", self.name, " ".repeat(missing));
            Line::from_iter([
                Span::styled(format!("{} ", self.mark(theme)), theme.warning),
                Span::styled(name, theme.value),
                Span::styled(self.brief.to_owned(), theme.text),
            ])
        })
    }

    fn two_lines(&self, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let mut lines = text::wrap_bullet(self.mark(theme), theme.warning, self.name, theme.value, width);
        lines.extend(text::wrap_bullet("   ", theme.text, self.brief, theme.text, width));
        lines
    }
}
