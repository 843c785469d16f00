//! The live connection test: a token request, then API reads, reported as they happen.
//!
//! Responses are evaluated in `domain::check::answer`. The secret is sent only to the token host, the token only to the
//! API host.

pub mod many;
mod mutual_tls;
mod reporter;
mod run;

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use super::http::{HttpError, NetOptions};
use crate::domain::{
    check::{CheckEvent, CheckRequest, Site},
    finding::{Finding, FindingCode, Stage},
};
use reporter::Reporter;
use run::TestRun;

/// Runs one test and reports it to `sink`; the last event is always [`CheckEvent::Done`].
///
/// Each run gets a new token. Cancelling ends it at the next await; running steps end with the finding `cancelled`. It
/// is fine if `sink` is no longer read.
pub async fn run(
    request: CheckRequest,
    options: NetOptions,
    sink: UnboundedSender<CheckEvent>,
    cancel: CancellationToken,
) {
    let reporter = Reporter::new(sink, request.mask());
    let total = options.limits.total;
    reporter.begin(total);
    let test = TestRun::new(&request, &options, &reporter);
    let stopped = tokio::select! {
        biased;
        () = cancel.cancelled() => Some(FindingCode::Cancelled),
        () = test.run() => None,
        () = tokio::time::sleep(total) => Some(FindingCode::TimeoutTotal),
    };
    if let Some(code) = stopped {
        reporter.stop(code);
    }
    reporter.done();
}

/// The stage of the steps at a host.
fn stage(site: Site) -> Stage {
    match site {
        Site::Token => Stage::Token,
        Site::Api => Stage::Api,
    }
}

/// The finding about a network error. A problem with a client certificate is an error of the key.
fn finding(error: HttpError, site: Site) -> Finding {
    let stage = match error.code {
        FindingCode::CertificateUnreadable
        | FindingCode::PrivateKeyUnreadable
        | FindingCode::CertificateKeyMismatch => Stage::Key,
        _ => stage(site),
    };
    Finding {
        evidence: error.evidence,
        subjects: error.subject.map(Into::into).into_iter().collect(),
        ..Finding::new(error.code, stage)
    }
}
