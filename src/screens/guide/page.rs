//! A part as instructions for the cockpit: steps to tick off, what to do if they fail, and the values beside them.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use super::{Item, State, form, part::Part};
use crate::{
    domain::{
        guide::values::Values,
        key::service_key::KeySummary,
        sap::{
            guide::{Instruction, Page, Trouble},
            parameters::ParameterProblem,
            plan::SERVICE_TITLE,
        },
    },
    model::{Draft, Session},
    ui::{Theme, text, widget::list::Entry},
};

/// What the lines of a page are made from.
#[derive(Clone, Debug, PartialEq)]
pub struct PageKey {
    part: Part,
    width: u16,
    theme: Theme,
    draft: Draft,
    key: Option<KeySummary>,
    problems: Vec<ParameterProblem>,
}

/// A page laid out, with one item in full.
#[derive(Debug)]
pub struct PageLines {
    /// Headings and items.
    pub entries: Vec<Entry>,
    /// Where the items are among the entries.
    items: Vec<usize>,
    /// Which item is shown in full.
    focus: usize,
}

/// What is needed to lay out an item.
struct Layout<'a> {
    session: &'a Session,
    values: Values<'a>,
    theme: &'a Theme,
    width: u16,
}

impl State {
    /// The lines of the page, drawn by `draw`. Only the items that gain or lose the focus are laid out again.
    pub(super) fn with_page_lines(&self, session: &Session, theme: &Theme, width: u16, draw: impl FnOnce(&[Entry])) {
        let key = PageKey {
            part: self.part,
            width,
            theme: theme.clone(),
            draft: session.draft.clone(),
            key: session.key.found().map(|found| found.summary.clone()),
            problems: if self.part.has_form() { form::problems(session) } else { Vec::new() },
        };
        let items = self.items(session);
        let layout = Layout { session, values: session.values(), theme, width };
        let mut page = self.page_lines.get(key, |_| layout.page(&items, self.focus));
        let before = std::mem::replace(&mut page.focus, self.focus);
        if before != self.focus {
            for index in [before, self.focus] {
                if let (Some(item), Some(&at)) = (items.get(index), page.items.get(index)) {
                    page.entries[at] = layout.item(item, index == self.focus);
                }
            }
        }
        draw(&page.entries);
    }

    /// What was chosen, with labels.
    pub(super) fn known_values<'a>(&self, session: &'a Session) -> Vec<(&'static str, &'a str)> {
        let (draft, words) = (&session.draft, session.content.words.guide());
        let rows = [
            (words.value_service(), SERVICE_TITLE),
            (words.value_plan(), draft.parameters.plan.as_str()),
            (words.value_instance(), &draft.instance),
            (words.value_key(), if self.part.has_form() { &draft.key_name } else { "" }),
            (words.value_region(), &draft.region),
            (words.value_org(), &draft.org),
            (words.value_space(), &draft.space),
        ];
        rows.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// What was chosen.
    pub(super) fn values(&self, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let words = session.content.words.guide();
        let known = self.known_values(session);
        let labels = known.iter().map(|(label, _)| text::width(label)).max().unwrap_or_default() as u16;
        let column = (labels + 2).min(width / 2);
        let mut lines = vec![Line::styled(words.values(), theme.accent)];
        lines.extend(known.into_iter().map(|(label, value)| {
            let value = text::truncate(value, width.saturating_sub(column), theme.glyphs.ellipsis);
            Line::from(vec![
                Span::styled(text::pad(label, column, theme.glyphs.ellipsis), theme.dim),
                Span::styled(value, theme.value),
            ])
        }));
        lines
    }
}

impl Layout<'_> {
    fn page(&self, items: &[Item<'_>], focus: usize) -> PageLines {
        let mut page = PageLines { entries: Vec::new(), items: Vec::with_capacity(items.len()), focus };
        for (index, item) in items.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| items.get(before));
            page.entries.extend(self.between(before, item));
            page.items.push(page.entries.len());
            page.entries.push(self.item(item, index == focus));
        }
        page
    }

    /// The headings between an item and the one before.
    fn between(&self, before: Option<&Item<'_>>, item: &Item<'_>) -> Vec<Entry> {
        let words = self.session.content.words.guide();
        let heading = |text: &str| Entry::heading(vec![Line::styled(text.to_owned(), self.theme.accent)]);
        let end = || match before {
            Some(Item::Form(_)) => Some(form::remarks(self.session, self.theme, self.width)),
            Some(_) => Some(Entry::heading(vec![Line::default()])),
            None => None,
        };
        match (before, item) {
            (None, Item::Form(_)) => vec![heading(words.form())],
            (Some(Item::Trouble(_)), Item::Trouble(_)) | (Some(Item::Form(_)), Item::Form(_)) => Vec::new(),
            (_, Item::Trouble(_)) => end().into_iter().chain([heading(words.troubles())]).collect(),
            (Some(Item::Do(page, ..)), Item::Do(own, ..)) if page.id == own.id => Vec::new(),
            (_, Item::Do(page, ..)) => {
                let intro = (!page.intro.is_empty())
                    .then(|| Entry::heading(text::wrap_spans(&self.styled(&page.intro, self.theme.dim), self.width)));
                end().into_iter().chain([heading(&page.title)]).chain(intro).collect()
            }
            (_, Item::Form(_)) => Vec::new(),
        }
    }

    fn item(&self, item: &Item<'_>, focused: bool) -> Entry {
        match item {
            Item::Form(row) => form::entry(*row, focused, self.session, self.theme, self.width),
            Item::Do(page, number, step) => Entry::item(self.instruction(page, *number, step, focused)),
            Item::Trouble(trouble) => Entry::item(self.trouble(trouble, focused)),
        }
    }

    /// An instruction; with the focus also the reason, what can be copied, and the link.
    fn instruction(&self, page: &Page, number: usize, step: &Instruction, focused: bool) -> Vec<Line<'static>> {
        let theme = self.theme;
        let ticked = self.session.draft.ticks.contains(&tick_id(page, step));
        let (mark, style) =
            if ticked { (theme.glyphs.ticked, theme.good) } else { (theme.glyphs.unticked, theme.text) };
        let lead = format!("{mark} {number}.");
        let base = if ticked && !focused { theme.dim } else { theme.text };
        let mut lines = text::wrap_indented(&lead, style, &self.styled(&step.text, base), self.width);
        if !focused {
            return lines;
        }
        let indent = text::width(&lead) as u16 + 1;
        if !step.why.is_empty() {
            lines.extend(self.indented(indent, &self.styled(&step.why, theme.dim)));
        }
        let copied = step.copy.map(|variable| self.values.get(variable)).unwrap_or_default();
        if !copied.is_empty() {
            let label = format!("{}  ", self.session.content.words.guide().copies());
            let room = self.width.saturating_sub(indent + text::width(&label) as u16);
            let shown = text::truncate(&copied, room, theme.glyphs.ellipsis);
            lines.extend(self.indented(indent, &[(label, theme.dim), (shown, theme.value)]));
        }
        lines.extend(self.link(step.link.as_deref(), indent, &copied));
        lines
    }

    /// What may go wrong; with the focus also why and what to do.
    fn trouble(&self, trouble: &Trouble, focused: bool) -> Vec<Line<'static>> {
        let theme = self.theme;
        let mut lines = text::wrap_indented("?", theme.warning, &self.styled(&trouble.when, theme.text), self.width);
        if focused {
            lines.extend(self.indented(2, &self.styled(&trouble.then, theme.text)));
            lines.extend(self.link(trouble.link.as_deref(), 2, ""));
        }
        lines
    }

    /// The address of a link, unless it was shown already.
    fn link(&self, id: Option<&str>, indent: u16, shown: &str) -> Vec<Line<'static>> {
        let link = id.and_then(|id| self.session.content.link(id)).filter(|link| link.url != shown);
        link.map(|link| self.indented(indent, &[(link.url.clone(), self.theme.dim)])).unwrap_or_default()
    }

    fn styled(&self, text: &str, base: Style) -> Vec<(String, Style)> {
        text::styled(&self.values.spans(text), self.theme, base)
    }

    /// Lines below the text of an item, `indent` columns in.
    fn indented(&self, indent: u16, spans: &[(String, Style)]) -> Vec<Line<'static>> {
        let lead = " ".repeat(usize::from(indent.saturating_sub(1)));
        text::wrap_indented(&lead, Style::new(), spans, self.width)
    }
}

/// The name under which a tick is stored.
pub(super) fn tick_id(page: &Page, step: &Instruction) -> String {
    page.tick_id(step)
}
