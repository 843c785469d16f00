//! The list of exports: the targets for the key, found by a few letters, with their files.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    State,
    rows::{export_at, exports, file_names, files, is_recommended},
};
use crate::{
    domain::{
        handover::{
            commands::code::Language,
            export::{ExportTarget, ExportText, ExportedFile, Format},
        },
        text::fuzzy::{self, Match},
    },
    model::Session,
    ui::{
        Theme, layout, text,
        widget::{
            code,
            field::Field,
            json,
            list::{self, Entry, Focus},
        },
    },
};

/// An area this wide shows the list and a file side by side.
const BESIDE: u16 = 110;
/// And one this high: split lines take more rows.
const ROWS_BESIDE: u16 = 18;

/// The list while it is open.
#[derive(Debug, Default)]
pub struct Exports {
    /// The filter.
    pub query: Field,
    /// Whether the filter is being typed.
    pub typing: bool,
    /// The index of the focused export among the hits.
    pub focus: usize,
}

/// A matching export: its index in the content, and the matching letters of its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its place in the content.
    pub place: usize,
    /// The places of the letters in the title.
    letters: Vec<usize>,
}

impl Exports {
    /// The exports that match the filter, best first; without a filter, those of the purpose first.
    pub fn hits(&self, session: &Session) -> Vec<Hit> {
        let search = self.query.text().trim();
        let mut hits: Vec<(i32, Hit)> = Vec::new();
        for place in exports(session) {
            let Some(target) = export_at(place, session) else { continue };
            if search.is_empty() {
                hits.push((0, Hit { place, letters: Vec::new() }));
                continue;
            }
            let around = [&*target.id, &*target.consumer, &*file_names(target, session)];
            if let Some(Match { score, places }) = fuzzy::fits_all(search, &target.title, &around) {
                hits.push((score, Hit { place, letters: places }));
            }
        }
        hits.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        hits.into_iter().map(|(_, hit)| hit).collect()
    }

    /// The export with the focus.
    pub fn focused<'a>(&self, session: &'a Session) -> Option<&'a ExportTarget> {
        export_at(self.hits(session).get(self.focus)?.place, session)
    }
}

impl State {
    pub(super) fn draw_exports(
        &self,
        list: &Exports,
        session: &Session,
        theme: &Theme,
        frame: &mut Frame<'_>,
        area: Rect,
    ) {
        let words = session.content.words.hand_over();
        // A file has long lines: in a narrow column nearly all of them would be split.
        let is_beside = area.width >= BESIDE && area.height >= ROWS_BESIDE;
        // The list needs no more columns than prose; the file gets the rest.
        let (main, right) = if is_beside {
            let (main, rest) = layout::left(area, (area.width * 3 / 5).min(layout::PROSE + 1));
            (main, Some(layout::left(rest, 2).1))
        } else {
            (area, None)
        };
        let (field, rest) = layout::top(main, 1);
        self.draw_query(list, session, theme, frame, field);
        let (_, rest) = layout::top(rest, u16::from(area.height >= 12));
        let hits = list.hits(session);
        if hits.is_empty() {
            let lines = text::wrap(words.no_export(), rest.width.min(layout::PROSE), theme.text);
            list::draw_lines(&lines, 0, theme, frame, rest);
            return;
        }
        let width = rest.width.saturating_sub(1).min(layout::PROSE);
        // Headings, each with a blank row above it if the list does not scroll.
        let has_gaps = hits.len() + 3 <= usize::from(rest.height);
        let entries = entries(list, &hits, has_gaps, session, theme, width);
        let focus = if list.typing { Focus::Elsewhere } else { Focus::Here };
        let Some(target) = list.focused(session) else { return };
        match right {
            Some(right) => {
                list::draw(&entries, list.focus, focus, theme, frame, rest);
                list::draw_lines(&self.export_lines(target, session, theme, right.width), 0, theme, frame, right);
            }
            None => {
                let rows = entries.iter().map(|entry| entry.lines.len()).sum::<usize>() as u16;
                let preview = self.export_lines(target, session, theme, rest.width);
                // Half of the height for the list, and more if the files are short.
                let most = rest.height.saturating_sub(rows.min(rest.height / 2).max(3));
                let (below, above) = layout::bottom(rest, most.min(preview.len() as u16 + 1));
                list::draw(&entries, list.focus, focus, theme, frame, above);
                let (_, below) = layout::top(below, 1);
                list::draw_lines(&preview, 0, theme, frame, below);
            }
        }
        if list.typing {
            // The cursor belongs to the field.
            self.draw_query(list, session, theme, frame, field);
        }
    }

    fn draw_query(&self, list: &Exports, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let label = session.content.words.hand_over().consumer();
        let label = format!("{label}  ");
        let (left, field) = layout::left(area, text::width(&label) as u16);
        text::draw_line(&Line::styled(label, theme.title), left, frame);
        if list.typing || !list.query.text().is_empty() {
            list.query.draw(list.typing, theme, frame, field);
        } else {
            let hint = session.content.words.hand_over().filter_hint();
            text::draw_line(&Line::styled(hint, theme.dim), field, frame);
        }
    }

    /// The export: how it is used, and its files without the secret.
    pub(super) fn export_lines(
        &self,
        target: &ExportTarget,
        session: &Session,
        theme: &Theme,
        width: u16,
    ) -> Vec<Line<'static>> {
        let words = session.content.words.hand_over();
        let prose = width.min(layout::PROSE);
        let mut lines = Vec::new();
        for (file, spec) in files(target, session).iter().zip(&target.files) {
            let remark = if target.holds_secret() { words.without_secret() } else { words.no_secret() };
            lines.push(text::beside(&file.name, theme.title, remark, theme, prose));
            lines.extend(file_lines(file, spec.format, theme, width));
            lines.push(Line::default());
        }
        lines.extend(text::wrap(&target.about, prose, theme.text));
        lines
    }
}

/// The rows: those of the purpose and the others under separate headings, unless a filter has sorted them.
fn entries(list: &Exports, hits: &[Hit], has_gaps: bool, session: &Session, theme: &Theme, width: u16) -> Vec<Entry> {
    let words = session.content.words.hand_over();
    let target = |hit: &Hit| export_at(hit.place, session);
    let titles = hits.iter().filter_map(target).map(|target| text::width(&target.title)).max().unwrap_or_default();
    let titles = titles as u16 + 3;
    let grouped = list.query.text().trim().is_empty();
    let mut entries = Vec::new();
    let mut before = None;
    for hit in hits {
        let Some(target) = target(hit) else { continue };
        let own = is_recommended(target, session);
        if grouped && before != Some(own) {
            let purpose = session.draft.purpose(&session.content);
            let heading = match purpose.filter(|_| own) {
                Some(purpose) => words.exports_for(&purpose.title),
                None => words.other_exports().to_owned(),
            };
            let gap = before.filter(|_| has_gaps).map(|_| Line::default());
            entries.push(Entry::heading(gap.into_iter().chain([Line::styled(heading, theme.title)]).collect()));
        }
        before = Some(own);
        let mut spans = vec![Span::raw("  ")];
        spans.extend(title(target, hit, theme));
        let used: usize = spans.iter().map(Span::width).sum();
        let names = file_names(target, session);
        // They end at the right edge, so that the longest ones fit too.
        let mut bar = titles.min(width);
        if let Some(free) = usize::from(width).checked_sub(used + text::width(&names)).filter(|free| *free > 1) {
            spans.push(Span::raw(" ".repeat(free)));
            bar = bar.min((used + free - 1) as u16);
            spans.push(Span::styled(names, theme.dim));
        }
        entries.push(Entry::item(vec![Line::from(spans)]).with_bar(bar));
    }
    entries
}

/// The title with the letters that match.
fn title(target: &ExportTarget, hit: &Hit, theme: &Theme) -> Vec<Span<'static>> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for (at, c) in target.title.chars().enumerate() {
        let style = if hit.letters.contains(&at) { theme.matched } else { theme.text };
        match spans.last_mut() {
            Some(span) if span.style == style => span.content.to_mut().push(c),
            _ => spans.push(Span::styled(c.to_string(), style)),
        }
    }
    spans
}

/// A file with subdued colours.
fn file_lines(file: &ExportedFile, format: Format, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let ExportText::Public(text) = &file.text else { return Vec::new() };
    match format {
        Format::Json => json::lines(text, theme, width),
        Format::Text => text.lines().flat_map(|line| text::cut(line, width, theme.code)).collect(),
        Format::Sh => code::lines(text, Language::Sh, theme, width),
        // Comments and strings look the same in all of these.
        Format::Yaml | Format::Compose | Format::Dotenv | Format::Properties | Format::Hcl | Format::Curl => {
            code::lines(text, Language::Hcl, theme, width)
        }
    }
}
