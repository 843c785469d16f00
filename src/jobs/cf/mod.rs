//! Cloud Foundry operations of the wizard and the commands.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;

pub use crate::net::cf::Session;
use crate::{
    domain::{
        cf::{
            call::{Call, Reply, Response},
            login::{Credentials, Servers},
            offer::{self, Offer},
            place::{self, Organization, Page, Place, Space},
            refusal::{During, not_the_api, passing},
            resource::{self, Instance, OFFERING, ServiceKey},
            run::{Ask, Event, Run},
        },
        finding::{Finding, FindingCode},
    },
    net::{self, NetOptions},
};

/// How often a read request is retried.
const LOOKS: u32 = 3;
/// Maximum pages read per list; each has 200 entries.
const PAGES: usize = 50;
/// Instances whose keys are requested at once, so that the URL does not become too long.
const INSTANCES_AT_ONCE: usize = 40;
/// How long a request that changes something may still take after the user has stopped.
const GRACE: Duration = Duration::from_secs(5);

/// Asks the API for its login and token servers. Nothing secret is sent.
///
/// # Errors
///
/// A network finding, or `cf-not-an-api`.
pub async fn servers(api: &Url, options: &NetOptions) -> Result<Servers, Finding> {
    net::cf::servers(api, options).await
}

/// Logs in.
///
/// # Errors
///
/// Why the login is refused, or a network finding.
pub async fn log_in(
    api: &Url,
    servers: &Servers,
    credentials: &Credentials,
    options: &NetOptions,
) -> Result<Session, Finding> {
    Session::log_in(api, servers, credentials, options).await
}

/// The organizations visible to the user, or those with that name.
///
/// # Errors
///
/// A network finding, or why the API refuses.
pub async fn organizations(session: &mut Session, name: Option<&str>) -> Result<Vec<Organization>, Finding> {
    list(session, place::organizations(name), place::read_organizations).await
}

/// The spaces of an organization, or those with that name.
///
/// # Errors
///
/// A network finding, or why the API refuses.
pub async fn spaces(session: &mut Session, org: &str, name: Option<&str>) -> Result<Vec<Space>, Finding> {
    list(session, place::spaces(org, name), place::read_spaces).await
}

/// The plans of `it-rt` that a space may use, with what their schemas allow.
///
/// # Errors
///
/// A network finding, or why the API refuses.
pub async fn offers(session: &mut Session, space: &str) -> Result<Vec<Offer>, Finding> {
    let response = look(session, &offer::offers(space)).await?;
    offer::read_offers(&response).ok_or_else(|| not_the_api(&response))
}

/// The instances of `it-rt` in a space, or in all spaces of its organization, with their keys. Credentials are not read.
///
/// # Errors
///
/// A network finding, or why the API refuses.
pub async fn instances(
    session: &mut Session,
    place: &Place,
    all_spaces: bool,
) -> Result<Vec<(Instance, Vec<ServiceKey>)>, Finding> {
    let space = (!all_spaces).then_some(place.space.guid.as_str());
    let listed = list(session, resource::instances(&place.org.guid, space), resource::read_instances).await?;
    let ours = listed.into_iter().filter(|listed| listed.offering.as_deref() == Some(OFFERING));
    // Instances shared into this space from other spaces belong to those.
    let ours = ours.filter(|listed| space.is_none_or(|space| listed.instance.space == space));
    let mut found: Vec<(Instance, Vec<ServiceKey>)> = ours.map(|listed| (listed.instance, Vec::new())).collect();
    for some in found.chunks_mut(INSTANCES_AT_ONCE) {
        let guids: Vec<&str> = some.iter().map(|(instance, _)| instance.guid.as_str()).collect();
        let keys = list(session, resource::keys(&guids), resource::read_keys).await?;
        for key in keys {
            if let Some((_, keys)) = some.iter_mut().find(|(instance, _)| instance.guid == key.instance) {
                keys.push(key);
            }
        }
    }
    Ok(found)
}

/// Sends requests and waits until the run needs something else: an answer from the user, a test, a handover, or nothing
/// more.
///
/// Cancelling stops the run. A pending request that changes something gets a moment to be answered, so that the program
/// can report what exists.
pub async fn advance(run: &mut Run, session: &mut Session, cancel: &CancellationToken, mut on_step: impl FnMut(&Run)) {
    loop {
        let event = match run.ask() {
            Ask::Send(call) => Event::Reply(send_or_stop(session, &call, cancel).await),
            Ask::Wait(pause) => {
                tokio::select! {
                    biased;
                    () = cancel.cancelled() => Event::Stopped,
                    () = tokio::time::sleep(pause) => Event::Waited,
                }
            }
            Ask::Confirm | Ask::Test | Ask::HandOver | Ask::Nothing => return,
        };
        run.step(event);
        if cancel.is_cancelled() {
            run.step(Event::Stopped);
        }
        on_step(run);
    }
}

async fn send_or_stop(session: &mut Session, call: &Call, cancel: &CancellationToken) -> Reply {
    let sending = session.send(call);
    tokio::pin!(sending);
    let stopped = || Reply::Lost(Finding::cf(FindingCode::Cancelled));
    tokio::select! {
        biased;
        reply = &mut sending => reply,
        () = cancel.cancelled() => {
            if call.only_reads() {
                return stopped();
            }
            tokio::time::timeout(GRACE, sending).await.unwrap_or_else(|_| stopped())
        }
    }
}

/// All pages of a list.
async fn list<T>(
    session: &mut Session,
    first: Call,
    read: impl Fn(&Response) -> Option<Page<T>>,
) -> Result<Vec<T>, Finding> {
    let mut entries = Vec::new();
    let mut next = Some(first);
    for _ in 0..PAGES {
        let Some(call) = next.take() else { break };
        let response = look(session, &call).await?;
        let page = read(&response).ok_or_else(|| not_the_api(&response))?;
        entries.extend(page.entries);
        next = page.next;
    }
    Ok(entries)
}

/// Sends a read-only request and retries if that can help.
async fn look(session: &mut Session, call: &Call) -> Result<Response, Finding> {
    let mut tries = 0;
    loop {
        tries += 1;
        let (finding, asked) = match session.send(call).await {
            Reply::Answer(response) if response.is_success() => return Ok(response),
            other => passing(During::Looking, other)?,
        };
        let pause = asked.unwrap_or(Duration::from_secs(u64::from(tries)));
        if tries >= LOOKS || pause > Duration::from_secs(60) {
            return Err(finding);
        }
        tokio::time::sleep(pause).await;
    }
}
