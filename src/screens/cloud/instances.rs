//! Instances with their keys, and what can be done with them.

use jiff::Timestamp;

use super::{
    Action, CloudRequest, Command, Listed, Notice, Session, Stage, State, Update, command,
    sheet::{Part, Row, Sheet},
};
use crate::{
    domain::{
        cf::{
            describe,
            goal::Goal,
            mark::Marks,
            resource::{Instance, Operation, OperationKind, OperationState, ServiceKey},
            run::ExistingState,
        },
        sap::plan::SERVICE_TITLE,
        text::{safe_text::SafeText, when::day},
    },
    keymap,
    ui::text,
    words::{CloudLabels, Words},
};

/// A row: an instance or one of its keys, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListRow {
    /// An instance.
    Instance(usize),
    /// A key of an instance.
    Key(usize, usize),
}

/// The rows: each instance, and its keys below it.
pub fn rows(listed: &[Listed]) -> Vec<ListRow> {
    let rows = listed.iter().enumerate().flat_map(|(at, (_, keys))| {
        std::iter::once(ListRow::Instance(at)).chain((0..keys.len()).map(move |key| ListRow::Key(at, key)))
    });
    rows.collect()
}

/// The state of an object, judged by its last operation.
fn state(operation: &Operation, words: Words) -> &'static str {
    describe::existing_state(ExistingState::of(operation), words)
}

fn since(created: Option<Timestamp>, session: &Session) -> Option<String> {
    let created = day(created?, session.now.wall, &session.zone, session.content.words);
    Some(session.content.words.cloud().key_age(created))
}

fn marked(marks: &Marks, words: CloudLabels) -> Option<String> {
    marks.made_by_us.then(|| words.made_by().to_owned())
}

/// The space of an instance, if it is not the chosen one.
fn other_space(instance: &Instance, session: &Session) -> Option<SafeText> {
    let is_chosen = session.cloud.place.as_ref().is_some_and(|place| place.space.guid == instance.space);
    let name = instance.space_name.as_deref().unwrap_or(&instance.space);
    (!is_chosen).then(|| SafeText::line(name))
}

fn instance_row(instance: &Instance, keys: &[ServiceKey], session: &Session) -> Row {
    let words = session.content.words.cloud();
    let space = other_space(instance, session).map(|space| words.space_named(space));
    let plan = instance.plan.as_ref().map(|plan| SafeText::line(plan).to_string());
    let count = if keys.is_empty() { words.no_keys().to_owned() } else { words.keys_count(keys.len()) };
    let state = state(&instance.operation, session.content.words).to_owned();
    let facts = space.into_iter().chain(plan).chain([state, count]).chain(marked(&instance.marks, words));
    Row::new(instance.shown().to_string(), text::facts(facts))
}

fn key_row(key: &ServiceKey, session: &Session) -> Row {
    let words = session.content.words.cloud();
    let is_ready = key.operation.state == OperationState::Succeeded;
    let state = (!is_ready).then(|| state(&key.operation, session.content.words).to_owned());
    let facts = since(key.created, session).into_iter().chain(state).chain(marked(&key.marks, words));
    Row { is_below: true, ..Row::new(SafeText::line(&key.name).to_string(), text::facts(facts)) }
}

impl State {
    pub(super) fn list_instances(&mut self, session: &mut Session) -> Update {
        let Some(place) = session.cloud.place.clone() else { return self.ask_for_orgs(session) };
        self.aim = super::Aim::Look;
        if !matches!(self.stage, Stage::Instances(_)) {
            self.show(Stage::Instances(Vec::new()));
        }
        Update::effect(session.ask_cloud(CloudRequest::Instances { place, all_spaces: self.all_spaces }))
    }

    /// Shows the instances: the chosen space first, then the others by name.
    pub(super) fn found_instances(&mut self, listed: &[Listed], session: &Session) -> Update {
        let mut listed = listed.to_vec();
        listed.sort_by_key(|(instance, _)| other_space(instance, session).map(|space| space.to_string()));
        let focus = self.focus;
        self.focus = focus.min(rows(&listed).len().saturating_sub(1));
        (self.stage, self.scroll) = (Stage::Instances(listed), 0);
        Update::none()
    }

    pub(super) fn instances_sheet<'a>(&self, listed: &[Listed], session: &Session) -> Sheet<'a> {
        let words = session.content.words.cloud();
        let place = session.cloud.place.as_ref().map(|place| match self.all_spaces {
            true => words.all_spaces_of(SafeText::line(&place.org.name)),
            false => place.shown().to_string(),
        });
        let place = place.unwrap_or_default();
        let is_asking = session.cloud.waiting.is_some();
        let key = |action| keymap::shown(keymap::Context::Browse, action, session.content.words);
        let intro = match listed {
            [] if is_asking => Vec::new(),
            [] => {
                let said = words.none_about(key(Action::All), key(Action::View), key(Action::Cloud));
                let said = said.lines().flat_map(|line| [Part::Blank, Part::Text(line.to_owned())]);
                std::iter::once(Part::Title(words.none(SERVICE_TITLE, &place))).chain(said).collect()
            }
            _ => vec![
                Part::Text(words.list_about(SERVICE_TITLE, key(Action::All), self.spaces(words))),
                Part::Fact(words.where_label().to_owned(), place),
            ],
        };
        let all = rows(listed);
        let row = |row: &ListRow| match *row {
            ListRow::Instance(at) => instance_row(&listed[at].0, &listed[at].1, session),
            ListRow::Key(at, key) => key_row(&listed[at].1[key], session),
        };
        let about = all.get(self.focus).map(|row| about(*row, listed, session)).unwrap_or_default();
        Sheet { above: intro, rows: all.iter().map(row).collect(), about, ..Sheet::default() }
    }

    fn focused_row(&self) -> Option<(&Instance, Option<&ServiceKey>)> {
        let Stage::Instances(listed) = &self.stage else { return None };
        match *rows(listed).get(self.focus)? {
            ListRow::Instance(at) => Some((&listed[at].0, None)),
            ListRow::Key(at, key) => Some((&listed[at].0, listed[at].1.get(key))),
        }
    }

    /// Why this instance cannot be updated to the chosen roles, if so.
    fn why_not_update(instance: &Instance, session: &Session) -> Option<String> {
        let words = session.content.words;
        let parameters = &session.draft.parameters;
        let is_other = instance.plan.as_ref().is_some_and(|plan| plan != parameters.plan.as_str());
        if instance.operation.is(OperationKind::Create, OperationState::Failed) {
            Some(words.cloud().only_delete().to_owned())
        } else if session.draft.purpose.is_none() && parameters.roles.is_empty() {
            Some(words.cloud().choose_roles().to_owned())
        } else if is_other {
            Some(words.cloud().other_plan(parameters.plan.as_str()))
        } else {
            parameters.refused(&session.content.catalogue).map(|problem| problem.short(words))
        }
    }

    /// The label of the command that switches between the chosen and all spaces.
    fn spaces(&self, words: CloudLabels) -> &'static str {
        if self.all_spaces { words.one_space() } else { words.all_spaces() }
    }

    pub(super) fn instances_commands(&self, listed: &[Listed], session: &Session) -> Vec<Command> {
        let words = session.content.words.cloud();
        let refresh = command(Action::Retry, words.refresh());
        let place = command(Action::View, words.another_place()).hidden_from_footer();
        let spaces = command(Action::All, self.spaces(words));
        let Some((instance, key)) = self.focused_row().filter(|_| !listed.is_empty()) else {
            return vec![spaces, refresh, place];
        };
        let why_not = Self::why_not_update(instance, session);
        let update = command(Action::UpdateRoles, words.update());
        let update = update.only_if(why_not.is_none(), why_not.unwrap_or_default());
        let rotate = command(Action::Rotate, words.rotate()).only_if(key.is_some(), words.only_key());
        vec![update, rotate, command(Action::Clear, words.delete_command()), spaces, refresh, place]
    }

    /// The keys of an instance in the list.
    fn keys_of(&self, guid: &str) -> &[ServiceKey] {
        let Stage::Instances(listed) = &self.stage else { return &[] };
        listed.iter().find(|(instance, _)| instance.guid == guid).map_or(&[], |(_, keys)| keys)
    }

    pub(super) fn act_on_instances(&mut self, action: Action, session: &mut Session) -> Update {
        let focused = self.focused_row();
        let goal = match (action, focused) {
            (Action::UpdateRoles, Some((instance, _))) => Some(session.goal_to_update(&instance.name)),
            (Action::Rotate, Some((instance, Some(key)))) => {
                let keys = self.keys_of(&instance.guid);
                Some(session.goal_to_rotate(&instance.name, key, keys))
            }
            (Action::Clear, Some((instance, None))) => Some(Goal::DeleteInstance { instance: instance.name.clone() }),
            (Action::Clear, Some((instance, Some(key)))) => {
                Some(Goal::DeleteKey { instance: instance.name.clone(), key: key.name.clone() })
            }
            _ => None,
        };
        let run = focused.zip(goal).and_then(|((instance, _), goal)| session.run_at(instance, goal));
        if let Some(run) = run {
            return self.begin(run, session);
        }
        match action {
            Action::Back | Action::Cancel => self.leave(session),
            Action::Retry => self.list_instances(session),
            Action::View => self.choose_another_place(session),
            Action::All => {
                self.all_spaces = !self.all_spaces;
                self.focus = 0;
                self.list_instances(session)
            }
            Action::Rotate => {
                session.notice = Some(Notice::note(session.content.words.cloud().only_key()));
                Update::none()
            }
            _ => Update::none(),
        }
    }
}

/// The details of a row.
fn about(row: ListRow, listed: &[Listed], session: &Session) -> Vec<Part> {
    let words = session.content.words.cloud();
    let day = |at: Timestamp| day(at, session.now.wall, &session.zone, session.content.words);
    let said = |operation: &Operation| {
        let said = SafeText::line(operation.description.trim());
        (!said.as_str().is_empty()).then(|| (words.said_label(), said.to_string()))
    };
    let marked = |marks: &Marks| marks.made_by_us.then(|| (words.mark_label(), words.marked().to_owned()));
    let (name, facts) = match row {
        ListRow::Instance(at) => {
            let (instance, _) = &listed[at];
            let plan = instance.plan.as_ref().map(|plan| (words.plan_label(), SafeText::line(plan).to_string()));
            let space =
                instance.space_name.as_ref().map(|name| (words.space_label(), SafeText::line(name).to_string()));
            let roles = instance.marks.roles.as_ref().map(|roles| (words.roles_label(), roles.join(", ")));
            let facts = [
                plan,
                space,
                Some((words.state_label(), state(&instance.operation, session.content.words).to_owned())),
                said(&instance.operation),
                instance.created.map(|at| (words.created_label(), day(at))),
                marked(&instance.marks),
                roles,
            ];
            (instance.shown().to_string(), facts.into_iter().flatten().collect::<Vec<_>>())
        }
        ListRow::Key(at, key) => {
            let (instance, keys) = &listed[at];
            let key = &keys[key];
            let facts = [
                other_space(instance, session).map(|space| (words.space_label(), space.to_string())),
                Some((words.state_label(), state(&key.operation, session.content.words).to_owned())),
                said(&key.operation),
                key.created.map(|at| (words.created_label(), day(at))),
                marked(&key.marks),
            ];
            (SafeText::line(&key.name).to_string(), facts.into_iter().flatten().collect::<Vec<_>>())
        }
    };
    let facts =
        facts.into_iter().map(|(label, value)| Part::Fact(label.to_owned(), SafeText::line(&value).to_string()));
    std::iter::once(Part::Title(name)).chain(facts).collect()
}
