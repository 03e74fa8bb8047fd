//! A small model of a server, and of a runner before it, for the tests of the machine.

use super::*;
use crate::findings::ServerFindings;
use crate::grace::Grace;
use crate::journal::{Body, Entry, OperationId, StopConfirmed, fold};
use crate::kind::Kind;
use crate::operation::Delivery;
use crate::verdict::PastStops;
use quiesce_api::run::{LatestRun, RunRecord, RunStatus};
use quiesce_api::stop::{StopResult, StoppedRun};
use quiesce_api::{
    BatchResult, Error, ProgramRef, ProgramType, Refusal, Rows, RunId, RunRef, Seconds, Timestamp,
    TransportError, VersionId,
};
use std::collections::BTreeSet;

pub(super) const BEGAN: i64 = 1_000_000;

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(super) fn refusal(status: u16, message: &str) -> Error {
    Error::Refused(Refusal {
        status,
        kind: status.into(),
        message: message.to_owned(),
        auth_uris: Vec::new(),
    })
}

/// The message of a 403 for a program.
pub(super) fn forbidden(program: &ProgramRef) -> String {
    format!(
        "Principal 'alice' is not authorized to perform actions [EXECUTE] on entity 'application:{}'",
        program.application
    )
}

pub(super) fn lost() -> Error {
    Error::Transport(TransportError::Unreachable("connection reset".into()))
}

pub(super) fn program(name: &str) -> ProgramRef {
    ProgramRef::new("default", name, ProgramType::Worker, "Program")
}

pub(super) fn record(run: &str, version: &str) -> RunRecord {
    serde_json::from_value(serde_json::json!({
        "runid": run, "starting": BEGAN - 500, "start": BEGAN - 499, "status": "RUNNING", "version": version,
    }))
    .unwrap()
}

/// A run in the model.
#[derive(Clone, Debug)]
pub(super) struct ModelRun {
    pub program: ProgramRef,
    pub record: RunRecord,
    /// How many seconds it takes to end after the request.
    pub takes: i64,
    /// How many calls told it to stop while it was not stopping yet.
    pub told: u32,
}

/// What becomes of the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It works.
    Good,
    /// Nothing happens, and no answer comes.
    LostBefore,
    /// It works, and the answer is lost.
    LostAfter,
    /// Nothing happens, and the server fails.
    Fails,
    /// A token is wanted; nothing happens.
    Unauthenticated,
    /// A batch call ends with a 404 after this many programs; other calls work.
    AbortedAfter(usize),
    /// A batch call ends with a 403 for the program after this many; other calls work.
    ForbiddenAfter(usize),
}

/// A server, as far as a stop sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub now: i64,
    pub runs: Vec<ModelRun>,
    /// How far its clock is ahead.
    pub ahead: i64,
}

impl Model {
    pub fn new(runs: Vec<(ProgramRef, RunRecord, i64)>) -> Self {
        let runs = runs
            .into_iter()
            .map(|(program, record, takes)| ModelRun { program, record, takes, told: 0 })
            .collect();
        Self { now: BEGAN, runs, ahead: 0 }
    }

    pub fn find(&self, run: &RunRef) -> Option<&ModelRun> {
        self.runs.iter().find(|it| it.program == run.program && it.record.run == run.run)
    }

    /// Lets seconds pass.
    pub fn pass(&mut self, seconds: i64) {
        self.now += seconds;
        let now = self.now + self.ahead;
        for run in &mut self.runs {
            if run.record.status == RunStatus::Stopping
                && run.record.stopping.is_some_and(|stopping| now >= stopping.0 + run.takes)
            {
                run.record.status = RunStatus::Killed;
                run.record.end = Some(Seconds(now));
            }
        }
    }

    /// The latest run of a version: those alive first, newest first.
    fn latest(&self, program: &ProgramRef, version: &VersionId) -> Vec<RunRecord> {
        let runs = self.runs.iter().rev().filter(|run| run.program == *program);
        let runs = runs.filter(|run| run.record.version.as_ref() == Some(version));
        runs.min_by_key(|run| run.record.status.is_end()).map(|run| run.record.clone()).into_iter().collect()
    }

    fn tell(&mut self, grace: i64, reaches: impl Fn(&ModelRun) -> bool) -> Vec<RunRef> {
        let now = self.now + self.ahead;
        let mut told = Vec::new();
        for run in &mut self.runs {
            if reaches(run) && !run.record.status.is_end() {
                told.push(run.program.run(run.record.run.clone()));
                run.told += 1;
                if run.record.status != RunStatus::Stopping {
                    run.record.status = RunStatus::Stopping;
                    run.record.stopping = Some(Seconds(now));
                    run.record.terminate = Some(Seconds(now + grace));
                }
            }
        }
        told
    }

    /// Carries out a call as a server does.
    pub fn call(&mut self, stop: &StopCall, fate: Fate) -> Result<Rows<StopResult>, Error> {
        match fate {
            Fate::LostBefore => return Err(lost()),
            Fate::Fails => return Err(refusal(503, "No endpoint strategy found")),
            Fate::Unauthenticated => return Err(refusal(401, "")),
            Fate::Good | Fate::LostAfter | Fate::AbortedAfter(_) | Fate::ForbiddenAfter(_) => {}
        }
        let latest = VersionId::from("new");
        let result = match stop {
            StopCall::Run(stop) => {
                let alive = self.find(&stop.run).map(|run| run.record.status.clone());
                match alive {
                    Some(status) if !status.is_end() && status != RunStatus::Stopping => {
                        self.tell(300, |run| {
                            run.program == stop.run.program && run.record.run == stop.run.run
                        });
                        Ok(Rows::default())
                    }
                    _ => Err(refusal(400, "is not running.")),
                }
            }
            StopCall::Program(stop) => {
                let version = stop.version.clone().unwrap_or(latest);
                let told = self.tell(0, |run| {
                    run.program == stop.program && run.record.version.as_ref() == Some(&version)
                });
                if told.is_empty() { Err(refusal(400, "is not running.")) } else { Ok(Rows::default()) }
            }
            StopCall::Batch(stop) => {
                let mut rows = Rows::default();
                for (place, program) in stop.programs.iter().enumerate() {
                    if matches!(fate, Fate::AbortedAfter(after) if place >= after) {
                        return Err(refusal(404, "'applicationreference:default.nope' was not found."));
                    }
                    if matches!(fate, Fate::ForbiddenAfter(after) if place >= after) {
                        return Err(refusal(403, &forbidden(program)));
                    }
                    let told = self.tell(300, |run| {
                        run.program == *program && run.record.version.as_ref() == Some(&latest)
                    });
                    let element = |status_code, run: Option<RunId>, error: Option<&str>| BatchResult {
                        app_id: program.application.clone(),
                        program_type: program.program_type.clone(),
                        program_id: program.program.clone(),
                        status_code,
                        error: error.map(str::to_owned),
                        value: StoppedRun { run },
                    };
                    if told.is_empty() {
                        rows.good.push(element(400, None, Some("is not running.")));
                    }
                    rows.good.extend(told.into_iter().map(|run| element(200, Some(run.run), None)));
                }
                Ok(rows)
            }
        };
        if fate == Fate::LostAfter { Err(lost()) } else { result }
    }
}

/// The targets of all runs that are alive.
pub(super) fn targets(model: &Model) -> Vec<Target> {
    let target = |run: &ModelRun| Target {
        run: run.program.run(run.record.run.clone()),
        kind: Kind::Worker,
        record: run.record.clone(),
        older: run.record.version.as_ref().is_some_and(|version| version.as_str() != "new"),
        parent: None,
        facts: None,
        past: PastStops::default(),
    };
    model.runs.iter().filter(|run| !run.record.status.is_end()).map(target).collect()
}

/// A plan that stops all of it.
pub(super) fn plan(model: &Model, grace: Grace) -> StopPlan {
    let targets = targets(model);
    StopPlan {
        grace,
        whole: targets.iter().map(|target| target.run.program.clone()).collect(),
        targets,
        others: BTreeSet::new(),
        findings: ServerFindings::default(),
    }
}

/// A runner with its journal, before a model of a server.
pub(super) struct Runner {
    pub op: StopOperation,
    pub journal: Vec<Entry>,
    pub model: Model,
    /// Every call that was sent.
    pub sent: Vec<StopCall>,
    pub flying: StopInFlight,
    /// How many requests read many runs, and how many one run or program.
    pub batches: usize,
    pub reads: usize,
}

impl Runner {
    pub fn new(model: Model, plan: StopPlan) -> Self {
        let confirmed = at(model.now);
        let first = Body::StopConfirmed(StopConfirmed { confirmed: (confirmed, Box::new(plan.clone())) });
        let op = StopOperation::new(plan, confirmed);
        let mut runner = Self {
            op,
            journal: Vec::new(),
            model,
            sent: Vec::new(),
            flying: StopInFlight::default(),
            batches: 0,
            reads: 0,
        };
        runner.write(first);
        runner
    }

    fn write(&mut self, body: Body) {
        let entry = Entry::new(OperationId("op".into()), self.journal.len() as u64, body);
        // Through text, as a browser's storage does it.
        let text = serde_json::to_string(&entry).unwrap();
        self.journal.push(serde_json::from_str(&text).unwrap());
    }

    pub fn feed(&mut self, event: Event) {
        if self.op.apply(&event) {
            self.write(event.into());
        }
    }

    /// The page is gone; another takes up the journal.
    pub fn crash(&mut self) {
        let folded = fold::<StopOperation>(self.journal.clone()).unwrap();
        assert!(folded.unknown.is_empty());
        self.op = folded.operation;
        self.feed(Event::Resumed { at: at(self.model.now) });
    }

    /// Does what is to do until nothing is left or this many rounds are over. `fate` says what becomes of calls and
    /// reads; `crashes` whether the page dies between the intent and the answer.
    pub fn run(&mut self, rounds: usize, mut fate: impl FnMut() -> (Fate, bool)) {
        for _ in 0..rounds {
            let effects = self.op.effects(&self.flying, at(self.model.now));
            if effects.is_empty() {
                self.model.pass(1);
                self.feed(Event::SignedIn { at: at(self.model.now) });
                continue;
            }
            for effect in effects {
                match effect {
                    Effect::Done => return,
                    Effect::Wait(milliseconds) => {
                        self.model.pass(i64::from(milliseconds).div_euclid(1000).max(1));
                    }
                    effect => {
                        let (fate, crash) = fate();
                        self.carry_out(effect, (fate, crash));
                        if crash {
                            self.crash();
                            break;
                        }
                    }
                }
            }
        }
    }

    fn carry_out(&mut self, effect: Effect, (fate, crash): (Fate, bool)) {
        let readable = |fate: Fate| match fate {
            Fate::LostBefore | Fate::LostAfter => Err(lost()),
            Fate::Fails => Err(refusal(503, "")),
            Fate::Unauthenticated => Err(refusal(401, "")),
            Fate::Good | Fate::AbortedAfter(_) | Fate::ForbiddenAfter(_) => Ok(()),
        };
        match effect {
            Effect::Check(program) => {
                self.reads += 1;
                let records =
                    self.model.runs.iter().filter(|run| run.program == program).map(|run| run.record.clone());
                let result = readable(fate).map(|()| records.collect());
                self.feed(Event::Checked { at: at(self.model.now), program, result });
            }
            Effect::Read(target) => {
                self.reads += 1;
                self.flying.unnamed.remove(&target);
                let run = self.op.plan.targets[target].run.clone();
                let result = readable(fate).and_then(|()| {
                    self.model
                        .find(&run)
                        .map(|run| run.record.clone())
                        .ok_or_else(|| refusal(404, "No run record"))
                });
                self.feed(Event::Read { at: at(self.model.now), target, result });
            }
            Effect::ReadLatest(read, places) => {
                self.batches += 1;
                let latest = VersionId::from("new");
                let answer = |program: &ProgramRef| BatchResult {
                    app_id: program.application.clone(),
                    program_type: program.program_type.clone(),
                    program_id: program.program.clone(),
                    status_code: 200,
                    error: None,
                    value: LatestRun { runs: self.model.latest(program, &latest) },
                };
                let mut rows = Rows { good: read.programs.iter().map(answer).collect(), ..Rows::default() };
                let result = match fate {
                    Fate::AbortedAfter(after) => {
                        rows.good.truncate(after);
                        Ok(rows)
                    }
                    _ => readable(fate).map(|()| rows),
                };
                for event in self.op.batch_read(&mut self.flying, at(self.model.now), &places, result) {
                    self.feed(event);
                }
            }
            Effect::Send { call, stop, targets } => {
                self.is_allowed(&stop, &targets);
                self.feed(Event::Sending { at: at(self.model.now), call, stop: stop.clone(), targets });
                let intents = self.journal.iter().filter(|entry| {
                    matches!(&entry.body, Body::Stop(event) if matches!(&event.stop, Event::Sending { call: it, .. } if *it == call))
                });
                assert_eq!(intents.count(), 1, "one intent before each call");
                self.sent.push(stop.clone());
                let result = self.model.call(&stop, fate);
                self.model.pass(1);
                if !crash {
                    self.feed(Event::Answered { at: at(self.model.now), call, result });
                }
            }
            Effect::ReadLog(..) | Effect::Wait(_) | Effect::Done => {}
        }
    }

    /// What must hold of every call, whatever happened before.
    fn is_allowed(&self, stop: &StopCall, targets: &[usize]) {
        assert!(!targets.is_empty());
        for place in targets {
            let run = &self.op.runs[*place];
            assert!(!run.record.status.is_end(), "no call for a run after its end: {stop:?}");
            assert!(run.record.status != RunStatus::Stopping, "no call for a run that is stopping: {stop:?}");
        }
        if let StopCall::Batch(_) = stop {
            for run in &self.op.runs {
                let unread = matches!(run.delivery, Delivery::InDoubt(_)) && !run.is_read_since;
                assert!(!unread, "a batch call is sent although a run in doubt was not read");
            }
        }
        let named: BTreeSet<_> = targets.iter().map(|place| &self.op.plan.targets[*place].run).collect();
        assert_eq!(named.len(), targets.len(), "each run once");
    }
}
