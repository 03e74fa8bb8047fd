//! Upgrades applications to the newest version of their artifact (docs/cdap-api.md#upgrade).
//!
//! ```
//! use quiesce_api::upgrade::{Candidates, Upgrade, UpgradeScope};
//! use quiesce_api::{Endpoint, Response};
//!
//! let upgrade = Upgrade {
//!     namespace: "default".into(),
//!     application: "orders".into(),
//!     candidates: Candidates { scopes: vec![UpgradeScope::System], allow_snapshot: false },
//! };
//! assert_eq!(
//!     upgrade.request().to_string(),
//!     "POST /v3/namespaces/default/apps/orders/upgrade?artifactScope=SYSTEM"
//! );
//!
//! let refused = upgrade.read(&Response::new(501, "not supported")).unwrap_err();
//! assert_eq!(refused.to_string(), "501 Not Implemented: not supported");
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::{ApplicationId, NamespaceId, VersionId};
use crate::list::{Rows, decode_body};
use crate::request::Request;
use crate::response::Response;
use serde::{Deserialize, Serialize};

/// Where an upgrade searches for newer artifacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UpgradeScope {
    /// Artifacts shipped with the server.
    System,
    /// Artifacts added by users.
    User,
}

/// The artifacts that an upgrade may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Candidates {
    /// Scopes to search; empty means all. Each is sent as its own parameter, because a list with commas is rejected
    /// (recording `upgrade-scope-list`).
    pub scopes: Vec<UpgradeScope>,
    /// Whether to include artifacts of a version `-SNAPSHOT`.
    pub allow_snapshot: bool,
}

impl Candidates {
    fn put(&self, mut request: Request) -> Request {
        for scope in &self.scopes {
            request = request.query(
                "artifactScope",
                match scope {
                    UpgradeScope::System => "SYSTEM",
                    UpgradeScope::User => "USER",
                },
            );
        }
        if self.allow_snapshot { request.query("allowSnapshot", true) } else { request }
    }
}

/// Upgrades one application. The server does not check for active runs: they continue in the old version, and calls
/// that see only the latest version no longer see them. Without a newer artifact the application gets a new version
/// of the same artifact (recording `upgrade-batch-pipeline-nothing-newer`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Upgrade {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The artifacts that it may use.
    pub candidates: Candidates,
}

/// The result of an upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpgradeResult {
    /// Status of this application alone; 501 if it does not support upgrades.
    pub status_code: u16,
    /// The new version, or the requested one if the upgrade failed.
    #[serde(rename = "appId")]
    pub application: ApplicationVersion,
    /// The server's message if it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A version of an application.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ApplicationVersion {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The new version after an upgrade, since 6.8.
    pub version: VersionId,
}

impl Endpoint for Upgrade {
    type Output = UpgradeResult;

    fn request(&self) -> Request {
        let (namespace, application) = (self.namespace.as_str(), self.application.as_str());
        let request = Request::post(["v3", "namespaces", namespace, "apps", application, "upgrade"]);
        self.candidates.put(request)
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// Upgrades applications one after another; one element each, in order, sent as each finishes. Elements before a
/// broken connection are valid; the rest is unknown, and the server may continue.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UpgradeList {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The applications. 6.11.0 answers a version that is not the latest with an element of 500.
    pub applications: Vec<(ApplicationId, Option<VersionId>)>,
    /// The artifacts that they may use.
    pub candidates: Candidates,
}

impl Endpoint for UpgradeList {
    type Output = Rows<UpgradeResult>;

    fn request(&self) -> Request {
        #[derive(Serialize)]
        struct Element<'a> {
            name: &'a ApplicationId,
            #[serde(skip_serializing_if = "Option::is_none")]
            version: Option<&'a VersionId>,
        }
        let elements: Vec<_> = self
            .applications
            .iter()
            .map(|(name, version)| Element { name, version: version.as_ref() })
            .collect();
        let request = Request::post(["v3", "namespaces", self.namespace.as_str(), "upgrade"]);
        self.candidates.put(request).json(&elements)
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_each_scope_as_its_own_parameter() {
        let candidates =
            Candidates { scopes: vec![UpgradeScope::System, UpgradeScope::User], allow_snapshot: true };
        let one = Upgrade { namespace: "n".into(), application: "a".into(), candidates };
        assert_eq!(
            one.request().target,
            "/v3/namespaces/n/apps/a/upgrade?artifactScope=SYSTEM&artifactScope=USER&allowSnapshot=true"
        );
    }

    #[test]
    fn an_interrupted_stream_keeps_the_finished_applications() {
        let list = UpgradeList {
            namespace: "n".into(),
            applications: vec![("a".into(), None), ("b".into(), Some("1".into()))],
            candidates: Candidates::default(),
        };
        assert_eq!(list.request().body.as_deref(), Some(r#"[{"name":"a"},{"name":"b","version":"1"}]"#));
        let done = r#"{"statusCode":200,"appId":{"namespace":"n","application":"a","version":"2"}}"#;
        let broken = Response { cut: Some("reset".into()), ..Response::new(200, format!("[{done},{{\"st")) };
        let rows = list.read(&broken).unwrap();
        assert_eq!(rows.good.len(), 1);
        assert_eq!(rows.cut.map(|cut| (cut.after, cut.reason)), Some((1, "reset".to_owned())));
    }
}
