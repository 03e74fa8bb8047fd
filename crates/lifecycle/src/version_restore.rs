//! The restore of an older version of an application: a deployment of its artifact and configuration, which becomes a
//! new version. What the server did is read back ([`VersionRestore::result`]).

use crate::configuration_diff::{differences, parse};
use crate::deployment;
use quiesce_api::application::ApplicationDetail;
use quiesce_api::deploy::{Deploy, DeployChange, Deployed};
use quiesce_api::{Error, NamespaceId, VersionId};

/// A restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRestore {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The version that is restored.
    pub older: ApplicationDetail,
    /// The latest version before it.
    pub latest: VersionId,
}

/// What became of a restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestoreResult {
    /// The server refused it.
    Refused(Error),
    /// The latest version has the artifact and the configuration of the older one.
    Restored(VersionId),
    /// The new version is the latest, but it is not what was restored.
    Different {
        /// The new version.
        version: VersionId,
        /// Whether its artifact is another one.
        artifact: bool,
        /// The number of differences of the configurations.
        differences: usize,
    },
    /// Another version than the one that the server created is the latest.
    Superseded {
        /// The version that the server created, if it named it.
        created: Option<VersionId>,
        /// The latest version.
        latest: VersionId,
    },
    /// There was no usable answer, and the latest version is the one from before.
    NoAnswer(Error),
    /// The server created this version, if it named one, and could not be asked for it.
    Unverified(Option<VersionId>, Error),
}

impl VersionRestore {
    /// The request. It follows the version that was the latest: the server refuses it if another user deployed meanwhile.
    /// `None` if the configuration of the older version is not JSON.
    pub fn deploy(&self, reason: String) -> Option<Deploy> {
        let configuration = Some(self.older.configuration.as_str()).filter(|text| !text.is_empty());
        let deploy =
            deployment::of_version(&self.namespace, &self.older.name, &self.older.artifact, configuration)?;
        let change = DeployChange { description: Some(reason), parent_version: Some(self.latest.clone()) };
        Some(Deploy { change: Some(change), ..deploy })
    }

    /// Whether the latest version has to be read to know what became of it.
    pub fn is_to_be_read(answer: &Result<Deployed, Error>) -> bool {
        match answer {
            Ok(_) => true,
            Err(error) => error.leaves_doubt(),
        }
    }

    /// What became of it: by the answer, and by the latest version that was read after it.
    pub fn result(
        &self,
        answer: Result<Deployed, Error>,
        latest: Result<ApplicationDetail, Error>,
    ) -> RestoreResult {
        let created = match &answer {
            Ok(Deployed::Record(record)) => Some(record.version.clone()),
            Ok(Deployed::Words(_)) | Err(_) => None,
        };
        let latest = match (&answer, latest) {
            (Err(error), _) if !error.leaves_doubt() => return RestoreResult::Refused(error.clone()),
            (_, Err(error)) => return RestoreResult::Unverified(created, error),
            (_, Ok(latest)) => latest,
        };
        if let Err(error) = answer
            && latest.version == self.latest
        {
            return RestoreResult::NoAnswer(error);
        }
        let artifact = latest.artifact != self.older.artifact;
        let differences = differences(&parse(&self.older.configuration), &parse(&latest.configuration)).len();
        let version = latest.version;
        match created {
            Some(created) if created != version => {
                RestoreResult::Superseded { created: Some(created), latest: version }
            }
            _ if !artifact && differences == 0 => RestoreResult::Restored(version),
            Some(_) => RestoreResult::Different { version, artifact, differences },
            None => RestoreResult::Superseded { created: None, latest: version },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::{Response, TransportError};
    use serde_json::json;

    const OLD: &str = r#"{"engine":"spark","stages":[]}"#;

    fn detail(version: &str, artifact: &str, configuration: &str) -> ApplicationDetail {
        let artifact = json!({"name": "cdap-data-pipeline", "version": artifact, "scope": "SYSTEM"});
        let detail = json!({
            "name": "orders", "appVersion": version, "artifact": artifact, "configuration": configuration,
        });
        serde_json::from_value(detail).unwrap()
    }

    fn restore() -> VersionRestore {
        VersionRestore {
            namespace: "default".into(),
            older: detail("v1", "6.10.0", OLD),
            latest: "v2".into(),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "an answer, next to those that are errors")]
    fn created(version: &str) -> Result<Deployed, Error> {
        let artifact = json!({"name": "cdap-data-pipeline", "version": "6.10.0", "scope": "SYSTEM"});
        let record = json!({"name": "orders", "version": version, "artifact": artifact});
        Ok(Deployed::Record(serde_json::from_value(record).unwrap()))
    }

    #[test]
    fn it_deploys_the_older_artifact_and_configuration_after_the_latest_version() {
        use quiesce_api::Endpoint;
        let request = restore().deploy("Restore version v1".to_owned()).unwrap().request();
        let body: serde_json::Value = serde_json::from_str(&request.body.unwrap()).unwrap();
        assert_eq!(
            body,
            json!({
                "artifact": {"name": "cdap-data-pipeline", "version": "6.10.0", "scope": "SYSTEM"},
                "config": {"engine": "spark", "stages": []},
                "app.deploy.update.schedules": false,
                "change": {"description": "Restore version v1", "parentVersion": "v2"},
            })
        );
    }

    #[test]
    fn a_configuration_that_is_not_json_is_not_deployed_and_none_is_deployed_as_none() {
        let with =
            |configuration| VersionRestore { older: detail("v1", "6.10.0", configuration), ..restore() };
        assert_eq!(with("<config>").deploy(String::new()), None);
        assert_eq!(with("").deploy(String::new()).unwrap().config, None);
    }

    #[test]
    fn the_result_is_what_was_read_back() {
        let refused = |status| Error::refused(&Response::new(status, "no"));
        let lost = || Error::Transport(TransportError::TimedOut(60));
        let other = r#"{"engine":"mapreduce","stages":[]}"#;
        let reordered = r#"{"stages":[],"engine":"spark"}"#;
        for (answer, latest, result) in [
            (created("v3"), Ok(detail("v3", "6.10.0", reordered)), RestoreResult::Restored("v3".into())),
            (
                created("v3"),
                Ok(detail("v3", "6.11.0", other)),
                RestoreResult::Different { version: "v3".into(), artifact: true, differences: 1 },
            ),
            (
                created("v3"),
                Ok(detail("v4", "6.10.0", OLD)),
                RestoreResult::Superseded { created: Some("v3".into()), latest: "v4".into() },
            ),
            (created("v3"), Err(refused(403)), RestoreResult::Unverified(Some("v3".into()), refused(403))),
            (Err(refused(409)), Err(lost()), RestoreResult::Refused(refused(409))),
            (Err(lost()), Ok(detail("v2", "6.11.0", other)), RestoreResult::NoAnswer(lost())),
            (Err(lost()), Ok(detail("v3", "6.10.0", OLD)), RestoreResult::Restored("v3".into())),
            (
                Err(refused(500)),
                Ok(detail("v3", "6.11.0", OLD)),
                RestoreResult::Superseded { created: None, latest: "v3".into() },
            ),
            (Err(lost()), Err(lost()), RestoreResult::Unverified(None, lost())),
        ] {
            assert_eq!(restore().result(answer.clone(), latest), result, "{answer:?}");
        }
    }

    #[test]
    fn only_an_answer_that_leaves_nothing_open_is_not_read_back() {
        assert!(VersionRestore::is_to_be_read(&created("v3")));
        for (status, read) in
            [(400, false), (403, false), (404, false), (409, false), (500, true), (503, true)]
        {
            let answer = Err(Error::refused(&Response::new(status, "")));
            assert_eq!(VersionRestore::is_to_be_read(&answer), read, "{status}");
        }
    }
}
