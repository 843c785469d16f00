//! Recognises keys that cannot be used, and explains why: other services, the other plan, Neo, placeholders.

use super::{fields::Raw, shown};
use crate::domain::{
    finding::{Finding, FindingCode},
    key::address::{Address, SapService},
    sap::plan::{PlanId, SERVICE},
    text::secret::MASK,
};

/// The plan of a key: from its wrapper, else the client id, else the host.
///
/// Application identifiers: `it!` is the API, `it-rt` the run time (SAP Help, "Basic Authentication of an IdP User for API
/// Clients").
pub(super) fn plan(raw: &Raw) -> Option<PlanId> {
    if raw.service.as_deref().is_none_or(|service| service == SERVICE) {
        match raw.plan.as_deref() {
            Some("api") => return Some(PlanId::Api),
            Some("integration-flow") => return Some(PlanId::IntegrationFlow),
            _ => {}
        }
    }
    match raw.application() {
        Some("it") => return Some(PlanId::Api),
        Some(name) if name == "it-rt" || name.starts_with("it-rt-") => return Some(PlanId::IntegrationFlow),
        Some(_) => return None,
        None => {}
    }
    match Raw::host_of(raw.url.as_deref())?.service()? {
        SapService::Api => Some(PlanId::Api),
        SapService::Runtime => Some(PlanId::IntegrationFlow),
        _ => None,
    }
}

/// Why `raw` is not a key for the API, if it is not.
pub(super) fn classify(raw: &Raw) -> Option<Finding> {
    placeholder(raw)
        .or_else(|| neo(raw))
        .or_else(|| (plan(raw) == Some(PlanId::IntegrationFlow)).then(|| wrong_plan(raw)))
        .or_else(|| other_service(raw))
}

fn wrong_plan(raw: &Raw) -> Finding {
    let finding = Finding::key(FindingCode::WrongPlan).about(PlanId::IntegrationFlow.as_str());
    match (raw.application(), raw.url.as_deref()) {
        (Some(name), _) => finding.seen(format!("|{name}")),
        (None, Some(url)) => finding.seen(shown::address(url)),
        _ => finding,
    }
}

/// A sample from a guide with placeholders that were not filled in.
fn placeholder(raw: &Raw) -> Option<Finding> {
    let fields = [("url", &raw.url), ("tokenurl", &raw.token_url), ("clientid", &raw.client_id)];
    for (label, value) in fields {
        if let Some(value) = value.as_deref().filter(|value| is_placeholder(value)) {
            let seen = if label == "clientid" { shown::client_id(value) } else { shown::address(value) };
            return Some(Finding::key(FindingCode::KeyIsPlaceholder).about(label).seen(seen));
        }
    }
    let secret = raw.secret.as_ref().map(|secret| secret.expose().trim())?;
    let filled = |c: char| matches!(c, 'x' | 'X' | '*' | '.' | '…' | '-' | '_' | '•');
    let whole = secret == MASK || secret.chars().all(filled) || is_template(secret) || secret.contains("...");
    let words = secret.to_lowercase();
    (whole || ["your-", "your_", "<client", "clientsecret"].iter().any(|mark| words.starts_with(mark)))
        .then(|| Finding::key(FindingCode::KeyIsPlaceholder).about("clientsecret"))
}

fn is_template(value: &str) -> bool {
    let starts = |open: &str, close: &str| value.find(open).is_some_and(|at| value[at..].contains(close));
    starts("<", ">") || starts("{{", "}}") || starts("${", "}")
}

fn is_placeholder(value: &str) -> bool {
    if is_template(value) || value.contains("...") || value.contains('…') || value.contains("***") {
        return true;
    }
    let value = value.to_lowercase();
    value.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').any(|word| {
        let filler = word.len() >= 3 && word.chars().all(|c| c == 'x');
        let yours = word.strip_prefix("your").is_some_and(|rest| {
            ["-", "_", "tenant", "subaccount", "account", "subdomain", "domain", "host", "client", "region"]
                .iter()
                .any(|what| rest.starts_with(what))
        });
        filler || yours || word.split('-').any(|part| part.len() >= 4 && part.chars().all(|c| c == 'x'))
    })
}

fn neo(raw: &Raw) -> Option<Finding> {
    [("url", &raw.url), ("tokenurl", &raw.token_url)].into_iter().find_map(|(label, value)| {
        let address = Raw::host_of(value.as_deref())?;
        let path = value.as_deref().unwrap_or_default();
        (address.is_neo() || address.is_sap() && path.contains("/oauth2/api/v1/token"))
            .then(|| Finding::key(FindingCode::KeyIsNeo).about(label).seen(address.host()))
    })
}

fn other_service(raw: &Raw) -> Option<Finding> {
    let seen = |code, what: &str| Some(Finding::key(code).about(what));
    let application = raw.application().unwrap_or_default();
    let service = raw.service.as_deref().filter(|service| *service != SERVICE);
    let has = |name: &str| raw.names.iter().any(|other| other == name);
    let url = Raw::host_of(raw.url.as_deref());
    let host = url.as_ref().map(Address::host).unwrap_or_default();
    if application.contains("api-portal-xsuaa")
        || raw.client_id.as_deref().is_some_and(|id| id.starts_with("sb-apiaccess"))
        || service.is_some_and(|service| service.starts_with("apimanagement"))
        || host.split('.').any(|label| label.starts_with("apiportal"))
    {
        return seen(FindingCode::KeyIsApiManagement, "API Management");
    }
    if service == Some("destination")
        || application.contains("destination-xsappname")
        || raw.uri.as_deref().is_some_and(|uri| uri.contains("destination-configuration"))
    {
        return seen(FindingCode::KeyIsDestination, "Destination");
    }
    if let Some(service) = service {
        let code = if service == "xsuaa" { FindingCode::KeyIsXsuaa } else { FindingCode::KeyIsOtherService };
        return seen(code, service);
    }
    // A Cloud Integration host outweighs all signs below.
    if url.as_ref().is_some_and(|url| url.service() == Some(SapService::Api)) && !raw.uaa {
        return None;
    }
    if has("sm_url") {
        return seen(FindingCode::KeyIsOtherService, "Service Manager");
    }
    let token_server = url.as_ref().is_some_and(Address::is_token_host);
    if raw.uaa || has("uaadomain") || has("verificationkey") || raw.token_url.is_none() && token_server {
        return Some(match raw.uaa || host.is_empty() {
            true => Finding::key(FindingCode::KeyIsXsuaa).about("uaa"),
            false => Finding::key(FindingCode::KeyIsXsuaa).about("url").seen(host),
        });
    }
    if !application.is_empty() && application != "it" && url.as_ref().is_none_or(Address::is_sap) {
        return seen(FindingCode::KeyIsOtherService, application);
    }
    let has_client = raw.client_id.is_some() || raw.secret.is_some() || raw.certificate.is_some();
    let sign = ["endpoints", "hostname", "username", "user", "password", "uri"].into_iter().find(|name| has(name));
    match sign {
        Some(sign) if !has_client => seen(FindingCode::KeyIsOtherService, sign),
        _ => None,
    }
}
