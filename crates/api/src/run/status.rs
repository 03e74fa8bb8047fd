//! The status of programs (docs/cdap-api.md#program-status).

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::{NamespaceId, VersionId, from_text};
use crate::list::{Rows, decode_body};
use crate::program::{self, BatchResult, ProgramRef};
use crate::request::Request;
use crate::response::Response;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// The status of a program. It has only three words: SUSPENDED and STOPPING read as RUNNING, and runs of older
/// versions are ignored (docs/cdap-api.md#program-status).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProgramStatus {
    /// No active run.
    Stopped,
    /// A run is starting.
    Starting,
    /// A run is active.
    Running,
    /// Any other word, verbatim.
    Other(Arc<str>),
}

impl ProgramStatus {
    /// The word on the wire.
    pub fn word(&self) -> &str {
        match self {
            Self::Stopped => "STOPPED",
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Other(word) => word,
        }
    }
}

impl Serialize for ProgramStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for ProgramStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer, |word| match word {
            "STOPPED" => Self::Stopped,
            "STARTING" => Self::Starting,
            "RUNNING" => Self::Running,
            _ => Self::Other(word.into()),
        })
    }
}

/// Reads the status of one program, or of one version of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetStatus {
    /// The program.
    pub program: ProgramRef,
    /// The version; `None` means the latest.
    pub version: Option<VersionId>,
}

/// The status of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusResponse {
    /// Absent if the element of a batch failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ProgramStatus>,
}

impl Endpoint for GetStatus {
    type Output = StatusResponse;

    fn request(&self) -> Request {
        Request::get(self.program.versioned(self.version.as_ref()).chain(["status"]))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// Reads the status of many programs; one element each, in order. A missing application does not fail the call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statuses {
    /// Namespace of the programs.
    pub namespace: NamespaceId,
    /// The requested programs.
    pub programs: Vec<ProgramRef>,
}

impl Endpoint for Statuses {
    type Output = Rows<BatchResult<StatusResponse>>;

    fn request(&self) -> Request {
        Request::post(["v3", "namespaces", self.namespace.as_str(), "status"])
            .json(&program::batch(&self.programs))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode_batch(response)
    }
}
