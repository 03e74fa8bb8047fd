//! Moving applications to the newest version of their artifact (docs/cdap-api.md#upgrade).

use crate::list::decode_body;
use crate::{ApplicationId, Endpoint, Error, NamespaceId, Request, Response, Rows, VersionId};
use serde::{Deserialize, Serialize};

/// Where an upgrade looks for newer artifacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UpgradeScope {
    /// Among those that came with the server.
    System,
    /// Among those that somebody added.
    User,
}

/// Which artifacts an upgrade may take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Candidates {
    /// Where to look; empty: everywhere. Sent as a parameter each, since a list with commas is refused (recording
    /// `upgrade-scope-list`).
    pub scopes: Vec<UpgradeScope>,
    /// Whether artifacts of a version `-SNAPSHOT` count too.
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

/// Upgrades one application. The server does not look whether it runs: runs go on in the old version, and calls
/// that see the latest version only no longer see them. Nothing newer is no error: the application gets a new
/// version of the same artifact (recording `upgrade-batch-pipeline-nothing-newer`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Upgrade {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// Which artifacts it may take.
    pub candidates: Candidates,
}

/// How the upgrade of an application went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpgradeResult {
    /// The status of this application alone; 501 when it does not support upgrades.
    pub status_code: u16,
    /// What it is now, or what was asked for when it went wrong.
    #[serde(rename = "appId")]
    pub application: ApplicationVersion,
    /// The server's words when it went wrong.
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
    /// The version: the new one after an upgrade, from 6.8 on.
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

/// Upgrades applications one after another; an element of answer each, in order, sent as each is done. Elements
/// that came before a broken connection are true; of the rest nothing is known, and the server may go on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UpgradeList {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The applications. A version that is not the latest is refused with an element of 500 by 6.11.0, which finds
    /// that the parent of what it deploys is not the latest.
    pub applications: Vec<(ApplicationId, Option<VersionId>)>,
    /// Which artifacts they may take.
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
    fn each_scope_is_a_parameter_of_its_own() {
        let candidates =
            Candidates { scopes: vec![UpgradeScope::System, UpgradeScope::User], allow_snapshot: true };
        let one = Upgrade { namespace: "n".into(), application: "a".into(), candidates };
        assert_eq!(
            one.request().target,
            "/v3/namespaces/n/apps/a/upgrade?artifactScope=SYSTEM&artifactScope=USER&allowSnapshot=true"
        );
    }

    #[test]
    fn a_stream_that_breaks_keeps_the_applications_that_are_done() {
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
