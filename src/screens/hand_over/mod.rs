//! Step 9: single values to the clipboard, and what to do with them at the consumer.
//!
//! ```text
//! values to copy
//! next steps for the consumer
//! the key as a consumer reads it
//! save this system
//! ```

mod save;

use crossterm::event::KeyEvent;
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use self::save::{SaveForm, save, stored};
use super::{Command, Confirmed, Navigation, Question, Screen, Update, command, copy, move_focus};
use crate::{
    domain::{
        finding::Verdict,
        handover::export::{self, ExportTarget, ExportText, WithSecret},
        key::service_key::Credential,
        sap::{guide::StepId, parameters::JsonStyle},
        text::{markup, secret::MASK},
    },
    keymap::{Action, Context},
    model::{
        Effect, Pasted, Session,
        saved::{SaveRequest, Saving},
    },
    ui::{
        Theme, layout, text,
        widget::list::{self, Entry, Focus},
    },
};

/// Which row has the focus, and what is being typed.
#[derive(Debug, Default)]
pub struct State {
    focus: usize,
    form: Option<Box<SaveForm>>,
}

/// A row that can have the focus.
enum Row<'a> {
    Value(Value),
    Step(Vec<markup::Span>),
    Export(&'a ExportTarget),
    Save,
    Rotate,
}

/// A value that can be copied.
struct Value {
    label: &'static str,
    /// What the message calls it.
    what: &'static str,
    /// The text; `None` for the secret.
    text: Option<String>,
}

fn values(session: &Session) -> Vec<Value> {
    let mut values = Vec::new();
    let mut push = |label, what, text: String| values.push(Value { label, what, text: Some(text) });
    if session.draft.purpose.is_some() {
        push("Instance parameters", "the instance parameters", session.parameters_json(JsonStyle::Pretty));
    }
    if let Some(key) = session.key.usable() {
        push("API URL (url)", "the API URL", key.url.as_str().to_owned());
        push("API host", "the API host", key.url.host().to_owned());
        push("API root", "the API root", format!("{}/api/v1", key.url));
        push("Token URL (tokenurl)", "the token URL", key.token_url.as_str().to_owned());
        push("Token host", "the token host", key.token_url.host().to_owned());
        push("Client ID (clientid)", "the client ID", key.client_id.clone());
        if matches!(key.credential, Credential::ClientSecret(_)) {
            values.push(Value { label: "Client secret", what: "the client secret", text: None });
        }
    }
    values
}

/// The next steps: those of the purpose, or the general ones where there is no purpose.
fn next_steps(session: &Session) -> Vec<Vec<markup::Span>> {
    let purpose = session
        .draft
        .purpose(&session.content)
        .or_else(|| session.content.purpose(crate::domain::sap::purpose::CUSTOM));
    let next = purpose.map(|purpose| purpose.next.clone()).unwrap_or_default();
    next.iter().map(|step| markup::parse(step, &|variable| session.variable(variable))).collect()
}

/// The exports that take this key, those of the purpose first.
fn exports(session: &Session) -> Vec<&ExportTarget> {
    let Some(key) = session.key.usable() else { return Vec::new() };
    let mut targets = session.content.exports_for(session.draft.purpose.as_deref().unwrap_or_default());
    targets.retain(|target| target.takes(key));
    targets
}

fn rows(session: &Session) -> Vec<Row<'_>> {
    let values = values(session).into_iter().map(Row::Value);
    let steps = next_steps(session).into_iter().map(Row::Step);
    let later = session.key.usable().map(|_| [Row::Rotate, Row::Save]);
    let exports = exports(session).into_iter().map(Row::Export);
    values.chain(steps).chain(exports).chain(later.into_iter().flatten()).collect()
}

/// All files of an export without the secret, one after the other.
fn preview(target: &ExportTarget, session: &Session) -> Option<String> {
    let files = export::render(target, session.key.usable()?, WithSecret::No).ok()?;
    let many = files.len() > 1;
    let texts = files.into_iter().filter_map(|file| match file.text {
        ExportText::Public(text) if many => Some(format!("# {}\n{text}", file.name)),
        ExportText::Public(text) => Some(text),
        ExportText::Secret(_) => None,
    });
    Some(texts.collect::<Vec<_>>().join("\n"))
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        if self.form.is_some() { Context::Edit } else { Context::Browse }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        if self.form.is_some() {
            let fields = command(Action::NextField, "next field").hidden_from_footer();
            return vec![command(Action::Primary, "save"), fields, command(Action::Cancel, "leave")];
        }
        let rows = rows(session);
        let label = match rows.get(self.focus) {
            Some(Row::Save) => "save this system",
            Some(Row::Rotate) => "show how",
            _ => "copy",
        };
        let mut commands = vec![command(Action::Primary, label), command(Action::Toggle, label).hidden_from_footer()];
        match rows.get(self.focus) {
            Some(Row::Save) => commands.push(command(Action::Save, label).hidden_from_footer()),
            Some(Row::Rotate) => {}
            _ => commands.push(command(Action::Copy, label).hidden_from_footer()),
        }
        if matches!(rows.get(self.focus), Some(Row::Export(_))) {
            commands.push(command(Action::Save, "save as a file"));
        }
        if rows.iter().any(|row| matches!(row, Row::Export(_) | Row::Save)) {
            commands.push(command(Action::NextField, "next part"));
        }
        if let Some(link) = link(session) {
            commands.push(command(Action::Open, format!("open {}", link.title)).hidden_from_footer().only_if(
                session.around.can_open_links,
                "No browser can be opened from here. Press p and select the address.",
            ));
        }
        commands
    }

    fn enter(&mut self, session: &mut Session) -> Update {
        // A key that was chosen since then has another name.
        if session.saved.saving != Saving::Asked {
            self.form = None;
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        if self.form.is_some() {
            return self.act_on_form(action, session);
        }
        let rows = rows(session);
        if matches!(action, Action::NextField | Action::PreviousField) {
            self.focus = next_part(&rows, self.focus, action);
            return Update::none();
        }
        if move_focus(&mut self.focus, rows.len(), action) {
            return Update::none();
        }
        match action {
            Action::Primary | Action::Copy | Action::Toggle => match rows.get(self.focus) {
                Some(Row::Value(Value { text: Some(text), what, .. })) => return copy(*what, text.clone()),
                Some(Row::Value(Value { text: None, .. })) => return Update::ask(ask_for_secret()),
                Some(Row::Step(step)) => return copy("this step", markup::plain(step)),
                Some(Row::Export(target)) => {
                    if let Some(text) = preview(target, session) {
                        return copy(format!("the export for {}, without the secret", target.consumer), text);
                    }
                }
                Some(Row::Save) => self.form = Some(Box::new(SaveForm::of(session))),
                Some(Row::Rotate) => {
                    session.wanted_page = Some("rotate-key".to_owned());
                    return Update::go(Navigation::To(StepId::Key));
                }
                None => {}
            },
            Action::Save => match rows.get(self.focus) {
                Some(Row::Export(target)) => return Update::ask(ask_to_save(target, session)),
                Some(Row::Save) => self.form = Some(Box::new(SaveForm::of(session))),
                _ => {}
            },
            Action::Open => {
                if let Some(link) = link(session) {
                    return Update::effect(Effect::Open(link.id.clone()));
                }
            }
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            _ => {}
        }
        Update::none()
    }

    fn key(&mut self, key: KeyEvent, _session: &mut Session) {
        if let Some(form) = &mut self.form {
            form.key(key);
        }
    }

    fn paste(&mut self, text: &Pasted, _session: &mut Session) -> Update {
        if let Some(form) = &mut self.form {
            form.paste(&text.text());
        }
        Update::none()
    }

    fn on_confirmed(&mut self, session: &mut Session) -> Update {
        match self.form.as_ref().map(|form| form.request(session)) {
            Some(Ok(request)) => save(SaveRequest { replace: true, ..request }, session),
            _ => Update::none(),
        }
    }

    fn refresh(&mut self, session: &mut Session) -> Update {
        match (&session.saved.saving, &mut self.form) {
            (Saving::Done, form) => *form = None,
            (Saving::NoKeyring(why), Some(form)) => form.without_keyring(why.clone()),
            _ => {}
        }
        Update::none()
    }

    fn plain(&self, session: &Session) -> String {
        let mut out = format!("{}\n\n", stored(session));
        for value in values(session) {
            let text = value.text.unwrap_or_else(|| format!("{MASK} (copied only on request)"));
            out.push_str(&format!("{}: {text}\n", value.label));
        }
        out.push('\n');
        for (number, step) in next_steps(session).iter().enumerate() {
            out.push_str(&format!("{}. {}\n", number + 1, markup::plain(step)));
        }
        if let Some(link) = link(session) {
            out.push_str(&format!("\n{}: {}\n", link.title, link.url));
        }
        out.push_str(&format!("\nReplace the key later {ROTATE}\n"));
        out
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let (mark, style, words) = match session.run.as_ref().and_then(|run| run.verdict()) {
            Some(Verdict::Ready) => (theme.glyphs.good, theme.good, "Tested: the key works.".to_owned()),
            Some(verdict) => {
                (theme.glyphs.warning, theme.warning, format!("Tested: {}.", lower_first(verdict.words())))
            }
            None => (theme.glyphs.warning, theme.warning, "This key has not been tested.".to_owned()),
        };
        let mut lines = vec![Line::from(vec![Span::styled(format!("{mark} {words}"), style)])];
        if let Some(form) = &self.form {
            let (top, rest) = layout::top(area, 2);
            list::draw_lines(&lines, 0, theme, frame, top);
            form.draw(theme, frame, rest);
            return;
        }
        lines.extend(text::wrap(&theme.glyphs.fit(stored(session)), area.width.min(MOST), theme.dim));
        let (top, rest) = layout::top(area, lines.len() as u16 + 1);
        list::draw_lines(&lines, 0, theme, frame, top);
        let entries = self.entries(session, theme, rest.width.saturating_sub(2).min(MOST));
        list::draw(&entries, self.focus, Focus::Here, theme, frame, rest);
    }
}

impl State {
    fn entries(&self, session: &Session, theme: &Theme, width: u16) -> Vec<Entry> {
        let fit = |text: &str| theme.glyphs.fit(text.to_owned());
        let consumer = session.draft.purpose(&session.content).map_or("your client", |purpose| purpose.title.as_str());
        let heading = |text: String| Entry::heading(vec![Line::default(), Line::styled(text, theme.accent)]);
        let mut entries = Vec::new();
        let (mut steps, mut exports) = (0, 0);
        for (index, row) in rows(session).into_iter().enumerate() {
            match row {
                Row::Value(value) => {
                    let shown = value.text.as_deref().map_or_else(|| MASK.to_owned(), on_one_line);
                    entries.push(Entry::item(vec![labelled(value.label, &shown, width, theme)]));
                }
                Row::Step(step) => {
                    if steps == 0 {
                        entries.push(heading(fit(&format!("Next: {consumer}"))));
                    }
                    steps += 1;
                    let lead = format!(" {steps}.");
                    entries.push(Entry::item(text::wrap_indented(
                        &lead,
                        theme.dim,
                        &text::styled(&step, theme, theme.text),
                        width,
                    )));
                }
                Row::Export(target) => {
                    if exports == 0 {
                        entries.push(heading("The key as its consumer reads it".to_owned()));
                    }
                    exports += 1;
                    let mut lines = vec![labelled(&fit(&target.title), &file_names(target, session), width, theme)];
                    if index == self.focus {
                        lines.extend(text::wrap_indented(" ", theme.dim, &[(fit(&target.about), theme.dim)], width));
                    }
                    entries.push(Entry::item(lines));
                }
                Row::Save => {
                    let (label, about) = match session.saved_system() {
                        Some(system) => ("Save under another name", format!("saved as {}", system.name)),
                        None => ("Save this system", "find it again, test it again".to_owned()),
                    };
                    entries.push(Entry::item(vec![labelled(label, &fit(&about), width, theme)]));
                }
                Row::Rotate => {
                    entries.push(heading("For later".to_owned()));
                    entries.push(Entry::item(vec![labelled("Replace the key later", ROTATE, width, theme)]));
                }
            }
        }
        if let Some(link) = link(session) {
            let mut lines = vec![Line::default()];
            lines.extend(text::wrap(&link.title, width, theme.text));
            lines.extend(text::wrap(&link.url, width, theme.dim));
            entries.push(Entry::heading(lines));
        }
        entries
    }
}

fn labelled(label: &str, value: &str, width: u16, theme: &Theme) -> Line<'static> {
    let room = width.saturating_sub(LABELS + 3);
    Line::from(vec![
        Span::raw(format!(" {} ", text::pad(label, LABELS, theme.glyphs.ellipsis))),
        Span::styled(text::truncate(value, room, theme.glyphs.ellipsis), theme.dim),
    ])
}

/// The first row of the next part, or of the one before.
fn next_part(rows: &[Row<'_>], focus: usize, action: Action) -> usize {
    let first = |wanted: fn(&Row<'_>) -> bool| rows.iter().position(wanted);
    let mut starts: Vec<usize> = [
        first(|row| matches!(row, Row::Value(_))),
        first(|row| matches!(row, Row::Step(_))),
        first(|row| matches!(row, Row::Export(_))),
        first(|row| matches!(row, Row::Rotate)),
    ]
    .into_iter()
    .flatten()
    .collect();
    starts.sort_unstable();
    let found = match action {
        Action::NextField => starts.iter().find(|start| **start > focus).or(starts.first()),
        _ => starts.iter().rev().find(|start| **start < focus).or(starts.last()),
    };
    found.copied().unwrap_or(focus)
}

fn ask_for_secret() -> Question {
    Question {
        title: "Copy the client secret".to_owned(),
        text: "The secret goes to the system clipboard, kept out of its history where the system allows that. Other \
               programs can read it there. It is taken out again after 45 seconds, and when the wizard ends, if it is \
               still there."
            .to_owned(),
        yes: "Copy it".to_owned(),
        no: "Do not copy".to_owned(),
        then: Confirmed::CopySecret,
        otherwise: None,
    }
}

/// The names of the files that an export of this key has.
fn file_names(target: &ExportTarget, session: &Session) -> String {
    let Some(key) = session.key.usable() else { return String::new() };
    target.files.iter().map(|file| file.name_for(key)).collect::<Vec<_>>().join(", ")
}

fn ask_to_save(target: &ExportTarget, session: &Session) -> Question {
    let names = file_names(target, session);
    let id = target.id.clone();
    if target.holds_secret() {
        Question {
            title: format!("Save for {}", target.consumer),
            text: format!(
                "{names} goes into the current directory, never over a file that exists. With the secret in it only you \
                 can read it; without it, a placeholder says where the secret goes. Esc saves nothing."
            ),
            yes: "With the secret".to_owned(),
            no: "Without the secret".to_owned(),
            then: Confirmed::Export(id.clone(), WithSecret::Yes),
            otherwise: Some(Confirmed::Export(id, WithSecret::No)),
        }
    } else {
        Question {
            title: format!("Save for {}", target.consumer),
            text: format!(
                "{names} goes into the current directory, never over a file that exists. No secret is in it."
            ),
            yes: "Save".to_owned(),
            no: "Do not save".to_owned(),
            then: Confirmed::Export(id, WithSecret::No),
            otherwise: None,
        }
    }
}

/// How to replace the key later.
const ROTATE: &str = "without an interruption; also: cpikey guide rotate-key";
/// Width of the labels.
const LABELS: u16 = 26;
/// Values are not set wider than this.
const MOST: u16 = 110;

fn on_one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

fn link(session: &Session) -> Option<&crate::domain::sap::link::Link> {
    let purpose = session.draft.purpose(&session.content)?;
    session.content.link(purpose.links.first()?)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
