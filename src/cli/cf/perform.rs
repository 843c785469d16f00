//! Drives a run: shows the plan, asks, reports progress, tests the key, delivers it.

use std::{
    cell::RefCell,
    future::pending,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{
    Stop,
    access::Access,
    delivery::Delivery,
    end::{Ended, status},
    place::names,
    shown::write_plan,
};
use crate::{
    cli::{
        args::cloud::{ChangeArgs, PlaceArgs},
        ask,
        interrupt::on_interrupt,
        key::KeyInput,
        live_test::{self, Rows, Watch},
        output::Output,
        status::Status,
    },
    domain::{
        cf::{
            describe,
            goal::{Goal, Options},
            place::Place,
            run::{Ask, End, Event, Outcome, Row, RowState, Run, StepName},
        },
        check::report::TestReport,
        finding::{Finding, FindingCode},
        handover::commands::cloud::{KEY_FILE, Way, Wishes, command},
        problem::Problem,
        sap::{key_parameters::KeyParameters, parameters::InstanceParameters, purpose::Purpose},
        text::safe_text::SafeText,
    },
    jobs::{Context, cf, new_key},
};

/// The interval of the elapsed time on a terminal.
const TICK: Duration = Duration::from_secs(1);

/// A run to perform, and its options.
pub struct Work<'a> {
    context: &'a Context,
    place: Place,
    goal: Goal,
    /// The options, for the command to continue.
    wishes: Wishes<'a>,
    /// Whether only the plan is shown.
    dry_run: bool,
    /// Whether the result is a JSON object.
    json: bool,
    /// The delivery of the key.
    delivery: Delivery,
    /// The roles that the key is tested for; `None` for those of its instance.
    roles: Option<Vec<String>>,
}

impl<'a> Work<'a> {
    /// Work that creates no key.
    pub fn new(
        goal: Goal,
        place: Place,
        access: &Access,
        args: &'a PlaceArgs,
        change: ChangeArgs,
        context: &'a Context,
    ) -> Self {
        let usual = Options::default();
        let wait = change.wait.map_or(usual.wait, Duration::from_secs);
        let options = Options { labels: !change.no_labels, wait, ..usual };
        let way = Way {
            cf: access.is_of_cf(),
            passcode_stdin: args.passcode_stdin,
            user: args.user.as_deref(),
            password_stdin: args.password_stdin,
            origin: args.origin.as_deref(),
            allowed_hosts: &args.allowed_hosts,
            reach: args.network.reach(),
        };
        Self {
            context,
            place,
            goal,
            wishes: Wishes { way, options, yes: change.yes, ..Wishes::default() },
            dry_run: change.dry_run,
            json: change.json,
            delivery: Delivery::default(),
            roles: None,
        }
    }

    /// With the parameters of an instance, and the purpose that they were chosen for.
    pub fn with_parameters(self, parameters: &'a InstanceParameters, purpose: Option<&'a Purpose>) -> Self {
        Self { wishes: Wishes { parameters: Some((parameters, purpose)), ..self.wishes }, ..self }
    }

    /// With a new key, for these roles or those that its instance has.
    pub fn with_key(self, key: NewKey<'a>, roles: Option<Vec<String>>) -> Self {
        let NewKey { parameters, certificate, delivery, tested } = key;
        let options = Options { test: tested, ..self.wishes.options };
        Self { wishes: Wishes { key: Some(parameters), certificate, options, ..self.wishes }, delivery, roles, ..self }
    }
}

/// A key to create, and its delivery.
pub struct NewKey<'a> {
    /// Its parameters.
    pub parameters: &'a KeyParameters,
    /// The file with its certificate.
    pub certificate: Option<&'a str>,
    /// Its delivery.
    pub delivery: Delivery,
    /// Whether it is tested.
    pub tested: bool,
}

/// The rows as last written.
#[derive(Default)]
struct Written {
    rows: Vec<Row>,
    /// Steps that are only written if they fail.
    silent: Vec<StepName>,
}

impl Written {
    /// Writes the rows that have changed.
    fn write(&mut self, rows: Vec<Row>, output: &mut Output<'_>) {
        for (index, row) in rows.iter().enumerate() {
            let is_new = self.rows.get(index) != Some(row);
            let is_well = matches!(row.state, RowState::Running | RowState::Done);
            let is_silent = is_well && self.silent.contains(&row.step);
            if is_new && row.state != RowState::Waiting && !is_silent {
                output.message(describe::row(row, output.words()));
            }
        }
        self.rows = rows;
    }

    /// The running row.
    fn running(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.state == RowState::Running)
    }
}

/// Advances the run until it needs something other than requests and time.
pub fn advance(run: &mut Run, access: &mut Access, cancel: &CancellationToken, output: &mut Output<'_>) {
    let mut written = Written { silent: vec![StepName::Look], ..Written::default() };
    advance_with(run, access, cancel, &mut written, output);
}

fn advance_with(
    run: &mut Run,
    access: &mut Access,
    cancel: &CancellationToken,
    written: &mut Written,
    output: &mut Output<'_>,
) {
    let Access { session, runtime, .. } = access;
    let watched = output.shows_status();
    written.write(run.rows(), output);
    let shared = RefCell::new((written, &mut *output, Instant::now()));
    let on_step = |run: &Run| {
        let (written, output, began) = &mut *shared.borrow_mut();
        let before = written.running().map(|row| row.step);
        written.write(run.rows(), output);
        if written.running().map(|row| row.step) != before {
            *began = Instant::now();
        }
    };
    runtime.block_on(async {
        let tick = async {
            loop {
                tokio::time::sleep(TICK).await;
                let (written, output, began) = &mut *shared.borrow_mut();
                let words = output.words();
                let line = written
                    .running()
                    .map(|row| words.cf_command().elapsed(describe::row(row, words), began.elapsed().as_secs()));
                output.status(line.as_deref());
            }
        };
        // A request that changes something gets a moment to complete, which is reported.
        let stopping = async {
            cancel.cancelled().await;
            let (_, output, _) = &mut *shared.borrow_mut();
            output.remark(output.words().cf_command().stopping());
        };
        let beside = async {
            tokio::join!(stopping, async {
                if watched {
                    tick.await;
                }
            });
            pending::<()>().await;
        };
        tokio::select! {
            biased;
            () = cf::advance(run, session, cancel, on_step) => {}
            () = beside => {}
        }
    });
    output.status(None);
}

/// Performs the work.
pub fn perform(work: Work<'_>, mut access: Access, output: &mut Output<'_>) -> Result<Status, Stop> {
    let context = work.context;
    let words = context.content.words.cf_command();
    let mut run = Run::new(work.goal.clone(), work.place.clone(), work.wishes.options);
    // The plan shows that everything was checked, and an undelivered key has no hand-over step.
    let silent = match work.delivery.is_wanted() {
        true => vec![StepName::Look],
        false => vec![StepName::Look, StepName::HandOver],
    };
    let (cancel, mut written) = (CancellationToken::new(), Written { silent, ..Written::default() });
    let (mut test, mut failure) = (None, None);
    loop {
        advance_with(&mut run, &mut access, &cancel, &mut written, output);
        if cancel.is_cancelled() {
            run.step(Event::Stopped);
        }
        match run.ask() {
            Ask::Confirm => {
                work.delivery.check(&run, context)?;
                if !(work.json && (work.wishes.yes || work.dry_run)) {
                    write_plan(&run, output)?;
                }
                if work.dry_run {
                    break;
                }
                let event = match agreed(&run, work.wishes.yes, output) {
                    true => Event::Confirmed,
                    false => Event::Stopped,
                };
                // From here on, resources may exist, and they are reported.
                let stop = cancel.clone();
                on_interrupt(move || stop.cancel())
                    .map_err(|error| words.not_watched().fill(&[("cause", &error)]).failed())?;
                run.step(event);
            }
            Ask::Test => match test_key(&work, &run, &access, &cancel, output) {
                // A stopped test says nothing about the key.
                Ok(Some(_)) if cancel.is_cancelled() => {}
                Ok(Some(report)) => {
                    run.step(Event::tested(report.verdict));
                    test = Some(report);
                    if matches!(run.ask(), Ask::Wait(_)) {
                        output.remark(words.test_again());
                    }
                }
                Ok(None) => {
                    output.remark(words.flow_not_tested());
                    run.step(Event::Tested { passed: true, may_pass_later: false });
                }
                Err(problem) => {
                    failure = Some(output.problem(&problem));
                    run.step(Event::Tested { passed: false, may_pass_later: false });
                }
            },
            Ask::HandOver => {
                let verdict = test.as_ref().map(|report: &TestReport| report.verdict);
                let handed = work.delivery.hand_over(&run, verdict, context, output);
                if let Err(problem) = &handed {
                    failure = Some(output.problem(problem));
                }
                run.step(Event::HandedOver(handed.is_ok()));
            }
            Ask::Nothing => break,
            Ask::Send(_) | Ask::Wait(_) => {}
        }
    }
    written.write(run.rows(), output);
    access.settle(context, output);
    finish(&work, &run, &mut access, test.as_ref(), failure, output)
}

/// Reports the end.
fn finish(
    work: &Work<'_>,
    run: &Run,
    access: &mut Access,
    test: Option<&TestReport>,
    failure: Option<Status>,
    output: &mut Output<'_>,
) -> Result<Status, Stop> {
    let context = work.context;
    let mut findings: Vec<Finding> = run.end().map(|end| end.findings.clone()).unwrap_or_default();
    for finding in &mut findings {
        name_what_is_there(finding, run, access);
    }
    findings.extend(run.remarks().iter().cloned());
    if matches!(work.goal, Goal::Update(_)) && run.has_changed_something() && run.end().is_some_and(is_done) {
        findings.push(Finding::cf(FindingCode::CfKeysStay));
    }
    findings.append(&mut access.notes);
    let file = work.delivery.file();
    let wishes = Wishes { output: file.as_deref(), save: work.delivery.system(), ..work.wishes.clone() };
    let next = command(&work.goal, &work.place, &wishes);
    let fetch = command(&work.goal, &work.place, &Wishes { output: Some(KEY_FILE), ..wishes });
    let has_key = run.credentials().is_some() && !work.delivery.is_wanted();
    // The practice tenant ends with the command.
    let lasts = !access.is_practice();
    let ended = Ended {
        run,
        findings: &findings,
        test,
        next: Some(next.as_str()).filter(|_| lasts),
        fetch: Some(fetch.as_str()).filter(|_| has_key && lasts),
    };
    if work.json {
        ended.json(&context.content, output)?;
    } else {
        if let Some(test) = test {
            let roles = work.roles.clone().unwrap_or_default();
            live_test::write(test, &roles, &context.content, output)?;
            output.line("")?;
        }
        ended.text(&context.content, output)?;
    }
    let status = run.end().map_or(Status::Done, |end| status(end, test));
    Ok(match failure {
        // An unconfirmed host or an unwritable file is the first thing to fix.
        Some(failure) if status == Status::Done => failure,
        _ => status,
    })
}

fn is_done(end: &End) -> bool {
    end.outcome == Outcome::Done
}

/// Adds the existing names to a finding about an unknown name.
fn name_what_is_there(finding: &mut Finding, run: &Run, access: &mut Access) {
    if finding.evidence.is_some() {
        return;
    }
    let seen = match finding.code {
        FindingCode::CfNoKey => names(run.survey().keys.iter().map(|key| key.name.as_str())),
        FindingCode::CfNoInstance => {
            let Access { runtime, session, .. } = access;
            // Without a response, the finding still applies.
            let listed = runtime.block_on(cf::instances(session, run.place(), false)).unwrap_or_default();
            names(listed.iter().map(|(instance, _)| instance.name.as_str()))
        }
        _ => return,
    };
    if !seen.is_empty() {
        finding.evidence = Some(seen.into());
    }
}

/// Asks to confirm the plan, unless confirmed by an option or nothing changes.
fn agreed(run: &Run, yes: bool, output: &mut Output<'_>) -> bool {
    let words = output.words().cf_command();
    if yes || !run.plan().changes_something() {
        return true;
    }
    let name = match run.goal() {
        Goal::DeleteInstance { instance } => instance,
        Goal::DeleteKey { key, .. } => key,
        _ => return ask::says_yes(words.agree(), output),
    };
    let typed = ask::line(&words.type_name(SafeText::line(name)), output).ok();
    let is_typed = typed.as_deref() == Some(name);
    if !is_typed {
        output.remark(words.not_typed());
    }
    is_typed
}

/// Tests the key: `None` for a key that cannot use the API.
fn test_key(
    work: &Work<'_>,
    run: &Run,
    access: &Access,
    cancel: &CancellationToken,
    output: &mut Output<'_>,
) -> Result<Option<TestReport>, Problem> {
    let (false, Some(credentials)) = (run.is_about_flows(), run.credentials()) else {
        return Ok(None);
    };
    let roles = work.roles.clone().or_else(|| run.roles()).unwrap_or_default();
    let input = KeyInput::of(new_key::read(credentials, Timestamp::now()));
    let watch = Watch { rows: Rows::Silent, cancel: Some(cancel.clone()) };
    let content = &work.context.content;
    live_test::examine(content, &input, &roles, access.net.clone(), work.wishes.way.allowed_hosts, watch, output)
        .map(Some)
}
