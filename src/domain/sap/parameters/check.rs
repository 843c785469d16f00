//! What the broker, or the token server after it, would say about the values.

use super::{
    API_ROLE, GRANT_TYPES, InstanceParameters, SEND_ROLE, TOKEN_VALIDITY_MAX, TOKEN_VALIDITY_MIN,
    problem::ParameterProblem, readable_seconds,
};
use crate::domain::{
    sap::{
        plan::{AUTHORIZATION_CODE, CLIENT_CREDENTIALS, PlanId},
        role::Catalogue,
    },
    text::safe_text::SafeText,
};

/// Role collections that people take for roles, with the one role template that each contains.
const COLLECTIONS: [(&str, &str); 4] = [
    ("PI_Administrator", "AuthGroup_Administrator"),
    ("PI_Business_Expert", "AuthGroup_BusinessExpert"),
    ("PI_Integration_Developer", "AuthGroup_IntegrationDeveloper"),
    ("PI_Read_Only", "AuthGroup_ReadOnly"),
];

impl InstanceParameters {
    /// Judges the values. Errors are what the broker refuses; warnings what some landscapes refuse, or what works at
    /// the broker and fails later. Errors come first.
    pub fn check(&self, catalogue: &Catalogue) -> Vec<ParameterProblem> {
        let mut problems = match self.plan {
            PlanId::Api => self.check_api_roles(catalogue),
            PlanId::IntegrationFlow => self.check_flow_roles(catalogue),
        };
        problems.extend(repeated("roles", &self.roles));
        problems.extend(repeated("grant-types", &self.grant_types));
        problems.extend(repeated("redirect-uris", &self.redirect_uris));
        self.check_grant_types(&mut problems);
        self.check_redirect_uris(&mut problems);
        self.check_token_validity(&mut problems);
        problems.sort_by_key(|problem| problem.severity);
        problems
    }

    fn check_api_roles(&self, catalogue: &Catalogue) -> Vec<ParameterProblem> {
        if self.roles.is_empty() {
            return vec![ParameterProblem::error(
                "roles",
                "There is no role.",
                "The plan api has no default for \"roles\" and wants at least one.",
                "Choose what the key is for, or name a role; MonitoringDataRead is the smallest useful one.",
            )];
        }
        self.roles.iter().filter_map(|role| api_role(role, catalogue)).collect()
    }

    fn check_flow_roles(&self, catalogue: &Catalogue) -> Vec<ParameterProblem> {
        let judge = |role: &String| {
            let shown = SafeText::capped(role, 60);
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
            if role.is_empty() || !role.chars().all(allowed) {
                let problem = ParameterProblem::error(
                    "roles",
                    format!("\"{shown}\" cannot be the name of a role."),
                    "Names of user roles hold a-z, A-Z, 0-9, underscore and dot.",
                    "Take the name from the tile User Roles in the monitor of Integration Suite.",
                );
                return Some(problem.about(role));
            }
            catalogue.get(role).map(|_| {
                ParameterProblem::warning(
                    "roles",
                    format!("{shown} is a role of the plan api."),
                    "With integration-flow it is an ordinary text that opens nothing.",
                    "Choose the plan api for this role, or remove it.",
                )
                .about(role)
            })
        };
        self.roles.iter().filter_map(judge).collect()
    }

    fn check_grant_types(&self, problems: &mut Vec<ParameterProblem>) {
        let unknown = self.grant_types.iter().filter(|grant| !GRANT_TYPES.contains(&grant.as_str()));
        problems.extend(unknown.map(|grant| unknown_grant_type(grant)));
        if !self.has_grant_type(CLIENT_CREDENTIALS) {
            problems.push(ParameterProblem::warning(
                "grant-types",
                format!("{CLIENT_CREDENTIALS} is missing."),
                "Without it the key gets no token by itself, and no certificate key can be created.",
                format!("Add {CLIENT_CREDENTIALS}, unless a person logs in for every token."),
            ));
        }
        if self.has_grant_type(AUTHORIZATION_CODE) && self.redirect_uris.is_empty() {
            let problem = ParameterProblem::warning(
                "grant-types",
                format!("{AUTHORIZATION_CODE} has no redirect URI."),
                "The login has nowhere to send its answer.",
                format!(
                    "Give the address of your application under \"redirect-uris\", or remove {AUTHORIZATION_CODE}."
                ),
            );
            problems.push(problem.about(AUTHORIZATION_CODE));
        }
    }

    fn check_redirect_uris(&self, problems: &mut Vec<ParameterProblem>) {
        problems.extend(self.redirect_uris.iter().filter_map(|uri| redirect_uri(uri)));
        if !self.redirect_uris.is_empty() && !self.has_grant_type(AUTHORIZATION_CODE) {
            problems.push(ParameterProblem::warning(
                "redirect-uris",
                "The redirect URIs are not used.",
                format!("They belong to the grant type {AUTHORIZATION_CODE}, which is not chosen."),
                format!("Remove them, or add {AUTHORIZATION_CODE}."),
            ));
        }
    }

    fn check_token_validity(&self, problems: &mut Vec<ParameterProblem>) {
        let Some(seconds) = self.token_validity else { return };
        if !(TOKEN_VALIDITY_MIN..=TOKEN_VALIDITY_MAX).contains(&seconds) {
            problems.push(ParameterProblem::error(
                "token-validity",
                format!("\"token-validity\" is {seconds}, which is {}.", readable_seconds(seconds)),
                format!(
                    "The broker takes {TOKEN_VALIDITY_MIN} to {TOKEN_VALIDITY_MAX} seconds, {} to {}.",
                    readable_seconds(TOKEN_VALIDITY_MIN),
                    readable_seconds(TOKEN_VALIDITY_MAX)
                ),
                "Choose a number in between, or leave it out.",
            ));
        }
    }
}

/// What is wrong with one role of the plan `api`.
fn api_role(role: &str, catalogue: &Catalogue) -> Option<ParameterProblem> {
    let shown = SafeText::capped(role, 60);
    let Some(known) = catalogue.get(role) else {
        let what = format!("\"{shown}\" is not a role of the plan api.");
        let list = "\"cpikey roles\" lists all roles.";
        let (why, fix) = if role == SEND_ROLE || role == API_ROLE {
            (
                "It is a role of the plan integration-flow, for calls to integration flows.",
                "Remove it here; create a second instance with that plan if you need both.".to_owned(),
            )
        } else if let Some((_, template)) = COLLECTIONS.iter().find(|(collection, _)| *collection == role) {
            (
                "It is a role collection, and collections are for people, not for service instances.",
                format!("Write {template}, the role in it."),
            )
        } else if let Some(meant) = catalogue.did_you_mean(role) {
            ("The broker takes the names of its list only, letter by letter.", format!("Did you mean {meant}?"))
        } else {
            ("The broker takes the names of its list only, letter by letter.", format!("Remove it. {list}"))
        };
        return Some(ParameterProblem::error("roles", what, why, fix).about(role));
    };
    known.refused_where().map(|where_not| {
        ParameterProblem::warning(
            "roles",
            format!("{} is not offered on every landscape.", known.name),
            where_not,
            "Keep it only if the cockpit's form lists it.",
        )
        .about(role)
    })
}

fn unknown_grant_type(grant: &str) -> ParameterProblem {
    let shown = SafeText::capped(grant, 80);
    let what = format!("\"{shown}\" is not a grant type.");
    let problem = if grant == "client_x509" {
        ParameterProblem::error(
            "grant-types",
            "The grant type client_x509 is gone.",
            "It reached its end of life in January 2026: an instance that has it cannot be updated and gets no new keys.",
            format!("Replace it by {CLIENT_CREDENTIALS}, which serves secrets and certificates alike."),
        )
    } else {
        let squeezed = |name: &str| name.to_lowercase().replace(['-', ' '], "_");
        let last_part = |name: &str| squeezed(name.rsplit(':').next().unwrap_or(name));
        let meant = GRANT_TYPES.iter().find(|known| last_part(known) == last_part(grant));
        ParameterProblem::error(
            "grant-types",
            what,
            "The broker knows six grant types, each in one spelling.",
            match meant {
                Some(meant) => format!("Write {meant}."),
                None => format!("Remove it, or take one of: {}.", GRANT_TYPES.join(", ")),
            },
        )
    };
    problem.about(grant)
}

/// What is wrong with one redirect URI. Wildcards as in `https://*.example.com/**` are allowed.
fn redirect_uri(uri: &str) -> Option<ParameterProblem> {
    let shown = SafeText::capped(uri, 80);
    let problem = match url::Url::parse(uri) {
        _ if uri.chars().any(|c| c.is_whitespace() || c.is_control()) => ParameterProblem::error(
            "redirect-uris",
            format!("\"{shown}\" holds white space."),
            "An address has none.",
            "Remove it; write several addresses as several entries.",
        ),
        Err(error) => ParameterProblem::error(
            "redirect-uris",
            format!("\"{shown}\" is not an absolute address."),
            format!("It cannot be read: {error}."),
            "Write the whole address, for example https://app.example.com/callback.",
        ),
        Ok(url) if url.fragment().is_some() => ParameterProblem::error(
            "redirect-uris",
            format!("\"{shown}\" has a part after #."),
            "OAuth allows no fragment in a redirect URI.",
            "Remove # and all that follows.",
        ),
        Ok(url) if url.scheme() == "http" && !is_loopback(&url) => ParameterProblem::warning(
            "redirect-uris",
            format!("\"{shown}\" is not encrypted."),
            "Whoever listens on the way can take the login's answer.",
            "Use https, except for this machine itself.",
        ),
        Ok(_) => return None,
    };
    Some(problem.about(uri))
}

fn is_loopback(url: &url::Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Values that stand twice, which only lists filled by hand can hold.
fn repeated<'a>(property: &'a str, list: &'a [String]) -> impl Iterator<Item = ParameterProblem> + 'a {
    list.iter().enumerate().filter(|(index, value)| list[..*index].contains(value)).map(move |(_, value)| {
        ParameterProblem::error(
            property,
            format!("\"{}\" stands twice in \"{property}\".", SafeText::line(value)),
            "The broker takes each value once.",
            "Remove one of them.",
        )
        .about(value)
    })
}
