//! Pipelines: what their configuration and their deployed specification say. Both are built when they are asked for.

use super::stage::{Stage, object, rewrite};
use super::text::Text;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The setting of the write-ahead log, in the configuration.
pub(crate) const LOG_KEY: &str = "system.spark.spark.streaming.receiver.writeAheadLog.enable";
/// What a setting of Spark begins with.
const SPARK: &str = "system.spark.";
/// Where checkpoints are kept.
pub(crate) const CHECKPOINTS: &str = "file:///srv/cdap/checkpoints";

/// A pipeline's configuration.
#[allow(clippy::struct_excessive_bools, reason = "they are the settings as the configuration has them")]
#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    pub streaming: bool,
    pub description: Text,
    /// Of a batch pipeline: when its schedule fires.
    pub cron: Option<Text>,
    pub stages: Vec<Stage>,
    /// Of a real-time pipeline, as it is written.
    pub batch_interval: Text,
    pub stop_gracefully: bool,
    pub disable_checkpoints: bool,
    pub properties: Vec<(Text, Text)>,
    /// Its source keeps its offset in the server's state store.
    pub tracked: bool,
    /// The configuration as somebody deployed it.
    pub given: Option<Arc<Value>>,
}

/// The schema that all stages here have.
const SCHEMA: &str = r#"{"type":"record","name":"pair","fields":[{"name":"key","type":"bytes"},{"name":"value","type":"bytes"}]}"#;

impl Pipeline {
    /// A real-time pipeline without stages.
    pub(crate) fn stream(batch_interval: &str) -> Self {
        Self {
            streaming: true,
            description: "".into(),
            cron: None,
            stages: Vec::new(),
            batch_interval: batch_interval.into(),
            stop_gracefully: true,
            disable_checkpoints: false,
            properties: Vec::new(),
            tracked: false,
            given: None,
        }
    }

    /// A batch pipeline without stages.
    pub(crate) fn batch(cron: Option<&str>) -> Self {
        Self { streaming: false, cron: cron.map(Into::into), ..Self::stream("") }
    }

    /// Reads what somebody deploys.
    pub(crate) fn read(streaming: bool, config: &Value) -> Self {
        let word = |key: &str| config.get(key).and_then(Value::as_str).unwrap_or_default();
        let flag = |key: &str, default| config.get(key).and_then(Value::as_bool).unwrap_or(default);
        let pairs = |value: Option<&Value>| {
            let map = value.and_then(Value::as_object);
            map.into_iter()
                .flatten()
                .filter_map(|(k, v)| Some((k.as_str().into(), v.as_str()?.into())))
                .collect()
        };
        let stages: Vec<Stage> = config
            .get("stages")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|stage| {
                let plugin = stage.get("plugin")?;
                let artifact = plugin.get("artifact");
                let of = |value: Option<&Value>, key: &str| -> Text {
                    value.and_then(|it| it.get(key)).and_then(Value::as_str).unwrap_or_default().into()
                };
                Some(Stage {
                    name: of(Some(stage), "name"),
                    plugin: of(Some(plugin), "name"),
                    kind: of(Some(plugin), "type"),
                    artifact: (of(artifact, "name"), of(artifact, "version"), of(artifact, "scope")),
                    properties: pairs(plugin.get("properties")),
                })
            })
            .collect();
        Self {
            streaming,
            description: word("description").into(),
            cron: Some(word("schedule")).filter(|it| !it.is_empty()).map(Into::into),
            batch_interval: word("batchInterval").into(),
            stop_gracefully: flag("stopGracefully", true),
            disable_checkpoints: flag("disableCheckpoints", false),
            properties: pairs(config.get("properties")),
            tracked: stages.iter().any(|stage| &*stage.plugin == "TrackedClicks"),
            stages,
            given: Some(Arc::new(config.clone())),
        }
    }

    /// The length of a batch, in milliseconds; 10 s if it cannot be read.
    pub(crate) fn interval_millis(&self) -> i64 {
        let digits = self.batch_interval.trim_end_matches(|it: char| !it.is_ascii_digit());
        let unit = match self.batch_interval.get(digits.len()..) {
            Some("ms") => 1,
            Some("m") => 60_000,
            Some("h") => 3_600_000,
            _ => 1_000,
        };
        digits.parse::<i64>().ok().and_then(|it| it.checked_mul(unit)).unwrap_or(10_000)
    }

    /// Whether its write-ahead log is off at launch: set so, or an artifact before 6.7.0, where off is the default.
    pub(crate) fn log_is_off(&self, old_artifact: bool) -> bool {
        match self.properties.iter().find(|(key, _)| &**key == LOG_KEY) {
            Some((_, value)) => !value.eq_ignore_ascii_case("true"),
            None => old_artifact,
        }
    }

    /// The configuration as it was deployed.
    pub(crate) fn configuration(&self) -> Value {
        if let Some(given) = &self.given {
            return Value::clone(given);
        }
        let mut config = Map::new();
        let mut put = |key: &str, value: Value| config.insert(key.to_owned(), value);
        let resources = json!({"memoryMB": 512, "virtualCores": 1});
        put("description", json!(*self.description));
        if self.streaming {
            put("batchInterval", json!(*self.batch_interval));
            put("stopGracefully", json!(self.stop_gracefully));
            put("disableCheckpoints", json!(self.disable_checkpoints));
            put("checkpointDir", json!(CHECKPOINTS));
        } else {
            put("engine", json!("spark"));
            if let Some(cron) = &self.cron {
                put("schedule", json!(**cron));
            }
            put("maxConcurrentRuns", json!(1));
        }
        put("resources", resources.clone());
        put("driverResources", resources.clone());
        if self.streaming {
            put("clientResources", resources);
        }
        put("processTimingEnabled", json!(true));
        put("stageLoggingEnabled", json!(true));
        if !self.streaming {
            put("numOfRecordsPreview", json!(100));
        }
        put("properties", object(&self.properties));
        put("comments", json!([]));
        if !self.streaming {
            put("postActions", json!([]));
        }
        put("connections", self.connections());
        let mut before: Option<&Stage> = None;
        let stages = self.stages.iter().map(|stage| {
            let mut value = json!({"name": *stage.name, "plugin": stage.plugin()});
            if let Value::Object(map) = &mut value {
                match before.filter(|it| &*it.kind != "action") {
                    Some(from) => {
                        map.insert("inputSchema".into(), json!([{"name": *from.name, "schema": SCHEMA}]));
                    }
                    None if &*stage.kind != "action" => {
                        map.insert("outputSchema".into(), json!(SCHEMA));
                    }
                    None => {}
                }
            }
            before = Some(stage);
            value
        });
        let stages: Vec<Value> = stages.collect();
        put("stages", json!(stages));
        Value::Object(config)
    }

    /// The configuration as an upgrade writes it: in another order. An upgrade on 6.7.2 drops the description.
    pub(crate) fn upgraded(&self, keeps_description: bool) -> Value {
        const ORDER: &[&str] = &[
            "engine",
            "schedule",
            "maxConcurrentRuns",
            "postActions",
            "description",
            "batchInterval",
            "stopGracefully",
            "disableCheckpoints",
            "checkpointDir",
            "stages",
            "connections",
            "resources",
            "driverResources",
            "clientResources",
            "stageLoggingEnabled",
            "processTimingEnabled",
            "numOfRecordsPreview",
            "properties",
            "comments",
        ];
        let mut old = match self.configuration() {
            Value::Object(map) => map,
            other => return other,
        };
        if !keeps_description {
            old.shift_remove("description");
        }
        let mut config = Map::new();
        for key in ORDER {
            if let Some(mut value) = old.shift_remove(*key) {
                if *key == "stages" {
                    rewrite(&mut value);
                }
                config.insert((*key).to_owned(), value);
            }
        }
        config.append(&mut old);
        Value::Object(config)
    }

    fn connections(&self) -> Value {
        self.links().iter().map(|(from, to)| json!({"from": **from, "to": **to})).collect()
    }

    /// Which stage hands its records to which: as it was deployed, or one after the other.
    fn links(&self) -> Vec<(Text, Text)> {
        let given = self.given.as_ref().and_then(|it| it.get("connections")?.as_array());
        if let Some(given) = given {
            let word = |link: &Value, key: &str| Some(Text::from(link.get(key)?.as_str()?));
            return given.iter().filter_map(|link| Some((word(link, "from")?, word(link, "to")?))).collect();
        }
        let pairs = self.stages.iter().zip(self.stages.iter().skip(1));
        pairs.map(|(from, to)| (from.name.clone(), to.name.clone())).collect()
    }

    /// What the stages give out.
    fn schemas(&self) -> Vec<(Text, Value)> {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        let given = self.given.as_ref().and_then(|it| it.get("stages")?.as_array());
        if let Some(given) = given {
            let of = |stage: &Value| {
                let schema = stage.get("outputSchema")?.as_str()?;
                Some((stage.get("name")?.as_str()?.into(), read(schema)))
            };
            return given.iter().filter_map(of).collect();
        }
        self.stages
            .iter()
            .filter(|it| &*it.kind != "action")
            .map(|it| (it.name.clone(), read(SCHEMA)))
            .collect()
    }

    /// The mode in which a real-time pipeline keeps its position.
    pub(crate) fn mode(&self) -> &'static str {
        if self.tracked { "STATE_STORE" } else { "SPARK_CHECKPOINTING" }
    }

    /// The `pipeline` of a real-time pipeline's specification, as JSON. Specifications of before 6.8 have no mode.
    pub(crate) fn specification(&self, pipeline_id: &str, with_mode: bool) -> Value {
        let resources = json!({"virtualCores": 1, "memoryMB": 512});
        let mut spec = json!({
            "batchIntervalMillis": self.interval_millis(),
            "extraJavaOpts": "",
            "stopGracefully": self.stop_gracefully,
            "checkpointsDisabled": !with_mode && self.disable_checkpoints,
            "isUnitTest": false,
            "checkpointDirectory": if with_mode || self.disable_checkpoints { "" } else { CHECKPOINTS },
            "pipelineId": pipeline_id,
        });
        let links = self.links();
        let schemas = self.schemas();
        let mut stages: Vec<_> = self.stages.iter().map(|stage| stage.deployed(&links, &schemas)).collect();
        if with_mode {
            stages.reverse();
        }
        let properties =
            self.properties.iter().filter_map(|(key, value)| Some((key.strip_prefix(SPARK)?, value)));
        let properties: Map<_, _> = properties.map(|(key, value)| (key.to_owned(), json!(**value))).collect();
        if let Value::Object(map) = &mut spec {
            if with_mode {
                let mut state = json!({"mode": self.mode()});
                if let (Value::Object(state), false) = (&mut state, self.tracked) {
                    state.insert("checkpointDir".into(), json!(CHECKPOINTS));
                }
                let retries =
                    json!({"maxRetryTimeInMins": 360, "baseDelayInSeconds": 1, "maxDelayInSeconds": 60});
                map.insert("streamingRetrySettings".into(), retries);
                map.insert("stateSpec".into(), state);
            }
            for (key, value) in [
                ("stages", json!(stages)),
                ("connections", self.connections()),
                ("resources", resources.clone()),
                ("driverResources", resources.clone()),
                ("clientResources", resources),
                ("stageLoggingEnabled", json!(true)),
                ("processTimingEnabled", json!(true)),
                ("numOfRecordsPreview", json!(100)),
                ("properties", Value::Object(properties)),
                ("engine", json!("SPARK")),
            ] {
                map.insert(key.into(), value);
            }
        }
        spec
    }

    /// The tables that it reads and writes.
    pub(crate) fn datasets(&self) -> Vec<Value> {
        let mut names: Vec<_> = self
            .stages
            .iter()
            .filter(|stage| &*stage.plugin == "KVTable")
            .filter_map(|stage| stage.properties.iter().find(|(key, _)| &**key == "name"))
            .map(|(_, name)| name.clone())
            .collect();
        // They come out of one of Java's hash tables.
        names.sort_by_key(|name| bucket(name));
        let class = "io.cdap.cdap.api.dataset.lib.KeyValueTable";
        names.iter().map(|name| json!({"name": **name, "classname": class})).collect()
    }

    /// Its plugins.
    pub(crate) fn plugins(&self) -> Vec<Value> {
        let mut stages: Vec<_> = self.stages.iter().collect();
        stages.sort_by(|a, b| a.kind.cmp(&b.kind));
        stages.iter().map(|it| json!({"id": *it.name, "name": *it.plugin, "type": *it.kind})).collect()
    }

    /// Its plugins, each with its artifact and its properties.
    pub(crate) fn plugin_specs(&self) -> Vec<Value> {
        let mut stages: Vec<_> = self.stages.iter().collect();
        stages.sort_by(|a, b| a.kind.cmp(&b.kind));
        stages.iter().map(|it| it.plugin_spec()).collect()
    }
}

/// In which of the first 16 places of a hash table Java keeps a text.
fn bucket(text: &str) -> u32 {
    let hash =
        text.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    (hash ^ (hash >> 16)) & 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_that_is_read_is_the_one_that_was_written() {
        let mut pipeline = Pipeline::stream("90s");
        pipeline.stop_gracefully = false;
        pipeline.properties.push((LOG_KEY.into(), "false".into()));
        let read = Pipeline::read(true, &pipeline.configuration());
        assert_eq!(read.interval_millis(), 90_000);
        assert!(!read.stop_gracefully && read.log_is_off(false));
    }

    #[test]
    fn without_a_setting_the_log_is_off_before_6_7_and_on_since() {
        let pipeline = Pipeline::stream("5s");
        assert!(pipeline.log_is_off(true) && !pipeline.log_is_off(false));
    }

    #[test]
    fn the_specification_has_the_settings_without_their_prefix() {
        let mut pipeline = Pipeline::stream("5s");
        pipeline.properties.push((LOG_KEY.into(), "false".into()));
        let spec = pipeline.specification("id", true);
        assert_eq!(spec["properties"]["spark.streaming.receiver.writeAheadLog.enable"], "false");
        assert_eq!(spec["stateSpec"]["mode"], "SPARK_CHECKPOINTING");
    }
}
