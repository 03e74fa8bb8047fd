//! Which calls stop these runs and no others.

use super::target::Target;
use crate::grace::Grace;
use quiesce_api::stop::{StopBatch, StopProgram, StopRun};
use quiesce_api::{Endpoint, NamespaceId, ProgramRef, Request, RunRef};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most programs that one batch call names. After a call that is refused as a whole, all of them have to be read
/// again (docs/cdap-api.md#batch-stop), and a server handles them one after the other before it answers.
pub const MAX_PER_CALL: usize = 20;

/// What the operator confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "WirePlan", from = "WirePlan")]
pub struct StopPlan {
    /// The grace asked for.
    pub grace: Grace,
    /// The runs, and no others.
    pub targets: Vec<Target>,
    /// The programs that were chosen as a whole. Only these are stopped in batch.
    pub whole: BTreeSet<ProgramRef>,
    /// Runs of the same programs that are alive and were not chosen.
    pub others: BTreeSet<RunRef>,
    /// The findings about the server, as far as a verdict needs it.
    pub findings: crate::findings::ServerFindings,
}

/// A plan in the journal (docs/journal.md): with the namespace of its targets, if they share one.
#[derive(Clone, Serialize, Deserialize)]
struct WirePlan {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<NamespaceId>,
    grace: Grace,
    targets: Vec<Target>,
    whole: BTreeSet<ProgramRef>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    others: BTreeSet<RunRef>,
    findings: crate::findings::ServerFindings,
}

impl From<StopPlan> for WirePlan {
    fn from(plan: StopPlan) -> Self {
        let namespaces = plan.namespaces();
        let namespace = namespaces.first().filter(|_| namespaces.len() == 1).map(|it| (*it).clone());
        let StopPlan { grace, targets, whole, others, findings } = plan;
        Self { namespace, grace, targets, whole, others, findings }
    }
}

impl From<WirePlan> for StopPlan {
    fn from(wire: WirePlan) -> Self {
        let WirePlan { grace, targets, whole, others, findings, .. } = wire;
        Self { grace, targets, whole, others, findings }
    }
}

/// A call that stops something.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StopCall {
    /// One run.
    Run(StopRun),
    /// All runs of the latest version of some programs.
    Batch(StopBatch),
    /// All runs of one version of a program, at once.
    Program(StopProgram),
}

impl StopCall {
    /// The request verbatim: what is shown, copied and sent.
    pub fn request(&self) -> Request {
        match self {
            Self::Run(stop) => stop.request(),
            Self::Batch(stop) => stop.request(),
            Self::Program(stop) => stop.request(),
        }
    }

    /// Which form of call it is.
    pub fn form(&self) -> crate::findings::CallForm {
        match self {
            Self::Run(_) => crate::findings::CallForm::Run,
            Self::Batch(_) => crate::findings::CallForm::Batch,
            Self::Program(_) => crate::findings::CallForm::Program,
        }
    }
}

/// The calls that stop these targets and nothing else, each with the places of its targets in the list.
///
/// * A run of an older version, one of several runs, or a run that was selected individually: by run.
/// * All runs of a program that was chosen as a whole, all of the latest version and none stopping yet: in batch.
/// * *Now*: by program, in the versioned form for an older version; by run where that would reach a run that was
///   not chosen.
/// * A run that is stopping already, or that a workflow started: not at all.
pub fn calls<'a>(
    grace: Grace,
    targets: impl IntoIterator<Item = (usize, &'a Target)>,
    whole: &BTreeSet<ProgramRef>,
    others: &BTreeSet<RunRef>,
) -> Vec<(StopCall, Vec<usize>)> {
    let mut programs: BTreeMap<&ProgramRef, Vec<(usize, &Target)>> = BTreeMap::new();
    for (place, target) in targets {
        if target.parent.is_none() {
            programs.entry(&target.run.program).or_default().push((place, target));
        }
    }
    let mut shared = BTreeSet::new();
    shared.extend(others.iter().map(|other| &other.program));
    let alone = |program: &ProgramRef| !shared.contains(program);
    let mut batch: Vec<(&ProgramRef, Vec<usize>)> = Vec::new();
    let mut single = Vec::new();
    for (program, targets) in programs {
        let by_run = |(place, target): &(usize, &Target)| {
            let stop = StopRun { run: target.run.clone(), graceful: grace.graceful() };
            (StopCall::Run(stop), vec![*place])
        };
        if grace == Grace::Now && alone(program) {
            let mut versions: BTreeMap<_, Vec<usize>> = BTreeMap::new();
            for (place, target) in &targets {
                versions.entry(target.version()).or_default().push(*place);
            }
            single.extend(versions.into_iter().map(|(version, places)| {
                (StopCall::Program(StopProgram { program: program.clone(), version }), places)
            }));
        } else if grace != Grace::Now
            && whole.contains(program)
            && alone(program)
            && targets.iter().all(|(_, target)| !target.older)
        {
            batch.push((program, targets.iter().map(|(place, _)| *place).collect()));
        } else {
            single.extend(targets.iter().map(by_run));
        }
    }
    let mut calls = Vec::new();
    // One call is of one namespace; the programs are in the order of their namespaces.
    for of_namespace in batch.chunk_by(|(one, _), (other, _)| one.namespace == other.namespace) {
        for chunk in of_namespace.chunks(MAX_PER_CALL) {
            let Some((first, _)) = chunk.first() else { continue };
            let stop = StopBatch {
                namespace: first.namespace.clone(),
                programs: chunk.iter().map(|(program, _)| (*program).clone()).collect(),
                graceful: grace.graceful(),
            };
            let places = chunk.iter().flat_map(|(_, places)| places.iter().copied()).collect();
            calls.push((StopCall::Batch(stop), places));
        }
    }
    calls.extend(single);
    calls
}

impl StopPlan {
    /// The namespaces of the targets.
    pub fn namespaces(&self) -> BTreeSet<&NamespaceId> {
        let mut namespaces = BTreeSet::new();
        namespaces.extend(self.targets.iter().map(|target| &target.run.program.namespace));
        namespaces
    }

    /// The calls as they would be sent now: what the form shows before it is confirmed.
    pub fn calls(&self) -> Vec<(StopCall, Vec<usize>)> {
        let open = self.targets.iter().enumerate().filter(|(_, target)| {
            target.record.stopping.is_none()
                && !target.record.status.is_end()
                && target.record.status != quiesce_api::run::RunStatus::Stopping
        });
        let stopping = self.others_and_stopping();
        calls(self.grace, open, &self.whole, &stopping)
    }

    /// A run that is stopping already counts as one that must not be reached again.
    fn others_and_stopping(&self) -> BTreeSet<RunRef> {
        let mut others = self.others.clone();
        for target in &self.targets {
            if target.record.status == quiesce_api::run::RunStatus::Stopping {
                others.insert(target.run.clone());
            }
        }
        others
    }
}
