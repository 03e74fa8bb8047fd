//! The record of an application in a list.

use crate::artifact::Artifact;
use crate::id::{ApplicationId, VersionId};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// An application in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationRecord {
    /// Name of the application.
    pub name: ApplicationId,
    /// The latest version, unless all versions were requested.
    pub version: VersionId,
    /// The artifact it is created from.
    pub artifact: Artifact,
    /// Author and time of this version. Since 6.8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// The origin of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Author of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Reason given by the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Time of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_time_millis: Option<Millis>,
    /// Whether it is the latest version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<bool>,
}
