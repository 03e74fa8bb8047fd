//! The properties of a run record, as a sorted list: a tree of the standard library would be code of its own in the
//! first load of the page.

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Names with their texts (docs/cdap-api.md#run-records), ordered by name, each name once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Properties(Vec<(String, String)>);

impl Properties {
    /// The text of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, text) = self.0.iter().find(|(of, _)| of == name)?;
        Some(text)
    }

    /// Sets the text of a name. A text before is replaced.
    pub fn insert(&mut self, name: String, text: String) {
        let place = self.0.iter().position(|(of, _)| *of >= name).unwrap_or(self.0.len());
        match self.0.get_mut(place) {
            Some((of, before)) if *of == name => *before = text,
            _ => self.0.insert(place, (name, text)),
        }
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Properties;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Properties, A::Error> {
                let mut properties = Properties::default();
                while let Some((name, text)) = fields.next_entry()? {
                    properties.insert(name, text);
                }
                Ok(properties)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn properties_are_read_written_and_compared_as_a_sorted_map(
            fields in prop::collection::vec(("[a-d]{0,2}", "[x-z]{0,2}"), 0..9),
            others in prop::collection::vec(("[a-d]{0,2}", "[x-z]{0,2}"), 0..9),
        ) {
            let text = |fields: &[(String, String)]| {
                let fields: Vec<_> = fields.iter().map(|(name, text)| format!("{name:?}:{text:?}")).collect();
                format!("{{{}}}", fields.join(","))
            };
            let read = |fields| quiesce_json::from_str::<Properties>(&text(fields)).unwrap();
            let map = |fields| serde_json::from_str::<BTreeMap<String, String>>(&text(fields)).unwrap();
            let (properties, sorted) = (read(&fields), map(&fields));
            prop_assert_eq!(serde_json::to_string(&properties).unwrap(), serde_json::to_string(&sorted).unwrap());
            for (name, _) in &others {
                prop_assert_eq!(properties.get(name), sorted.get(name).map(String::as_str));
            }
            prop_assert_eq!(properties == read(&others), sorted == map(&others));
        }
    }
}
