//! Records as the answers have them.

use crate::json;
use crate::model::application::{Application, ProgramDefinition, Version};
use crate::model::pipeline::Pipeline;
use crate::model::run::Run;
use crate::model::server_state::ServerState;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The arguments in the record of a run that has just been started.
const SYSTEM_ARGUMENTS: &str = r#"{"app.cdap.version":"6.11.0-1741613763282","cluster.name":"","system.profile.name":"SYSTEM:native","system.profile.provisioner":"native","clusterMode":"ON_PREMISE"}"#;

/// An application in a list.
#[derive(Serialize)]
struct Listed<'a> {
    r#type: &'static str,
    name: &'a str,
    version: &'a str,
    description: &'a str,
    artifact: Artifact<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Change<'a>>,
}

/// A program in a list and in the detail of its application.
#[derive(Serialize)]
pub(super) struct ProgramRecord<'a> {
    r#type: &'static str,
    app: &'a str,
    name: &'a str,
    description: &'a str,
}

impl<'a> ProgramRecord<'a> {
    /// The record of a program whose type is written in this way.
    pub(super) fn new(
        application: &'a Application,
        program: &'a ProgramDefinition,
        r#type: &'static str,
    ) -> Self {
        Self { r#type, app: &application.name, name: &program.name, description: &program.description }
    }
}

#[derive(Serialize)]
struct Artifact<'a> {
    name: &'a str,
    version: &'a str,
    scope: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    author: &'static str,
    creation_time_millis: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

/// The user that everything was deployed by.
const AUTHOR: &str = "root";

impl ServerState {
    fn change<'a>(&self, application: &Application, version: &'a Version, told: bool) -> Option<Change<'a>> {
        self.options.profile.keeps_versions().then(|| Change {
            author: AUTHOR,
            creation_time_millis: version.created,
            latest: told.then(|| application.latest().is_some_and(|it| it.id == version.id)),
            description: version.change_summary.as_deref(),
        })
    }

    /// A version of an application in a list. The answer to a deployment does not say whether it is the latest.
    pub(super) fn listed(&self, application: &Application, version: &Version, told: bool) -> Vec<u8> {
        json::write(&Listed {
            r#type: "App",
            name: &application.name,
            version: &version.id,
            description: self.description(version),
            artifact: artifact(version),
            change: self.change(application, version, told),
        })
    }

    /// On 6.7.2 an upgrade loses the description (record `app-upgraded`).
    fn description<'a>(&self, version: &'a Version) -> &'a str {
        match &version.definition.pipeline {
            Some(pipeline) if version.upgraded && !self.options.profile.keeps_versions() => {
                if pipeline.streaming { "Data Streams Application" } else { "Data Pipeline Application" }
            }
            _ => &version.definition.description,
        }
    }

    /// A version of an application in detail. The export writes types and scopes in another way.
    pub(super) fn detail(&self, application: &Application, version: &Version, exported: bool) -> Value {
        let keeps_versions = self.options.profile.keeps_versions();
        let pipeline = version.definition.pipeline.as_ref();
        let configuration = match pipeline {
            Some(pipeline) if version.upgraded => json::text(&pipeline.upgraded(keeps_versions)),
            Some(pipeline) => json::configuration(&pipeline.configuration()),
            None => String::new(),
        };
        let programs = version.definition.programs.iter().map(|part| {
            let kind = if exported { part.kind.entity() } else { part.kind.word() };
            ProgramRecord::new(application, part, kind)
        });
        let programs: Vec<_> = programs.collect();
        let mut detail = Map::new();
        detail.insert("name".into(), json!(*application.name));
        detail.insert("appVersion".into(), json!(*version.id));
        detail.insert("description".into(), json!(self.description(version)));
        if let Some(change) = self.change(application, version, true) {
            detail.insert("change".into(), json!(change));
        }
        detail.insert("configuration".into(), json!(configuration));
        detail.insert("datasets".into(), json!(pipeline.map(Pipeline::datasets).unwrap_or_default()));
        detail.insert("programs".into(), json!(programs));
        detail.insert("plugins".into(), json!(pipeline.map(Pipeline::plugins).unwrap_or_default()));
        let mut artifact = json!(artifact(version));
        if let (true, Some(scope)) = (exported, artifact.get_mut("scope")) {
            *scope = json!(version.artifact.scope.word().to_lowercase());
        }
        detail.insert("artifact".into(), artifact);
        Value::Object(detail)
    }

    /// A run.
    pub(super) fn record(&self, run: &Run) -> Value {
        let now = self.now();
        let snapshot = run.snapshot(now, &self.settings);
        let mut record = Map::new();
        record.insert("runid".into(), json!(*run.id));
        record.insert("starting".into(), json!(seconds(run.starting)));
        for (key, time) in [
            ("start", snapshot.start),
            ("end", snapshot.end),
            ("suspend", snapshot.suspend),
            ("stopping", snapshot.stopping),
            ("terminate", snapshot.terminate),
        ] {
            if let Some(time) = time {
                record.insert(key.into(), json!(seconds(time)));
            }
        }
        record.insert("status".into(), json!(snapshot.state.word()));
        let mut properties = Map::new();
        let arguments =
            if run.has_its_arguments(now) { json!(*run.arguments) } else { json!(SYSTEM_ARGUMENTS) };
        properties.insert("runtimeArgs".into(), arguments);
        if let Some((name, id)) = &run.phase
            && snapshot.end.is_none_or(|end| run.phase_starts() <= end)
            && run.phase_starts() <= now
        {
            properties.insert(name.to_string(), json!(**id));
        }
        record.insert("properties".into(), Value::Object(properties));
        record.insert("cluster".into(), cluster(snapshot.end, now));
        record.insert(
            "profile".into(),
            json!({"profileName": "native", "namespace": "system", "entity": "PROFILE"}),
        );
        if self.options.profile.keeps_versions() {
            record.insert("version".into(), json!(*run.version));
        }
        Value::Object(record)
    }
}

/// The cluster of a run: it is given back a moment after the end.
fn cluster(end: Option<i64>, now: i64) -> Value {
    match end.filter(|end| end + 250 <= now) {
        None => json!({"status": "PROVISIONED", "numNodes": 0}),
        Some(end) if now < end + 1_000 => json!({"status": "DEPROVISIONING", "numNodes": 0}),
        Some(end) => json!({"status": "DEPROVISIONED", "end": seconds(end), "numNodes": 0}),
    }
}

fn artifact(version: &Version) -> Artifact<'_> {
    let artifact = &version.artifact;
    Artifact { name: &artifact.name, version: &artifact.version, scope: artifact.scope.word() }
}

/// Records are in seconds.
pub(super) fn seconds(millis: i64) -> i64 {
    millis.div_euclid(1_000)
}
