//! `create`, `rotate`, `delete`: what the arguments ask for, as a goal.

use super::{
    Stop, access, agreeable,
    delivery::Delivery,
    ending, options,
    perform::{Work, perform},
    place,
};
use crate::{
    cli::{
        args::{
            ChoiceArgs, KeyParamsArgs,
            cloud::{ChangeArgs, CreateArgs, DeleteArgs, PlaceArgs, RotateArgs},
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
        handover::commands::cloud::Wishes,
        problem::Problem,
        sap::plan::PlanId,
    },
    jobs::Context,
    platform::env::Environment,
    words::Words,
};

/// `create`
pub fn create(args: CreateArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    ending(args.change.json, output, |context, output| {
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
        let certificate = args.key_parameters.certificate.as_ref().map(|path| path.to_string_lossy().into_owned());
        let options = options(args.change, !args.delivery.no_test);
        let wishes = Wishes {
            cf: access.is_of_cf(),
            parameters: Some((&choices.parameters, Some(purpose))),
            key: Some(&choices.key_parameters),
            certificate: certificate.as_deref(),
            options,
            yes: args.change.yes,
            ..Wishes::default()
        };
        let roles = if plan == PlanId::Api { choices.parameters.roles.clone() } else { Vec::new() };
        let work = Work {
            context,
            place,
            goal,
            options,
            change: args.change,
            delivery,
            roles: Some(roles),
            allowed_hosts: &args.place.allowed_hosts,
            wishes,
        };
        perform(work, access, output)
    })
}

/// `rotate`
pub fn rotate(args: &RotateArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    ending(args.change.json, output, |context, output| {
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
        let certificate = args.key_parameters.certificate.as_ref().map(|path| path.to_string_lossy().into_owned());
        let options = options(args.change, !args.delivery.no_test);
        let wishes = Wishes {
            cf: access.is_of_cf(),
            key: Some(&key),
            certificate: certificate.as_deref(),
            options,
            yes: args.change.yes,
            ..Wishes::default()
        };
        let work = Work {
            context,
            place,
            goal,
            options,
            change: args.change,
            delivery,
            roles: None,
            allowed_hosts: &args.place.allowed_hosts,
            wishes,
        };
        perform(work, access, output)
    })
}

/// `delete`
pub fn delete(args: &DeleteArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    ending(args.change.json, output, |context, output| {
        agreeable(args.change, context.content.words)?;
        let goal = match &args.key {
            Some(key) => Goal::DeleteKey { instance: args.instance.clone(), key: key.clone() },
            None => Goal::DeleteInstance { instance: args.instance.clone() },
        };
        without_key(goal, &args.place, args.change, context, environment, output)
    })
}

/// Does what makes no key.
fn without_key(
    goal: Goal,
    place_args: &PlaceArgs,
    change: ChangeArgs,
    context: &Context,
    environment: &Environment,
    output: &mut Output<'_>,
) -> Result<Status, Stop> {
    let mut access = access::log_in(place_args, true, context, environment, output)?;
    let place = place::choose(place_args, &mut access, output)?;
    let options = options(change, false);
    let wishes = Wishes { cf: access.is_of_cf(), options, yes: change.yes, ..Wishes::default() };
    let work = Work {
        context,
        place,
        goal,
        options,
        change,
        delivery: Delivery::default(),
        roles: None,
        allowed_hosts: &place_args.allowed_hosts,
        wishes,
    };
    perform(work, access, output)
}

/// Login and certificate cannot both come from standard input.
fn only_one_reads_stdin(place: &PlaceArgs, key: &KeyParamsArgs, words: Words) -> Result<(), Problem> {
    let certificate = key.certificate.as_ref().is_some_and(|path| path.as_os_str() == STDIN);
    match certificate && (place.passcode_stdin || place.password_stdin) {
        true => Err(words.cf_command().stdin_twice().fill(&[]).unusable()),
        false => Ok(()),
    }
}
