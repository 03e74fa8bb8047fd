//! Corrupts responses for the faults `altered`, `undecodable` and `unknown-status`.

use super::response::Response;
use crate::json;
use serde_json::{Value, json};

/// A run status that no version of CDAP has.
const UNKNOWN_STATUS: &str = "MIGRATING";

fn change_json(response: &mut Response, change: impl FnOnce(&mut Value)) {
    if response.status == 200
        && let Ok(mut value) = serde_json::from_slice::<Value>(&response.body)
    {
        change(&mut value);
        response.replace(json::write(&value));
    }
}

/// Inverts the byte in the middle.
pub(super) fn flip_byte(response: &mut Response) {
    let middle = response.body.len() / 2;
    if let Some(byte) = response.body.get_mut(middle) {
        *byte = !*byte;
    }
}

/// Replaces the first element of a list by one that cannot be decoded.
pub(super) fn replace_first_element(response: &mut Response) {
    change_json(response, |value| {
        let list = match value {
            Value::Object(page) => page.get_mut("applications"),
            list => Some(list),
        };
        if let Some(first) = list.and_then(Value::as_array_mut).and_then(|it| it.first_mut()) {
            *first = json!({"damaged": [7]});
        }
    });
}

/// Gives the first run a status that no client knows.
pub(super) fn replace_first_status(response: &mut Response) {
    change_json(response, |value| {
        if let Some(run) = first_run(value) {
            run.insert("status".into(), json!(UNKNOWN_STATUS));
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
