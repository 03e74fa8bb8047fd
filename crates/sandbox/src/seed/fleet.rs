//! The applications of the option `fleet`. They share their definitions, and each has a few runs.

use super::builder::Builder;
use super::plugins;
use super::spec::ArtifactVersion;
use super::versions::versions;
use crate::model::application::{AppDefinition, Artifact, Scope};
use crate::model::drain::Race;
use crate::model::pipeline::Pipeline;
use crate::model::program::ProgramRef;
use crate::model::program::{Behavior, Kind};
use crate::model::run::RunPlan;
use crate::random::SeededRng;
use std::sync::Arc;

const SUBJECTS: &[&str] = &[
    "orders",
    "returns",
    "stock",
    "prices",
    "customers",
    "baskets",
    "invoices",
    "shipments",
    "campaigns",
    "reviews",
    "suppliers",
    "payments",
    "coupons",
    "tills",
    "shifts",
    "routes",
];
const DEEDS: &[&str] = &["import", "export", "daily", "hourly", "archive", "report", "merge", "score"];
/// One in 25 is a real-time pipeline.
const LIVE: u64 = 25;

/// Adds a number of applications to the namespace `retail`.
pub(super) fn seed(builder: &mut Builder, count: usize, seed: u64) {
    if count == 0 {
        return;
    }
    let batches: Vec<_> = DEEDS
        .iter()
        .map(|deed| {
            let mut pipeline = Pipeline::batch(Some("0 3 * * *"));
            pipeline.description = format!("One of many: {deed}").into();
            pipeline.stages = plugins::nightly();
            Arc::new(AppDefinition::of(pipeline, Behavior::Batch { seconds: (60, 900), argument: false }))
        })
        .collect();
    let mut pipeline = Pipeline::stream("10s");
    pipeline.description = "One of many: live".into();
    pipeline.stages = plugins::live("GoogleSubscriber", versions(builder.server).2);
    let behavior = Behavior::Stream { rate: 60, drain_seconds: (8, 40), race: Race::Drawn };
    let live = Arc::new(AppDefinition::of(pipeline, behavior));
    let (older, newer) = (builder.version(ArtifactVersion::Older), builder.version(ArtifactVersion::Newer));
    for n in 0..count {
        let mut rng = SeededRng::new(seed, &["fleet", &n.to_string()]);
        let subject = pick(SUBJECTS, &mut rng).unwrap_or("orders");
        let version = if rng.chance(2, 3) { older } else { newer };
        let at = builder.now - rng.between(3_600, 90 * 86_400) * 1_000;
        if rng.chance(1, LIVE) {
            let name = format!("{subject}_live_{n:05}");
            let artifact = Artifact::new("cdap-data-streams", version, Scope::System);
            builder.add("retail", &name, at, artifact, Arc::clone(&live));
            if rng.chance(3, 4) {
                let program_ref = spark(&name);
                builder.began(program_ref, at + 60_000, RunPlan::Endless);
            }
            continue;
        }
        let index = usize::try_from(rng.next() % 8).unwrap_or(0);
        let (Some(deed), Some(definition)) = (DEEDS.get(index), batches.get(index)) else { continue };
        let name = format!("{subject}_{deed}_{n:05}");
        let artifact = Artifact::new("cdap-data-pipeline", version, Scope::System);
        builder.add("retail", &name, at, artifact, Arc::clone(definition));
        let runs = rng.between(0, 2);
        for run in 0..runs {
            let lasted = rng.between(60_000, 900_000);
            let began = builder.now - (runs - run) * 86_400_000 + rng.between(0, 3_600_000);
            let program_ref = ProgramRef {
                namespace: "retail",
                application: &name,
                kind: Kind::Workflow,
                name: "DataPipelineWorkflow",
            };
            if began > at {
                builder.began(program_ref, began, RunPlan::Ends { after: lasted, failed: rng.chance(1, 12) });
            }
        }
    }
}

fn spark(application: &str) -> ProgramRef<'_> {
    ProgramRef { namespace: "retail", application, kind: Kind::Spark, name: "DataStreamsSparkStreaming" }
}

fn pick(words: &[&'static str], rng: &mut SeededRng) -> Option<&'static str> {
    let of = u64::try_from(words.len()).ok()?;
    words.get(usize::try_from(rng.next() % of).ok()?).copied()
}
