//! The values that `commands` and `sheet` fill in.

use super::{args::ChoiceArgs, guide::chosen_name, key_params, output::Output, params};
use crate::content::PURPOSES;
use crate::domain::{
    content::Content,
    handover::choices::Choices,
    problem::Problem,
    sap::{
        plan::PlanId,
        purpose::{CUSTOM, Purpose},
    },
    text::safe_text::SafeText,
};

/// The choices that the arguments describe, with the purpose behind them. `None` if the broker would refuse them; the
/// problems were then reported.
///
/// # Errors
///
/// If the arguments contradict each other or cannot be used.
pub fn chosen<'a>(
    mut args: ChoiceArgs,
    command: &str,
    content: &'a Content,
    output: &mut Output<'_>,
) -> Result<Option<(Choices, &'a Purpose)>, Problem> {
    let Some(purpose) = content.purpose(purpose_id(&args)) else { return Ok(None) };
    args.parameters.purpose = Some(purpose.id.clone());
    let parameters = params::chosen(args.parameters, content)?;
    let (key_parameters, key_problems) =
        key_params::chosen(&args.key_parameters, &format!("{command} --certificate"), content)?;
    let mut problems = parameters.check(&content.catalogue);
    problems.extend(key_problems);
    let together = key_parameters.check_for(&parameters, jiff::Timestamp::now(), &content.authorities);
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
        Err(problem) => {
            let template = content.words.choices().name_unusable();
            Err(template.fill(&[("problem", &problem.shown(content.words))]).unusable())
        }
    }
}

/// The given purpose; otherwise the custom purpose if there are roles or the other plan, else the default of the guide.
fn purpose_id(args: &ChoiceArgs) -> &str {
    let own = !args.parameters.roles.is_empty() || args.parameters.plan == Some(PlanId::IntegrationFlow);
    args.parameters.purpose.as_deref().unwrap_or(if own { CUSTOM } else { PURPOSES[0] })
}

fn endpoints(place: &str, content: &Content) -> Result<Vec<String>, Problem> {
    let endpoints = content.endpoints(place);
    if !endpoints.is_empty() {
        return Ok(endpoints);
    }
    Err(content.words.choices().unknown_region().fill(&[("region", &SafeText::capped(place, 60))]).unusable())
}
