//! What the server has, and what can be done to it. Nothing moves by itself: whoever asks says what time it is.

pub(crate) mod application;
pub(crate) mod deploy;
pub(crate) mod drain;
pub(crate) mod pipeline;
pub(crate) mod plugins;
pub(crate) mod program;
pub(crate) mod refusal;
pub(crate) mod run;
pub(crate) mod settings;
pub(crate) mod stage;
pub(crate) mod start;
pub(crate) mod stop;
#[cfg(test)]
mod tests;
pub(crate) mod trigger;

use crate::Options;
use crate::clock::AdjustableClock;
use crate::faults::Faults;
use crate::ids::Ids;
use crate::received::Received;
use crate::tokens::Tokens;
use application::{Application, Artifact};
use jiff::SignedDuration;
use program::{Arguments, Kind, Program, Text};
use refusal::{Names, Refusal, program as program_name};
pub(crate) use settings::Settings;
use std::collections::{BTreeMap, VecDeque};

/// Applications are kept in the order in which the stand-alone store lists them: by the length of the name, then by
/// the name (record `apps`).
type Key = (usize, Text);

fn key(name: &str) -> Key {
    (name.len(), name.into())
}

/// A namespace.
#[derive(Debug)]
pub(crate) struct Namespace {
    pub description: String,
    /// When it was made, in milliseconds; 0 for the one that a server comes with.
    pub made: i64,
    pub applications: BTreeMap<Key, Application>,
    pub preferences: Arguments,
    /// Its own artifacts.
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

/// Where a program is: as a request names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub namespace: &'a str,
    pub application: &'a str,
    pub kind: Kind,
    pub name: &'a str,
}

/// The whole server.
#[derive(Debug)]
pub(crate) struct ServerState {
    pub options: Options,
    pub settings: Settings,
    pub clock: AdjustableClock,
    pub ids: Ids,
    pub namespaces: BTreeMap<String, Namespace>,
    pub system_artifacts: Vec<Artifact>,
    pub preferences: Arguments,
    pub faults: Faults,
    pub received: VecDeque<Received>,
    pub tokens: Tokens,
}

impl ServerState {
    /// A server without anything.
    pub(crate) fn empty(options: Options) -> Self {
        Self {
            options,
            settings: Settings::of(options.profile),
            clock: AdjustableClock::new(options.clock),
            ids: Ids::default(),
            namespaces: BTreeMap::new(),
            system_artifacts: Vec::new(),
            preferences: Arguments::new(),
            faults: Faults::default(),
            received: VecDeque::new(),
            tokens: Tokens::new(options.seed),
        }
    }

    /// Now, in milliseconds.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now()
    }

    /// How entities are named.
    pub(crate) fn names(&self) -> Names {
        Names(self.options.profile)
    }

    /// A namespace that must be there.
    pub(crate) fn namespace(&self, name: &str) -> Result<&Namespace, Refusal> {
        self.namespaces.get(name).ok_or_else(|| Refusal::missing(format_args!("namespace:{name}")))
    }

    pub(crate) fn find(&self, namespace: &str, application: &str) -> Option<&Application> {
        self.namespaces.get(namespace)?.get(application)
    }

    pub(crate) fn find_mut(&mut self, namespace: &str, application: &str) -> Option<&mut Application> {
        self.namespaces.get_mut(namespace)?.get_mut(application)
    }

    /// An application that must be there.
    pub(crate) fn application(&self, namespace: &str, name: &str) -> Result<&Application, Refusal> {
        self.find(namespace, name).ok_or_else(|| Refusal::missing(self.names().application(namespace, name)))
    }

    /// A program of the latest version that must be there.
    pub(crate) fn program(&self, place: Place) -> Result<(&Application, &Program), Refusal> {
        let application = self.application(place.namespace, place.application)?;
        let program = application.program(place.kind, place.name);
        let program = program.ok_or_else(|| {
            let Place { namespace, application: name, kind, name: program } = place;
            Refusal::missing(program_name(namespace, name, &application.latest_id(), kind, program))
        })?;
        Ok((application, program))
    }

    /// A program that must be there, whatever its version: one sentence for a missing application and program.
    pub(crate) fn any_program(&self, place: Place) -> Result<(&Application, &Program), Refusal> {
        let Place { namespace, application, kind, name } = place;
        self.find(namespace, application)
            .and_then(|found| Some((found, found.program(kind, name)?)))
            .ok_or_else(|| Refusal::missing(self.names().program(namespace, application, kind, name)))
    }

    pub(crate) fn program_mut(&mut self, place: Place) -> Option<&mut Program> {
        self.find_mut(place.namespace, place.application)?.program_mut(place.kind, place.name)
    }

    /// The arguments that a start without arguments has: instance, then namespace, application, program.
    pub(crate) fn resolved(&self, place: Place) -> Arguments {
        let mut all = self.preferences.clone();
        if let Some(namespace) = self.namespaces.get(place.namespace) {
            all.extend(namespace.preferences.clone());
            if let Some(application) = namespace.get(place.application) {
                all.extend(application.preferences.clone());
                if let Some(program) = application.program(place.kind, place.name) {
                    all.extend(program.preferences.clone());
                }
            }
        }
        all
    }

    /// Sets the clock of the server wrong: everything that it knows is as much later.
    pub(crate) fn skew(&mut self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
        let millis = seconds.saturating_mul(1_000);
        for application in self.namespaces.values_mut().flat_map(|it| it.applications.values_mut()) {
            for version in &mut application.versions {
                version.created += millis;
            }
            for schedule in &mut application.schedules {
                schedule.updated += millis;
            }
            for run in application.programs.iter_mut().flat_map(|it| &mut it.runs) {
                run.shift(millis);
            }
        }
    }
}
