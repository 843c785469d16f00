//! `key-params`: service key parameters.

use std::{fmt::Display, path::Path};

use jiff::Timestamp;

use super::{
    args::KeyParamsArgs,
    input,
    output::Output,
    params::accepted,
    status::{Outcome, Status},
};
use crate::{
    content,
    domain::{
        content::Content,
        problem::Problem,
        sap::{
            key_parameters::{KeyField, KeyParameters},
            parameters::{JsonStyle, ParameterProblem},
        },
    },
    words::Words,
};

/// Prints the parameters, or writes them to `place`.
pub fn run(args: &KeyParamsArgs, place: Option<&Path>, output: &mut Output<'_>) -> Outcome {
    let (parameters, problems) = chosen(args, "key-params --certificate", &content::load())?;
    if !accepted(&problems, output.words(), output) {
        return Ok(Status::Unusable);
    }
    if args.no_pinning {
        output.remark(output.words().choices().pinning());
    }
    output.whole(&(parameters.to_json(JsonStyle::Pretty) + "\n"), place)?;
    Ok(Status::Done)
}

/// The parameters that the arguments describe, and their problems. `command` is the command as typed.
///
/// # Errors
///
/// If an option has no effect, or the certificate cannot be read.
pub fn chosen(
    args: &KeyParamsArgs,
    command: &str,
    content: &Content,
) -> Result<(KeyParameters, Vec<ParameterProblem>), Problem> {
    refuse_options_without_effect(args, content.words)?;
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
        problems = parameters.check(Timestamp::now(), &content.authorities);
    }
    Ok((parameters, problems))
}

/// An option without effect is usually a misunderstanding.
fn refuse_options_without_effect(args: &KeyParamsArgs, words: Words) -> Result<(), Problem> {
    let given = [
        ("--validity", KeyField::Validity, args.validity.is_some(), "certificate"),
        ("--key-length", KeyField::KeyLength, args.key_length.is_some(), "certificate"),
        ("--certificate", KeyField::Certificate, args.certificate.is_some(), "external"),
        ("--no-pinning", KeyField::Pinning, args.no_pinning, "external"),
    ];
    match given.iter().find(|(_, field, given, _)| *given && !field.applies_to(args.key_type)) {
        None => Ok(()),
        Some((option, field, _, needed)) => {
            let facts: [(&str, &dyn Display); 4] =
                [("option", option), ("type", &args.key_type.title()), ("field", &field.title()), ("needed", needed)];
            Err(words.choices().without_effect().fill(&facts).unusable())
        }
    }
}
