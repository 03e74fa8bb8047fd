//! Run records (docs/cdap-api.md#run-records) and the status of programs (docs/cdap-api.md#program-status).
//!
//! ```
//! use quiesce_api::run::{ListRuns, RunStatus};
//! use quiesce_api::{Endpoint, ProgramRef, ProgramType, Response};
//!
//! let program = ProgramRef::new("default", "orders", ProgramType::Workflow, "DataPipelineWorkflow");
//! let list = ListRuns { limit: Some(10), ..ListRuns::of(program) };
//! assert!(list.request().target.ends_with("/workflows/DataPipelineWorkflow/runs?limit=10"));
//!
//! let response = Response::new(200, r#"[{"runid":"5c3e0e37","starting":1795418580,
//!     "stopping":1795418600,"terminate":1795418900,"status":"STOPPING"}]"#);
//! let runs = list.read(&response)?.good;
//! assert_eq!(runs[0].status, RunStatus::Stopping);
//! assert_eq!(runs[0].applied_grace(), Some(300));
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::{NamespaceId, RunId, VersionId, from_text};
use crate::list::{Rows, decode_body};
use crate::program::{self, BatchResult, ProgramRef, RunRef};
use crate::request::Request;
use crate::response::Response;
use crate::time::Seconds;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

mod properties;
mod status;

pub use properties::Properties;
pub use status::{GetStatus, ProgramStatus, StatusResponse, Statuses};

/// The status of a run (docs/cdap-api.md#run-statuses). Open: a server can send other words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RunStatus {
    /// Accepted, not yet starting.
    Pending,
    /// Starting up.
    Starting,
    /// Running normally.
    Running,
    /// Suspended: active, but paused.
    Suspended,
    /// Stop requested, not yet ended. Since 6.7.
    Stopping,
    /// Completed on its own.
    Completed,
    /// Failed. The record contains no reason; the log may.
    Failed,
    /// Ended by a stop, whether it drained or not.
    Killed,
    /// Rejected before the start: the server was at its run limit (429).
    Rejected,
    /// Any other word, verbatim.
    Other(Arc<str>),
}

impl RunStatus {
    /// All but [`RunStatus::Other`].
    pub const KNOWN: [Self; 9] = [
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

    /// Whether the status is final. An unknown word is not final, so that no active run is taken for ended.
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
        from_text(deserializer, |word| Self::from(word))
    }
}

/// The record of a run (docs/cdap-api.md#run-records). It never contains the reason of a failure.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunRecord {
    /// The id.
    #[serde(rename = "runid")]
    pub run: RunId,
    /// Time of acceptance.
    pub starting: Seconds,
    /// Time when it reached RUNNING.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Seconds>,
    /// Time of its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Seconds>,
    /// Time of the suspension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspend: Option<Seconds>,
    /// Time of the resumption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Seconds>,
    /// Time of the stop request. Since 6.7.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopping: Option<Seconds>,
    /// Deadline of the stop. Can be far in the future. Since 6.7.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminate: Option<Seconds>,
    /// Status of the run.
    pub status: RunStatus,
    /// `runtimeArgs` (a string of JSON), `workflowrunid` and others.
    #[serde(default)]
    pub properties: Properties,
    /// The cluster of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Cluster>,
    /// The compute profile of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// The version of the application that it was started from. Since 6.8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionId>,
}

impl RunRecord {
    /// The arguments of the run, including the server's own. `None` if the record has none, if they cannot be read, or
    /// if it still has the system's arguments in their place
    /// (docs/cdap-api.md#run-records), as in the first moments after a start.
    pub fn runtime_arguments(&self) -> Option<BTreeMap<String, String>> {
        let all: BTreeMap<String, String> =
            quiesce_json::from_str(self.properties.get("runtimeArgs")?).ok()?;
        let are_the_systems = all.contains_key("clusterMode") && !all.contains_key("logical.start.time");
        (!are_the_systems).then_some(all)
    }

    /// The grace period that the server applied: `terminate - stopping`, in seconds.
    pub fn applied_grace(&self) -> Option<i64> {
        Some(self.terminate?.0.saturating_sub(self.stopping?.0))
    }

    /// The run of the workflow that started this one.
    pub fn parent_run(&self) -> Option<RunId> {
        self.properties.get("workflowrunid").map(RunId::from)
    }
}

/// The state of the cluster of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// `PROVISIONED`, `DEPROVISIONING` and others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Time when it was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Seconds>,
    /// Number of nodes; 0 on a stand-alone server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_nodes: Option<i64>,
}

/// The compute profile of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Its name.
    pub profile_name: String,
    /// The namespace of the profile.
    pub namespace: String,
    /// Always `PROFILE`.
    pub entity: String,
}

/// Lists the runs of a program in all versions (docs/cdap-api.md#run-lists): active ones first, newest first in
/// each group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListRuns {
    /// The program.
    pub program: ProgramRef,
    /// Only runs of this version. `None` means all versions.
    pub version: Option<VersionId>,
    /// Only runs with this status.
    pub status: Option<RunStatus>,
    /// Only runs that started at or after this time.
    pub start: Option<Seconds>,
    /// Only runs that started before this time. There is no page token: move this back to reach older runs.
    pub end: Option<Seconds>,
    /// Maximum number of runs; the server's default is 100.
    pub limit: Option<u32>,
}

impl ListRuns {
    /// All runs of all versions.
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

/// Reads one run, of any version.
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

/// Reads the newest run of each program, among the runs of its latest version only: the list is empty for a program
/// that has only runs of older versions (recording `superseded-runs-batch`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LatestRuns {
    /// Namespace of the programs.
    pub namespace: NamespaceId,
    /// The requested programs.
    pub programs: Vec<ProgramRef>,
}

/// The newest run of a program.
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

/// Reads the number of runs of each program, in all versions. At most 100 programs per call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunCounts {
    /// Namespace of the programs.
    pub namespace: NamespaceId,
    /// The requested programs.
    pub programs: Vec<ProgramRef>,
}

impl RunCounts {
    /// Maximum number of programs per call.
    pub const MOST: usize = 100;
}

/// The number of runs of a program.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunCount {
    /// Absent if the element failed.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(text: &str) -> Option<BTreeMap<String, String>> {
        let properties = [("runtimeArgs", text)];
        let record = serde_json::json!({
            "runid": "1c0d5d5e-5c00-11f1-9d4c-0242ac110002", "starting": 1_795_896_939, "status": "PENDING",
            "properties": BTreeMap::from(properties),
        });
        serde_json::from_value::<RunRecord>(record).unwrap().runtime_arguments()
    }

    #[test]
    fn the_systems_arguments_in_a_new_record_are_not_those_of_the_run() {
        let new =
            r#"{"app.cdap.version":"6.11.0-1741613763282","cluster.name":"","clusterMode":"ON_PREMISE"}"#;
        assert_eq!(arguments(new), None);
        let own = r#"{"clusterMode":"mine","logical.start.time":"1795896939161"}"#;
        assert_eq!(arguments(own).unwrap().len(), 2);
        // A server that adds none of its own.
        assert_eq!(arguments(r#"{"wait":"3"}"#).unwrap().len(), 1);
        assert_eq!(arguments("{"), None);
    }
}
