//! The host before the secret: it is named before the first connection, and agreed to if it is not SAP's.

use std::{
    collections::BTreeSet,
    io::{self, BufRead as _, IsTerminal as _},
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

/// Names the token server on standard error, before anything is sent to it.
pub fn announce(sending: &Sending<'_>, words: Words, output: &mut Output<'_>) {
    let host = SafeText::line(sending.key.token_url.host());
    output.message(match sending.system {
        Some(system) => words.hosts().token_server_of(system, &host),
        None => words.hosts().token_server(&host),
    });
}

/// The hosts of `--allow-host`.
pub fn allowed(hosts: &[String]) -> BTreeSet<String> {
    hosts.iter().map(|host| host.to_ascii_lowercase()).collect()
}

/// Asks about the hosts of a key that are neither SAP's, nor this machine, nor among `agreed`, and adds them to those.
///
/// # Errors
///
/// If the answer is not yes, or there is no terminal for the question.
pub fn agree(key: &ServiceKey, agreed: &mut BTreeSet<String>, output: &mut Output<'_>) -> Result<(), Problem> {
    let words = output.words().hosts();
    let hosts = hosts_to_ask_for(key, agreed);
    if hosts.is_empty() {
        return Ok(());
    }
    let named = SafeText::line(&hosts.join(", "));
    let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !can_ask || !says_yes(&words.question(&named), output) {
        let options: Vec<String> = hosts.iter().map(|host| format!("--allow-host {}", SafeText::line(host))).collect();
        return Err(Problem::unusable(
            words.refused(&named),
            words.refused_why(),
            words.refused_fix(options.join(" ")),
        ));
    }
    agreed.extend(hosts);
    Ok(())
}

/// Names the token server of a key, then asks about its hosts.
///
/// # Errors
///
/// If nobody agrees. Nothing was sent then.
pub fn before_sending(
    key: &ServiceKey,
    allowed_hosts: &[String],
    words: Words,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    announce(&Sending { system: None, key }, words, output);
    agree(key, &mut allowed(allowed_hosts), output)
}

/// Asks on the terminal. Whatever is not a yes is a no.
fn says_yes(question: &str, output: &mut Output<'_>) -> bool {
    let mut answer = String::new();
    let asked = output.question(question).and_then(|()| io::stdin().lock().read_line(&mut answer));
    asked.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}
