//! Keeps secrets out, in case the user typed or pasted one into a name field.

use super::{CloudProgress, Progress};
use crate::domain::text::mask::Mask;

impl Progress {
    /// Removes every text that contains part of a secret known to `mask`, or that looks like one.
    pub fn without_secrets(mut self, mask: &Mask) -> Self {
        let holds = |text: &str| looks_like_secret(text) || mask.apply(text) != text;
        let draft = &mut self.draft;
        for name in [&mut draft.instance, &mut draft.region, &mut draft.org, &mut draft.space, &mut draft.key_name] {
            if holds(name) {
                name.clear();
            }
        }
        let named = |cloud: &CloudProgress| {
            let place = [&cloud.place.api, &cloud.place.org.name, &cloud.place.space.name];
            place.into_iter().chain(cloud.things.iter().map(|thing| &thing.name)).any(|name| holds(name))
        };
        if self.cloud.as_ref().is_some_and(named) {
            self.cloud = None;
        }
        let parameters = &mut draft.parameters;
        for list in [&mut parameters.roles, &mut parameters.grant_types, &mut parameters.redirect_uris] {
            list.retain(|value| !holds(value));
        }
        self
    }
}

/// A key, a private key, a client id of SAP, or a client secret of SAP: a GUID, a dollar sign, base64.
fn looks_like_secret(text: &str) -> bool {
    let after_guid = |(at, _): (usize, &str)| {
        let id = text.get(at.saturating_sub(36)..at).unwrap_or_default();
        id.len() == 36 && id.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
    };
    let of_client = text.contains("sb-") && text.contains('!');
    of_client
        || text.contains(['{', '}', '"'])
        || text.contains("-----BEGIN")
        || text.match_indices('$').any(after_guid)
}
