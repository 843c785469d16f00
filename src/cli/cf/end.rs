//! The end of a command: findings, what exists, how to continue; as text or as one JSON object.

use serde::Serialize;

use crate::{
    cli::{key::write_findings, output::Output, status::Status},
    domain::{
        cf::{
            describe,
            place::Place,
            plan::{Item, RoleChange},
            run::{End, Existing, Outcome, Run},
        },
        check::report::TestReport,
        content::Content,
        finding::{Ending, Explained, Finding},
        problem::Problem,
        text::safe_text::SafeText,
    },
    words::Words,
};

/// Version of the object.
const SCHEMA: u32 = 1;

/// The object of `create`, `update-roles`, `rotate` and `delete`.
#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    outcome: &'a str,
    /// Whether `--dry-run` ended it: nothing was changed, and `plan` contains what would be.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dry_run: bool,
    place: Option<PlaceRow<'a>>,
    plan: Vec<PlanRow<'a>>,
    exists: Vec<ExistingRow<'a>>,
    findings: Vec<Explained>,
    test: Option<&'a TestReport>,
    next: Option<&'a str>,
}

/// API, org, space and login.
#[derive(Serialize)]
pub struct PlaceRow<'a> {
    api: &'a str,
    org: Option<&'a str>,
    space: Option<&'a str>,
}

impl<'a> From<&'a Place> for PlaceRow<'a> {
    fn from(place: &'a Place) -> Self {
        let some = |name: &'a str| Some(name).filter(|name| !name.is_empty());
        Self { api: &place.api, org: some(&place.org.name), space: some(&place.space.name) }
    }
}

impl<'a> PlaceRow<'a> {
    /// For a known API address, and possibly org and space.
    pub fn new(api: &'a str, org: Option<&'a str>, space: Option<&'a str>) -> Self {
        Self { api, org, space }
    }
}

#[derive(Serialize)]
struct PlanRow<'a> {
    action: &'a str,
    kind: &'a str,
    name: &'a str,
    /// How the roles of an instance change, if the old ones are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<RolesRow<'a>>,
}

#[derive(Serialize)]
struct RolesRow<'a> {
    added: &'a [String],
    removed: &'a [String],
}

impl<'a> From<&'a Item> for PlanRow<'a> {
    fn from(item: &'a Item) -> Self {
        let roles = |change: &'a RoleChange| RolesRow { added: &change.added, removed: &change.removed };
        Self {
            action: item.action.as_str(),
            kind: item.kind.as_str(),
            name: &item.name,
            roles: item.roles.as_ref().map(roles),
        }
    }
}

#[derive(Serialize)]
struct ExistingRow<'a> {
    kind: &'a str,
    name: &'a str,
    guid: Option<&'a str>,
    state: &'a str,
    made_by_us: bool,
    updated: Option<&'a str>,
    request_id: Option<&'a str>,
}

impl<'a> From<&'a Existing> for ExistingRow<'a> {
    fn from(thing: &'a Existing) -> Self {
        Self {
            kind: thing.kind.as_str(),
            name: &thing.name,
            guid: thing.guid.as_deref(),
            state: thing.state.as_str(),
            made_by_us: thing.made_by_us,
            updated: thing.updated.as_deref(),
            request_id: thing.request_id.as_ref().map(SafeText::as_str),
        }
    }
}

/// Explains findings, one by one.
pub fn explained(findings: &[Finding], content: &Content) -> Vec<Explained> {
    findings.iter().map(|finding| content.findings.explain(finding, content.words)).collect()
}

/// The object of a command that was refused before it began.
pub fn refusal(findings: Vec<Explained>) -> impl Serialize {
    Report {
        schema: SCHEMA,
        outcome: Outcome::Refused.as_str(),
        dry_run: false,
        place: None,
        plan: Vec::new(),
        exists: Vec::new(),
        findings,
        test: None,
        next: None,
    }
}

/// A finished run.
pub struct Ended<'a> {
    /// The run.
    pub run: &'a Run,
    /// The findings, including those of the login.
    pub findings: &'a [Finding],
    /// The last test.
    pub test: Option<&'a TestReport>,
    /// The command to continue, if there is one.
    pub next: Option<&'a str>,
    /// The command that fetches the key, if it was not delivered.
    pub fetch: Option<&'a str>,
}

impl Ended<'_> {
    /// The outcome, including that of a dry run.
    fn outcome(&self) -> &'static str {
        match self.run.end() {
            Some(end) => end.outcome.as_str(),
            None if self.run.plan().changes_something() => Outcome::Done.as_str(),
            None => Outcome::NothingToDo.as_str(),
        }
    }

    /// Whether the same command continues.
    fn goes_on(&self) -> bool {
        self.run.end().is_some_and(|end| end.outcome == Outcome::Unfinished)
    }

    /// The useful next command: it continues, or repeats once the obstacle is removed. `None` if a different command is
    /// needed or the user declined.
    fn next(&self) -> Option<&str> {
        let end = self.run.end()?;
        let ending = end.findings.first().and_then(|first| first.code.ending());
        let is_wrong = end.findings.is_empty() || ending == Some(Ending::Input);
        let passes = ending == Some(Ending::Unfinished);
        match end.outcome {
            Outcome::Unfinished => self.next,
            Outcome::Failed | Outcome::Refused if end.stopped || is_wrong => None,
            Outcome::Failed | Outcome::Refused if passes || self.run.plan().changes_something() => self.next,
            _ => None,
        }
    }

    /// Writes the object.
    pub fn json(&self, content: &Content, output: &mut Output<'_>) -> Result<(), Problem> {
        output.json(&Report {
            schema: SCHEMA,
            outcome: self.outcome(),
            dry_run: self.run.end().is_none(),
            place: Some(self.run.place().into()),
            plan: self.run.plan().items.iter().map(PlanRow::from).collect(),
            exists: self.run.exists().iter().map(ExistingRow::from).collect(),
            findings: explained(self.findings, content),
            test: self.test,
            next: self.next(),
        })
    }

    /// Writes the text.
    pub fn text(&self, content: &Content, output: &mut Output<'_>) -> Result<(), Problem> {
        let words = content.words.cf_command();
        write_findings(&content.findings.explain_together(self.findings, content.words), output)?;
        let Some(end) = self.run.end() else {
            output.remark(words.planned());
            return Ok(());
        };
        match end.outcome {
            Outcome::Done => output.signed(None, words.finished())?,
            Outcome::NothingToDo => output.signed(None, words.nothing_to_do())?,
            Outcome::Refused | Outcome::Failed | Outcome::Unfinished => {
                let things: Vec<String> =
                    self.run.exists().iter().map(|thing| describe::existing(thing, content.words)).collect();
                let has_changed = self.run.has_changed_something();
                if (has_changed || self.goes_on()) && !things.is_empty() {
                    output.remark(words.there_is(things.join(", ")));
                } else {
                    output.remark(if has_changed { words.nothing_found() } else { words.there_is_nothing() });
                }
                for thing in self.run.exists().iter().filter(|thing| thing.state.is_failed()) {
                    if let Some(line) = ticket(thing, content.words) {
                        output.remark(line);
                    }
                }
            }
        }
        match (self.next(), self.fetch) {
            (Some(next), _) if self.goes_on() => output.whole_line(words.goes_on(next)),
            (_, Some(fetch)) if !self.goes_on() => output.whole_line(words.key_waits(fetch)),
            (Some(next), _) => output.whole_line(words.again(next)),
            _ => {}
        }
        Ok(())
    }
}

/// The details that SAP support needs about a failed resource.
fn ticket(thing: &Existing, words: Words) -> Option<String> {
    let labels = words.cf_command();
    let (guid, at) = (SafeText::line(thing.guid.as_deref()?), SafeText::line(thing.updated.as_deref()?));
    let shown = describe::existing(thing, words);
    Some(match &thing.request_id {
        Some(id) => labels.ticket_with_request(shown, guid, at, id),
        None => labels.ticket(shown, guid, at),
    })
}

/// The exit status of a run that has ended.
pub fn status(end: &End, test: Option<&TestReport>) -> Status {
    match end.outcome {
        Outcome::Done | Outcome::NothingToDo => test.map_or(Status::Done, |test| Status::Verdict(test.verdict)),
        _ if end.stopped => Status::Interrupted,
        Outcome::Unfinished => Status::Ending(Ending::Unfinished),
        Outcome::Refused | Outcome::Failed => end.findings.first().map_or(Status::Ending(Ending::Platform), Status::of),
    }
}
