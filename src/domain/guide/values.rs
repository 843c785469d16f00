//! The values of the variables in the guide, the next steps and the request sheet.

use crate::domain::{
    content::Content,
    handover::choices::Choices,
    key::service_key::Found,
    sap::{
        guide::Variable,
        parameters::{Extent, JsonStyle},
        plan::{SERVICE, SERVICE_TITLE},
        purpose::Purpose,
        region::Region,
    },
    text::{
        markup::{self, Span},
        safe_text::SafeText,
    },
};

/// The id of the link to the cockpit.
const COCKPIT: &str = "cockpit";

/// The data for variables.
#[derive(Clone, Debug)]
pub struct Values<'a> {
    /// Links and regions, and the texts for unknown values.
    pub content: &'a Content,
    /// The choices.
    pub choices: Choices,
    /// The purpose, if chosen.
    pub purpose: Option<&'a Purpose>,
    /// The key, if there is one.
    pub key: Option<&'a Found>,
}

impl Values<'_> {
    /// The value of a variable, or a text that describes it if it is unknown.
    pub fn get(&self, variable: Variable) -> String {
        let (choices, words) = (&self.choices, self.content.words.guide());
        let key = self.key.and_then(|found| found.key.as_ref());
        let name = |name: &str, unknown: &str| if name.is_empty() { unknown } else { name }.to_owned();
        match variable {
            Variable::Service => SERVICE_TITLE.to_owned(),
            Variable::ServiceId => SERVICE.to_owned(),
            Variable::Plan => choices.plan().as_str().to_owned(),
            Variable::Instance => name(&choices.instance, words.your_instance()),
            Variable::Key => name(&choices.key, words.your_key()),
            Variable::Parameters => choices.parameters.to_json(JsonStyle::Compact, Extent::Full),
            Variable::KeyType => choices.key_parameters.key_type.title().to_owned(),
            Variable::KeyParameters => choices.key_parameters.to_json(JsonStyle::Compact),
            Variable::Roles => choices.parameters.roles.join(", "),
            Variable::RoleCount => choices.parameters.roles.len().to_string(),
            Variable::Purpose => self.purpose.map_or(words.your_client(), |purpose| &purpose.title).to_owned(),
            Variable::Cockpit => match self.region() {
                Some(region) => region.cockpit.clone(),
                None => self.content.link(COCKPIT).map(|link| link.url.clone()).unwrap_or_default(),
            },
            Variable::Region => name(self.region_id().unwrap_or_default(), words.your_region()),
            Variable::Space => name(SafeText::line(&choices.space).as_str(), words.your_space()),
            Variable::Url => key.map_or(words.url_of_key(), |key| key.url.as_str()).to_owned(),
            Variable::Host => key.map_or(words.host_of_key(), |key| key.url.host()).to_owned(),
            Variable::TokenUrl => key.map_or(words.token_url_of_key(), |key| key.token_url.as_str()).to_owned(),
            Variable::TokenHost => key.map_or(words.token_host_of_key(), |key| key.token_url.host()).to_owned(),
            Variable::ClientId => {
                let id = self.key.and_then(|found| found.summary.client_id.as_ref());
                id.map_or(words.client_id_of_key(), SafeText::as_str).to_owned()
            }
        }
    }

    /// A text of the guide with the values filled in.
    pub fn spans(&self, text: &str) -> Vec<Span> {
        markup::parse(text, &|variable| self.get(variable))
    }

    /// `eu10` of the first endpoint.
    fn region_id(&self) -> Option<&str> {
        let host = self.choices.endpoints.first()?.strip_prefix("https://")?;
        host.split('.').nth(2)?.split('-').next()
    }

    fn region(&self) -> Option<&Region> {
        self.content.region(self.region_id()?)
    }
}
