//! The differences of two configurations, as paths in their JSON ([`differences`]).
//!
//! Objects are compared by key. Arrays are compared by position, after the elements that are equal at their beginning
//! and at their end: one stage more in the middle is one difference.

use serde_json::Value;
use std::fmt;

/// Something that one configuration has and the other does not, or has otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it is. The index of an added element counts in the second configuration, of any other in the first.
    pub path: Path,
    /// The difference.
    pub change: Change,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Only the second has it.
    Added(Value),
    /// Only the first has it.
    Removed(Value),
    /// Both have it.
    Changed {
        /// In the first.
        from: Value,
        /// In the second.
        to: Value,
    },
}

/// A place in a configuration; empty for the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into an object.
    Key(String),
    /// Into an array; with the name of the element, if it is an object with a name, such as a stage.
    Element(usize, Option<String>),
}

/// `stages[Clicks].plugin.properties["key.field"]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |key: &str| {
            !key.is_empty() && key.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-'))
        };
        for (depth, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if is_plain(key) && depth == 0 => f.write_str(key)?,
                Step::Key(key) if is_plain(key) => write!(f, ".{key}")?,
                Step::Key(key) => write!(f, "[\"{key}\"]")?,
                Step::Element(_, Some(name)) => write!(f, "[{name}]")?,
                Step::Element(index, None) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A configuration as the server has it: JSON in a string. A text that is not JSON is compared as a whole.
pub fn parse(configuration: &str) -> Value {
    if configuration.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(configuration).unwrap_or_else(|_| Value::String(configuration.to_owned()))
}

/// What leads from the first configuration to the second. Empty if they are equal; the order of keys does not count.
pub fn differences(first: &Value, second: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(&mut Vec::new(), first, second, &mut found);
    found
}

fn compare(path: &mut Vec<Step>, first: &Value, second: &Value, found: &mut Vec<Difference>) {
    match (first, second) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in one {
                let step = Step::Key(key.clone());
                match other.get(key) {
                    Some(to) => below(path, step, |path| compare(path, value, to, found)),
                    None => push(path, step, Change::Removed(value.clone()), found),
                }
            }
            for (key, value) in other.iter().filter(|(key, _)| !one.contains_key(*key)) {
                push(path, Step::Key(key.clone()), Change::Added(value.clone()), found);
            }
        }
        (Value::Array(one), Value::Array(other)) => compare_arrays(path, one, other, found),
        _ if first == second => {}
        _ => {
            let change = Change::Changed { from: first.clone(), to: second.clone() };
            found.push(Difference { path: Path(path.clone()), change });
        }
    }
}

fn compare_arrays(path: &mut Vec<Step>, one: &[Value], other: &[Value], found: &mut Vec<Difference>) {
    let start = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (one.get(start..).unwrap_or_default(), other.get(start..).unwrap_or_default());
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count();
    let one = one.get(..one.len() - end).unwrap_or_default();
    let other = other.get(..other.len() - end).unwrap_or_default();
    let both = one.len().min(other.len());
    for (index, (from, to)) in one.iter().zip(other).enumerate() {
        let name = name(from).filter(|own| name(to).as_ref() == Some(own));
        below(path, Step::Element(start + index, name), |path| compare(path, from, to, found));
    }
    for (index, value) in one.iter().enumerate().skip(both) {
        push(path, Step::Element(start + index, name(value)), Change::Removed(value.clone()), found);
    }
    for (index, value) in other.iter().enumerate().skip(both) {
        push(path, Step::Element(start + index, name(value)), Change::Added(value.clone()), found);
    }
}

fn name(value: &Value) -> Option<String> {
    value.get("name").and_then(Value::as_str).map(str::to_owned)
}

fn below(path: &mut Vec<Step>, step: Step, with: impl FnOnce(&mut Vec<Step>)) {
    path.push(step);
    with(path);
    path.pop();
}

fn push(path: &[Step], step: Step, change: Change, found: &mut Vec<Difference>) {
    let mut path = path.to_vec();
    path.push(step);
    found.push(Difference { path: Path(path), change });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn told(first: &Value, second: &Value) -> Vec<String> {
        let found = differences(first, second);
        found
            .iter()
            .map(|it| match &it.change {
                Change::Added(value) => format!("+ {} {value}", it.path),
                Change::Removed(value) => format!("- {} {value}", it.path),
                Change::Changed { from, to } => format!("{} {from} -> {to}", it.path),
            })
            .collect()
    }

    #[test]
    fn a_changed_a_removed_and_an_added_setting_are_named_by_their_paths() {
        let first = json!({"engine": "spark", "properties": {"key.field": "id"}, "stages": [{"name": "Clicks", "n": 1}]});
        let second = json!({"properties": {"key.field": "key"}, "stages": [{"name": "Clicks", "n": 2}], "comments": []});
        assert_eq!(
            told(&first, &second),
            [
                r#"- engine "spark""#,
                r#"properties["key.field"] "id" -> "key""#,
                "stages[Clicks].n 1 -> 2",
                "+ comments []"
            ]
        );
    }

    #[test]
    fn one_stage_more_in_the_middle_is_one_difference() {
        let (first, second) = (json!([1, 2, 3, 4]), json!([1, 2, {"name": "Filter"}, 3, 4]));
        assert_eq!(told(&first, &second), [r#"+ [Filter] {"name":"Filter"}"#]);
        assert_eq!(told(&second, &first), [r#"- [Filter] {"name":"Filter"}"#]);
    }

    #[test]
    fn a_renamed_stage_is_named_by_its_position() {
        let (first, second) = (json!([{"name": "A"}]), json!([{"name": "B"}]));
        assert_eq!(told(&first, &second), [r#"[0].name "A" -> "B""#]);
    }

    #[test]
    fn a_configuration_that_is_not_json_is_compared_as_a_text() {
        assert_eq!(differences(&parse("{\"a\":1,\"b\":2}"), &parse("{\"b\":2, \"a\":1}")), []);
        assert_eq!(told(&parse("<config>"), &parse("")), [r#" "<config>" -> null"#]);
    }

    /// Follows the differences from the first configuration: changes, then removals from the last to the first, then
    /// additions.
    fn apply(first: &Value, differences: &[Difference]) -> Value {
        let mut value = first.clone();
        for it in differences {
            if let Change::Changed { to, .. } = &it.change {
                *at(&mut value, &it.path.0) = to.clone();
            }
        }
        for it in differences.iter().rev().filter(|it| matches!(it.change, Change::Removed(_))) {
            let (end, above) = it.path.0.split_last().unwrap();
            match (at(&mut value, above), end) {
                (Value::Object(map), Step::Key(key)) => drop(map.remove(key).unwrap()),
                (Value::Array(list), Step::Element(index, _)) => drop(list.remove(*index)),
                other => panic!("{other:?}"),
            }
        }
        for it in differences {
            let Change::Added(new) = &it.change else { continue };
            let (end, above) = it.path.0.split_last().unwrap();
            match (at(&mut value, above), end) {
                (Value::Object(map), Step::Key(key)) => {
                    assert_eq!(map.insert(key.clone(), new.clone()), None);
                }
                (Value::Array(list), Step::Element(index, _)) => list.insert(*index, new.clone()),
                other => panic!("{other:?}"),
            }
        }
        value
    }

    fn at<'a>(value: &'a mut Value, path: &[Step]) -> &'a mut Value {
        path.iter().fold(value, |value, step| match step {
            Step::Key(key) => value.get_mut(key).unwrap(),
            Step::Element(index, _) => value.get_mut(*index).unwrap(),
        })
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..3_i64).prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            let key = prop_oneof![Just("name".to_owned()), "[a-c.]{1,2}".prop_map(String::from)];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(key, inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn following_the_differences_leads_to_the_other_side(first in values(), second in values()) {
            prop_assert_eq!(apply(&first, &differences(&first, &second)), second);
        }

        #[test]
        fn equal_configurations_have_no_difference(value in values()) {
            prop_assert_eq!(differences(&value, &value.clone()), vec![]);
        }
    }
}
