//! The files in `docs/` that are made from the assets. `tests/content` keeps them equal to what is made here.

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

Every `code` that `cpikey inspect --json` and `cpikey test --json` can name, in the order of the way from the key to the
API; those of the commands that work with Cloud Foundry have [a section of their own](#cloud-foundry). Codes are added,
never changed. An *error* leads to the verdict beside it, a *warning* means that a person should look, a *note* is
informational. Texts are shown with the host, field or role in question filled in.

This file is generated from `assets/words/en/findings.toml` and `tests/situations/situations.toml`: `UPDATE_DOCS=1 cargo test --test content`.

| code | severity | verdict | what happened | why that usually is | what to do |
|---|---|---|---|---|---|
";

const SITUATIONS_HEAD: &str = "
## Situations and verdicts

Outcome for each situation, with `cpikey test` and in the wizard alike. The code is that of the first
finding; where there is none, all is as it should be. `tests/situations` makes each of them happen.

| situation | code | verdict | exit status |
|---|---|---|---|
";

const CLOUD_FOUNDRY_HEAD: &str = "
## Cloud Foundry

Findings with the stage `cf`: login, place, instance and key in Cloud Foundry. The status is that of a command which an
*error* stops; if a part exists by then that the same command would go on with, it is 6 instead. An address that cannot
be reached or trusted is one of the findings above, with its status. In parentheses is what the service broker or the API
says itself.

| code | severity | exit status | what happened | why that usually is | what to do |
|---|---|---|---|---|---|
";

const ROLES_HEAD: &str = "\
# Roles of the plan api

What each role allows, in the order of the checklist. *Sensitive* roles open payloads, keys or credentials, change
content or data, get around a protection, or are personas with wide rights. Roles that are *not everywhere* are refused
by the broker of some landscapes. Scopes are what the token is expected to hold after its prefix; SAP documents them for
tasks rather than for roles, so they are evidence and no proof.

This file is generated from `assets/facts/roles.toml` and its words: `UPDATE_DOCS=1 cargo test --test content`.
";

const EXPORTS_HEAD: &str = "\
# Export targets

What `cpikey export CONSUMER` writes: the fields, files and forms of the addresses that each consumer expects. Ids are part
of the contract. Without `--with-secret` a placeholder takes the place of the secret. A value comes back from each file as it
is in the key, whatever characters the secret has; `tests/exports` proves that with the readers themselves.

This file is generated from `assets/facts/exports/` and its words: `UPDATE_DOCS=1 cargo test --test content`.

| id | consumer | files | format | where it goes |
|---|---|---|---|---|
";

const PROBLEMS_HEAD: &str = "# Problems of parameters

What `params`, `params --check` and `key-params` report, and the `code` of `params --check --json`. An *error* is what the broker refuses; a
*warning* does not change the exit status. Words in braces are filled in.

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

/// Every situation on a line of its own.
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

/// Every finding about a key on a line of its own.
fn findings(texts: &FindingTexts) -> String {
    let mut out = FINDINGS_HEAD.to_owned();
    for text in texts.0.iter().filter(|text| !is_about_cloud_foundry(text.code)) {
        let verdict = text.code.verdict().map_or_else(String::new, |verdict| code(verdict.as_str()));
        finding(&mut out, texts, text, &verdict);
    }
    out
}

/// Every finding about Cloud Foundry on a line of its own.
fn cloud_foundry(texts: &FindingTexts) -> String {
    let mut out = CLOUD_FOUNDRY_HEAD.to_owned();
    for text in texts.0.iter().filter(|text| is_about_cloud_foundry(text.code)) {
        let status = text.code.ending().map_or_else(String::new, |ending| ending.exit_status().to_string());
        finding(&mut out, texts, text, &status);
    }
    out
}

/// A finding with what it leads to, and the words that are used if it has no facts.
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

/// Every target on a line of its own, then the templates.
fn exports(targets: &[ExportTarget]) -> String {
    let mut out = EXPORTS_HEAD.to_owned();
    for target in targets {
        let each = |part: fn(&FileSpec) -> String| target.files.iter().map(part).collect::<Vec<_>>().join(", ");
        let mut about = cell(&target.about);
        if target.certificates {
            about.push_str(" *Takes a key with a certificate too.*");
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
    out.push_str("\n## Templates\n\nA field in `<<>>` becomes a value in the quotes of the format.\n");
    for target in targets {
        let _ = write!(out, "\n### {}\n", target.id);
        for file in &target.files {
            let _ = write!(out, "\n`{}`\n\n```text\n{}```\n", file.name, file.template);
        }
    }
    out
}

fn row(out: &mut String, cells: &[&str]) {
    // An empty cell keeps one space, as formatters write it.
    let _ = writeln!(out, "| {} |", cells.join(" | ").replace("|  |", "| |"));
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*")
}
