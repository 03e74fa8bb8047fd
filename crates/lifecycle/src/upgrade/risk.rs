//! What the operator has to acknowledge before anything is changed: one class of risk, one box to tick.

use super::{AppInScope, AppSnapshot, MissingPlugin, TriggeredSchedule, UpgradeOperation};
use crate::findings::{CallForm, predict_applied};
use crate::grace::Grace;
use crate::grouping::group_by_key;
use crate::stop::Target;
use crate::text;
use crate::verdict::{self, Assessment, NextStep, Rule, Verdict};
use quiesce_api::ApplicationId;
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

/// A risk of this upgrade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// Its class.
    pub class: RiskClass,
    /// How many runs or applications it concerns.
    pub count: usize,
    /// What is acknowledged, with the number: the label of its box.
    pub label: String,
    /// The rule behind the reason in the label, if it has one.
    pub rule: Option<Rule>,
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
        let inside = onward.namespace == self.plan.namespace
            && self.in_scope().any(|(_, chosen, _)| chosen.application == onward.application);
        !inside && look.alive.iter().any(|target| target.run.program.program == onward.after)
    }

    /// The plugins that the server can't find, each with the applications in scope that use it.
    pub fn missing_plugins(&self) -> Vec<(MissingPlugin, Vec<ApplicationId>)> {
        group_by_key(self.in_scope().flat_map(|(_, chosen, scoped)| {
            let missing = scoped.snapshot.iter().flat_map(|look| &look.missing);
            missing.map(|missing| (missing.clone(), chosen.application.clone()))
        }))
    }

    /// The applications in scope of which it is unknown whether the server has all their plugins.
    pub fn unread_plugins(&self) -> Vec<ApplicationId> {
        let unread = |scoped: &AppInScope| {
            scoped.snapshot.as_ref().is_some_and(|look| !look.unread_plugins.is_empty())
        };
        let mut names = Vec::new();
        for (_, chosen, scoped) in self.in_scope() {
            if unread(scoped) {
                names.push(chosen.application.clone());
            }
        }
        names
    }

    /// The risks of the applications that are not excluded.
    pub fn risks(&self) -> Vec<Risk> {
        let mut counts = [0_usize; 7];
        let mut why = [const { String::new() }; 2];
        let mut rules = [None; 7];
        for (_, chosen, scoped) in self.in_scope() {
            let Some(look) = &scoped.snapshot else { continue };
            let changed = look.version != chosen.version || look.artifact != chosen.from;
            counts[3] += look.sets_off.iter().filter(|onward| self.may_set_off(look, onward)).count();
            counts[4] += usize::from(changed);
            counts[5] += usize::from(look.artifact.version == chosen.to.version);
            counts[6] += usize::from(!look.missing.is_empty());
            for target in look.alive.iter().filter(|target| target.parent.is_none()) {
                let assessment = self.verdict_before(target);
                let class = match assessment.verdict {
                    Verdict::NoLossExpected => continue,
                    Verdict::MayLose => 0,
                    Verdict::CannotTell => 1,
                    Verdict::InterruptsWork => 2,
                };
                counts[class] += 1;
                if let (Some(why), Some(reason)) = (why.get_mut(class), assessment.reasons.first())
                    && why.is_empty()
                {
                    why.push_str(&text::verdict::reason(reason.kind));
                    rules[class] = Some(reason.kind.rule());
                }
            }
        }
        let [lose, cannot] = why;
        let classes = [
            (RiskClass::MayLose, "run", "may lose data", lose),
            (RiskClass::CannotTell, "run", "may lose data; it can't be ruled out yet", cannot),
            (RiskClass::InterruptsWork, "run", "interrupted", String::new()),
            (
                RiskClass::SetsOff,
                "schedule",
                "outside this upgrade may be triggered by a stopped run",
                String::new(),
            ),
            (
                RiskClass::Changed,
                "application",
                "changed by another user since the list was loaded",
                String::new(),
            ),
            (
                RiskClass::Newest,
                "application",
                "already on the newest artifact, upgraded again",
                String::new(),
            ),
            (
                RiskClass::MissingPlugin,
                "application",
                "with a missing plugin, which the server refuses to upgrade unless the plugin is added first",
                String::new(),
            ),
        ];
        let mut risks = Vec::new();
        for (((class, noun, what, why), count), rule) in classes.into_iter().zip(counts).zip(rules) {
            if count > 0 {
                let colon = if why.is_empty() { "" } else { ": " };
                risks.push(Risk {
                    class,
                    count,
                    label: format!("{} {what}{colon}{why}", crate::plural::plural(count, noun)),
                    rule,
                });
            }
        }
        risks
    }
}
