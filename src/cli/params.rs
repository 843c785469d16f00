//! `params`: instance parameters, made or checked.

use super::{
    args::{ParameterArgs, ParamsArgs},
    content, input,
    output::Output,
    status::{Failure, Outcome, Status},
};
use crate::domain::{
    content::Content,
    sap::{
        parameters::{Extent, InstanceParameters, JsonStyle, ParameterProblem},
        plan::PlanId,
    },
};

pub fn run(args: ParamsArgs, output: &mut Output<'_>) -> Outcome {
    let content = content()?;
    match &args.check {
        Some(file) => {
            let bytes = input::read(Some(file), "params --check")?;
            check(input::text(&bytes)?, args.parameters.plan.unwrap_or_default(), &content, output)
        }
        None => print(args, &content, output),
    }
}

fn print(args: ParamsArgs, content: &Content, output: &mut Output<'_>) -> Outcome {
    let extent = if args.minimal { Extent::Minimal } else { Extent::Full };
    let parameters = chosen(args.parameters, content)?;
    if !said_nothing_wrong(&parameters.check(&content.catalogue), output) {
        return Ok(Status::Unusable);
    }
    output.line(parameters.to_json(JsonStyle::Pretty, extent))?;
    Ok(Status::Done)
}

/// Says what is wrong on standard error. True where the broker would take it all the same.
pub fn said_nothing_wrong(problems: &[ParameterProblem], output: &mut Output<'_>) -> bool {
    for problem in problems {
        output.message(format!("cpikey: {problem}"));
    }
    !problems.iter().any(ParameterProblem::is_error)
}

/// The parameters that the arguments describe.
///
/// # Errors
///
/// Where purpose and plan contradict.
pub fn chosen(args: ParameterArgs, content: &Content) -> Result<InstanceParameters, Failure> {
    let purpose = args.purpose.as_deref().and_then(|id| content.purpose(id));
    let plan = args.plan.or(purpose.map(|purpose| purpose.plan)).unwrap_or_default();
    if let Some(purpose) = purpose.filter(|purpose| purpose.plan != plan && !purpose.roles.is_empty()) {
        return Err(Failure::unusable(
            format!("The purpose {} needs the plan {}.", purpose.id, purpose.plan.as_str()),
            format!("Its roles do not exist with {}.", plan.as_str()),
            "Leave out --plan, or name roles with --role in place of --purpose.",
        ));
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

fn check(text: &str, plan: PlanId, content: &Content, output: &mut Output<'_>) -> Outcome {
    let (parameters, problems) = InstanceParameters::examine(text, plan, &content.catalogue);
    for problem in &problems {
        output.line(problem.to_string())?;
    }
    if problems.iter().any(ParameterProblem::is_error) {
        return Ok(Status::Unusable);
    }
    if let Some(parameters) = parameters {
        let count = parameters.roles.len();
        let roles = if count == 1 { "1 role".to_owned() } else { format!("{count} roles") };
        output.line(format!("valid for the plan {}: {roles}", plan.as_str()))?;
    }
    Ok(Status::Done)
}
