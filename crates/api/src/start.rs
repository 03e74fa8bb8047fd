//! Starting one program or many (docs/cdap-api.md#starting).
//!
//! ```
//! use quiesce_api::start::StartBatch;
//! use quiesce_api::{Endpoint, ProgramRef, ProgramType, Response};
//!
//! let program = ProgramRef::new("default", "orders", ProgramType::Workflow, "DataPipelineWorkflow");
//! let start = StartBatch { namespace: "default".into(), programs: vec![(program, None)] };
//! assert_eq!(start.request().to_string(), "POST /v3/namespaces/default/start");
//!
//! let response = Response::new(200, r#"[{"appId":"orders","programType":"Workflow",
//!     "programId":"DataPipelineWorkflow","statusCode":200,"runId":"5c3e0e37"}]"#);
//! let started = start.read(&response)?;
//! assert_eq!(started.good[0].value.run, Some("5c3e0e37".into()));
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::{ApplicationId, NamespaceId, ProgramId, RunId, VersionId};
use crate::list::Rows;
use crate::program::{BatchResult, ProgramRef, ProgramType};
use crate::request::Request;
use crate::response::Response;
use crate::time::Seconds;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Starts a program. The response does not contain the ID of the run; that of [`StartBatch`] does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Start {
    /// The program.
    pub program: ProgramRef,
    /// The version. Servers since 6.8 accept only the latest (else 400).
    pub version: Option<VersionId>,
    /// Arguments that override the saved ones. `None` sends no body.
    pub arguments: Option<BTreeMap<String, String>>,
}

impl Endpoint for Start {
    type Output = ();

    fn request(&self) -> Request {
        let request = Request::post(self.program.versioned(self.version.as_ref()).chain(["start"]));
        match &self.arguments {
            Some(arguments) => request.json(arguments),
            None => request,
        }
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

/// Starts many programs; one element each, in order. A missing application, 403 or 429 aborts the call after
/// earlier programs were started.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StartBatch {
    /// Namespace of the programs.
    pub namespace: NamespaceId,
    /// The programs with their arguments.
    pub programs: Vec<(ProgramRef, Option<BTreeMap<String, String>>)>,
}

/// The run created by a start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedRun {
    /// ID of the run; absent if nothing was started.
    #[serde(rename = "runId", default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
}

impl Endpoint for StartBatch {
    type Output = Rows<BatchResult<StartedRun>>;

    fn request(&self) -> Request {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Element<'a> {
            app_id: &'a ApplicationId,
            program_type: &'a ProgramType,
            program_id: &'a ProgramId,
            // The server spells this field in lower case (docs/cdap-api.md#batch-start).
            #[serde(rename = "runtimeargs", skip_serializing_if = "Option::is_none")]
            arguments: Option<&'a BTreeMap<String, String>>,
        }
        let elements: Vec<_> = self
            .programs
            .iter()
            .map(|(program, arguments)| Element {
                app_id: &program.application,
                program_type: &program.program_type,
                program_id: &program.program,
                arguments: arguments.as_ref(),
            })
            .collect();
        Request::post(["v3", "namespaces", self.namespace.as_str(), "start"]).json(&elements)
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode_batch(response)
    }
}

/// Restarts every program of an application that was killed within an interval
/// (docs/cdap-api.md#restart-of-programs). The new runs do not get the arguments of the killed ones (recordings
/// `restart-programs`, `runs-after-restart-programs`), and two killed runs of one worker cause a 409 after the
/// first start.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RestartPrograms {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The version, which this path requires.
    pub version: VersionId,
    /// Start (inclusive) and end (exclusive) of the interval. `None` starts nothing.
    pub window: Option<(Seconds, Seconds)>,
}

impl Endpoint for RestartPrograms {
    type Output = ();

    fn request(&self) -> Request {
        let request = Request::put([
            "v3",
            "namespaces",
            self.namespace.as_str(),
            "apps",
            self.application.as_str(),
            "versions",
            self.version.as_str(),
            "restart-programs",
        ]);
        match self.window {
            Some((from, until)) => {
                request.query("start-time-seconds", from.0).query("end-time-seconds", until.0)
            }
            None => request,
        }
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}
