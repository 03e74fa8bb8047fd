//! Deploying, upgrading and deleting applications.

use super::application::{AppDefinition, Application, Artifact, ProgramDefinition, Scope, Version};
use super::namespace::Namespace;
use super::pipeline::Pipeline;
use super::program::{Behavior, Kind};
use super::refusal::{Refusal, version as version_name};
use super::server_state::ServerState;
use super::text::Text;
use super::version::SNAPSHOT;
use serde_json::Value;
use std::sync::Arc;

/// The change summary of a deployment.
#[derive(Debug, Default)]
pub(crate) struct ChangeSummary<'a> {
    pub description: Option<&'a str>,
    /// The version on which it is based; a conflict if that is not the latest.
    pub parent: Option<&'a str>,
}

impl ServerState {
    /// Adds an artifact to a namespace, unless it exists.
    pub(crate) fn add_artifact(&mut self, namespace: &str, artifact: Artifact) {
        if let Some(home) = self.namespaces.get_mut(namespace)
            && !home.artifacts.contains(&artifact)
        {
            home.artifacts.push(artifact);
            home.artifacts.sort_by(|a, b| (&a.name, a.age()).cmp(&(&b.name, b.age())));
        }
    }

    /// Adds a version of an application and returns its ID.
    pub(crate) fn deploy(
        &mut self,
        namespace: &str,
        application: &str,
        artifact: Artifact,
        config: &Value,
        change_summary: &ChangeSummary,
    ) -> Result<Text, Refusal> {
        let home = self.namespace(namespace)?;
        if !home.artifacts.iter().chain(&self.system_artifacts).any(|it| *it == artifact) {
            let home = if artifact.scope == Scope::System { "system" } else { namespace };
            return Err(Refusal::missing(format_args!("{home}:{} {}", artifact.name, artifact.version)));
        }
        check_configuration(&artifact.name, config)?;
        let is_pipeline = matches!(&*artifact.name, "cdap-data-streams" | "cdap-data-pipeline");
        if let Some(missing) = self.missing_plugin(namespace, config).filter(|_| is_pipeline) {
            return Err(missing.refuse_deployment());
        }
        let known = home.get(application).and_then(Application::latest);
        let behaviors = known.map(|it| it.definition.programs.clone()).unwrap_or_default();
        let mut definition = match &*artifact.name {
            "cdap-data-streams" => {
                let behavior = Behavior::of(Kind::Spark, true);
                AppDefinition::of(Pipeline::read(true, config), behavior)
            }
            "cdap-data-pipeline" => AppDefinition::of(Pipeline::read(false, config), batch_behavior(config)),
            _ => match known {
                Some(version) => {
                    let programs = version.definition.programs.clone();
                    AppDefinition {
                        description: version.definition.description.clone(),
                        pipeline: None,
                        programs,
                    }
                }
                None => {
                    return Err(Refusal::bad(
                        "The sandbox cannot run the code of an artifact: it knows only the applications that it has.",
                    ));
                }
            },
        };
        keep_behaviors(&mut definition, &behaviors);
        let latest = known.map(|it| it.id.clone());
        if let (Some(parent), Some(latest), true) =
            (change_summary.parent, latest, self.options.profile.keeps_versions())
            && *parent != *latest
        {
            return Err(Refusal::new(
                409,
                format!(
                    "Cannot deploy the application because parent version '{parent}' does not match the latest \
                     version '{latest}'."
                ),
            ));
        }
        let change_summary = change_summary.description.map(Into::into);
        Ok(self.add(namespace, application, (artifact, Arc::new(definition)), false, change_summary))
    }

    /// Adds the latest version, and the application if it does not exist.
    fn add(
        &mut self,
        namespace: &str,
        application: &str,
        (artifact, definition): (Artifact, Arc<AppDefinition>),
        upgraded: bool,
        change_summary: Option<Text>,
    ) -> Text {
        let created = self.now();
        let id = if self.options.profile.keeps_versions() { self.ids.make(created) } else { SNAPSHOT.into() };
        let version = Version { id: id.clone(), created, artifact, definition, upgraded, change_summary };
        let home = self
            .namespaces
            .entry(namespace.to_owned())
            .or_insert_with(|| Namespace::new("", created, Vec::new()));
        match home.get_mut(application) {
            Some(application) => application.deploy(version),
            None => home.put(Application::new(application, version)),
        }
        id
    }

    /// Upgrades an application to the newest version of its artifact in the scopes (all, if none is named), and its
    /// plugins, and returns the ID of the new version. It creates one even if nothing is newer, and ignores runs.
    pub(crate) fn upgrade(
        &mut self,
        namespace: &str,
        name: &str,
        version: &str,
        (scopes, snapshots): (&[Scope], bool),
    ) -> Result<Text, Refusal> {
        self.namespace(namespace)?;
        let application = self.application(namespace, name)?;
        let Some(old) = application.version(version) else {
            return Err(Refusal::missing(version_name(namespace, name, version)));
        };
        let keeps_versions = self.options.profile.keeps_versions();
        if keeps_versions && application.latest().is_some_and(|latest| latest.id != old.id) {
            // The server deploys it as a child of the old version, which its own check of parents rejects.
            return Err(Refusal::new(500, "Upgrade failed due to internal error."));
        }
        let Some(pipeline) = old.definition.pipeline.as_ref() else {
            let entity = version_name(namespace, name, if version == SNAPSHOT { &old.id } else { version });
            return Err(Refusal::new(501, format!("Application {entity} does not support update.")));
        };
        if keeps_versions && !pipeline.streaming && pipeline.configuration().get("properties").is_none() {
            // The upgrade copies the properties without a null check.
            return Err(Refusal::new(500, "Cannot invoke \"Object.getClass()\" because \"m\" is null"));
        }
        if pipeline.streaming && !keeps_versions {
            let entity = version_name(namespace, name, SNAPSHOT);
            return Err(Refusal::new(501, format!("Application {entity} does not support update.")));
        }
        if pipeline.streaming && !pipeline.tracked {
            let mode = pipeline.mode();
            let text = format!("App {name} does not support upgrade with state handling mode {mode} .");
            return Err(Refusal::new(501, text));
        }
        let own = self.namespaces.get(namespace).map(|it| it.artifacts.as_slice()).unwrap_or_default();
        let candidates = self.system_artifacts.iter().chain(own).filter(|it| it.name == old.artifact.name);
        let newest = candidates
            .filter(|it| scopes.is_empty() || scopes.contains(&it.scope))
            .filter(|it| snapshots || !it.is_snapshot())
            .chain([&old.artifact])
            .max_by_key(|it| it.age())
            .unwrap_or(&old.artifact)
            .clone();
        let moved = self.moved(namespace, pipeline, (scopes, snapshots));
        let config = moved.as_ref().unwrap_or(pipeline).configuration();
        if let Some(missing) = self.missing_plugin(namespace, &config) {
            return Err(missing.refuse_upgrade());
        }
        let definition = match moved {
            Some(pipeline) => Arc::new(AppDefinition {
                description: old.definition.description.clone(),
                pipeline: Some(pipeline),
                programs: old.definition.programs.clone(),
            }),
            None => old.definition.clone(),
        };
        Ok(self.add(namespace, name, (newest, definition), true, None))
    }

    /// The programs of an application that have active runs.
    fn alive(&self, application: &Application) -> Vec<Text> {
        let now = self.now();
        let programs = application.programs.iter().rev();
        let programs = programs.filter(|program| {
            program.runs.iter().any(|run| run.exists(now) && !run.state(now, &self.settings).is_end())
        });
        programs.map(|program| program.name.clone()).collect()
    }

    /// Deletes an application, unless it has active runs.
    pub(crate) fn delete(&mut self, namespace: &str, name: &str) -> Result<(), Refusal> {
        self.namespace(namespace)?;
        let application = self.application(namespace, name)?;
        let alive = self.alive(application);
        if !alive.is_empty() {
            let entity = self.names().application(namespace, name);
            return Err(cannot_delete(&entity, &alive.iter().map(ToString::to_string).collect::<Vec<_>>()));
        }
        if let Some(home) = self.namespaces.get_mut(namespace) {
            home.remove(name);
        }
        Ok(())
    }

    /// Deletes all applications of a namespace, unless it has active runs.
    pub(crate) fn delete_all(&mut self, namespace: &str) -> Result<(), Refusal> {
        let alive: Vec<String> = self
            .namespace(namespace)?
            .all()
            .flat_map(|app| self.alive(app).into_iter().map(move |name| format!("{}: {name}", app.name)))
            .collect();
        if !alive.is_empty() {
            return Err(cannot_delete(&format!("namespace:{namespace}"), &alive));
        }
        if let Some(home) = self.namespaces.get_mut(namespace) {
            home.applications.clear();
        }
        Ok(())
    }
}

/// Refuses a pipeline without a configuration, or without stages.
fn check_configuration(artifact: &str, config: &Value) -> Result<(), Refusal> {
    let streaming = artifact == "cdap-data-streams";
    if !streaming && artifact != "cdap-data-pipeline" {
        return Ok(());
    }
    if !config.is_object() {
        let class = if streaming { "DataStreamsConfig" } else { "ETLBatchConfig" };
        return Err(Refusal::bad(format!("io.cdap.cdap.etl.proto.v2.{class}")));
    }
    if streaming && config.get("batchInterval").is_none_or(Value::is_null) {
        return Err(Refusal::bad("Unable to parse batchInterval 'null'"));
    }
    if config.get("stages").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        return Err(Refusal::bad("A pipeline must contain at least one stage."));
    }
    Ok(())
}

fn cannot_delete(entity: &str, alive: &[String]) -> Refusal {
    let alive = alive.join(",");
    Refusal::new(
        409,
        format!("'{entity}' could not be deleted. Reason: The following programs are still running: {alive}"),
    )
}

/// A pipeline with the macro `wait` waits for as long as this argument says.
fn batch_behavior(config: &Value) -> Behavior {
    Behavior::Batch { seconds: (20, 60), argument: config.to_string().contains("${wait}") }
}

/// Keeps the behavior of redeployed programs.
fn keep_behaviors(definition: &mut AppDefinition, known: &[ProgramDefinition]) {
    for part in &mut definition.programs {
        if let Some(known) = known.iter().find(|it| it.kind == part.kind && it.name == part.name) {
            part.behavior = known.behavior;
        }
    }
}
