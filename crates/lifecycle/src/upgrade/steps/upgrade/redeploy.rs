//! A redeploy gives the application a new checkpoint directory: it is sent only when nothing is left unprocessed, or when
//! the operator accepts the risk (docs/loss.md).

use crate::kind::Kind;
use crate::stop::Target;
use crate::upgrade::operation::UpgradeOperation;
use crate::upgrade::plan::UpgradeMethod;
use crate::upgrade::reasons::UnprocessedData;
use crate::upgrade::resources::AppUpgrade;
use crate::verdict::{self, Assessment, NextStep, Verdict};

impl UpgradeOperation {
    /// What of an application may be left unprocessed: by its last stop here.
    pub fn unprocessed_data(&self, place: usize) -> UnprocessedData {
        let Some(look) = self.applications.get(place).and_then(|scoped| scoped.snapshot.as_ref()) else {
            return UnprocessedData::NotRead;
        };
        if !look.artifact.is_realtime_pipeline() {
            return UnprocessedData::None;
        }
        let of_it =
            |target: &Target| target.kind.is_real_time() && self.index_of_target(target) == Some(place);
        let Some(round) =
            self.stop_rounds.iter().rev().find(|round| round.stop.plan.targets.iter().any(of_it))
        else {
            return if look.ever_ran { UnprocessedData::NotStoppedHere } else { UnprocessedData::None };
        };
        let mut worst: Option<Assessment> = None;
        let targets = round.stop.plan.targets.iter().enumerate().filter(|(_, target)| of_it(target));
        for (at, target) in targets {
            let Some((run, outcome)) = round.stop.runs.get(at).zip(round.stop.outcome(at, self.begun)) else {
                continue;
            };
            let (facts, log) = (target.facts.as_ref(), run.log.as_ref());
            let assessment = verdict::after(Kind::RealTimePipeline, facts, log, &outcome, NextStep::Upgrade);
            let Some(assessment) = assessment else { return UnprocessedData::NotEnded };
            if worst.as_ref().is_none_or(|worst| assessment.verdict > worst.verdict) {
                worst = Some(assessment);
            }
        }
        match worst {
            Some(worst) if worst.verdict == Verdict::NoLossExpected => UnprocessedData::None,
            Some(worst) => UnprocessedData::Possible(Box::new(worst)),
            None => UnprocessedData::NotEnded,
        }
    }

    /// Whether an application may be sent, as far as what is left of it goes.
    pub fn may_redeploy(&self, place: usize, work: &AppUpgrade) -> bool {
        work.method == UpgradeMethod::Upgrade
            || work.rolling_back
            || work.risk_accepted.is_some()
            || self.unprocessed_data(place) == UnprocessedData::None
    }
}
