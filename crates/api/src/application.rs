//! Applications: the list, one in detail, their versions (docs/cdap-api.md#applications).

use crate::artifact::Artifact;
use crate::list::decode_body;
use crate::{ApplicationId, Endpoint, Error, Millis, NamespaceId, ProgramId, ProgramRef, ProgramType};
use crate::{Request, Response, Rows, VersionId};
use serde::{Deserialize, Serialize};

mod list;

pub use list::{Applications, ListApplications, NameMatch, Order, Page};

/// An application as lists have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationRecord {
    /// The name.
    pub name: ApplicationId,
    /// The version: the latest one unless all were asked for.
    pub version: VersionId,
    /// In the words of who made it.
    #[serde(default)]
    pub description: String,
    /// What it is made of.
    pub artifact: Artifact,
    /// Who made this version, and when. From 6.8 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// Where a version came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_time_millis: Option<Millis>,
    /// Whether it is the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<bool>,
}

/// An application in detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationDetail {
    /// The name.
    pub name: ApplicationId,
    /// The version. Only here is it called so (docs/cdap-api.md#application-detail).
    #[serde(rename = "appVersion")]
    pub version: VersionId,
    /// In the words of who made it.
    #[serde(default)]
    pub description: String,
    /// Who made this version, and when. From 6.8 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// The configuration: JSON in a string, or empty.
    #[serde(default)]
    pub configuration: String,
    /// Its programs, those that a workflow runs among them.
    #[serde(default)]
    pub programs: Vec<ProgramRecord>,
    /// The plugins that it uses.
    #[serde(default)]
    pub plugins: Vec<Plugin>,
    /// What it is made of.
    pub artifact: Artifact,
}

/// A program as lists have it (docs/cdap-api.md#program-lists).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramRecord {
    /// The type.
    #[serde(rename = "type")]
    pub program_type: ProgramType,
    /// The application.
    #[serde(rename = "app")]
    pub application: ApplicationId,
    /// The name.
    #[serde(rename = "name")]
    pub program: ProgramId,
    /// In the words of who made it.
    #[serde(default)]
    pub description: String,
}

impl ProgramRecord {
    /// The program that the record speaks of.
    pub fn program(&self, namespace: &NamespaceId) -> ProgramRef {
        ProgramRef {
            namespace: namespace.clone(),
            application: self.application.clone(),
            program_type: self.program_type.clone(),
            program: self.program.clone(),
        }
    }
}

/// A plugin that an application uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plugin {
    /// The stage.
    pub id: String,
    /// The plugin's name.
    pub name: String,
    /// The plugin's type, for example `streamingsource`.
    #[serde(rename = "type")]
    pub plugin_type: String,
}

/// One application, in its latest version or in a given one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetApplication {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The version; without one, the latest.
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

/// The versions of an application, newest first.
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

/// Many applications in detail, in order. A version is needed on servers from 6.8 on
/// (docs/cdap-api.md#application-detail).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApplicationDetails {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The applications, each with a version.
    pub applications: Vec<(ApplicationId, Option<VersionId>)>,
}

/// An element of [`ApplicationDetails`]. It does not name what was asked for when that is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DetailResult {
    /// The status of this element alone.
    pub status_code: u16,
    /// The application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<ApplicationDetail>,
    /// The server's words when it went wrong.
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

/// All programs of one type in a namespace, of the latest versions (docs/cdap-api.md#program-lists).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListPrograms {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The type.
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

/// The specification of a program. Of a real-time pipeline it holds, as JSON in a string, what the pipeline was
/// deployed with (docs/cdap-api.md#pipeline-configuration).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetSpecification {
    /// The program.
    pub program: ProgramRef,
    /// The version; without one, the latest.
    pub version: Option<VersionId>,
}

/// A program's specification, as far as the console reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specification {
    /// The name.
    pub name: ProgramId,
    /// Free properties; `pipeline` holds a pipeline's own specification.
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
