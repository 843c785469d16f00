//! Plans, grant types, regions and the steps of the wizard.

use cpikey::domain::sap::{
    guide::StepId,
    plan::PlanId,
    region::{Offered, Region},
};

use super::{assert_unique, loaded};

#[test]
fn both_plans_and_the_six_grant_types_are_described() {
    let content = loaded();
    assert_eq!(content.plans.iter().map(|plan| plan.id).collect::<Vec<_>>(), PlanId::ALL);
    assert_eq!(content.plans.iter().map(|plan| plan.token_validity).collect::<Vec<_>>(), [43_200, 3_600]);
    let grant_types: Vec<&str> = content.grant_types.iter().map(|grant| grant.id.as_str()).collect();
    assert_eq!(
        grant_types,
        [
            "client_credentials",
            "authorization_code",
            "password",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:saml2-bearer",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
        ]
    );
}

#[test]
fn the_regions_are_those_of_sap() {
    let regions = loaded().regions;
    assert_unique("region", regions.iter().map(|region| region.id.as_str()));
    assert_eq!(regions.len(), 41);
    let of = |wanted: fn(&Region) -> bool| -> Vec<String> {
        regions.iter().filter(|region| wanted(region)).map(|region| region.id.clone()).collect()
    };
    assert_eq!(of(|region| region.offered == Offered::No), ["br30", "jp30"]);
    // The public catalog does not cover China.
    assert_eq!(of(|region| region.offered == Offered::Unknown), ["cn20", "cn40"]);
    assert_eq!(of(|region| region.trial), ["ap21", "eu10", "us10"]);
    for region in regions.iter() {
        assert!(!region.endpoints.is_empty());
        for endpoint in &region.endpoints {
            assert!(endpoint.starts_with(&format!("api.cf.{}", region.id)), "{endpoint}");
        }
    }
}

#[test]
fn the_remark_beside_a_purpose_fits_its_row() {
    for purpose in loaded().purposes.iter() {
        assert!(purpose.short.chars().count() <= 30, "{} is too long for a row", purpose.short);
        assert!(purpose.title.chars().count() <= 24, "{} is too long for a row", purpose.title);
    }
}

#[test]
fn the_nine_steps_are_in_order_and_fit_the_rail() {
    let steps = loaded().steps;
    assert_eq!(steps.iter().map(|step| step.id).collect::<Vec<_>>(), StepId::ALL);
    for step in steps.iter() {
        assert!((1..=11).contains(&step.rail.chars().count()), "{}", step.rail);
        assert!(step.intro.ends_with('.') && step.help.ends_with('.'), "{}", step.title);
    }
}
