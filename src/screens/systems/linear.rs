//! The linear form of the screen.

use super::{Mode, State, draw};
use crate::{
    domain::{
        finding::Verdict,
        systems::{
            describe,
            system::{System, SystemId},
        },
        text::safe_text::SafeText,
    },
    keymap::Action,
    model::{
        Session, Tone,
        saved_systems::{BatchTest, TestStatus},
    },
    ui::page::{Choice, Fact, Page, said},
};

pub fn page(state: &State, session: &Session) -> Page {
    let words = session.content.words.saved_systems();
    match &state.mode {
        Mode::Unlock(unlock) => unlock.page(session),
        Mode::Rename(rename) => rename.page(session),
        Mode::List | Mode::Results => match state.batch(session) {
            Some(batch) => results(batch, state, session),
            None if session.saved.systems().is_empty() => Page::new(vec![said(words.none())]),
            None => list(state, session),
        },
    }
}

fn list(state: &State, session: &Session) -> Page {
    let words = session.content.words;
    let choice = |system: &System| {
        let expiry = describe::expiry(system.expires, session.now.wall, words);
        let known: Vec<String> = [describe::last_test(system.last_test, session.now.wall, &session.zone, words)]
            .into_iter()
            .chain(expiry)
            .collect();
        Choice::new(words.plain().fact(&system.name, known.join(", ")), Action::Toggle)
    };
    let details = state.system(session).map(|system| draw::about(system, session)).unwrap_or_default();
    Page {
        choices: session.saved.systems().iter().map(choice).collect(),
        focus: state.at(session),
        details: details.into_iter().map(said).collect(),
        ..Page::new(vec![said(words.saved_systems().intro())])
    }
}

/// While the tests run, only systems with a result are listed.
fn results(batch: &BatchTest, state: &State, session: &Session) -> Page {
    let words = session.content.words;
    if batch.running {
        let done = batch.rows.iter().filter_map(|(id, status)| match status {
            TestStatus::Done(_) => Some(result(*id, status, session)),
            _ => None,
        });
        let begun = said(words.plain().testing_systems(batch.rows.len()));
        return Page::new([begun].into_iter().chain(done).collect());
    }
    let choices = batch.rows.iter().map(|(id, status)| match result(*id, status, session) {
        Fact::Said(_, text) | Fact::Heading(text) | Fact::Text(text) => Choice::new(text, Action::Toggle),
    });
    let choices = choices.collect();
    Page { choices, focus: state.at(session), ..Page::new(vec![said(draw::progress(batch, session))]) }
}

fn result(id: SystemId, status: &TestStatus, session: &Session) -> Fact {
    let words = session.content.words;
    let (tone, verdict, reason) = match status {
        TestStatus::Waiting | TestStatus::Stopped => (None, words.saved_systems().not_tested(), String::new()),
        TestStatus::Running => (None, words.saved_systems().running(), String::new()),
        TestStatus::Done(result) => {
            let tone = match result.verdict {
                Some(Verdict::Ready) => Tone::Good,
                Some(Verdict::Limited) | None => Tone::Warning,
                Some(_) => Tone::Error,
            };
            (Some(tone), describe::verdict(result.verdict, words), describe::reason(result, words))
        }
    };
    let expires = session.saved.by_id(id).and_then(|system| system.expires);
    let mut known = vec![verdict.to_owned()];
    known.extend(describe::expiry(expires, session.now.wall, words));
    known.push(SafeText::capped(&reason, 300).to_string());
    known.retain(|part| !part.is_empty());
    Fact::Said(tone, words.plain().fact(draw::name_of(id, session), known.join(", ")))
}
