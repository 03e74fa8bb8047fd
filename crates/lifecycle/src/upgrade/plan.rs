//! What may be chosen, and what was.

use crate::findings::ServerFindings;
use crate::launch::StateMode;
use quiesce_api::artifact::Artifact;
use quiesce_api::upgrade::{Candidates, UpgradeScope};
use quiesce_api::{ApplicationId, NamespaceId, VersionId};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What the operator chose.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "WirePlan", from = "WirePlan")]
pub struct UpgradePlan {
    /// Which artifacts an upgrade may take.
    pub candidates: Candidates,
    /// Whether up to [`UpgradePlan::MAX_PER_CALL`] applications go into one call. Without it, one application a call: then at most
    /// one outcome can be in doubt.
    pub list: bool,
    /// The applications. Everything later names them by their place here.
    pub applications: Vec<PlannedApp>,
    /// The findings about the server, as far as a verdict needs it.
    pub findings: ServerFindings,
}

impl UpgradePlan {
    /// The most applications in one call.
    pub const MAX_PER_CALL: usize = 20;

    /// The namespaces of the applications.
    pub fn namespaces(&self) -> BTreeSet<&NamespaceId> {
        let mut namespaces = BTreeSet::new();
        namespaces.extend(self.applications.iter().map(|chosen| &chosen.namespace));
        namespaces
    }
}

/// An application that was chosen, as the list had it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlannedApp {
    /// Its namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// Its version.
    pub version: VersionId,
    /// What it is made of.
    pub from: Artifact,
    /// What it shall be made of.
    pub to: Artifact,
    /// How it gets there.
    pub way: UpgradeMethod,
}

impl PlannedApp {
    /// How it is sorted against an application: by namespace, then by name.
    pub(super) fn cmp_id(&self, namespace: &NamespaceId, application: &ApplicationId) -> Ordering {
        self.namespace.cmp(namespace).then_with(|| self.application.cmp(application))
    }
}

/// A plan in the journal (docs/journal.md): the namespace that all applications share is written once.
#[derive(Clone, Serialize, Deserialize)]
struct WirePlan {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<NamespaceId>,
    candidates: Candidates,
    list: bool,
    applications: Vec<WireApp>,
    findings: ServerFindings,
}

/// An application of a plan in the journal. It names its namespace where the plan does not.
#[derive(Clone, Serialize, Deserialize)]
struct WireApp {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<NamespaceId>,
    application: ApplicationId,
    version: VersionId,
    from: Artifact,
    to: Artifact,
    way: UpgradeMethod,
}

impl From<UpgradePlan> for WirePlan {
    fn from(plan: UpgradePlan) -> Self {
        let many = plan.namespaces().len() > 1;
        let UpgradePlan { candidates, list, applications: chosen, findings } = plan;
        let shared = chosen.first().map(|chosen| chosen.namespace.clone()).filter(|_| !many);
        let mut applications = Vec::with_capacity(chosen.len());
        for PlannedApp { namespace, application, version, from, to, way } in chosen {
            let namespace = Some(namespace).filter(|_| shared.is_none());
            applications.push(WireApp { namespace, application, version, from, to, way });
        }
        Self { namespace: shared, candidates, list, applications, findings }
    }
}

impl From<WirePlan> for UpgradePlan {
    fn from(wire: WirePlan) -> Self {
        let mut applications = Vec::with_capacity(wire.applications.len());
        for WireApp { namespace, application, version, from, to, way } in wire.applications {
            let namespace = namespace.or_else(|| wire.namespace.clone()).unwrap_or_else(|| "".into());
            applications.push(PlannedApp { namespace, application, version, from, to, way });
        }
        let WirePlan { candidates, list, findings, .. } = wire;
        Self { candidates, list, applications, findings }
    }
}

/// How an application gets to the other version of its artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UpgradeMethod {
    /// By the server's upgrade.
    Upgrade,
    /// By deploying the same configuration on the other version. What the old version had not processed is never
    /// read again (docs/loss.md).
    Redeploy,
}

/// What can be done with an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Eligibility {
    /// It can be upgraded to this.
    Upgrade(Artifact),
    /// It has the newest already: an upgrade would make a new version of the same. Only if forced in.
    UpToDate(Artifact),
    /// The server refuses to upgrade it; it can be redeployed on this.
    Redeploy(Artifact),
    /// Nothing.
    Ineligible(IneligibleReason),
}

/// Why an application cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IneligibleReason {
    /// It is not a pipeline.
    NotAPipeline,
    /// The server has no version of its artifact within the scopes.
    NoArtifact,
}

/// What can be done with an application of this artifact. `mode` is where a real-time pipeline stores its state, if
/// that is known; `artifacts` are those that the server has.
pub fn eligibility(
    artifact: &Artifact,
    mode: Option<StateMode>,
    artifacts: &[Artifact],
    candidates: &Candidates,
) -> Eligibility {
    if !artifact.is_batch_pipeline() && !artifact.is_realtime_pipeline() {
        return Eligibility::Ineligible(IneligibleReason::NotAPipeline);
    }
    let Some(newest) = newest(artifact, artifacts, candidates) else {
        return Eligibility::Ineligible(IneligibleReason::NoArtifact);
    };
    match compare_versions(&newest.version, &artifact.version) {
        // The server keeps the version that it has when that is newer than all it may take.
        Ordering::Less => Eligibility::UpToDate(artifact.clone()),
        Ordering::Equal => Eligibility::UpToDate(newest.clone()),
        Ordering::Greater => match mode {
            Some(StateMode::SparkCheckpointing | StateMode::None) if artifact.is_realtime_pipeline() => {
                Eligibility::Redeploy(newest.clone())
            }
            _ => Eligibility::Upgrade(newest.clone()),
        },
    }
}

/// The newest version of an artifact that an upgrade may take.
fn newest<'a>(
    artifact: &Artifact,
    artifacts: &'a [Artifact],
    candidates: &Candidates,
) -> Option<&'a Artifact> {
    let fits = |other: &&Artifact| other.name == artifact.name && is_candidate(other, candidates);
    artifacts.iter().filter(fits).max_by(|one, other| compare_versions(&one.version, &other.version))
}

/// Whether an upgrade may take an artifact.
pub(super) fn is_candidate(artifact: &Artifact, candidates: &Candidates) -> bool {
    let in_scope = candidates.scopes.is_empty()
        || candidates.scopes.iter().any(|scope| {
            artifact.scope.eq_ignore_ascii_case(match scope {
                UpgradeScope::System => "SYSTEM",
                UpgradeScope::User => "USER",
            })
        });
    let snapshot = artifact.version.to_ascii_uppercase().ends_with("-SNAPSHOT");
    in_scope && (candidates.allow_snapshot || !snapshot)
}

/// Orders versions as the server does: by their three numbers, then a version without a suffix is the newest, then
/// by suffix.
pub fn compare_versions(one: &str, other: &str) -> Ordering {
    let parts = |version: &str| {
        let end = version.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(version.len());
        let (numbers, suffix) = version.split_at(end);
        let mut three = [0_u64; 3];
        for (place, number) in three.iter_mut().zip(numbers.split('.')) {
            *place = number.parse().unwrap_or(0);
        }
        (three, suffix.trim_start_matches(['-', '.', '+']).to_ascii_uppercase())
    };
    let ((one, suffix), (other, other_suffix)) = (parts(one), parts(other));
    one.cmp(&other).then_with(|| match (suffix.is_empty(), other_suffix.is_empty()) {
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        _ => suffix.cmp(&other_suffix),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(name: &str, version: &str, scope: &str) -> Artifact {
        Artifact { name: name.into(), version: version.into(), scope: scope.into() }
    }

    fn server() -> Vec<Artifact> {
        let mut all = Vec::new();
        for name in ["cdap-data-pipeline", "cdap-data-streams", "sensor-gateway"] {
            for version in ["6.9.2", "6.10.0", "6.11.0", "6.12.0-SNAPSHOT"] {
                all.push(artifact(name, version, "SYSTEM"));
            }
        }
        all.push(artifact("cdap-data-pipeline", "6.11.1", "USER"));
        all
    }

    fn offered(name: &str, version: &str, mode: Option<StateMode>, candidates: &Candidates) -> Eligibility {
        eligibility(&artifact(name, version, "SYSTEM"), mode, &server(), candidates)
    }

    #[test]
    fn the_newest_of_the_same_name_in_the_scopes_is_offered() {
        let all = Candidates::default();
        let system = Candidates { scopes: vec![UpgradeScope::System], allow_snapshot: false };
        let snapshots = Candidates { scopes: vec![UpgradeScope::System], allow_snapshot: true };
        for (candidates, version, scope) in [
            (&all, "6.11.1", "USER"),
            (&system, "6.11.0", "SYSTEM"),
            (&snapshots, "6.12.0-SNAPSHOT", "SYSTEM"),
        ] {
            let to = artifact("cdap-data-pipeline", version, scope);
            assert_eq!(offered("cdap-data-pipeline", "6.10.0", None, candidates), Eligibility::Upgrade(to));
        }
    }

    #[test]
    fn what_has_the_newest_is_offered_only_as_such() {
        let system = Candidates { scopes: vec![UpgradeScope::System], allow_snapshot: false };
        for version in ["6.11.0", "6.12.0-SNAPSHOT"] {
            let newest = artifact("cdap-data-pipeline", version, "SYSTEM");
            assert_eq!(offered("cdap-data-pipeline", version, None, &system), Eligibility::UpToDate(newest));
        }
    }

    #[test]
    fn a_real_time_pipeline_is_upgraded_only_with_its_own_state() {
        let all = Candidates::default();
        let to = artifact("cdap-data-streams", "6.11.0", "SYSTEM");
        for mode in [StateMode::SparkCheckpointing, StateMode::None] {
            let offer = offered("cdap-data-streams", "6.10.0", Some(mode), &all);
            assert_eq!(offer, Eligibility::Redeploy(to.clone()));
        }
        for mode in [Some(StateMode::StateStore), Some(StateMode::Unknown), None] {
            assert_eq!(offered("cdap-data-streams", "6.10.0", mode, &all), Eligibility::Upgrade(to.clone()));
        }
    }

    #[test]
    fn what_cannot_be_chosen_says_why() {
        let user = Candidates { scopes: vec![UpgradeScope::User], allow_snapshot: false };
        assert_eq!(
            offered("sensor-gateway", "6.10.0", None, &user),
            Eligibility::Ineligible(IneligibleReason::NotAPipeline)
        );
        assert_eq!(
            offered("cdap-data-streams", "6.10.0", None, &user),
            Eligibility::Ineligible(IneligibleReason::NoArtifact)
        );
    }

    #[test]
    fn versions_are_ordered_as_the_server_orders_them() {
        let sorted = ["6.2.9", "6.10.0-SNAPSHOT", "6.10.0-b", "6.10.0", "6.10.1", "10.0"];
        for (at, one) in sorted.iter().enumerate() {
            for (other_at, other) in sorted.iter().enumerate() {
                // `-b` comes before `-SNAPSHOT` by its letters.
                if at.min(other_at) == 1 && at.max(other_at) == 2 {
                    continue;
                }
                assert_eq!(compare_versions(one, other), at.cmp(&other_at), "{one} {other}");
            }
        }
    }

    fn planned(namespaces: &[&str]) -> UpgradePlan {
        let artifact = |version: &str| Artifact {
            name: "cdap-data-pipeline".into(),
            version: version.into(),
            scope: "SYSTEM".into(),
        };
        let app = |namespace: &&str| PlannedApp {
            namespace: (*namespace).into(),
            application: "orders".into(),
            version: "v1".into(),
            from: artifact("6.10.0"),
            to: artifact("6.11.0"),
            way: UpgradeMethod::Upgrade,
        };
        UpgradePlan {
            candidates: Candidates::default(),
            list: true,
            applications: namespaces.iter().map(app).collect(),
            findings: ServerFindings::default(),
        }
    }

    #[test]
    fn a_plan_is_journaled_with_the_namespace_that_its_applications_share_or_with_one_for_each() {
        for (namespaces, shared) in [(&["a", "a"][..], Some("a")), (&["a", "b"], None)] {
            let plan = planned(namespaces);
            let text = serde_json::to_value(&plan).unwrap();
            assert_eq!(text["namespace"].as_str(), shared);
            assert_eq!(text["applications"][1]["namespace"].is_null(), shared.is_some());
            assert_eq!(serde_json::from_value::<UpgradePlan>(text).unwrap(), plan);
        }
    }

    #[test]
    fn applications_of_the_same_name_in_two_namespaces_are_upgraded_each_in_its_own() {
        use crate::upgrade::{Call, UpgradeOperation};
        let op = UpgradeOperation::new(planned(&["b", "a"]), quiesce_api::Timestamp::MIN);
        let of = |namespace: &str| op.index_of(&namespace.into(), &"orders".into());
        assert_eq!([of("a"), of("b"), of("c")], [Some(0), Some(1), None]);
        let target = |place| op.request(Call::Upgrade, &[place], None).unwrap().target;
        assert!(target(0).starts_with("/v3/namespaces/a/") && target(1).starts_with("/v3/namespaces/b/"));
    }
}
