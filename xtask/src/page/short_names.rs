//! Short names for what the main module and its JavaScript exchange. Those of wasm-bindgen have a hash each, which no
//! compression makes smaller, in the module and in the script.

use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};

/// The short name for each long one.
#[derive(Default)]
pub struct ShortNames(BTreeMap<String, String>);

impl ShortNames {
    /// Replaces a name that has a hash.
    pub fn shorten(&mut self, name: &mut String) {
        if has_hash(name) {
            let next = short(self.0.len());
            name.clone_from(self.0.entry(name.clone()).or_insert(next));
        }
    }

    /// The script with the short names. Fails if it lacks one of the long names.
    pub fn within(&self, script: &str) -> Result<String> {
        let mut shortened = String::with_capacity(script.len());
        let mut found = BTreeSet::new();
        // Identifiers, each with the character after it.
        for piece in script.split_inclusive(|character: char| !is_of_identifier(character)) {
            let identifier = piece.trim_end_matches(|character: char| !is_of_identifier(character));
            match self.0.get_key_value(identifier) {
                Some((long, short)) => {
                    found.insert(long);
                    shortened += short;
                    shortened += piece.get(identifier.len()..).unwrap_or_default();
                }
                None => shortened += piece,
            }
        }
        match self.0.keys().find(|long| !found.contains(long)) {
            Some(missing) => bail!("the script of the page lacks {missing}"),
            None => Ok(shortened),
        }
    }
}

/// Such as `__wbg_now_0123456789abcdef` or `closures_____invoke__h0123456789abcdef_14`.
fn has_hash(name: &str) -> bool {
    name.split('_').any(|word| {
        let word = word.strip_prefix('h').unwrap_or(word);
        word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn is_of_identifier(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '$'
}

/// The name of this place: `a`, `b` … `z`, `aa`, `ab` …
fn short(place: usize) -> String {
    let (before, letter) = (place / 26, (b'a'..=b'z').nth(place % 26).map_or('a', char::from));
    let before = before.checked_sub(1).map(short).unwrap_or_default();
    format!("{before}{letter}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_places_have_the_same_name() {
        let names: Vec<String> = (0..1000).map(short).collect();
        let some = [0, 25, 26, 701, 702].map(|place| names[place].as_str());
        assert_eq!(some, ["a", "z", "aa", "zz", "aaa"]);
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }

    #[test]
    fn names_with_a_hash_are_shortened_in_the_module_and_in_the_script() {
        let mut names = ShortNames::default();
        let mut of_module = [
            "__wbg_now_0123456789abcdef",
            "memory",
            "invoke__h0123456789abcdef",
            "invoke__h0123456789abcdef_14",
        ]
        .map(str::to_owned);
        for name in &mut of_module {
            names.shorten(name);
        }
        assert_eq!(of_module, ["a", "memory", "b", "c"]);
        let script = "{__wbg_now_0123456789abcdef: now()} wasm.invoke__h0123456789abcdef_14(memory); \
                      wasm.invoke__h0123456789abcdef()";
        assert_eq!(names.within(script).unwrap(), "{a: now()} wasm.c(memory); wasm.b()");
    }

    #[test]
    fn a_function_that_the_script_does_not_define_stops_the_build() {
        let mut names = ShortNames::default();
        names.shorten(&mut "__wbg_now_0123456789abcdef".to_owned());
        assert!(names.within("{__wbg_now_0123456789abcdefg: now()}").is_err());
    }
}
