//! Journals recorded by the browser journeys, folded: an operation that an earlier console wrote must mean the same to
//! this one. `tests/journals/*.json` are files of *Download journal*; beside each, `*.facts.json` is what it folds to, in
//! words of its own, so that a change of types or of texts is not a change of facts.
//!
//! `QUIESCE_UPDATE_FACTS=1 cargo test -p quiesce-lifecycle --test golden_journals` writes the facts of new journals, and
//! never those that exist.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "golden_journals/facts.rs"]
mod facts;

use quiesce_lifecycle::journal::{Entry, Header, OperationKind, fold};
use quiesce_lifecycle::stop::{Phase, StopOperation, StopState, Timeline};
use quiesce_lifecycle::upgrade::{AppPhase, TimeSpan, TimelineFold, UpgradeTimeline, UpgradeWait};
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

#[test]
fn the_timeline_of_every_beginning_of_a_stop_has_ordered_spans_of_every_run() {
    let mut ended = 0;
    for file in journals() {
        for operation in operations(&file) {
            if operation.header.kind != OperationKind::Stop {
                continue;
            }
            let mut entries = operation.entries.into_iter();
            let mut folded = fold::<StopOperation>(entries.next()).unwrap();
            let mut before = folded.operation.timeline(folded.operation.last_change);
            for entry in entries {
                folded.take(entry);
                let stop = &folded.operation;
                let timeline = stop.timeline(stop.last_change);
                assert_ordered(&timeline, stop.runs.len(), &file);
                for (earlier, later) in before.lanes.iter().zip(&timeline.lanes) {
                    // What a run has gone through is not taken back by later entries.
                    assert!(earlier.ended.is_none_or(|end| later.ended == Some(end)), "{}", file.display());
                    for span in &earlier.spans {
                        assert!(later.length(span.phase).is_some(), "{}: {later:?}", file.display());
                    }
                }
                before = timeline;
            }
            ended +=
                before.lanes.iter().filter(|lane| lane.ended.is_some() && !lane.spans.is_empty()).count();
        }
    }
    assert!(ended >= 15, "only {ended} runs with an end");
}

fn assert_ordered(timeline: &Timeline, runs: usize, file: &Path) {
    assert_eq!(timeline.lanes.len(), runs, "{}", file.display());
    for lane in &timeline.lanes {
        for pair in lane.spans.windows(2) {
            assert!(pair[0].phase < pair[1].phase && pair[0].until == pair[1].from, "{lane:?}");
        }
        for span in &lane.spans {
            assert!(timeline.from <= span.from && span.from <= span.until, "{lane:?}");
            assert!(span.until <= timeline.until, "{lane:?}");
        }
    }
}

#[test]
fn a_timeline_of_a_recorded_stop_states_how_long_each_phase_took() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journals/sandbox-stop-many.json");
    let operation = operations(&file).remove(0);
    let stop = fold::<StopOperation>(operation.entries).unwrap().operation;
    let timeline = stop.timeline(stop.last_change);
    let worst = timeline.worst(1);
    assert_eq!(timeline.worst(30).len(), 6);
    assert!(
        timeline.lanes.iter().all(|lane| lane.ended.is_none()
            || lane.waited() <= worst[0].waited()
            || worst[0].ended.is_none())
    );
    let record = |place: usize| &stop.runs[place].record;
    for lane in timeline.lanes.iter().filter(|lane| lane.state == StopState::Ended) {
        let (end, stopping) = (record(lane.place).end.unwrap(), record(lane.place).stopping.unwrap());
        assert_eq!(lane.length(Phase::Stopping), Some(end.0 - stopping.0));
        assert_eq!(lane.deadline, record(lane.place).terminate);
    }
}

#[test]
fn the_timeline_of_every_beginning_of_an_upgrade_has_spans_in_order() {
    let (mut waited, mut verified) = (0, 0);
    for file in journals() {
        for operation in operations(&file) {
            if operation.header.kind != OperationKind::Upgrade {
                continue;
            }
            let (first, rest) = operation.entries.split_first().unwrap();
            let mut fold = TimelineFold::begin(first).unwrap();
            for entry in rest {
                fold.take(entry);
                let timeline = fold.timeline(operation.header.created);
                assert_in_order(&timeline, &file);
            }
            let whole = fold.timeline(operation.header.created);
            let runs = |wait| whole.steps.iter().any(|lane| lane.spans.iter().any(|span| span.kind == wait));
            waited += usize::from(runs(UpgradeWait::Operator) && runs(UpgradeWait::Server));
            let phases =
                |phase| whole.applications.iter().filter(move |lane| has(&lane.spans, &phase)).count();
            verified += phases(AppPhase::Verifying);
            assert!(phases(AppPhase::Verifying) <= phases(AppPhase::Requested), "{}", file.display());
        }
    }
    assert!(waited >= 5 && verified >= 15, "{waited} upgrades, {verified} applications");
}

fn has<K: PartialEq>(spans: &[TimeSpan<K>], kind: &K) -> bool {
    spans.iter().any(|span| span.kind == *kind)
}

fn assert_in_order(timeline: &UpgradeTimeline, file: &Path) {
    let mut last = timeline.from;
    for lane in &timeline.steps {
        let spans = lane.spans.iter().map(|span| (span.from, span.until));
        for (from, until) in spans {
            assert!(last <= from && from < until && until <= lane.until, "{}: {lane:?}", file.display());
            last = until;
        }
        last = lane.until;
    }
    for lane in &timeline.applications {
        let mut last = timeline.from;
        for span in &lane.spans {
            assert!(last <= span.from && span.from < span.until, "{}: {lane:?}", file.display());
            last = span.until;
        }
        assert!(last <= timeline.until, "{}: {lane:?}", file.display());
    }
}
