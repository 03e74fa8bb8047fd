//! A server with an operation before it, the journal, and a runner that does what the operation wants.

use super::server::*;
use crate::backup::{Found, Summary};
use crate::drain_log::{DrainEvidence, DrainLog, NoEvidence};
use crate::findings::ServerFindings;
use crate::journal::{Body, Entry, OperationId, UpgradePlanned as ChosenBody, fold};
use crate::stop;
use crate::upgrade::*;
use quiesce_api::upgrade::Candidates;
use quiesce_api::{Error, ProgramRef, Timestamp};
use std::rc::Rc;

/// An entry of the journal with those before it.
pub(crate) struct Line {
    event: Event,
    before: Option<Rc<Line>>,
}

/// What the tests know beside the machine.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct Observations {
    pub step: u32,
    /// When each application was last read in depth, and its program's runs.
    pub looked: Vec<u32>,
    pub runs_read: Vec<u32>,
    /// The versions that the last backup has; `None`: not in it.
    pub backup: Option<Vec<Option<u32>>>,
    pub retries: u32,
    /// The applications whose last request had no answer.
    pub unanswered: Vec<usize>,
}

/// A server, an operation before it, and the journal.
#[derive(Clone)]
pub(crate) struct ModelState {
    pub op: UpgradeOperation,
    pub server: Server,
    pub ghost: Observations,
    pub journal: Option<Rc<Line>>,
    /// How many waits in a row changed nothing.
    pub waited: u32,
    /// What must not be and was.
    pub wrong: Option<String>,
}

pub(crate) fn plan(server: &Server, list: bool) -> UpgradePlan {
    let mut applications = Vec::new();
    for app in &server.apps {
        applications.push(PlannedApp {
            namespace: "default".into(),
            application: app.name.into(),
            version: version(app.version),
            from: artifact(app, OLD),
            to: artifact(app, NEW),
            way: if app.streams { UpgradeMethod::Redeploy } else { UpgradeMethod::Upgrade },
        });
    }
    let (candidates, findings) = (Candidates::default(), ServerFindings::default());
    UpgradePlan { candidates, list, applications, findings }
}

impl ModelState {
    pub(crate) fn new(server: Server, plan: UpgradePlan) -> Self {
        let op = UpgradeOperation::new(plan, at(server.now));
        let apps = server.apps.len();
        let ghost =
            Observations { looked: vec![0; apps], runs_read: vec![0; apps], ..Observations::default() };
        Self { op, server, ghost, journal: None, waited: 0, wrong: None }
    }

    pub(crate) fn now(&self) -> Timestamp {
        at(self.server.now)
    }

    pub(crate) fn feed(&mut self, event: Event) {
        if self.op.apply(&event) {
            self.journal = Some(Rc::new(Line { event, before: self.journal.take() }));
            self.waited = 0;
        }
    }

    /// What happened, the newest last.
    pub(crate) fn story(&self) -> String {
        let mut lines = Vec::new();
        let mut line = self.journal.as_deref();
        while let Some(it) = line {
            lines.push(format!("{:.200?}", it.event.kind));
            line = it.before.as_deref();
        }
        lines.reverse();
        lines.join("\n")
    }

    /// The page is gone; another takes up the journal. The state without what the journal does not keep is the
    /// fold over the journal, which `through_text` holds verbatim.
    pub(crate) fn crash(&mut self, through_text: bool) {
        kept(&mut self.op);
        if through_text {
            let entries = self.entries().into_iter().map(|entry| {
                let text = serde_json::to_string(&entry).unwrap();
                serde_json::from_str::<Entry>(&text).unwrap()
            });
            let mut folded = fold::<UpgradeOperation>(entries).unwrap();
            assert!(folded.unknown.is_empty());
            kept(&mut folded.operation);
            assert_eq!(folded.operation, self.op, "the journal tells the whole state\n{}", self.story());
        }
        self.feed(Event::new(self.now(), EventKind::Resumed));
    }

    /// Goes on until nothing is left to do. The operator takes the decision that `choose` points at.
    pub(crate) fn run(&mut self, choose: impl Fn(&[Event]) -> usize, fate: impl Fn(&Effect) -> Fate) {
        for _ in 0..30_000 {
            if !self.one(&choose, &fate) {
                return;
            }
            assert!(self.wrong.is_none(), "{:?}\n{}", self.wrong, self.story());
        }
        panic!("it does not end\n{}", self.story());
    }

    /// The next thing, as it comes.
    pub(crate) fn step(&mut self) {
        self.one(&|decisions: &[Event]| decisions.len().wrapping_sub(1), &|_: &Effect| Fate::Good);
    }

    /// What to do now. The readings of many applications can come in any order, with anything in between, so each
    /// is one of its own.
    pub(crate) fn effects(&self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for effect in self.op.effects(&UpgradeInFlight::default(), self.now()) {
            match effect {
                Effect::ReadApplications { places, depth } => {
                    effects.extend(places.into_iter().map(|place| Effect::ReadApplication { place, depth }));
                }
                effect => effects.push(effect),
            }
        }
        effects
    }

    pub(crate) fn one(
        &mut self,
        choose: &impl Fn(&[Event]) -> usize,
        fate: &impl Fn(&Effect) -> Fate,
    ) -> bool {
        let effects = self.effects();
        match effects.first() {
            Some(Effect::Done) => return false,
            Some(Effect::Wait(_)) | None => {
                let decisions = super::decisions(self);
                match (decisions.get(choose(&decisions)), effects.first()) {
                    (Some(event), _) => self.feed(event.clone()),
                    (None, Some(wait)) => self.carry_out(wait, Fate::Good),
                    (None, None) => panic!("nothing goes on: {:?}\n{}", self.op.can_continue(), self.story()),
                }
            }
            Some(effect) => self.carry_out(effect, fate(effect)),
        }
        true
    }

    /// The entries of the journal.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let mut events = Vec::new();
        let mut line = self.journal.as_deref();
        while let Some(it) = line {
            events.push(it.event.clone());
            line = it.before.as_deref();
        }
        let chosen = ChosenBody { chosen: (self.op.begun, Box::new(self.op.plan.clone())) };
        let bodies =
            std::iter::once(Body::UpgradePlanned(chosen)).chain(events.into_iter().rev().map(Body::from));
        bodies.zip(0..).map(|(body, seq)| Entry::new(OperationId("u".into()), seq, body)).collect()
    }

    pub(crate) fn tick(&mut self) -> u32 {
        self.ghost.step += 1;
        self.ghost.step
    }

    /// Does an effect, as a runner does.
    pub(crate) fn carry_out(&mut self, effect: &Effect, fate: Fate) {
        let now = self.now();
        let readable = match fate {
            Fate::LostBefore | Fate::LostAfter => Err(lost()),
            Fate::SignIn => Err(refusal(401)),
            Fate::Away => Err(refusal(503)),
            Fate::No => Err(refusal(404)),
            _ => Ok(()),
        };
        let step = self.tick();
        match effect {
            Effect::ReadApplication { place, depth } => {
                if readable.is_ok() && *depth != Depth::Version {
                    self.ghost.looked[*place] = step;
                }
                let look = readable.map(|()| self.server.look(*place, *depth));
                self.feed(Event::application_read(now, *place, look));
            }
            Effect::ReadApplications { .. } => panic!("its readings come one by one"),
            Effect::Send { call, places } => self.send(*call, places, fate),
            Effect::ReadSchedule(place) => {
                let on = readable.map(|()| self.server.schedules[scheduled(&self.op, *place)].on);
                self.feed(Event::schedule_read(now, *place, on));
            }
            Effect::ReadRun(place, run) => {
                let record = readable.and_then(|()| self.server.record(run));
                self.feed(Event::run_read(now, *place, record));
            }
            Effect::Watch(place, run) => {
                let record = readable.and_then(|()| self.server.record(run));
                let caught = record.is_ok();
                self.feed(Event::run_read(now, *place, record));
                if caught {
                    self.feed(Event::new(now, EventKind::Application(AppIndex(*place), AppEvent::CaughtUp)));
                }
            }
            Effect::ReadRuns(place, program) => {
                let app = self.app(program);
                if readable.is_ok() {
                    self.ghost.runs_read[app] = step;
                }
                let records = self.server.runs.iter().filter(|run| run.app == app);
                let records = records.map(|run| run.record.clone()).collect();
                self.feed(Event::runs_read(now, *place, readable.map(|()| records)));
            }
            Effect::Stop(effect) => self.stop(effect, fate),
            Effect::MakeBackup => {
                let mut found = Vec::new();
                let mut has = Vec::new();
                for (place, app) in self.server.apps.iter().enumerate() {
                    let missing = fate == Fate::Hollow && place == 0;
                    has.push((!missing).then_some(app.version));
                    if !missing {
                        let (application, version) = (app.name.into(), version(app.version));
                        found.push(Found {
                            namespace: None,
                            application,
                            version,
                            configuration: "c".into(),
                        });
                    }
                }
                let (file, sha256) = ("b.zip".to_owned(), String::new());
                let records = found.len();
                let summary = Summary { file, bytes: 1, sha256, confirmed: true, records, found };
                if readable.is_ok() {
                    self.ghost.backup = Some(has);
                }
                let result = readable.map(|()| summary).map_err(BackupFailure::ExportUnread);
                self.feed(Event::backed_up(now, result));
            }
            Effect::SaveBackup => {
                let saved = readable.map_err(|error| BackupFailure::NotStored(error.to_string()));
                self.feed(Event::saved(now, saved));
            }
            Effect::Wait(milliseconds) => {
                self.waited += 1;
                self.server.pass(i64::from(*milliseconds).div_euclid(1000).max(1));
            }
            Effect::Done => {}
        }
    }

    pub(crate) fn app(&self, program: &ProgramRef) -> usize {
        let name = program.application.as_str();
        self.server.apps.iter().position(|app| app.name == name).unwrap()
    }

    pub(crate) fn stop(&mut self, effect: &stop::Effect, fate: Fate) {
        let now = self.now();
        let event = match effect {
            stop::Effect::Check(program) => {
                let app = self.app(program);
                let records = self.server.runs.iter().filter(|run| run.app == app);
                let result = Ok(records.map(|run| run.record.clone()).collect());
                stop::Event::Checked { at: now, program: program.clone(), result }
            }
            stop::Effect::Read(target) => {
                let run = &self.op.current_stop().unwrap().plan.targets[*target].run;
                let result = self.server.record(run);
                stop::Event::Read { at: now, target: *target, result }
            }
            stop::Effect::ReadLatest(_, places) => {
                for place in places.clone() {
                    let current = self.op.current_stop().unwrap();
                    let program = current.plan.targets[place].run.program.clone();
                    let is_checked = current.checked.contains(&program);
                    let single =
                        if is_checked { stop::Effect::Read(place) } else { stop::Effect::Check(program) };
                    self.stop(&single, fate);
                }
                return;
            }
            stop::Effect::ReadLog(target, logs) => {
                let run = self.server.runs.iter().find(|run| run.record.run == logs.run.run).unwrap();
                let sign = if run.drains {
                    DrainEvidence::Drained { late: false }
                } else {
                    DrainEvidence::Silent(NoEvidence::NoLine)
                };
                let log = DrainLog { sign, quotes: Vec::new(), problem: None };
                stop::Event::LogRead { at: now, target: *target, log, last: true }
            }
            stop::Effect::Send { call, stop, targets } => {
                let sending = stop::Event::Sending {
                    at: now,
                    call: *call,
                    stop: stop.clone(),
                    targets: targets.clone(),
                };
                self.feed(Event::stop(sending));
                let result = match fate {
                    Fate::LostBefore => Err(lost()),
                    Fate::CrashBefore => return self.crash(false),
                    Fate::Away => Err(refusal(503)),
                    Fate::SignIn => Err(refusal(401)),
                    Fate::LostAfter | Fate::CrashAfter => {
                        let _ = self.server.stop(stop);
                        Err(lost())
                    }
                    _ => self.server.stop(stop),
                };
                if fate == Fate::CrashAfter {
                    return self.crash(false);
                }
                stop::Event::Answered { at: now, call: *call, result }
            }
            stop::Effect::Wait(_) | stop::Effect::Done => return,
        };
        self.feed(Event::stop(event));
    }

    pub(crate) fn send(&mut self, call: Call, places: &[usize], fate: Fate) {
        let now = self.now();
        self.may_be_sent(call, places);
        if matches!(call, Call::Upgrade | Call::Redeploy | Call::RollBack) {
            self.ghost.unanswered.clear();
            let lost = [Fate::LostBefore, Fate::LostAfter, Fate::Late, Fate::CrashBefore, Fate::CrashAfter];
            if lost.contains(&fate) {
                self.ghost.unanswered.extend(places);
            }
        }
        self.feed(Event::sending(now, call, places.to_vec()));
        let error = match fate {
            Fate::CrashBefore => return self.crash(false),
            Fate::LostBefore => Some(lost()),
            Fate::SignIn => Some(refusal(401)),
            Fate::Away => Some(refusal(503)),
            Fate::No => Some(refusal(403)),
            Fate::Fails => Some(refusal(500)),
            _ => None,
        };
        for place in places {
            let result = match &error {
                Some(error) => Err(error.clone()),
                None => self.serve(call, *place, fate),
            };
            if fate == Fate::CrashAfter {
                continue;
            }
            let result = match fate {
                Fate::LostAfter | Fate::Late => Err(lost()),
                Fate::FailsAfter => Err(refusal(500)),
                _ => result,
            };
            self.feed(Event::answered(now, call, *place, result));
        }
        if fate == Fate::CrashAfter {
            self.crash(false);
        }
    }

    /// What the server does with a call.
    pub(crate) fn serve(&mut self, call: Call, place: usize, fate: Fate) -> Result<Option<String>, Error> {
        let born = self.ghost.step;
        match call {
            Call::Pause | Call::Resume => {
                let at = scheduled(&self.op, place);
                let on = call == Call::Resume;
                let schedule = &mut self.server.schedules[at];
                if schedule.on == on {
                    return Err(refusal(409));
                }
                schedule.on = on;
                schedule.paused_by = (!on).then_some(By::Us);
                Ok(None)
            }
            Call::Start | Call::Recover => {
                let run = match call {
                    Call::Start => self.op.restarts()[place].run.program.clone(),
                    _ => self.op.upgrade_step().unwrap().drain.as_ref().unwrap().restart.run.program.clone(),
                };
                let app = self.app(&run);
                Ok(Some(self.server.start(app, By::Us, born).as_str().to_owned()))
            }
            Call::Upgrade if self.server.apps[place].streams => Err(refusal(501)),
            Call::Upgrade | Call::Redeploy | Call::RollBack => {
                match fate {
                    Fate::Hollow => {}
                    Fate::Late => self.server.late = Some((self.server.now + 20, call, place)),
                    _ => self.server.deploy(call, place),
                }
                Ok(Some("x".into()))
            }
        }
    }
}

/// Takes away what the journal does not keep.
pub(crate) fn kept(op: &mut UpgradeOperation) {
    op.connectivity.restore();
    for scoped in &mut op.applications {
        scoped.failed_read_at = None;
        // An error that says that the server is away is not kept.
    }
    for switch in &mut op.schedules {
        switch.read_at = None;
    }
    let forget = |stop: &mut stop::StopOperation| {
        stop.connectivity.restore();
        for run in &mut stop.runs {
            (run.read_at, run.log_read_at) = (None, None);
        }
    };
    op.stop_rounds.iter_mut().for_each(|round| forget(&mut round.stop));
    let forget_upgrading = |upgrading: &mut UpgradeStep| {
        upgrading.apps.iter_mut().for_each(|work| work.read_at = None);
        if let Some(recovery) = &mut upgrading.drain {
            recovery.restart.read_at = None;
            recovery.stop.as_mut().into_iter().for_each(forget);
        }
    };
    match &mut op.step {
        Step::Upgrade(step) => forget_upgrading(step),
        Step::Restore(step) | Step::Report(step) => {
            step.restarts.iter_mut().for_each(|start| start.read_at = None);
            step.upgrade.as_deref_mut().into_iter().for_each(forget_upgrading);
        }
        _ => {}
    }
}

/// The place of a schedule on the server.
pub(crate) fn scheduled(op: &UpgradeOperation, place: usize) -> usize {
    op.schedules[place].name[1..].parse().unwrap()
}
