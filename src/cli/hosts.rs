//! Announces hosts before the first connection, and asks for confirmation if they do not belong to SAP.

use std::collections::BTreeSet;

use super::{
    ask::{can_ask, says_yes},
    output::Output,
};
use crate::{
    domain::{
        key::{
            address::Address,
            hosts::{hosts_to_ask_for, unknown_hosts},
            service_key::ServiceKey,
        },
        problem::Problem,
        text::safe_text::SafeText,
    },
    words::Words,
};

/// A key that is about to be sent.
pub struct Sending<'a> {
    /// The saved system of the key, if several are tested.
    pub system: Option<&'a str>,
    /// The key.
    pub key: &'a ServiceKey,
}

/// Prints the token server on standard error, before anything is sent to it.
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

/// Asks about the hosts of a key that are neither SAP's, nor this machine, nor in `agreed`, and adds them to it.
///
/// # Errors
///
/// If the answer is not yes, or there is no terminal to ask at.
pub fn agree(key: &ServiceKey, agreed: &mut BTreeSet<String>, output: &mut Output<'_>) -> Result<(), Problem> {
    let words = output.words().hosts();
    let hosts = hosts_to_ask_for(key, agreed);
    let refused = |hosts: &SafeText, options: String| Refused {
        what: words.refused(hosts),
        why: words.refused_why(),
        fix: words.refused_fix(options),
    };
    ask_about(hosts, |hosts| words.question(hosts), refused, agreed, output)
}

/// The same for Cloud Foundry servers to which a login is about to be sent.
///
/// # Errors
///
/// As [`agree`].
pub fn agree_to_login(
    servers: &[&Address],
    agreed: &mut BTreeSet<String>,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let words = output.words().cf_command();
    let hosts = unknown_hosts(servers, agreed);
    let refused = |hosts: &SafeText, options: String| Refused {
        what: words.host_refused(hosts),
        why: words.host_refused_why(),
        fix: words.host_refused_fix(options),
    };
    ask_about(hosts, |hosts| words.host_question(hosts), refused, agreed, output)
}

/// Why nothing was sent.
struct Refused {
    what: String,
    why: &'static str,
    fix: String,
}

fn ask_about(
    hosts: Vec<String>,
    question: impl Fn(&SafeText) -> String,
    refused: impl Fn(&SafeText, String) -> Refused,
    agreed: &mut BTreeSet<String>,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    if hosts.is_empty() {
        return Ok(());
    }
    let named = SafeText::line(&hosts.join(", "));
    if !can_ask() || !says_yes(&question(&named), output) {
        let options: Vec<String> = hosts.iter().map(|host| format!("--allow-host {}", SafeText::line(host))).collect();
        let Refused { what, why, fix } = refused(&named, options.join(" "));
        return Err(Problem::unusable(what, why, fix));
    }
    agreed.extend(hosts);
    Ok(())
}

/// Prints the token server of a key, then asks about its hosts.
///
/// # Errors
///
/// If the hosts are not confirmed. Nothing was sent.
pub fn before_sending(
    key: &ServiceKey,
    allowed_hosts: &[String],
    words: Words,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    announce(&Sending { system: None, key }, words, output);
    agree(key, &mut allowed(allowed_hosts), output)
}
