//! Validates values like the broker, or later the token server, would.

use std::collections::BTreeSet;

use super::{
    API_ROLE, GRANT_TYPES, InstanceParameters, PROPERTIES, SEND_ROLE, TOKEN_VALIDITY_MAX, TOKEN_VALIDITY_MIN,
    problem::{ParameterProblem, ProblemCode, Seconds},
};
use crate::domain::{
    sap::{
        plan::{AUTHORIZATION_CODE, CLIENT_CREDENTIALS, PlanId},
        role::{Catalogue, NameKind, Role},
    },
    text::{safe_text::SafeText, shown::OneOf},
};

const ROLES: &str = PROPERTIES[0];
const GRANTS: &str = PROPERTIES[1];
const REDIRECTS: &str = PROPERTIES[2];
const VALIDITY: &str = PROPERTIES[3];

impl InstanceParameters {
    /// Validates the values. Errors are refused by the broker; warnings are refused by some landscapes, or fail later.
    /// Errors come first.
    pub fn check(&self, catalogue: &Catalogue) -> Vec<ParameterProblem> {
        let mut problems = match self.plan {
            PlanId::Api => self.check_api_roles(catalogue),
            PlanId::IntegrationFlow => self.check_flow_roles(catalogue),
        };
        problems.extend(repeated(ROLES, &self.roles));
        problems.extend(repeated(GRANTS, &self.grant_types));
        problems.extend(repeated(REDIRECTS, &self.redirect_uris));
        self.check_grant_types(&mut problems);
        self.check_redirect_uris(&mut problems);
        self.check_token_validity(&mut problems);
        problems.sort_by_key(ParameterProblem::severity);
        problems
    }

    /// The first reason why the broker would refuse these parameters.
    pub fn refused(&self, catalogue: &Catalogue) -> Option<ParameterProblem> {
        self.check(catalogue).into_iter().find(ParameterProblem::is_error)
    }

    fn check_api_roles(&self, catalogue: &Catalogue) -> Vec<ParameterProblem> {
        if self.roles.is_empty() {
            return vec![ParameterProblem::new(ROLES, ProblemCode::RolesMissing {})];
        }
        let problem = |role: &String| Some(ParameterProblem::new(ROLES, api_role(role, catalogue)?).about(role));
        self.roles.iter().filter_map(problem).collect()
    }

    fn check_flow_roles(&self, catalogue: &Catalogue) -> Vec<ParameterProblem> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let problem = |name: &String| {
            let role = SafeText::capped(name, 60);
            let code = if name.is_empty() || !name.chars().all(allowed) {
                ProblemCode::FlowRoleUnusable { role }
            } else {
                catalogue.get(name).map(|_| ProblemCode::RoleOfApi { role })?
            };
            Some(ParameterProblem::new(ROLES, code).about(name))
        };
        self.roles.iter().filter_map(problem).collect()
    }

    fn check_grant_types(&self, problems: &mut Vec<ParameterProblem>) {
        let unknown = self.grant_types.iter().filter(|grant| !GRANT_TYPES.contains(&grant.as_str()));
        problems.extend(unknown.map(|grant| ParameterProblem::new(GRANTS, unknown_grant_type(grant)).about(grant)));
        if !self.has_grant_type(CLIENT_CREDENTIALS) {
            let code = ProblemCode::ClientCredentialsMissing { grant: CLIENT_CREDENTIALS };
            problems.push(ParameterProblem::new(GRANTS, code));
        }
        if self.has_grant_type(AUTHORIZATION_CODE) && self.redirect_uris.is_empty() {
            let code = ProblemCode::RedirectUriMissing { grant: AUTHORIZATION_CODE };
            problems.push(ParameterProblem::new(GRANTS, code).about(AUTHORIZATION_CODE));
        }
    }

    fn check_redirect_uris(&self, problems: &mut Vec<ParameterProblem>) {
        let problem = |uri: &String| Some(ParameterProblem::new(REDIRECTS, redirect_uri(uri)?).about(uri));
        problems.extend(self.redirect_uris.iter().filter_map(problem));
        if !self.redirect_uris.is_empty() && !self.has_grant_type(AUTHORIZATION_CODE) {
            let code = ProblemCode::RedirectUrisUnused { grant: AUTHORIZATION_CODE };
            problems.push(ParameterProblem::new(REDIRECTS, code));
        }
    }

    fn check_token_validity(&self, problems: &mut Vec<ParameterProblem>) {
        let (minimum, maximum) = (TOKEN_VALIDITY_MIN, TOKEN_VALIDITY_MAX);
        let Some(seconds) = self.token_validity.filter(|seconds| !(minimum..=maximum).contains(seconds)) else {
            return;
        };
        let code = ProblemCode::TokenValidityOutOfRange {
            seconds,
            duration: Seconds(seconds),
            minimum,
            maximum,
            shortest: Seconds(minimum),
            longest: Seconds(maximum),
        };
        problems.push(ParameterProblem::new(VALIDITY, code));
    }
}

impl Role {
    /// The landscapes that refuse it, if any.
    pub fn not_everywhere(&self) -> Option<ProblemCode> {
        let landscapes = OneOf(self.missing_in.iter().map(u32::to_string).collect());
        (!self.everywhere).then(|| ProblemCode::RoleNotEverywhere { role: SafeText::line(&self.name), landscapes })
    }
}

impl Catalogue {
    /// Why the broker refuses this name as a role of the plan `api`, if it does.
    pub fn why_not_a_role(&self, name: &str) -> Option<ProblemCode> {
        api_role(name, self)
    }
}

/// What is wrong with one role of the plan `api`.
fn api_role(name: &str, catalogue: &Catalogue) -> Option<ProblemCode> {
    let role = SafeText::capped(name, 60);
    if let Some(known) = catalogue.get(name) {
        return known.not_everywhere();
    }
    if name == SEND_ROLE || name == API_ROLE {
        return Some(ProblemCode::RoleOfIntegrationFlow { role });
    }
    Some(match catalogue.known_name(name) {
        Some(known) => {
            let meant = OneOf(known.means.clone());
            match known.kind {
                NameKind::Invented if meant.0.is_empty() => ProblemCode::RoleInventedWithoutSuccessor { role },
                NameKind::Invented => ProblemCode::RoleInvented { role, meant },
                NameKind::Neo => ProblemCode::RoleOfNeo { role, meant },
                NameKind::Scope => ProblemCode::RoleIsScope { role, meant },
                NameKind::Collection => ProblemCode::RoleIsCollection { role, meant },
                NameKind::Resource => ProblemCode::RoleIsResource { role, meant },
                NameKind::People => ProblemCode::RoleForPeople { role },
                NameKind::OtherService => ProblemCode::RoleOfOtherService { role, service: known.service.clone() },
            }
        }
        None => match catalogue.did_you_mean(name) {
            Some(meant) => ProblemCode::RoleMisspelled { role, meant: meant.to_owned() },
            None => match catalogue.roles_with_scope(name) {
                meant if meant.is_empty() => ProblemCode::RoleUnknown { role },
                meant => ProblemCode::RoleIsScope { role, meant: OneOf(meant) },
            },
        },
    })
}

fn unknown_grant_type(name: &str) -> ProblemCode {
    let grant = SafeText::capped(name, 80);
    if name == "client_x509" {
        return ProblemCode::GrantTypeEnded { grant, meant: CLIENT_CREDENTIALS };
    }
    let squeezed = |name: &str| name.to_lowercase().replace(['-', ' '], "_");
    let last_part = |name: &str| squeezed(name.rsplit(':').next().unwrap_or(name));
    match GRANT_TYPES.into_iter().find(|known| last_part(known) == last_part(name)) {
        Some(meant) => ProblemCode::GrantTypeMisspelled { grant, meant },
        None => ProblemCode::GrantTypeUnknown { grant, known: GRANT_TYPES.join(", ") },
    }
}

/// What is wrong with one redirect URI. Wildcards as in `https://*.example.com/**` are allowed.
fn redirect_uri(text: &str) -> Option<ProblemCode> {
    let uri = SafeText::capped(text, 80);
    match url::Url::parse(text) {
        _ if text.chars().any(|c| c.is_whitespace() || c.is_control()) => {
            Some(ProblemCode::RedirectUriWhiteSpace { uri })
        }
        Err(_) => Some(ProblemCode::RedirectUriNotAbsolute { uri }),
        Ok(url) if url.fragment().is_some() => Some(ProblemCode::RedirectUriFragment { uri }),
        Ok(url) if url.scheme() == "http" && !is_loopback(&url) => Some(ProblemCode::RedirectUriNotEncrypted { uri }),
        Ok(_) => None,
    }
}

fn is_loopback(url: &url::Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Values that appear twice, which only lists filled by hand can contain.
fn repeated(name: &'static str, list: &[String]) -> Vec<ParameterProblem> {
    let mut seen = BTreeSet::new();
    let twice = list.iter().filter(|value| !seen.insert(value.as_str()));
    twice
        .map(|value| {
            let code = ProblemCode::ValueRepeated { value: SafeText::line(value), name };
            ParameterProblem::new(name, code).about(value)
        })
        .collect()
}
