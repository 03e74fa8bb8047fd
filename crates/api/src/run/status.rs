//! The status of programs (docs/cdap-api.md#program-status).

use crate::list::decode_body;
use crate::program::{self, BatchResult};
use crate::{Endpoint, Error, NamespaceId, ProgramRef, Request, Response, Rows, VersionId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// The state of a program: three words only; SUSPENDED and STOPPING read as RUNNING, and runs of older versions
/// are not seen (docs/cdap-api.md#program-status).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProgramStatus {
    /// No run is alive.
    Stopped,
    /// A run is being started.
    Starting,
    /// A run is alive.
    Running,
    /// Another word, as it was sent.
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
        let word = String::deserialize(deserializer)?;
        Ok(match word.as_str() {
            "STOPPED" => Self::Stopped,
            "STARTING" => Self::Starting,
            "RUNNING" => Self::Running,
            _ => Self::Other(word.into()),
        })
    }
}

/// The status of one program, or of one version of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetStatus {
    /// The program.
    pub program: ProgramRef,
    /// The version; without one, the latest.
    pub version: Option<VersionId>,
}

/// The status of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusOf {
    /// Absent when the element of a batch failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ProgramStatus>,
}

impl Endpoint for GetStatus {
    type Output = StatusOf;

    fn request(&self) -> Request {
        Request::get(self.program.versioned(self.version.as_ref()).chain(["status"]))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// The status of many programs; one element each, in order. Nothing is aborted by a missing application.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statuses {
    /// Where the programs live.
    pub namespace: NamespaceId,
    /// The programs.
    pub programs: Vec<ProgramRef>,
}

impl Endpoint for Statuses {
    type Output = Rows<BatchResult<StatusOf>>;

    fn request(&self) -> Request {
        Request::post(["v3", "namespaces", self.namespace.as_str(), "status"])
            .json(&program::batch(&self.programs))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode_batch(response)
    }
}
