//! `create`, `rotate`, `delete`: turns the arguments into a goal.

use super::{
    access, agreeable,
    delivery::Delivery,
    end::refusal,
    ending,
    perform::{NewKey, Work, perform},
    place,
};
use crate::{
    cli::{
        args::{
            ChoiceArgs, KeyParamsArgs,
            cloud::{CreateArgs, DeleteArgs, PlaceArgs, RotateArgs},
        },
        choices,
        guide::chosen_name,
        input::STDIN,
        key_params,
        output::Output,
        params,
        status::{Outcome, Status},
    },
    domain::{
        cf::goal::{Create, Goal, Rotate, WantedKey, all_parameters, next_key_name},
        problem::Problem,
        sap::plan::PlanId,
    },
    platform::env::Environment,
    words::Words,
};

/// `create`
pub fn create(args: CreateArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    ending(args.change.json, refusal, output, |context, output| {
        let content = &context.content;
        only_one_reads_stdin(&args.place, &args.key_parameters, content.words)?;
        let purpose_id = args.parameters.purpose.clone();
        let asked = ChoiceArgs {
            parameters: args.parameters.clone(),
            names: args.names.clone(),
            key_parameters: args.key_parameters.clone(),
            region: None,
            org: None,
            space: None,
        };
        let Some((choices, purpose)) = choices::chosen(asked, "create", content, output)? else {
            return Ok(Status::Unusable);
        };
        let delivery = Delivery::of(&args.delivery, purpose_id.as_deref(), args.change.json, context, output)?;
        if !args.change.dry_run {
            delivery.require(false, content.words)?;
        }
        agreeable(args.change, content.words)?;
        if delivery.is_to_stdout() {
            output.set_aside();
        }
        let mut access = access::log_in(&args.place, true, context, environment, output)?;
        let place = place::choose(&args.place, &mut access, output)?;
        let plan = choices.parameters.plan;
        let goal = Goal::Create(Create {
            instance: choices.instance.clone(),
            plan,
            broker: args.broker.clone(),
            parameters: all_parameters(&choices.parameters),
            key: WantedKey::new(&choices.key, &choices.key_parameters),
            reuse: args.reuse,
        });
        let certificate = certificate(&args.key_parameters);
        let key = NewKey {
            parameters: &choices.key_parameters,
            certificate: certificate.as_deref(),
            delivery,
            tested: !args.delivery.no_test,
        };
        let roles = if plan == PlanId::Api { choices.parameters.roles.clone() } else { Vec::new() };
        let work = Work::new(goal, place, &access, &args.place, args.change, context)
            .with_parameters(&choices.parameters, Some(purpose))
            .with_key(key, Some(roles));
        perform(work, access, output)
    })
}

/// `rotate`
pub fn rotate(args: &RotateArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    ending(args.change.json, refusal, output, |context, output| {
        let content = &context.content;
        let words = content.words;
        only_one_reads_stdin(&args.place, &args.key_parameters, words)?;
        let (key, problems) = key_params::chosen(&args.key_parameters, "rotate --certificate", content)?;
        if !params::accepted(&problems, words, output) {
            return Ok(Status::Unusable);
        }
        let next = next_key_name(&args.key);
        let new = chosen_name("new-key", args.new_key.as_deref(), &next, words)?;
        if new == args.key {
            return Err(words.cf_command().same_name().fill(&[]).unusable().into());
        }
        let delivery = Delivery::of(&args.delivery, None, args.change.json, context, output)?;
        if !args.change.dry_run {
            delivery.require(true, words)?;
        }
        agreeable(args.change, words)?;
        if delivery.is_to_stdout() {
            output.set_aside();
        }
        let mut access = access::log_in(&args.place, true, context, environment, output)?;
        let place = place::choose(&args.place, &mut access, output)?;
        let goal = Goal::Rotate(Rotate {
            instance: args.instance.clone(),
            old: args.key.clone(),
            new: WantedKey::new(new, &key),
            keep_old: args.keep_old,
        });
        let certificate = certificate(&args.key_parameters);
        let key =
            NewKey { parameters: &key, certificate: certificate.as_deref(), delivery, tested: !args.delivery.no_test };
        let work = Work::new(goal, place, &access, &args.place, args.change, context).with_key(key, None);
        perform(work, access, output)
    })
}

/// `delete`
pub fn delete(args: &DeleteArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    ending(args.change.json, refusal, output, |context, output| {
        agreeable(args.change, context.content.words)?;
        let goal = match &args.key {
            Some(key) => Goal::DeleteKey { instance: args.instance.clone(), key: key.clone() },
            None => Goal::DeleteInstance { instance: args.instance.clone() },
        };
        let mut access = access::log_in(&args.place, true, context, environment, output)?;
        let place = place::choose(&args.place, &mut access, output)?;
        perform(Work::new(goal, place, &access, &args.place, args.change, context), access, output)
    })
}

/// The file with the certificate of the key, as given.
fn certificate(key: &KeyParamsArgs) -> Option<String> {
    key.certificate.as_ref().map(|path| path.to_string_lossy().into_owned())
}

/// Login and certificate cannot both come from standard input.
fn only_one_reads_stdin(place: &PlaceArgs, key: &KeyParamsArgs, words: Words) -> Result<(), Problem> {
    let certificate = key.certificate.as_ref().is_some_and(|path| path.as_os_str() == STDIN);
    match certificate && (place.passcode_stdin || place.password_stdin) {
        true => Err(words.cf_command().stdin_twice().fill(&[]).unusable()),
        false => Ok(()),
    }
}
