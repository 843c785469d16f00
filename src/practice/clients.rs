//! The OAuth clients created through the practice tenant's Cloud Foundry, shared with its token server.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The suffix of the client id of an `api` instance.
pub(super) const API_CLIENT: &str = "|it!b5678";
/// The suffix of the client id of an `integration-flow` instance.
pub(super) const FLOW_CLIENT: &str = "|it-rt-practice!b5678";

/// A client of the token server. An instance has one client, and each of its keys a secret of that client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Client {
    /// The scopes of its tokens, without prefix.
    pub(super) scopes: BTreeSet<String>,
    /// Its grant types.
    pub(super) grants: Vec<String>,
    /// The lifetime of a token in seconds.
    pub(super) lifetime: u32,
}

/// All of them by client id, each with its secrets. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Clients(Arc<Mutex<All>>);

type All = BTreeMap<String, (Client, BTreeSet<String>)>;

impl Clients {
    /// Creates a client, or updates an existing one, keeping its secrets.
    pub(super) fn set(&self, id: &str, client: Client) {
        let mut all = self.lock();
        let secrets = all.remove(id).map(|(_, secrets)| secrets).unwrap_or_default();
        all.insert(id.to_owned(), (client, secrets));
    }

    /// Removes a client with all its secrets.
    pub(super) fn remove(&self, id: &str) {
        self.lock().remove(id);
    }

    /// Accepts a secret from now on.
    pub(super) fn add_secret(&self, id: &str, secret: &str) {
        if let Some((_, secrets)) = self.lock().get_mut(id) {
            secrets.insert(secret.to_owned());
        }
    }

    /// No longer accepts a secret.
    pub(super) fn remove_secret(&self, id: &str, secret: &str) {
        if let Some((_, secrets)) = self.lock().get_mut(id) {
            secrets.remove(secret);
        }
    }

    /// The client with this secret, if there is one.
    pub(super) fn with_secret(&self, id: &str, secret: &str) -> Option<Client> {
        self.lock().get(id).filter(|(_, secrets)| secrets.contains(secret)).map(|(client, _)| client.clone())
    }

    /// A panic elsewhere leaves nothing inconsistent here.
    fn lock(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
