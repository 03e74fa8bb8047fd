//! What a program occupies while it runs: instances and containers (docs/cdap-api.md#instances-and-live-info).

use crate::list::decode_body;
use crate::{ApplicationId, Endpoint, Error, ProgramId, ProgramRef, ProgramType, Request, Response};
use serde::{Deserialize, Serialize};

/// How many instances of a service or a worker there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetInstances {
    /// A service or a worker.
    pub program: ProgramRef,
}

/// A number of instances. A service has the first two fields, a worker the third.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instances {
    /// How many were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<i64>,
    /// How many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provisioned: Option<i64>,
    /// How many a worker has.
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

/// Where a program runs. Says something only on a cluster, and of one run only.
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
    /// The type.
    #[serde(rename = "type")]
    pub program_type: ProgramType,
    /// The name.
    #[serde(rename = "name")]
    pub program: ProgramId,
    /// `in-memory` on a stand-alone server; absent when it does not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    /// The id of the application on the cluster.
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
