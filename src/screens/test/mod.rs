//! Step 8: the live test, row by row, then the verdict with its explanation.
//!
//! ```text
//! verdict
//! checks, one a row                          | findings: what, why, what to do
//! roles                                      | what is missing in the parameters, what was asked
//! ```
//! On a narrow screen everything is in one column: problems, checks, roles, notes.

mod draw;
mod linear;
mod missing;

use std::{path::PathBuf, time::Duration};

use ratatui::{Frame, layout::Rect};

use self::draw::{Texts, TextsKey};
use super::{Command, Enter, Navigation, Screen, Update, command, copy, move_scroll};
use crate::{
    domain::{check::report, finding::Verdict, sap::guide::StepId, text::countdown::until_next_second},
    keymap::Action,
    model::{JobRequest, Run, Session, run::RunState},
    ui::{Theme, cache::Cache, page::Page},
};

/// How far the findings are scrolled, and whether the checks show their details.
#[derive(Debug, Default)]
pub struct State {
    scroll: usize,
    details: bool,
    texts: Cache<TextsKey, Texts>,
}

impl State {
    fn commands_after(&self, run: &Run, session: &Session) -> Vec<Command> {
        let words = session.content.words.test();
        let lacks_roles = !run.report.missing_roles().is_empty();
        let again = command(Action::Retry, if session.is_watching() { words.test_now() } else { words.again() });
        let next = match run.verdict() {
            Some(Verdict::Ready) => words.hand_over(),
            _ => words.next(),
        };
        let next = command(Action::Primary, next);
        let mut commands = Vec::new();
        if session.is_watching() {
            let stop = words.stop_watching();
            commands.extend([command(Action::Watch, stop), command(Action::Cancel, stop).hidden_from_footer()]);
        }
        if lacks_roles {
            commands.push(command(Action::Copy, words.copy_corrected()));
            if !session.is_watching() {
                commands.push(command(Action::Watch, words.watch()));
            }
            commands.extend([next, again]);
        } else if run.verdict() == Some(Verdict::Ready) {
            commands.extend([next, again, command(Action::Copy, words.copy_report())]);
        } else {
            commands.extend([again, next, command(Action::Copy, words.copy_report())]);
        }
        let unsaved = session.key.saved.is_none() && session.key.usable().is_some();
        commands.extend(unsaved.then(|| command(Action::Save, words.save_system())));
        commands.push(command(Action::Details, if self.details { words.fewer_details() } else { words.details() }));
        commands.push(command(Action::Report, words.save_report()));
        commands
    }

    fn again(&mut self, session: &mut Session) -> Update {
        self.scroll = 0;
        let effect = if session.is_watching() { session.hurry_watch() } else { session.start_test() };
        Update { effects: effect.into_iter().collect(), ..Update::none() }
    }

    fn copy(session: &Session) -> Update {
        let Some(run) = &session.run else { return Update::none() };
        let words = session.content.words;
        if run.report.missing_roles().is_empty() {
            copy(words.test().report_named(), report::markdown(&run.report, words))
        } else {
            copy(words.test().corrected_named(), missing::corrected(session))
        }
    }
}

impl Screen for State {
    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.test();
        match &session.run {
            None => {
                vec![command(Action::Primary, words.start()).only_if(session.key.usable().is_some(), words.no_key())]
            }
            Some(run) if run.is_running() => {
                vec![command(Action::Cancel, words.stop()), command(Action::Details, words.details())]
            }
            Some(run) => self.commands_after(run, session),
        }
    }

    fn says(&self, text: &str, session: &Session) -> bool {
        let is_stopped = session.run.as_ref().is_some_and(|run| run.state == RunState::Cancelled);
        is_stopped && text == session.content.words.session().test_stopped()
            || session
                .watch
                .as_ref()
                .and_then(|watch| watch.ended(session.content.words))
                .is_some_and(|said| said == text)
    }

    fn enter(&mut self, _why: Enter, _session: &mut Session) -> Update {
        self.scroll = 0;
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        if move_scroll(&mut self.scroll, 500, action) {
            return Update::none();
        }
        match action {
            Action::Retry => return self.again(session),
            Action::Primary if session.run.is_none() => return self.again(session),
            Action::Primary if !session.is_testing() => return Update::go(Navigation::Next),
            Action::Cancel if session.is_testing() => session.cancel_test(),
            Action::Cancel | Action::Watch if session.is_watching() => session.stop_watch(),
            Action::Watch => {
                self.scroll = 0;
                return Update { effects: session.start_watch().into_iter().collect(), ..Update::none() };
            }
            Action::Cancel if self.details => self.details = false,
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            Action::Details => self.details = !self.details,
            Action::Copy => return Self::copy(session),
            Action::Save => return Update::go(Navigation::To(StepId::HandOver, Enter::Save)),
            Action::Report => {
                if let Some(run) = &session.run {
                    let text = report::markdown(&run.report, session.content.words);
                    let write = JobRequest::WriteFile { path: PathBuf::from("cpikey-report.md"), text, private: true };
                    return Update::effect(session.start(StepId::Test, write));
                }
            }
            _ => {}
        }
        Update::none()
    }

    /// The seconds until the next test of a watch are counted down.
    fn wake_after(&self, session: &Session) -> Option<Duration> {
        session.watch.as_ref()?.until_due(session.now.since_start).map(until_next_second)
    }

    fn is_done(&self, session: &Session) -> bool {
        session.run.as_ref().is_some_and(|run| run.verdict().is_some())
    }

    fn needs_attention(&self, session: &Session) -> bool {
        session.run.as_ref().is_some_and(|run| run.verdict().is_some_and(|verdict| verdict != Verdict::Ready))
    }

    fn linear(&self, session: &Session) -> Page {
        linear::page(self, session)
    }

    fn plain(&self, session: &Session) -> String {
        let Some(run) = &session.run else { return format!("{}\n", session.content.words.test().not_tested()) };
        let mut out = report::markdown(&run.report, session.content.words);
        if !run.report.missing_roles().is_empty() {
            out.push_str(&format!("\n{}\n", missing::corrected(session)));
        }
        out
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        draw::draw(self, session, theme, frame, area);
    }
}
