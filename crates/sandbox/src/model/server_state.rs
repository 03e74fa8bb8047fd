//! The state of the whole server.

use super::application::{Application, Artifact};
use super::namespace::Namespace;
use super::program::{Program, ProgramRef};
use super::refusal::{EntityNames, Refusal, program as program_name};
use super::settings::Settings;
use super::text::Arguments;
use crate::clock::AdjustableClock;
use crate::faults::Faults;
use crate::ids::Ids;
use crate::options::Options;
use crate::request_log::RequestLog;
use crate::tokens::Tokens;
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// The state of the whole server.
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
    pub request_log: RequestLog,
    pub tokens: Tokens,
}

impl ServerState {
    /// A server without namespaces and artifacts.
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
            request_log: RequestLog::default(),
            tokens: Tokens::new(options.seed),
        }
    }

    /// Now, in milliseconds.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now()
    }

    /// The names of entities on this server.
    pub(crate) fn names(&self) -> EntityNames {
        EntityNames(self.options.profile)
    }

    /// A namespace, or the refusal of a missing one.
    pub(crate) fn namespace(&self, name: &str) -> Result<&Namespace, Refusal> {
        self.namespaces.get(name).ok_or_else(|| Refusal::missing(format_args!("namespace:{name}")))
    }

    pub(crate) fn find(&self, namespace: &str, application: &str) -> Option<&Application> {
        self.namespaces.get(namespace)?.get(application)
    }

    pub(crate) fn find_mut(&mut self, namespace: &str, application: &str) -> Option<&mut Application> {
        self.namespaces.get_mut(namespace)?.get_mut(application)
    }

    /// An application, or the refusal of a missing one.
    pub(crate) fn application(&self, namespace: &str, name: &str) -> Result<&Application, Refusal> {
        self.find(namespace, name).ok_or_else(|| Refusal::missing(self.names().application(namespace, name)))
    }

    /// A program of the latest version, or the refusal of a missing one.
    pub(crate) fn program(&self, program_ref: ProgramRef) -> Result<(&Application, &Program), Refusal> {
        let application = self.application(program_ref.namespace, program_ref.application)?;
        let program = application.program(program_ref.kind, program_ref.name);
        let program = program.ok_or_else(|| {
            let ProgramRef { namespace, application: name, kind, name: program } = program_ref;
            Refusal::missing(program_name(namespace, name, &application.latest_id(), kind, program))
        })?;
        Ok((application, program))
    }

    /// A program of any version; missing applications and programs have the same refusal.
    pub(crate) fn any_program(&self, program_ref: ProgramRef) -> Result<(&Application, &Program), Refusal> {
        let ProgramRef { namespace, application, kind, name } = program_ref;
        self.find(namespace, application)
            .and_then(|found| Some((found, found.program(kind, name)?)))
            .ok_or_else(|| Refusal::missing(self.names().program(namespace, application, kind, name)))
    }

    pub(crate) fn program_mut(&mut self, program_ref: ProgramRef) -> Option<&mut Program> {
        self.find_mut(program_ref.namespace, program_ref.application)?
            .program_mut(program_ref.kind, program_ref.name)
    }

    /// The saved arguments of a start: of the instance, then namespace, application, program.
    pub(crate) fn resolved(&self, program_ref: ProgramRef) -> Arguments {
        let mut all = self.preferences.clone();
        if let Some(namespace) = self.namespaces.get(program_ref.namespace) {
            all.extend(namespace.preferences.clone());
            if let Some(application) = namespace.get(program_ref.application) {
                all.extend(application.preferences.clone());
                if let Some(program) = application.program(program_ref.kind, program_ref.name) {
                    all.extend(program.preferences.clone());
                }
            }
        }
        all
    }

    /// Shifts the clock of the server and all of its times.
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
