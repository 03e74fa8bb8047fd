//! Stages of pipelines.

use super::text::Text;
use serde_json::{Map, Value, json};

/// A stage of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stage {
    pub name: Text,
    pub plugin: Text,
    pub kind: Text,
    /// Name, version and scope of the plugin's artifact.
    pub artifact: (Text, Text, Text),
    pub properties: Vec<(Text, Text)>,
}

impl Stage {
    /// The stage in a specification: with what it takes and what it gives.
    pub(super) fn deployed(&self, links: &[(Text, Text)], schemas: &[(Text, Value)]) -> Value {
        let schema =
            |of: &Text| schemas.iter().find(|(name, _)| name == of).map(|(_, schema)| schema.clone());
        let from = links.iter().filter(|(_, to)| *to == self.name).map(|(from, _)| from);
        let to = links.iter().filter(|(from, _)| *from == self.name).map(|(_, to)| to);
        let own = schema(&self.name).filter(|_| links.iter().any(|(from, _)| *from == self.name));
        let inputs: Map<_, _> = from.clone().filter_map(|it| Some((it.to_string(), schema(it)?))).collect();
        let ports = to.map(|it| (it.to_string(), json!({"schema": own})));
        let ports: Map<_, _> = ports.collect();
        let error = inputs.values().next().cloned();
        let mut stage = self.head();
        for (key, value) in [
            ("inputSchemas", Some(Value::Object(inputs))),
            ("outputPorts", Some(Value::Object(ports))),
            ("portSchemas", Some(json!({}))),
            ("outputSchema", own),
            ("errorSchema", error),
            ("stageLoggingEnabled", Some(json!(true))),
            ("processTimingEnabled", Some(json!(true))),
            ("maxPreviewRecords", Some(json!(100))),
            ("inputStages", Some(from.map(|it| json!(**it)).collect())),
        ] {
            if let Some(value) = value {
                stage.insert(key.to_owned(), value);
            }
        }
        Value::Object(stage)
    }

    fn head(&self) -> Map<String, Value> {
        let plugin = json!({
            "type": *self.kind,
            "name": *self.plugin,
            "properties": object(&self.properties),
            "artifact": self.artifact_id(),
        });
        [("name".to_owned(), json!(*self.name)), ("plugin".to_owned(), plugin)].into_iter().collect()
    }

    fn artifact_id(&self) -> Value {
        let (name, version, scope) = &self.artifact;
        let mut parts = version.split('.').map(|it| it.parse::<u32>().unwrap_or(0));
        let mut part = || parts.next().unwrap_or(0);
        json!({
            "name": **name,
            "version": {"version": **version, "major": part(), "minor": part(), "fix": part()},
            "scope": **scope,
        })
    }

    /// The plugin with its artifact and its properties.
    pub(super) fn plugin_spec(&self) -> Value {
        let macros: Vec<&str> = self
            .properties
            .iter()
            .flat_map(|(_, value)| value.split("${").skip(1))
            .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
            .collect();
        json!({
            "spec": {
                "parents": [],
                "artifactId": self.artifact_id(),
                "pluginClass": {
                    "type": *self.kind,
                    "name": *self.plugin,
                    "properties": {},
                    "requirements": {"datasetTypes": [], "capabilities": []},
                },
                "properties": {
                    "properties": object(&self.properties),
                    "macros": {"lookupProperties": macros, "macroFunctions": []},
                },
            },
            "id": *self.name,
            "name": *self.plugin,
            "type": *self.kind,
        })
    }

    pub(super) fn plugin(&self) -> Value {
        let (name, version, scope) = &self.artifact;
        json!({
            "name": *self.plugin,
            "type": *self.kind,
            "artifact": {"name": **name, "version": **version, "scope": **scope},
            "properties": object(&self.properties),
        })
    }
}

/// The stages as an upgrade writes them: actions last, and the keys of plugins in another order (record
/// `app-upgraded`).
pub(super) fn rewrite(stages: &mut Value) {
    let Value::Array(stages) = stages else { return };
    stages.sort_by_key(|stage| stage.pointer("/plugin/type").is_some_and(|it| it == "action"));
    for stage in stages {
        if let Some(plugin) = stage.get_mut("plugin") {
            reorder(plugin, &["name", "type", "properties", "artifact"]);
            if let Some(artifact) = plugin.get_mut("artifact") {
                reorder(artifact, &["scope", "name", "version"]);
            }
        }
    }
}

/// Puts some keys of an object first, in an order.
fn reorder(value: &mut Value, order: &[&str]) {
    let Value::Object(map) = value else { return };
    let mut old = std::mem::take(map);
    for key in order {
        if let Some(value) = old.shift_remove(*key) {
            map.insert((*key).to_owned(), value);
        }
    }
    map.append(&mut old);
}

/// An object of texts.
pub(super) fn object(pairs: &[(Text, Text)]) -> Value {
    Value::Object(pairs.iter().map(|(key, value)| (key.to_string(), json!(**value))).collect())
}
