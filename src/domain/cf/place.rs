//! Organizations and spaces: where instances are.

use serde::Deserialize;

use super::call::{Call, Response, one_value};
use crate::domain::{
    finding::{Finding, FindingCode},
    text::safe_text::SafeText,
};

/// Entries of one page; the API allows up to 5000.
const PER_PAGE: &str = "200";

/// An organization visible to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// Whether SAP has suspended it, for example a trial after 30 days without a login.
    pub is_suspended: bool,
}

/// A space of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// Its id.
    pub guid: String,
    /// Its name.
    pub name: String,
}

/// A space with its organization and the API URL: the full location of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The address of the API, such as `https://api.cf.eu10-004.hana.ondemand.com`.
    pub api: String,
    /// The organization.
    pub org: Organization,
    /// The space.
    pub space: Space,
}

impl Place {
    /// `org / space`
    pub fn shown(&self) -> SafeText {
        SafeText::line(&format!("{} / {}", self.org.name, self.space.name))
    }
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice<T> {
    /// The only one possible, or the named one.
    One(T),
    /// The user has to choose.
    Several(Vec<T>),
}

/// The organization with that name among those visible to the user, or the only one.
///
/// # Errors
///
/// `cf-no-org`, `cf-org-not-here` with the visible ones, or `cf-org-suspended`.
pub fn choose_organization(all: Vec<Organization>, name: Option<&str>) -> Result<Choice<Organization>, Finding> {
    if all.is_empty() {
        return Err(finding(FindingCode::CfNoOrg, name.unwrap_or_default()));
    }
    let chosen = match name {
        // The API is case-insensitive.
        Some(name) => all.iter().find(|org| org.name.eq_ignore_ascii_case(name)).cloned(),
        None if all.len() == 1 => all.first().cloned(),
        None => return Ok(Choice::Several(all)),
    };
    match chosen {
        Some(org) if org.is_suspended => Err(finding(FindingCode::CfOrgSuspended, &org.name)),
        Some(org) => Ok(Choice::One(org)),
        None => {
            let here: Vec<&str> = all.iter().map(|org| org.name.as_str()).collect();
            Err(finding(FindingCode::CfOrgNotHere, name.unwrap_or_default()).seen(SafeText::line(&here.join(", "))))
        }
    }
}

/// The space with that name among those visible to the user, or the only one.
///
/// # Errors
/// `cf-no-space` with the existing ones.
pub fn choose_space(all: Vec<Space>, name: Option<&str>) -> Result<Choice<Space>, Finding> {
    let chosen = match name {
        Some(name) => all.iter().find(|space| space.name.eq_ignore_ascii_case(name)).cloned(),
        None if all.len() == 1 => all.first().cloned(),
        None if !all.is_empty() => return Ok(Choice::Several(all)),
        None => None,
    };
    chosen.map(Choice::One).ok_or_else(|| {
        let missing = finding(FindingCode::CfNoSpace, name.unwrap_or_default());
        let here: Vec<&str> = all.iter().map(|space| space.name.as_str()).collect();
        if here.is_empty() { missing } else { missing.seen(SafeText::line(&here.join(", "))) }
    })
}

/// A finding about a resource with that name, or without a subject.
fn finding(code: FindingCode, name: &str) -> Finding {
    let finding = Finding::cf(code);
    if name.is_empty() { finding } else { finding.about(SafeText::line(name)) }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The entries.
    pub entries: Vec<T>,
    /// The request for the next page.
    pub next: Option<Call>,
}

/// Requests the organizations with that name, or all.
pub fn organizations(name: Option<&str>) -> Call {
    match name {
        Some(name) => Call::list("/v3/organizations", &[("names", &one_value(name)), ("per_page", PER_PAGE)]),
        None => Call::list("/v3/organizations", &[("order_by", "name"), ("per_page", PER_PAGE)]),
    }
}

/// Requests the spaces of an organization, with that name or all.
pub fn spaces(org: &str, name: Option<&str>) -> Call {
    let mut query = vec![("organization_guids", org), ("per_page", PER_PAGE)];
    let name = name.map(one_value);
    match &name {
        Some(name) => query.push(("names", name)),
        None => query.push(("order_by", "name")),
    }
    Call::list("/v3/spaces", &query)
}

/// Reads a page of organizations.
pub fn read_organizations(response: &Response) -> Option<Page<Organization>> {
    #[derive(Deserialize)]
    struct Entry {
        guid: String,
        name: String,
        #[serde(default)]
        suspended: bool,
    }
    let page: List<Entry> = response.json()?;
    Some(page.map(|entry| Organization { guid: entry.guid, name: entry.name, is_suspended: entry.suspended }))
}

/// Reads a page of spaces.
pub fn read_spaces(response: &Response) -> Option<Page<Space>> {
    #[derive(Deserialize)]
    struct Entry {
        guid: String,
        name: String,
    }
    let page: List<Entry> = response.json()?;
    Some(page.map(|entry| Space { guid: entry.guid, name: entry.name }))
}

/// The API's list format.
#[derive(Deserialize)]
pub(super) struct List<T> {
    #[serde(default)]
    pagination: Pagination,
    pub(super) resources: Vec<T>,
}

#[derive(Default, Deserialize)]
struct Pagination {
    next: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    href: String,
}

impl<T> List<T> {
    pub(super) fn map<U>(self, entry: impl FnMut(T) -> U) -> Page<U> {
        Page {
            next: self.pagination.next.map(|next| Call::get(next.href)),
            entries: self.resources.into_iter().map(entry).collect(),
        }
    }
}
