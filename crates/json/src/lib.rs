//! Reads records from JSON: from a tree of the text, by position (docs/adr/0009-json-reader.md). Deserializing from text
//! with path tracking monomorphizes every record once per adapter layer, which dominated the size of the page.
//! An error contains its path and the expected type.
//!
//! Records are read by position: the fields in the order of their type. serde compiles two ways to read a record; this
//! one is less than half of the other. Therefore `deny_unknown_fields` has no effect, and `alias` would shift all
//! fields after it; `xtask/tests/records.rs` forbids both.

pub mod list;
pub mod node;
mod problem;
mod tree;

use node::Node;
pub use problem::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tree::Tree;

/// Deserializes a record from a value.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    from_node(&Node::from(value))
}

/// Deserializes a record from text.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    from_slice(text.as_bytes())
}

/// Deserializes a record from the bytes of a text.
pub fn from_slice<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    from_node(&node::parse(text)?)
}

/// Deserializes a record from a node of the tree.
pub fn from_node<T: DeserializeOwned>(node: &Node<'_>) -> Result<T, Problem> {
    T::deserialize(Tree(Some(node)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        let text = "[ -~äß\u{1F600}\"\\\\\n]{0,8}";
        let number = prop_oneof![
            any::<u64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1000_i32..1000, 1_i32..100)
                .prop_map(|(one, other)| Value::from(f64::from(one) / f64::from(other))),
        ];
        let simple = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            number,
            text.prop_map(Value::from)
        ];
        simple.prop_recursive(4, 32, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(text, inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_text_is_read_as_serde_json_reads_it(value in value(), pretty in any::<bool>()) {
            let text = if pretty { format!("\n{value:#} ") } else { value.to_string() };
            // Fractions may differ in their last digits.
            let expected: Value = serde_json::from_str(&text).unwrap();
            let read: Value = from_slice(text.as_bytes()).unwrap();
            prop_assert_eq!(round(read), round(expected));
            prop_assert_eq!(from_value::<Value>(&value).unwrap(), value);
        }

        #[test]
        fn a_text_that_serde_json_rejects_is_rejected(text in "[\\[\\]{}:,\"a-z0-9.eE+ -]{0,12}") {
            let expected = serde_json::from_str::<Value>(&text);
            prop_assert_eq!(from_slice::<Value>(text.as_bytes()).is_ok(), expected.is_ok(), "{}", text);
        }
    }

    /// The value with fractions to ten digits.
    fn round(value: Value) -> Value {
        match value {
            Value::Number(number) if number.is_f64() => format!("{:.10e}", number.as_f64().unwrap()).into(),
            Value::Array(list) => list.into_iter().map(round).collect(),
            Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, round(value))).collect(),
            other => other,
        }
    }

    #[test]
    fn a_later_field_replaces_an_earlier_one_of_the_same_name() {
        let read: std::collections::BTreeMap<String, u8> =
            from_slice(br#"{"a": 1, "b": 2, "a": 3}"#).unwrap();
        assert_eq!(read.into_iter().collect::<Vec<_>>(), [("a".to_owned(), 3), ("b".to_owned(), 2)]);
    }

    #[test]
    fn deep_nesting_is_an_error_and_does_not_exhaust_the_stack() {
        let text = "[".repeat(100_000);
        let problem = from_slice::<Value>(text.as_bytes()).unwrap_err();
        assert_eq!(problem.to_string(), "maximal depth exceeded at byte 128");
        assert!(from_slice::<Value>(format!("{}{}", "[".repeat(127), "]".repeat(127)).as_bytes()).is_ok());
    }

    #[test]
    fn an_error_says_what_was_expected_and_where() {
        let message = |text: &str| from_slice::<Value>(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(message("<html>"), "value expected at byte 0");
        assert_eq!(message("{\"a\" 1}"), "colon expected at byte 5");
        assert_eq!(message("[1, 2}"), "comma or end of sequence expected at byte 5");
    }
}
