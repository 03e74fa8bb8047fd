//! Namespaces.

use super::application::{Application, Artifact};
use super::text::{Arguments, Text};
use std::collections::BTreeMap;

/// Applications are kept in the order in which the stand-alone store lists them: by the length of the name, then by
/// the name (record `apps`).
type Key = (usize, Text);

fn key(name: &str) -> Key {
    (name.len(), name.into())
}

/// A namespace with its applications.
#[derive(Debug)]
pub(crate) struct Namespace {
    pub description: String,
    /// When it was created, in milliseconds; 0 for `default`.
    pub made: i64,
    pub applications: BTreeMap<Key, Application>,
    pub preferences: Arguments,
    /// The artifacts with scope USER.
    pub artifacts: Vec<Artifact>,
}

impl Namespace {
    pub(crate) fn new(description: &str, made: i64, artifacts: Vec<Artifact>) -> Self {
        Self {
            description: description.to_owned(),
            made,
            applications: BTreeMap::new(),
            preferences: Arguments::new(),
            artifacts,
        }
    }

    pub(crate) fn put(&mut self, application: Application) {
        self.applications.insert(key(&application.name), application);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Application> {
        self.applications.get(&key(name))
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Application> {
        self.applications.get_mut(&key(name))
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<Application> {
        self.applications.remove(&key(name))
    }

    /// The applications, in the order of the list.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Application> {
        self.applications.values()
    }
}
