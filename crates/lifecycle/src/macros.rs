//! The macros of a pipeline's configuration, evaluated as the server does at the start of a run
//! (docs/cdap-api.md#macros), as far as the arguments are known.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How deep values that contain macros are evaluated: the server's own limit.
const MAX_DEPTH: u8 = 10;
/// How many macros are evaluated in all. Values that refer to each other can grow without end.
const MAX_MACROS: usize = 5_000;
/// Stands for a value that only the start of a run has; of the private use area of Unicode.
const UNKNOWN: char = '\u{f8ff}';
/// Keys of a configuration whose texts are for people.
const NOT_EVALUATED: [&str; 2] = ["description", "comments"];

/// The macros of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MacroUses {
    /// Arguments that it requires and that have a value.
    pub set: BTreeSet<String>,
    /// Arguments that it requires and that have no value.
    pub missing: BTreeSet<String>,
    /// Names that depend on a value which is not known: `table-…`.
    pub undecided: BTreeSet<String>,
    /// Calls of functions, such as `secure(password)`. The server evaluates them at the start.
    pub functions: BTreeSet<String>,
    /// Texts with a macro that the server rejects at the start.
    pub invalid: BTreeSet<String>,
}

impl MacroUses {
    /// The macros of a configuration, where the arguments have these values. `None` if it is not a JSON object.
    pub fn of(configuration: &str, values: &BTreeMap<String, String>) -> Option<Self> {
        let json: Value = serde_json::from_str(configuration).ok()?;
        json.is_object().then(|| {
            let mut evaluation = Evaluation { values, uses: Self::default(), left: MAX_MACROS };
            evaluation.walk(&json);
            evaluation.uses
        })
    }

    /// Whether the configuration has no macros.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

struct Evaluation<'a> {
    values: &'a BTreeMap<String, String>,
    uses: MacroUses,
    left: usize,
}

impl Evaluation<'_> {
    fn walk(&mut self, json: &Value) {
        match json {
            Value::String(text) => {
                self.evaluate(text, 0);
            }
            Value::Array(values) => values.iter().for_each(|value| self.walk(value)),
            Value::Object(fields) => {
                let evaluated = fields.iter().filter(|(key, _)| !NOT_EVALUATED.contains(&key.as_str()));
                evaluated.for_each(|(_, value)| self.walk(value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Evaluates the macros of a text from the right to the left.
    fn evaluate(&mut self, text: &str, depth: u8) -> String {
        let mut text = text.to_owned();
        while let Some(start) = opening(&text) {
            let end = unescaped(&text, '}', start);
            let exhausted = depth > MAX_DEPTH || self.left == 0;
            let Some(end) = end.filter(|_| !exhausted) else {
                self.uses.invalid.insert(shown(&text));
                return UNKNOWN.to_string();
            };
            self.left -= 1;
            let inside = text.get(start + 2..end).unwrap_or_default().trim().to_owned();
            let value = match unescaped(&inside, '(', 0) {
                Some(arguments) => self.function(&inside, arguments),
                None => self.lookup(&unescape(&inside), depth),
            };
            text.replace_range(start..=end, &value);
        }
        text
    }

    fn lookup(&mut self, name: &str, depth: u8) -> String {
        if name.contains(UNKNOWN) {
            self.uses.undecided.insert(shown(name));
            return UNKNOWN.to_string();
        }
        if let Some(value) = self.values.get(name) {
            self.uses.set.insert(name.to_owned());
            return self.evaluate(value, depth + 1);
        }
        self.uses.missing.insert(name.to_owned());
        UNKNOWN.to_string()
    }

    /// A call: its closing bracket has to be the end.
    fn function(&mut self, call: &str, arguments: usize) -> String {
        let is_valid = unescaped(call, ')', arguments) == Some(call.len() - 1);
        let uses = if is_valid { &mut self.uses.functions } else { &mut self.uses.invalid };
        uses.insert(shown(&unescape(call)));
        UNKNOWN.to_string()
    }
}

/// The position of the last `${` that is not escaped.
fn opening(text: &str) -> Option<usize> {
    let mut end = text.len();
    loop {
        let start = text.get(..end)?.rfind("${")?;
        if !is_escaped(text, start) {
            return Some(start);
        }
        end = start;
    }
}

/// The position of the first such character from a position on that is not escaped.
fn unescaped(text: &str, wanted: char, from: usize) -> Option<usize> {
    let rest = text.get(from..)?.char_indices();
    rest.map(|(at, c)| (from + at, c))
        .find(|(at, c)| *c == wanted && !is_escaped(text, *at))
        .map(|(at, _)| at)
}

/// Escaped is what an odd number of backslashes precedes.
fn is_escaped(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    (before.len() - before.trim_end_matches('\\').len()) % 2 == 1
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}

fn shown(text: &str) -> String {
    text.replace(UNKNOWN, "…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn uses(text: &str, pairs: &[(&str, &str)]) -> MacroUses {
        let configuration = json!({ "stages": [{ "plugin": { "properties": { "any": text } } }] });
        MacroUses::of(&configuration.to_string(), &values(pairs)).unwrap()
    }

    fn names(set: &BTreeSet<String>) -> Vec<&str> {
        set.iter().map(String::as_str).collect()
    }

    #[test]
    fn an_argument_without_a_value_is_missing() {
        for (text, missing) in [
            ("${topic}", vec!["topic"]),
            ("gs://${bucket}/${day}/in", vec!["bucket", "day"]),
            ("${ padded }", vec!["padded"]),
            ("${a.b-c d}", vec!["a.b-c d"]),
            ("${a\\}b}", vec!["a}b"]),
            ("${a\\(b}", vec!["a(b"]),
            ("\\\\${after-a-backslash}", vec!["after-a-backslash"]),
            ("no macro, $ {none}, $none, {none}", vec![]),
            ("\\${escaped}", vec![]),
            ("", vec![]),
        ] {
            let found = uses(text, &[]);
            assert_eq!(names(&found.missing), missing, "{text}");
            assert!(found.invalid.is_empty(), "{text}");
        }
    }

    #[test]
    fn the_value_of_a_macro_decides_the_name_around_it() {
        let text = "${table-${region}}";
        let unknown = uses(text, &[]);
        assert_eq!(names(&unknown.missing), ["region"]);
        assert_eq!(names(&unknown.undecided), ["table-…"]);
        let known = uses(text, &[("region", "emea")]);
        assert_eq!((names(&known.set), names(&known.missing)), (vec!["region"], vec!["table-emea"]));
        let all = uses(text, &[("region", "emea"), ("table-emea", "sales")]);
        assert_eq!((names(&all.set), all.missing.len()), (vec!["region", "table-emea"], 0));
    }

    #[test]
    fn macros_in_values_are_required_too() {
        let found = uses("${path}", &[("path", "gs://${bucket}/in")]);
        assert_eq!((names(&found.set), names(&found.missing)), (vec!["path"], vec!["bucket"]));
    }

    #[test]
    fn a_function_is_no_argument() {
        let text = "${secure(password)} ${conn(My BigQuery)} ${logicalStartTime(yyyy-MM-dd,1d,UTC)}";
        let found = uses(text, &[]);
        let calls = ["conn(My BigQuery)", "logicalStartTime(yyyy-MM-dd,1d,UTC)", "secure(password)"];
        assert_eq!(names(&found.functions), calls);
        assert!(found.missing.is_empty());
        let nested = uses("${secure(${key})}", &[]);
        assert_eq!((names(&nested.functions), names(&nested.missing)), (vec!["secure(…)"], vec!["key"]));
        let known = uses("${secure(${key})}", &[("key", "pw")]);
        assert_eq!(names(&known.functions), ["secure(pw)"]);
    }

    #[test]
    fn a_macro_that_the_server_rejects_is_invalid() {
        for text in ["${open", "in ${open${x", "${secure(a}", "${secure(a)b}", "${secure(a))}"] {
            assert_eq!(uses(text, &[]).invalid.len(), 1, "{text}");
        }
        let endless = uses("${a}", &[("a", "${b}"), ("b", "${a}")]);
        assert_eq!((names(&endless.set), endless.invalid.len()), (vec!["a", "b"], 1));
        let tenfold = "${b}".repeat(10);
        let growing =
            uses("${a}", &[("a", &tenfold), ("b", &"${c}".repeat(100)), ("c", &"${d}".repeat(100))]);
        assert!(!growing.invalid.is_empty());
    }

    #[test]
    fn texts_for_people_are_not_evaluated() {
        let configuration = json!({
            "description": "${none}",
            "comments": { "list": ["${none}"] },
            "stages": [{ "plugin": { "properties": { "description": "${none}", "number": 1, "flag": true } } }],
            "properties": { "memory": "${memory}" },
            "batchInterval": "${interval}",
        });
        let found = MacroUses::of(&configuration.to_string(), &BTreeMap::new()).unwrap();
        assert_eq!(names(&found.missing), ["interval", "memory"]);
        assert!(!found.is_empty());
    }

    #[test]
    fn a_text_that_is_no_configuration_has_none() {
        for text in ["", "{", "[]", "\"${a}\""] {
            assert_eq!(MacroUses::of(text, &BTreeMap::new()), None, "{text}");
        }
        assert!(MacroUses::of("{}", &BTreeMap::new()).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[\\\\$${}()a-c,… ]{0,40}", value in "[\\\\$${}()a-c]{0,12}") {
            let found = uses(&text, &[("a", &value), ("b", &text)]);
            prop_assert!(found.set.is_disjoint(&found.missing));
        }

        #[test]
        fn a_missing_argument_is_set_once_it_has_a_value(text in "[\\\\$${}()a-c ]{0,24}") {
            for name in uses(&text, &[]).missing {
                let found = uses(&text, &[(&name, "value")]);
                prop_assert!(found.set.contains(&name), "{} in {}", name, text);
                prop_assert!(!found.missing.contains(&name));
            }
        }

        #[test]
        fn an_escaped_name_is_found_as_it_was(name in "[a-z(){}\\\\$. ]{1,12}") {
            let name = name.trim().to_owned();
            prop_assume!(!name.is_empty() && !name.contains('$'));
            let escaped: String = name.chars().flat_map(|c| ['\\', c]).collect();
            let found = uses(&format!("x${{{escaped}}}y"), &[]);
            prop_assert_eq!(found.missing, BTreeSet::from([name]));
        }
    }
}
