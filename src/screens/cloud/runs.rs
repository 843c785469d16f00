//! A run on the screen: its rows, and reactions when it needs something.

use super::{
    Action, Aim, Command, Confirmed, Enter, Finding, FindingCode, Navigation, Question, Session, Stage, State, Update,
    ask_to_send, command, ended, plan,
    run_parts::{is_key_of_run, replaces_key, step_parts, tested, whereabouts},
    run_row::RunRow,
    sheet::{Part, Row, Sheet},
    typing::Typing,
};
use crate::{
    domain::{
        cf::{
            goal::Goal,
            run::{Ask, Event, RowState, Run, StepName},
            ticket,
        },
        finding::Severity,
        sap::guide::StepId,
        text::safe_text::SafeText,
    },
    model::{Effect, Notice, Tone, cloud::Provision},
};

impl State {
    /// Starts a run by reading what it needs.
    pub(super) fn begin(&mut self, run: Run, session: &mut Session) -> Update {
        self.show(Stage::Run);
        self.trouble = None;
        Update { effects: session.begin_run(run), ..Update::none() }
    }

    /// Starts creating the chosen objects.
    pub(super) fn begin_to_make(&mut self, session: &mut Session) -> Update {
        match session.run_here(session.goal_to_make(self.reuse, self.broker.clone())) {
            Some(run) => self.begin(run, session),
            None => Update::none(),
        }
    }

    /// Reacts when a run needs something other than a request.
    pub(super) fn follow_up(&mut self, session: &mut Session) -> Update {
        (self.focus, self.scroll) = (0, 0);
        let Some(provision) = &session.cloud.provision else { return Update::none() };
        let rotates = matches!(provision.run.goal(), Goal::Rotate(_));
        match provision.run.ask() {
            Ask::Test => self.test(session),
            Ask::HandOver if !rotates => self.hand_over(session),
            Ask::Nothing => {
                let ended = provision.run.end().is_some_and(|end| end.findings.iter().any(is_dead_session));
                if ended {
                    session.log_out();
                }
                Update::none()
            }
            Ask::HandOver | Ask::Confirm | Ask::Send(_) | Ask::Wait(_) => Update::none(),
        }
    }

    /// Loads the new key and tests it; the run receives the verdict. Non-SAP hosts must be confirmed.
    pub(super) fn test(&mut self, session: &mut Session) -> Update {
        if session.key.source.as_ref().is_none_or(|source| !is_key_of_run(source, session)) {
            session.take_made_key();
        }
        let hosts = session.hosts_to_ask_for();
        if hosts.is_empty() {
            let effects = match session.start_test_of_run() {
                Some(test) => vec![test],
                None => session.step_run(Event::Tested { passed: false, may_pass_later: false }),
            };
            return Update { effects, ..Update::none() };
        }
        if session.cloud.is_open {
            return Update::ask(ask_to_send(hosts, session));
        }
        // The user is on another screen.
        session.notice = Some(Notice::warning(session.content.words.cloud().host_not_tested(hosts.join(", "))));
        Update::effect(Effect::Bell)
    }

    /// Loads the key and tests it like any other.
    fn hand_over(&mut self, session: &mut Session) -> Update {
        let words = session.content.words.cloud();
        let Some(provision) = &session.cloud.provision else { return Update::none() };
        let goal = provision.run.goal();
        let key = SafeText::line(goal.key().map_or("", |key| key.name.as_str()));
        let made = words.made(SafeText::line(goal.instance()), &key);
        let taken = session.take_made_key();
        let mut effects = session.step_run(Event::HandedOver(taken));
        if !session.cloud.is_open {
            // The user is on another screen.
            session.notice = Some(Notice::good(words.made_later(&key)));
            effects.push(Effect::Bell);
            return Update { effects, ..Update::none() };
        }
        session.notice = Some(Notice::good(made));
        let is_faulty = session.key.findings().iter().any(|finding| finding.severity() == Severity::Error);
        if is_faulty || session.key.usable().is_none() || !session.hosts_to_ask_for().is_empty() {
            return Update { navigation: Navigation::To(StepId::QuickFill, Enter::Key), effects, question: None };
        }
        session.done.insert(StepId::QuickFill);
        effects.extend(session.start_test());
        Update { navigation: Navigation::To(StepId::Test, Enter::Plain), effects, question: None }
    }

    /// What can be chosen.
    pub(super) fn run_rows(&self, session: &Session) -> Vec<RunRow> {
        let Some(provision) = &session.cloud.provision else { return Vec::new() };
        if provision.is_under_way() {
            return Vec::new();
        }
        let run = &provision.run;
        match (run.ask(), run.goal()) {
            (Ask::Confirm, Goal::DeleteInstance { instance: name } | Goal::DeleteKey { key: name, .. }) => {
                vec![RunRow::Delete(name.clone()), RunRow::List]
            }
            (Ask::Confirm, Goal::Create(_)) => vec![RunRow::Do, RunRow::Names, RunRow::Place, RunRow::Clicks],
            (Ask::Confirm, _) => vec![RunRow::Do, RunRow::List],
            (Ask::Test, _) if session.run_awaits_test() => vec![RunRow::Test, RunRow::Untested, RunRow::KeepBoth],
            (Ask::HandOver, Goal::Rotate(rotate)) => {
                // A second Enter must not delete the old key before the new one was handed over.
                let delete = RunRow::DeleteOld(rotate.old.clone());
                match session.key_is_kept() {
                    true => vec![delete, RunRow::Save, RunRow::KeepBoth],
                    false => vec![RunRow::Save, delete, RunRow::KeepBoth],
                }
            }
            _ => run.end().map(|end| ended::rows(end, provision, session)).unwrap_or_default(),
        }
    }

    fn row(&self, row: &RunRow, provision: &Provision, session: &Session) -> Row {
        let words = session.content.words.cloud();
        let changes = provision.run.plan().changes_something();
        match row {
            RunRow::Do if changes => Row::new(words.do_row(), words.do_row_about()),
            RunRow::Do => Row::new(words.read_row(), words.read_row_about()),
            RunRow::Delete(_) => Row::new(words.delete_row(), words.delete_row_about()),
            RunRow::Names => Row::new(words.names_row(), words.names_row_about()),
            RunRow::Place => Row::new(words.place_row(), ""),
            RunRow::Clicks => Row::new(words.clicks_row(), ""),
            RunRow::List => Row::new(words.back_row(), ""),
            RunRow::Again if provision.run.end().is_some_and(|end| end.stopped) => {
                Row::new(words.go_on_row(), words.go_on_row_about())
            }
            RunRow::Again => Row::new(words.again_row(), words.again_row_about()),
            RunRow::LogIn => Row::new(words.log_in_row(), words.again_row_about()),
            RunRow::Reuse => Row::new(words.reuse_row(), words.reuse_row_about()),
            RunRow::Update(_) => Row::new(words.update_row(), words.update_row_about()),
            RunRow::Drop(roles) => Row::new(words.drop_row(roles.len()), words.drop_row_about()),
            RunRow::Broker(name) => Row::new(words.broker_row(SafeText::line(name)), ""),
            RunRow::DeleteOld(name) => {
                Row::new(words.rotated_delete_row(SafeText::line(name)), words.rotated_delete_about())
            }
            RunRow::Save => Row::new(words.rotated_save_row(), words.rotated_save_about()),
            RunRow::KeepBoth => Row::new(words.rotated_keep_row(), words.rotated_keep_about()),
            RunRow::Test => {
                let hosts = session.hosts_to_ask_for();
                let about = (!hosts.is_empty()).then(|| words.test_row_about(hosts.len(), hosts.join(", ")));
                Row::new(words.test_row(), about.unwrap_or_default())
            }
            RunRow::Untested => Row::new(words.untested_row(), words.untested_row_about()),
        }
    }

    pub(super) fn run_sheet<'a>(&self, session: &'a Session) -> Sheet<'a> {
        let Some(provision) = &session.cloud.provision else { return Sheet::default() };
        let run = &provision.run;
        let mut sheet = match run.ask() {
            // Nothing is shown before a choice is needed, so that nothing is read out twice.
            _ if provision.is_under_way() => doing(provision, session),
            _ if run.end().is_some() => ended::sheet(provision, session),
            Ask::Confirm => plan::sheet(provision, session),
            Ask::HandOver => rotated(provision, session),
            Ask::Test if session.run_awaits_test() => not_tested(provision, session),
            _ => doing(provision, session),
        };
        sheet.rows = self.run_rows(session).iter().map(|row| self.row(row, provision, session)).collect();
        sheet
    }

    pub(super) fn run_commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.cloud();
        let rows = self.run_rows(session);
        let mut commands = Vec::new();
        if rows.is_empty() {
            let can_stop = |provision: &Provision| provision.is_under_way() && !provision.is_stopping;
            if session.cloud.provision.as_ref().is_some_and(can_stop) {
                commands.push(command(Action::Cancel, words.stop()));
            }
            return commands;
        }
        commands.push(command(Action::Primary, words.choose()));
        let run = session.cloud.provision.as_ref().map(|provision| &provision.run);
        let has_stopped = run.and_then(Run::end).is_some_and(|end| end.stopped);
        for row in &rows {
            commands.extend(match row {
                RunRow::Again if has_stopped => Some(command(Action::Retry, words.wait_on())),
                RunRow::Again => Some(command(Action::Retry, words.again())),
                RunRow::Test => Some(command(Action::Retry, words.test_new())),
                RunRow::Names => Some(command(Action::Rename, words.another_name())),
                RunRow::Clicks => Some(command(Action::View, words.the_clicks())),
                RunRow::Drop(_) => Some(command(Action::DropRoles, words.drop_roles())),
                RunRow::List => Some(command(Action::View, words.back_row()).hidden_from_footer()),
                _ => None,
            });
        }
        let has_ticket = |provision: &Provision| !ticket::failed(&provision.run, session.content.words).is_empty();
        if session.cloud.provision.as_ref().is_some_and(has_ticket) {
            // Before less important commands.
            let at = commands.iter().position(|command| command.action == Action::View).unwrap_or(commands.len());
            commands.insert(at, command(Action::Copy, words.copy_ticket()));
        }
        commands
    }

    pub(super) fn act_on_run(&mut self, action: Action, session: &mut Session) -> Update {
        let rows = self.run_rows(session);
        let find = |wanted: fn(&RunRow) -> bool| rows.iter().find(|row| wanted(row)).cloned();
        let row = match action {
            Action::Primary | Action::Toggle => rows.get(self.focus).cloned(),
            Action::Copy => return ended::copy_ticket(session),
            Action::Retry => find(|row| matches!(row, RunRow::Again | RunRow::Test)),
            Action::Rename => find(|row| *row == RunRow::Names),
            Action::View => find(|row| matches!(row, RunRow::Clicks | RunRow::List)),
            Action::DropRoles => find(|row| matches!(row, RunRow::Drop(_))),
            Action::Cancel if session.cloud.provision.as_ref().is_some_and(Provision::is_under_way) => {
                return self.ask_to_stop(session);
            }
            // A running operation continues, and opening this screen again shows it.
            Action::Back if session.cloud.provision.as_ref().is_some_and(Provision::is_under_way) => {
                return self.leave(session);
            }
            Action::Back | Action::Cancel if self.aim == Aim::Look && !session.is_making() => {
                return self.list_instances(session);
            }
            Action::Back | Action::Cancel => return self.leave(session),
            _ => None,
        };
        match row {
            Some(row) => self.choose_row(row, session),
            None => Update::none(),
        }
    }

    /// Does what the plan says.
    pub(super) fn agree(&mut self, session: &mut Session) -> Update {
        (self.focus, self.scroll) = (0, 0);
        let effects = session.step_run(Event::Confirmed);
        // If everything exists, the run may need an answer immediately.
        let update = self.follow_up(session);
        Update { effects: effects.into_iter().chain(update.effects).collect(), ..update }
    }

    fn choose_row(&mut self, row: RunRow, session: &mut Session) -> Update {
        let words = session.content.words;
        match row {
            RunRow::Do if replaces_key(session) => {
                let words = words.cloud();
                Update::ask(Question {
                    title: words.replace_title().to_owned(),
                    text: words.replace_text().to_owned(),
                    yes: words.replace_yes().to_owned(),
                    no: words.replace_no().to_owned(),
                    then: Confirmed::ReplaceKey,
                    otherwise: None,
                })
            }
            RunRow::Do => self.agree(session),
            RunRow::Delete(name) => self.begin_typing(Typing::deletion(&name, words), session),
            RunRow::Names => self.begin_typing(Typing::names(session), session),
            RunRow::Place => self.choose_another_place(session),
            RunRow::Clicks => self.leave(session),
            RunRow::List => self.list_instances(session),
            RunRow::Again => {
                let Some(run) = session.cloud.provision.as_ref().map(|provision| &provision.run) else {
                    return Update::none();
                };
                match run.goal() {
                    // The choices may have changed in the meantime.
                    Goal::Create(_) => self.go_on(session),
                    _ => self.begin(run.again(run.tests()), session),
                }
            }
            RunRow::Untested => match session.cloud.provision.as_ref().map(|provision| provision.run.again(false)) {
                Some(run) => self.begin(run, session),
                None => Update::none(),
            },
            RunRow::LogIn => {
                self.trouble = None;
                self.go_on(session)
            }
            RunRow::Reuse => {
                self.reuse = true;
                self.go_on(session)
            }
            RunRow::Update(instance) => self.begin_to_update(&instance, session),
            RunRow::Drop(roles) => {
                session.draft.parameters.roles.retain(|role| !roles.contains(role));
                session.notice = Some(Notice::note(words.cloud().dropped(roles.len(), roles.join(", "))));
                self.go_on_with_roles(session)
            }
            RunRow::Broker(name) => {
                self.broker = Some(name);
                self.go_on(session)
            }
            RunRow::DeleteOld(_) => Update { effects: session.step_run(Event::HandedOver(true)), ..Update::none() },
            RunRow::Save => Update::go(Navigation::To(StepId::HandOver, Enter::Save)),
            RunRow::Test => self.test(session),
            RunRow::KeepBoth => {
                let asks = session.cloud.provision.as_ref().map(|provision| provision.run.ask());
                let event = if asks == Some(Ask::Test) { Event::Stopped } else { Event::HandedOver(false) };
                let effects = session.step_run(event);
                let update = self.list_instances(session);
                Update { effects: effects.into_iter().chain(update.effects).collect(), ..update }
            }
        }
    }

    /// Retries with the remaining roles.
    fn go_on_with_roles(&mut self, session: &mut Session) -> Update {
        let goal = session.cloud.provision.as_ref().map(|provision| provision.run.goal().clone());
        match goal {
            Some(Goal::Update(update)) => self.begin_to_update(&update.instance, session),
            _ => self.go_on(session),
        }
    }

    /// The chosen roles for the instance of the run.
    fn begin_to_update(&mut self, instance: &str, session: &mut Session) -> Update {
        let goal = session.goal_to_update(instance);
        match session.cloud.provision.as_ref().map(|provision| provision.run.instead(goal)) {
            Some(run) => self.begin(run, session),
            None => Update::none(),
        }
    }

    fn ask_to_stop(&mut self, session: &mut Session) -> Update {
        if session.cloud.provision.as_ref().is_some_and(|provision| provision.is_stopping) {
            return Update::none();
        }
        // Nothing was confirmed yet, so nothing continues at SAP.
        if !session.is_making() {
            return Update { effects: session.stop_run(), ..Update::none() };
        }
        let words = session.content.words.cloud();
        let is_deletion = session.cloud.provision.as_ref().is_some_and(deletes);
        Update::ask(Question {
            title: words.stop_title().to_owned(),
            text: if is_deletion { words.stop_deletion_text() } else { words.stop_text() }.to_owned(),
            yes: words.stop_yes().to_owned(),
            no: words.stop_no().to_owned(),
            then: Confirmed::StopWaiting,
            otherwise: None,
        })
    }
}

/// Whether something is being deleted, or is next.
fn deletes(provision: &Provision) -> bool {
    let is_deletion = |step| matches!(step, StepName::DeleteKey | StepName::DeleteInstance);
    provision.run.rows().iter().any(|row| row.state == RowState::Running && is_deletion(row.step))
}

fn is_dead_session(finding: &Finding) -> bool {
    finding.code == FindingCode::CfSessionEnded
}

/// The content while something is being read or done.
fn doing<'a>(provision: &Provision, session: &Session) -> Sheet<'a> {
    let words = session.content.words.cloud();
    let now = session.now.since_start;
    let rows = provision.rows();
    let running = rows.iter().find(|(row, _)| row.state == RowState::Running);
    let began = running.and_then(|(_, time)| time.began).map_or(provision.since, |(_, began)| began);
    let is_looking = provision.run.plan().items.is_empty() || provision.run.ask() == Ask::Confirm;
    let mut above = vec![
        Part::Busy(
            match () {
                () if provision.is_stopping => words.stopping(),
                () if is_looking => words.looking(),
                () if provision.run.ask() == Ask::Test => words.testing(),
                () => words.doing(),
            }
            .to_owned(),
            now.saturating_sub(began),
        ),
        Part::Blank,
    ];
    above.extend(step_parts(provision, session));
    let mut beside = whereabouts(provision, session);
    if !is_looking {
        let leave = if deletes(provision) { words.leave_deletion_safely() } else { words.leave_safely() };
        beside.extend([Part::Blank, Part::Text(leave.to_owned())]);
    }
    Sheet { above, beside, ..Sheet::default() }
}

/// The new key waits for its test.
fn not_tested<'a>(provision: &Provision, session: &Session) -> Sheet<'a> {
    let words = session.content.words.cloud();
    let about = Part::Text(words.not_tested_about().to_owned());
    let title = Part::Marked(Tone::Warning, words.not_tested_title().to_owned());
    Sheet {
        above: [Some(title), tested(provision, session), Some(about)].into_iter().flatten().collect(),
        beside: [whereabouts(provision, session), vec![Part::Blank], step_parts(provision, session)].concat(),
        ..Sheet::default()
    }
}

/// The new key works: what to do with the old one.
fn rotated<'a>(provision: &Provision, session: &Session) -> Sheet<'a> {
    let words = session.content.words.cloud();
    let mut above = match provision.run.tests() {
        true => vec![Part::Marked(Tone::Good, words.rotated_title().to_owned())],
        false => vec![Part::Marked(Tone::Warning, words.rotated_untested_title().to_owned())],
    };
    above.extend(tested(provision, session));
    above.push(Part::Text(words.rotated_about().to_owned()));
    Sheet {
        above,
        beside: [whereabouts(provision, session), vec![Part::Blank], step_parts(provision, session)].concat(),
        ..Sheet::default()
    }
}
