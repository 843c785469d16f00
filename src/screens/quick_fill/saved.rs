//! Saved systems: the list of them, the passphrase, and all of them tested side by side.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Mode, State};
use crate::{
    domain::{
        finding::{Severity, Verdict},
        systems::system::{System, SystemId},
        text::{safe_text::SafeText, secret::Secret},
    },
    keymap::Action,
    model::{
        Session,
        saved::{Outcome, Round, Standing},
    },
    screens::{Command, Confirmed, Question, Update, command},
    ui::{
        Theme, layout, text,
        widget::{
            field::Field,
            list::{self, Entry, Focus},
        },
    },
};

/// What a passphrase is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locked {
    /// The key of one system.
    One(SystemId),
    /// The keys of all of them, to test them.
    All,
}

/// The passphrase that is being typed.
#[derive(Debug)]
pub struct Unlock {
    /// What it is for.
    pub locked: Locked,
    /// The field with stars.
    pub field: Field,
}

impl Unlock {
    /// An empty field.
    pub fn new(locked: Locked) -> Self {
        Self { locked, field: Field::masked() }
    }

    /// Draws the field under the words.
    pub fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let width = area.width.min(layout::PROSE);
        let mut lines = vec![Line::styled("Passphrase of the saved systems", theme.title)];
        let words = format!("Their secrets are sealed with it in {}.", session.saved.listing.place);
        lines.extend(text::wrap(&words, width, theme.dim));
        let (above, below) = layout::top(area, lines.len() as u16 + 1);
        list::draw_lines(&lines, 0, theme, frame, above);
        self.field.draw(true, theme, frame, Rect { height: 1.min(below.height), width, ..below });
    }
}

impl State {
    /// The round of tests, while it is shown.
    pub(super) fn round<'a>(&self, session: &'a Session) -> Option<&'a Round> {
        session.saved.round.as_ref().filter(|_| matches!(self.mode, Mode::Round))
    }

    /// The saved system with the focus.
    pub(super) fn system<'a>(&self, session: &'a Session) -> Option<&'a System> {
        match self.round(session) {
            Some(round) => session.saved.by_id(round.rows.get(self.at(session))?.0),
            None if self.lists(session) => {
                session.saved.systems().iter().nth(self.at(session).checked_sub(session.samples.len())?)
            }
            None => None,
        }
    }

    /// Takes the secrets of saved systems out, after asking for the passphrase where they have one.
    pub(super) fn unlock(&mut self, locked: Locked, passphrase: Option<Secret>, session: &mut Session) -> Update {
        if locked == Locked::All && session.is_testing_all() {
            self.mode = Mode::Round;
            return Update::none();
        }
        if passphrase.is_none() && session.saved.wants_passphrase() {
            self.mode = Mode::Unlocking(Box::new(Unlock::new(locked)));
            return Update::none();
        }
        match locked {
            Locked::One(id) => {
                self.mode = if session.key.reading.is_some() { Mode::Choosing } else { Mode::View };
                Update::effect(session.open_saved(id, passphrase))
            }
            Locked::All => {
                (self.mode, self.focus) = (Mode::Round, 0);
                Update { effects: session.test_all(passphrase), ..Update::none() }
            }
        }
    }

    /// What can be done with the round of tests.
    pub(super) fn act_on_round(&mut self, action: Action, session: &mut Session) -> Update {
        let running = session.is_testing_all();
        match action {
            Action::Cancel | Action::Back if running => {
                return Update { effects: session.stop_round().into_iter().collect(), ..Update::none() };
            }
            Action::Cancel | Action::Back => {
                (self.mode, self.focus) = (Mode::Choosing, session.samples.len());
            }
            Action::Retry => return self.unlock(Locked::All, None, session),
            Action::Primary | Action::Toggle => {
                if let Some(id) = self.system(session).map(|system| system.id) {
                    return self.unlock(Locked::One(id), None, session);
                }
            }
            _ => {}
        }
        Update::none()
    }

    /// What is offered for samples and saved systems.
    pub(super) fn list_offers(&self, session: &Session) -> Vec<Command> {
        let mut commands = Vec::new();
        let label = if self.system(session).is_some() { "open this system" } else { "load this practice key" };
        if self.rows(session) > 0 {
            commands.push(command(Action::Primary, label));
            commands.push(command(Action::Toggle, label).hidden_from_footer());
        }
        commands.push(command(Action::Paste, "paste"));
        if !session.saved.systems().is_empty() {
            commands.push(command(Action::Retry, "test all saved systems"));
        }
        if self.system(session).is_some() {
            commands.push(command(Action::Save, "rename").hidden_from_footer());
            commands.push(command(Action::Clear, "remove").hidden_from_footer());
        }
        commands
    }

    /// What can be done with samples and saved systems.
    pub(super) fn act_on_list(&mut self, action: Action, session: &mut Session) -> Update {
        match action {
            Action::Primary | Action::Toggle => match self.system(session).map(|system| system.id) {
                Some(id) => return self.unlock(Locked::One(id), None, session),
                None => self.load_sample(session),
            },
            Action::Retry => return self.unlock(Locked::All, None, session),
            Action::Save => {
                if let Some(name) = self.system(session).map(|system| system.name.clone()) {
                    let field = Field::new(name.as_str());
                    self.mode = Mode::Renaming(Box::new((name, field)));
                }
            }
            Action::Clear => {
                if let Some(system) = self.system(session) {
                    return Update::ask(ask_to_remove(system));
                }
            }
            Action::Back | Action::Cancel if session.key.reading.is_some() => {
                (self.mode, self.focus) = (Mode::View, session.key.selected);
            }
            Action::Paste | Action::File | Action::Edit | Action::Back | Action::Cancel => {
                return self.act_on_key(action, session);
            }
            _ => {}
        }
        Update::none()
    }
}

fn ask_to_remove(system: &System) -> Question {
    Question {
        title: format!("Remove {}", system.name),
        text: "It is taken off the list, and its secret is deleted here. The service key itself still exists in the \
               subaccount and stays valid."
            .to_owned(),
        yes: "Remove it".to_owned(),
        no: "Keep it".to_owned(),
        then: Confirmed::RemoveSystem(system.name.clone()),
        otherwise: None,
    }
}

/// Columns of the widest name, within reason.
fn name_width(session: &Session) -> u16 {
    let widest = session.saved.systems().iter().map(|system| Line::raw(system.name.as_str()).width()).max();
    widest.unwrap_or_default().clamp(4, 24) as u16
}

/// How long the client certificate lasts; `None` for a client secret.
fn expiry(system: &System, session: &Session) -> Option<String> {
    Some(match system.days_left(session.now.wall)? {
        days if days < 0 => "certificate has expired".to_owned(),
        0 => "certificate expires today".to_owned(),
        1 => "1 day left".to_owned(),
        days => format!("{days} days left"),
    })
}

fn tested(system: &System) -> String {
    match system.last_test {
        None => "not tested".to_owned(),
        Some(test) => format!("{} on {}", test.verdict.as_str(), test.at.strftime("%Y-%m-%d")),
    }
}

fn purpose(system: &System, session: &Session) -> Option<String> {
    let id = system.purpose.as_ref()?;
    Some(session.content.purpose(id.as_str()).map_or_else(|| id.to_string(), |purpose| purpose.title.clone()))
}

/// One entry a system: its name and host; below the focused one what else is known of it.
pub fn entries(session: &Session, focused: Option<usize>, theme: &Theme, width: u16) -> Vec<Entry> {
    let names = name_width(session);
    let entry = |(index, system): (usize, &System)| {
        let facts: Vec<String> = [Some(tested(system)), expiry(system, session)].into_iter().flatten().collect();
        let facts = facts.join(" · ");
        let name = text::pad(system.name.as_str(), names, theme.glyphs.ellipsis);
        let room = width.saturating_sub(names + 4);
        let line = format!("{facts}  {}", system.url.host());
        let mut lines = vec![Line::from(vec![
            Span::raw(format!("  {name}  ")),
            Span::styled(text::truncate(&line, room, theme.glyphs.ellipsis), theme.dim),
        ])];
        if focused == Some(index) {
            let purpose = purpose(system, session).map(|purpose| format!("for {purpose}"));
            let note = Some(system.note.to_string()).filter(|note| !note.is_empty());
            let more: Vec<String> = [purpose, note].into_iter().flatten().collect();
            if !more.is_empty() {
                lines.extend(text::wrap_indented("    ", theme.dim, &[(more.join(" · "), theme.dim)], width));
            }
        }
        Entry::item(lines)
    };
    session.saved.systems().iter().enumerate().map(entry).collect()
}

/// The round of tests: how far it is, then one line a system.
pub fn draw_round(round: &Round, focus: usize, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let (done, all) = (round.tested(), round.rows.len());
    let headline = if round.running {
        Line::styled(format!("Testing all saved systems: {done} of {all} done"), theme.title)
    } else if done < all {
        Line::styled(format!("Stopped: {done} of {all} systems were tested, the worst first"), theme.title)
    } else {
        Line::styled(
            format!("Tested {all} saved {}, the worst first", if all == 1 { "system" } else { "systems" }),
            theme.title,
        )
    };
    let (above, below) = layout::top(area, 2);
    frame.render_widget(headline, above);
    let names = name_width(session);
    let room = below.width.saturating_sub(names + 2 + VERDICT + 4);
    let row = |(id, standing): &(SystemId, Standing)| {
        let system = session.saved.by_id(*id);
        let name = system.map_or_else(|| "removed".to_owned(), |system| system.name.to_string());
        let (style, mark, word, reason) = shown(standing, session, theme);
        let days = system.and_then(|system| expiry(system, session));
        let rest: Vec<String> =
            [days, Some(reason).filter(|reason| !reason.is_empty())].into_iter().flatten().collect();
        let rest = rest.join("; ");
        Entry::item(vec![Line::from(vec![
            Span::styled(format!("{mark} "), style),
            Span::raw(text::pad(&name, names, theme.glyphs.ellipsis)),
            Span::raw("  "),
            Span::styled(text::pad(word, VERDICT, theme.glyphs.ellipsis), style),
            Span::styled(text::truncate(&rest, room, theme.glyphs.ellipsis), theme.dim),
        ])])
    };
    let entries: Vec<Entry> = round.rows.iter().map(row).collect();
    list::draw(&entries, focus, Focus::Here, theme, frame, below);
}

/// Columns of a verdict.
const VERDICT: u16 = 15;

fn shown(
    standing: &Standing,
    session: &Session,
    theme: &Theme,
) -> (ratatui::style::Style, &'static str, &'static str, String) {
    match standing {
        Standing::Waiting => (theme.dim, " ", "waiting", String::new()),
        Standing::Running => {
            let turns = (session.now.since_start.as_millis() / 120) as usize % theme.glyphs.spinner.len();
            let mark = if session.around.motion { theme.glyphs.spinner[turns] } else { theme.glyphs.bullet };
            (theme.accent, mark, "testing", String::new())
        }
        Standing::Done(Outcome { verdict: Some(Verdict::Ready), .. }) => {
            (theme.good, theme.glyphs.good, Verdict::Ready.as_str(), String::new())
        }
        Standing::Done(Outcome { verdict, reason }) => {
            let severity = match verdict {
                Some(Verdict::Limited) | None => Severity::Warning,
                Some(_) => Severity::Error,
            };
            let (style, mark) = theme.severity(severity);
            let reason = SafeText::capped(reason, 300).to_string();
            (style, mark, verdict.map_or("not tested", Verdict::as_str), reason)
        }
    }
}

/// The list, or the round, as text.
pub fn plain(session: &Session, round: Option<&Round>) -> String {
    let mut out = String::new();
    match round {
        Some(round) => {
            for (id, standing) in &round.rows {
                let name = session.saved.by_id(*id).map_or("removed", |system| system.name.as_str());
                let words = match standing {
                    Standing::Waiting | Standing::Running => "not tested yet".to_owned(),
                    Standing::Done(Outcome { verdict, reason }) => {
                        format!("{} {reason}", verdict.map_or("not tested", Verdict::as_str))
                    }
                };
                out.push_str(&format!("{name}: {}\n", words.trim()));
            }
        }
        None => {
            for system in session.saved.systems().iter() {
                let days = expiry(system, session).map(|days| format!(", {days}")).unwrap_or_default();
                out.push_str(&format!("{}: {}, {}{days}\n", system.name, system.url.as_str(), tested(system)));
            }
        }
    }
    out
}
