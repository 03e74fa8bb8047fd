//! The server's refusals, with their recorded messages.

use super::program::Kind;
use super::version::SNAPSHOT;
use crate::http::media;
use crate::profile::Profile;

/// A refusal: status and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub status: u16,
    pub text: String,
    /// Some refusals are labeled as JSON, or not at all.
    pub content_type: Option<&'static str>,
    /// Whether the connection is closed after it.
    pub closes: bool,
}

impl Refusal {
    pub(crate) fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), content_type: Some(media::TEXT), closes: false }
    }

    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self::new(400, text)
    }

    /// An entity that does not exist.
    pub(crate) fn missing(entity: impl std::fmt::Display) -> Self {
        Self::new(404, format!("'{entity}' was not found."))
    }

    /// A message that is labeled as JSON.
    pub(crate) fn labelled_json(mut self) -> Self {
        self.content_type = Some(media::JSON);
        self
    }

    /// A response of the framework below the handlers: without a content type, and the connection is closed.
    pub(crate) fn bare(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), content_type: None, closes: true }
    }
}

/// Names entities as a profile's server does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EntityNames(pub Profile);

impl EntityNames {
    /// An application, whatever its version.
    pub(crate) fn application(self, namespace: &str, application: &str) -> String {
        if self.0.keeps_versions() {
            format!("applicationreference:{namespace}.{application}")
        } else {
            version(namespace, application, SNAPSHOT)
        }
    }

    /// A program, whatever its version.
    pub(crate) fn program(self, namespace: &str, application: &str, kind: Kind, name: &str) -> String {
        if self.0.keeps_versions() {
            format!("programreference:{namespace}.{application}.{}.{name}", kind.entity())
        } else {
            program(namespace, application, SNAPSHOT, kind, name)
        }
    }

    /// A schedule.
    pub(crate) fn schedule(self, namespace: &str, application: &str, name: &str) -> String {
        if self.0.keeps_versions() {
            format!("schedule:{namespace}.{application}.{name}")
        } else {
            format!("schedule:{namespace}.{application}.{SNAPSHOT}.{name}")
        }
    }

    /// The message for an unknown program type in a path.
    pub(crate) fn no_type(self, word: &str) -> String {
        if self.0.keeps_versions() {
            format!(
                "Unknown category name '{word}'. Must be one of mapreduce,spark,custom,workflows,services,workers"
            )
        } else {
            format!("Invalid program type '{word}'")
        }
    }
}

/// A version of an application.
pub(crate) fn version(namespace: &str, application: &str, id: &str) -> String {
    format!("application:{namespace}.{application}.{id}")
}

/// A program of a version.
pub(crate) fn program(namespace: &str, application: &str, version: &str, kind: Kind, name: &str) -> String {
    format!("program:{namespace}.{application}.{version}.{}.{name}", kind.entity())
}
