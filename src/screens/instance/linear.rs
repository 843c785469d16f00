//! The linear form of the screen.

use super::State;
use crate::{
    domain::sap::guide::StepId,
    model::Session,
    ui::page::{Page, said},
};

pub fn page(state: &State, session: &Session) -> Page {
    let intro = session.content.step(StepId::Instance).intro.as_str();
    let mut facts = vec![said(intro), said(session.content.words.instance().one_per_consumer())];
    facts.extend(session.around.practice.then(|| said(session.content.words.cloud().practice_names())));
    state.form.page(facts, &|index| state.remark(index, session))
}
