//! The choices for an instance and its key, from which commands and the request sheet are generated.

use crate::{
    domain::{
        sap::{
            key_parameters::KeyParameters,
            name::{NAME_LIMIT, NameProblem, check_name},
            parameters::InstanceParameters,
            plan::PlanId,
        },
        text::safe_text::is_invisible,
    },
    words::Words,
};

/// The choices of steps 1 to 6, without any secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Plan, roles, grant types, redirect URIs, token validity.
    pub parameters: InstanceParameters,
    /// Parameters of the key.
    pub key_parameters: KeyParameters,
    /// Name of the service instance.
    pub instance: String,
    /// Name of the service key; the current one if it will be replaced.
    pub key: String,
    /// URLs of the Cloud Foundry API, `https://api.cf.eu10-003.hana.ondemand.com`: none if the region is not known,
    /// several if it has several landscapes (see `Content::endpoints`).
    pub endpoints: Vec<String>,
    /// Cloud Foundry org, may be empty.
    pub org: String,
    /// Cloud Foundry space, may be empty.
    pub space: String,
}

/// A choice that commands cannot express.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceProblem {
    /// The name of the instance.
    Instance(NameProblem),
    /// The name of the key.
    Key(NameProblem),
    /// The name of the org contains a line break or similar.
    Org,
    /// The name of the space contains a line break or similar.
    Space,
}

impl ChoiceProblem {
    /// The problem in a sentence or two.
    pub fn shown(self, words: Words) -> String {
        let labels = words.commands();
        match self {
            ChoiceProblem::Instance(problem) => labels.instance_name(problem.shown(words)),
            ChoiceProblem::Key(problem) => labels.key_name(problem.shown(words)),
            ChoiceProblem::Org => labels.org_name().to_owned(),
            ChoiceProblem::Space => labels.space_name().to_owned(),
        }
    }
}

impl Choices {
    /// Choices with parameters and names only.
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

    /// Checks names, org and space; the parameters are checked separately.
    ///
    /// # Errors
    ///
    /// The first name that cannot be used.
    pub fn check(&self) -> Result<(), ChoiceProblem> {
        check_name(&self.instance).map_err(ChoiceProblem::Instance)?;
        check_name(&self.key).map_err(ChoiceProblem::Key)?;
        let hidden = |name: &str| name.contains(is_invisible);
        match (hidden(&self.org), hidden(&self.space)) {
            (true, _) => Err(ChoiceProblem::Org),
            (false, true) => Err(ChoiceProblem::Space),
            (false, false) => Ok(()),
        }
    }

    /// The name for the key that replaces the current one: `key-2` after `key`, `key-3` after `key-2`.
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
    fn names_that_no_command_can_contain_are_reported() {
        assert_eq!(choices("cpi-key").check(), Ok(()));
        let space = NameProblem::BadCharacter { character: ' ', position: 3 };
        assert_eq!(choices("my key").check(), Err(ChoiceProblem::Key(space)));
        for space in ["dev\nrm", "dev\u{feff}", "d\u{202e}ev", "de\u{200b}v"] {
            let hidden = Choices { space: space.to_owned(), ..choices("key") };
            assert_eq!(hidden.check(), Err(ChoiceProblem::Space), "{space:?}");
        }
    }
}
