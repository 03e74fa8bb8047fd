//! Reading many applications together: what batch answers prove of each, and what has to be read individually.
//!
//! A batch answer shows the latest run of a program, of its latest version only (docs/cdap-api.md#run-lists). That
//! proves what the program has of active runs if no other run can be active: see [`is_covered`].

use quiesce_api::application::{ApplicationDetail, ApplicationRecord};
use quiesce_api::artifact::Artifact;
use quiesce_api::run::{LatestRun, RunCount, RunRecord};
use quiesce_api::{ApplicationId, BatchResult, NamespaceId, ProgramRef, Rows, VersionId};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a program has no active run but the one that a batch answer shows. The answer shows an active run before a
/// newer one that has ended; so if it shows none that is active, only a superseded version can have one.
pub fn is_covered(latest: Option<&RunRecord>, count: Option<u64>, superseded: bool) -> bool {
    let active = latest.is_some_and(|run| !run.status.is_end());
    count == Some(u64::from(latest.is_some())) || !active && !superseded
}

/// The versions of the applications of a namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The latest version of each application, and its artifact.
    pub latest: BTreeMap<ApplicationId, (VersionId, Artifact)>,
    /// Applications that have or may have a superseded version.
    pub superseded: BTreeSet<ApplicationId>,
}

impl Versions {
    /// Reads a list of all versions. One that is damaged may lack some.
    pub fn of(list: Rows<ApplicationRecord>) -> Self {
        let whole = list.is_whole();
        let mut versions = Self::default();
        for record in list.good {
            let latest = record.change.and_then(|change| change.latest);
            let another = versions.latest.contains_key(&record.name);
            if another || !whole || latest == Some(false) {
                versions.superseded.insert(record.name.clone());
            }
            if latest == Some(true) || !another {
                versions.latest.insert(record.name, (record.version, record.artifact));
            }
        }
        versions
    }
}

/// What batch answers say of the programs of a few applications.
#[derive(Clone, Debug, Default)]
pub struct LatestOfMany {
    latest: Vec<(ProgramRef, Option<RunRecord>)>,
    counts: Vec<(ProgramRef, u64)>,
}

/// An application whose readings need not be repeated.
#[derive(Clone, Debug)]
pub struct KnownApplication {
    /// Its latest version.
    pub detail: ApplicationDetail,
    /// The programs whose active runs are proven, each with its latest run.
    pub runs: Vec<(ProgramRef, Option<RunRecord>)>,
}

impl LatestOfMany {
    /// Takes in the latest runs. A program whose element failed or is missing stays unknown.
    pub fn take_runs(&mut self, namespace: &NamespaceId, rows: Rows<BatchResult<LatestRun>>) {
        for element in rows.good.into_iter().filter(|element| element.error.is_none()) {
            let program = element.program(namespace);
            self.latest.push((program, element.value.runs.into_iter().next()));
        }
    }

    /// Takes in the numbers of runs.
    pub fn take_counts(&mut self, namespace: &NamespaceId, rows: Rows<BatchResult<RunCount>>) {
        for element in rows.good {
            let program = element.program(namespace);
            self.counts.extend(element.value.run_count.map(|count| (program, count)));
        }
    }

    /// What is proven of an application. `versions` has to be read after everything that was taken in, so that it
    /// names a version that was deployed meanwhile. `None` if it has another latest version by then.
    pub fn known(
        &self,
        detail: ApplicationDetail,
        namespace: &NamespaceId,
        versions: &Versions,
    ) -> Option<KnownApplication> {
        versions.latest.get(&detail.name).filter(|(version, _)| *version == detail.version)?;
        let superseded = versions.superseded.contains(&detail.name);
        let mut runs = Vec::new();
        for record in &detail.programs {
            let program = record.program(namespace);
            let Some((_, latest)) = self.latest.iter().find(|(it, _)| *it == program) else { continue };
            let count = self.counts.iter().find(|(it, _)| *it == program).map(|(_, count)| *count);
            if is_covered(latest.as_ref(), count, superseded) {
                runs.push((program, latest.clone()));
            }
        }
        Some(KnownApplication { detail, runs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json};

    fn run(status: &str) -> RunRecord {
        from_value(json!({ "runid": "r", "starting": 1, "status": status })).unwrap()
    }

    #[test]
    fn a_latest_run_covers_a_program_only_without_other_runs_or_versions() {
        let (running, completed) = (run("RUNNING"), run("COMPLETED"));
        assert!(is_covered(Some(&running), Some(1), true));
        assert!(!is_covered(Some(&running), Some(2), false), "another run may be active");
        assert!(!is_covered(Some(&running), None, false));
        assert!(is_covered(Some(&completed), Some(7), false), "active runs come first");
        assert!(!is_covered(Some(&completed), Some(7), true), "a superseded version may run");
        assert!(!is_covered(None, Some(3), true));
        assert!(is_covered(None, Some(0), true));
    }

    fn list(versions: &[(&str, bool)]) -> Rows<ApplicationRecord> {
        let record = |(version, latest): &(&str, bool)| {
            from_value(json!({
                "name": "a", "version": version, "change": { "latest": latest },
                "artifact": { "name": "cdap-data-pipeline", "version": "6.11.0", "scope": "SYSTEM" },
            }))
        };
        let good = versions.iter().map(|version| record(version).unwrap()).collect();
        Rows { good, bad: Vec::new(), cut: None }
    }

    fn known(list: Rows<ApplicationRecord>, status: &str) -> Option<KnownApplication> {
        let detail: ApplicationDetail = from_value(json!({
            "name": "a", "appVersion": "v1", "configuration": "{}",
            "artifact": { "name": "cdap-data-pipeline", "version": "6.11.0", "scope": "SYSTEM" },
            "programs": [{ "type": "Workflow", "app": "a", "name": "W" }, { "type": "Spark", "app": "a", "name": "S" }],
        }))
        .unwrap();
        let element = |program: &str, kind: &str, error: Option<&str>| {
            from_value(json!({
                "appId": "a", "programType": kind, "programId": program, "statusCode": 200, "error": error,
                "runs": [{ "runid": "r", "starting": 1, "status": status }],
            }))
        };
        let good =
            vec![element("W", "Workflow", None).unwrap(), element("S", "Spark", Some("broken")).unwrap()];
        let mut many = LatestOfMany::default();
        many.take_runs(&"default".into(), Rows { good, bad: Vec::new(), cut: None });
        many.known(detail, &"default".into(), &Versions::of(list))
    }

    #[test]
    fn a_program_whose_element_failed_is_read_individually() {
        let known = known(list(&[("v1", true)]), "COMPLETED").unwrap();
        let programs: Vec<_> = known.runs.iter().map(|(program, _)| program.program.as_str()).collect();
        assert_eq!(programs, ["W"]);
    }

    #[test]
    fn a_version_deployed_while_others_were_read_proves_nothing() {
        assert!(known(list(&[("v1", false), ("v2", true)]), "COMPLETED").is_none());
        let rolled_back = known(list(&[("v0", false), ("v1", true)]), "COMPLETED").unwrap();
        assert!(rolled_back.runs.is_empty(), "a superseded version may have an active run");
        assert!(known(list(&[]), "COMPLETED").is_none());
    }

    #[test]
    fn a_cut_list_of_versions_proves_nothing_of_runs() {
        let mut cut = list(&[("v1", true)]);
        cut.cut = Some(quiesce_api::Truncation { after: 1, reason: "the connection broke".into() });
        assert!(known(cut, "COMPLETED").unwrap().runs.is_empty());
    }

    #[test]
    fn an_active_run_next_to_others_is_read_individually() {
        assert!(known(list(&[("v1", true)]), "RUNNING").unwrap().runs.is_empty());
    }
}
