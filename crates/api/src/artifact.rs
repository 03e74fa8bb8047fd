//! Artifacts, from which applications are created (docs/cdap-api.md#artifacts).
//!
//! ```
//! use quiesce_api::artifact::{ArtifactScope, ListArtifacts};
//! use quiesce_api::{Endpoint, Response};
//!
//! let list = ListArtifacts { namespace: "default".into(), scope: Some(ArtifactScope::System) };
//! assert_eq!(list.request().to_string(), "GET /v3/namespaces/default/artifacts?scope=system");
//!
//! let response = Response::new(200, r#"[{"name":"cdap-data-streams","version":"6.11.0","scope":"SYSTEM"}]"#);
//! let artifacts = list.read(&response)?;
//! assert_eq!(artifacts.good[0].to_string(), "cdap-data-streams 6.11.0");
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::NamespaceId;
use crate::list::Rows;
use crate::request::Request;
use crate::response::Response;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An artifact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Artifact {
    /// Its name, for example `cdap-data-streams`.
    pub name: String,
    /// Its version, for example `6.10.0`.
    pub version: String,
    /// `SYSTEM` or `USER`.
    pub scope: String,
}

impl Artifact {
    /// Whether its applications are batch pipelines.
    pub fn is_batch_pipeline(&self) -> bool {
        self.name == "cdap-data-pipeline"
    }

    /// Whether its applications are real-time pipelines.
    pub fn is_realtime_pipeline(&self) -> bool {
        self.name == "cdap-data-streams"
    }
}

impl fmt::Display for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// Filters a list of artifacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ArtifactScope {
    /// Artifacts shipped with the server.
    System,
    /// Artifacts added by users.
    User,
}

impl ArtifactScope {
    /// The word in a query.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
        }
    }
}

/// Lists the artifacts of a namespace: those of users and of the system, unless a scope is given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListArtifacts {
    /// The namespace.
    pub namespace: NamespaceId,
    /// Only artifacts of this scope.
    pub scope: Option<ArtifactScope>,
}

impl Endpoint for ListArtifacts {
    type Output = Rows<Artifact>;

    fn request(&self) -> Request {
        let request = Request::get(["v3", "namespaces", self.namespace.as_str(), "artifacts"]);
        match self.scope {
            Some(scope) => request.query("scope", scope.word()),
            None => request,
        }
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// Lists the versions of one artifact. Without a scope the server searches only users' artifacts, and answers 404
/// for a system artifact.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListArtifactVersions {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The artifact's name.
    pub name: String,
    /// The scope to search.
    pub scope: Option<ArtifactScope>,
}

impl Endpoint for ListArtifactVersions {
    type Output = Rows<Artifact>;

    fn request(&self) -> Request {
        let request = Request::get(["v3", "namespaces", self.namespace.as_str(), "artifacts", &self.name]);
        match self.scope {
            Some(scope) => request.query("scope", scope.word()),
            None => request,
        }
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// Type and name of a plugin, as in a stage of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PluginRef {
    /// Its type, for example `batchsource`.
    pub kind: String,
    /// Its name, for example `KVTable`.
    pub name: String,
}

/// Lists the artifacts that provide a plugin to applications of another artifact (docs/cdap-api.md#artifacts). 404
/// if none does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListPlugins {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The artifact of the applications.
    pub parent: Artifact,
    /// The plugin.
    pub plugin: PluginRef,
}

/// A provider of a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvailablePlugin {
    /// The artifact that contains the plugin.
    pub artifact: Artifact,
}

impl Endpoint for ListPlugins {
    type Output = Rows<AvailablePlugin>;

    fn request(&self) -> Request {
        let Artifact { name, version, scope } = &self.parent;
        let PluginRef { kind, name: plugin } = &self.plugin;
        let namespace = self.namespace.as_str();
        Request::get([
            "v3",
            "namespaces",
            namespace,
            "artifacts",
            name,
            "versions",
            version,
            "extensions",
            kind,
            "plugins",
            plugin,
        ])
        .query("scope", scope)
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}
