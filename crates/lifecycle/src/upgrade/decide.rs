//! What the operator decides: the buttons of the wizard.

use super::event::{Call, Event, What};
use super::operation::UpgradeOperation;
use super::parts::{Start, StartState, Switch, SwitchState, Work, WorkState};
use super::plan::Way;
use super::steps::{BackingUp, Check, Checked, Pause, Recovery, Round, Scoped, Step, Stopping, Upgrading};
use crate::grace::Grace;
use crate::kind::Kind;
use crate::stop::{Plan, StopOperation};
use quiesce_api::{ProgramRef, ProgramType, RunRef, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

impl UpgradeOperation {
    pub(super) fn leave_out(&mut self, event: &Event) -> bool {
        let may = match &self.step {
            Step::Check(_) | Step::Pause(_) | Step::Stop(_) | Step::BackUp(_) => true,
            Step::Upgrade(step) => {
                let recovering = step.recovery.as_ref().is_some_and(|it| it.application == event.place);
                step.works.get(event.place).is_some_and(|work| !work.is_open() && !work.is_upgraded())
                    && !recovering
            }
            Step::PutBack(_) | Step::Report(_) => false,
        };
        match self.applications.get_mut(event.place) {
            Some(scoped) if may => scoped.left_out.replace(event.at).is_none(),
            _ => false,
        }
    }

    pub(super) fn retry(&mut self, event: &Event) -> bool {
        let place = event.place;
        match event.call {
            Some(Call::Pause | Call::Resume) => match self.schedules.get_mut(place) {
                Some(switch) => {
                    switch.state = match &switch.state {
                        SwitchState::NotPaused(_) => SwitchState::On,
                        SwitchState::NotResumed(_) => SwitchState::Paused,
                        _ => return false,
                    };
                    true
                }
                None => false,
            },
            Some(Call::Start) => match self.start_mut(Call::Start, place) {
                Some(start) if matches!(start.state, StartState::Failed(_) | StartState::StillRuns) => {
                    start.state = StartState::Waiting(event.at);
                    true
                }
                _ => false,
            },
            _ => match self.work_mut(place) {
                Some(work) if work.has_failed() => {
                    work.state = WorkState::Open;
                    true
                }
                _ => false,
            },
        }
    }

    /// What the operator decides of an application that cannot simply be upgraded.
    pub(super) fn decide(&mut self, event: &Event) -> bool {
        let place = event.place;
        if self.aborted.is_some() {
            return false;
        }
        let program = self.real_time_program(place);
        let last = self.last_target(place);
        let Step::Upgrade(step) = &mut self.step else { return false };
        if event.what == What::CaughtUp {
            let findings = self.plan.findings.clone();
            // Stopped at once it would leave again what it has just read.
            let grace = self.rounds.last().map(|round| round.stop.plan.grace);
            let grace = grace.filter(|grace| *grace != Grace::Now).unwrap_or_default();
            let Some(recovery) = step.recovery.as_mut().filter(|it| it.application == place) else {
                return false;
            };
            let (Some(target), None) = (&recovery.target, &recovery.stop) else { return false };
            // By run: what somebody else started beside it is not ours to stop.
            let plan = Plan {
                namespace: self.plan.namespace.clone(),
                grace,
                targets: vec![target.clone()],
                whole: BTreeSet::new(),
                others: BTreeSet::new(),
                findings,
            };
            recovery.stop = Some(StopOperation::new(plan, event.at));
            return true;
        }
        let Upgrading { works, recovery, .. } = &mut **step;
        let Some(work) = works.get_mut(place).filter(|work| !work.is_open() && !work.is_upgraded()) else {
            return false;
        };
        match event.what {
            What::Redeploy => (work.way, work.state) = (Way::Redeploy, WorkState::Open),
            What::GoOnAnyway if event.words.is_some() => work.anyway.clone_from(&event.words),
            What::Recover if recovery.is_none() && work.way == Way::Redeploy => {
                work.not_recovered = None;
                let (run, arguments) = match last {
                    Some((target, arguments)) => (target, arguments),
                    None => (program.run(""), None),
                };
                let start = Start {
                    application: place,
                    run,
                    older: false,
                    arguments,
                    state: StartState::Ended,
                    read_at: None,
                };
                *recovery = Some(Recovery { application: place, start, target: None, stop: None });
            }
            _ => return false,
        }
        true
    }

    fn real_time_program(&self, place: usize) -> ProgramRef {
        let application = self.plan.applications.get(place).map_or("", |chosen| chosen.application.as_str());
        let namespace = self.plan.namespace.clone();
        ProgramRef {
            namespace,
            application: application.into(),
            program_type: ProgramType::Spark,
            program: Kind::REAL_TIME_PROGRAM.into(),
        }
    }

    /// The run of an application that was stopped first, with its arguments.
    fn last_target(&self, place: usize) -> Option<(RunRef, Option<BTreeMap<String, String>>)> {
        let targets = self.rounds.iter().flat_map(|round| &round.stop.plan.targets);
        let target =
            targets.filter(|it| it.kind.is_real_time()).find(|it| self.place_of(it) == Some(place))?;
        let mut start = Start::again(place, target.run.clone(), false, self.begun);
        start.take_arguments(&target.record);
        Some((start.run, start.arguments))
    }

    pub(super) fn skip(&mut self, event: &Event) -> bool {
        match event.call {
            Some(Call::Resume) => match self.schedules.get_mut(event.place) {
                Some(switch)
                    if matches!(self.step, Step::PutBack(_) | Step::Report(_))
                        && matches!(switch.state, SwitchState::Paused | SwitchState::NotResumed(_)) =>
                {
                    switch.state = SwitchState::LeftOff;
                    true
                }
                _ => false,
            },
            Some(Call::Start) if matches!(self.step, Step::PutBack(_) | Step::Report(_)) => {
                match self.start_mut(Call::Start, event.place) {
                    Some(start) if !start.is_open() && start.became().is_none() => {
                        start.state = StartState::LeftOff;
                        true
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    pub(super) fn begin(&mut self, event: &Event) -> bool {
        if self.aborted.is_some() {
            return false;
        }
        match &mut self.step {
            Step::Pause(step) => !std::mem::replace(&mut step.begun, true),
            Step::Upgrade(step) => !std::mem::replace(&mut step.begun, true),
            Step::PutBack(step) => !std::mem::replace(&mut step.begun, true),
            Step::BackUp(step) => {
                let made = step.made.take();
                (step.begun, step.saved, step.problem) = (true, false, None);
                let missing = made.map(|made| self.not_in(&made)).unwrap_or_default();
                if let Step::BackUp(step) = &mut self.step {
                    step.again = missing;
                }
                true
            }
            Step::Stop(_) => {
                let targets = self.alive();
                let (Some(grace), true, false) = (event.grace, self.round_is_over(), targets.is_empty())
                else {
                    return false;
                };
                let mut whole = BTreeSet::new();
                for target in &targets {
                    whole.insert(target.run.program.clone());
                }
                let plan = Plan {
                    namespace: self.plan.namespace.clone(),
                    grace,
                    targets,
                    whole,
                    others: BTreeSet::new(),
                    findings: self.plan.findings.clone(),
                };
                self.rounds.push(Round { stop: StopOperation::new(plan, event.at), recovery: None });
                if let Step::Stop(step) = &mut self.step {
                    step.proofs.fill(None);
                }
                true
            }
            Step::Check(_) | Step::Report(_) => false,
        }
    }

    pub(super) fn go_on(&mut self, at: Timestamp) -> bool {
        match std::mem::replace(&mut self.step, Step::Check(Check::default())) {
            Step::Check(step) => {
                self.schedules.clear();
                for (place, Scoped { look, left_out, .. }) in self.applications.iter().enumerate() {
                    for on in look.iter().filter(|_| left_out.is_none()).flat_map(|look| &look.schedules) {
                        self.schedules.push(Switch {
                            application: place,
                            name: on.name.clone(),
                            after: on.after.clone(),
                            state: SwitchState::On,
                            told: false,
                            read_at: None,
                        });
                    }
                }
                let checked = Checked { at, acknowledged: step.acknowledged };
                self.step = Step::Pause(Pause { checked, begun: false });
            }
            Step::Pause(step) => {
                let proofs = vec![None; self.applications.len()];
                self.step = Step::Stop(Stopping { checked: step.checked, proofs });
            }
            Step::Stop(step) => match self.runs_ended(&step, at) {
                Ok(ended) => {
                    self.step = Step::BackUp(BackingUp {
                        ended,
                        begun: false,
                        again: Vec::new(),
                        made: None,
                        saved: false,
                        problem: None,
                    });
                }
                Err(_) => self.step = Step::Stop(step),
            },
            Step::BackUp(step) => match self.verified(&step, at) {
                Ok(backup) => {
                    let mut works = Vec::with_capacity(self.plan.applications.len());
                    works.extend(self.plan.applications.iter().map(|chosen| Work::new(chosen.way)));
                    let (ended, recovery) = (step.ended, None);
                    self.step =
                        Step::Upgrade(Box::new(Upgrading { ended, backup, works, recovery, begun: false }));
                }
                Err(_) => self.step = Step::BackUp(step),
            },
            Step::Upgrade(step) => {
                self.step = Step::Upgrade(step);
                self.put_back(at, false);
            }
            step @ (Step::PutBack(_) | Step::Report(_)) => {
                self.step = step;
                self.report();
            }
        }
        true
    }
}
