//! What sort of program it is, as operators speak of it. The type alone does not tell: a real-time pipeline is a
//! Spark program and a batch pipeline a workflow; the artifact of the application decides
//! (docs/cdap-api.md#pipeline-kinds).

use quiesce_api::artifact::Artifact;
use quiesce_api::{ProgramId, ProgramType};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What sort of program it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// The workflow of a batch pipeline: works through its input, then ends.
    BatchPipeline,
    /// The Spark program of a real-time pipeline: runs until it is stopped.
    RealTimePipeline,
    /// A step of a batch pipeline. Its workflow starts and stops it.
    PipelineStep,
    /// A service that answers HTTP requests.
    Service,
    /// A worker: runs until it is stopped.
    Worker,
    /// A MapReduce program outside a pipeline.
    MapReduce,
    /// A workflow that is not a pipeline.
    Workflow,
    /// A Spark program that is not a pipeline.
    Spark,
    /// A custom action, or a type that this console does not know.
    Other,
}

impl Kind {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 9] = [
        Self::BatchPipeline,
        Self::RealTimePipeline,
        Self::PipelineStep,
        Self::Service,
        Self::Worker,
        Self::MapReduce,
        Self::Workflow,
        Self::Spark,
        Self::Other,
    ];

    /// The workflow that every batch pipeline has.
    pub const BATCH_PROGRAM: &str = "DataPipelineWorkflow";
    /// The Spark program that every real-time pipeline has.
    pub const REAL_TIME_PROGRAM: &str = "DataStreamsSparkStreaming";

    /// Decides from the type, the program's name and, where it is known, the artifact of the application.
    /// Without the artifact the name decides, since lists by type do not tell it.
    pub fn of(program_type: &ProgramType, program: &ProgramId, artifact: Option<&Artifact>) -> Self {
        let batch = artifact.map(Artifact::is_batch_pipeline);
        let real_time = artifact.map(Artifact::is_realtime_pipeline);
        match program_type {
            ProgramType::Workflow if program.as_str() == Self::BATCH_PROGRAM && batch != Some(false) => {
                Self::BatchPipeline
            }
            ProgramType::Spark if program.as_str() == Self::REAL_TIME_PROGRAM && real_time != Some(false) => {
                Self::RealTimePipeline
            }
            ProgramType::Spark | ProgramType::MapReduce if batch == Some(true) => Self::PipelineStep,
            ProgramType::Workflow => Self::Workflow,
            ProgramType::Spark => Self::Spark,
            ProgramType::MapReduce => Self::MapReduce,
            ProgramType::Service => Self::Service,
            ProgramType::Worker => Self::Worker,
            ProgramType::CustomAction | ProgramType::Other(_) => Self::Other,
        }
    }

    /// Whether it is a real-time pipeline: the only kind of which a log can tell that it was drained.
    pub fn is_real_time(self) -> bool {
        self == Self::RealTimePipeline
    }

    /// Whether it is a pipeline, batch or real-time.
    pub fn is_pipeline(self) -> bool {
        matches!(self, Self::BatchPipeline | Self::RealTimePipeline)
    }

    /// The word on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::BatchPipeline => "batch",
            Self::RealTimePipeline => "real-time",
            Self::PipelineStep => "pipeline step",
            Self::Service => "service",
            Self::Worker => "worker",
            Self::MapReduce => "MapReduce",
            Self::Workflow => "workflow",
            Self::Spark => "Spark",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(program_type: &ProgramType, program: &str, artifact: Option<&str>) -> Kind {
        let artifact = artifact.map(|name| Artifact {
            name: name.to_owned(),
            version: "6.10.0".to_owned(),
            scope: "SYSTEM".to_owned(),
        });
        Kind::of(program_type, &program.into(), artifact.as_ref())
    }

    #[test]
    fn the_artifact_makes_a_pipeline() {
        use ProgramType as T;
        let batch = Some("cdap-data-pipeline");
        let streams = Some("cdap-data-streams");
        assert_eq!(kind(&T::Workflow, "DataPipelineWorkflow", batch), Kind::BatchPipeline);
        assert_eq!(kind(&T::Spark, "DataStreamsSparkStreaming", streams), Kind::RealTimePipeline);
        assert_eq!(kind(&T::Spark, "phase-1", batch), Kind::PipelineStep);
        assert_eq!(kind(&T::MapReduce, "phase-2", batch), Kind::PipelineStep);
        assert_eq!(kind(&T::Workflow, "DataPipelineWorkflow", Some("Warehouse")), Kind::Workflow);
        assert_eq!(kind(&T::Spark, "DataStreamsSparkStreaming", Some("Warehouse")), Kind::Spark);
    }

    #[test]
    fn without_the_artifact_the_name_decides() {
        use ProgramType as T;
        assert_eq!(kind(&T::Workflow, "DataPipelineWorkflow", None), Kind::BatchPipeline);
        assert_eq!(kind(&T::Spark, "DataStreamsSparkStreaming", None), Kind::RealTimePipeline);
        assert_eq!(kind(&T::Workflow, "StockReport", None), Kind::Workflow);
        assert_eq!(kind(&T::Worker, "StockPoller", None), Kind::Worker);
        assert_eq!(kind(&T::Service, "Stock", None), Kind::Service);
        assert_eq!(kind(&T::MapReduce, "Count", None), Kind::MapReduce);
        assert_eq!(kind(&T::Other("Flow".into()), "Old", None), Kind::Other);
    }
}
