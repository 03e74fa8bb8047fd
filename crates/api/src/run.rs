//! Run records, and the calls that read them (docs/cdap-api.md#run-records), and the status of programs
//! (docs/cdap-api.md#program-status).

use crate::list::decode_body;
use crate::program::{self, BatchResult};
use crate::{
    Endpoint, Error, NamespaceId, ProgramRef, Request, Response, Rows, RunId, RunRef, Seconds, VersionId,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

mod status;

pub use status::{GetStatus, ProgramStatus, StatusOf, Statuses};

/// The state of a run (docs/cdap-api.md#run-statuses). Open: a server may send a word that this list does not have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RunStatus {
    /// Accepted, not yet being started.
    Pending,
    /// Being started.
    Starting,
    /// Running.
    Running,
    /// Suspended: alive, but paused.
    Suspended,
    /// Told to stop and not yet ended. From 6.7 on.
    Stopping,
    /// Ended by itself.
    Completed,
    /// Ended with a failure. The record does not say why; the log may.
    Failed,
    /// Ended by a stop. Every stopped run ends so, drained or not.
    Killed,
    /// Never started: the server had no room (429).
    Rejected,
    /// A word that is none of these, as it was sent.
    Other(Arc<str>),
}

impl RunStatus {
    const KNOWN: [Self; 9] = [
        Self::Pending,
        Self::Starting,
        Self::Running,
        Self::Suspended,
        Self::Stopping,
        Self::Completed,
        Self::Failed,
        Self::Killed,
        Self::Rejected,
    ];

    /// The word on the wire.
    pub fn word(&self) -> &str {
        match self {
            Self::Pending => "PENDING",
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Suspended => "SUSPENDED",
            Self::Stopping => "STOPPING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Killed => "KILLED",
            Self::Rejected => "REJECTED",
            Self::Other(word) => word,
        }
    }

    /// Whether a run in this state never changes again. A word that is not known is no end: nothing is taken for
    /// stopped that may be alive.
    pub fn is_end(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Killed | Self::Rejected)
    }
}

impl From<&str> for RunStatus {
    fn from(word: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|status| status.word().eq_ignore_ascii_case(word))
            .unwrap_or_else(|| Self::Other(word.into()))
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Serialize for RunStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for RunStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

/// What the server keeps of a run (docs/cdap-api.md#run-records). It never says why a run failed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunRecord {
    /// The id.
    #[serde(rename = "runid")]
    pub run: RunId,
    /// When it was accepted.
    pub starting: Seconds,
    /// When it reached RUNNING.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Seconds>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Seconds>,
    /// When it was suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspend: Option<Seconds>,
    /// When it was resumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Seconds>,
    /// When it was told to stop. From 6.7 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopping: Option<Seconds>,
    /// The deadline of its stop. May be far in the future. From 6.7 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminate: Option<Seconds>,
    /// The state.
    pub status: RunStatus,
    /// `runtimeArgs` (JSON in a string), `workflowrunid` and others.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
    /// The cluster that it runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Cluster>,
    /// The compute profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// The version of the application that it was started from. From 6.8 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionId>,
}

impl RunRecord {
    /// The arguments that the run was started with, the server's own ones among them. `None` when the record has
    /// none or they cannot be read.
    pub fn runtime_arguments(&self) -> Option<BTreeMap<String, String>> {
        crate::json::from_str(self.properties.get("runtimeArgs")?).ok()
    }

    /// The grace that the server really gave: `terminate - stopping`, in seconds.
    pub fn applied_grace(&self) -> Option<i64> {
        Some(self.terminate?.0.saturating_sub(self.stopping?.0))
    }

    /// The run of the workflow that started this one.
    pub fn parent_run(&self) -> Option<RunId> {
        self.properties.get("workflowrunid").map(|id| RunId::from(id.as_str()))
    }
}

/// The state of the cluster of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// `PROVISIONED`, `DEPROVISIONING` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When it was given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Seconds>,
    /// How many nodes; 0 on a stand-alone server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_nodes: Option<i64>,
}

/// The compute profile of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Its name.
    pub profile_name: String,
    /// The namespace that it belongs to.
    pub namespace: String,
    /// Always `PROFILE`.
    pub entity: String,
}

/// The runs of a program, of all its versions (docs/cdap-api.md#run-lists): active ones first, newest first in each
/// group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListRuns {
    /// The program.
    pub program: ProgramRef,
    /// Only runs of this version. Without one: all versions.
    pub version: Option<VersionId>,
    /// Only runs in this state.
    pub status: Option<RunStatus>,
    /// Only runs that began at or after this.
    pub start: Option<Seconds>,
    /// Only runs that began before this. There is no page token: older runs are reached by moving this back.
    pub end: Option<Seconds>,
    /// At most so many; the server's default is 100.
    pub limit: Option<u32>,
}

impl ListRuns {
    /// The runs of all versions, without a filter.
    pub fn of(program: ProgramRef) -> Self {
        Self { program, version: None, status: None, start: None, end: None, limit: None }
    }
}

impl Endpoint for ListRuns {
    type Output = Rows<RunRecord>;

    fn request(&self) -> Request {
        let mut request = Request::get(self.program.versioned(self.version.as_ref()).chain(["runs"]));
        if let Some(status) = &self.status {
            request = request.query("status", status.word().to_ascii_lowercase());
        }
        if let Some(start) = self.start {
            request = request.query("start", start.0);
        }
        if let Some(end) = self.end {
            request = request.query("end", end.0);
        }
        if let Some(limit) = self.limit {
            request = request.query("limit", limit);
        }
        request
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// One run, of whatever version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetRun {
    /// The run.
    pub run: RunRef,
}

impl Endpoint for GetRun {
    type Output = RunRecord;

    fn request(&self) -> Request {
        Request::get(self.run.segments())
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// The latest run of each program, among the runs of its latest version only: a program whose only runs are of
/// older versions is answered with none (recording `superseded-runs-batch`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LatestRuns {
    /// Where the programs live.
    pub namespace: NamespaceId,
    /// The programs.
    pub programs: Vec<ProgramRef>,
}

/// The latest run of a program.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LatestRun {
    /// At most one record.
    #[serde(default)]
    pub runs: Vec<RunRecord>,
}

impl Endpoint for LatestRuns {
    type Output = Rows<BatchResult<LatestRun>>;

    fn request(&self) -> Request {
        Request::post(["v3", "namespaces", self.namespace.as_str(), "runs"])
            .json(&program::batch(&self.programs))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode_batch(response)
    }
}

/// How many runs each program has, of all versions. At most 100 programs a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunCounts {
    /// Where the programs live.
    pub namespace: NamespaceId,
    /// The programs.
    pub programs: Vec<ProgramRef>,
}

impl RunCounts {
    /// The most programs that one call may name.
    pub const MOST: usize = 100;
}

/// How many runs a program has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunCount {
    /// Absent when the element failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_count: Option<u64>,
}

impl Endpoint for RunCounts {
    type Output = Rows<BatchResult<RunCount>>;

    fn request(&self) -> Request {
        Request::post(["v3", "namespaces", self.namespace.as_str(), "runcount"])
            .json(&program::batch(&self.programs))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode_batch(response)
    }
}
