//! Command lines equivalent to actions in the wizard.

use crate::domain::{
    handover::quote::sh,
    sap::{
        parameters::InstanceParameters,
        plan::{CLIENT_CREDENTIALS, PlanId},
        purpose::Purpose,
    },
};

/// The command that prints the same parameters. `purpose` is the purpose they were chosen for.
pub fn params(parameters: &InstanceParameters, purpose: Option<&Purpose>) -> String {
    let mut words = vec!["cpikey".to_owned(), "params".to_owned()];
    words.extend(parameter_options(parameters, purpose));
    words.join(" ")
}

/// The options of `params` that lead to the same parameters.
pub(super) fn parameter_options(parameters: &InstanceParameters, purpose: Option<&Purpose>) -> Vec<String> {
    let mut words = Vec::new();
    let mut option = |name: &str, value: &str| words.extend([name.to_owned(), argument(value)]);
    // A purpose includes its roles, so it is only used if all of them are wanted.
    let purpose = purpose.filter(|purpose| {
        purpose.plan == parameters.plan && purpose.roles.iter().all(|entry| parameters.has_role(&entry.role))
    });
    match purpose {
        Some(purpose) => option("--purpose", &purpose.id),
        None if parameters.plan == PlanId::IntegrationFlow => option("--plan", parameters.plan.as_str()),
        None => {}
    }
    let known = |role: &String| purpose.is_some_and(|purpose| purpose.why(role).is_some());
    let default = InstanceParameters::new(parameters.plan).roles;
    if purpose.is_some() || parameters.plan == PlanId::Api || parameters.roles != default {
        parameters.roles.iter().filter(|role| !known(role)).for_each(|role| option("--role", role));
    }
    if parameters.grant_types != [CLIENT_CREDENTIALS] {
        parameters.grant_types.iter().for_each(|grant| option("--grant-type", grant));
    }
    parameters.redirect_uris.iter().for_each(|uri| option("--redirect-uri", uri));
    if let Some(seconds) = parameters.token_validity {
        option("--token-validity", &seconds.to_string());
    }
    words
}

/// The network options, so that a command can use the same ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Additional trusted certificates.
    pub ca_file: Option<String>,
    /// The proxy.
    pub proxy: Option<String>,
    /// The timeout, in seconds.
    pub timeout: Option<u64>,
}

impl Reach {
    /// The command-line options.
    pub(super) fn options(&self) -> Vec<String> {
        let timeout = self.timeout.map(|seconds| seconds.to_string());
        let all = [("--ca-file", &self.ca_file), ("--proxy", &self.proxy), ("--timeout", &timeout)];
        all.into_iter().filter_map(|(name, value)| Some(option(name, value.as_ref()?))).flatten().collect()
    }
}

/// The command that tests a saved system again.
pub fn test(system: &str, reach: &Reach) -> String {
    let mut words = vec!["cpikey".to_owned(), "test".to_owned()];
    words.extend(option("--system", system));
    words.extend(reach.options());
    words.join(" ")
}

/// An option with its value. A value that begins with a dash would be parsed as another option.
pub(super) fn option(name: &str, value: &str) -> Vec<String> {
    match value.starts_with('-') && value != "-" {
        true => vec![format!("{name}={}", argument(value))],
        false => vec![name.to_owned(), argument(value)],
    }
}

/// A word for the shell, quoted only if necessary.
pub(super) fn argument(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { sh::word(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_stands_for_its_roles_and_only_what_differs_is_named() {
        let content = crate::content::load();
        let purpose = content.purpose("ci-cd").unwrap();
        let mut parameters = InstanceParameters::new(PlanId::Api).with_roles(purpose.role_names());
        assert_eq!(params(&parameters, Some(purpose)), "cpikey params --purpose ci-cd");
        parameters.toggle_role("QueuesRetry");
        parameters.set_token_validity(3600);
        let more = "cpikey params --purpose ci-cd --role QueuesRetry --token-validity 3600";
        assert_eq!(params(&parameters, Some(purpose)), more);
        let one = InstanceParameters::new(PlanId::Api).with_roles(["MonitoringDataRead"]);
        assert_eq!(params(&one, Some(purpose)), "cpikey params --role MonitoringDataRead");
        let flow = InstanceParameters::new(PlanId::IntegrationFlow);
        assert_eq!(params(&flow, Some(purpose)), "cpikey params --plan integration-flow");
        let mut uris = one.clone();
        uris.set_grant_types(["client_credentials", "authorization_code"]);
        uris.set_redirect_uris(["https://example.com/a?b=c&d"]);
        let options = "--grant-type client_credentials --grant-type authorization_code --redirect-uri 'https://example.com/a?b=c&d'";
        assert_eq!(params(&uris, None), format!("cpikey params --role MonitoringDataRead {options}"));
    }

    #[test]
    fn a_name_is_quoted_if_it_needs_it() {
        let here = Reach::default();
        assert_eq!(test("acme-dev", &here), "cpikey test --system acme-dev");
        assert_eq!(test("it's", &here), "cpikey test --system 'it'\\''s'");
        let by_proxy = Reach { proxy: Some("http://proxy:8080".to_owned()), ..here };
        assert_eq!(test("acme-dev", &by_proxy), "cpikey test --system acme-dev --proxy http://proxy:8080");
    }
}
