//! Artifacts: what applications are made of (docs/cdap-api.md#artifacts).

use crate::{Endpoint, Error, NamespaceId, Request, Response, Rows};
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
    /// Whether applications of it are batch pipelines.
    pub fn is_batch_pipeline(&self) -> bool {
        self.name == "cdap-data-pipeline"
    }

    /// Whether applications of it are real-time pipelines.
    pub fn is_realtime_pipeline(&self) -> bool {
        self.name == "cdap-data-streams"
    }
}

impl fmt::Display for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// Which artifacts a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ArtifactScope {
    /// Those that came with the server.
    System,
    /// Those that somebody added.
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

/// The artifacts of a namespace: those of the user and of the system together unless a scope is given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListArtifacts {
    /// The namespace.
    pub namespace: NamespaceId,
    /// Only these.
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

/// The versions of one artifact. Without a scope the server looks among the user's only, and answers 404 for one
/// of the system's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListArtifactVersions {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The artifact's name.
    pub name: String,
    /// Where to look.
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

/// A plugin by its type and name, as a stage of a pipeline names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PluginRef {
    /// Its type, for example `batchsource`.
    pub kind: String,
    /// Its name, for example `KVTable`.
    pub name: String,
}

/// The artifacts that have a plugin for applications of another artifact (docs/cdap-api.md#artifacts). 404 when
/// none has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListPlugins {
    /// The namespace.
    pub namespace: NamespaceId,
    /// What the applications are made of.
    pub parent: Artifact,
    /// The plugin.
    pub plugin: PluginRef,
}

/// An artifact's plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginOf {
    /// The artifact that has it.
    pub artifact: Artifact,
}

impl Endpoint for ListPlugins {
    type Output = Rows<PluginOf>;

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
