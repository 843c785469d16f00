//! `doctor`: checks the environment of the program.

use serde::Serialize;

use super::{
    args::{DoctorArgs, NetworkArgs},
    content,
    output::{Output, SIGN_WIDTH},
    status::{Outcome, Status},
};
use crate::{
    domain::{
        doctor::{self, Check, Level},
        finding::Severity,
    },
    jobs::doctor::{Surroundings, examine},
    platform::env::Environment,
};

/// What `--json` prints.
#[derive(Serialize)]
struct Printed<'a> {
    schema: u8,
    state: Level,
    checks: &'a [Check],
}

pub fn run(args: DoctorArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    let words = content().words;
    let net = NetworkArgs { proxy: args.proxy, ..NetworkArgs::default() }.options(environment, words)?;
    let clipboard = args.clipboard;
    let checks = examine(Surroundings { environment: environment.clone(), net, clipboard, words });
    let state = doctor::worst(&checks);
    if args.json {
        output.json(&Printed { schema: 1, state, checks: &checks })?;
    } else {
        let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(str::len).max().unwrap_or_default();
        let states = widest(&mut checks.iter().map(|check| check.state.word(words)));
        let titles = widest(&mut checks.iter().map(|check| check.id.title(words)));
        let indent = SIGN_WIDTH + states + 2;
        for check in &checks {
            let name = format!("{:states$}  {}", check.state.word(words), check.id.title(words));
            output.judged(check.state.severity(), &name, states + 2 + titles, &check.found)?;
            if !check.means.is_empty() {
                output.prose(indent, &check.means)?;
            }
            if !check.fix.is_empty() {
                output.prose(indent, &format!("{} {}", words.doctor().to_do(), check.fix))?;
            }
        }
        output.line("")?;
        let worst = state.severity().filter(|severity| *severity != Severity::Note);
        output.signed(worst, &doctor::summary(&checks, words))?;
    }
    Ok(if state == Level::Problem { Status::Failed } else { Status::Done })
}
