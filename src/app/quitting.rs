//! Quitting, and keeping open questions up to date: one that no longer applies closes.

use super::{App, overlay::Overlay, route};
use crate::{
    domain::sap::guide::StepId,
    model::{Effect, Exit},
    screens::{Confirmed, Question},
};

impl App {
    /// Quits, after a question if something would be lost. Pressing the key again does not answer the question.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        match (&self.overlay, self.why_not_quit()) {
            (Some(Overlay::Confirm { question, .. }), _) if question.then == Confirmed::Quit => Vec::new(),
            (Some(Overlay::Confirm { .. }), _) => {
                self.close_question();
                Vec::new()
            }
            (_, Some(text)) => {
                let words = self.session.content.words.app();
                self.ask(Question {
                    title: words.quit_title().to_owned(),
                    text: text.to_owned(),
                    yes: words.quit_yes().to_owned(),
                    no: words.quit_no().to_owned(),
                    then: Confirmed::Quit,
                    otherwise: None,
                });
                Vec::new()
            }
            (_, None) => vec![Effect::Quit(self.exit())],
        }
    }

    /// What would be lost or interrupted.
    fn why_not_quit(&self) -> Option<&'static str> {
        let session = &self.session;
        let words = session.content.words.app();
        if session.is_making() {
            Some(words.quit_making())
        } else if session.jobs.are_testing() {
            Some(words.quit_testing())
        } else if session.jobs.saves() {
            Some(words.quit_saving())
        } else if !session.key_would_be_lost() {
            None
        } else if session.run.as_ref().is_some_and(|run| run.verdict().is_some()) {
            Some(words.quit_with_tested_key())
        } else {
            Some(words.quit_with_key())
        }
    }

    pub(super) fn exit(&self) -> Exit {
        if self.step == StepId::HandOver { Exit::Finished } else { Exit::Left(route::position(self.step)) }
    }

    /// Asks a question with no as the preselected answer.
    pub(super) fn ask(&mut self, question: Question) {
        // The latest question applies.
        self.offer = None;
        self.asked_at = self.session.key_changes;
        self.overlay = Some(Overlay::confirm(question));
    }

    /// Closes the open question if it no longer applies, and updates its text if the situation has changed.
    pub(super) fn keep_question_true(&mut self) {
        if !matches!(self.overlay, Some(Overlay::Confirm { .. })) {
            return;
        }
        let why_not_quit = self.why_not_quit();
        let same_key = self.asked_at == self.session.key_changes;
        let Some(Overlay::Confirm { question, .. }) = &mut self.overlay else { return };
        let applies = match &question.then {
            Confirmed::Quit => match why_not_quit {
                Some(text) => {
                    text.clone_into(&mut question.text);
                    true
                }
                None => false,
            },
            Confirmed::SendTo(_)
            | Confirmed::CopySecret
            | Confirmed::ForgetKey
            | Confirmed::Export(..)
            | Confirmed::ReplaceSystem
            | Confirmed::ReplaceKey => same_key,
            Confirmed::RemoveSystem(name) => self.session.saved.systems().iter().any(|system| system.name == *name),
            // The plan, the offered text and the choices cannot change while the question is open.
            Confirmed::SwitchPlan(_) | Confirmed::TakeOffered | Confirmed::ForgetProgress | Confirmed::LogInAt(_) => {
                true
            }
            Confirmed::StopWaiting => self.session.is_making(),
        };
        if !applies {
            self.close_question();
        }
    }
}
