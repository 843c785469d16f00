//! Queries and pages of lists.

use serde_json::{Value, json};

use super::answer::{Answer, Response, bad_query};

/// Parameters of every list.
const COMMON: [&str; 6] = ["page", "per_page", "order_by", "created_ats", "updated_ats", "guids"];
/// The default page size.
const PAGE: usize = 50;

/// A list: its path and its query parameters.
pub(super) struct Collection {
    /// `/v3/organizations`
    pub(super) path: &'static str,
    /// What one of them is called: `Organization`.
    pub(super) one: &'static str,
    /// Parameters with comma-separated values, each with the JSON pointer to the value in an entry that must match.
    pub(super) filters: &'static [(&'static str, &'static str)],
    /// Parameters that are not filters.
    pub(super) others: &'static [&'static str],
}

/// An entry of a list.
pub(super) struct Entry {
    /// Its JSON as returned by the API.
    pub(super) shown: Value,
    /// Additional values to filter by.
    pub(super) facts: Value,
}

impl From<Value> for Entry {
    fn from(shown: Value) -> Self {
        Self { shown, facts: Value::Null }
    }
}

/// The parameters of a request, decoded once, in order.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Parses what follows the question mark.
    pub(super) fn read(text: &str) -> Self {
        Self(url::form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// One parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The values of a parameter: split at commas and then decoded once more, so that a comma within a value must be
    /// encoded twice. A plus is literal by now.
    pub(super) fn values(&self, name: &str) -> Option<Vec<String>> {
        let decoded = |value: &str| {
            let pair = format!("value={}", value.trim_start().replace('&', "%26").replace('+', "%2B"));
            url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        Some(self.get(name)?.split(',').map(decoded).collect())
    }

    /// The `fields[...]` parameters: the requested fields of related resources.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, Vec<String>)> {
        self.0.iter().filter_map(|(key, _)| {
            Some((key.strip_prefix("fields[")?.strip_suffix(']')?, self.values(key).unwrap_or_default()))
        })
    }

    /// Refuses parameters that are not in `known`.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Response> {
        let name = |key: &str| key.split('[').next().unwrap_or_default().to_owned();
        let unknown: Vec<String> =
            self.0.iter().map(|(key, _)| name(key)).filter(|key| !known.contains(&&**key)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let listed = |names: &[&str]| names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
        let (unknown, known) = (listed(&unknown), listed(known));
        Err(bad_query(format!("Unknown query parameter(s): {unknown}. Valid parameters are: {known}")))
    }

    /// A number within bounds.
    fn number(&self, name: &str, label: &str, most: usize, default: usize) -> Result<usize, Response> {
        let Some(value) = self.get(name) else { return Ok(default) };
        let number = value.parse().ok().filter(|number| (1..=most).contains(number));
        number.ok_or_else(|| {
            let bounds = if most == usize::MAX {
                "must be a positive integer".to_owned()
            } else {
                format!("must be between 1 and {most}")
            };
            bad_query(format!("{label} {bounds}"))
        })
    }

    /// The same query for another page.
    fn of_page(&self, page: usize, per_page: usize) -> String {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        let kept = self.0.iter().filter(|(key, _)| key != "page" && key != "per_page");
        text.extend_pairs(kept).append_pair("page", &page.to_string()).append_pair("per_page", &per_page.to_string());
        text.finish()
    }
}

/// Whether the value at `place` is one of the values.
fn matches(entry: &Entry, place: &str, values: &[String]) -> bool {
    let is_one = |found: &Value| found.as_str().is_some_and(|found| values.iter().any(|value| value == found));
    match entry.facts.pointer(place).or_else(|| entry.shown.pointer(place)) {
        Some(Value::Array(all)) => all.iter().any(is_one),
        Some(found) => is_one(found),
        None => false,
    }
}

/// Whether an entry's labels match the selector: `a=b`, `a==b`, `a!=b`, `a`, `!a`.
fn selected(entry: &Entry, selector: &str) -> bool {
    let label = |name: &str| entry.shown["metadata"]["labels"].get(name).and_then(Value::as_str);
    selector.split(',').map(str::trim).all(|part| {
        if let Some((name, value)) = part.split_once("!=") {
            label(name) != Some(value)
        } else if let Some((name, value)) = part.split_once('=') {
            label(name) == Some(value.trim_start_matches('='))
        } else if let Some(name) = part.strip_prefix('!') {
            label(name).is_none()
        } else {
            label(part).is_some()
        }
    })
}

/// A page of a list. `included` returns the included resources for its entries.
pub(super) fn list(
    collection: &Collection,
    base: &str,
    query: &Query,
    mut entries: Vec<Entry>,
    included: impl FnOnce(&[Entry]) -> Option<Value>,
) -> Answer {
    let filters = collection.filters.iter().map(|(name, _)| *name);
    let known: Vec<&str> =
        COMMON.into_iter().chain(["label_selector"]).chain(filters).chain(collection.others.iter().copied()).collect();
    query.only(&known)?;
    let per_page = query.number("per_page", "Per page", 5_000, PAGE)?;
    let page = query.number("page", "Page", usize::MAX, 1)?;
    for (name, place) in collection.filters.iter().chain(&[("guids", "/guid")]) {
        if let Some(values) = query.values(name) {
            entries.retain(|entry| matches(entry, place, &values));
        }
    }
    if let Some(selector) = query.get("label_selector") {
        entries.retain(|entry| selected(entry, selector));
    }
    if let Some(order) = query.get("order_by") {
        let key = order.trim_start_matches(['-', '+']);
        if !["created_at", "updated_at", "name"].contains(&key) {
            return Err(bad_query("Order by can only be: 'created_at', 'updated_at', 'name'"));
        }
        entries.sort_by_key(|entry| entry.shown[key].as_str().unwrap_or_default().to_owned());
        if order.starts_with('-') {
            entries.reverse();
        }
    }
    let total = entries.len();
    let pages = total.div_ceil(per_page).max(1);
    let shown: Vec<Entry> = entries.into_iter().skip((page - 1).saturating_mul(per_page)).take(per_page).collect();
    let link = |page: usize| json!({"href": format!("{base}{}?{}", collection.path, query.of_page(page, per_page))});
    let mut body = json!({"pagination": {
        "total_results": total,
        "total_pages": pages,
        "first": link(1),
        "last": link(pages),
        "next": if page < pages { link(page + 1) } else { Value::Null },
        "previous": if page > 1 { link(page - 1) } else { Value::Null },
    }});
    let included = included(&shown);
    body["resources"] = shown.into_iter().map(|entry| entry.shown).collect();
    if let Some(included) = included {
        body["included"] = included;
    }
    Ok(Response::json(200, &body))
}
