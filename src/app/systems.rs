//! What answers about saved systems change.

use super::App;
use crate::{
    domain::sap::guide::StepId,
    model::{
        Effect, Notice,
        saved::{NotSaved, Saving, SystemsNews},
    },
};

impl App {
    /// Takes an answer in.
    pub(super) fn systems(&mut self, news: SystemsNews) -> Vec<Effect> {
        let session = &mut self.session;
        match news {
            SystemsNews::Listed(Ok(listing)) => {
                if !listing.set_aside.is_empty() {
                    session.notice = Some(Notice::warning(listing.set_aside.join(" ")));
                }
                session.saved.listing = listing;
            }
            SystemsNews::Listed(Err(why)) => session.notice = Some(Notice::error(why)),
            SystemsNews::Waiting => {
                session.notice = Some(Notice::note(
                    "Waiting for the keyring of this machine. It may have opened a window that asks for its password.",
                ));
            }
            SystemsNews::Opened(id, Ok(found)) => {
                if session.take_saved_key(id, *found) {
                    return self.refresh(StepId::QuickFill);
                }
            }
            SystemsNews::Opened(id, Err(why)) => {
                if session.saved.opening.take_if(|opening| *opening == id).is_some() {
                    session.notice = Some(Notice::error(why));
                }
            }
            SystemsNews::Saved(name, Ok(id)) => {
                session.has_saved = true;
                session.notice = Some(Notice::good(format!("Saved as {name}.")));
                // Another key may have come meanwhile.
                if session.saved.saving == Saving::Asked {
                    session.key.saved = Some(id);
                    session.saved.saving = Saving::Done;
                    return self.refresh(StepId::HandOver);
                }
            }
            SystemsNews::Saved(_, Err(NotSaved::NoKeyring(why))) => {
                if session.saved.saving == Saving::Asked {
                    session.notice = None;
                    session.saved.saving = Saving::NoKeyring(why);
                    return self.refresh(StepId::HandOver);
                }
            }
            SystemsNews::Saved(_, Err(NotSaved::Other(why))) => {
                session.saved.saving = Saving::Idle;
                session.notice = Some(Notice::error(why));
            }
            SystemsNews::Renamed(name, Ok(())) => {
                session.notice = Some(Notice::good(format!("It is called {name} now.")));
            }
            SystemsNews::Removed(name, Ok(())) => {
                session.notice = Some(Notice::good(format!(
                    "{name} is removed with its secret. The service key itself still exists."
                )));
            }
            SystemsNews::Renamed(_, Err(why)) | SystemsNews::Removed(_, Err(why)) => {
                session.notice = Some(Notice::error(why))
            }
            SystemsNews::Round(id, event) => return session.record_round(id, event).into_iter().collect(),
        }
        Vec::new()
    }

    fn refresh(&mut self, step: StepId) -> Vec<Effect> {
        let update = self.screens.get_mut(step).refresh(&mut self.session);
        self.apply(update)
    }
}
