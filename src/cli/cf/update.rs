//! `update-roles`: sets all roles, or adds and removes some.

use std::fmt::Display;

use tokio_util::sync::CancellationToken;

use super::{
    Stop,
    access::{self, Access},
    agreeable,
    end::refusal,
    ending,
    perform::{Work, advance, perform},
    place,
};
use crate::{
    cli::{
        args::cloud::UpdateArgs,
        output::Output,
        params,
        status::{Outcome, Status},
    },
    domain::{
        cf::{
            goal::{Goal, Options, Update, all_parameters},
            place::Place,
            run::Run,
        },
        content::Content,
        problem::Problem,
        sap::{parameters::InstanceParameters, plan::PlanId},
        text::safe_text::SafeText,
    },
    platform::env::Environment,
};

/// `update-roles`
pub fn update_roles(args: UpdateArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    ending(args.change.json, refusal, output, |context, output| {
        let content = &context.content;
        let is_relative = !args.added.is_empty() || !args.removed.is_empty();
        let is_whole = args.parameters.purpose.is_some() || !args.parameters.roles.is_empty();
        if !is_relative && !is_whole {
            return Err(content.words.cf_command().no_roles_given().fill(&[]).unusable().into());
        }
        let given = params::chosen(args.parameters.clone(), content)?;
        if is_whole && !params::accepted(&given.check(&content.catalogue), content.words, output) {
            return Ok(Status::Unusable);
        }
        agreeable(args.change, content.words)?;
        let mut access = access::log_in(&args.place, true, context, environment, output)?;
        let place = place::choose(&args.place, &mut access, output)?;
        let wanted = match is_relative {
            true => {
                let wanted = changed(&args, &given, &place, &mut access, content, output)?;
                if !params::accepted(&wanted.check(&content.catalogue), content.words, output) {
                    return Ok(Status::Unusable);
                }
                wanted
            }
            false => given,
        };
        let goal = goal(&args.instance, &wanted);
        let purpose = args.parameters.purpose.as_deref().and_then(|id| content.purpose(id));
        let work = Work::new(goal, place, &access, &args.place, args.change, context).with_parameters(&wanted, purpose);
        perform(work, access, output)
    })
}

fn goal(instance: &str, parameters: &InstanceParameters) -> Goal {
    Goal::Update(Update {
        instance: instance.to_owned(),
        plan: parameters.plan,
        parameters: all_parameters(parameters),
    })
}

/// The current parameters, with the added roles and without the removed ones.
fn changed(
    args: &UpdateArgs,
    given: &InstanceParameters,
    place: &Place,
    access: &mut Access,
    content: &Content,
    output: &mut Output<'_>,
) -> Result<InstanceParameters, Stop> {
    let words = content.words.cf_command();
    let mut wanted = present(&args.instance, given.plan, place, access, content, output)?;
    for role in &args.removed {
        if !wanted.has_role(role) {
            let facts: [(&str, &dyn Display); 3] = [
                ("name", &SafeText::line(&args.instance)),
                ("role", &SafeText::line(role)),
                ("roles", &wanted.roles.join(", ")),
            ];
            return Err(words.not_there().fill(&facts).unusable().into());
        }
        wanted.toggle_role(role);
    }
    for role in &args.added {
        if !wanted.has_role(role) {
            wanted.toggle_role(role);
        }
    }
    if !args.parameters.grant_types.is_empty() {
        wanted.set_grant_types(args.parameters.grant_types.clone());
    }
    if !args.parameters.redirect_uris.is_empty() {
        wanted.set_redirect_uris(args.parameters.redirect_uris.clone());
    }
    if let Some(seconds) = args.parameters.token_validity {
        wanted.set_token_validity(seconds);
    }
    Ok(wanted)
}

/// The current parameters: read from the API, or as recorded by cpikey if they match the digest on its label.
fn present(
    instance: &str,
    plan: PlanId,
    place: &Place,
    access: &mut Access,
    content: &Content,
    output: &mut Output<'_>,
) -> Result<InstanceParameters, Stop> {
    let nothing = InstanceParameters::new(plan).with_roles(Vec::<String>::new());
    let mut run = Run::new(goal(instance, &nothing), place.clone(), Options::default());
    // This run only looks; it is dropped before it changes anything.
    advance(&mut run, access, &CancellationToken::new(), output);
    if let Some(end) = run.end().filter(|end| !end.findings.is_empty()) {
        return Err(Stop::Findings(end.findings.clone()));
    }
    let survey = run.survey();
    let read = survey
        .parameters
        .as_ref()
        .and_then(|value| InstanceParameters::examine(&value.to_string(), Some(plan), &content.catalogue).parameters);
    let noted = || {
        let marks = &survey.instance.as_ref()?.marks;
        let parameters = InstanceParameters::new(plan).with_roles(marks.roles.clone()?);
        (marks.has(&all_parameters(&parameters)) == Some(true)).then_some(parameters)
    };
    let unknown = || -> Problem {
        content.words.cf_command().roles_unknown().fill(&[("name", &SafeText::line(instance))]).unusable()
    };
    read.or_else(noted).ok_or_else(|| unknown().into())
}
