//! The output on the normal screen after the wizard: what was done, and the equivalent commands.

use super::{App, route};
use crate::{
    domain::{
        cf::{
            describe,
            goal::{Goal, Options},
            run::Outcome,
        },
        handover::commands::{
            again,
            cloud::{self, CERTIFICATE_FILE, KEY_FILE, Way, Wishes},
        },
        sap::guide::StepId,
        text::safe_text::SafeText,
    },
    model::{
        Exit,
        cloud::{LoginWay, Provision},
    },
};

/// The final output, without any secret.
pub fn outro(app: &App, exit: Exit) -> String {
    let session = app.session();
    let words = session.content.words.runtime();
    let mut lines = vec![match exit {
        Exit::Interrupted => words.interrupted().to_owned(),
        Exit::Finished => words.done().to_owned(),
        Exit::Left(step) => words.left(step + 1, route::length()),
    }];
    lines.extend(at_sap(app));
    lines.extend(goes_on_at_sap(app));
    lines.extend(about_key(app));
    lines.extend(session.files.iter().map(|file| words.file_written(SafeText::line(file))));
    if session.has_choices() {
        let command = if session.around.practice { "cpikey --practice" } else { "cpikey" };
        let step = match app.step() {
            // The key is not saved with the progress.
            StepId::Test | StepId::HandOver => StepId::QuickFill,
            step => step,
        };
        if session.progress_is_lost {
            lines.push(words.progress_lost().to_owned());
        } else if exit != Exit::Finished || !session.key_is_kept() {
            lines.push(words.goes_on(command, route::position(step) + 1));
        }
        let parameters = &session.draft.parameters;
        if parameters.refused(&session.content.catalogue).is_none() {
            let purpose = session.draft.purpose(&session.content);
            lines.push(words.same_parameters(again::params(parameters, purpose)));
        }
    }
    lines.join("\n") + "\n"
}

/// A confirmed run at SAP that is unfinished or has changed something there.
fn begun(app: &App) -> Option<&Provision> {
    let provision = app.session().cloud.provision.as_ref()?;
    let run = &provision.run;
    // A run that only waits for an operation of an earlier start changes nothing itself.
    let is_unfinished = provision.is_being_done() || run.end().is_some_and(|end| end.outcome == Outcome::Unfinished);
    (run.has_changed_something() || is_unfinished).then_some(provision)
}

/// What exists at SAP after the run.
fn at_sap(app: &App) -> Option<String> {
    let session = app.session();
    let provision = begun(app)?;
    let things: Vec<String> =
        provision.exists().into_iter().map(|thing| describe::existing(thing, session.content.words)).collect();
    let place = provision.run.place().shown();
    let words = session.content.words.runtime();
    Some(if things.is_empty() { words.at_sap_unknown(place) } else { words.at_sap(place, things.join("; ")) })
}

/// The command that continues an unfinished run.
fn goes_on_at_sap(app: &App) -> Option<String> {
    let session = app.session();
    let provision = begun(app)?;
    let run = &provision.run;
    let is_unfinished = run.end().is_none_or(|end| end.outcome == Outcome::Unfinished);
    // The practice tenant ends with the wizard.
    if !is_unfinished || session.around.practice {
        return None;
    }
    let purpose = session.draft.purpose(&session.content);
    let hosts: Vec<String> = session.cloud.agreed_hosts.union(&session.key.agreed_hosts).cloned().collect();
    let (cf, user, origin) = match &session.cloud.way {
        LoginWay::Usual => (false, None, None),
        LoginWay::Cf => (true, None, None),
        LoginWay::Password { user, origin } => (false, Some(user.as_str()), origin.as_deref()),
    };
    let way = Way { cf, user, origin, allowed_hosts: &hosts, reach: session.around.reach.clone(), ..Way::default() };
    // A key that the wizard tested or handed over is done.
    let save = session.saved_system().map(|system| (system.name.as_str(), false));
    let output = run.goal().key().filter(|_| save.is_none()).map(|_| KEY_FILE);
    let is_left_untested = matches!(run.goal(), Goal::Rotate(_)) && !run.tests() && !run.is_about_flows();
    let wishes = Wishes {
        way,
        parameters: Some((&provision.chosen.instance, purpose)),
        key: Some(&provision.chosen.key),
        certificate: Some(CERTIFICATE_FILE),
        output,
        save: save.filter(|_| run.goal().key().is_some()),
        options: Options { test: !is_left_untested, ..Options::default() },
        ..Wishes::default()
    };
    Some(session.content.words.runtime().goes_on_at_sap(cloud::command(run.goal(), run.place(), &wishes)))
}

/// The state of the key, and how to test it again.
fn about_key(app: &App) -> Vec<String> {
    let session = app.session();
    let words = session.content.words.runtime();
    let Some(key) = session.key.usable() else { return Vec::new() };
    let host = SafeText::line(key.url.host());
    let tested = session.run.as_ref().and_then(|run| run.verdict());
    let mut lines = vec![match tested {
        Some(verdict) => words.key_tested(host, verdict.shown(session.content.words)),
        None => words.key_not_tested(host),
    }];
    match session.saved_system() {
        Some(system) => {
            lines.push(words.key_saved(&system.name));
            // The practice tenant ends with the wizard.
            if !session.around.practice {
                lines.push(words.test_again(again::test(system.name.as_str(), &session.around.reach)));
            }
        }
        None if session.key_is_kept() => {}
        None => lines.push(words.key_forgotten().to_owned()),
    }
    lines
}
