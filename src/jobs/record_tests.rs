//! Records with the saved systems what their tests came to.

use jiff::{Timestamp, Unit};

use super::{Context, Done};
use crate::{
    domain::{
        finding::Verdict,
        problem::Problem,
        systems::system::{LastTest, SystemId},
    },
    platform::keyring::Keyring,
};

/// The verdict of a test that ended just now.
pub fn last_test(verdict: Verdict, now: Timestamp) -> LastTest {
    LastTest { verdict, at: now.round(Unit::Second).unwrap_or(now) }
}

/// Records tests. A system that no longer exists is passed over.
///
/// # Errors
///
/// If the files cannot be written.
pub fn record_tests<K: Keyring>(context: &Context<K>, tests: &[(SystemId, LastTest)]) -> Result<Done<()>, Problem> {
    match context.saved.record(tests) {
        Ok(quarantined) => Ok(Done::new((), &quarantined, context.words())),
        Err(error) => {
            let cause = context.problem(error);
            let words = context.words().systems().not_recorded();
            let explanation = words.fill(&[("what", &cause.what), ("why", &cause.why), ("fix", &cause.fix)]);
            Err(Problem { kind: cause.kind, ..explanation.failed() })
        }
    }
}
