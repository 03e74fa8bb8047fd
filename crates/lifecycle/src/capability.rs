//! What may be done to a run or a program, and why not. One table: a button is disabled with the reason that stands
//! here, never hidden; `crate::text::capability` has its sentence. Where a server would refuse too, the variant says what it answers.

use crate::kind::Kind;
use crate::launch::{ArtifactVersion, StateMode};
use quiesce_api::RunId;
use quiesce_api::run::RunStatus;

/// What may be done to one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunAction {
    /// Stop it, with whatever grace.
    Stop,
    /// Start its program again with its arguments.
    StartAgain,
}

/// What may be done to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProgramAction {
    /// Start the latest version.
    Start,
    /// Start an older version.
    StartOlderVersion,
    /// Stop all its runs.
    Stop,
    /// Upgrade its application.
    Upgrade,
}

/// What of a run decides what may be done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunState {
    /// What sort of program it is a run of.
    pub kind: Kind,
    /// Its state.
    pub status: RunStatus,
    /// The run of the workflow that started it, while that one is alive.
    pub parent: Option<RunId>,
}

/// What of a program decides what may be done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramState {
    /// What sort of program it is.
    pub kind: Kind,
    /// The runs that have not ended, of all versions, those that are stopping among them.
    pub alive: usize,
    /// How many of those are stopping.
    pub stopping: usize,
    /// Where a real-time pipeline stores its state; `None` when that is not known or it is none.
    pub state_mode: Option<StateMode>,
    /// The version of the server; `None` when it is not known.
    pub server: Option<ArtifactVersion>,
}

/// Why something may not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The run has ended. The server: 400 "is not running".
    Ended(RunStatus),
    /// The run got a stop request. The server: 400 at run level; 200 in batch and at program level, and the deadline
    /// stays (recordings `run-stop-while-stopping`, `program-stop-while-stopping`).
    Stopping,
    /// A workflow started it. The server: 400 that names the workflow's run.
    OfWorkflow(RunId),
    /// The run has not ended, so it cannot be started *again*.
    NotEnded,
    /// No run is alive. The server: 400 "is not running".
    NotRunning,
    /// Every run that is alive got a stop request.
    AllStopping,
    /// A step of a pipeline. Starting it alone would run it without its pipeline.
    PipelineStep,
    /// A custom action or a type this console does not know. The server: 400.
    NotStartable,
    /// A service or worker that runs. The server: 409, for a worker in whatever version.
    OneRunOnly(Kind),
    /// An older version. The server from 6.8 on: 400 (recording `superseded-version-start`).
    OlderVersion,
    /// No pipeline. The server: 501 (recording `upgrade-plain-app`).
    NoPipeline,
    /// A real-time pipeline on a server before 6.8. The server: 501 (6.7.2, `upgrade-while-running-clicks_live`).
    ServerTooOld,
    /// A real-time pipeline with checkpoints. The server: 501 (recording `upgrade-while-running-clicks_live`).
    Checkpointed(StateMode),
    /// The console rejects every change.
    ReadOnly,
    /// The server refused it to this user with 403, in these words.
    Forbidden(String),
    /// Runs are alive. The server would not refuse (docs/cdap-api.md#upgrade); this console does.
    StillRunning(usize),
}

impl RunState {
    /// Whether this may be done to the run now, or why not.
    pub fn can(&self, action: RunAction) -> Result<(), Refusal> {
        match action {
            RunAction::Stop if self.status.is_end() => Err(Refusal::Ended(self.status.clone())),
            RunAction::Stop if self.status == RunStatus::Stopping => Err(Refusal::Stopping),
            RunAction::Stop => match &self.parent {
                Some(parent) => Err(Refusal::OfWorkflow(parent.clone())),
                None => Ok(()),
            },
            RunAction::StartAgain if !self.status.is_end() => Err(Refusal::NotEnded),
            RunAction::StartAgain => startable(self.kind),
        }
    }
}

impl ProgramState {
    /// Whether this may be done to the program now, or why not.
    pub fn can(&self, action: ProgramAction) -> Result<(), Refusal> {
        match action {
            ProgramAction::Start => {
                startable(self.kind)?;
                if matches!(self.kind, Kind::Service | Kind::Worker) && self.alive > 0 {
                    return Err(Refusal::OneRunOnly(self.kind));
                }
                Ok(())
            }
            ProgramAction::StartOlderVersion => Err(Refusal::OlderVersion),
            ProgramAction::Stop if self.alive == 0 => Err(Refusal::NotRunning),
            ProgramAction::Stop if self.kind == Kind::PipelineStep => Err(Refusal::PipelineStep),
            ProgramAction::Stop if self.stopping >= self.alive => Err(Refusal::AllStopping),
            ProgramAction::Stop => Ok(()),
            ProgramAction::Upgrade => self.can_upgrade(),
        }
    }

    /// What never changes comes first, so that nobody stops a run for an upgrade that is refused afterwards.
    fn can_upgrade(&self) -> Result<(), Refusal> {
        const VERSIONS: ArtifactVersion = ArtifactVersion { major: 6, minor: 8, fix: 0 };
        if !self.kind.is_pipeline() {
            return Err(Refusal::NoPipeline);
        }
        if self.kind.is_real_time() {
            if self.server.is_some_and(|server| server < VERSIONS) {
                return Err(Refusal::ServerTooOld);
            }
            if let Some(mode @ (StateMode::SparkCheckpointing | StateMode::None)) = self.state_mode {
                return Err(Refusal::Checkpointed(mode));
            }
        }
        match self.alive {
            0 => Ok(()),
            alive => Err(Refusal::StillRunning(alive)),
        }
    }
}

fn startable(kind: Kind) -> Result<(), Refusal> {
    match kind {
        Kind::PipelineStep => Err(Refusal::PipelineStep),
        Kind::Other => Err(Refusal::NotStartable),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_stopped_once_and_only_while_it_lives() {
        let stop = |status: &str, parent: Option<&str>| {
            let state =
                RunState { kind: Kind::Worker, status: status.into(), parent: parent.map(RunId::from) };
            state.can(RunAction::Stop)
        };
        for status in ["PENDING", "STARTING", "RUNNING", "SUSPENDED", "SOMETHING_NEW"] {
            assert_eq!(stop(status, None), Ok(()), "{status}");
        }
        for status in ["COMPLETED", "FAILED", "KILLED", "REJECTED"] {
            assert_eq!(stop(status, None), Err(Refusal::Ended(status.into())), "{status}");
        }
        assert_eq!(stop("STOPPING", None), Err(Refusal::Stopping));
        let parent = "a3cc002d-e70e-11f1-a8f9-02fc00000001";
        assert_eq!(stop("RUNNING", Some(parent)), Err(Refusal::OfWorkflow(parent.into())));
    }

    #[test]
    fn only_a_run_that_ended_is_started_again() {
        let again = |kind, status: &str| {
            RunState { kind, status: status.into(), parent: None }.can(RunAction::StartAgain)
        };
        assert_eq!(again(Kind::RealTimePipeline, "KILLED"), Ok(()));
        assert_eq!(again(Kind::RealTimePipeline, "STOPPING"), Err(Refusal::NotEnded));
        assert_eq!(again(Kind::PipelineStep, "KILLED"), Err(Refusal::PipelineStep));
    }

    #[test]
    fn what_may_be_done_to_a_program_is_one_table() {
        use Kind as K;
        use ProgramAction::{Start, StartOlderVersion, Stop, Upgrade};
        let checkpoints = Some(StateMode::SparkCheckpointing);
        let store = Some(StateMode::StateStore);
        // kind, alive, stopping, mode, server, action, answer
        for (kind, alive, stopping, state_mode, server, action, answer) in [
            (K::BatchPipeline, 2, 0, None, "6.11.0", Start, Ok(())),
            (K::RealTimePipeline, 1, 0, checkpoints, "6.11.0", Start, Ok(())), // runs-started-twice
            (K::Worker, 1, 0, None, "6.11.0", Start, Err(Refusal::OneRunOnly(K::Worker))),
            (K::Service, 1, 1, None, "6.11.0", Start, Err(Refusal::OneRunOnly(K::Service))),
            (K::Service, 0, 0, None, "6.11.0", Start, Ok(())),
            (K::PipelineStep, 0, 0, None, "6.11.0", Start, Err(Refusal::PipelineStep)),
            (K::Other, 0, 0, None, "6.11.0", Start, Err(Refusal::NotStartable)),
            (K::Workflow, 0, 0, None, "6.11.0", StartOlderVersion, Err(Refusal::OlderVersion)),
            (K::Worker, 0, 0, None, "6.11.0", Stop, Err(Refusal::NotRunning)),
            (K::Worker, 2, 2, None, "6.11.0", Stop, Err(Refusal::AllStopping)),
            (K::Worker, 2, 1, None, "6.11.0", Stop, Ok(())),
            (K::PipelineStep, 1, 0, None, "6.11.0", Stop, Err(Refusal::PipelineStep)),
            (K::Worker, 0, 0, None, "6.11.0", Upgrade, Err(Refusal::NoPipeline)),
            (K::BatchPipeline, 0, 0, None, "6.7.2", Upgrade, Ok(())),
            (K::BatchPipeline, 3, 0, None, "6.11.0", Upgrade, Err(Refusal::StillRunning(3))),
            (K::RealTimePipeline, 0, 0, store, "6.11.0", Upgrade, Ok(())),
            (K::RealTimePipeline, 0, 0, None, "6.7.2", Upgrade, Err(Refusal::ServerTooOld)),
            (
                K::RealTimePipeline,
                1,
                0,
                checkpoints,
                "6.11.0",
                Upgrade,
                Err(Refusal::Checkpointed(StateMode::SparkCheckpointing)),
            ),
        ] {
            let server = ArtifactVersion::parse(server);
            let state = ProgramState { kind, alive, stopping, state_mode, server };
            assert_eq!(state.can(action), answer, "{state:?} {action:?}");
        }
    }
}
