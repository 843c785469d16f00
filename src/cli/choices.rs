//! What `commands` and `sheet` fill in.

use super::{args::ChoiceArgs, guide::chosen_name, key_params, output::Output, params};
use crate::content::PURPOSES;
use crate::domain::problem::Problem;
use crate::domain::{
    content::Content,
    handover::choices::Choices,
    sap::{
        plan::PlanId,
        purpose::{CUSTOM, Purpose},
    },
    text::safe_text::SafeText,
};

/// The choices that the arguments describe, with the purpose behind them. `None` where the broker would refuse them; what
/// is wrong has then been said.
///
/// # Errors
///
/// Where the arguments contradict each other or cannot be used.
pub fn chosen<'a>(
    mut args: ChoiceArgs,
    command: &str,
    content: &'a Content,
    output: &mut Output<'_>,
) -> Result<Option<(Choices, &'a Purpose)>, Problem> {
    let Some(purpose) = content.purpose(purpose_id(&args)) else { return Ok(None) };
    args.parameters.purpose = Some(purpose.id.clone());
    let parameters = params::chosen(args.parameters, content)?;
    let (key_parameters, key_problems) = key_params::chosen(&args.key_parameters, &format!("{command} --certificate"))?;
    let mut problems = parameters.check(&content.catalogue);
    problems.extend(key_problems);
    let together = key_parameters.check_for(&parameters, jiff::Timestamp::now());
    problems.extend(together.into_iter().filter(|problem| !problems.contains(problem)).collect::<Vec<_>>());
    if !params::accepted(&problems, content.words, output) {
        return Ok(None);
    }
    let choices = Choices {
        key_parameters,
        endpoints: args.region.as_deref().map_or(Ok(Vec::new()), |place| endpoints(place, content))?,
        org: args.org.unwrap_or_default(),
        space: args.space.unwrap_or_default(),
        ..Choices::new(
            parameters,
            chosen_name("instance", args.names.instance.as_deref(), &purpose.instance_name, content.words)?,
            chosen_name("key", args.names.key.as_deref(), &purpose.key_name, content.words)?,
        )
    };
    match choices.check() {
        Ok(()) => Ok(Some((choices, purpose))),
        Err(problem) => Err(Problem::unusable(
            "A name cannot be used.",
            problem.shown(content.words),
            "Type it by hand: what was copied may hold more than can be seen.",
        )),
    }
}

/// The purpose named; with roles or another plan in its place, none in particular; and else that of the guide.
fn purpose_id(args: &ChoiceArgs) -> &str {
    let own = !args.parameters.roles.is_empty() || args.parameters.plan == Some(PlanId::IntegrationFlow);
    args.parameters.purpose.as_deref().unwrap_or(if own { CUSTOM } else { PURPOSES[0] })
}

fn endpoints(place: &str, content: &Content) -> Result<Vec<String>, Problem> {
    let endpoints = content.endpoints(place);
    if !endpoints.is_empty() {
        return Ok(endpoints);
    }
    Err(Problem::unusable(
        format!("There is no region \"{}\".", SafeText::capped(place, 60)),
        "A region is eu10, a landscape of it eu10-003, and its endpoint api.cf.eu10-003.hana.ondemand.com.",
        "Take it from the Cloud Foundry section in the subaccount's overview, or leave out --region.",
    ))
}
