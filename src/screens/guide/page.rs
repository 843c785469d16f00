//! A page as the cockpit's clicks: instructions to tick off, what to do when they fail, the values at the right.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use super::{State, form};
use crate::{
    domain::sap::guide::{Instruction, Page, Trouble},
    model::Session,
    ui::{Theme, text, widget::list::Entry},
};

impl State {
    /// The form where there is one, the instructions with the focused one in full, then the troubles.
    pub(super) fn entries(&self, session: &Session, theme: &Theme, width: u16) -> Vec<Entry> {
        let (mut entries, mut index) = (Vec::new(), 0);
        if self.has_form() {
            let rows = form::rows(session).len();
            entries = form::entries(session, Some(self.focus).filter(|focus| *focus < rows), theme, width);
            index = rows;
        }
        let filled = session.values();
        let words = |text: &str, base: Style| text::styled(&filled.spans(text), theme, base);
        for page in self.pages(session) {
            entries.push(Entry::heading(vec![Line::styled(page.title.clone(), theme.accent)]));
            if !page.intro.is_empty() {
                entries.push(Entry::heading(text::wrap_spans(&words(&page.intro, theme.dim), width)));
            }
            for (number, step) in page.steps.iter().enumerate() {
                let ticked = session.draft.ticks.contains(&tick_id(page, step));
                let focused = index == self.focus;
                index += 1;
                let mark = if ticked { theme.glyphs.ticked } else { theme.glyphs.unticked };
                let lead = format!("{mark} {}.", number + 1);
                let base = if ticked && !focused { theme.dim } else { theme.text };
                let mut lines = text::wrap_indented(
                    &lead,
                    if ticked { theme.good } else { theme.text },
                    &words(&step.text, base),
                    width,
                );
                if focused {
                    let indent = lead.chars().count() as u16 + 1;
                    if !step.why.is_empty() {
                        lines.extend(indented(indent, &words(&step.why, theme.dim), width));
                    }
                    let copied = step.copy.map(|variable| filled.get(variable)).unwrap_or_default();
                    if !copied.is_empty() {
                        let shown = text::truncate(&copied, width.saturating_sub(indent + 10), theme.glyphs.ellipsis);
                        let spans = [("y copies  ".to_owned(), theme.dim), (shown, theme.value)];
                        lines.extend(indented(indent, &spans, width));
                    }
                    if let Some(link) = step.link.as_deref().and_then(|id| session.content.link(id))
                        && link.url != copied
                    {
                        lines.extend(indented(indent, &[(link.url.clone(), theme.dim)], width));
                    }
                }
                entries.push(Entry::item(lines));
            }
            entries.push(Entry::heading(vec![Line::default()]));
        }
        let troubles: Vec<&Trouble> = self.pages(session).iter().flat_map(|page| &page.troubles).collect();
        if !troubles.is_empty() {
            entries.push(Entry::heading(vec![Line::styled("If this does not work", theme.accent)]));
        }
        for trouble in troubles {
            let focused = index == self.focus;
            index += 1;
            let mut lines = text::wrap_indented("?", theme.warning, &words(&trouble.when, theme.text), width);
            if focused {
                lines.extend(indented(2, &words(&trouble.then, theme.text), width));
                if let Some(link) = trouble.link.as_deref().and_then(|id| session.content.link(id)) {
                    lines.extend(indented(2, &[(link.url.clone(), theme.dim)], width));
                }
            }
            entries.push(Entry::item(lines));
        }
        entries
    }

    /// The names that were chosen.
    pub(super) fn values(&self, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let draft = &session.draft;
        let mut rows = vec![
            ("Service", crate::domain::sap::plan::SERVICE_TITLE.to_owned()),
            ("Plan", draft.parameters.plan.as_str().to_owned()),
            ("Instance", draft.instance.clone()),
        ];
        if self.has_form() {
            rows.push(("Key", draft.key_name.clone()));
        }
        for (label, value) in [("Region", &draft.region), ("Org", &draft.org), ("Space", &draft.space)] {
            if !value.is_empty() {
                rows.push((label, value.clone()));
            }
        }
        let mut lines = vec![Line::styled("Your values", theme.accent)];
        lines.extend(rows.into_iter().map(|(label, value)| {
            Line::from(vec![
                Span::styled(text::pad(label, 10, ""), theme.dim),
                Span::styled(text::truncate(&value, width.saturating_sub(10), theme.glyphs.ellipsis), theme.value),
            ])
        }));
        lines
    }
}

/// The name under which a tick is kept.
pub(super) fn tick_id(page: &Page, step: &Instruction) -> String {
    format!("{}/{}", page.id, step.id)
}

/// Lines that stand below the text of an instruction, `indent` columns in.
fn indented(indent: u16, spans: &[(String, Style)], width: u16) -> Vec<Line<'static>> {
    text::wrap_indented(&" ".repeat(indent.saturating_sub(1) as usize), Style::new(), spans, width)
}
