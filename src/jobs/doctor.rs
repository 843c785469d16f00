//! Examines the environment of the program: all checks in parallel, each with a time limit.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use crate::{
    domain::doctor::{Certificates, Check, CheckId, Colours, Fact, Feature, Way},
    domain::text::safe_text::SafeText,
    net::{self, NetOptions},
    platform::{
        clipboard::{self, Choice},
        env::{self, Environment},
        keyring, surroundings,
    },
    words::Words,
};

/// Time limit for clipboard and keyring.
const LIMIT: Duration = Duration::from_secs(1);
/// Overall time limit for checks without one of their own: a network directory, the certificate store.
const LAST_LIMIT: Duration = Duration::from_millis(1500);

/// What to examine.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The environment.
    pub environment: Environment,
    /// The network options.
    pub net: NetOptions,
    /// The chosen clipboard method.
    pub clipboard: Choice,
    /// The language.
    pub words: Words,
}

/// Runs all checks, in the order of [`CheckId::ALL`]. A check that hangs is reported as silent, and its thread is
/// abandoned.
pub fn examine(surroundings: Surroundings) -> Vec<Check> {
    let words = surroundings.words;
    let around = Arc::new(surroundings);
    examine_by(move |id| around.look(id), LAST_LIMIT).iter().map(|fact| Check::of(fact, words)).collect()
}

/// The facts that `look` finds, each on its own thread, all within `limit`.
fn examine_by(look: impl Fn(CheckId) -> Fact + Clone + Send + 'static, limit: Duration) -> Vec<Fact> {
    let end = Instant::now() + limit;
    let (answer, answers) = mpsc::channel();
    for id in CheckId::ALL {
        let (answer, look) = (answer.clone(), look.clone());
        // Without a thread the check stays silent; after the limit its result is ignored.
        let _ = thread::Builder::new().name("doctor".to_owned()).spawn(move || drop(answer.send(look(id))));
    }
    drop(answer);
    let mut facts = Vec::new();
    while let Ok(fact) = answers.recv_timeout(end.saturating_duration_since(Instant::now())) {
        facts.push(fact);
    }
    let found = |id: CheckId| facts.iter().find(|fact| fact.id() == id).cloned().unwrap_or(Fact::Silent(id));
    CheckId::ALL.map(found).into()
}

impl Surroundings {
    fn look(&self, id: CheckId) -> Fact {
        let (environment, words) = (&self.environment, self.words);
        match id {
            CheckId::Program => {
                let missing =
                    [(cfg!(feature = "clipboard"), Feature::Clipboard), (cfg!(feature = "keyring"), Feature::Keyring)];
                let without = missing.into_iter().filter(|(built, _)| !built).map(|(_, feature)| feature).collect();
                let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
                Fact::Program(env!("CARGO_PKG_VERSION"), system, without)
            }
            CheckId::Terminal => Fact::Terminal(surroundings::terminal(environment)),
            CheckId::Colours => {
                let colours = match environment.colours(None) {
                    env::Colours::None => Colours::None,
                    env::Colours::Sixteen => Colours::Sixteen,
                    env::Colours::Many => Colours::Many,
                };
                Fact::Colours(colours, environment.utf8 && environment.term.as_deref() != Some("linux"))
            }
            CheckId::Session => {
                let inside = [(environment.tmux, "tmux"), (environment.screen, "screen")];
                let inside = inside.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
                Fact::Session { ssh: environment.ssh, inside }
            }
            CheckId::TextClipboard => self.text_clipboard(),
            CheckId::SecretClipboard => {
                let native = clipboard::answers(self.clipboard, environment, LIMIT);
                let seconds = clipboard::SECRET_LIFE.as_secs();
                Fact::SecretClipboard(native.map(|()| seconds).map_err(|error| error.explain(words)))
            }
            CheckId::Keyring => Fact::Keyring(keyring::answers(LIMIT).map_err(|error| error.explain(words))),
            CheckId::Proxy => match (net::proxy_of_sap(&self.net), net::proxy_script()) {
                (None, Some(script)) => Fact::ProxyScript(script),
                (proxy, _) => Fact::Proxy(proxy),
            },
            CheckId::Certificates => {
                let place = self.net.authorities.as_deref();
                Fact::Certificates(match net::trusted_authorities(place) {
                    Some(count) => {
                        Certificates::Loaded(count, place.map(|place| SafeText::line(&place.to_string_lossy())))
                    }
                    None => Certificates::OfSystem,
                })
            }
            CheckId::Clock => Fact::Clock(Timestamp::now()),
            CheckId::DataDirectory => Fact::DataDirectory(surroundings::data_directory()),
            CheckId::StateDirectory => Fact::StateDirectory(surroundings::state_directory()),
            CheckId::WorkingDirectory => Fact::WorkingDirectory(surroundings::working_directory()),
            CheckId::Cf => Fact::Cf(surroundings::cf(environment)),
        }
    }

    fn text_clipboard(&self) -> Fact {
        let native = clipboard::answers(self.clipboard, &self.environment, LIMIT);
        let why = native.err().map(|error| error.explain(self.words));
        let way = match &why {
            None => Way::Native,
            Some(_) if self.environment.tmux => Way::Tmux,
            Some(_) => Way::Terminal,
        };
        Fact::TextClipboard(way, why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::doctor::Cf;

    #[test]
    fn what_hangs_or_panics_is_silent_and_the_rest_is_told() {
        let (never, silence) = mpsc::sync_channel::<()>(0);
        let silence = Arc::new(std::sync::Mutex::new(silence));
        let look = move |id| match id {
            CheckId::Keyring => {
                let _ = silence.lock().unwrap().recv();
                Fact::Keyring(Ok(()))
            }
            CheckId::Clock => std::panic::resume_unwind(Box::new("canary")),
            CheckId::Cf => Fact::Cf(Cf::Missing),
            other => Fact::Silent(other),
        };
        let facts = examine_by(look, Duration::from_millis(50));
        let of = |id: CheckId| facts.iter().find(|fact| fact.id() == id).unwrap();
        assert_eq!(facts.len(), CheckId::ALL.len());
        assert_eq!(*of(CheckId::Keyring), Fact::Silent(CheckId::Keyring));
        assert_eq!(*of(CheckId::Clock), Fact::Silent(CheckId::Clock));
        assert_eq!(*of(CheckId::Cf), Fact::Cf(Cf::Missing));
        drop(never);
    }
}
