//! The stages of the seeded pipelines.

use crate::model::stage::Stage;

type Artifact = (&'static str, &'static str, &'static str);

const SAMPLES: Artifact = ("sample-plugins", "1.0.0", "USER");

/// The artifacts of the system that have the plugins of the companies' pipelines.
pub(super) const SYSTEM: &[(&str, &str)] = &[
    ("google-cloud", "0.23.0"),
    ("http-plugins", "1.4.0"),
    ("kafka-plugins", "3.3.0"),
    ("wrangler-transform", "4.10.0"),
];

/// A stage.
pub(super) fn stage(
    name: &str,
    plugin: &str,
    kind: &str,
    artifact: (&str, &str, &str),
    properties: &[(&str, &str)],
) -> Stage {
    Stage {
        name: name.into(),
        plugin: plugin.into(),
        kind: kind.into(),
        artifact: (artifact.0.into(), artifact.1.into(), artifact.2.into()),
        properties: properties.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(),
    }
}

/// A stage of the sample plugins.
pub(super) fn sample(name: &str, plugin: &str, kind: &str, properties: &[(&str, &str)]) -> Stage {
    stage(name, plugin, kind, SAMPLES, properties)
}

/// A table that is read or written.
pub(super) fn table(name: &str, kind: &str, version: &str) -> Stage {
    let id = name.to_lowercase();
    let mut properties = vec![("name", id.as_str())];
    if kind == "batchsink" {
        properties.extend([("key.field", "key"), ("value.field", "value")]);
    }
    stage(name, "KVTable", kind, ("core-plugins", version, "SYSTEM"), &properties)
}

/// The stages of a real-time pipeline with a source of a plugin; `core` is the version of the core plugins.
pub(super) fn live(source: &str, core: &str) -> Vec<Stage> {
    let artifact = match source {
        "GoogleSubscriber" => ("google-cloud", "0.23.0", "SYSTEM"),
        "HTTPPoller" => ("http-plugins", "1.4.0", "SYSTEM"),
        "KinesisSource" => ("kinesis-spark-plugins", "1.4.0", "USER"),
        "Kafka" => ("kafka-plugins", "3.3.0", "SYSTEM"),
        _ => SAMPLES,
    };
    vec![
        stage("Events", source, "streamingsource", artifact, &[]),
        stage("Shape", "JavaScript", "transform", ("core-plugins", core, "SYSTEM"), &[]),
        stage(
            "Store",
            "BigQueryTable",
            "batchsink",
            ("google-cloud", "0.23.0", "SYSTEM"),
            &[("project", "auto-detect")],
        ),
    ]
}

/// The stages of a batch pipeline.
pub(super) fn nightly() -> Vec<Stage> {
    let cloud = ("google-cloud", "0.23.0", "SYSTEM");
    vec![
        stage("Extract", "GCSFile", "batchsource", cloud, &[("project", "auto-detect")]),
        stage("Clean", "Wrangler", "transform", ("wrangler-transform", "4.10.0", "SYSTEM"), &[]),
        stage("Load", "BigQueryTable", "batchsink", cloud, &[("project", "auto-detect")]),
    ]
}
