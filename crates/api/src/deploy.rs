//! Putting applications on a server and taking them away (docs/cdap-api.md#deployment).

use crate::application::ApplicationRecord;
use crate::artifact::Artifact;
use crate::list::decode_body;
use crate::{ApplicationId, Endpoint, Error, NamespaceId, Request, Response, VersionId};
use serde::{Deserialize, Serialize};

/// Makes an application of an artifact, or gives it a new version. From 6.8 on each call makes a new version with
/// a generated id and makes it the latest; before, the one version is replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deploy {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// What it is made of; 404 when the server does not have it.
    pub artifact: Artifact,
    /// Its configuration. A pipeline's is in [`crate::application::ApplicationDetail::configuration`], as text.
    pub config: Option<serde_json::Value>,
    /// Whether its schedules become those of the configuration; the server's default is true.
    pub update_schedules: Option<bool>,
}

/// What a deployment is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deployed {
    /// The new version. From 6.8 on.
    Record(Box<ApplicationRecord>),
    /// Words that name no version (6.7.2 says `Deploy Complete`).
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
        }
        Request::put(segments(&self.namespace, &self.application)).json(&Body {
            artifact: &self.artifact,
            config: self.config.as_ref(),
            update_schedules: self.update_schedules,
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

/// Removes an application with all its versions, schedules, preferences and metrics. 409 while one of its runs is
/// alive, one that is stopping included.
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

/// Removes one version of an application. Servers from 6.8 on refuse it (403, recording `delete-version`).
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

/// Removes every application of a namespace; 409 while one run is alive.
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

/// Removes what a real-time pipeline remembers of how far it read: its next run begins where its source begins.
/// The server does not look whether it runs. From 6.9.1 on.
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
