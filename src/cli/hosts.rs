//! The host before the secret: it is named before the first connection, and agreed to if it is not SAP's.

use std::{
    collections::BTreeSet,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
};

use super::output::Output;
use crate::{
    domain::{
        key::{hosts::hosts_to_ask_for, service_key::ServiceKey},
        problem::Problem,
        text::safe_text::SafeText,
    },
    words::Words,
};

/// A key that is about to be sent.
pub struct Sending<'a> {
    /// The saved system that it is the key of, if several are tested.
    pub system: Option<&'a str>,
    /// The key.
    pub key: &'a ServiceKey,
}

/// Names the token servers on standard error. Hosts that are neither SAP's, nor this machine, nor among those of
/// `--allow-host` are asked about.
///
/// # Errors
///
/// If nobody agrees, or there is no terminal to ask at. Nothing was sent then.
pub fn before_sending(
    sendings: &[Sending<'_>],
    allowed: &[String],
    words: Words,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let words = words.hosts();
    let mut agreed: BTreeSet<String> = allowed.iter().map(|host| host.to_ascii_lowercase()).collect();
    for Sending { system, key } in sendings {
        let host = SafeText::line(key.token_url.host());
        output.message(match system {
            Some(system) => words.token_server_of(system, &host),
            None => words.token_server(&host),
        });
    }
    for Sending { key, .. } in sendings {
        let hosts = hosts_to_ask_for(key, &agreed);
        if hosts.is_empty() {
            continue;
        }
        let named = SafeText::line(&hosts.join(", "));
        let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
        if !can_ask || !says_yes(&words.question(&named)) {
            let options: Vec<String> =
                hosts.iter().map(|host| format!("--allow-host {}", SafeText::line(host))).collect();
            let fix = words.refused_fix(options.join(" "));
            return Err(Problem::unusable(words.refused(&named), words.refused_why(), fix));
        }
        agreed.extend(hosts);
    }
    Ok(())
}

/// Asks on the terminal. Whatever is not a yes is a no.
fn says_yes(question: &str) -> bool {
    let mut answer = String::new();
    let asked = write!(io::stderr(), "{question}").and_then(|()| io::stdin().lock().read_line(&mut answer));
    asked.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}
