//! Records test results with the saved systems.

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

/// The result of a test that just ended.
pub fn last_test(verdict: Verdict, now: Timestamp) -> LastTest {
    LastTest { verdict, at: now.round(Unit::Second).unwrap_or(now) }
}

/// Records tests. A system that no longer exists is skipped.
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
