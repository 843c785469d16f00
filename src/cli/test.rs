//! `test`: the live connection test of a key from a file, from standard input, or of a saved system.

use super::{
    args::TestArgs,
    content,
    key::KeyInput,
    live_test::test,
    output::{Destination, Output},
    status::{Outcome, Status},
    systems::{self, OneTest},
};
use crate::{domain::systems::limits::AgeLimits, jobs::test_key::requested_roles, platform::env::Environment};

pub fn run(args: TestArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let options = args.run.network.options(environment, content.words)?;
    let roles = requested_roles(&content, args.purpose.as_deref(), args.roles);
    let json = args.run.json.then(Destination::default);
    let Some(name) = args.system else {
        if let Some(problem) = args.file.as_deref().and_then(systems::named_as_file) {
            return Err(problem);
        }
        let input = KeyInput::read(args.file.as_deref(), args.client_key.as_deref(), "test")?;
        let report = test(&content, &input, &roles, options, &args.run.allowed_hosts, json, output)?;
        return Ok(Status::Verdict(report.verdict));
    };
    let roles = Some(roles).filter(|roles| !roles.is_empty());
    let one = OneTest { roles, limits: AgeLimits::default(), options, allowed_hosts: &args.run.allowed_hosts, json };
    systems::test_one(&name, one, output)
}
