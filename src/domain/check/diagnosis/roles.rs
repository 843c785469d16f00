//! Which of the requested roles are granted.
//!
//! There are two kinds of evidence: the scopes of the token, whose mapping to roles is inferred from SAP's table of
//! tasks and permissions, and reads that succeed or are refused. A refusal is certain, a read is what matters to the
//! user, and for write-only roles there are only scopes.

use crate::domain::{
    check::{
        CheckRequest, OtherStatus, PlannedProbe, ProbeOutcome, TokenFacts,
        report::{Basis, RoleResult, RoleStatus},
    },
    content::Content,
    finding::{Fact, Finding, FindingCode, Stage},
    sap::role::Role,
    text::{safe_text::SafeText, shown::All},
};

use super::Progress;

/// The requested roles with the findings about them.
pub(super) struct Judged {
    /// One for each requested role, in order.
    pub(super) results: Vec<RoleResult>,
    /// Findings about roles that are missing, uncertain or cannot be checked.
    pub(super) findings: Vec<Finding>,
}

/// What the token's scopes show about a role.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scopes {
    /// It has all of the role's scopes.
    Complete,
    /// It has scopes of other roles, but not all of this one's.
    Lacking,
    /// Nothing: no token, no scopes known for the role, or none in the token that this program knows.
    Silent,
}

/// What the reads show about a role.
enum Reads {
    /// All succeeded.
    Through {
        /// Whether SAP documents that the role gives access to them.
        documented: bool,
        /// The requests.
        reads: All<SafeText>,
    },
    /// One was refused.
    Refused(Option<Fact>),
    /// Allowed, but without the feature or the data.
    Absent(Option<Fact>),
    /// Not requested, or without a usable response.
    Unclear,
    /// There are no reads for this role.
    None,
}

/// Judges every requested role.
pub(super) fn judge(content: &Content, request: &CheckRequest, progress: &Progress) -> Judged {
    let judge = Judge { content, request, progress, token: Token::of(content, progress.token()) };
    let (mut results, mut findings) = (Vec::new(), Vec::new());
    for name in &request.roles {
        let (status, basis, finding) = judge.role(name);
        results.push(RoleResult { role: name.clone(), status, basis });
        findings.extend(finding);
    }
    Judged { results, findings }
}

/// The scopes of the token.
struct Token<'a> {
    /// `None` if there was no token.
    scopes: Option<&'a [SafeText]>,
    /// Whether at least one is in the catalogue, so that a missing scope is meaningful.
    known: bool,
}

impl<'a> Token<'a> {
    fn of(content: &Content, facts: Option<&'a TokenFacts>) -> Self {
        let scopes = facts.map(|facts| facts.scopes.as_slice());
        let all = content.catalogue.roles.iter().flat_map(|role| role.scopes.iter().chain([&role.name]));
        let known = scopes.is_some_and(|scopes| all.into_iter().any(|scope| carries(scopes, scope)));
        Self { scopes, known }
    }

    /// Landscapes that use role names instead of scopes are supported too.
    fn says(&self, role: &Role) -> Scopes {
        let Some(scopes) = self.scopes else { return Scopes::Silent };
        let complete = !role.scopes.is_empty() && role.scopes.iter().all(|scope| carries(scopes, scope));
        if complete || carries(scopes, &role.name) {
            Scopes::Complete
        } else if self.known && !role.scopes.is_empty() {
            Scopes::Lacking
        } else {
            Scopes::Silent
        }
    }
}

/// Whether the token has `scope`, with any application's prefix: `it!b5678.NodeManager.read`.
fn carries(scopes: &[SafeText], scope: &str) -> bool {
    scopes.iter().map(SafeText::as_str).any(|carried| {
        let prefix = carried.strip_suffix(scope);
        prefix.is_some_and(|prefix| prefix.is_empty() || (prefix.ends_with('.') && prefix.contains('!')))
    })
}

struct Judge<'a> {
    content: &'a Content,
    request: &'a CheckRequest,
    progress: &'a Progress,
    token: Token<'a>,
}

type Judgement = (RoleStatus, Vec<Basis>, Option<Finding>);

impl Judge<'_> {
    /// Status, basis and finding of one role.
    fn role(&self, name: &str) -> Judgement {
        let Some(role) = self.content.catalogue.get(name) else { return self.unknown(name) };
        let say = |code| Finding::new(code, Stage::Api).about(name);
        let missing = |evidence: Option<Fact>| Finding { evidence, ..say(FindingCode::RoleMissing) };
        let scopes = self.token.says(role);
        let (scope, probe) = (Basis::Scope, Basis::Probe);
        match (self.reads(role), scopes) {
            (Reads::Refused(seen), Scopes::Complete) => {
                let seen = seen.map(|seen| Fact::RefusedDespiteScopes { seen: Box::new(seen) });
                (RoleStatus::Missing, vec![probe], Some(missing(seen)))
            }
            (Reads::Refused(seen), scopes) => {
                let mut basis = vec![probe];
                if scopes == Scopes::Lacking {
                    basis.insert(0, scope);
                }
                (RoleStatus::Missing, basis, Some(missing(seen)))
            }
            (Reads::Through { documented, .. }, Scopes::Complete) => {
                (self.granted(role, documented), vec![scope, probe], None)
            }
            (reads, Scopes::Lacking) if !role.contains.is_empty() && self.api_answers() => self.composite(role, &reads),
            (Reads::Through { .. }, Scopes::Silent) if !role.contains.is_empty() => {
                (RoleStatus::Unknown, Vec::new(), Some(say(FindingCode::RoleNotCheckable)))
            }
            (Reads::Through { reads, .. }, Scopes::Lacking) => {
                let seen = Fact::AllowedDespiteScopes { reads };
                (RoleStatus::Granted, vec![probe], Some(say(FindingCode::RoleUncertain).seen(seen)))
            }
            (Reads::Through { .. }, Scopes::Silent) => (RoleStatus::Granted, vec![probe], None),
            (Reads::Absent(_) | Reads::Unclear | Reads::None, Scopes::Complete) => {
                (self.granted(role, false), vec![scope], None)
            }
            (Reads::Absent(seen), Scopes::Lacking) => {
                let evidence = seen.map(|seen| Fact::AbsentAndScopesMissing { seen: Box::new(seen) });
                let finding = Finding { evidence, ..say(FindingCode::RoleUncertain) };
                (RoleStatus::Unknown, Vec::new(), Some(finding))
            }
            // An API that is down, or another responder, says nothing about roles; that has its own finding.
            (Reads::Unclear | Reads::None, Scopes::Lacking) if !self.api_answers() => {
                (RoleStatus::Unknown, Vec::new(), None)
            }
            // Other roles have some of the scopes too, so they prove nothing.
            (Reads::Unclear | Reads::None, Scopes::Lacking) if self.has_some_scopes(role) => {
                let finding = say(FindingCode::RoleNotCheckable).seen(self.absent_scopes(role));
                (RoleStatus::Unknown, Vec::new(), Some(finding))
            }
            (Reads::Unclear | Reads::None, Scopes::Lacking) => {
                (RoleStatus::Missing, vec![scope], Some(self.lacking(role)))
            }
            (Reads::None, Scopes::Silent) => {
                let finding = self.token.scopes.map(|_| say(FindingCode::RoleNotCheckable));
                (RoleStatus::Unknown, Vec::new(), finding)
            }
            // The failed read has its own finding.
            (Reads::Absent(_) | Reads::Unclear, Scopes::Silent) => (RoleStatus::Unknown, Vec::new(), None),
        }
    }

    /// A name that is not in the catalogue. SAP adds roles, so the token may contain it.
    fn unknown(&self, name: &str) -> Judgement {
        let finding = Finding::new(FindingCode::RoleUnknown, Stage::Api).about(name);
        let finding = match self.content.catalogue.did_you_mean(name) {
            Some(close) => finding.seen(Fact::SimilarRole { role: close.into() }),
            None => finding,
        };
        match self.token.scopes.is_some_and(|scopes| carries(scopes, name)) {
            true => (RoleStatus::Granted, vec![Basis::Scope], Some(finding)),
            false => (RoleStatus::Unknown, Vec::new(), Some(finding)),
        }
    }

    /// A composite role without its own scope may still be granted through its parts.
    fn composite(&self, role: &Role, reads: &Reads) -> Judgement {
        let parts: Vec<&Role> = role.contains.iter().filter_map(|part| self.content.catalogue.get(part)).collect();
        if !parts.is_empty() && parts.iter().all(|part| self.token.says(part) == Scopes::Complete) {
            let mut basis = vec![Basis::Scope];
            if matches!(reads, Reads::Through { .. }) {
                basis.push(Basis::Probe);
            }
            return (RoleStatus::Covered, basis, None);
        }
        if self.has_some_scopes(role) {
            let finding = Finding::new(FindingCode::RoleNotCheckable, Stage::Api).about(role.name.as_str());
            return (RoleStatus::Unknown, Vec::new(), Some(finding.seen(self.absent_scopes(role))));
        }
        (RoleStatus::Missing, vec![Basis::Scope], Some(self.lacking(role)))
    }

    /// Whether the API responded to any read, with data or a refusal.
    fn api_answers(&self) -> bool {
        self.request.probes.iter().filter_map(|probe| self.progress.probe(&probe.spec.id)).any(|facts| {
            matches!(facts.outcome, ProbeOutcome::Ok | ProbeOutcome::Forbidden | ProbeOutcome::NotOnTenant)
        })
    }

    /// Whether the token has some of the role's scopes.
    fn has_some_scopes(&self, role: &Role) -> bool {
        self.token.scopes.is_some_and(|scopes| role.scopes.iter().any(|scope| carries(scopes, scope)))
    }

    /// Missing, according to the scopes.
    fn lacking(&self, role: &Role) -> Finding {
        Finding::new(FindingCode::RoleMissing, Stage::Api).about(role.name.as_str()).seen(self.absent_scopes(role))
    }

    /// The scopes of the role that the token lacks.
    fn absent_scopes(&self, role: &Role) -> Fact {
        let absent = role.scopes.iter().filter(|scope| !self.token.scopes.is_some_and(|scopes| carries(scopes, scope)));
        Fact::ScopesMissing { scopes: All(absent.map(|scope| SafeText::line(scope)).collect()) }
    }

    /// Granted, or covered: if another requested role has all of its scopes, the token does not show which of the two
    /// is granted. A read that SAP documents for the role decides.
    fn granted(&self, role: &Role, documented: bool) -> RoleStatus {
        let covering = self.content.catalogue.covered_by(&role.name, &self.request.roles);
        let covered = covering.is_some_and(|other| {
            // Two roles with the same scopes cover each other; then both count as granted.
            other.scopes.len() > role.scopes.len() && self.token.says(other) == Scopes::Complete
        });
        if covered && !documented { RoleStatus::Covered } else { RoleStatus::Granted }
    }

    /// What the probes of a role showed.
    fn reads(&self, role: &Role) -> Reads {
        let asked: Vec<&PlannedProbe> =
            self.request.probes.iter().filter(|probe| probe.roles.contains(&role.name)).collect();
        if asked.is_empty() {
            return Reads::None;
        }
        let (mut through, mut absent) = (0, None);
        for probe in &asked {
            let Some(facts) = self.progress.probe(&probe.spec.id) else { continue };
            let seen = || facts.finding.as_ref().and_then(|finding| finding.evidence.clone());
            match facts.outcome {
                ProbeOutcome::Forbidden => return Reads::Refused(seen()),
                ProbeOutcome::Ok => through += 1,
                ProbeOutcome::NotOnTenant if probe.spec.other_status == OtherStatus::Granted => through += 1,
                ProbeOutcome::NotOnTenant => absent = Some(seen()),
                ProbeOutcome::Unauthorized | ProbeOutcome::Failed | ProbeOutcome::Skipped => {}
            }
        }
        if through == asked.len() {
            let read = |probe: &&PlannedProbe| SafeText::line(&format!("GET {}", resource(&probe.spec.path)));
            Reads::Through {
                documented: asked.iter().any(|probe| probe.spec.documented),
                reads: All(asked.iter().map(read).collect()),
            }
        } else {
            absent.map_or(Reads::Unclear, Reads::Absent)
        }
    }
}

/// A path without its query.
fn resource(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}
