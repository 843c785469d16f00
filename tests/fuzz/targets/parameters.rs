//! Instance parameters: every problem has a position in the text, and valid parameters are written and read back
//! unchanged.

use cpikey::{
    domain::sap::{
        parameters::{Extent, InstanceParameters, JsonStyle},
        plan::PlanId,
    },
    words::Words,
};

use super::{assert_harmless, content, text};

pub fn run(data: &[u8]) {
    let Some((plan, rest)) = data.split_first() else { return };
    let plan = [None, Some(PlanId::Api), Some(PlanId::IntegrationFlow)][usize::from(plan % 3)];
    let text = text(rest);
    let catalogue = &content().catalogue;
    let reading = InstanceParameters::examine(&text, plan, catalogue);
    let lines = text.lines().count().max(1);
    for problem in &reading.problems {
        assert_harmless(&problem.line(Words::default()), "a problem");
        let explained = problem.explain(Words::default());
        for said in [explained.what, explained.why, explained.fix] {
            assert_harmless(&said, "a problem");
        }
        // A lone carriage return also ends a line.
        let more = text.matches('\r').count();
        assert!(problem.position.is_none_or(|at| (1..=lines + 1 + more).contains(&at.line)), "{problem:?}");
    }
    assert!(reading.parameters.is_some() || reading.problems.iter().any(|problem| problem.is_error()));
    if let Some(parameters) = reading.parameters.as_ref().filter(|_| reading.is_valid()) {
        for (style, extent) in [(JsonStyle::Pretty, Extent::Full), (JsonStyle::Compact, Extent::Minimal)] {
            let written = parameters.to_json(style, extent);
            let again = InstanceParameters::examine(&written, Some(parameters.plan), catalogue);
            assert_eq!(again.parameters.as_ref(), Some(parameters), "{written}");
            assert!(again.is_valid() && again.removed.is_empty(), "{written}: {:?}", again.problems);
        }
    }
    if let Some(json) = &reading.json {
        assert!(serde_json::from_str::<serde_json::Value>(json).is_ok(), "{json}");
    }
}
