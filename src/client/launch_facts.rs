//! What real-time runs were launched with: read of the version that each run was started from, never of a later one.

use super::operation::Ports;
use quiesce_api::application::{ApplicationDetail, GetApplication, GetSpecification, Specification};
use quiesce_api::run::RunRecord;
use quiesce_api::{ProgramRef, VersionId};
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::launch::{LaunchFacts, LaunchInput};
use std::collections::{BTreeMap, BTreeSet};

/// The versions of a program that runs alive were started from, as far as they could be read.
#[derive(Default)]
pub struct LaunchedVersions(BTreeMap<VersionId, (Option<ApplicationDetail>, Option<Specification>)>);

/// The version of a run. A server before 6.8 has one version, which its records do not name.
fn version_of(run: &RunRecord) -> VersionId {
    run.version.clone().unwrap_or_else(VersionId::snapshot)
}

impl LaunchedVersions {
    /// Reads them for the runs of a program, if it is a real-time one.
    pub async fn read(
        &mut self,
        ports: &Ports,
        program: &ProgramRef,
        latest: &ApplicationDetail,
        runs: &[RunRecord],
    ) {
        if !Kind::of(&program.program_type, &program.program, Some(&latest.artifact)).is_real_time() {
            return;
        }
        let mut versions = BTreeSet::new();
        versions.extend(runs.iter().filter(|run| !run.status.is_end()).map(version_of));
        for version in versions {
            let (namespace, application) = (program.namespace.clone(), program.application.clone());
            let get = GetApplication { namespace, application, version: Some(version.clone()) };
            let detail =
                if latest.version == version { Some(latest.clone()) } else { ports.call(&get).await.ok() };
            let specification = GetSpecification { program: program.clone(), version: Some(version.clone()) };
            let specification = ports.call(&specification).await.ok();
            self.0.insert(version, (detail, specification));
        }
    }

    /// Takes the detail of the version that a run was started from. Its specification stays unread.
    pub fn insert(&mut self, detail: ApplicationDetail) {
        self.0.insert(detail.version.clone(), (Some(detail), None));
    }

    /// What a run was launched with.
    pub fn facts(&self, record: &RunRecord) -> LaunchFacts {
        let version = self.0.get(&version_of(record));
        LaunchFacts::of(LaunchInput {
            record: Some(record),
            detail: version.and_then(|(detail, _)| detail.as_ref()),
            specification: version.and_then(|(_, specification)| specification.as_ref()),
            metrics: None,
        })
    }
}
