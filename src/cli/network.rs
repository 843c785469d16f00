//! Converts the network options for `net`.

use std::time::Duration;

use super::{args::NetworkArgs, input};
use crate::{
    domain::{check::Limits, handover::commands::again::Reach, problem::Problem},
    net::{NetOptions, ProxyUrl},
    platform::env::Environment,
    words::Words,
};

/// The CA bundle of a whole system is a quarter of this size.
const CA_FILE_LIMIT: usize = 1024 * 1024;

impl NetworkArgs {
    /// The same, for the command to continue.
    pub fn reach(&self) -> Reach {
        let ca_file = self.ca_file.as_ref().map(|path| path.to_string_lossy().into_owned());
        Reach { ca_file, proxy: self.proxy.clone(), timeout: self.timeout }
    }

    /// Reads the certificate file and the proxy's address. Hosts in `NO_PROXY` are also reached without that proxy.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or the address cannot be used.
    pub fn options(&self, environment: &Environment, words: Words) -> Result<NetOptions, Problem> {
        let ca_pem = match &self.ca_file {
            None => None,
            Some(path) => Some(input::read_file(path, CA_FILE_LIMIT)?.to_vec()),
        };
        if ca_pem.as_ref().is_some_and(|pem| pem.len() > CA_FILE_LIMIT) {
            let limit = CA_FILE_LIMIT / 1024;
            return Err(words.network().ca_file_too_large().fill(&[("limit", &limit)]).unusable());
        }
        let proxy =
            self.proxy.as_deref().map(ProxyUrl::parse).transpose().map_err(|error| error.explain(words).unusable())?;
        let limits = self.timeout.map_or_else(Limits::default, |seconds| Limits::within(Duration::from_secs(seconds)));
        let (no_proxy, authorities) = (environment.no_proxy.clone(), environment.certificates.clone());
        Ok(NetOptions { ca_pem, authorities, proxy, no_proxy, limits, ..NetOptions::default() })
    }
}
