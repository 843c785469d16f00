//! How a step handles the responses to its requests.

use std::time::Duration;

use super::{
    Event, Existing, ExistingState, Hindrance, LONGEST_PAUSE, Run, StepName,
    state::Facts,
    thing::{credentials, existing_instance, existing_key, key_type},
    work::{At, Progress, Sent, Work},
};
use crate::domain::{
    cf::{
        call::Reply,
        goal::Goal,
        plan::Kind,
        refusal::{During, Refusal, not_the_api, operation_failed, passing, refusal, waits_for_key},
        resource::{self, Instance, Operation, OperationKind, OperationState, ServiceKey},
    },
    finding::{Finding, FindingCode},
    sap::key_parameters::KeyType,
    text::{safe_text::SafeText, secret::Secret},
};

/// The maximum number of attempts of a request that changes something. Before each retry, a read verifies that the
/// previous one had no effect.
const SENDINGS: u32 = 3;
/// The number of reads before a resource counts as absent after a request without a response.
const ABSENCES: u32 = 2;
/// The maximum number of consecutive failed reads while waiting.
const MISSES: u32 = 8;
/// The maximum number of reads of credentials that do not exist yet.
const READS: u32 = 20;
/// The maximum number of tests of a key that may pass later.
const TESTS: u32 = 5;
/// The pause between tests: five tests within a minute.
const TEST_PAUSE: Duration = Duration::from_secs(12);
/// The pause before retrying a busy resource.
const BUSY_PAUSE: Duration = Duration::from_secs(5);

impl Work {
    // --- handling responses

    pub(super) fn take(&mut self, event: Event, run: &mut Run) -> Progress {
        match event {
            Event::Waited => {
                let pause = self.pause.take().unwrap_or_default();
                self.waited += pause;
                run.facts.waited += pause;
                self.hindrance.take_if(|hindrance| *hindrance == Hindrance::NewKey);
                Progress::Goes
            }
            Event::Reply(reply) if self.pause.is_none() => match self.at {
                At::Look => self.looked(reply, run),
                At::Send => self.answered(reply, run),
                At::Watch => self.watched(reply, run),
                At::Reason => self.explained(reply, run),
                At::Read => self.read(reply, run),
                At::Test | At::HandOver | At::Finished => Progress::Goes,
            },
            Event::Tested { passed, may_pass_later } if self.at == At::Test => self.tested(passed, may_pass_later, run),
            Event::HandedOver(true) if self.at == At::HandOver => self.finish(),
            Event::HandedOver(false) if self.at == At::HandOver => Progress::Ends(Vec::new()),
            _ => Progress::Goes,
        }
    }

    fn finish(&mut self) -> Progress {
        self.hindrance = None;
        self.at = At::Finished;
        self.pause = None;
        Progress::Goes
    }

    /// Continues at `at` after a pause, if there is time left.
    fn go_on(&mut self, at: At, pause: Duration, run: &Run, out_of_time: FindingCode) -> Progress {
        if run.facts.waited + pause > run.options.wait {
            return Progress::Ends(vec![self.about(out_of_time)]);
        }
        self.at = at;
        self.pause = Some(pause).filter(|pause| !pause.is_zero());
        Progress::Goes
    }

    fn about(&self, code: FindingCode) -> Finding {
        // The text of a rate limit names the time, not the resource.
        let finding = match code {
            FindingCode::CfRateLimited => Finding::cf(code),
            code => Finding::cf(code).about(SafeText::line(&self.thing)),
        };
        match &self.said {
            Some(said) if !said.is_empty() => finding.seen(said.clone()),
            _ => finding,
        }
    }

    /// Sets the subject of a refusal: the place or the resource.
    fn naming(&self, finding: Finding, run: &Run) -> Finding {
        let name = match finding.code {
            FindingCode::CfNotDeveloper => &run.place.space.name,
            FindingCode::CfOrgSuspended => &run.place.org.name,
            // The text names the address or the time.
            FindingCode::CfNotAnApi | FindingCode::CfRateLimited => return finding,
            _ => &self.thing,
        };
        if name.is_empty() { finding } else { finding.about(SafeText::line(name)) }
    }

    /// The request was sent several times without effect.
    fn without_answer(&mut self) -> Progress {
        ends(self.fault.take().unwrap_or_else(|| self.about(FindingCode::CfUnavailable)))
    }

    /// The response to a read by name or, for changes and deletions, by id.
    fn looked(&mut self, reply: Reply, run: &mut Run) -> Progress {
        let response = match reply {
            Reply::Answer(response) if response.is_success() => response,
            Reply::Answer(response) if response.is_absence() && self.is_deletion() => return self.gone(run),
            other => return self.missed(other, run),
        };
        self.misses = 0;
        // It is unknown whether SAP received the request until its effect shows.
        self.hindrance.take_if(|hindrance| *hindrance != Hindrance::NoAnswer);
        match (self.operation(), self.kind()) {
            (OperationKind::Create, Kind::Instance) => {
                let Some(page) = resource::read_instances(&response) else {
                    return ends(not_the_api(&response));
                };
                let here = page.entries.into_iter().map(|listed| listed.instance);
                let there = here.into_iter().find(|instance| instance.space == run.place.space.guid);
                self.found_instance(there, run)
            }
            (OperationKind::Create, Kind::Key) => {
                let Some(page) = resource::read_keys(&response) else { return ends(not_the_api(&response)) };
                let there = page.entries.into_iter().find(|key| key.name == self.thing);
                self.found_key(there, run)
            }
            (_, Kind::Instance) => {
                let Some(instance) = resource::read_instance(&response) else {
                    return ends(not_the_api(&response));
                };
                run.facts.note(Existing { name: self.thing.clone(), ..existing_instance(&instance) });
                let is_wanted = run.goal.parameters().and_then(|wanted| instance.marks.has(wanted)) == Some(true);
                if is_wanted && instance.operation.is(OperationKind::Update, OperationState::Succeeded) {
                    // The operation that was running when the plan was made was this change.
                    return self.finish();
                }
                self.found_operation(&instance.operation, run)
            }
            (_, Kind::Key) => {
                let Some(key) = resource::read_key(&response) else { return ends(not_the_api(&response)) };
                run.facts.note(Existing { name: self.thing.clone(), ..existing_key(&key) });
                self.found_operation(&key.operation, run)
            }
        }
    }

    fn found_instance(&mut self, there: Option<Instance>, run: &mut Run) -> Progress {
        let Some(instance) = there else { return self.absent(run) };
        run.facts.note(existing_instance(&instance));
        let is_failed = instance.operation.is(OperationKind::Create, OperationState::Failed);
        let is_wanted = run.goal.parameters().and_then(|wanted| instance.marks.has(wanted)) == Some(true);
        self.found(&instance.guid, is_failed, is_wanted, &instance.operation, run)
    }

    fn found_key(&mut self, there: Option<ServiceKey>, run: &mut Run) -> Progress {
        let Some(key) = there else { return self.absent(run) };
        run.facts.note(existing_key(&key));
        let is_failed = key.operation.is(OperationKind::Create, OperationState::Failed);
        let is_wanted = key.marks.made_by_us && key.operation.kind == OperationKind::Create;
        self.found(&key.guid, is_failed, is_wanted, &key.operation, run)
    }

    /// A resource with that name exists: ours, a failed one that the next request replaces, or somebody else's.
    fn found(
        &mut self,
        guid: &str,
        is_failed: bool,
        is_wanted: bool,
        operation: &Operation,
        run: &mut Run,
    ) -> Progress {
        if self.sent == Sent::No && is_failed && !self.name_was_taken {
            self.before = Some(operation.clone());
            self.at = At::Send;
            return Progress::Goes;
        }
        // The previous one: the request did not arrive, or its effect does not show yet.
        if is_failed && self.is_from_before(operation) {
            return self.absent(run);
        }
        if self.sent == Sent::No && !is_wanted {
            return ends(self.about(FindingCode::CfNameTaken));
        }
        self.hindrance = None;
        self.guid = Some(guid.to_owned());
        match self.kind() {
            Kind::Instance => run.facts.instance = self.guid.clone(),
            Kind::Key => run.facts.key = self.guid.clone(),
        }
        self.at = At::Watch;
        self.judge(operation, run)
    }

    /// Whether this is still the operation from before the request. The time alone does not tell: it has seconds only.
    fn is_from_before(&self, operation: &Operation) -> bool {
        self.sent != Sent::No && self.before.as_ref() == Some(operation)
    }

    /// No resource with that name exists.
    fn absent(&mut self, run: &mut Run) -> Progress {
        self.absences += 1;
        match self.sent {
            Sent::No if self.name_was_taken => ends(self.about(FindingCode::CfNameTaken)),
            Sent::No => {
                self.at = At::Send;
                Progress::Goes
            }
            Sent::Perhaps if self.absences < ABSENCES => {
                self.go_on(At::Look, Duration::from_secs(3), run, FindingCode::CfStillGoing)
            }
            Sent::Perhaps if self.sendings >= SENDINGS => {
                run.facts.forget_unknown(self.kind(), &self.thing);
                self.without_answer()
            }
            Sent::Perhaps => {
                run.facts.forget_unknown(self.kind(), &self.thing);
                self.sent = Sent::No;
                self.absences = 0;
                self.at = At::Send;
                Progress::Goes
            }
            // Accepted, but not listed yet: another node of the platform may have responded.
            Sent::Yes if self.absences < MISSES => {
                self.go_on(At::Look, Duration::from_secs(1), run, FindingCode::CfStillGoing)
            }
            Sent::Yes => {
                run.facts.forget_unknown(self.kind(), &self.thing);
                ends(self.about(FindingCode::CfVanished))
            }
        }
    }

    /// The state of a resource to change or delete.
    fn found_operation(&mut self, operation: &Operation, run: &mut Run) -> Progress {
        let is_ours = operation.kind == self.operation()
            && (operation.is_running() || self.before.as_ref().is_some_and(|before| before != operation));
        if self.sent != Sent::No && is_ours
            || self.is_deletion() && operation.is(OperationKind::Delete, OperationState::InProgress)
        {
            self.at = At::Watch;
            return self.judge(operation, run);
        }
        if operation.is_running() {
            // A resource that is being created is never deleted: some brokers leave it in that state forever.
            if self.is_deletion() && operation.kind == OperationKind::Create {
                return ends(self.about(FindingCode::CfBusy));
            }
            self.hindrance = Some(Hindrance::Busy);
            return self.go_on(At::Look, BUSY_PAUSE, run, FindingCode::CfBusy);
        }
        if self.sendings >= SENDINGS {
            return self.without_answer();
        }
        self.before = Some(operation.clone());
        self.at = At::Send;
        Progress::Goes
    }

    /// The response to the request that creates, changes or deletes.
    fn answered(&mut self, reply: Reply, run: &mut Run) -> Progress {
        self.sendings += 1;
        self.hindrance = None;
        match reply {
            Reply::Answer(response) if response.accepts() => {
                run.facts.changed = true;
                self.sent = Sent::Yes;
                self.absences = 0;
                self.job = response.location;
                self.note_asked(run);
                run.facts.note_request(self.kind(), &self.thing, response.request_id);
                self.at = if self.operation() == OperationKind::Create { At::Look } else { At::Watch };
                Progress::Goes
            }
            Reply::Answer(response) if response.is_success() => self.perhaps(not_the_api(&response), run),
            Reply::Answer(response) if response.is_absence() && self.is_deletion() => self.gone(run),
            Reply::Answer(response) => match refusal(self.during(), &response) {
                Refusal::Busy(_) => {
                    self.sendings -= 1;
                    self.hindrance = Some(Hindrance::Busy);
                    self.go_on(At::Look, BUSY_PAUSE, run, FindingCode::CfBusy)
                }
                Refusal::RateLimited(finding, pause) => {
                    self.sendings -= 1;
                    self.hindrance = Some(Hindrance::Limit);
                    let pause = pause.unwrap_or(BUSY_PAUSE);
                    if pause > LONGEST_PAUSE {
                        return ends(finding);
                    }
                    self.go_on(At::Look, pause, run, FindingCode::CfRateLimited)
                }
                Refusal::NameTaken(finding) if self.name_was_taken => ends(finding),
                Refusal::NameTaken(_) => {
                    self.name_was_taken = true;
                    self.at = At::Look;
                    Progress::Goes
                }
                Refusal::Unavailable(finding) => self.perhaps(finding, run),
                Refusal::Gone(finding) | Refusal::SessionEnded(finding) | Refusal::Final(finding) => {
                    ends(self.naming(finding, run))
                }
            },
            Reply::Lost(finding) => self.perhaps(finding, run),
            Reply::SessionEnded(finding) => ends(finding),
        }
    }

    /// The request may have been performed: check.
    fn perhaps(&mut self, fault: Finding, run: &mut Run) -> Progress {
        self.fault = Some(fault);
        self.hindrance = Some(Hindrance::NoAnswer);
        run.facts.changed = true;
        self.sent = Sent::Perhaps;
        self.absences = 0;
        self.note_asked(run);
        self.go_on(At::Look, Duration::from_secs(2), run, FindingCode::CfStillGoing)
    }

    /// Records the request.
    fn note_asked(&self, run: &mut Run) {
        if self.operation() != OperationKind::Create {
            return;
        }
        run.facts.note(Existing {
            kind: self.kind(),
            name: self.thing.clone(),
            guid: None,
            state: if self.sent == Sent::Yes { ExistingState::Creating } else { ExistingState::Unknown },
            made_by_us: run.options.labels,
            updated: None,
            request_id: None,
        });
    }

    /// The response to a read of the running operation.
    fn watched(&mut self, reply: Reply, run: &mut Run) -> Progress {
        let response = match reply {
            Reply::Answer(response) if response.is_success() => response,
            Reply::Answer(response) if response.is_absence() => {
                return if self.is_deletion() {
                    self.gone(run)
                } else {
                    run.facts.forget(self.kind(), &self.thing);
                    ends(self.about(FindingCode::CfVanished))
                };
            }
            other => return self.missed(other, run),
        };
        self.misses = 0;
        self.hindrance = None;
        let operation = match self.kind() {
            Kind::Instance => resource::read_instance(&response).map(|instance| {
                run.facts.note(Existing { name: self.thing.clone(), ..existing_instance(&instance) });
                instance.operation
            }),
            Kind::Key => resource::read_key(&response).map(|key| {
                run.facts.note(Existing { name: self.thing.clone(), ..existing_key(&key) });
                key.operation
            }),
        };
        match operation {
            Some(operation) => self.judge(&operation, run),
            None => ends(not_the_api(&response)),
        }
    }

    /// Decides the step by the last operation.
    fn judge(&mut self, operation: &Operation, run: &mut Run) -> Progress {
        let said = SafeText::line(operation.description.trim());
        self.said = Some(said).filter(|said| !said.is_empty());
        match operation.state {
            OperationState::InProgress => self.watch_on(run),
            // The old state: the request does not show yet.
            OperationState::Succeeded if self.is_deletion() || self.is_from_before(operation) => self.watch_on(run),
            OperationState::Succeeded => self.finish(),
            OperationState::Failed
                if self.is_deletion() && waits_for_key(&operation.description) && self.sendings < SENDINGS =>
            {
                self.hindrance = Some(Hindrance::Busy);
                self.go_on(At::Look, BUSY_PAUSE, run, FindingCode::CfDeleteFailed)
            }
            OperationState::Failed if self.said.is_none() && self.job.is_some() => {
                self.at = At::Reason;
                Progress::Goes
            }
            OperationState::Failed => self.failed(&operation.description),
        }
    }

    /// It has no result yet.
    fn watch_on(&mut self, run: &Run) -> Progress {
        self.looks += 1;
        self.go_on(At::Watch, self.next_look(), run, FindingCode::CfStillGoing)
    }

    /// The job's reason, if the resource gives none.
    fn explained(&mut self, reply: Reply, run: &mut Run) -> Progress {
        match reply {
            Reply::Answer(response) if response.is_success() => {
                let said = response.error().map(|error| error.detail).unwrap_or_default();
                self.failed(&said)
            }
            // A job expires after a while; then there is no reason.
            Reply::Answer(response) if response.is_absence() => self.failed(""),
            other => self.missed(other, run),
        }
    }

    fn failed(&self, description: &str) -> Progress {
        let mut findings = vec![operation_failed(self.during(), description)];
        if self.name == StepName::UpdateInstance {
            findings.push(Finding::cf(FindingCode::CfUpdateFailed).about(SafeText::line(&self.thing)));
        }
        Progress::Ends(findings)
    }

    /// A failed read. Reads change nothing, so they are simply retried.
    fn missed(&mut self, reply: Reply, run: &mut Run) -> Progress {
        self.misses += 1;
        let (finding, asked) = match passing(self.during(), reply) {
            Ok(passing) => passing,
            Err(finding) => return ends(self.naming(finding, run)),
        };
        let pause = asked.unwrap_or(Duration::from_secs(u64::from(self.misses.min(5))));
        self.hindrance = Some(Hindrance::of(&finding));
        if self.misses > MISSES || pause > LONGEST_PAUSE {
            return ends(finding);
        }
        self.go_on(self.at.clone(), pause, run, FindingCode::CfStillGoing)
    }

    /// It is deleted.
    fn gone(&mut self, run: &mut Run) -> Progress {
        run.facts.changed = true;
        run.facts.forget(self.kind(), &self.thing);
        self.finish()
    }

    /// The response with the credentials.
    fn read(&mut self, reply: Reply, run: &mut Run) -> Progress {
        match reply {
            Reply::Answer(response) if response.is_success() => match credentials(&response) {
                Some(credentials) => {
                    self.compare_type(&credentials, run);
                    run.facts.credentials = Some(credentials);
                    self.finish()
                }
                None => ends(not_the_api(&response)),
            },
            Reply::Answer(response) if response.is_absence() => match refusal(During::ReadKey, &response) {
                Refusal::Busy(finding) => {
                    self.looks += 1;
                    if self.looks >= READS {
                        return ends(finding);
                    }
                    self.go_on(At::Read, self.next_look(), run, FindingCode::CfKeyNotReadableYet)
                }
                other => ends(other.finding()),
            },
            other => self.missed(other, run),
        }
    }

    /// Unknown parameters are silently ignored, so the created key is compared with the request.
    fn compare_type(&self, credentials: &Secret, run: &mut Run) {
        let Some(key) = run.goal.key() else { return };
        let came = key_type(credentials);
        if came.is_some_and(|came| came != key.key_type) {
            let came = came.map_or("", KeyType::title);
            let finding = self.about(FindingCode::CfKeyOtherType).seen(SafeText::line(came));
            run.remarks.push(finding);
        }
    }

    fn tested(&mut self, passed: bool, may_pass_later: bool, run: &mut Run) -> Progress {
        run.test = Some(passed);
        self.looks += 1;
        let is_new = run.works.iter().any(|work| work.name == StepName::MakeKey);
        if !passed && may_pass_later && is_new && self.looks < TESTS {
            self.pause = Some(TEST_PAUSE);
            self.hindrance = Some(Hindrance::NewKey);
            return Progress::Goes;
        }
        // A key that fails must not replace a working one.
        if !passed && matches!(run.goal, Goal::Rotate(_)) {
            return Progress::Ends(Vec::new());
        }
        self.finish()
    }

    /// The pause before the next look: quick at first, since keys often come at once, then as the platform itself looks.
    fn next_look(&self) -> Duration {
        match self.looks {
            0..=1 => Duration::from_millis(250),
            2 => Duration::from_millis(500),
            3..=6 => Duration::from_secs(1),
            _ if self.waited < Duration::from_secs(60) => Duration::from_secs(3),
            _ => Duration::from_secs(5),
        }
    }
}

impl Facts {
    /// A requested resource without a response turned out not to exist.
    fn forget_unknown(&mut self, kind: Kind, name: &str) {
        self.exists.retain(|known| known.kind != kind || known.name != name || known.guid.is_some());
    }
}

fn ends(finding: Finding) -> Progress {
    Progress::Ends(vec![finding])
}
