//! What there is to choose from: the applications of a namespace, and the artifacts that the server has.

use crate::client::Client;
use crate::pages::programs::{Latest, latest};
use crate::text::common::cut_list;
use crate::text::programs::APPLICATION_LIST;
use crate::text::upgrade::select::{ARTIFACT_LIST, runs_unread, state_mode_unread, unreadable};
use futures::stream::{self, StreamExt};
use quiesce_api::application::{ApplicationRecord, GetSpecification, ListApplications, Order};
use quiesce_api::artifact::{Artifact, ListArtifacts};
use quiesce_api::upgrade::Candidates;
use quiesce_api::{ApplicationId, Error, NamespaceId, ProgramRef, ProgramType};
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::launch::StateMode;
use quiesce_lifecycle::upgrade::{Eligibility, eligibility};
use std::collections::BTreeSet;

/// How many reads are under way at once.
const AT_ONCE: usize = 5;

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Loaded {
    pub applications: Vec<ApplicationRecord>,
    pub artifacts: Vec<Artifact>,
    /// What could not be read, as text.
    pub partial: Vec<String>,
}

/// What of an application is read later than the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LoadedLater {
    /// Where each real-time pipeline stores its state; none where it could not be read.
    pub modes: Vec<(ApplicationId, Option<StateMode>)>,
    /// The names of those that run, by the newest run of the program that is the pipeline.
    pub alive: BTreeSet<ApplicationId>,
    /// Whether all of it was read.
    pub whole: bool,
    /// What could not be read, as text.
    pub partial: Vec<String>,
}

/// Reads the applications and the artifacts of both scopes.
pub(crate) async fn read(client: Client, namespace: NamespaceId) -> Result<Loaded, Error> {
    let list = ListApplications { order: Some(Order::Ascending), ..ListApplications::all(namespace.clone()) };
    let artifacts = ListArtifacts { namespace, scope: None };
    let (applications, artifacts) = futures::future::join(client.call(&list), client.call(&artifacts)).await;
    let (applications, artifacts) = (applications?.rows, artifacts?);
    let mut partial = Vec::new();
    for (list, bad, cut) in [
        (APPLICATION_LIST, applications.bad.len(), &applications.cut),
        (ARTIFACT_LIST, artifacts.bad.len(), &artifacts.cut),
    ] {
        if bad > 0 {
            partial.push(unreadable(bad, list));
        }
        if let Some(cut) = cut {
            partial.push(cut_list(list, cut.after, &cut.reason));
        }
    }
    Ok(Loaded { applications: applications.good, artifacts: artifacts.good, partial })
}

/// The program that is the pipeline of an application.
fn pipeline(namespace: &NamespaceId, application: &ApplicationRecord) -> Option<ProgramRef> {
    let (program_type, program) = if application.artifact.is_realtime_pipeline() {
        (ProgramType::Spark, Kind::REAL_TIME_PROGRAM)
    } else if application.artifact.is_batch_pipeline() {
        (ProgramType::Workflow, Kind::BATCH_PROGRAM)
    } else {
        return None;
    };
    let (namespace, application) = (namespace.clone(), application.name.clone());
    Some(ProgramRef { namespace, application, program_type, program: program.into() })
}

/// Reads what runs, in a few calls, and where real-time pipelines that have something newer keep their place.
pub(crate) async fn read_more(client: Client, namespace: NamespaceId, offers: &Loaded) -> LoadedLater {
    let mut more = LoadedLater { whole: true, ..LoadedLater::default() };
    let mut programs = Vec::new();
    let mut real_time = Vec::new();
    for application in &offers.applications {
        let Some(program) = pipeline(&namespace, application) else { continue };
        // Whatever its mode and whatever the scopes: that it is newer is known without.
        let all = Candidates { allow_snapshot: true, ..Candidates::default() };
        let newer = !matches!(
            eligibility(&application.artifact, None, &offers.artifacts, &all),
            Eligibility::UpToDate(_)
        );
        if application.artifact.is_realtime_pipeline() && newer {
            real_time.push(GetSpecification {
                program: program.clone(),
                version: Some(application.version.clone()),
            });
        }
        programs.push(program);
    }
    match latest(client, namespace, programs).await {
        Ok(found) => {
            for (program, latest) in found {
                if matches!(latest, Latest::Run(run) if !run.status.is_end()) {
                    more.alive.insert(program.application);
                }
            }
        }
        Err(error) => more.partial.push(runs_unread(&error.sentence())),
    }
    let reads = stream::iter(real_time.into_iter().map(|get| async move {
        let read = client.call(&get).await;
        (get.program.application, read)
    }));
    let mut reads = reads.buffer_unordered(AT_ONCE);
    while let Some((name, specification)) = reads.next().await {
        if let Err(error) = &specification {
            more.partial.push(state_mode_unread(name.as_str(), &error.sentence()));
        }
        let place = specification.ok().and_then(|specification| {
            let text = specification.properties.get("pipeline")?;
            let pipeline: serde_json::Value = serde_json::from_str(text).ok()?;
            // Before there was a state store, its word was not there either, and servers refuse all of these.
            let word = pipeline.pointer("/stateSpec/mode").and_then(serde_json::Value::as_str);
            Some(word.map_or(StateMode::SparkCheckpointing, StateMode::from_word))
        });
        more.modes.push((name, place));
    }
    more
}
