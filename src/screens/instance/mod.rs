//! Step 3: the name of the service instance and, optionally, where it is.
//!
//! ```text
//! why the name matters
//! fields and a button    | what the values are used for
//! ```

mod regions;
mod uses;

mod linear;

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::regions::{Place, completions};
use super::{
    Command, Enter, Navigation, Screen, Update, command,
    preview::{self, Preview},
};
use crate::{
    domain::sap::{
        guide::StepId,
        name::{self, NAME_LIMIT},
        region::Offered,
    },
    keymap::{Action, Context},
    model::{JobRequest, Pasted, Session},
    ui::{
        Theme, layout,
        page::Page,
        text,
        widget::{
            field::Field,
            form::{Form, FormField, FormResult, Remark},
            list,
        },
    },
};

const NAME: usize = 0;
const REGION: usize = 1;
const ORG: usize = 2;
const SPACE: usize = 3;

/// How many suggestions are shown at a time.
const SHOWN: usize = 5;
/// The minimum height for the hint about special names on the practice tenant.
const ROWS_FOR_PRACTICE: u16 = 18;
/// Columns of the fields with their labels and remarks.
const COLUMNS: u16 = 58;

/// Four fields and a button.
#[derive(Debug, Default)]
pub struct State {
    form: Form,
    /// The focused suggestion for the region.
    place: Option<usize>,
}

/// The region.
impl State {
    /// The suggestions for the region, while its field has the focus.
    fn places<'a>(&self, session: &'a Session) -> Vec<Place<'a>> {
        if self.form.focus() == REGION { completions(self.form.text(REGION), &session.content) } else { Vec::new() }
    }

    /// Whether the input already is a region or landscape, so that Tab moves to the next field.
    fn is_whole(&self, session: &Session) -> bool {
        let typed = self.form.text(REGION).to_lowercase();
        session.content.region(&typed).is_some() || typed.contains('-')
    }

    /// Moves among the suggestions, or accepts one. Returns false if the action is not about them.
    fn act_on_places(&mut self, action: Action, session: &mut Session) -> bool {
        let places = self.places(session);
        let taken = match (action, self.place) {
            _ if places.is_empty() => return false,
            (Action::Down, None) => return self.focus_place(Some(0)),
            (Action::Down, Some(at)) if at + 1 < places.len() => return self.focus_place(Some(at + 1)),
            (Action::Up, Some(at)) => return self.focus_place(at.checked_sub(1)),
            (Action::Cancel, Some(_)) => return self.focus_place(None),
            (Action::Primary | Action::NextField, Some(at)) => places.into_iter().nth(at),
            (Action::NextField, None) if !self.is_whole(session) => places.into_iter().next(),
            _ => None,
        };
        self.place = None;
        let Some(taken) = taken.map(|place| place.id) else { return false };
        self.form.set(REGION, &taken);
        self.store(session);
        true
    }

    fn focus_place(&mut self, place: Option<usize>) -> bool {
        self.place = place;
        true
    }

    /// The suggestions around the focused one, one per line.
    fn shown_places(&self, places: &[Place<'_>], session: &Session) -> Remark {
        let words = session.content.words.instance();
        let first = self.place.unwrap_or_default().saturating_sub(SHOWN - 1);
        let shown = places.iter().skip(first).take(SHOWN);
        let mut lines: Vec<String> =
            shown.map(|place| words.place(&place.id, &place.region.name, &place.region.provider)).collect();
        let more = places.len() - lines.len();
        if more > 0 {
            lines.push(words.more_places(more));
        }
        Remark::Choices(lines, self.place.map(|at| at - first))
    }
}

impl State {
    fn store(&self, session: &mut Session) {
        let draft = &mut session.draft;
        let texts = [NAME, REGION, ORG, SPACE].map(|index| self.form.text(index).to_owned());
        [draft.instance, draft.region, draft.org, draft.space] = texts;
        draft.region.make_ascii_lowercase();
    }

    fn submit(&mut self, session: &mut Session) -> Update {
        if name::check_name(self.form.text(NAME)).is_err() {
            // Its remark explains why.
            self.form.set_focus(NAME);
            return Update::none();
        }
        self.store(session);
        Update::go(Navigation::Next)
    }

    fn remark(&self, index: usize, session: &Session) -> Option<Remark> {
        let words = session.content.words.instance();
        let typed = self.form.text(index);
        match index {
            NAME => Some(match name::check_name(typed) {
                Ok(()) => Remark::Good(words.length(typed.chars().count(), NAME_LIMIT)),
                Err(problem) => Remark::Bad(problem.shown(session.content.words)),
            }),
            REGION if typed.is_empty() => Some(Remark::Hint(words.region_hint().to_owned())),
            REGION if self.form.focus() == REGION && (self.place.is_some() || !self.is_whole(session)) => {
                let places = self.places(session);
                if places.is_empty() {
                    Some(Remark::Warning(words.region_unknown().to_owned()))
                } else {
                    Some(self.shown_places(&places, session))
                }
            }
            REGION => {
                let id = typed.to_lowercase();
                // A landscape such as eu10-003 belongs to the region eu10.
                Some(match session.content.region(id.split('-').next().unwrap_or(&id)) {
                    Some(region) => match region.offered {
                        Offered::Yes if self.places(session).is_empty() => {
                            Remark::Good(words.region_known(&region.name, &region.provider))
                        }
                        Offered::Yes => {
                            let count = self.places(session).len();
                            Remark::Good(words.region_with_landscapes(count, &region.name, &region.provider))
                        }
                        Offered::No => Remark::Warning(words.region_without_service(&region.name)),
                        Offered::Unknown => Remark::Warning(words.region_not_in_catalog(&region.name)),
                    },
                    None => Remark::Warning(words.region_unknown().to_owned()),
                })
            }
            ORG if typed.is_empty() => Some(Remark::Hint(words.org_hint().to_owned())),
            SPACE if typed.is_empty() => Some(Remark::Hint(words.space_hint().to_owned())),
            _ => None,
        }
    }
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        if self.form.in_field() { Context::Edit } else { Context::Browse }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.instance();
        let completes = !self.places(session).is_empty() && (self.place.is_some() || !self.is_whole(session));
        let tab = if completes { words.complete() } else { words.next_field() };
        let mut commands = vec![command(Action::Primary, words.next()), command(Action::NextField, tab)];
        if self.form.in_field() {
            commands.push(command(Action::Paste, words.paste()).hidden_from_footer());
        } else {
            commands.push(command(Action::Toggle, words.next()).hidden_from_footer());
        }
        commands
    }

    fn enter(&mut self, _why: Enter, session: &mut Session) -> Update {
        let words = session.content.words.instance();
        let draft = &session.draft;
        let field = |label: &str, text: &str| FormField::new(label, Field::new(text));
        self.form = Form::new(vec![
            field(words.name(), &draft.instance),
            field(words.region(), &draft.region).optional(),
            field(words.org(), &draft.org).optional(),
            field(words.space(), &draft.space).optional(),
        ])
        .with_button(words.continue_button());
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        match action {
            Action::Paste => return Update::effect(session.start(StepId::Instance, JobRequest::ReadClipboard)),
            Action::Back => {
                self.store(session);
                return Update::go(Navigation::Back);
            }
            _ => {}
        }
        if self.act_on_places(action, session) {
            return Update::none();
        }
        match self.form.act(action) {
            FormResult::Stay => Update::none(),
            FormResult::Submit => self.submit(session),
            // Going back must not lose the input.
            FormResult::Cancel => {
                self.store(session);
                Update::go(Navigation::Back)
            }
        }
    }

    fn key(&mut self, key: KeyEvent, session: &mut Session) {
        if self.form.key(key) {
            self.place = None;
            self.store(session);
        }
    }

    fn paste(&mut self, text: &Pasted, session: &mut Session) -> Update {
        if self.form.paste(&text.text()) {
            self.store(session);
        }
        Update::none()
    }

    fn needs_attention(&self, session: &Session) -> bool {
        session.done.contains(&StepId::Instance) && name::check_name(&session.draft.instance).is_err()
    }

    fn linear(&self, session: &Session) -> Page {
        linear::page(self, session)
    }

    fn plain(&self, session: &Session) -> String {
        let draft = &session.draft;
        session.content.words.instance().plain(&draft.instance, &draft.region, &draft.org, &draft.space)
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let words = session.content.words.instance();
        let width = area.width.min(layout::PROSE);
        let intro = session.content.step(StepId::Instance).intro.as_str();
        let mut intro = text::wrap(intro, width, theme.text);
        if area.height >= 14 {
            intro.extend(text::wrap(words.one_per_consumer(), width, theme.text));
        }
        if area.height >= ROWS_FOR_PRACTICE && session.around.practice {
            let names = session.content.words.cloud().practice_names();
            intro.extend(text::wrap_bullet(theme.glyphs.idle, theme.dim, names, theme.text, width));
        }
        let (top, rest) = layout::top(area, intro.len() as u16 + 1);
        list::draw_lines(&intro, 0, theme, frame, top);
        let remark = |index| self.remark(index, session);
        let rows = self.form.height(&remark, theme, COLUMNS.min(rest.width)) + 5;
        let (mut main, mut pane) = preview::divide(rest, COLUMNS, rows);
        // A form that does not fit next to the pane gets the full width.
        if self.form.height(&remark, theme, main.width) > main.height {
            (main, pane) = (rest, None);
        }
        self.form.draw(&remark, theme, frame, main);
        if let Some(pane) = pane {
            let about = |width: u16, _: u16| uses::lines(session, theme, width);
            let preview = Preview { title: words.uses(), about: &about, json_title: "", json: None };
            preview::draw(&preview, pane, session.content.words, theme, frame);
        }
    }
}
