//! Embeds `assets/` and turns it into [`Content`].

use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    domain::{
        check::ProbeSpec,
        content::Content,
        finding::{FindingText, FindingTexts},
        handover::{export::ExportTarget, sheet::Sheet},
        sap::{
            guide::{Page, Step},
            link::Link,
            plan::{FlowRole, GrantType, Plan},
            purpose::Purpose,
            region::Region,
            role::{Area, Catalogue, KnownName, Role},
        },
    },
    words,
};

/// An asset of the program cannot be read. Only a faulty build can have one: `tests/content` loads them all.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("assets/{file}, line {line}: {message}. This is a fault of the program; please report it.")]
pub struct ContentError {
    /// Name of the file below `assets/`.
    pub file: &'static str,
    /// Line, from 1.
    pub line: usize,
    /// What the parser says.
    pub message: String,
}

/// An embedded file: its name below `assets/` and its text.
type Asset = (&'static str, &'static str);

macro_rules! asset {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $name)))
    };
}

pub mod docs;
pub mod situations;

const ROLES: Asset = asset!("roles.toml");
const NAMES: Asset = asset!("names.toml");
const PURPOSES: Asset = asset!("purposes.toml");
const PLANS: Asset = asset!("plans.toml");
const REGIONS: Asset = asset!("regions.toml");
const STEPS: Asset = asset!("steps.toml");
const LINKS: Asset = asset!("links.toml");
const PROBES: Asset = asset!("probes.toml");
const FINDINGS: Asset = asset!("findings.toml");
const SHEET: Asset = asset!("sheet.toml");
/// In the order of `cpikey guide`.
const PAGES: [Asset; 6] = [
    asset!("guide/subaccount.toml"),
    asset!("guide/create-instance.toml"),
    asset!("guide/create-key.toml"),
    asset!("guide/update-instance.toml"),
    asset!("guide/rotate-key.toml"),
    asset!("guide/delete.toml"),
];
/// In the order of `cpikey export --list`.
const EXPORTS: [Asset; 26] = [
    asset!("exports/service-key.toml"),
    asset!("exports/env.toml"),
    asset!("exports/cpi-transporter.toml"),
    asset!("exports/cpi-explorer.toml"),
    asset!("exports/flashpipe.toml"),
    asset!("exports/flashpipe-env.toml"),
    asset!("exports/piper.toml"),
    asset!("exports/piper-env.toml"),
    asset!("exports/cpilint.toml"),
    asset!("exports/sap-cicd-actions.toml"),
    asset!("exports/cpi-navigator.toml"),
    asset!("exports/steampipe.toml"),
    asset!("exports/cpictl.toml"),
    asset!("exports/destination.toml"),
    asset!("exports/destination-properties.toml"),
    asset!("exports/content-agent-destination.toml"),
    asset!("exports/terraform.toml"),
    asset!("exports/terraform-integration-suite.toml"),
    asset!("exports/mcp.toml"),
    asset!("exports/kubernetes.toml"),
    asset!("exports/compose.toml"),
    asset!("exports/postman.toml"),
    asset!("exports/rest-client.toml"),
    asset!("exports/rest-client-xsuaa.toml"),
    asset!("exports/jetbrains.toml"),
    asset!("exports/curl.toml"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roles {
    area: Vec<Area>,
    role: Vec<Role>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    name: Vec<KnownName>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Purposes {
    purpose: Vec<Purpose>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plans {
    plan: Vec<Plan>,
    grant_type: Vec<GrantType>,
    flow_role: Vec<FlowRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regions {
    region: Vec<Region>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Steps {
    step: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Links {
    link: Vec<Link>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Probes {
    probe: Vec<ProbeSpec>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Findings {
    finding: Vec<FindingText>,
}

/// Parses all assets. Call it once and hand the result down.
///
/// # Errors
///
/// Where an asset does not fit its type; that is a fault of the build.
pub fn load() -> Result<Content, ContentError> {
    let roles: Roles = parse(ROLES)?;
    let plans: Plans = parse(PLANS)?;
    Ok(Content {
        words: words::EN,
        catalogue: Catalogue { names: parse::<Names>(NAMES)?.name, areas: roles.area, roles: roles.role },
        purposes: parse::<Purposes>(PURPOSES)?.purpose,
        plans: plans.plan,
        grant_types: plans.grant_type,
        flow_roles: plans.flow_role,
        regions: parse::<Regions>(REGIONS)?.region,
        steps: parse::<Steps>(STEPS)?.step,
        pages: PAGES.into_iter().map(parse::<Page>).collect::<Result<_, _>>()?,
        links: parse::<Links>(LINKS)?.link,
        probes: parse::<Probes>(PROBES)?.probe,
        findings: FindingTexts(parse::<Findings>(FINDINGS)?.finding),
        sheet: parse::<Sheet>(SHEET)?,
        exports: EXPORTS.into_iter().map(parse::<ExportTarget>).collect::<Result<_, _>>()?,
    })
}

fn parse<T: DeserializeOwned>((file, text): Asset) -> Result<T, ContentError> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
        ContentError { file, line, message: error.message().to_owned() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faulty_asset_is_named_with_its_line() {
        let faulty = "[[link]]\nid = \"a\"\ntitle = \"A\"\nurl = \"https://a\"\nnotes = \"unknown field\"\n";
        let Err(error) = parse::<Links>(("links.toml", faulty)) else { panic!("an unknown field was accepted") };
        assert_eq!((error.file, error.line), ("links.toml", 5));
        assert!(error.to_string().starts_with("assets/links.toml, line 5: unknown field `notes`"), "{error}");
    }
}
