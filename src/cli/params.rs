//! `params`: instance parameters, made or checked.

use std::fmt::Display;

use serde::Serialize;
use serde_json::Value;

use super::{
    args::{ParameterArgs, ParamsArgs},
    content, input,
    output::Output,
    status::{Outcome, Status},
};
use crate::{
    domain::{
        content::Content,
        finding::Severity,
        problem::Problem,
        sap::{
            parameters::{Extent, InstanceParameters, JsonStyle, ParameterProblem, Reading, Wrapper},
            plan::PlanId,
        },
        text::safe_text::SafeText,
    },
    words::{Explanation, Words},
};

/// `params --check --json`
#[derive(Serialize)]
struct Checked<'a> {
    schema: u32,
    valid: bool,
    plan: Option<&'a str>,
    removed_wrappers: Vec<&'a str>,
    problems: Vec<Row<'a>>,
    /// What would be sent to the broker; `null` if there are none.
    parameters: Option<Value>,
}

/// One problem of `params --check --json`.
#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    severity: Severity,
    property: &'a str,
    value: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    what: String,
    why: String,
    fix: String,
}

pub fn run(args: ParamsArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    match &args.check {
        Some(file) => {
            let bytes = input::read(Some(file), "params --check")?;
            check(input::text(&bytes)?, args.parameters.plan, args.json, &content, output)
        }
        None => print(args, &content, output),
    }
}

fn print(args: ParamsArgs, content: &Content, output: &mut Output<'_>) -> Outcome {
    let place = args.output;
    let extent = if args.minimal { Extent::Minimal } else { Extent::Full };
    let parameters = chosen(args.parameters, content)?;
    if !accepted(&parameters.check(&content.catalogue), content.words, output) {
        return Ok(Status::Unusable);
    }
    output.whole(&(parameters.to_json(JsonStyle::Pretty, extent) + "\n"), place.as_deref())?;
    Ok(Status::Done)
}

/// Reports problems on standard error. Returns whether the broker would accept the parameters anyway.
pub fn accepted(problems: &[ParameterProblem], words: Words, output: &mut Output<'_>) -> bool {
    for problem in problems {
        if problem.is_error() {
            output.problem(&problem.explain(words).unusable());
        } else {
            output.remark(problem.line(words));
        }
    }
    !problems.iter().any(ParameterProblem::is_error)
}

/// The parameters that the arguments describe.
///
/// # Errors
///
/// If purpose and plan contradict each other.
pub fn chosen(args: ParameterArgs, content: &Content) -> Result<InstanceParameters, Problem> {
    let purpose = args.purpose.as_deref().and_then(|id| content.purpose(id));
    let plan = args.plan.or(purpose.map(|purpose| purpose.plan)).unwrap_or_default();
    if let Some(purpose) = purpose.filter(|purpose| purpose.plan != plan && !purpose.roles.is_empty()) {
        let template = content.words.choices().plan_of_purpose();
        let facts: [(&str, &dyn Display); 3] =
            [("purpose", &purpose.id), ("plan", &purpose.plan.as_str()), ("given", &plan.as_str())];
        return Err(template.fill(&facts).unusable());
    }
    let mut parameters = InstanceParameters::new(plan);
    let mut roles = purpose.map(|purpose| purpose.role_names()).unwrap_or_default();
    roles.extend(args.roles);
    if !roles.is_empty() || plan == PlanId::Api {
        parameters = parameters.with_roles(roles);
    }
    if !args.grant_types.is_empty() {
        parameters.set_grant_types(args.grant_types);
    }
    parameters.set_redirect_uris(args.redirect_uris);
    if let Some(seconds) = args.token_validity {
        parameters.set_token_validity(seconds);
    }
    Ok(parameters)
}

fn check(text: &str, plan: Option<PlanId>, json: bool, content: &Content, output: &mut Output<'_>) -> Outcome {
    let reading = InstanceParameters::examine(text, plan, &content.catalogue);
    let status = if reading.is_valid() { Status::Done } else { Status::Unusable };
    if json {
        output.json(&checked(&reading, content.words))?;
        return Ok(status);
    }
    let words = content.words.params();
    let plan = reading.parameters.as_ref().map(|parameters| parameters.plan.as_str());
    match &reading.parameters {
        Some(parameters) if reading.is_valid() => {
            output.heading(&words.valid(parameters.roles.len(), parameters.plan.as_str()))?
        }
        _ => output.heading(&words.invalid(plan.unwrap_or(PlanId::Api.as_str())))?,
    }
    if !reading.removed.is_empty() {
        let names: Vec<&str> = reading.removed.iter().map(|wrapper| wrapper_name(*wrapper, content.words)).collect();
        output.sentence(&words.found_in(names.join(", ")))?;
    }
    for problem in &reading.problems {
        output.sentence(&problem.line(content.words))?;
    }
    Ok(status)
}

fn checked(reading: &Reading, words: Words) -> Checked<'_> {
    let problems = reading.problems.iter().map(|problem| {
        let Explanation { what, why, fix } = problem.explain(words);
        Row {
            code: problem.code.as_str(),
            severity: problem.severity(),
            property: &problem.property,
            value: problem.value.as_ref().map(SafeText::as_str),
            line: problem.position.map(|position| position.line),
            column: problem.position.map(|position| position.column),
            what,
            why,
            fix,
        }
    });
    Checked {
        schema: 1,
        valid: reading.is_valid(),
        plan: reading.parameters.as_ref().map(|parameters| parameters.plan.as_str()),
        removed_wrappers: reading.removed.iter().map(|wrapper| wrapper.as_str()).collect(),
        problems: problems.collect(),
        parameters: reading.parameters.as_ref().map(|parameters| parameters.to_value(Extent::Full)),
    }
}

fn wrapper_name(wrapper: Wrapper, words: Words) -> &'static str {
    let words = words.params();
    match wrapper {
        Wrapper::CodeFence => words.code_fence(),
        Wrapper::SurroundingText => words.surrounding_text(),
        Wrapper::EscapedText => words.escaped_text(),
        Wrapper::Quotes => words.quotes(),
        Wrapper::HereDocument => words.here_document(),
        Wrapper::CfCommand => words.cf_command(),
        Wrapper::BtpCommand => words.btp_command(),
        Wrapper::Terraform => words.terraform(),
        Wrapper::ParametersProperty => words.parameters_property(),
        Wrapper::BrokerRequest => words.broker_request(),
        Wrapper::CloudFoundryDocument => words.cloud_foundry_document(),
        Wrapper::SetupAutomator => words.setup_automator(),
        Wrapper::Kubernetes => words.kubernetes(),
        Wrapper::Mta => words.mta(),
        Wrapper::Yaml => words.yaml(),
        Wrapper::Document => words.document(),
    }
}
