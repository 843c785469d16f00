//! The choices so far, without any secret.

use std::collections::BTreeSet;

use crate::domain::{
    content::Content,
    sap::{key_parameters::KeyParameters, parameters::InstanceParameters, plan::PlanId, purpose::Purpose},
};

/// The choices of steps 1 to 6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Id of the chosen purpose, if any.
    pub purpose: Option<String>,
    /// Plan, roles, grant types, redirect URIs, token validity.
    pub parameters: InstanceParameters,
    /// Name of the service instance.
    pub instance: String,
    /// Region id, may be empty.
    pub region: String,
    /// Cloud Foundry org, may be empty.
    pub org: String,
    /// Cloud Foundry space, may be empty.
    pub space: String,
    /// Name of the service key.
    pub key_name: String,
    /// Parameters of the key.
    pub key_parameters: KeyParameters,
    /// Ticked instructions of the guide, as `page/instruction`.
    pub ticks: BTreeSet<String>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            purpose: None,
            parameters: InstanceParameters::new(PlanId::Api),
            instance: String::new(),
            region: String::new(),
            org: String::new(),
            space: String::new(),
            key_name: String::new(),
            key_parameters: KeyParameters::default(),
            ticks: BTreeSet::new(),
        }
    }
}

impl Draft {
    /// The chosen purpose.
    pub fn purpose<'a>(&self, content: &'a Content) -> Option<&'a Purpose> {
        content.purpose(self.purpose.as_deref()?)
    }

    /// Applies the preset of a purpose: plan and roles always, names only if they are still those of the previous
    /// purpose.
    pub fn choose_purpose(&mut self, purpose: &Purpose, content: &Content) {
        let before = self.purpose(content);
        let untouched = |name: &str, default: Option<&String>| name.is_empty() || default.is_some_and(|d| d == name);
        if untouched(&self.instance, before.map(|p| &p.instance_name)) {
            self.instance.clone_from(&purpose.instance_name);
        }
        if untouched(&self.key_name, before.map(|p| &p.key_name)) {
            self.key_name.clone_from(&purpose.key_name);
        }
        self.parameters = InstanceParameters::new(purpose.plan);
        self.parameters.roles = purpose.role_names();
        self.purpose = Some(purpose.id.clone());
    }

    /// Switches to a plan, with the roles that belong to it: the purpose's, or the plan's own default.
    pub fn choose_plan(&mut self, plan: PlanId, content: &Content) {
        if self.parameters.plan == plan {
            return;
        }
        let purpose = self.purpose(content).filter(|purpose| purpose.plan == plan);
        self.parameters.plan = plan;
        self.parameters.token_validity = None;
        self.parameters.roles = match purpose {
            Some(purpose) => purpose.role_names(),
            None => content.plan(plan).default_roles.clone(),
        };
    }

    /// Whether the roles are exactly those of the purpose, in any order.
    pub fn is_recommended(&self, content: &Content) -> bool {
        self.purpose(content).is_some_and(|purpose| {
            purpose.roles.len() == self.parameters.roles.len()
                && purpose.roles.iter().all(|entry| self.parameters.roles.contains(&entry.role))
        })
    }
}
