//! The triggers of schedules.

use super::program::Kind;
use super::refusal::Refusal;
use super::text::Text;
use serde_json::{Map, Value, json};

/// The triggers of schedules.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Trigger {
    /// The time, as cron has it.
    Time(Text),
    /// The end of a program's runs, or several triggers together, as the server writes it.
    Other(Box<Value>),
}

/// A program that a trigger waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Awaited<'a> {
    pub namespace: &'a str,
    pub application: &'a str,
    pub kind: Kind,
    pub program: &'a str,
}

impl Trigger {
    /// Reads the trigger of a request.
    pub(crate) fn read(value: &Value) -> Result<Self, Refusal> {
        let written = write(value)?;
        let cron = (written.get("type").and_then(Value::as_str) == Some("TIME"))
            .then(|| written.get("cronExpression")?.as_str().map(Text::from))
            .flatten();
        Ok(cron.map_or_else(|| Self::Other(Box::new(written)), Self::Time))
    }

    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Time(cron) => json!({"cronExpression": **cron, "type": "TIME"}),
            Self::Other(value) => Value::clone(value),
        }
    }

    /// The cron expression of a time trigger.
    pub(crate) fn cron(&self) -> Option<&str> {
        match self {
            Self::Time(cron) => Some(cron),
            Self::Other(_) => None,
        }
    }

    /// The word of a filter for triggers of this kind.
    pub(crate) fn category(&self) -> String {
        match self {
            Self::Time(_) => "time".to_owned(),
            Self::Other(value) => word(value, "type").to_lowercase().replace('_', "-"),
        }
    }

    /// Whether it waits for a program to end in one of these states; in any, if none is named.
    pub(crate) fn waits_for(&self, program: Awaited, states: &[&str]) -> bool {
        match self {
            Self::Time(_) => false,
            Self::Other(value) => waits(value, program, states),
        }
    }
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn waits(value: &Value, program: Awaited, states: &[&str]) -> bool {
    let all = value.get("triggers").and_then(Value::as_array);
    if all.into_iter().flatten().any(|inner| waits(inner, program, states)) {
        return true;
    }
    let Some(of) = value.get("programId") else { return false };
    let mut on = value.get("programStatuses").and_then(Value::as_array).into_iter().flatten();
    word(of, "namespace") == program.namespace
        && word(of, "application") == program.application
        && word(of, "program") == program.program
        && Kind::from_word(word(of, "type")) == Some(program.kind)
        && (states.is_empty() || on.any(|state| state.as_str().is_some_and(|state| states.contains(&state))))
}

/// A trigger as the server writes it: the keys in its order, the type of a program in its word.
fn write(value: &Value) -> Result<Value, Refusal> {
    let mut out = Map::new();
    match word(value, "type") {
        "TIME" => {
            let cron = word(value, "cronExpression");
            if !matches!(cron.split_whitespace().count(), 5 | 6) {
                let text =
                    format!("Invalid cron entry format in '{cron}'. Cron entry must contain 5 or 6 fields. ");
                return Err(Refusal::new(500, text.trim_end()));
            }
            out.insert("cronExpression".into(), json!(cron));
        }
        "PROGRAM_STATUS" => {
            let of = value.get("programId").unwrap_or(&Value::Null);
            let kind = Kind::from_word(word(of, "type"))
                .ok_or_else(|| Refusal::bad("A trigger has to name a type of program."))?;
            let id = json!({
                "application": word(of, "application"),
                "version": "-SNAPSHOT",
                "type": kind.word(),
                "program": word(of, "program"),
                "namespace": word(of, "namespace"),
                "entity": "PROGRAM",
            });
            out.insert("programId".into(), id);
            out.insert(
                "programStatuses".into(),
                value.get("programStatuses").cloned().unwrap_or_else(|| json!([])),
            );
        }
        "AND" | "OR" => {
            let inner = value.get("triggers").and_then(Value::as_array).into_iter().flatten();
            out.insert("triggers".into(), inner.map(write).collect::<Result<Value, _>>()?);
        }
        _ => return Err(Refusal::new(500, "Unable to map trigger type null to a trigger class")),
    }
    out.insert("type".into(), value.get("type").cloned().unwrap_or_default());
    Ok(Value::Object(out))
}
