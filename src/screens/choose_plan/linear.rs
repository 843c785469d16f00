//! The linear form of the screen.

use super::{State, contradiction};
use crate::{
    domain::sap::{guide::StepId, plan::PlanId},
    keymap::Action,
    model::{Session, Tone},
    ui::page::{Choice, Fact, Page, fact, said},
};

pub fn page(state: &State, session: &Session) -> Page {
    let (words, labels) = (session.content.words.plan(), session.content.words.plain());
    let mut facts = vec![said(&session.content.step(StepId::Plan).intro)];
    facts.extend(contradiction(state.focus, session).map(|warning| Fact::Said(Some(Tone::Warning), warning)));
    let choice = |id: PlanId| {
        let text = labels.fact(id.as_str(), &session.content.plan(id).summary);
        Choice::new(text, Action::Toggle).chosen(session.draft.parameters.plan == id)
    };
    let plan = session.content.plan(state.focus);
    let mut details = Vec::new();
    for (heading, items) in [(words.uses(), &plan.uses), (words.cannot(), &plan.cannot), (words.signs(), &plan.signs)] {
        details.extend(items.iter().map(|item| fact(heading, item, session.content.words)));
    }
    Page {
        choices: PlanId::ALL.into_iter().map(choice).collect(),
        focus: state.focus as usize,
        details,
        ..Page::new(facts)
    }
}
