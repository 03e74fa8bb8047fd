//! Deployment and deletion of applications (docs/cdap-api.md#deployment).
//!
//! ```
//! use quiesce_api::artifact::Artifact;
//! use quiesce_api::deploy::{Deploy, Deployed};
//! use quiesce_api::{Endpoint, Response};
//!
//! let deploy = Deploy {
//!     namespace: "default".into(),
//!     application: "orders".into(),
//!     artifact: Artifact {
//!         name: "cdap-data-pipeline".into(),
//!         version: "6.11.0".into(),
//!         scope: "SYSTEM".into(),
//!     },
//!     config: None,
//!     update_schedules: Some(false),
//!     change: None,
//! };
//! assert_eq!(deploy.request().to_string(), "PUT /v3/namespaces/default/apps/orders");
//!
//! let old_server = Response::new(200, "Deploy Complete");
//! assert_eq!(deploy.read(&old_server)?, Deployed::Words("Deploy Complete".into()));
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::application::ApplicationRecord;
use crate::artifact::Artifact;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::{ApplicationId, NamespaceId, VersionId};
use crate::list::decode_body;
use crate::request::Request;
use crate::response::Response;
use serde::{Deserialize, Serialize};

/// Creates an application from an artifact, or a new version of it. Since 6.8 each call creates a version with a
/// generated ID and makes it the latest; earlier servers replace the only version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deploy {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The artifact; 404 if the server does not have it.
    pub artifact: Artifact,
    /// The configuration. A pipeline's is the text in [`crate::application::ApplicationDetail::configuration`].
    pub config: Option<serde_json::Value>,
    /// Whether the schedules are replaced by those of the configuration; the server's default is true.
    pub update_schedules: Option<bool>,
    /// The reason and the parent of the new version. Since 6.8; earlier servers ignore it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<DeployChange>,
}

/// The reason for a deployment, and the version that it follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeployChange {
    /// The reason, which [`Change::description`](crate::application::Change::description) shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The version that has to be the latest still; the server answers 409 otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_version: Option<VersionId>,
}

/// The response to a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deployed {
    /// The new version. Since 6.8.
    Record(Box<ApplicationRecord>),
    /// A message without a version (`Deploy Complete` from 6.7.2).
    Words(String),
}

impl Endpoint for Deploy {
    type Output = Deployed;

    fn request(&self) -> Request {
        #[derive(Serialize)]
        struct Body<'a> {
            artifact: &'a Artifact,
            #[serde(skip_serializing_if = "Option::is_none")]
            config: Option<&'a serde_json::Value>,
            #[serde(rename = "app.deploy.update.schedules", skip_serializing_if = "Option::is_none")]
            update_schedules: Option<bool>,
            #[serde(skip_serializing_if = "Option::is_none")]
            change: Option<&'a DeployChange>,
        }
        Request::put(segments(&self.namespace, &self.application)).json(&Body {
            artifact: &self.artifact,
            config: self.config.as_ref(),
            update_schedules: self.update_schedules,
            change: self.change.as_ref(),
        })
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        if response.body.trim_ascii_start().first() == Some(&b'{') {
            decode_body(response).map(Deployed::Record)
        } else {
            Ok(Deployed::Words(response.text().trim().to_owned()))
        }
    }
}

/// Deletes an application with all its versions, schedules, preferences and metrics. 409 while one of its runs is
/// active, including a run that is stopping.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeleteApplication {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
}

impl Endpoint for DeleteApplication {
    type Output = ();

    fn request(&self) -> Request {
        Request::delete(segments(&self.namespace, &self.application))
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

/// Deletes one version of an application. Servers since 6.8 reject it (403, recording `delete-version`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeleteVersion {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The version.
    pub version: VersionId,
}

impl Endpoint for DeleteVersion {
    type Output = ();

    fn request(&self) -> Request {
        let version = ["versions", self.version.as_str()];
        Request::delete(segments(&self.namespace, &self.application).into_iter().chain(version))
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

/// Deletes every application of a namespace; 409 while any run is active.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeleteAllApplications {
    /// The namespace.
    pub namespace: NamespaceId,
}

impl Endpoint for DeleteAllApplications {
    type Output = ();

    fn request(&self) -> Request {
        Request::delete(["v3", "namespaces", self.namespace.as_str(), "apps"])
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

/// Deletes the stored offsets of a real-time pipeline: its next run starts at the beginning of its source. The
/// server does not check whether it is running. Since 6.9.1.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeleteState {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
}

impl Endpoint for DeleteState {
    type Output = ();

    fn request(&self) -> Request {
        Request::delete(segments(&self.namespace, &self.application).into_iter().chain(["state"]))
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

fn segments<'a>(namespace: &'a NamespaceId, application: &'a ApplicationId) -> [&'a str; 5] {
    ["v3", "namespaces", namespace.as_str(), "apps", application.as_str()]
}
