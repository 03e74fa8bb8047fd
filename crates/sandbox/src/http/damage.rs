//! Damage to an answer, for the faults that ask for it.

use super::answer::Answer;
use crate::json;
use serde_json::{Value, json};

/// A state that no version of the servers has.
const UNKNOWN: &str = "MIGRATING";

fn change(answer: &mut Answer, damage: impl FnOnce(&mut Value)) {
    if answer.status == 200
        && let Ok(mut value) = serde_json::from_slice::<Value>(&answer.body)
    {
        damage(&mut value);
        answer.replace(json::write(&value));
    }
}

/// A byte in the middle becomes another, as on a bad disk.
pub(super) fn one_byte(answer: &mut Answer) {
    let middle = answer.body.len() / 2;
    if let Some(byte) = answer.body.get_mut(middle) {
        *byte = !*byte;
    }
}

/// The first element of the list becomes one that cannot be read.
pub(super) fn one_element(answer: &mut Answer) {
    change(answer, |value| {
        let list = match value {
            Value::Object(page) => page.get_mut("applications"),
            list => Some(list),
        };
        if let Some(first) = list.and_then(Value::as_array_mut).and_then(|it| it.first_mut()) {
            *first = json!({"damaged": [7]});
        }
    });
}

/// The first run gets a state that nobody knows.
pub(super) fn one_status(answer: &mut Answer) {
    change(answer, |value| {
        if let Some(run) = first_run(value) {
            run.insert("status".into(), json!(UNKNOWN));
        }
    });
}

fn first_run(value: &mut Value) -> Option<&mut serde_json::Map<String, Value>> {
    match value {
        Value::Object(map) => {
            if map.contains_key("runid") {
                return Some(map);
            }
            map.values_mut().find_map(first_run)
        }
        Value::Array(list) => list.iter_mut().find_map(first_run),
        _ => None,
    }
}
