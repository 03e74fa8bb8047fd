//! The deployment of a version that an application had before: by an upgrade, its rollback, or the restore of a version.

use quiesce_api::artifact::Artifact;
use quiesce_api::deploy::Deploy;
use quiesce_api::{ApplicationId, NamespaceId};

/// A deployment of this artifact and configuration, which leaves schedules as they are: paused ones stay paused. `None` if
/// the configuration is not JSON: a deployment without it would deploy something else.
pub fn of_version(
    namespace: &NamespaceId,
    application: &ApplicationId,
    artifact: &Artifact,
    configuration: Option<&str>,
) -> Option<Deploy> {
    let config = match configuration {
        Some(text) => Some(serde_json::from_str(text).ok()?),
        None => None,
    };
    Some(Deploy {
        namespace: namespace.clone(),
        application: application.clone(),
        artifact: artifact.clone(),
        config,
        update_schedules: Some(false),
        change: None,
    })
}
