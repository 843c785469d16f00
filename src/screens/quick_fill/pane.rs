//! The pane: what the test sends where, and what it reads; without a key, an example of one.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    domain::{
        check::{PlannedProbe, diagnosis},
        key::service_key::{Credential, Found},
        sap::parameters::JsonStyle,
        text::{markup, secret::MASK},
    },
    model::Session,
    screens::preview::{self, Pane, Preview},
    ui::{
        Theme, layout,
        page::{Fact, fact, said},
        text,
        widget::list,
    },
};

/// The page of the guide that explains how to copy a key: how to find the instance, and the boxes after the key exists.
const PAGE: &str = "create-key";
const FIND: &str = "find";
const BOXES: [&str; 2] = ["view", "copy"];
/// A pane below the key with fewer rows is useless.
pub const FEWEST_ROWS: u16 = 7;

/// One of the two requests of a test.
struct Request {
    title: &'static str,
    /// Method and path.
    line: String,
    /// What is sent with it, by name.
    fields: Vec<(&'static str, String)>,
    /// The explanation.
    about: &'static str,
}

/// The token request and the API read.
fn requests(found: &Found, session: &Session) -> Vec<Request> {
    let words = session.content.words.quick_fill();
    let Some(key) = &found.key else { return Vec::new() };
    let id = found.summary.client_id.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut token = vec![("host", key.token_url.host().to_owned()), ("grant_type", "client_credentials".to_owned())];
    token.push(("client_id", id));
    let about = match key.credential {
        Credential::ClientSecret(_) => {
            token.push(("client_secret", MASK.to_owned()));
            words.sends_secret()
        }
        Credential::Certificate { .. } => words.sends_certificate(),
    };
    let api = vec![("host", key.url.host().to_owned()), ("authorization", format!("Bearer {MASK}"))];
    vec![
        Request {
            title: words.token_request(),
            line: format!("POST {}", key.token_url.url().path()),
            fields: token,
            about,
        },
        Request {
            title: words.api_request(),
            line: "GET /api/v1/…".to_owned(),
            fields: api,
            about: words.sends_token(),
        },
    ]
}

/// What the test reads, each with the roles that it proves.
fn reads(session: &Session) -> Vec<String> {
    let words = session.content.words.quick_fill();
    let (_, probes) = diagnosis::planned_probes(&session.content, &session.requested_roles());
    let said = |probe: PlannedProbe| match probe.roles.as_slice() {
        [] => probe.spec.title,
        roles => words.reads_for(&probe.spec.title, roles.join(", ")),
    };
    probes.into_iter().map(said).collect()
}

impl Request {
    /// Without its title.
    fn lines(&self, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let mut lines = text::wrap(&self.line.replace('…', theme.glyphs.ellipsis), width, theme.value);
        let names = self.fields.iter().map(|(name, _)| text::width(name)).max().unwrap_or_default() as u16 + 2;
        for (name, value) in &self.fields {
            for (at, mut line) in text::wrap(value, width.saturating_sub(names), theme.text).into_iter().enumerate() {
                let name = text::pad(if at == 0 { name } else { "" }, names, "");
                line.spans.insert(0, Span::styled(name, theme.text));
                lines.push(line);
            }
        }
        lines.extend(text::wrap(self.about, width, theme.text));
        lines
    }
}

/// What is read, line by line; in one paragraph if there are few rows.
fn read_lines(session: &Session, theme: &Theme, width: u16, rows: u16) -> Vec<Line<'static>> {
    let reads = reads(session);
    let item = |said: &String| text::wrap_bullet(theme.glyphs.bullet, theme.text, said, theme.text, width);
    let listed: Vec<Line<'static>> = reads.iter().flat_map(item).collect();
    if listed.len() <= usize::from(rows) { listed } else { text::wrap(&reads.join("; "), width, theme.text) }
}

/// What the test will do with the key, next to it.
pub fn draw_beside(found: &Found, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let words = session.content.words.quick_fill();
    let mut lines = Vec::new();
    for request in requests(found, session) {
        lines.extend(text::wrap(request.title, area.width, theme.title));
        lines.extend(request.lines(theme, area.width));
        lines.push(Line::default());
    }
    lines.push(Line::styled(words.reads(), theme.title));
    let rows = usize::from(area.height).saturating_sub(lines.len());
    lines.extend(read_lines(session, theme, area.width, rows as u16));
    list::draw_lines(&lines, 0, theme, frame, area);
}

/// What the test will do with the key, below it in two halves: the token request, and the reads.
pub fn draw_below(found: &Found, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.height < FEWEST_ROWS || area.width < preview::HALVES {
        return;
    }
    let (left, right) = preview::halves(area);
    for (request, half, is_last) in
        requests(found, session).into_iter().zip([left, right]).map(|(request, half)| (request, half, half == right))
    {
        let (line, rest) = layout::top(half, 1);
        preview::rule(request.title, theme, frame, line);
        let mut lines = request.lines(theme, rest.width);
        if is_last {
            lines.extend([Line::default(), Line::styled(session.content.words.quick_fill().reads(), theme.title)]);
            let rows = usize::from(rest.height).saturating_sub(lines.len());
            lines.extend(read_lines(session, theme, rest.width, rows as u16));
        }
        list::draw_lines(&lines, 0, theme, frame, rest);
    }
}

/// The same content as sentences.
pub fn facts(found: &Found, session: &Session) -> Vec<Fact> {
    let words = session.content.words;
    let labels = words.quick_fill();
    let mut facts = Vec::new();
    for request in requests(found, session) {
        facts.push(fact(request.title, &request.line, words));
        facts.extend(request.fields.iter().map(|(name, value)| fact(name, value, words)));
        facts.push(said(request.about));
    }
    facts.push(Fact::Heading(labels.reads().to_owned()));
    facts.extend(reads(session).into_iter().map(said));
    facts
}

/// An example of a key.
fn example(style: JsonStyle, ellipsis: &str) -> String {
    const LINES: [&str; 8] = [
        "{",
        "  \"oauth\": {",
        "    \"clientid\": \"sb-…|it!b…\",",
        "    \"clientsecret\": \"…\",",
        "    \"tokenurl\": \"https://…\",",
        "    \"url\": \"https://…\"",
        "  }",
        "}",
    ];
    let text = match style {
        JsonStyle::Pretty => LINES.join("\n"),
        JsonStyle::Compact => LINES.map(str::trim).join(" "),
    };
    text.replace('…', ellipsis)
}

/// How to get the text of the key.
fn where_to_copy(session: &Session) -> impl Iterator<Item = Vec<markup::Span>> {
    let page = session.content.page(PAGE);
    let find = page.into_iter().flat_map(|page| &page.steps).filter(|step| step.id == FIND).map(|step| &step.text);
    let boxes = page.into_iter().flat_map(|page| &page.ticks).filter(|tick| BOXES.contains(&tick.id.as_str()));
    find.chain(boxes.map(|tick| &tick.text)).map(|text| session.values().spans(text))
}

/// An example of a key, and where to copy one.
pub fn draw_example(session: &Session, theme: &Theme, frame: &mut Frame<'_>, pane: Pane) {
    let words = session.content.words.quick_fill();
    let about = |width: u16, _: u16| {
        let steps = where_to_copy(session).enumerate();
        let step = |(at, spans): (usize, Vec<markup::Span>)| {
            let spans = text::styled(&spans, theme, theme.text);
            text::wrap_indented(&format!("{}.", at + 1), theme.text, &spans, width)
        };
        steps.flat_map(step).collect::<Vec<_>>()
    };
    let json = |style| example(style, theme.glyphs.ellipsis);
    let preview =
        Preview { title: words.where_to_copy(), about: &about, json_title: words.looks_like(), json: Some(&json) };
    preview::draw(&preview, pane, session.content.words, theme, frame);
}

/// The same content as sentences.
pub fn example_facts(session: &Session) -> Vec<Fact> {
    let words = session.content.words.quick_fill();
    let heading = |text: &str| Fact::Heading(text.to_owned());
    let steps = where_to_copy(session).map(|spans| said(markup::plain(&spans)));
    let example = Fact::Text(example(JsonStyle::Pretty, "..."));
    let mut facts = vec![heading(words.where_to_copy())];
    facts.extend(steps);
    facts.extend([heading(words.looks_like()), example]);
    facts
}
