//! Step 3: the name of the service instance and, optionally, where it is.

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect, text::Line};

use super::{Command, Enter, Navigation, Screen, Update, command};
use crate::{
    domain::sap::{
        guide::StepId,
        name::{self, NAME_LIMIT},
        region::Offered,
    },
    keymap::{Action, Context},
    model::{JobRequest, Notice, Pasted, Session},
    ui::{
        Theme, layout, text,
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

/// Four fields and a button.
#[derive(Debug, Default)]
pub struct State {
    form: Form,
}

impl State {
    fn store(&self, session: &mut Session) {
        let draft = &mut session.draft;
        let texts = [NAME, REGION, ORG, SPACE].map(|index| self.form.text(index).to_owned());
        [draft.instance, draft.region, draft.org, draft.space] = texts;
        draft.region.make_ascii_lowercase();
    }

    fn submit(&mut self, session: &mut Session) -> Update {
        if let Err(problem) = name::check_name(self.form.text(NAME)) {
            self.form.set_focus(NAME);
            session.notice = Some(Notice::error(problem.shown(session.content.words)));
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
            REGION => {
                let id = typed.to_lowercase();
                // A landscape such as eu10-003 belongs to the region eu10.
                Some(match session.content.region(id.split('-').next().unwrap_or(&id)) {
                    Some(region) => match region.offered {
                        Offered::Yes => Remark::Good(words.region_known(&region.name, &region.provider)),
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
        let mut commands = vec![command(Action::Primary, words.next()), command(Action::NextField, words.next_field())];
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
        match self.form.act(action) {
            FormResult::Stay => Update::none(),
            FormResult::Submit => self.submit(session),
            // Going back must not lose what was typed.
            FormResult::Cancel => {
                self.store(session);
                Update::go(Navigation::Back)
            }
        }
    }

    fn key(&mut self, key: KeyEvent, session: &mut Session) {
        if self.form.key(key) {
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

    fn plain(&self, session: &Session) -> String {
        let draft = &session.draft;
        session.content.words.instance().plain(&draft.instance, &draft.region, &draft.org, &draft.space)
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let width = area.width.min(layout::PROSE);
        let intro = session.content.step(StepId::Instance).intro.as_str();
        let mut intro = text::wrap(intro, width, theme.dim);
        if area.height >= 14 {
            intro.push(Line::default());
            intro.extend(text::wrap(session.content.words.instance().one_per_consumer(), width, theme.text));
        }
        let (top, rest) = layout::top(area, intro.len() as u16 + 1);
        list::draw_lines(&intro, 0, theme, frame, top);
        self.form.draw(&|index| self.remark(index, session), theme, frame, rest);
    }
}
