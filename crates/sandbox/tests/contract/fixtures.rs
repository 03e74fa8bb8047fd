//! The applications that both servers have in `default`, and how they are brought into a state.

use crate::target::Target;
use quiesce_api::application::GetApplication;
use quiesce_api::deploy::{DeleteApplication, Deploy, Deployed};
use quiesce_api::metrics::QueryMetrics;
use quiesce_api::run::{ListRuns, RunRecord, RunStatus};
use quiesce_api::start::Start;
use quiesce_api::stop::{Graceful, StopRun};
use quiesce_api::{ApplicationId, NamespaceId, ProgramRef, ProgramType, Request, RunId, VersionId};
use serde_json::Value;
use std::collections::BTreeMap;

pub fn namespace() -> NamespaceId {
    NamespaceId::from("default")
}

fn program(application: &str, program_type: ProgramType, name: &str) -> ProgramRef {
    ProgramRef::new("default", application, program_type, name)
}

/// A worker: `drain` seconds to stop.
pub fn poller() -> ProgramRef {
    program("Warehouse", ProgramType::Worker, "StockPoller")
}

pub fn service() -> ProgramRef {
    program("Warehouse", ProgramType::Service, "Stock")
}

/// A workflow that waits `wait` seconds; many runs at once.
pub fn report() -> ProgramRef {
    program("Warehouse", ProgramType::Workflow, "StockReport")
}

pub fn orders() -> ProgramRef {
    program("orders_daily", ProgramType::Workflow, "DataPipelineWorkflow")
}

pub fn customers() -> ProgramRef {
    program("customers_sync", ProgramType::Workflow, "DataPipelineWorkflow")
}

pub fn invoices() -> ProgramRef {
    program("invoices_monthly", ProgramType::Workflow, "DataPipelineWorkflow")
}

pub fn clicks() -> ProgramRef {
    program("clicks_live", ProgramType::Spark, "DataStreamsSparkStreaming")
}

/// The workflow of an application that [`Target::scratch`] makes.
pub fn scratch() -> ProgramRef {
    program(SCRATCH, ProgramType::Workflow, "DataPipelineWorkflow")
}

/// The program of a real-time pipeline that cases make and delete.
pub fn filler() -> ProgramRef {
    program("contract_filler", ProgramType::Spark, "DataStreamsSparkStreaming")
}

/// An application that cases make and delete.
pub const SCRATCH: &str = "contract_scratch";

pub fn nothing() -> ProgramRef {
    program("nope", ProgramType::Worker, "StockPoller")
}

pub fn arguments(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

impl Target {
    pub async fn runs(&self, program: &ProgramRef) -> Vec<RunRecord> {
        let rows = self.must(&ListRuns::of(program.clone())).await;
        assert!(rows.is_whole(), "{program}: {rows:?}");
        rows.good
    }

    pub async fn alive(&self, program: &ProgramRef) -> Vec<RunRecord> {
        self.runs(program).await.into_iter().filter(|run| !run.status.is_end()).collect()
    }

    /// Waits until what is asked for is so.
    pub async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, look: impl Fn() -> F) -> T {
        let began = std::time::Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(began.elapsed() < self.patience, "{what}: not within {:?}", self.patience);
            self.wait().await;
        }
    }

    /// Starts one more run and waits until it is RUNNING.
    pub async fn start(&self, program: &ProgramRef, pairs: &[(&str, &str)]) -> RunRecord {
        let before: Vec<_> = self.runs(program).await.into_iter().map(|run| run.run).collect();
        self.must(&Start { program: program.clone(), version: None, arguments: Some(arguments(pairs)) })
            .await;
        self.until(&format!("{program} runs"), || async {
            let runs = self.runs(program).await;
            runs.into_iter().find(|run| !before.contains(&run.run) && run.status == RunStatus::Running)
        })
        .await
    }

    /// Leaves no run of the program alive. None is stopped before it runs: a stop that comes before the server has
    /// something to stop makes the record KILLED, while the program starts all the same and can no longer be stopped.
    pub async fn quiet(&self, program: &ProgramRef) {
        let alive = self
            .until(&format!("{program} has started"), || async {
                let alive = self.alive(program).await;
                let early = |run: &RunRecord| matches!(run.status, RunStatus::Pending | RunStatus::Starting);
                (!alive.iter().any(early)).then_some(alive)
            })
            .await;
        for run in alive {
            if run.status != RunStatus::Stopping {
                let _ = self.call(&StopRun { run: program.run(run.run), graceful: Graceful::Absent }).await;
            }
        }
        self.until(&format!("{program} is quiet"), || async {
            self.alive(program).await.is_empty().then_some(())
        })
        .await;
    }

    /// Waits until a run that was just started is RUNNING.
    pub async fn runs_now(&self, program: &ProgramRef, run: &RunId) {
        self.until(&format!("{program} {run} runs"), || async {
            let runs = self.runs(program).await;
            runs.into_iter().find(|it| it.run == *run && it.status == RunStatus::Running)
        })
        .await;
    }

    /// Exactly one run, freshly started.
    pub async fn only(&self, program: &ProgramRef, pairs: &[(&str, &str)]) -> RunRecord {
        self.quiet(program).await;
        self.start(program, pairs).await
    }

    /// A real-time run that has read records: the one that is alive, or a new one. A stand-alone server ends with all
    /// that runs in it if a stop interrupts the first seconds of a run, while Spark opens a port ("Failed to bind
    /// `SparkUI`", after which it exits the process).
    pub async fn streaming(&self, program: &ProgramRef) -> RunRecord {
        let run = match self.alive(program).await.into_iter().find(|run| run.status == RunStatus::Running) {
            Some(run) => run,
            None => self.start(program, &[]).await,
        };
        let read = "user.Clicks.records.out";
        let query = QueryMetrics::of_run(&program.run(run.run.clone()), [read]);
        self.until(&format!("{program} has read"), || async {
            self.must(&query).await.total(read).filter(|records| *records > 0.0)
        })
        .await;
        run
    }

    /// The record of a run once it satisfies the condition.
    pub async fn record(
        &self,
        program: &ProgramRef,
        run: &RunRecord,
        so: impl Fn(&RunRecord) -> bool,
    ) -> RunRecord {
        self.until(&format!("{program} {}", run.run), || async {
            let record = self.runs(program).await.into_iter().find(|it| it.run == run.run)?;
            so(&record).then_some(record)
        })
        .await
    }

    /// Deploys [`SCRATCH`] with the artifact and the configuration of another application; its version.
    pub async fn deploy_like(&self, other: &str) -> VersionId {
        self.deploy_changed(SCRATCH, other, |_| ()).await
    }

    /// Deploys an application with the artifact and a changed configuration of another one; its version.
    pub async fn deploy_changed(
        &self,
        application: &str,
        other: &str,
        change: impl FnOnce(&mut Value),
    ) -> VersionId {
        let detail = GetApplication { namespace: namespace(), application: other.into(), version: None };
        let detail = self.must(&detail).await;
        let mut config = serde_json::from_str(&detail.configuration).expect("a configuration");
        change(&mut config);
        let deploy = Deploy {
            namespace: namespace(),
            application: application.into(),
            artifact: detail.artifact,
            config: Some(config),
            update_schedules: None,
            change: None,
        };
        match self.must(&deploy).await {
            Deployed::Record(record) => record.version,
            Deployed::Words(words) => panic!("{words}"),
        }
    }

    /// [`SCRATCH`] as if it had never been there before.
    pub async fn scratch(&self, other: &str) -> VersionId {
        self.no_scratch().await;
        self.deploy_like(other).await
    }

    /// Ends and deletes [`SCRATCH`].
    pub async fn no_scratch(&self) {
        self.delete(SCRATCH).await;
    }

    /// Ends and deletes an application, if it is there.
    pub async fn delete(&self, application: &str) {
        let application = ApplicationId::from(application);
        let detail =
            GetApplication { namespace: namespace(), application: application.clone(), version: None };
        let Ok(detail) = self.call(&detail).await else { return };
        for program in detail.programs {
            self.quiet(&program.program(&namespace())).await;
        }
        self.must(&DeleteApplication { namespace: namespace(), application }).await;
    }

    /// Makes the running version of `customers_sync` an older one.
    pub async fn supersede(&self) {
        let upgrade = Request::post(["v3", "namespaces", "default", "apps", "customers_sync", "upgrade"]);
        let answer = self.send(&upgrade).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}
