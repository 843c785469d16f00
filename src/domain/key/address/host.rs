//! The owner of a host: its service and landscape.

use super::Address;

/// Domains of SAP BTP: regions of Cloud Foundry and Neo, China, the Neo trial, services without a region, and the
/// identity service. (SAP Help, "Regions and API Endpoints")
const SAP_DOMAINS: [&str; 7] = [
    "hana.ondemand.com",
    "platform.sapcloud.cn",
    "hanatrial.ondemand.com",
    "cloud.sap",
    "accounts.ondemand.com",
    "accounts400.ondemand.com",
    "accounts.sapcloud.cn",
];
/// Domains of [`SAP_DOMAINS`] used only by the identity service.
const IDENTITY: &str = "accounts";
/// The trial of the Neo environment.
const NEO_TRIAL: &str = "hanatrial.ondemand.com";

/// The service of an SAP host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SapService {
    /// `<subdomain>.it-cpi018`: the API and tenant management.
    Api,
    /// `<subdomain>.it-cpi018-rt`: integration flows at run time.
    Runtime,
    /// `<subdomain>.integrationsuite`: the web user interface.
    WebUi,
    /// `<subdomain>.authentication`: the token server.
    TokenServer,
    /// The cockpit of SAP BTP.
    Cockpit,
    /// `<subdomain>-<id>.a.integration.cloud.sap`: APIs and MCP servers that the tenant publishes.
    Gateway,
    /// API Management: its portal, its developer portal, its gateway.
    ApiManagement,
    /// Cloud Foundry itself: its API, its login.
    Platform,
    /// Cloud Identity Services.
    Identity,
    /// SAP's, but otherwise unknown.
    Unknown,
}

/// The labels of a host of a Cloud Integration system.
struct SystemLabels<'a> {
    subdomain: &'a str,
    system: &'a str,
    landscape: &'a str,
}

impl Address {
    /// The labels in front of one of SAP's domains, and that domain.
    pub(super) fn sap_labels(&self) -> Option<(Vec<&str>, &'static str)> {
        SAP_DOMAINS.iter().find_map(|domain| {
            // With its dot, so that the preceding name is a separate label: not `evilhana.ondemand.com`.
            let labels = self.host().strip_suffix(domain)?.strip_suffix('.')?;
            Some((labels.split('.').collect(), *domain))
        })
    }

    /// Whether only SAP can assign this host. Anyone can deploy an application directly under `cfapps`.
    pub fn is_sap(&self) -> bool {
        self.service().is_some() && !self.is_application()
    }

    /// Whether the host is directly under `cfapps` (or `apps` in some regions): it may belong to anyone, whatever its
    /// name.
    fn is_application(&self) -> bool {
        matches!(self.sap_labels(), Some((labels, _)) if matches!(labels[..], [_, "cfapps", _] | [_, _, "apps"]))
    }

    /// The service of the host, if it is SAP's.
    pub fn service(&self) -> Option<SapService> {
        let (labels, domain) = self.sap_labels()?;
        if let Some(SystemLabels { system, .. }) = self.system_labels() {
            return Some(match system {
                "integrationsuite" => SapService::WebUi,
                _ if system.starts_with("integrationsuite-") => SapService::WebUi,
                _ if system.starts_with("it-") && system.ends_with("-rt") => SapService::Runtime,
                _ if system.starts_with("it-") => SapService::Api,
                _ if is_api_management(&labels) => SapService::ApiManagement,
                _ => SapService::Unknown,
            });
        }
        if self.token_labels().is_some() {
            return Some(SapService::TokenServer);
        }
        match labels.as_slice() {
            _ if is_api_management(&labels) => Some(SapService::ApiManagement),
            [_, "cfapps", _] | [_, _, "apps"] => None,
            _ if domain.starts_with(IDENTITY) => Some(SapService::Identity),
            [.., "accounts"] if domain == "cloud.sap" => Some(SapService::Identity),
            [.., "integration"] if domain == "cloud.sap" => Some(SapService::Gateway),
            _ if labels.iter().any(|label| is_cockpit(label)) => Some(SapService::Cockpit),
            [.., "cf", _] => Some(SapService::Platform),
            _ => Some(SapService::Unknown),
        }
    }

    /// Whether the host is this machine. Names under `localhost` may resolve to any other.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// Whether the host is `<subdomain>.authentication.<region>` of SAP, with or without `cert`.
    pub fn is_token_host(&self) -> bool {
        self.token_labels().is_some()
    }

    /// Subdomain and landscape of a token host.
    fn token_labels(&self) -> Option<(&str, &str)> {
        let (labels, _) = self.sap_labels()?;
        match labels.as_slice() {
            [subdomain, "authentication", landscape]
            | [subdomain, "authentication", "cert", landscape]
            | [subdomain, "cert", "authentication", landscape]
                if is_landscape(landscape) =>
            {
                Some((subdomain, landscape))
            }
            _ => None,
        }
    }

    /// The labels of a host two levels under `cfapps`, where only SAP can add one, or of its equivalent in China.
    fn system_labels(&self) -> Option<SystemLabels<'_>> {
        let (labels, _) = self.sap_labels()?;
        match labels.as_slice() {
            [subdomain, system, "cfapps", landscape] | [subdomain, system, "cpi", landscape, "apps"]
                if is_landscape(landscape) =>
            {
                Some(SystemLabels { subdomain, system, landscape })
            }
            _ => None,
        }
    }

    /// Whether the host belongs to the Neo environment.
    pub fn is_neo(&self) -> bool {
        let labels: Vec<&str> = self.host().split('.').collect();
        let trial = self.host().strip_suffix(NEO_TRIAL).is_some_and(|rest| rest.ends_with('.'));
        let application = || {
            labels.first().is_some_and(|first| {
                first.starts_with("oauthasservices-") || first.ends_with("-tmn") || first.ends_with("-iflmap")
            }) || labels.get(1).is_some_and(|label| matches!(*label, "hci" | "avt" | "hcisbp" | "hcisbt"))
        };
        (self.is_sap() && application()) || trial && (application() || labels.len() > 3)
    }

    /// `eu10-003`, if the host has it.
    pub fn landscape(&self) -> Option<&str> {
        self.system_labels()
            .map(|labels| labels.landscape)
            .or_else(|| self.token_labels().map(|(_, landscape)| landscape))
    }

    /// `eu10`, if the host has it.
    pub fn region(&self) -> Option<&str> {
        self.landscape().map(|landscape| landscape.split('-').next().unwrap_or(landscape))
    }

    /// The subdomain of the subaccount, if the host has it.
    pub fn subdomain(&self) -> Option<&str> {
        self.system_labels()
            .map(|labels| labels.subdomain)
            .or_else(|| self.token_labels().map(|(subdomain, _)| subdomain))
    }
}

/// `eu10.apiportal`, `acme-devportal`, `acme.prod.apimanagement`
fn is_api_management(labels: &[&str]) -> bool {
    labels.iter().any(|label| ["apiportal", "apimanagement", "devportal"].iter().any(|part| label.contains(part)))
}

/// `emea.cockpit.btp`, `account-eu1`
fn is_cockpit(label: &str) -> bool {
    label == "cockpit" || label == "account" || label.starts_with("cockpit-") || label.starts_with("account-")
}

/// `eu10`, `us10-001`
fn is_landscape(label: &str) -> bool {
    let (region, extension) = label.split_once('-').map_or((label, None), |(region, rest)| (region, Some(rest)));
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    region.len() == 4
        && region.chars().take(2).all(|c| c.is_ascii_lowercase())
        && digits(&region[2..])
        && extension.is_none_or(|extension| extension.len() == 3 && digits(extension))
}
