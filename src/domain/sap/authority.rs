//! The authorities whose client certificates the token server accepts.

use serde::Deserialize;
use x509_cert::name::Name;

/// One authority (`assets/facts/plans.toml`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Its display name.
    pub name: String,
    /// Prefixes of the organization of its certificates.
    pub organizations: Vec<String>,
    /// Prefixes of the common name of its certificates. Only for issuers without an organization.
    pub common_names: Vec<String>,
}

impl Authority {
    /// Whether a certificate with this issuer probably comes from it. The organization takes precedence over the common
    /// name, which anybody can choose.
    pub fn issues(&self, issuer: &Name) -> bool {
        if let Ok(Some(organization)) = issuer.organization() {
            return self.organizations.iter().any(|begin| begins(&organization.value(), begin));
        }
        let common_name = issuer.common_name().ok().flatten();
        common_name.is_some_and(|name| self.common_names.iter().any(|begin| begins(&name.value(), begin)))
    }
}

/// Whether `text` begins with the words of `begin`, ignoring case.
fn begins(text: &str, begin: &str) -> bool {
    let text = text.trim();
    let same = text.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin));
    same && text[begin.len()..].chars().next().is_none_or(|next| !next.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_known_by_its_organization_before_its_common_name() {
        let authority = Authority {
            name: "DigiCert".to_owned(),
            organizations: vec!["DigiCert".to_owned()],
            common_names: vec!["DigiCert".to_owned()],
        };
        for (issuer, expected) in [
            ("C=US,O=DigiCert Inc,CN=DigiCert SHA2 Secure Server CA", true),
            ("C=US,O=DIGICERT\\, INC.,CN=Thawte TLS RSA CA G1", true),
            ("CN=DigiCert Global Root G2", true),
            ("O=Digicertify,CN=DigiCert Global Root G2", false),
            ("O=Acme AG,CN=DigiCert Global Root G2", false),
            ("O=Acme AG,CN=Acme Issuing CA 1", false),
            ("CN=client.example", false),
            ("C=DE", false),
        ] {
            assert_eq!(authority.issues(&issuer.parse().unwrap()), expected, "{issuer}");
        }
    }
}
