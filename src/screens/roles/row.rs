//! Draws a row of the checklist: tick, name, signs and text in columns.

use ratatui::text::{Line, Span};

use super::rows::Row;
use crate::{
    domain::{
        sap::{parameters::readable_seconds, plan::PlanId},
        text::safe_text::SafeText,
    },
    model::Session,
    ui::{Theme, text, widget::list::Entry},
    words::RolesLabels,
};

/// Columns of the names. The only longer role has its text on a separate line.
const NAMES: usize = 33;
/// Columns of the tick before a name.
const TICK: usize = 5;
/// Columns of the signs after a name, and the gap before the text.
const SIGNS: usize = 3;
/// Where the text begins.
const TEXT: usize = TICK + NAMES + SIGNS;
/// All columns with the longest text of a role, and one for the scroll mark.
pub const COLUMNS: u16 = TEXT as u16 + 35;
/// With fewer columns a text is useless: then only the focused row shows it, on a separate line.
const SHORTEST_TEXT: usize = 24;

/// The row; `terms` are highlighted.
pub fn entry(row: &Row<'_>, has_focus: bool, terms: &[String], session: &Session, theme: &Theme, width: u16) -> Entry {
    let words = super::words(session);
    let parameters = &session.draft.parameters;
    let room = width.saturating_sub(1);
    match row {
        Row::Remark(said) => {
            Entry::heading(text::wrap_bullet(theme.glyphs.warning, theme.warning, said, theme.text, room))
        }
        Row::Note(said) => Entry::heading(text::wrap(said, room, theme.text)),
        Row::Heading(title) => {
            Entry::heading(vec![Line::styled(text::truncate(title, width, theme.glyphs.ellipsis), theme.title)])
        }
        Row::Role(name) => {
            let (said, signs) = role_text(name, session);
            let lead = tick(parameters.has_role(name), theme);
            Columns { lead, name, signs, said }.entry(has_focus, terms, theme, width)
        }
        Row::Grant(id) => {
            let said = session.content.grant_type(id).map_or("", |grant| &grant.title);
            let lead = tick(parameters.has_grant_type(id), theme);
            let name = id.rsplit(':').next().unwrap_or(id);
            Columns { lead, name, signs: Signs::default(), said }.entry(has_focus, &[], theme, width)
        }
        Row::Validity => {
            let said = validity(session);
            let lead = Span::raw(" ".repeat(TICK));
            Columns { lead, name: "token-validity", signs: Signs::default(), said: &said }.entry(
                has_focus,
                &[],
                theme,
                width,
            )
        }
        Row::RedirectUri(index) => {
            let uri = parameters.redirect_uris.get(*index).map_or("", String::as_str);
            let columns = width.saturating_sub(TICK as u16);
            let shown = text::truncate(SafeText::line(uri).as_str(), columns, theme.glyphs.ellipsis);
            Entry::item(vec![Line::from(vec![Span::raw(" ".repeat(TICK)), Span::styled(shown, theme.value)])])
        }
        Row::NewRedirectUri => indented(words.new_redirect_uri(), theme, width),
        Row::NewRole => indented(words.new_role(), theme, width),
    }
}

/// How long a token is valid.
pub fn validity(session: &Session) -> String {
    let words = super::words(session);
    let parameters = &session.draft.parameters;
    let seconds = parameters.effective_token_validity();
    let duration = readable_seconds(seconds, session.content.words);
    match parameters.token_validity {
        None => words.validity_default(seconds, duration),
        Some(_) => words.validity(seconds, duration),
    }
}

fn indented(words: &str, theme: &Theme, width: u16) -> Entry {
    let shown = text::truncate(words, width.saturating_sub(3), theme.glyphs.ellipsis);
    Entry::item(vec![Line::from(vec![Span::raw("   "), Span::styled(shown, theme.text)])])
}

fn tick(on: bool, theme: &Theme) -> Span<'static> {
    let (mark, style) = if on { (theme.glyphs.ticked, theme.good) } else { (theme.glyphs.unticked, theme.text) };
    Span::styled(format!(" {mark} "), style)
}

/// The signs of a role, one column each.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    is_sensitive: bool,
    other: Option<Sign>,
}

/// The second sign.
#[derive(Clone, Copy, Debug)]
enum Sign {
    /// The broker refuses it in some landscapes.
    NotEverywhere,
    /// The broker refuses it in this landscape.
    NotHere,
    /// Another ticked role includes it.
    Covered,
    /// The purpose does not need it.
    MoreThanNeeded,
}

impl Sign {
    fn shown(self, theme: &Theme) -> Span<'static> {
        match self {
            Sign::NotEverywhere => Span::styled("~", theme.warning),
            Sign::NotHere => Span::styled(theme.glyphs.bad, theme.bad),
            Sign::Covered => Span::styled("=", theme.text),
            Sign::MoreThanNeeded => Span::styled("+", theme.text),
        }
    }

    fn meaning(self, words: RolesLabels) -> &'static str {
        match self {
            Sign::NotEverywhere => words.not_everywhere(),
            Sign::NotHere => words.not_here(),
            Sign::Covered => words.covered(),
            Sign::MoreThanNeeded => words.more_than_needed(),
        }
    }
}

fn sensitive(theme: &Theme) -> Span<'static> {
    Span::styled(theme.glyphs.warning, theme.warning)
}

/// The legend, as far as it fits.
pub fn legend(session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let words = super::words(session);
    let availability = if session.limits().is_some() { Sign::NotHere } else { Sign::NotEverywhere };
    let mut line = Line::default();
    for (sign, meaning) in [
        (sensitive(theme), words.sensitive()),
        (Sign::Covered.shown(theme), Sign::Covered.meaning(words)),
        (availability.shown(theme), availability.meaning(words)),
        (Sign::MoreThanNeeded.shown(theme), Sign::MoreThanNeeded.meaning(words)),
    ] {
        if line.width() + text::width(meaning) + 4 > usize::from(width) {
            break;
        }
        line.push_span(Span::raw(if line.spans.is_empty() { " " } else { "  " }));
        line.push_span(sign);
        line.push_span(Span::styled(format!(" {meaning}"), theme.text));
    }
    line
}

/// A short description of a role, then its signs in words.
pub fn sentences(name: &str, session: &Session) -> Vec<String> {
    let words = super::words(session);
    let (said, signs) = role_text(name, session);
    let sensitive = signs.is_sensitive.then(|| words.sensitive());
    let other = signs.other.map(|sign| sign.meaning(words));
    let all = [Some(said), sensitive, other].into_iter().flatten();
    all.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A short description of a role, and its signs.
fn role_text<'a>(name: &str, session: &'a Session) -> (&'a str, Signs) {
    let content = &session.content;
    let parameters = &session.draft.parameters;
    if parameters.plan == PlanId::IntegrationFlow {
        let known = content.flow_role(name);
        let everywhere = known.is_none_or(|role| role.everywhere);
        let signs = Signs { is_sensitive: false, other: availability(name, everywhere, session) };
        return (known.map_or(super::words(session).own_role(), |role| &role.brief), signs);
    }
    let Some(role) = content.catalogue.get(name) else { return ("", Signs::default()) };
    let purpose = session.draft.purpose(content).filter(|purpose| !purpose.roles.is_empty());
    let is_covered = content.catalogue.covered_by(name, &parameters.roles).is_some();
    let is_beyond = parameters.has_role(name) && purpose.is_some_and(|purpose| purpose.why(name).is_none());
    let others = [(is_covered, Sign::Covered), (is_beyond, Sign::MoreThanNeeded)];
    let other = others.into_iter().find_map(|(holds, sign)| holds.then_some(sign));
    let other = availability(name, role.everywhere, session).or(other);
    (&role.brief, Signs { is_sensitive: role.sensitive, other })
}

/// The sign for the availability of a role: according to this landscape, otherwise to what is known about all of them.
fn availability(name: &str, everywhere: bool, session: &Session) -> Option<Sign> {
    match session.is_offered(name) {
        Some(true) => None,
        Some(false) => Some(Sign::NotHere),
        None => (!everywhere).then_some(Sign::NotEverywhere),
    }
}

/// A row in columns: tick, name, signs, text.
struct Columns<'a> {
    lead: Span<'static>,
    name: &'a str,
    signs: Signs,
    said: &'a str,
}

impl Columns<'_> {
    /// One line; two if the name extends into the text column. In a row that is too narrow, the text is truncated after
    /// a whole word.
    fn entry(self, has_focus: bool, terms: &[String], theme: &Theme, width: u16) -> Entry {
        let width = usize::from(width).saturating_sub(1);
        let columns = text::width(self.name);
        let mut spans = vec![self.lead];
        spans.extend(text::highlighted(self.name, terms, theme.value, theme));
        spans.push(Span::raw(" ".repeat(NAMES.saturating_sub(columns).max(1))));
        spans.push(if self.signs.is_sensitive { sensitive(theme) } else { Span::raw(" ") });
        spans.push(self.signs.other.map_or(Span::raw(" "), |sign| sign.shown(theme)));
        let used: usize = spans.iter().map(Span::width).sum();
        let said = |room: usize| {
            if text::width(self.said) <= room {
                return text::highlighted(self.said, terms, theme.text, theme);
            }
            let line = text::wrap(self.said, room.saturating_sub(2) as u16, theme.text).swap_remove(0);
            text::highlighted(&format!("{line} {}", theme.glyphs.ellipsis), terms, theme.text, theme)
        };
        let fits = used + 1 + text::width(self.said) <= width;
        let mut lines = Vec::new();
        if !fits && used >= TEXT && width >= TEXT + SHORTEST_TEXT {
            let mut below = vec![Span::raw(" ".repeat(TEXT))];
            below.extend(said(width - TEXT));
            lines.push(Line::from(below));
        } else if fits || width.saturating_sub(used + 1) >= SHORTEST_TEXT {
            spans.push(Span::raw(" "));
            spans.extend(said(width - used - 1));
        } else if has_focus && !self.said.is_empty() {
            let mut below = vec![Span::raw(" ".repeat(TICK))];
            below.extend(said(width.saturating_sub(TICK)));
            lines.push(Line::from(below));
        }
        lines.insert(0, Line::from(spans));
        Entry::item(lines).with_bar(used as u16)
    }
}
