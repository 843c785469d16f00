//! The options of the network, as `net` takes them.

use std::time::Duration;

use super::{args::NetworkArgs, input};
use crate::{
    domain::{check::Limits, problem::Problem},
    net::{NetOptions, ProxyUrl},
    platform::env::Environment,
};

/// A whole system's bundle of authorities has a quarter of this.
const CA_FILE_LIMIT: usize = 1024 * 1024;

impl NetworkArgs {
    /// Reads the certificate file and the proxy's address. Hosts of `NO_PROXY` are reached without that proxy, too.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read or the address cannot be used.
    pub fn options(&self, environment: &Environment) -> Result<NetOptions, Problem> {
        let ca_pem = match &self.ca_file {
            None => None,
            Some(path) => Some(input::read_file(path, CA_FILE_LIMIT)?.to_vec()),
        };
        if ca_pem.as_ref().is_some_and(|pem| pem.len() > CA_FILE_LIMIT) {
            return Err(Problem::unusable(
                "The file given with --ca-file is too large.",
                format!("It has more than {} KiB.", CA_FILE_LIMIT / 1024),
                "Put the one certificate into a file that signs for your network.",
            ));
        }
        let proxy = self.proxy.as_deref().map(ProxyUrl::parse).transpose().map_err(|error| {
            Problem::unusable(
                "The address given with --proxy cannot be used.",
                format!("What is wrong: {error}."),
                "Write it like http://proxy.example:8080.",
            )
        })?;
        let limits = self.timeout.map_or_else(Limits::default, |seconds| Limits::within(Duration::from_secs(seconds)));
        let no_proxy = environment.no_proxy.clone();
        Ok(NetOptions { ca_pem, proxy, no_proxy, limits, ..NetOptions::default() })
    }
}
