//! The verdict of a test.

use serde::{Deserialize, Serialize};

use super::{Finding, Severity};
use crate::words::Words;

/// The verdict of a test. The names are part of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Token, monitoring and every requested role.
    Ready,
    /// The API answers, but a requested role (or monitoring) is missing.
    Limited,
    /// The input cannot be used as a key for this API.
    BadKey,
    /// A key of the plan `integration-flow`.
    WrongPlan,
    /// A key of another service, or a Neo client.
    WrongService,
    /// The token server refuses the client.
    Rejected,
    /// The token was issued, but the API does not accept it.
    Refused,
    /// Name resolution, connection, proxy, timeout, connection closed early.
    Unreachable,
    /// TLS.
    Untrusted,
    /// 5xx or rate limited.
    Unavailable,
    /// Login page, redirect, wrong host, route unknown.
    NotTheApi,
    /// A response that none of the above explains.
    Unexpected,
}

impl Verdict {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Ready => "ready",
            Verdict::Limited => "limited",
            Verdict::BadKey => "bad-key",
            Verdict::WrongPlan => "wrong-plan",
            Verdict::WrongService => "wrong-service",
            Verdict::Rejected => "rejected",
            Verdict::Refused => "refused",
            Verdict::Unreachable => "unreachable",
            Verdict::Untrusted => "untrusted",
            Verdict::Unavailable => "unavailable",
            Verdict::NotTheApi => "not-the-api",
            Verdict::Unexpected => "unexpected",
        }
    }

    /// The verdict as a sentence.
    pub fn shown(self, words: Words) -> &'static str {
        let words = words.check();
        match self {
            Verdict::Ready => words.verdict_ready(),
            Verdict::Limited => words.verdict_limited(),
            Verdict::BadKey => words.verdict_bad_key(),
            Verdict::WrongPlan => words.verdict_wrong_plan(),
            Verdict::WrongService => words.verdict_wrong_service(),
            Verdict::Rejected => words.verdict_rejected(),
            Verdict::Refused => words.verdict_refused(),
            Verdict::Unreachable => words.verdict_unreachable(),
            Verdict::Untrusted => words.verdict_untrusted(),
            Verdict::Unavailable => words.verdict_unavailable(),
            Verdict::NotTheApi => words.verdict_not_the_api(),
            Verdict::Unexpected => words.verdict_unexpected(),
        }
    }

    /// The verdict in a list: `works`.
    pub fn in_short(self, words: Words) -> &'static str {
        let words = words.check();
        match self {
            Verdict::Ready => words.short_ready(),
            Verdict::Limited => words.short_limited(),
            Verdict::BadKey => words.short_bad_key(),
            Verdict::WrongPlan => words.short_wrong_plan(),
            Verdict::WrongService => words.short_wrong_service(),
            Verdict::Rejected => words.short_rejected(),
            Verdict::Refused => words.short_refused(),
            Verdict::Unreachable => words.short_unreachable(),
            Verdict::Untrusted => words.short_untrusted(),
            Verdict::Unavailable => words.short_unavailable(),
            Verdict::NotTheApi => words.short_not_the_api(),
            Verdict::Unexpected => words.short_unexpected(),
        }
    }

    /// The verdict on a key with these findings: that of the first error, `Ready` if there is none.
    pub fn of(findings: &[Finding]) -> Verdict {
        findings.iter().find_map(|finding| finding.code.verdict()).unwrap_or(Verdict::Ready)
    }

    /// Its rank, for sorting the worst first: problems with the key before connection problems, and those before a
    /// service that is merely unavailable. `Ready` is 0.
    pub fn badness(self) -> u8 {
        match self {
            Verdict::Ready => 0,
            Verdict::Unavailable => 1,
            Verdict::Unreachable => 2,
            Verdict::Unexpected => 3,
            Verdict::NotTheApi => 4,
            Verdict::Untrusted => 5,
            Verdict::Limited => 6,
            Verdict::Refused => 7,
            Verdict::Rejected => 8,
            Verdict::WrongPlan => 9,
            Verdict::WrongService => 10,
            Verdict::BadKey => 11,
        }
    }

    /// Its severity; `None` if everything works. A key that works partly is a warning, because it does not need to be
    /// replaced.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Verdict::Ready => None,
            Verdict::Limited => Some(Severity::Warning),
            _ => Some(Severity::Error),
        }
    }

    /// The exit status of the verdict (see `docs/contract.md`).
    pub fn exit_status(self) -> u8 {
        match self {
            Verdict::Ready => 0,
            Verdict::BadKey | Verdict::WrongPlan | Verdict::WrongService => 2,
            Verdict::Limited | Verdict::Rejected | Verdict::Refused => 3,
            Verdict::Unreachable | Verdict::Untrusted => 4,
            Verdict::Unavailable | Verdict::NotTheApi | Verdict::Unexpected => 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_does_not_work_is_worse_than_a_service_that_is_away() {
        let mut verdicts = [Verdict::Unavailable, Verdict::Limited, Verdict::Ready, Verdict::BadKey, Verdict::Rejected];
        verdicts.sort_by_key(|verdict| std::cmp::Reverse(verdict.badness()));
        assert_eq!(verdicts.map(Verdict::as_str), ["bad-key", "rejected", "limited", "unavailable", "ready"]);
    }
}
