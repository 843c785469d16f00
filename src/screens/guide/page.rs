//! A part as cockpit instructions: checkboxes, and collapsed sections that most users do not need.

use ratatui::{style::Style, text::Line};

use super::{State, form, part::Part, values};
use crate::{
    domain::{
        draft::Draft,
        guide::values::Values,
        key::service_key::KeySummary,
        sap::{
            guide::{Page, Tick, Trouble, Variable},
            parameters::ParameterProblem,
        },
        text::markup,
    },
    keymap::Action,
    model::Session,
    ui::{Theme, text, widget::list::Entry},
};

/// Collapsible sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Prerequisites.
    Prepare,
    /// Name and type of the key.
    Key,
    /// Possible problems.
    Troubles,
}

/// The expanded sections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    prepare: bool,
    key: bool,
    troubles: bool,
}

impl Open {
    /// Whether a fold is open.
    pub fn is_open(self, fold: Fold) -> bool {
        match fold {
            Fold::Prepare => self.prepare,
            Fold::Key => self.key,
            Fold::Troubles => self.troubles,
        }
    }

    /// Opens or closes a fold.
    pub fn set(&mut self, fold: Fold, open: bool) {
        match fold {
            Fold::Prepare => self.prepare = open,
            Fold::Key => self.key = open,
            Fold::Troubles => self.troubles = open,
        }
    }
}

/// Something that can have the focus.
#[derive(Clone, Copy, Debug)]
pub enum Item<'a> {
    /// Have cpikey do it.
    DoIt,
    /// A fold that can be opened.
    Fold(Fold),
    /// A row of the form of the key.
    Form(form::Row),
    /// A box with its page and number.
    Do(&'a Page, usize, &'a Tick),
    /// Possible problems.
    Trouble(&'a Trouble),
    /// Leads to another part of the step.
    Part(Part),
}

impl Item<'_> {
    /// The fold that it is in.
    pub fn fold(&self) -> Option<Fold> {
        match self {
            Item::Form(_) => Some(Fold::Key),
            Item::Do(page, ..) if page.id == PREPARE => Some(Fold::Prepare),
            Item::Trouble(_) => Some(Fold::Troubles),
            Item::DoIt | Item::Fold(_) | Item::Do(..) | Item::Part(_) => None,
        }
    }
}

/// The collapsed page: most users have what it asks for.
const PREPARE: &str = "subaccount";

/// The input for the layout of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageKey {
    part: Part,
    open: Open,
    width: u16,
    theme: Theme,
    draft: Draft,
    key: Option<KeySummary>,
    problems: Vec<ParameterProblem>,
}

/// What is needed to lay out an item.
struct Layout<'a> {
    session: &'a Session,
    values: Values<'a>,
    state: &'a State,
    theme: &'a Theme,
    width: u16,
}

impl State {
    /// The focusable items, without collapsed rows.
    pub(super) fn items<'a>(&self, session: &'a Session) -> Vec<Item<'a>> {
        let mut items = vec![Item::DoIt];
        let ticks = |page: &'a Page| page.ticks.iter().enumerate().map(|(at, tick)| Item::Do(page, at + 1, tick));
        for page in self.pages(session) {
            if page.id == PREPARE {
                items.push(Item::Fold(Fold::Prepare));
            }
            if self.part.has_form() {
                items.push(Item::Fold(Fold::Key));
                items.extend(form::rows(session).into_iter().map(Item::Form));
            }
            items.extend(ticks(page));
        }
        items.push(Item::Fold(Fold::Troubles));
        items.extend(self.pages(session).flat_map(|page| page.troubles.iter().map(Item::Trouble)));
        let others = Part::of(self.part.step()).iter().filter(|part| **part != self.part);
        items.extend(others.map(|part| Item::Part(*part)));
        items.retain(|item| item.fold().is_none_or(|fold| self.open.is_open(fold)));
        items
    }

    /// The boxes of the part: how many are ticked, and how many there are.
    pub(super) fn progress(&self, session: &Session) -> (usize, usize) {
        let pages = || self.pages(session).filter(|page| page.id != PREPARE);
        pages().map(|page| ticked(page, session)).fold((0, 0), |(a, b), (done, all)| (a + done, b + all))
    }

    /// The first unticked box, otherwise the last.
    pub(super) fn first_open(&self, session: &Session) -> usize {
        let items = self.items(session);
        let is_box = |item: &Item<'_>| matches!(item, Item::Do(page, ..) if page.id != PREPARE);
        let is_open = |item: &Item<'_>| match item {
            Item::Do(page, _, tick) => is_box(item) && !session.draft.ticks.contains(&tick_id(page, tick)),
            _ => false,
        };
        let last = || items.iter().rposition(is_box);
        items.iter().position(is_open).or_else(last).unwrap_or_default()
    }

    /// The rows of the page, drawn by `draw`.
    pub(super) fn with_page_lines<T>(
        &self,
        session: &Session,
        theme: &Theme,
        width: u16,
        draw: impl FnOnce(&[Entry]) -> T,
    ) -> T {
        let key = PageKey {
            part: self.part,
            open: self.open,
            width,
            theme: theme.clone(),
            draft: session.draft.clone(),
            key: session.key.found().map(|found| found.summary.clone()),
            problems: if self.part.has_form() { form::problems(session) } else { Vec::new() },
        };
        let entries = self.page_lines.get(key, |_| {
            let layout = self.layout(session, theme, width);
            let mut entries = Vec::new();
            for item in self.items(session) {
                // What the broker would refuse goes above the boxes.
                if let Item::Do(_, 1, _) = item
                    && self.part.has_form()
                {
                    entries.extend(form::remarks(session, theme, width));
                }
                entries.push(Entry::item(layout.item(&item)));
            }
            entries
        });
        draw(&entries)
    }

    /// The title and remark of a fold.
    pub(super) fn fold_said(&self, fold: Fold, session: &Session) -> (&'static str, String) {
        let words = session.content.words.guide();
        match fold {
            Fold::Prepare => {
                let page = session.content.page(PREPARE);
                let (done, all) = page.map(|page| ticked(page, session)).unwrap_or_default();
                let remark = if done > 0 { words.progress(done, all) } else { words.prepare_remark().to_owned() };
                (words.prepare(), remark)
            }
            Fold::Key => (words.form(), words.form_remark().to_owned()),
            Fold::Troubles => {
                let pages = self.pages(session);
                (words.it_does_not_work(), words.known_causes(pages.map(|page| page.troubles.len()).sum::<usize>()))
            }
        }
    }

    fn layout<'a>(&'a self, session: &'a Session, theme: &'a Theme, width: u16) -> Layout<'a> {
        Layout { session, values: session.values(), state: self, theme, width }
    }

    /// The details of the focused item: instructions with reasons, solutions, the meaning of a value.
    pub(super) fn details(&self, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let layout = self.layout(session, theme, width);
        let words = session.content.words.guide();
        match self.focused(session) {
            Some(Item::Do(page, _, tick)) => layout.instructions(page, tick),
            Some(Item::DoIt) => layout.wrapped(self.part.do_it_about(session.content.words), theme.text),
            Some(Item::Trouble(trouble)) => layout.trouble(trouble),
            Some(Item::Form(row)) => text::wrap(&row.about(session), width, theme.text),
            Some(Item::Fold(Fold::Prepare)) => layout.wrapped(words.about_prepare(), theme.text),
            Some(Item::Fold(Fold::Key)) => layout.wrapped(words.about_key(), theme.text),
            Some(Item::Fold(Fold::Troubles)) | None => Vec::new(),
            Some(Item::Part(part)) => {
                let pages = part.pages().iter().filter_map(|id| session.content.page(id));
                pages.flat_map(|page| layout.wrapped(&page.intro, theme.text)).collect()
            }
        }
    }
}

impl Layout<'_> {
    fn item(&self, item: &Item<'_>) -> Vec<Line<'static>> {
        match item {
            Item::DoIt => {
                let words = self.session.content.words.cloud();
                let key = values::key_of(self.state.part.do_it().0, self.session, self.theme);
                self.row(self.theme.glyphs.arrow, words.do_it_row(), words.do_it_remark(key))
            }
            Item::Fold(fold) => self.fold(*fold),
            Item::Form(row) => vec![form::line(*row, self.session, self.theme, self.width)],
            Item::Do(page, number, tick) => self.tick(page, *number, tick),
            Item::Trouble(trouble) => {
                let spans = self.styled(&trouble.when, self.theme.text);
                text::wrap_indented("    ?", self.theme.warning, &spans, self.width)
            }
            Item::Part(part) => self.row(self.theme.glyphs.arrow, &part.page_title(self.session), String::new()),
        }
    }

    fn fold(&self, fold: Fold) -> Vec<Line<'static>> {
        let glyphs = self.theme.glyphs;
        let mark = if self.state.open.is_open(fold) { glyphs.unfolded } else { glyphs.folded };
        let (title, remark) = self.state.fold_said(fold, self.session);
        self.row(mark, title, remark)
    }

    /// A row that leads somewhere.
    fn row(&self, mark: &str, title: &str, remark: String) -> Vec<Line<'static>> {
        let theme = self.theme;
        let mut spans = vec![(title.to_owned(), theme.text)];
        if !remark.is_empty() {
            spans.push((format!(" {} {remark}", text::SEPARATOR), theme.text));
        }
        text::wrap_indented(&format!("  {mark}"), theme.text, &spans, self.width)
    }

    /// A box in a few words.
    fn tick(&self, page: &Page, number: usize, tick: &Tick) -> Vec<Line<'static>> {
        let theme = self.theme;
        let (mark, style) = match self.session.draft.ticks.contains(&tick_id(page, tick)) {
            true => (theme.glyphs.ticked, theme.good),
            false => (theme.glyphs.unticked, theme.text),
        };
        let indent = if page.id == PREPARE { "    " } else { "  " };
        text::wrap_indented(
            &format!("{indent}{mark} {number}"),
            style,
            &self.styled_row(&tick.text, theme.text),
            self.width,
        )
    }

    /// The details of a box: the instructions, their reasons, URLs.
    fn instructions(&self, page: &Page, tick: &Tick) -> Vec<Line<'static>> {
        let theme = self.theme;
        let mut lines = Vec::new();
        for step in page.covered(tick) {
            let spans = self.styled(&step.text, theme.text);
            lines.extend(text::wrap_indented(theme.glyphs.bullet, theme.text, &spans, self.width));
            if !step.why.is_empty() {
                lines.extend(text::wrap_indented(" ", theme.text, &self.styled(&step.why, theme.text), self.width));
            }
            if step.copy == Some(Variable::Cockpit) {
                let key = values::key_of(Action::CopyAddress, self.session, theme);
                let said = self.session.content.words.guide().copies_address(key);
                lines.extend(text::wrap_indented(" ", theme.text, &[(said, theme.text)], self.width));
            } else {
                lines.extend(self.link(step.link.as_deref()));
            }
        }
        lines
    }

    /// Why something goes wrong and what to do.
    fn trouble(&self, trouble: &Trouble) -> Vec<Line<'static>> {
        let mut lines = self.wrapped(&trouble.then, self.theme.text);
        lines.extend(self.link(trouble.link.as_deref()));
        lines
    }

    fn link(&self, id: Option<&str>) -> Vec<Line<'static>> {
        let link = id.and_then(|id| self.session.content.link(id));
        link.map(|link| text::wrap_indented(" ", self.theme.text, &[(link.url.clone(), self.theme.text)], self.width))
            .unwrap_or_default()
    }

    fn wrapped(&self, text: &str, base: Style) -> Vec<Line<'static>> {
        text::wrap_spans(&self.styled(text, base), self.width)
    }

    fn styled(&self, text: &str, base: Style) -> Vec<(String, Style)> {
        text::styled(&markup::parse(text, &|variable| self.value(variable)), self.theme, base)
    }

    /// The styled text of a row, with the cockpit's URL without its scheme, which is copied and opened with it.
    fn styled_row(&self, text: &str, base: Style) -> Vec<(String, Style)> {
        let value = |variable| match variable {
            Variable::Cockpit => self.value(variable).trim_start_matches("https://").trim_end_matches('/').to_owned(),
            variable => self.value(variable),
        };
        text::styled(&markup::parse(text, &value), self.theme, base)
    }

    fn value(&self, variable: Variable) -> String {
        match variable {
            // They are shown above or next to it, and are long.
            Variable::Parameters => {
                let key = values::key_of(Action::Copy, self.session, self.theme);
                self.session.content.words.guide().copies_parameters(key)
            }
            variable => self.values.get(variable),
        }
    }
}

/// How many boxes of a page are ticked, and how many there are.
fn ticked(page: &Page, session: &Session) -> (usize, usize) {
    let done = page.ticks.iter().filter(|tick| session.draft.ticks.contains(&tick_id(page, tick)));
    (done.count(), page.ticks.len())
}

/// The name under which a tick is stored.
pub(super) fn tick_id(page: &Page, tick: &Tick) -> String {
    page.tick_id(tick)
}
