//! What the operator has to acknowledge before anything is changed: one class of risk, one box to tick.

use super::operation::UpgradeOperation;
use super::plugins::MissingPlugin;
use super::scope::AppInScope;
use super::snapshot::{AppSnapshot, TriggeredSchedule};
use crate::findings::{CallForm, predict_applied};
use crate::grace::Grace;
use crate::grouping::group_by_key;
use crate::stop::Target;
use crate::verdict::{self, Assessment, NextStep, ReasonKind, Verdict};
use serde::{Deserialize, Serialize};

/// A class of risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RiskClass {
    /// Runs that may lose data.
    MayLose,
    /// Runs of which it cannot be told.
    CannotTell,
    /// Runs whose work is interrupted.
    InterruptsWork,
    /// Schedules outside of the upgrade that wait for the end of runs that will be stopped.
    SetsOff,
    /// Applications that another user changed since they were chosen.
    Changed,
    /// Applications that have the newest version and get another of the same.
    Newest,
    /// Applications with a plugin that the server can't find for the target version.
    MissingPlugin,
}

impl RiskClass {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::MayLose,
        Self::CannotTell,
        Self::InterruptsWork,
        Self::SetsOff,
        Self::Changed,
        Self::Newest,
        Self::MissingPlugin,
    ];
}

/// A risk of this upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Risk {
    /// Its class.
    pub class: RiskClass,
    /// How many runs, schedules or applications it concerns.
    pub count: usize,
    /// Why runs may lose data, by the first of them that has a reason.
    pub reason: Option<ReasonKind>,
}

impl UpgradeOperation {
    /// The strict verdict of a run before its stop: for an upgrade.
    pub fn verdict_before(&self, target: &Target) -> Assessment {
        let form = if target.older { CallForm::Run } else { CallForm::Batch };
        let prediction = predict_applied(Grace::default(), form, &self.plan.findings);
        verdict::before(target.kind, target.facts.as_ref(), &prediction, &target.past, NextStep::Upgrade)
    }

    /// Whether a schedule is outside of this upgrade, which pauses its own, and waits for a program that runs.
    fn may_set_off(&self, look: &AppSnapshot, onward: &TriggeredSchedule) -> bool {
        !self.includes(&onward.namespace, &onward.application)
            && look.alive.iter().any(|target| target.run.program.program == onward.after)
    }

    /// The plugins that the server can't find, each with the indices of the applications in scope that use it.
    pub fn missing_plugins(&self) -> Vec<(MissingPlugin, Vec<usize>)> {
        group_by_key(self.in_scope().flat_map(|(place, _, scoped)| {
            let missing = scoped.snapshot.iter().flat_map(|look| &look.missing);
            missing.map(move |missing| (missing.clone(), place))
        }))
    }

    /// The indices of the applications in scope of which it is unknown whether the server has all their plugins.
    pub fn unread_plugins(&self) -> Vec<usize> {
        let unread = |scoped: &AppInScope| {
            scoped.snapshot.as_ref().is_some_and(|look| !look.unread_plugins.is_empty())
        };
        let mut places = Vec::new();
        places.extend(self.in_scope().filter(|(_, _, scoped)| unread(scoped)).map(|(place, ..)| place));
        places
    }

    /// The risks of the applications that are not excluded, in the order of their classes.
    pub fn risks(&self) -> Vec<Risk> {
        let mut risks = RiskClass::ALL.map(|class| Risk { class, count: 0, reason: None });
        let mut add = |class: RiskClass, count: usize, reason: Option<ReasonKind>| {
            if let Some(risk) = risks.get_mut(class as usize) {
                risk.count += count;
                risk.reason = risk.reason.or(reason);
            }
        };
        for (_, chosen, scoped) in self.in_scope() {
            let Some(look) = &scoped.snapshot else { continue };
            let changed = look.version != chosen.version || look.artifact != chosen.from;
            let triggered = look.sets_off.iter().filter(|onward| self.may_set_off(look, onward)).count();
            add(RiskClass::SetsOff, triggered, None);
            add(RiskClass::Changed, usize::from(changed), None);
            add(RiskClass::Newest, usize::from(look.artifact.version == chosen.to.version), None);
            add(RiskClass::MissingPlugin, usize::from(!look.missing.is_empty()), None);
            for target in look.alive.iter().filter(|target| target.parent.is_none()) {
                let assessment = self.verdict_before(target);
                let reason = assessment.reasons.first().map(|reason| reason.kind);
                match assessment.verdict {
                    Verdict::NoLossExpected => {}
                    Verdict::MayLose => add(RiskClass::MayLose, 1, reason),
                    Verdict::CannotTell => add(RiskClass::CannotTell, 1, reason),
                    Verdict::InterruptsWork => add(RiskClass::InterruptsWork, 1, None),
                }
            }
        }
        risks.into_iter().filter(|risk| risk.count > 0).collect()
    }
}
