//! The API address, from the arguments or from a question.

use super::super::{ask, output::Output};
use crate::domain::{
    content::Content, finding::Finding, key::address::Address, problem::Problem, text::safe_text::SafeText,
};

/// The endpoints that `--api` can mean; none if it is not given.
///
/// # Errors
///
/// If it is neither a region nor an address.
pub fn given(api: Option<&str>, content: &Content) -> Result<Vec<Address>, Problem> {
    let Some(api) = api else { return Ok(Vec::new()) };
    // A name with a dot is an address. It is used unchanged, so that no other host is contacted.
    if api.contains('.') || api.contains(':') {
        let address = Address::parse_cloud_foundry(api).map_err(|finding| refused(&finding, content))?;
        return Ok(vec![root(&address)]);
    }
    let endpoints = content.endpoints(api);
    if endpoints.is_empty() {
        let facts: [(&str, &dyn std::fmt::Display); 1] = [("region", &SafeText::capped(api, 60))];
        return Err(content.words.choices().unknown_region().fill(&facts).unusable());
    }
    endpoints
        .iter()
        .map(|endpoint| Address::parse_cloud_foundry(endpoint).map_err(|finding| refused(&finding, content)))
        .collect()
}

/// The address without its path.
fn root(address: &Address) -> Address {
    let mut url = address.url().clone();
    url.set_path("");
    Address::trusted(url)
}

/// The usage error for an unusable address.
pub fn refused(finding: &Finding, content: &Content) -> Problem {
    let explained = content.findings.explain(finding, content.words);
    Problem::unusable(explained.title, explained.cause, explained.fix.unwrap_or_default())
}

/// Whether `api` is one of the endpoints that were given, or none was.
pub fn fits(given: &[Address], api: &str) -> bool {
    given.is_empty()
        || Address::parse_cloud_foundry(api).is_ok_and(|api| given.iter().any(|given| given.origin() == api.origin()))
}

/// The endpoint: the given one, `usual`, or the one the user enters.
///
/// # Errors
///
/// If it is not known and there is no terminal to ask at.
pub fn choose(
    region: Option<&str>,
    given: Vec<Address>,
    usual: Option<&str>,
    content: &Content,
    output: &mut Output<'_>,
) -> Result<Address, Problem> {
    let words = content.words.cf_command();
    if let Some(usual) = usual {
        let address = Address::parse_cloud_foundry(usual).map_err(|finding| refused(&finding, content))?;
        return Ok(root(&address));
    }
    match <[Address; 1]>::try_from(given) {
        Ok([only]) => Ok(only),
        Err(several) if several.is_empty() => {
            if !ask::can_ask() {
                return Err(words.no_api().fill(&[]).unusable());
            }
            let typed = ask::line(words.ask_api(), output)?;
            let given = self::given(Some(&typed), content)?;
            choose(Some(&typed), given, None, content, output)
        }
        Err(several) => {
            let hosts: Vec<&str> = several.iter().map(Address::host).collect();
            if !ask::can_ask() {
                let facts: [(&str, &dyn std::fmt::Display); 2] =
                    [("region", &SafeText::line(region.unwrap_or_default())), ("endpoints", &hosts.join(", "))];
                return Err(words.several_apis().fill(&facts).unusable());
            }
            let choices: Vec<String> =
                hosts.iter().enumerate().map(|(index, host)| words.choice(index + 1, host)).collect();
            let index = ask::one_of(words.choose_api(), &choices, output)?;
            Ok(several[index].clone())
        }
    }
}
