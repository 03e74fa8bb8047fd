//! Holds that every age, duration and countdown of the page is computed by `ServerClock::between`
//! (docs/adr/0005-clock-of-the-server.md): no other code reads a clock or subtracts two moments.

use std::path::Path;

/// The only file of the page that reads the browser's clock.
const CLOCK: &str = "src/client/clock.rs";

/// What reads a clock or takes a moment apart, and the files that may, each with its reason.
const PARTS: [(&str, &[&str]); 7] = [
    ("Date::now", &[CLOCK]),
    ("Date::new_0", &[]),
    ("performance()", &[]),
    ("duration_since", &[]),
    // Names of files.
    ("as_second()", &["src/pages/upgrade/wizard/steps/report.rs", "src/pages/journal_file.rs"]),
    ("as_millisecond()", &[CLOCK]),
    // The format of an age; a number of seconds comes from `clock`.
    ("Elapsed(", &["src/text/common.rs"]),
];

/// Of the decisions: waits between two moments of one journal, and the axis of a timeline, which are of one clock.
const WAITS: [&str; 6] = [
    "stop/effects.rs",
    "upgrade/effects.rs",
    "operation/waits.rs",
    "upgrade/catch_up.rs",
    "clock.rs",
    "time_axis.rs",
];

/// The lines of code of a folder, each with its file; without tests and comments.
pub(crate) fn lines(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            lines(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs")
            && !name.ends_with("_test.rs")
            && !name.ends_with("tests.rs")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.extend(code.map(|line| (name.clone(), line.to_owned())));
        }
    }
}

fn offenders(found: &[(String, String)], part: &str, may: impl Fn(&str) -> bool) -> Vec<String> {
    let offenders = found.iter().filter(|(file, line)| line.contains(part) && !may(file));
    offenders.map(|(file, line)| format!("{file}: {}", line.trim())).collect()
}

#[test]
fn one_function_computes_the_ages_of_the_page() {
    let mut found = Vec::new();
    lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    for (part, may) in PARTS {
        // A file that no longer needs its exception loses it.
        for file in may {
            assert!(found.iter().any(|(name, line)| name == file && line.contains(part)), "{file}: {part}");
        }
        let offenders = offenders(&found, part, |file| may.contains(&file));
        assert_eq!(offenders, Vec::<String>::new(), "use client::clock instead of {part}");
    }
}

#[test]
fn the_decisions_compare_moments_of_two_clocks_in_one_file() {
    let mut found = Vec::new();
    let folder = "crates/lifecycle/src";
    lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    for part in ["as_second()", "as_millisecond()"] {
        let waits = WAITS.map(|file| format!("{folder}/{file}"));
        let offenders = offenders(&found, part, |file| waits.iter().any(|it| it == file));
        assert_eq!(offenders, Vec::<String>::new());
    }
}
