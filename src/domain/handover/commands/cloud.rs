//! The commands that continue Cloud Foundry operations, from the command line or the wizard. They never contain a
//! secret.

use std::time::Duration;

use super::again::{Reach, option, parameter_options};
use crate::domain::{
    cf::{
        goal::{Create, Goal, Options, Rotate, next_key_name},
        place::Place,
    },
    sap::{
        key_parameters::{KeyField, KeyParameters, KeyType},
        parameters::InstanceParameters,
        purpose::Purpose,
    },
};

/// The default file for a key.
pub const KEY_FILE: &str = "key.json";
/// The file name for a pasted certificate.
pub const CERTIFICATE_FILE: &str = "certificate.pem";

/// The options of a command besides its goal.
#[derive(Clone, Debug, Default)]
pub struct Wishes<'a> {
    /// The login and network options.
    pub way: Way<'a>,
    /// The parameters of the instance, and the purpose they were chosen for.
    pub parameters: Option<(&'a InstanceParameters, Option<&'a Purpose>)>,
    /// The parameters of the key.
    pub key: Option<&'a KeyParameters>,
    /// The file with the certificate of the key.
    pub certificate: Option<&'a str>,
    /// The file that the key is written to.
    pub output: Option<&'a str>,
    /// The name that the key is saved under, and whether a passphrase seals it instead of the keyring.
    pub save: Option<(&'a str, bool)>,
    /// The run options.
    pub options: Options,
    /// Whether the plan is not confirmed interactively.
    pub yes: bool,
}

/// The login and network options.
#[derive(Clone, Debug, Default)]
pub struct Way<'a> {
    /// Whether the login of the cf CLI is used.
    pub cf: bool,
    /// Whether a passcode comes from standard input.
    pub passcode_stdin: bool,
    /// The user of a password login.
    pub user: Option<&'a str>,
    /// Whether the password comes from standard input.
    pub password_stdin: bool,
    /// The origin key of the identity provider.
    pub origin: Option<&'a str>,
    /// Allowed hosts.
    pub allowed_hosts: &'a [String],
    /// The network options.
    pub reach: Reach,
}

/// The command that performs or continues the goal.
pub fn command(goal: &Goal, place: &Place, wishes: &Wishes<'_>) -> String {
    let mut line = Line::new(name(goal));
    line.option("--api", &place.api);
    line.option("--org", &place.org.name);
    line.option("--space", &place.space.name);
    line.way(&wishes.way);
    line.option("--instance", goal.instance());
    match goal {
        Goal::Create(Create { broker, key, reuse, .. }) => {
            line.option("--key", &key.name);
            line.parameters(wishes);
            if let Some(broker) = broker {
                line.option("--broker", broker);
            }
            line.key(wishes);
            line.flag("--reuse", *reuse);
        }
        Goal::Update(_) => line.parameters(wishes),
        Goal::Rotate(Rotate { old, new, keep_old, .. }) => {
            line.option("--key", old);
            if new.name != next_key_name(old) {
                line.option("--new-key", &new.name);
            }
            line.key(wishes);
            line.flag("--keep-old", *keep_old);
        }
        Goal::DeleteInstance { .. } => {}
        Goal::DeleteKey { key, .. } => line.option("--key", key),
    }
    let usual = Options::default();
    if let Some(output) = wishes.output {
        line.option("--output", output);
    }
    if let Some((save, with_passphrase)) = wishes.save {
        line.option("--save", save);
        line.flag("--passphrase", with_passphrase);
    }
    line.flag("--no-test", !wishes.options.test && goal.key().is_some());
    line.flag("--no-labels", !wishes.options.labels);
    if wishes.options.wait != usual.wait {
        line.option("--wait", &seconds(wishes.options.wait));
    }
    line.flag("--yes", wishes.yes);
    line.0.join(" ")
}

/// The name of the command.
fn name(goal: &Goal) -> &'static str {
    match goal {
        Goal::Create(_) => "create",
        Goal::Update(_) => "update-roles",
        Goal::Rotate(_) => "rotate",
        Goal::DeleteInstance { .. } | Goal::DeleteKey { .. } => "delete",
    }
}

fn seconds(duration: Duration) -> String {
    duration.as_secs().to_string()
}

/// The words of a command.
struct Line(Vec<String>);

impl Line {
    fn new(command: &str) -> Self {
        Self(vec!["cpikey".to_owned(), command.to_owned()])
    }

    fn option(&mut self, name: &str, value: &str) {
        self.0.extend(option(name, value));
    }

    fn flag(&mut self, name: &str, is_set: bool) {
        if is_set {
            self.0.push(name.to_owned());
        }
    }

    fn way(&mut self, way: &Way<'_>) {
        self.flag("--cf", way.cf);
        self.flag("--passcode-stdin", way.passcode_stdin);
        for (name, value) in [("--user", way.user), ("--origin", way.origin)] {
            if let Some(value) = value {
                self.option(name, value);
            }
        }
        self.flag("--password-stdin", way.password_stdin);
        for host in way.allowed_hosts {
            self.option("--allow-host", host);
        }
        self.0.extend(way.reach.options());
    }

    fn parameters(&mut self, wishes: &Wishes<'_>) {
        if let Some((parameters, purpose)) = wishes.parameters {
            self.0.extend(parameter_options(parameters, purpose));
        }
    }

    fn key(&mut self, wishes: &Wishes<'_>) {
        let Some(key) = wishes.key else { return };
        let usual = KeyParameters::new(key.key_type);
        match key.key_type {
            KeyType::ClientSecret => {}
            KeyType::Certificate => self.option("--type", "certificate"),
            KeyType::ExternalCertificate => self.option("--type", "external"),
        }
        let has = |field: KeyField| field.applies_to(key.key_type);
        if has(KeyField::Validity) && key.validity != usual.validity {
            self.option("--validity", &key.validity.to_string());
        }
        if has(KeyField::KeyLength) && key.key_length != usual.key_length {
            self.option("--key-length", &key.key_length.to_string());
        }
        if let Some(certificate) = wishes.certificate.filter(|_| has(KeyField::Certificate)) {
            self.option("--certificate", certificate);
        }
        self.flag("--no-pinning", has(KeyField::Pinning) && !key.pinning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        cf::{
            goal::{WantedKey, all_parameters},
            place::{Organization, Space},
        },
        sap::plan::PlanId,
    };

    fn place() -> Place {
        Place {
            api: "https://api.cf.eu10-004.hana.ondemand.com".into(),
            org: Organization { guid: "o".into(), name: "ACME's dev".into(), is_suspended: false },
            space: Space { guid: "s".into(), name: "-dev".into() },
        }
    }

    const PLACE: &str = "--api https://api.cf.eu10-004.hana.ondemand.com --org 'ACME'\\''s dev' --space=-dev";

    #[test]
    fn what_was_begun_goes_on_with_the_same_names_and_only_what_is_not_usual() {
        let content = crate::content::load();
        let purpose = content.purpose("ci-cd").unwrap();
        let parameters = InstanceParameters::new(PlanId::Api).with_roles(purpose.role_names());
        let key = KeyParameters::new(KeyType::Certificate);
        let goal = Goal::Create(Create {
            instance: "cpi-api".into(),
            plan: PlanId::Api,
            broker: None,
            parameters: all_parameters(&parameters),
            key: WantedKey::new("key", &key),
            reuse: true,
        });
        let wishes = Wishes {
            parameters: Some((&parameters, Some(purpose))),
            key: Some(&key),
            output: Some("my key.json"),
            yes: true,
            ..Wishes::default()
        };
        let expected =
            "--instance cpi-api --key key --purpose ci-cd --type certificate --reuse --output 'my key.json' --yes";
        assert_eq!(command(&goal, &place(), &wishes), format!("cpikey create {PLACE} {expected}"));
    }

    #[test]
    fn login_and_way_are_those_of_the_command_that_began() {
        let hosts = ["api.cf.example.com".to_owned(), "login.cf.example.com".to_owned()];
        let way = Way {
            user: Some("dev@example.com"),
            password_stdin: true,
            origin: Some("my-idp"),
            allowed_hosts: &hosts,
            reach: Reach {
                ca_file: Some("my ca.pem".into()),
                proxy: Some("http://proxy:8080".into()),
                timeout: Some(90),
            },
            ..Way::default()
        };
        let goal = Goal::DeleteInstance { instance: "i".into() };
        let expected = "--user dev@example.com --origin my-idp --password-stdin --allow-host api.cf.example.com --allow-host \
                        login.cf.example.com --ca-file 'my ca.pem' --proxy http://proxy:8080 --timeout 90";
        let line = command(&goal, &place(), &Wishes { way, ..Wishes::default() });
        assert_eq!(line, format!("cpikey delete {PLACE} {expected} --instance i"));
    }

    #[test]
    fn a_rotation_names_the_new_key_only_if_it_is_not_the_next_one() {
        let rotate = |new: &str| {
            Goal::Rotate(Rotate {
                instance: "i".into(),
                old: "k".into(),
                new: WantedKey::new(new, &KeyParameters::default()),
                keep_old: false,
            })
        };
        let line =
            |goal| command(&goal, &place(), &Wishes { way: Way { cf: true, ..Way::default() }, ..Wishes::default() });
        assert_eq!(line(rotate("k-2")), format!("cpikey rotate {PLACE} --cf --instance i --key k"));
        assert_eq!(line(rotate("x")), format!("cpikey rotate {PLACE} --cf --instance i --key k --new-key x"));
        let delete = Goal::DeleteKey { instance: "i".into(), key: "k".into() };
        assert_eq!(line(delete), format!("cpikey delete {PLACE} --cf --instance i --key k"));
    }
}
