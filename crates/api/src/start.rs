//! Starting a program, or many (docs/cdap-api.md#starting).

use crate::program::BatchResult;
use crate::{
    ApplicationId, Endpoint, Error, NamespaceId, ProgramId, ProgramRef, ProgramType, Request, Response,
};
use crate::{Rows, RunId, Seconds, VersionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Starts a program. The answer does not say which run it became; [`StartBatch`] does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Start {
    /// The program.
    pub program: ProgramRef,
    /// The version. Servers from 6.8 on refuse all but the latest (400).
    pub version: Option<VersionId>,
    /// Arguments that come before the saved ones. `None` sends no body.
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

/// Starts many programs; one element of answer each, in order. A missing application, a 403 or a 429 ends the call
/// after earlier programs were started.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StartBatch {
    /// Where the programs live.
    pub namespace: NamespaceId,
    /// The programs, each with its arguments.
    pub programs: Vec<(ProgramRef, Option<BTreeMap<String, String>>)>,
}

/// The run that a start became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedRun {
    /// Its id; absent when nothing was started.
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
            // The server spells this one field without a capital (docs/cdap-api.md#batch-start).
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

/// Starts again every program of an application that was killed within a time
/// (docs/cdap-api.md#restart-of-programs). The new runs do
/// not have the arguments of the killed ones (recordings `restart-programs`, `runs-after-restart-programs`), and
/// two killed runs of one worker end in 409 after the first start.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RestartPrograms {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The version; the path has no form without one.
    pub version: VersionId,
    /// From this second on, and before that one. Without a window nothing is started.
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
