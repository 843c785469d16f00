//! The files in `docs/` that are generated from the assets. `tests/content` fails if they differ from what is generated
//! here.

use std::fmt::Write as _;

use crate::situations::Situation;
use cpikey::domain::{
    content::Content,
    finding::{Finding, FindingCode, FindingText, FindingTexts},
    handover::export::{ExportTarget, FileSpec},
    platform::Platform,
    sap::{parameters::ProblemCode, role::Catalogue},
};
use cpikey::words::Words;

const FINDINGS_HEAD: &str = "\
# Findings

Every `code` that `cpikey inspect --json` and `cpikey test --json` can return, in order from the key to the API; those of
the Cloud Foundry commands have [their own section](#cloud-foundry). Codes are added, never changed. An *error* leads to
the verdict next to it, a *warning* needs attention, a *note* is informational. The texts are shown with the actual host,
field or role filled in.

This file is generated from `assets/words/en/findings.toml` and `tests/situations/situations.toml`: `UPDATE_DOCS=1 cargo test --test content`.

| code | severity | verdict | what happened | why it usually happens | what to do |
|---|---|---|---|---|---|
";

const SITUATIONS_HEAD: &str = "
## Situations and verdicts

The outcome of each situation, the same with `cpikey test` and in the wizard. The code is that of the first finding, if
there is one. `tests/situations` reproduces each situation.

| situation | code | verdict | exit status |
|---|---|---|---|
";

const CLOUD_FOUNDRY_HEAD: &str = "
## Cloud Foundry

Findings with the stage `cf`: login, org and space, instance and key in Cloud Foundry. The exit status applies if an
*error* stops the command; if something already exists from which the same command continues, it is 6 instead. An address
that cannot be reached or trusted is one of the findings above, with its status. The message of the service broker or the
API is in parentheses.

| code | severity | exit status | what happened | why it usually happens | what to do |
|---|---|---|---|---|---|
";

const ROLES_HEAD: &str = "\
# Roles of the plan api

What each role allows, in the order of the checklist. *Sensitive* roles give access to payloads, keys or credentials, change
content or data, bypass a protection, or are personas with broad permissions. Roles that are *not everywhere* are refused
by the brokers of some landscapes. Scopes are what the token is expected to contain after its prefix; SAP documents them
for tasks rather than for roles, so they are evidence, not proof.

This file is generated from `assets/facts/roles.toml` and its words: `UPDATE_DOCS=1 cargo test --test content`.
";

const EXPORTS_HEAD: &str = "\
# Export targets

What `cpikey export TARGET` writes: the fields, files and URL formats that each tool expects. Ids are part of the contract.
Without `--with-secret`, a placeholder replaces the secret. Each value is read back from each file exactly as it is in the
key, whatever characters the secret contains; `tests/exports` proves that with the actual parsers.

This file is generated from `assets/facts/exports/` and its words: `UPDATE_DOCS=1 cargo test --test content`.

| id | target | files | format | how to use it |
|---|---|---|---|---|
";

const PROBLEMS_HEAD: &str = "# Problems with parameters

What `params`, `params --check` and `key-params` report, and the `code` in `params --check --json`. An *error* means that
the broker would refuse the parameters; a *warning* does not change the exit status. Words in braces are filled in.

This file is generated from `assets/words/en/labels/problems.toml`: `UPDATE_DOCS=1 cargo test --test content`.

| code | severity | what | why | fix |
|---|---|---|---|---|
";

/// Every generated file: its path below the repository and its text.
pub fn files(content: &Content, situations: &[Situation]) -> [(&'static str, String); 5] {
    let texts = &content.findings;
    [
        ("docs/findings.md", format!("{}{}{}", findings(texts), situation_rows(situations), cloud_foundry(texts))),
        ("docs/sap-facts.md", crate::claims::document()),
        ("docs/problems.md", problems(content.words)),
        ("docs/roles.md", roles(&content.catalogue)),
        ("docs/exports.md", exports(&content.exports)),
    ]
}

/// Every code of a problem of parameters.
fn problems(words: Words) -> String {
    let mut out = PROBLEMS_HEAD.to_owned();
    for entry in ProblemCode::ALL {
        let template = (entry.words)(words);
        let texts = [template.what, template.why, template.fix].map(|text| text.replace("{{", "{").replace('|', "\\|"));
        out.push_str(&format!("| `{}` | {} | {} |\n", entry.name, entry.severity.as_str(), texts.join(" | ")));
    }
    out
}

/// Every situation, one per line.
fn situation_rows(situations: &[Situation]) -> String {
    let mut out = SITUATIONS_HEAD.to_owned();
    for situation in situations {
        let verdict = situation.verdict();
        row(
            &mut out,
            &[
                &cell(&situation.title),
                &situation.code.map_or_else(String::new, |found| code(found.as_str())),
                &code(verdict.as_str()),
                &verdict.exit_status().to_string(),
            ],
        );
    }
    out
}

/// Whether a finding is about Cloud Foundry, as its name says, rather than about a key.
pub fn is_about_cloud_foundry(code: FindingCode) -> bool {
    code.as_str().starts_with("cf-")
}

/// Every finding about a key, one per line.
fn findings(texts: &FindingTexts) -> String {
    let mut out = FINDINGS_HEAD.to_owned();
    for text in texts.0.iter().filter(|text| !is_about_cloud_foundry(text.code)) {
        let verdict = text.code.verdict().map_or_else(String::new, |verdict| code(verdict.as_str()));
        finding(&mut out, texts, text, &verdict);
    }
    out
}

/// Every finding about Cloud Foundry, one per line.
fn cloud_foundry(texts: &FindingTexts) -> String {
    let mut out = CLOUD_FOUNDRY_HEAD.to_owned();
    for text in texts.0.iter().filter(|text| is_about_cloud_foundry(text.code)) {
        let status = text.code.ending().map_or_else(String::new, |ending| ending.exit_status().to_string());
        finding(&mut out, texts, text, &status);
    }
    out
}

/// A finding with its verdict or exit status, and its texts without facts.
fn finding(out: &mut String, texts: &FindingTexts, text: &FindingText, leads_to: &str) {
    let explained = texts.explain_on(Platform::Linux, &Finding::key(text.code), Words::default());
    row(
        out,
        &[
            &code(text.code.as_str()),
            text.code.severity().as_str(),
            leads_to,
            &cell(&explained.title),
            &cell(&explained.cause),
            &cell(explained.fix.as_deref().unwrap_or_default()),
        ],
    );
}

/// Every role under its area.
fn roles(catalogue: &Catalogue) -> String {
    let mut out = ROLES_HEAD.to_owned();
    for area in &catalogue.areas {
        // Writing to a string cannot fail.
        let _ = write!(out, "\n## {}\n\n| role | allows | scopes |\n|---|---|---|\n", area.title);
        for role in catalogue.in_area(&area.id) {
            let mut allows = vec![cell(&role.allows), cell(&role.note)];
            if role.sensitive {
                allows.push("*Sensitive.*".to_owned());
            }
            if !role.everywhere {
                allows.push("*Not everywhere.*".to_owned());
            }
            if !role.contains.is_empty() {
                allows.push(format!("Contains {}.", role.contains.join(", ")));
            }
            allows.retain(|text| !text.is_empty());
            let scopes: Vec<String> = role.scopes.iter().map(|scope| code(scope)).collect();
            row(&mut out, &[&code(&role.name), &allows.join(" "), &scopes.join(", ")]);
        }
    }
    out
}

/// Every target, one per line, then the templates.
fn exports(targets: &[ExportTarget]) -> String {
    let mut out = EXPORTS_HEAD.to_owned();
    for target in targets {
        let each = |part: fn(&FileSpec) -> String| target.files.iter().map(part).collect::<Vec<_>>().join(", ");
        let mut about = cell(&target.about);
        if target.certificates {
            about.push_str(" *Also accepts a key with a certificate.*");
        }
        row(
            &mut out,
            &[
                &code(&target.id),
                &cell(&target.title),
                &each(|file| format!("`{}`", file.name)),
                &each(|file| file.format.as_str().to_owned()),
                &about,
            ],
        );
    }
    out.push_str("\n## Templates\n\nA field in `<<>>` becomes a value quoted for the format.\n");
    for target in targets {
        let _ = write!(out, "\n### {}\n", target.id);
        for file in &target.files {
            let _ = write!(out, "\n`{}`\n\n```text\n{}```\n", file.name, file.template);
        }
    }
    out
}

fn row(out: &mut String, cells: &[&str]) {
    // An empty cell keeps one space, as formatters do.
    let _ = writeln!(out, "| {} |", cells.join(" | ").replace("|  |", "| |"));
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*")
}
