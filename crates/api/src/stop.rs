//! Stopping a run, a program, or many programs (docs/cdap-api.md#stopping).
//!
//! The four calls are not alike: program level gives a grace of 0 seconds whatever is asked, run level and batch
//! give the server's own default or, where the server has it, what `graceful` asks for. All answer before anything
//! has stopped.

use crate::program::{self, BatchResult};
use crate::{Endpoint, Error, NamespaceId, ProgramRef, Request, Response, Rows, RunId, RunRef, VersionId};
use serde::{Deserialize, Serialize};

/// The `graceful` parameter of a stop (docs/cdap-api.md#the-graceful-parameter). Servers from 6.7 on ignore it and
/// say nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Graceful {
    /// No parameter: the server's own default.
    #[default]
    Absent,
    /// `?graceful` without a value: never forced.
    Unlimited,
    /// `?graceful=N` in seconds. Signed, since the probe of a server asks for -1.
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

/// Stops one run, of whatever version (S3). A run that is stopping already is refused with 400.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StopRun {
    /// The run.
    pub run: RunRef,
    /// The grace asked for.
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

/// Stops every run of a program in one version, with a grace of 0 seconds (docs/cdap-api.md#program-stop).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StopProgram {
    /// The program.
    pub program: ProgramRef,
    /// The version whose runs are meant; without one, the latest.
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

/// Stops every run of the latest version of each program (S4). Runs of older versions are not reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StopBatch {
    /// Where the programs live.
    pub namespace: NamespaceId,
    /// The programs. Their namespace is not sent.
    pub programs: Vec<ProgramRef>,
    /// The grace asked for; one value for all.
    pub graceful: Graceful,
}

/// What a batch stop says of one run, or of one program that it did not stop. There is one element per *run*, so
/// the list cannot be laid beside the request. Status 200: the stop was issued; 400: not running; 404: no such
/// program.
pub type StopResult = BatchResult<StoppedRun>;

/// The run that a batch stop told to stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoppedRun {
    /// Its id; absent when nothing was stopped.
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

/// Asks whether the server knows `graceful` at all: a batch stop of nothing with a value that only a server which
/// reads it would refuse (400). It can stop nothing (docs/cdap-api.md#the-graceful-parameter).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProbeGraceful {
    /// Any namespace that exists.
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
