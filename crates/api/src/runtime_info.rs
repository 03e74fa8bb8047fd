//! The resources of a running program: instances and containers (docs/cdap-api.md#instances-and-live-info).
//!
//! ```
//! use quiesce_api::runtime_info::GetInstances;
//! use quiesce_api::{Endpoint, ProgramRef, ProgramType, Response};
//!
//! let get = GetInstances { program: ProgramRef::new("default", "shop", ProgramType::Worker, "Poller") };
//! assert_eq!(get.request().to_string(), "GET /v3/namespaces/default/apps/shop/workers/Poller/instances");
//! assert_eq!(get.read(&Response::new(200, r#"{"instances":2}"#))?.instances, Some(2));
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::{ApplicationId, ProgramId};
use crate::list::decode_body;
use crate::program::{ProgramRef, ProgramType};
use crate::request::Request;
use crate::response::Response;
use serde::{Deserialize, Serialize};

/// Reads the number of instances of a service or a worker.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetInstances {
    /// The service or worker.
    pub program: ProgramRef,
}

/// A number of instances. A service sends the first two fields, a worker the third.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instances {
    /// Requested instances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<i64>,
    /// Running instances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provisioned: Option<i64>,
    /// Instances of a worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<i64>,
}

impl Endpoint for GetInstances {
    type Output = Instances;

    fn request(&self) -> Request {
        Request::get(self.program.segments().into_iter().chain(["instances"]))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// Reads where a program runs. Useful only on a cluster, and covers only one run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetLiveInfo {
    /// The program.
    pub program: ProgramRef,
}

/// Where a program runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveInfo {
    /// The application.
    #[serde(rename = "app")]
    pub application: ApplicationId,
    /// Type of the program.
    #[serde(rename = "type")]
    pub program_type: ProgramType,
    /// Name of the program.
    #[serde(rename = "name")]
    pub program: ProgramId,
    /// `in-memory` on a stand-alone server; absent if it is not running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    /// ID of the application on the cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yarn_app_id: Option<String>,
}

impl Endpoint for GetLiveInfo {
    type Output = LiveInfo;

    fn request(&self) -> Request {
        Request::get(self.program.segments().into_iter().chain(["live-info"]))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}
