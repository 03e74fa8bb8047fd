//! Reading a pipeline's configuration and its deployed specification, as far as a launch is judged by them
//! (docs/cdap-api.md#pipeline-configuration). Both are JSON in a string, and any value may be a macro.

use super::setting::{Setting, StateMode};
use quiesce_api::application::Specification;
use serde_json::Value;

/// The setting of the write-ahead log in the configuration's `properties`. The word spark is there twice: the
/// prefix is `system.spark.`, the key of Spark itself begins with `spark.`.
pub(super) const LOG_KEY: &str = "system.spark.spark.streaming.receiver.writeAheadLog.enable";
/// The same in the specification, where the prefix is gone.
const LOG_KEY_DEPLOYED: &str = "spark.streaming.receiver.writeAheadLog.enable";
/// The argument of a run that turns checkpoints off.
pub(crate) const ARGUMENT: &str = "cdap.streaming.atleastonce.enabled";
/// The setting of checkpoints.
pub(crate) const CHECKPOINTS_DISABLED: &str = "disableCheckpoints";
/// The plugin type of a real-time source.
const SOURCE: &str = "streamingsource";

/// Whether a value is, or has in it, a macro: what it became at launch is not recorded anywhere.
pub(super) fn is_macro(value: &str) -> bool {
    value.contains("${")
}

/// What a pipeline's configuration says.
pub(super) struct Configuration {
    pub log_property: Option<String>,
    pub disable_checkpoints: Setting,
    /// `None`: set to something that is neither yes nor no.
    pub stop_gracefully: Option<bool>,
    /// As it is written, and in milliseconds if it can be read.
    pub batch_interval: Option<(String, Option<i64>)>,
    pub sources: Vec<String>,
}

impl Configuration {
    /// `None` when it is not a JSON object.
    pub fn parse(text: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(text).ok()?;
        let json = json.as_object()?;
        let log_property =
            json.get("properties").and_then(|properties| properties.get(LOG_KEY)).and_then(scalar);
        let disable_checkpoints = match json.get(CHECKPOINTS_DISABLED).map(boolean) {
            Some(Some(true)) => Setting::On,
            None | Some(Some(false)) => Setting::Off,
            Some(None) => Setting::Unknown,
        };
        let stop_gracefully = json.get("stopGracefully").map_or(Some(true), boolean);
        let batch_interval =
            json.get("batchInterval").and_then(scalar).map(|text| (text.clone(), interval_millis(&text)));
        let sources = json
            .get("stages")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|stage| stage.get("plugin"))
            .filter(|plugin| plugin.get("type").and_then(Value::as_str) == Some(SOURCE))
            .filter_map(|plugin| plugin.get("name").and_then(Value::as_str).map(str::to_owned))
            .collect();
        Some(Self { log_property, disable_checkpoints, stop_gracefully, batch_interval, sources })
    }
}

/// What the specification of the Spark program says. It is the one of deployment: arguments of a run come on top.
pub(super) struct Deployed {
    pub mode: Option<StateMode>,
    pub log_property: Option<String>,
    pub stop_gracefully: Option<bool>,
    pub batch_interval: Option<i64>,
}

impl Deployed {
    /// `None` when the specification has no pipeline or it is not a JSON object.
    pub fn parse(specification: &Specification) -> Option<Self> {
        let json: Value = serde_json::from_str(specification.properties.get("pipeline")?).ok()?;
        let json = json.as_object()?;
        let mode = json
            .get("stateSpec")
            .and_then(|spec| spec.get("mode"))
            .and_then(Value::as_str)
            .map(StateMode::from_word);
        Some(Self {
            mode,
            log_property: json
                .get("properties")
                .and_then(|properties| properties.get(LOG_KEY_DEPLOYED))
                .and_then(scalar),
            stop_gracefully: json.get("stopGracefully").and_then(boolean),
            batch_interval: json.get("batchIntervalMillis").and_then(Value::as_i64),
        })
    }
}

impl StateMode {
    /// The word in a specification.
    pub fn word(self) -> &'static str {
        match self {
            Self::SparkCheckpointing => "SPARK_CHECKPOINTING",
            Self::StateStore => "STATE_STORE",
            Self::None => "NONE",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the word of a specification. A word that this list does not have is unknown.
    pub fn from_word(word: &str) -> Self {
        [Self::SparkCheckpointing, Self::StateStore, Self::None]
            .into_iter()
            .find(|mode| mode.word() == word)
            .unwrap_or(Self::Unknown)
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// `10s`, `500ms`, `1m`, `1h`, `1d`: a number and a unit, as pipelines have them.
fn interval_millis(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let unit = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(unit)
}
