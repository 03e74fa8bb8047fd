//! Forbids serde attributes that have no or a wrong effect, because records are read by the position of their fields
//! (crates/json).

#![allow(clippy::expect_used)] // `allow-expect-in-tests` does not know that helpers of a test are tests.

use std::fs;
use std::path::Path;

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found
                .push((path.display().to_string(), fs::read_to_string(&path).expect("a source can be read")));
        }
    }
}

#[test]
fn no_record_uses_alias_or_deny_unknown_fields() {
    let mut found = Vec::new();
    for folder in ["crates/api/src", "crates/lifecycle/src", "src"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder), &mut found);
    }
    assert!(found.len() > 100, "only {} files were found", found.len());
    for (path, text) in found {
        let attributes = text.lines().filter(|line| line.trim_start().starts_with("#[serde("));
        for attribute in attributes {
            assert!(!attribute.contains("alias"), "{path}: {attribute}");
            assert!(
                !attribute.contains("deny_unknown_fields"),
                "{path}: no effect with this reader: {attribute}"
            );
        }
    }
}
