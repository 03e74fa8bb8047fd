//! Sentences about why something cannot be done to a run or a program.

use crate::capability::Refusal;
use crate::plural::plural;

/// Why an action is not available, for its disabled button.
pub fn refusal(refusal: &Refusal) -> String {
    let text = match refusal {
        Refusal::Ended(status) => return format!("This run has already ended ({status})."),
        Refusal::Stopping => "This run is already stopping. A second stop does not change its deadline.",
        Refusal::OfWorkflow(run) => {
            return format!("The workflow run {} started this run. Stop that run instead.", run.short());
        }
        Refusal::NotEnded => "This run has not ended.",
        Refusal::NotRunning => "This program has no active run.",
        Refusal::AllStopping => "All runs of this program are already stopping.",
        Refusal::PipelineStep => {
            "This program is a step of a batch pipeline. Its workflow starts and stops it."
        }
        Refusal::NotStartable => "Programs of this type cannot be started on their own.",
        Refusal::OneRunOnly(kind) => {
            return format!("This {kind} is already running, and it can have only one active run.");
        }
        Refusal::OlderVersion => "Only the latest version can be started.",
        Refusal::NoPipeline => {
            "Only pipelines can be upgraded. Deploy a new version of this application instead."
        }
        Refusal::ReadOnly => "This console is read-only.",
        Refusal::Forbidden(message) => {
            return format!("You don't have permission (403): {}.", message.trim_end_matches('.'));
        }
        Refusal::ServerTooOld => "CDAP before 6.8 cannot upgrade real-time pipelines.",
        Refusal::Checkpointed(mode) => {
            return format!(
                "The server upgrades only real-time pipelines that use the state store. The state mode of this one is \
                 {}.",
                mode.word()
            );
        }
        Refusal::StillRunning(1) => "Stop its run first. An upgrade does not stop active runs.",
        Refusal::StillRunning(count) => {
            return format!(
                "Stop its {} first. An upgrade does not stop active runs.",
                plural(*count, "run")
            );
        }
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::launch::StateMode;
    use crate::text::guide::follows_the_guide;

    #[test]
    fn refusals_follow_the_writing_guide() {
        for one in [
            Refusal::Ended("KILLED".into()),
            Refusal::Stopping,
            Refusal::OfWorkflow("a3cc002d-e70e-11f1-a8f9-02fc00000001".into()),
            Refusal::NotEnded,
            Refusal::NotRunning,
            Refusal::AllStopping,
            Refusal::PipelineStep,
            Refusal::NotStartable,
            Refusal::OneRunOnly(Kind::Worker),
            Refusal::OlderVersion,
            Refusal::NoPipeline,
            Refusal::ReadOnly,
            Refusal::Forbidden("Principal 'alice' is not authorized".to_owned()),
            Refusal::ServerTooOld,
            Refusal::Checkpointed(StateMode::SparkCheckpointing),
            Refusal::StillRunning(1),
            Refusal::StillRunning(3),
        ] {
            follows_the_guide(&refusal(&one));
        }
    }

    #[test]
    fn a_refusal_names_the_run_to_stop_and_counts_the_active_ones() {
        let parent = Refusal::OfWorkflow("a3cc002d-e70e-11f1-a8f9-02fc00000001".into());
        assert!(refusal(&parent).starts_with("The workflow run a3cc002d started this run."));
        assert!(refusal(&Refusal::StillRunning(1)).starts_with("Stop its run first."));
        assert!(refusal(&Refusal::StillRunning(3)).starts_with("Stop its 3 runs first."));
    }
}
