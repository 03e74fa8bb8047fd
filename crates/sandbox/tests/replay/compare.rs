//! Two answers, compared after ids and times were made the same.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The ids of the recorded server and those that the sandbox has in their place.
#[derive(Debug, Default, Clone)]
pub struct Ids {
    here: BTreeMap<String, String>,
    there: BTreeMap<String, String>,
}

impl Ids {
    /// Takes two ids for one; false if one of them stands for another already.
    pub fn same(&mut self, recorded: &str, sandbox: &str) -> bool {
        let known = self.here.entry(recorded.to_owned()).or_insert_with(|| sandbox.to_owned());
        let back = self.there.entry(sandbox.to_owned()).or_insert_with(|| recorded.to_owned());
        known == sandbox && back == recorded
    }

    pub fn knows(&self, recorded: &str) -> bool {
        self.here.contains_key(recorded)
    }

    pub fn is_taken(&self, sandbox: &str) -> bool {
        self.there.contains_key(sandbox)
    }

    /// A text of the recorded server with the ids that the sandbox has.
    pub fn translate(&self, text: &str) -> String {
        self.here.iter().fold(text.to_owned(), |text, (recorded, sandbox)| text.replace(recorded, sandbox))
    }
}

/// A part of a text: what is compared to the letter, an id, or a time of which only the unit is compared.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Plain(&'a str),
    Id(&'a str),
    Seconds,
    Millis,
    Clock,
}

const ID: &str = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
const CLOCK: &str = "0000-00-00 00:00:00,000";

fn fits(pattern: &str, text: &str) -> bool {
    text.len() >= pattern.len()
        && pattern.bytes().zip(text.bytes()).all(|(pattern, letter)| match pattern {
            b'x' => letter.is_ascii_hexdigit(),
            b'0' => letter.is_ascii_digit(),
            other => letter == other,
        })
}

/// The ids of a text.
pub fn ids(text: &str) -> Vec<&str> {
    let parts = parts(text);
    parts.into_iter().filter_map(|part| if let Part::Id(id) = part { Some(id) } else { None }).collect()
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut plain, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let found = text.get(at..).and_then(|rest| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let before =
                at.checked_sub(1).and_then(|it| bytes.get(it)).is_some_and(u8::is_ascii_alphanumeric);
            if before {
                None
            } else if fits(ID, rest) {
                Some((Part::Id(&rest[..ID.len()]), ID.len()))
            } else if fits(CLOCK, rest) {
                Some((Part::Clock, CLOCK.len()))
            } else if digits == 10 && rest.starts_with("17") {
                Some((Part::Seconds, 10))
            } else if digits == 13 && rest.starts_with("17") {
                Some((Part::Millis, 13))
            } else {
                None
            }
        });
        let Some((part, length)) = found else {
            at += 1;
            continue;
        };
        if plain < at {
            parts.push(Part::Plain(&text[plain..at]));
        }
        parts.push(part);
        at += length;
        plain = at;
    }
    if plain < bytes.len() {
        parts.push(Part::Plain(&text[plain..]));
    }
    parts
}

/// Where two answers differ, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `status`, `content-type`, or a path into the body: `/0/properties/pipeline/stages`.
    pub place: String,
    pub recorded: String,
    pub sandbox: String,
}

/// Collects differences.
pub struct Comparison<'a> {
    pub ids: &'a mut Ids,
    pub differences: Vec<Difference>,
}

impl Comparison<'_> {
    pub fn differ(&mut self, place: &str, recorded: &impl ToString, sandbox: &impl ToString) {
        let short = |text: String| text.chars().take(300).collect();
        self.differences.push(Difference {
            place: if place.is_empty() { "body".to_owned() } else { place.to_owned() },
            recorded: short(recorded.to_string()),
            sandbox: short(sandbox.to_string()),
        });
    }

    pub fn text(&mut self, place: &str, recorded: &str, sandbox: &str) {
        if let (Some(a), Some(b)) = (inner(recorded), inner(sandbox)) {
            return self.value(place, &a, &b);
        }
        let (a, b) = (parts(recorded), parts(sandbox));
        let same = a.len() == b.len()
            && a.iter().zip(&b).all(|(a, b)| match (a, b) {
                (Part::Id(a), Part::Id(b)) => self.ids.same(a, b),
                (a, b) => a == b,
            });
        if !same {
            self.differ(place, &recorded, &sandbox);
        }
    }

    pub fn value(&mut self, place: &str, recorded: &Value, sandbox: &Value) {
        match (recorded, sandbox) {
            (Value::Object(a), Value::Object(b)) => self.object(place, a, b),
            (Value::Array(a), Value::Array(b)) if self.is_turned(a, b) => {
                self.differ(&format!("{place}/(order)"), &recorded, &sandbox);
            }
            (Value::Array(a), Value::Array(b)) => {
                for (index, (a, b)) in a.iter().zip(b).enumerate() {
                    self.value(&format!("{place}/{index}"), a, b);
                }
                if a.len() != b.len() {
                    self.differ(&format!("{place}/#"), &a.len(), &b.len());
                }
            }
            (Value::String(a), Value::String(b)) => self.text(place, a, b),
            (Value::Number(a), Value::Number(b)) => {
                if parts(&a.to_string()) != parts(&b.to_string()) {
                    self.differ(place, &a, &b);
                }
            }
            (a, b) => {
                if a != b {
                    self.differ(place, &a, &b);
                }
            }
        }
    }

    /// Whether two lists have the same elements in another order; then their ids are taken for one another.
    fn is_turned(&mut self, recorded: &[Value], sandbox: &[Value]) -> bool {
        let agree = |ids: &Ids, a: &Value, b: &Value| {
            let mut ids = ids.clone();
            let mut comparison = Comparison { ids: &mut ids, differences: Vec::new() };
            comparison.value("", a, b);
            comparison.differences.is_empty().then_some(ids)
        };
        let in_order =
            recorded.iter().zip(sandbox).try_fold(self.ids.clone(), |ids, (a, b)| agree(&ids, a, b));
        if recorded.len() != sandbox.len() || in_order.is_some() {
            return false;
        }
        let mut left: Vec<&Value> = sandbox.iter().collect();
        let mut ids = self.ids.clone();
        for a in recorded {
            let Some((at, found)) =
                left.iter().enumerate().find_map(|(at, b)| Some((at, agree(&ids, a, b)?)))
            else {
                return false;
            };
            left.remove(at);
            ids = found;
        }
        *self.ids = ids;
        true
    }

    fn object(&mut self, place: &str, recorded: &Map<String, Value>, sandbox: &Map<String, Value>) {
        for (key, a) in recorded {
            let place = format!("{place}/{key}");
            match sandbox.get(key) {
                Some(b) => self.value(&place, a, b),
                None => self.differ(&place, a, &"(nothing)"),
            }
        }
        for (key, b) in sandbox.iter().filter(|(key, _)| !recorded.contains_key(*key)) {
            self.differ(&format!("{place}/{key}"), &"(nothing)", b);
        }
        // Times are compared by their distance where it is a promise of the server.
        let grace =
            |run: &Map<String, Value>| Some(run.get("terminate")?.as_i64()? - run.get("stopping")?.as_i64()?);
        if grace(recorded) != grace(sandbox) {
            let told = |grace: Option<i64>| grace.map_or_else(|| "none".to_owned(), |it| it.to_string());
            self.differ(&format!("{place}/(grace)"), &told(grace(recorded)), &told(grace(sandbox)));
        }
    }
}

/// JSON within a text.
fn inner(text: &str) -> Option<Value> {
    let value = serde_json::from_str(text).ok()?;
    matches!(value, Value::Object(_) | Value::Array(_)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn places(recorded: &Value, sandbox: &Value) -> Vec<String> {
        let mut ids = Ids::default();
        let mut comparison = Comparison { ids: &mut ids, differences: Vec::new() };
        comparison.value("", recorded, sandbox);
        comparison.differences.into_iter().map(|it| it.place).collect()
    }

    const A: &str = "7a2612f1-e70e-11f1-a483-02fc00000001";
    const B: &str = "8fd81ef3-e70e-11f1-b971-02fc00000001";

    #[test]
    fn an_id_may_be_another_one_but_the_same_everywhere() {
        let recorded = json!({"a": A, "b": format!("run {A}"), "c": A});
        assert!(places(&recorded, &json!({"a": B, "b": format!("run {B}"), "c": B})).is_empty());
        assert_eq!(places(&recorded, &json!({"a": B, "b": format!("run {A}"), "c": B})), ["/b"]);
    }

    #[test]
    fn times_may_be_others_but_of_the_same_unit_and_stops_with_the_same_deadline() {
        let run = |stopping: i64, terminate: i64| json!({"stopping": stopping, "terminate": terminate});
        assert!(places(&run(1_795_418_500, 1_795_418_800), &run(1_795_419_900, 1_795_420_200)).is_empty());
        assert_eq!(
            places(&run(1_795_418_500, 1_795_418_800), &run(1_795_419_900, 1_795_419_900)),
            ["/(grace)"]
        );
        assert_eq!(places(&json!({"at": 1_795_418_500_i64}), &json!({"at": 1_795_418_500_000_i64})), ["/at"]);
    }

    #[test]
    fn a_list_in_another_order_is_one_difference_and_json_in_a_text_is_read() {
        assert_eq!(places(&json!({"a": [1, 2, 3]}), &json!({"a": [3, 1, 2]})), ["/a/(order)"]);
        assert_eq!(places(&json!({"a": [1, 2]}), &json!({"a": [1, 2, 3]})), ["/a/#"]);
        let text = |number: &str| json!({"config": format!("{{\"x\":{{\"n\":{number}}}}}")});
        assert_eq!(places(&text("512.0"), &text("512")), ["/config/x/n"]);
        assert_eq!(places(&json!({"a": 1}), &json!({"b": 1})), ["/a", "/b"]);
    }
}
