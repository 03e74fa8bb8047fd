//! Journals recorded by the browser journeys, folded: an operation that an earlier console wrote must mean the same to
//! this one. `tests/journals/*.json` are files of *Download journal*; beside each, `*.facts.json` is what it folds to, in
//! words of its own, so that a change of types or of texts is not a change of facts.
//!
//! `QUIESCE_UPDATE_FACTS=1 cargo test -p quiesce-lifecycle --test golden_journals` writes the facts of new journals, and
//! never those that exist.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "golden_journals/facts.rs"]
mod facts;

use quiesce_lifecycle::journal::{Entry, Header};
use serde::Deserialize;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Download {
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    header: Header,
    entries: Vec<Entry>,
}

fn journals() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journals");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("tests/journals")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".json"))
        .filter(|path| !path.to_string_lossy().ends_with(".facts.json"))
        .collect();
    files.sort();
    files
}

fn operations(file: &Path) -> Vec<Operation> {
    let text = fs::read_to_string(file).expect("a journal");
    let download: Download =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    download.operations
}

fn folded(file: &Path) -> Value {
    let all = operations(file);
    all.into_iter().map(|it| facts::of(&it.header, it.entries)).collect()
}

#[test]
fn recorded_journals_fold_to_the_same_facts() {
    let files = journals();
    assert!(files.len() >= 20, "only {} journals", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let beside = file.with_extension("facts.json");
        let found = folded(&file);
        if !beside.exists() && std::env::var_os("QUIESCE_UPDATE_FACTS").is_some() {
            fs::write(&beside, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        }
        let expected: Value = serde_json::from_str(&fs::read_to_string(&beside).unwrap()).unwrap();
        if found != expected {
            let text = |value: &Value| serde_json::to_string_pretty(value).unwrap();
            let (expected, found) = (text(&expected), text(&found));
            let line = expected.lines().zip(found.lines()).find(|(one, other)| one != other);
            wrong.push(format!("{}: {line:?}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_entry_of_a_recorded_journal_is_known_and_written_back_unchanged() {
    for file in journals() {
        let text: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        for (operation, raw) in operations(&file).iter().zip(text["operations"].as_array().unwrap()) {
            for (entry, raw) in operation.entries.iter().zip(raw["entries"].as_array().unwrap()) {
                let unknown = matches!(entry.body, quiesce_lifecycle::journal::Body::Unknown(_));
                assert!(!unknown, "{}: {raw}", file.display());
                assert_eq!(serde_json::to_value(entry).unwrap(), *raw, "{}", file.display());
            }
        }
    }
}

#[test]
fn every_beginning_of_a_recorded_journal_folds() {
    for file in journals() {
        for operation in operations(&file) {
            let all = operation.entries.len();
            let whole = facts::of(&operation.header, operation.entries.clone());
            for cut in [1, all / 3, all / 2, all.saturating_sub(1)] {
                let part: Vec<Entry> = operation.entries.iter().take(cut.max(1)).cloned().collect();
                let first = facts::of(&operation.header, part);
                assert!(first["error"].is_null(), "{}: {first}", file.display());
            }
            assert!(whole["error"].is_null(), "{}: {whole}", file.display());
        }
    }
}
