//! `key-params`: service key parameters.

use jiff::Timestamp;

use super::{
    args::KeyParamsArgs,
    content, input,
    output::Output,
    params::accepted,
    status::{Outcome, Status},
};
use crate::domain::problem::Problem;
use crate::domain::sap::{
    key_parameters::{KeyField, KeyParameters},
    parameters::{JsonStyle, ParameterProblem},
};

pub fn run(args: KeyParamsArgs, output: &mut Output<'_>) -> Outcome {
    let (parameters, problems) = chosen(&args, "key-params --certificate")?;
    if !accepted(&problems, content().words, output) {
        return Ok(Status::Unusable);
    }
    if args.no_pinning {
        output.message("cpikey: Only the plan integration-flow takes \"certificate-pinning\"; api refuses it.");
    }
    output.line(parameters.to_json(JsonStyle::Pretty))?;
    Ok(Status::Done)
}

/// The parameters that the arguments describe, and what is wrong with them. `command` is what a person would type.
///
/// # Errors
///
/// Where an option has no effect, or the certificate cannot be read.
pub fn chosen(args: &KeyParamsArgs, command: &str) -> Result<(KeyParameters, Vec<ParameterProblem>), Problem> {
    refuse_idle_options(args)?;
    let mut parameters = KeyParameters::new(args.key_type);
    parameters.validity = args.validity.unwrap_or(parameters.validity);
    parameters.key_length = args.key_length.unwrap_or(parameters.key_length);
    parameters.pinning = !args.no_pinning;
    let mut problems = Vec::new();
    if let Some(file) = &args.certificate {
        let bytes = input::read(Some(file), command)?;
        problems.extend(parameters.set_certificate(input::text(&bytes)?).err().map(|problem| *problem));
    }
    if problems.is_empty() {
        problems = parameters.check(Timestamp::now());
    }
    Ok((parameters, problems))
}

/// An option that would have no effect is a misunderstanding worth telling.
fn refuse_idle_options(args: &KeyParamsArgs) -> Result<(), Problem> {
    let given = [
        ("--validity", KeyField::Validity, args.validity.is_some(), "certificate"),
        ("--key-length", KeyField::KeyLength, args.key_length.is_some(), "certificate"),
        ("--certificate", KeyField::Certificate, args.certificate.is_some(), "external"),
        ("--no-pinning", KeyField::Pinning, args.no_pinning, "external"),
    ];
    match given.iter().find(|(_, field, given, _)| *given && !field.applies_to(args.key_type)) {
        None => Ok(()),
        Some((option, field, _, needed)) => Err(Problem::unusable(
            format!("{option} does not apply to a key of the type {}.", args.key_type.title()),
            format!("The cockpit's field \"{}\" is for another type of key only.", field.title()),
            format!("Add --type {needed}, or leave out {option}."),
        )),
    }
}
