//! Stopping one run, one program or many programs (docs/cdap-api.md#stopping).
//!
//! The calls differ: a program stop applies a grace period of 0 seconds whatever is requested; a run stop and a
//! batch stop apply the server's default or, on servers that support it, the `graceful` parameter. All respond before
//! anything has stopped.
//!
//! ```
//! use quiesce_api::stop::{Graceful, StopBatch};
//! use quiesce_api::{Endpoint, ProgramRef, ProgramType, Response};
//!
//! let program = ProgramRef::new("default", "orders", ProgramType::Workflow, "DataPipelineWorkflow");
//! let stop = StopBatch {
//!     namespace: "default".into(),
//!     programs: vec![program],
//!     graceful: Graceful::Seconds(60),
//! };
//! let request = stop.request();
//! assert_eq!(request.to_string(), "POST /v3/namespaces/default/stop?graceful=60");
//! assert_eq!(
//!     request.body.as_deref(),
//!     Some(r#"[{"appId":"orders","programType":"Workflow","programId":"DataPipelineWorkflow"}]"#)
//! );
//!
//! let response = Response::new(200, r#"[{"appId":"orders","programType":"Workflow",
//!     "programId":"DataPipelineWorkflow","statusCode":400,"error":"not running"}]"#);
//! assert_eq!(stop.read(&response)?.good[0].error.as_deref(), Some("not running"));
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::{NamespaceId, RunId, VersionId};
use crate::list::Rows;
use crate::program::{self, BatchResult, ProgramRef, RunRef};
use crate::request::Request;
use crate::response::Response;
use serde::{Deserialize, Serialize};

/// The `graceful` parameter of a stop (docs/cdap-api.md#the-graceful-parameter). Servers since 6.7 ignore it
/// silently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Graceful {
    /// No parameter: the server's default.
    #[default]
    Absent,
    /// `?graceful` without a value: never force the stop.
    Unlimited,
    /// `?graceful=N` in seconds. Signed, because the probe sends -1.
    Seconds(i32),
}

impl Graceful {
    fn put(self, request: Request) -> Request {
        match self {
            Self::Absent => request,
            Self::Unlimited => request.flag("graceful"),
            Self::Seconds(seconds) => request.query("graceful", seconds),
        }
    }
}

/// Stops one run, of any version (docs/cdap-api.md#run-stop). A run that is already stopping is rejected with 400.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StopRun {
    /// The run.
    pub run: RunRef,
    /// Requested grace period.
    pub graceful: Graceful,
}

impl Endpoint for StopRun {
    type Output = ();

    fn request(&self) -> Request {
        self.graceful.put(Request::post(self.run.segments().chain(["stop"])))
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

/// Stops every run of a program in one version, with a grace period of 0 seconds (docs/cdap-api.md#program-stop).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StopProgram {
    /// The program.
    pub program: ProgramRef,
    /// The version of the runs; `None` means the latest.
    pub version: Option<VersionId>,
}

impl Endpoint for StopProgram {
    type Output = ();

    fn request(&self) -> Request {
        Request::post(self.program.versioned(self.version.as_ref()).chain(["stop"]))
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

/// Stops every run of the latest version of each program (docs/cdap-api.md#batch-stop), but not the runs of older
/// versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StopBatch {
    /// Namespace of the programs.
    pub namespace: NamespaceId,
    /// The programs. The request does not contain their namespace.
    pub programs: Vec<ProgramRef>,
    /// Requested grace period, the same for all.
    pub graceful: Graceful,
}

/// The result for one run, or for one program without a stopped run. There is one element per *run*, so indices do
/// not match the request. Status 200: stop requested; 400: not running; 404: no such program.
pub type StopResult = BatchResult<StoppedRun>;

/// A run that a batch stop reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoppedRun {
    /// ID of the run; absent if nothing was stopped.
    #[serde(rename = "runId", default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
}

impl Endpoint for StopBatch {
    type Output = Rows<StopResult>;

    fn request(&self) -> Request {
        let request = Request::post(["v3", "namespaces", self.namespace.as_str(), "stop"]);
        let request = request.json(&program::batch(&self.programs));
        self.graceful.put(request)
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode_batch(response)
    }
}

/// Tests whether the server supports `graceful`: a batch stop without programs and with a value that only a
/// supporting server rejects (400). It cannot stop anything (docs/cdap-api.md#the-graceful-parameter).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProbeGraceful {
    /// Any existing namespace.
    pub namespace: NamespaceId,
}

impl Endpoint for ProbeGraceful {
    type Output = Rows<StopResult>;

    fn request(&self) -> Request {
        StopBatch { namespace: self.namespace.clone(), programs: Vec::new(), graceful: Graceful::Seconds(-1) }
            .request()
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode_batch(response)
    }
}
