//! The terminal window: its title, and the progress of a test.

use super::App;
use crate::{
    domain::sap::guide::StepId,
    model::{Place, watch::WatchState},
};

/// Title and progress of the terminal window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Its title: only the program's own texts, never foreign text.
    pub title: String,
    /// The progress of a running test, in percent.
    pub progress: Option<u8>,
}

impl App {
    /// The current title and progress of the terminal window.
    pub fn window(&self) -> Window {
        let content = &self.session.content;
        let words = content.words.window();
        if let Some((done, all)) = self.tested() {
            let percent = (done * 100).checked_div(all).unwrap_or_default();
            return Window { title: words.testing(done, all), progress: u8::try_from(percent).ok() };
        }
        if let Some(watch) =
            self.session.watch.as_ref().filter(|watch| watch.is_on() || watch.state == WatchState::Arrived)
        {
            let title =
                if watch.is_on() { words.watching(watch.missing.len()) } else { words.arrived(watch.roles.len()) };
            return Window { title, progress: None };
        }
        let verdict = self.session.run.as_ref().and_then(|run| run.verdict());
        let title = match (self.place(), verdict) {
            (Place::Step(StepId::Test), Some(verdict)) => words.tested(verdict.shown(content.words)),
            (Place::Step(step), _) => words.step(&content.step(step).rail),
            (Place::Systems, _) => words.step(content.words.saved_systems().title()),
            (Place::Cloud, _) => words.step(self.screens.cloud_title(&self.session)),
        };
        Window { title, progress: None }
    }

    /// Completed and total checks of a running test.
    fn tested(&self) -> Option<(usize, usize)> {
        let run = self.session.run.as_ref().filter(|run| run.is_running());
        let batch = self.session.saved.batch.as_ref().filter(|batch| batch.running);
        run.map(|run| run.progress.count()).or_else(|| batch.map(|batch| (batch.tested(), batch.rows.len())))
    }
}
