//! What has been chosen for one instance and its key: all that commands and a request sheet are made of.

use crate::domain::sap::{
    key_parameters::KeyParameters,
    name::{NAME_LIMIT, check_name},
    parameters::InstanceParameters,
    plan::PlanId,
};

/// The choices of steps 1 to 6, without any secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Plan, roles, grant types, redirect URIs, token validity.
    pub parameters: InstanceParameters,
    /// What kind of key.
    pub key_parameters: KeyParameters,
    /// Name of the service instance.
    pub instance: String,
    /// Name of the service key; the present one where it is to be replaced.
    pub key: String,
    /// Addresses of the Cloud Foundry API with scheme, `https://api.cf.eu10-003.hana.ondemand.com`: none where nothing is
    /// known, several where the region has several landscapes (see [`super::content::Content::endpoints`]).
    pub endpoints: Vec<String>,
    /// Cloud Foundry org, may be empty.
    pub org: String,
    /// Cloud Foundry space, may be empty.
    pub space: String,
}

/// A choice that no command can carry, a whole sentence through `Display`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceProblem {
    /// The name of the instance or of the key.
    #[error("The name of the {what} cannot be used. {problem}")]
    Name {
        /// `service instance` or `service key`.
        what: &'static str,
        /// Why.
        problem: crate::domain::sap::name::NameProblem,
    },
    /// A line break or the like in org or space.
    #[error("The name of the {what} holds a character that cannot be seen; Cloud Foundry has no such names.")]
    Hidden {
        /// `org` or `space`.
        what: &'static str,
    },
}

impl Choices {
    /// Choices of which nothing but parameters and names is known.
    pub fn new(parameters: InstanceParameters, instance: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            parameters,
            key_parameters: KeyParameters::default(),
            instance: instance.into(),
            key: key.into(),
            endpoints: Vec::new(),
            org: String::new(),
            space: String::new(),
        }
    }

    /// The plan.
    pub fn plan(&self) -> PlanId {
        self.parameters.plan
    }

    /// Looks at names, org and space; the parameters have checks of their own.
    ///
    /// # Errors
    ///
    /// The first thing that cannot be used.
    pub fn check(&self) -> Result<(), ChoiceProblem> {
        for (what, name) in [("service instance", &self.instance), ("service key", &self.key)] {
            check_name(name).map_err(|problem| ChoiceProblem::Name { what, problem })?;
        }
        match [("org", &self.org), ("space", &self.space)].into_iter().find(|(_, name)| name.contains(char::is_control))
        {
            Some((what, _)) => Err(ChoiceProblem::Hidden { what }),
            None => Ok(()),
        }
    }

    /// The name for the key that takes the place of the present one: `key-2` after `key`, `key-3` after `key-2`.
    pub fn next_key(&self) -> String {
        let numbered = self.key.rsplit_once('-').and_then(|(stem, number)| Some((stem, number.parse::<u16>().ok()?)));
        let (stem, number) = numbered.map_or((self.key.as_str(), 2), |(stem, number)| (stem, u32::from(number) + 1));
        let number = format!("-{number}");
        let stem: String = stem.chars().take(NAME_LIMIT - number.len()).collect();
        stem + &number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(key: &str) -> Choices {
        Choices::new(InstanceParameters::new(PlanId::Api), "cpi-api", key)
    }

    #[test]
    fn the_next_key_has_a_name_of_its_own_that_is_not_too_long() {
        for (key, next) in [
            ("cpi-key", "cpi-key-2"),
            ("cpi-key-2", "cpi-key-3"),
            ("cpi-key-9", "cpi-key-10"),
            ("key", "key-2"),
            ("build-agent", "build-agent-2"),
            ("cpi-99999", "cpi-99999-2"),
            (&"k".repeat(32), &format!("{}-2", "k".repeat(30))),
        ] {
            let next_key = choices(key).next_key();
            assert_eq!(next_key, next);
            assert_eq!(check_name(&next_key), Ok(()));
        }
    }

    #[test]
    fn what_no_command_can_carry_is_named() {
        assert_eq!(choices("cpi-key").check(), Ok(()));
        assert!(choices("my key").check().unwrap_err().to_string().contains("service key cannot be used. Character 3"));
        let hidden = Choices { space: "dev\nrm".to_owned(), ..choices("key") };
        assert_eq!(hidden.check(), Err(ChoiceProblem::Hidden { what: "space" }));
    }
}
