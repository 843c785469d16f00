//! OAuth clients, and those that are made through the practice tenant's Cloud Foundry, shared with its token server.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How the client of an instance of the plan `api` ends.
pub(super) const API_CLIENT: &str = "|it!b5678";
/// How the client of an instance of the plan `integration-flow` ends.
pub(super) const FLOW_CLIENT: &str = "|it-rt-practice!b5678";

/// What the token server does for a client. An instance has one, each of its keys a secret of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Client {
    /// What a token of it may do, without prefix.
    pub(super) scopes: BTreeSet<String>,
    /// How it may get a token.
    pub(super) grants: Vec<String>,
    /// Seconds that a token lives.
    pub(super) lifetime: u32,
}

/// All of them by client id, each with its secrets. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Clients(Arc<Mutex<All>>);

type All = BTreeMap<String, (Client, BTreeSet<String>)>;

impl Clients {
    /// Makes a client, or changes what an existing one may do. Its secrets stay.
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

    /// A panic elsewhere leaves nothing half done here.
    fn lock(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
