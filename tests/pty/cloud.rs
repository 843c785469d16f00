//! The practice tenant's Cloud Foundry over HTTP: log in, confirm the plan, and leave while SAP is working.

use cpikey::{content, domain::sap::guide::StepId, words::Words};

use super::harness::Session;

/// Confirms the steps before this one, and opens Cloud Foundry there.
pub fn open_at_create(session: &mut Session) {
    let content = content::load();
    for step in [StepId::Purpose, StepId::Plan, StepId::Instance, StepId::Roles] {
        session.wait_for(&content.step(step).title);
        session.send("\r");
    }
    session.wait_for(&content.step(StepId::Create).title);
    session.send("C");
    session.wait_for(Words::default().cloud().log_in_title());
}

#[test]
fn a_newcomer_has_an_instance_made_and_is_told_what_exists_on_leaving() {
    let (words, cf) = (Words::default().cloud(), Words::default().cf());
    let mut session = Session::wizard(&["--practice"]);
    open_at_create(&mut session);
    session.send("\r");
    session.wait_for(words.use_practice());
    session.send("\r");
    session.wait_for("practice-suspended");
    session.send("\r");
    session.wait_for("prod");
    session.send("\r");
    session.wait_for(words.plan_title());
    session.send("\r");
    session.wait_for(words.doing());
    session.wait_for("Creating the OAuth client");
    session.send("\x03");
    let ended = session.wait_for_end();
    let said = ended.screen.contents();
    assert_eq!(ended.status, 130);
    assert!(said.contains(&cf.instance_is("CPITransporter_API_Access", cf.creating())), "{said}");
    assert!(ended.modes_restored);
}
