//! Holds that every number with a noun on screen and in a report comes from `quiesce_lifecycle::plural`.

use crate::ages_test::lines;
use std::path::Path;

/// What the console counts.
const NOUNS: &str = "applications artifacts attempts backups bytes calls changes differences entries errors failures \
    files hours keys lines messages minutes namespaces operations others pipelines plugins programs readings records \
    requests responses risks rows runs schedules seconds servers stages starts stops tabs targets times triggers \
    upgrades versions workers";

/// Placeholders before a word that is not a number with its noun, each with the reason.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    ("crates/lifecycle/src/text/guide.rs", "\"(s)\"", "the rule that forbids it"),
    ("src/text/upgrade/review.rs", "{name} starts {program}", "a schedule and a verb"),
];

/// Whether a line has a placeholder or the end of an expression before a plural, with at most one word between.
fn counts_by_hand(line: &str) -> bool {
    let literal = line.contains('"');
    literal
        && line.match_indices(['}', '"']).any(|(at, _)| {
            let Some(rest) = line[at + 1..].strip_prefix(' ') else { return false };
            let mut words = rest.split(' ').map(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric()));
            let first = words.next().unwrap_or_default();
            let second = words.next().unwrap_or_default();
            let adjective = first != "of" && first.chars().all(|c| c.is_ascii_lowercase());
            let is_noun = |word: &str| NOUNS.split(' ').any(|noun| noun == word);
            is_noun(first) || adjective && !first.is_empty() && is_noun(second)
        })
}

/// Whether a line chooses between a singular and a plural.
fn chooses_by_hand(line: &str) -> bool {
    line.contains('"') && (line.contains("== 1 {") || line.contains("!= 1 {") || line.contains("> 1 {"))
}

fn is_made_by_hand(line: &str) -> bool {
    line.contains("(s)") || counts_by_hand(line) || chooses_by_hand(line)
}

#[test]
fn one_module_makes_the_plurals_of_the_console() {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "crates/lifecycle/src"] {
        lines(&root.join(folder), &mut found);
    }
    found.retain(|(file, line)| {
        // Tests that are files of their own.
        let test = file.contains("/model") || file.ends_with("/properties.rs");
        !test && !file.ends_with("/plural.rs") && is_made_by_hand(line)
    });
    for (file, part, reason) in EXCEPTIONS {
        let before = found.len();
        found.retain(|(name, line)| name != file || !line.contains(part));
        assert_ne!(found.len(), before, "{file} no longer needs its exception: {reason}");
    }
    let offenders: Vec<_> = found.iter().map(|(file, line)| format!("{file}: {}", line.trim())).collect();
    assert_eq!(offenders, Vec::<String>::new(), "use quiesce_lifecycle::plural");
}

#[test]
fn plurals_that_are_made_by_hand_are_found() {
    for line in [
        r#"format!("{} runs", runs.len())"#,
        r#"format!("Stop its {count} runs")"#,
        r#"view! { {count(all)}" journal entries" }"#,
        r#"format!("{n} run(s)")"#,
        r#"if runs == 1 { "run" } else { "runs" }"#,
    ] {
        assert!(is_made_by_hand(line), "{line}");
    }
    for line in [
        r#"some(runs.len(), "run")"#,
        r#"format!("{} of {} ended", count(ended), some(all, "run"))"#,
        r#""Stop all runs""#,
        "if count == 1 { one() } else { many() }",
    ] {
        assert!(!is_made_by_hand(line), "{line}");
    }
}
