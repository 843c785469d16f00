//! Suggestions for the region field.

use crate::domain::{
    content::Content,
    sap::region::{Offered, Region},
};

/// A region or a landscape of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// `eu10` or `eu10-003`.
    pub id: String,
    /// The region.
    pub region: &'a Region,
}

/// The regions and landscapes whose id or region name starts with `typed`; those that offer the service first.
/// Landscapes are included once their region is typed.
pub fn completions<'a>(typed: &str, content: &'a Content) -> Vec<Place<'a>> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return Vec::new();
    }
    let is_meant = |region: &&Region| {
        let is_name = typed.len() >= 3 && region.name.to_lowercase().contains(&typed);
        region.id.starts_with(&typed) || typed.starts_with(&region.id) || is_name
    };
    let mut regions: Vec<&Region> = content.regions.iter().filter(is_meant).collect();
    regions.sort_by_key(|region| region.offered == Offered::No);
    let mut places = Vec::new();
    for region in regions {
        if !region.id.starts_with(&typed) && typed.starts_with(&region.id) || region.id == typed {
            let ids = region.endpoints.iter().filter_map(|endpoint| landscape(endpoint));
            places.extend(
                ids.filter(|id| id.starts_with(&typed) && *id != typed).map(|id| Place { id: id.to_owned(), region }),
            );
        } else {
            places.push(Place { id: region.id.clone(), region });
        }
    }
    places
}

/// `eu10-003` of `api.cf.eu10-003.hana.ondemand.com`.
fn landscape(endpoint: &str) -> Option<&str> {
    endpoint.strip_prefix("api.cf.")?.split('.').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(typed: &str) -> Vec<String> {
        completions(typed, &crate::content::load()).into_iter().map(|place| place.id).collect()
    }

    #[test]
    fn letters_lead_to_regions_and_a_region_to_its_landscapes() {
        let europe = ids("eu");
        assert!(europe.contains(&"eu10".to_owned()) && europe.iter().all(|id| id.starts_with("eu")), "{europe:?}");
        assert!(ids("eu10").contains(&"eu10-003".to_owned()));
        assert_eq!(ids("EU10-003"), [""; 0]);
        assert!(ids("frankfurt").contains(&"eu10".to_owned()));
        assert!(ids("").is_empty() && ids("zz").is_empty());
    }
}
