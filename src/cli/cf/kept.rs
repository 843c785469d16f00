//! `login` and `logout`.

use serde::Serialize;

use super::{
    Stop, access,
    access::Access,
    end::{PlaceRow, explained},
    ending, place,
};
use crate::{
    cli::{
        args::cloud::LoginArgs,
        content,
        interrupt::ask_secret,
        key::write_findings,
        output::Output,
        passphrase,
        status::{Outcome, Status},
        systems,
    },
    domain::{cf::kept::KeptLogin, finding::Explained, systems::vault::Protection, text::safe_text::SafeText},
    jobs::{
        Context, cf,
        keep_login::{forget_login, keep_login, kept_login},
        save_system::NotSaved,
    },
    platform::{env::Environment, store::LOGIN_FILE},
};

/// The maximum number of orgs listed after a login.
const NAMED: usize = 10;

/// `login --json`
#[derive(Serialize)]
struct LoggedIn<'a> {
    schema: u32,
    outcome: &'static str,
    place: Option<PlaceRow<'a>>,
    user: Option<&'a SafeText>,
    origin: Option<&'a SafeText>,
    orgs: Vec<&'a str>,
    kept: bool,
    findings: Vec<Explained>,
}

fn refusal(findings: Vec<Explained>) -> LoggedIn<'static> {
    LoggedIn {
        schema: 1,
        outcome: "refused",
        place: None,
        user: None,
        origin: None,
        orgs: Vec::new(),
        kept: false,
        findings,
    }
}

/// `login`
pub fn login(args: &LoginArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    ending(args.json, refusal, output, |context, output| {
        // Storing a login requires a fresh login.
        let mut access = access::log_in(&args.place, !args.keep, context, environment, output)?;
        let words = context.content.words.cf_command();
        // Org and space are checked now, because nothing checks them later.
        let named = match (&args.place.org, &args.place.space) {
            (None, None) => None,
            (_, Some(_)) => Some(place::choose(&args.place, &mut access, output)?),
            (Some(_), None) => Some(place::whole_org(&args.place, &mut access, output)?),
        };
        let orgs = access.runtime.block_on(cf::organizations(&mut access.session, None))?;
        access.settle(context, output);
        let some = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
        let (org, space) = match &named {
            Some(place) => (some(&place.org.name), some(&place.space.name)),
            None => (None, None),
        };
        if args.keep {
            keep(args, &access, org.clone(), space.clone(), context)?;
        }
        if args.json {
            output.json(&LoggedIn {
                schema: 1,
                outcome: "done",
                place: Some(PlaceRow::new(access.api(), org.as_deref(), space.as_deref())),
                user: access.session.user(),
                origin: access.session.origin(),
                orgs: orgs.iter().map(|org| org.name.as_str()).collect(),
                kept: args.keep,
                findings: explained(&access.notes, &context.content),
            })?;
            return Ok(Status::Done);
        }
        let (user, api) = (access.user(context.content.words), SafeText::line(access.api()));
        let path = SafeText::line(&context.saved.store().root().join(LOGIN_FILE).to_string_lossy());
        output.signed(
            None,
            &match args.keep {
                true => words.login_kept(user, api, path),
                false => words.login_checked(user, api),
            },
        )?;
        let names = place::names(orgs.iter().take(NAMED).map(|org| org.name.as_str()));
        output.prose(2, &words.sees_orgs(orgs.len(), names))?;
        write_findings(&context.content.findings.explain_together(&access.notes, context.content.words), output)?;
        Ok(Status::Done)
    })
}

/// Seals the refresh token.
fn keep(
    args: &LoginArgs,
    access: &Access,
    org: Option<String>,
    space: Option<String>,
    context: &Context,
) -> Result<(), Stop> {
    let words = context.content.words;
    let labels = words.cf_command();
    let refresh_token = access.session.refresh_token().cloned();
    let login = KeptLogin {
        api: access.api().to_owned(),
        user: access.session.user().map(SafeText::to_string),
        org,
        space,
        refresh_token: refresh_token.ok_or_else(|| labels.login_not_renewable().fill(&[]).unusable())?,
    };
    // An unreadable file is replaced.
    let before = kept_login(context).unwrap_or_default();
    let passphrase = match before {
        Some(Protection::Keyring) if !args.passphrase => None,
        None if !args.passphrase => None,
        Some(Protection::Passphrase) if !args.passphrase => {
            let typed = ask_secret(labels.ask_login_passphrase());
            Some(typed.map_err(|error| error.problem(words))?)
        }
        _ => {
            let passphrase = passphrase::new(words)?;
            // If the previous login is sealed differently, it is deleted first.
            forget_login(context)?;
            Some(passphrase)
        }
    };
    keep_login(context, &login, passphrase.as_ref()).map_err(|error| {
        Stop::Problem(match error {
            NotSaved::NoKeyring(problem) => passphrase::instead_of_keyring(problem, words),
            NotSaved::Other(problem) => problem,
        })
    })
}

/// `logout`
pub fn logout(output: &mut Output<'_>) -> Outcome {
    let context = systems::context(content())?;
    let words = context.content.words.cf_command();
    let was_kept = forget_login(&context)?;
    output.signed(None, if was_kept { words.logged_out() } else { words.nothing_kept() })?;
    Ok(Status::Done)
}
