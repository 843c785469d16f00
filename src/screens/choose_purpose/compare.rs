//! Two purposes compared.

use ratatui::text::Line;

use crate::{
    domain::sap::purpose::{Comparison, Purpose},
    model::Session,
    ui::{Theme, text},
};

/// The roles that the focused purpose adds to the chosen one, omits, or shares with it: one role per row, or each list
/// as a paragraph. Then the description of the focused purpose. Text that does not fit is dropped from the end; also
/// returns whether everything fits.
pub fn lines(
    (purpose, chosen): (&Purpose, &Purpose),
    session: &Session,
    theme: &Theme,
    width: u16,
    rows: u16,
) -> (Vec<Line<'static>>, bool) {
    let lists = lists(purpose, chosen, session);
    let words = session.content.words.purpose();
    let title = text::wrap(&words.compared(&purpose.title, &chosen.title), width, theme.title);
    let mut listed = title.clone();
    for (heading, names) in &lists {
        listed.extend(text::wrap(heading, width, theme.title));
        for name in names {
            listed.extend(text::wrap_bullet(theme.glyphs.bullet, theme.dim, name, theme.text, width));
        }
    }
    let mut joined = title;
    for (heading, names) in lists {
        let spans = [(format!("{heading} "), theme.title), (names.join(", "), theme.text)];
        joined.extend(text::wrap_spans(&spans, width));
    }
    let about = || [Line::default()].into_iter().chain(text::wrap(&purpose.about, width, theme.text));
    let with_about = |lines: &[Line<'static>]| lines.iter().cloned().chain(about()).collect::<Vec<_>>();
    let forms = [(with_about(&listed), true), (with_about(&joined), true), (listed, false)];
    forms.into_iter().find(|(lines, _)| lines.len() <= usize::from(rows)).unwrap_or((joined, false))
}

/// The non-empty lists, each with its heading.
pub fn lists(purpose: &Purpose, chosen: &Purpose, session: &Session) -> Vec<(String, Vec<String>)> {
    let words = session.content.words.purpose();
    let found = Comparison::of(purpose, chosen);
    let named = |roles: &[&str], other| roles.iter().map(|role| role_or_wider(role, other, session)).collect();
    let lists: [(String, Vec<String>); 3] = [
        (words.more(found.only_first.len()), named(&found.only_first, chosen)),
        (words.left_out(found.only_second.len()), named(&found.only_second, purpose)),
        (words.same(found.both.len()), named(&found.both, purpose)),
    ];
    lists.into_iter().filter(|(_, names)| !names.is_empty()).collect()
}

/// A role that `other` does not list but may include through a broader one.
fn role_or_wider(role: &str, other: &Purpose, session: &Session) -> String {
    match session.content.catalogue.covered_by(role, &other.role_names()) {
        Some(wider) if other.why(role).is_none() => session.content.words.purpose().covered(role, &wider.name),
        _ => role.to_owned(),
    }
}
