//! The hosts that the user must confirm before a key is sent.

use std::collections::BTreeSet;

use super::{address::Address, service_key::ServiceKey};

/// The hosts that the secret or the token would be sent to, that are neither SAP's nor this machine, and not confirmed
/// yet.
pub fn hosts_to_ask_for(key: &ServiceKey, agreed: &BTreeSet<String>) -> Vec<String> {
    unknown_hosts(&[&key.token_url, &key.url], agreed)
}

/// The hosts of these URLs that are neither SAP's nor this machine, and not confirmed yet.
pub fn unknown_hosts(addresses: &[&Address], agreed: &BTreeSet<String>) -> Vec<String> {
    let is_unknown = |address: &&&Address| !address.is_sap() && !address.is_loopback();
    let unknown = addresses.iter().filter(is_unknown).map(|address| address.host());
    let mut hosts: Vec<String> = Vec::new();
    for host in unknown.filter(|host| !agreed.contains(*host)) {
        if !hosts.iter().any(|known| known == host) {
            hosts.push(host.to_owned());
        }
    }
    hosts
}
