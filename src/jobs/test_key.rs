//! Tests one key.

use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        check::{CheckEvent, CheckRequest},
        content::Content,
    },
    net::{self, NetOptions},
};

/// The roles of a purpose, and additional ones.
pub fn requested_roles(content: &Content, purpose: Option<&str>, further: Vec<String>) -> Vec<String> {
    let purpose = purpose.and_then(|id| content.purpose(id));
    let mut roles = purpose.map(|purpose| purpose.role_names()).unwrap_or_default();
    roles.extend(further);
    roles
}

/// Runs a test to its end and reports each event as it happens; the last one is [`CheckEvent::Done`]. Cancelling ends
/// it early.
pub async fn test_key(
    request: CheckRequest,
    options: NetOptions,
    cancel: CancellationToken,
    mut on_event: impl FnMut(CheckEvent),
) {
    let (sink, mut events) = unbounded_channel();
    let report = async {
        while let Some(event) = events.recv().await {
            on_event(event);
        }
    };
    tokio::join!(net::run(request, options, sink, cancel), report);
}
