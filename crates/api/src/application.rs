//! Applications: lists, details and versions (docs/cdap-api.md#applications).
//!
//! ```
//! use quiesce_api::application::GetApplication;
//! use quiesce_api::{Endpoint, Response};
//!
//! let get = GetApplication { namespace: "default".into(), application: "orders".into(), version: None };
//! assert_eq!(get.request().to_string(), "GET /v3/namespaces/default/apps/orders");
//!
//! let response = Response::new(200, r#"{"name":"orders","appVersion":"-SNAPSHOT",
//!     "artifact":{"name":"cdap-data-pipeline","version":"6.10.0","scope":"SYSTEM"}}"#);
//! let application = get.read(&response)?;
//! assert!(application.artifact.is_batch_pipeline());
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::artifact::Artifact;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::{ApplicationId, NamespaceId, ProgramId, VersionId};
use crate::list::{Rows, decode_body};
use crate::program::{ProgramRef, ProgramType};
use crate::request::Request;
use crate::response::Response;
use serde::{Deserialize, Serialize};

mod list;
mod record;

pub use list::{Applications, ListApplications, NameMatch, Order, Page};
pub use record::{ApplicationRecord, Change};

/// The details of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationDetail {
    /// Name of the application.
    pub name: ApplicationId,
    /// The version; only this record calls it `appVersion` (docs/cdap-api.md#application-detail).
    #[serde(rename = "appVersion")]
    pub version: VersionId,
    /// Description by its author.
    #[serde(default)]
    pub description: String,
    /// Author and time of this version. Since 6.8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// The configuration: JSON in a string, or empty.
    #[serde(default)]
    pub configuration: String,
    /// Its programs, including those that a workflow runs.
    #[serde(default)]
    pub programs: Vec<ProgramRecord>,
    /// Its plugins.
    #[serde(default)]
    pub plugins: Vec<Plugin>,
    /// The artifact it is created from.
    pub artifact: Artifact,
}

/// A program in a list (docs/cdap-api.md#program-lists).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramRecord {
    /// Type of the program.
    #[serde(rename = "type")]
    pub program_type: ProgramType,
    /// The application.
    #[serde(rename = "app")]
    pub application: ApplicationId,
    /// Name of the program.
    #[serde(rename = "name")]
    pub program: ProgramId,
}

impl ProgramRecord {
    /// The program of this record.
    pub fn program(&self, namespace: &NamespaceId) -> ProgramRef {
        ProgramRef {
            namespace: namespace.clone(),
            application: self.application.clone(),
            program_type: self.program_type.clone(),
            program: self.program.clone(),
        }
    }
}

/// A plugin of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plugin {
    /// Name of the stage.
    pub id: String,
    /// The plugin's name.
    pub name: String,
    /// The plugin's type, for example `streamingsource`.
    #[serde(rename = "type")]
    pub plugin_type: String,
}

/// Reads one application, in its latest version or in a given one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetApplication {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The version; `None` means the latest.
    pub version: Option<VersionId>,
}

impl Endpoint for GetApplication {
    type Output = ApplicationDetail;

    fn request(&self) -> Request {
        let version = self.version.as_ref().map(|version| ["versions", version.as_str()]);
        Request::get(
            ["v3", "namespaces", self.namespace.as_str(), "apps", self.application.as_str()]
                .into_iter()
                .chain(version.into_iter().flatten()),
        )
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// Lists the versions of an application, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListVersions {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
}

impl Endpoint for ListVersions {
    type Output = Rows<VersionId>;

    fn request(&self) -> Request {
        Request::get([
            "v3",
            "namespaces",
            self.namespace.as_str(),
            "apps",
            self.application.as_str(),
            "versions",
        ])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// Reads the details of many applications, in order. Servers since 6.8 require a version
/// (docs/cdap-api.md#application-detail).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApplicationDetails {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The applications, each with a version.
    pub applications: Vec<(ApplicationId, Option<VersionId>)>,
}

impl ApplicationDetails {
    /// Number of applications that one call should name at most: each detail carries a configuration of some 10 kB.
    pub const BATCH: usize = 50;
}

/// An element of [`ApplicationDetails`]. It does not name an application that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DetailResult {
    /// Status of this element alone.
    pub status_code: u16,
    /// The application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<ApplicationDetail>,
    /// The server's message if it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Endpoint for ApplicationDetails {
    type Output = Rows<DetailResult>;

    fn request(&self) -> Request {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Element<'a> {
            app_id: &'a ApplicationId,
            #[serde(skip_serializing_if = "Option::is_none")]
            version: Option<&'a VersionId>,
        }
        let elements: Vec<_> = self
            .applications
            .iter()
            .map(|(application, version)| Element { app_id: application, version: version.as_ref() })
            .collect();
        Request::post(["v3", "namespaces", self.namespace.as_str(), "appdetail"]).json(&elements)
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// Lists all programs of one type in a namespace, in their latest versions (docs/cdap-api.md#program-lists).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListPrograms {
    /// The namespace.
    pub namespace: NamespaceId,
    /// Type of the program.
    pub program_type: ProgramType,
}

impl Endpoint for ListPrograms {
    type Output = Rows<ProgramRecord>;

    fn request(&self) -> Request {
        Request::get(["v3", "namespaces", self.namespace.as_str(), self.program_type.path()])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// Reads the specification of a program. A real-time pipeline's contains the deployed pipeline as a string of JSON
/// (docs/cdap-api.md#pipeline-configuration).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetSpecification {
    /// The program.
    pub program: ProgramRef,
    /// The version; `None` means the latest.
    pub version: Option<VersionId>,
}

/// The part of a program's specification that the console uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specification {
    /// Name of the program.
    pub name: ProgramId,
    /// Free properties; `pipeline` contains a pipeline's own specification.
    #[serde(default)]
    pub properties: std::collections::BTreeMap<String, String>,
}

impl Endpoint for GetSpecification {
    type Output = Specification;

    fn request(&self) -> Request {
        Request::get(self.program.versioned(self.version.as_ref()))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}
