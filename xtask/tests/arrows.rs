//! Checks the direction of dependencies between crates (docs/architecture.md).

#![allow(clippy::expect_used)] // `allow-expect-in-tests` does not know that helpers of a test are tests.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// The workspace packages on which each package may depend.
const ALLOWED: [(&str, &[&str]); 8] = [
    ("quiesce-api", &["quiesce-json"]),
    ("quiesce-docs", &[]),
    ("quiesce-json", &[]),
    ("quiesce-lifecycle", &["quiesce-api"]),
    ("quiesce-sandbox", &[]),
    ("quiesce-server", &["quiesce-api", "quiesce-sandbox"]),
    ("quiesce-console", &["quiesce-api", "quiesce-lifecycle"]),
    ("xtask", &["quiesce-api", "quiesce-docs"]),
];

/// Crates of a browser, a network or a runtime.
const RUNTIME_CRATES: [&str; 9] =
    ["leptos", "web-sys", "js-sys", "wasm-bindgen", "gloo-net", "tokio", "reqwest", "axum", "hyper"];

fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo metadata runs");
    let metadata: serde_json::Value =
        serde_json::from_slice(&metadata.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    packages
        .iter()
        .map(|package| {
            let needs = package["dependencies"].as_array().expect("a list of dependencies");
            let needs = needs
                .iter()
                .filter(|need| need["kind"].is_null())
                .map(|need| need["name"].as_str().expect("a name").to_owned());
            (package["name"].as_str().expect("a name").to_owned(), needs.collect())
        })
        .collect()
}

#[test]
fn crates_depend_on_each_other_only_in_the_documented_direction() {
    let dependencies = dependencies();
    let ours: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = dependencies.keys().map(String::as_str).collect();
    assert_eq!(found, ours, "add a new package to this test");
    for (name, may) in ALLOWED {
        let needs: Vec<&str> =
            dependencies[name].iter().map(String::as_str).filter(|need| ours.contains(need)).collect();
        for need in needs {
            assert!(may.contains(&need), "{name} must not depend on {need}");
        }
    }
}

#[test]
fn api_and_lifecycle_depend_on_no_browser_network_or_runtime_crate() {
    let dependencies = dependencies();
    for name in ["quiesce-api", "quiesce-lifecycle"] {
        for runtime_crate in RUNTIME_CRATES {
            assert!(!dependencies[name].contains(runtime_crate), "{name} must not depend on {runtime_crate}");
        }
    }
}
