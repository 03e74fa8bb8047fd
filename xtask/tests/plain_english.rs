//! Keeps phrases out of code and documents that a reader would have to translate (CONTRIBUTING.md, "Style").

#![allow(clippy::expect_used)] // `allow-expect-in-tests` does not know that helpers of a test are tests.

mod literals;
mod tracked;

use literals::literals;

/// The files and folders that are checked. Add a folder once its texts are converted.
const CHECKED: &[&str] = &[
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "bench",
    "cdap/README.md",
    "crates/api",
    "crates/docs",
    "crates/json",
    "crates/sandbox/README.md",
    "crates/server",
    "docs/accessibility.md",
    "docs/adr",
    "docs/architecture.md",
    "docs/cdap-api.md",
    "docs/comparison.md",
    "docs/data-fusion.md",
    "docs/deployment.md",
    "docs/glossary.md",
    "docs/guide.md",
    "docs/journal.md",
    "docs/loss.md",
    "docs/performance.md",
    "docs/sandbox-differences.md",
    "docs/security.md",
    "docs/testing.md",
    "docs/upgrade.md",
    "e2e",
    "src/text",
    "xtask/src",
    "xtask/tests",
];

/// Phrases to avoid, with a better one.
const PHRASES: [(&str, &str); 37] = [
    ("answers again", "is available again"),
    ("are away", "are unavailable"),
    ("at the most", "at most"),
    ("beside", "next to, compared with"),
    ("by itself", "automatically, on its own"),
    ("came to nothing", "failed"),
    ("cut short", "interrupted, truncated"),
    ("find out", "detect"),
    ("found out", "detected"),
    ("give up", "abort"),
    ("given up", "aborted"),
    ("gives up", "aborts"),
    ("go on", "continue, resume"),
    ("goes on", "continues, resumes"),
    ("is away", "is unavailable"),
    ("it is so already", "already in this state"),
    ("keeps its place", "stores its state"),
    ("leave out", "exclude"),
    ("left out", "excluded"),
    ("look again", "check again"),
    ("looks again", "checks again"),
    ("nothing of it is left", "no unprocessed data"),
    ("put back", "restore"),
    ("puts back", "restores"),
    ("set off by", "triggered by"),
    ("sets off", "triggers"),
    ("since long", "for more than N minutes"),
    ("so many", "n"),
    ("somebody", "another user"),
    ("taken up again", "resumed"),
    ("takes no token", "rejects the token"),
    ("to the letter", "verbatim"),
    ("told to start", "start requested"),
    ("told to stop", "stop requested"),
    ("wants a token", "requires a token"),
    ("way out", "how to avoid it"),
    ("what was found", "server capabilities"),
];

/// The files and folders whose string literals are checked: what the page, the report and the shell script show.
const TEXTS: [&str; 5] = [
    "src",
    "crates/lifecycle/src/report",
    "crates/lifecycle/src/stop/view.rs",
    "crates/lifecycle/src/text",
    "crates/lifecycle/src/upgrade/plan.rs",
];

/// More phrases to avoid in texts on screen, with a better one. In code some of them are terms.
const ON_SCREEN: [(&str, &str); 13] = [
    ("alive", "active"),
    ("although", "Redeploy without draining"),
    ("anyway", "Redeploy without draining"),
    ("being told", "requested"),
    ("choices", "Actions"),
    ("is over", "is complete"),
    ("may be left", "may have unprocessed data"),
    ("not known", "unknown"),
    ("older version", "superseded version"),
    ("read back", "verified"),
    ("recover first", "Drain and retry"),
    ("set off", "trigger"),
    ("what became of", "result, outcome"),
];

/// Literals that are exempt from the check, each with its reason: file and phrase.
const EXEMPT: [(&str, &str); 0] = [];

/// The tracked source and text files below some folders, without this one, which contains the phrases.
fn files(folders: &[&str]) -> Vec<(String, String)> {
    let mut files = tracked::files(folders, &["rs", "md", "toml", "ts", "mjs", "jsx"]);
    files.retain(|(path, _)| !path.ends_with("plain_english.rs"));
    files
}

/// The words of a text in lower case, separated by single spaces: identifiers and line breaks do not hide a phrase.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    words.fold(String::from(" "), |all, word| all + &word.to_lowercase() + " ")
}

/// Whether the words contain "is no X" for "is not an X"; "there is no" and "is no longer" are fine.
fn has_is_no(words: &str) -> bool {
    words.match_indices(" is no ").any(|(at, found)| {
        !words[..at].ends_with(" there") && !words[at + found.len()..].starts_with("longer ")
    })
}

#[test]
fn converted_files_contain_no_phrase_of_the_word_list() {
    let files = files(CHECKED);
    assert!(files.len() > 80, "only {} files were found", files.len());
    let mut found = Vec::new();
    for (path, text) in files {
        let words = words(&text);
        for (phrase, better) in PHRASES {
            if words.contains(&format!(" {phrase} ")) {
                found.push(format!("{path}: \"{phrase}\"; better: {better}"));
            }
        }
        if has_is_no(&words) {
            found.push(format!("{path}: \"is no …\"; better: is not a …"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn texts_on_screen_contain_no_phrase_of_the_word_list() {
    let files = files(&TEXTS);
    // Tests, and the list of phrases of the texts' own tests.
    let skipped = ["_test.rs", "/tests.rs", "text/guide.rs"];
    let files = files.into_iter().filter(|(path, _)| !skipped.iter().any(|end| path.ends_with(end)));
    let mut found = Vec::new();
    for (path, code) in files {
        for literal in literals(&code) {
            let words = words(&literal);
            for (phrase, better) in PHRASES.iter().chain(&ON_SCREEN) {
                let exempt = EXEMPT.contains(&(path.as_str(), phrase));
                if words.contains(&format!(" {phrase} ")) && !exempt {
                    found.push(format!("{path}: \"{phrase}\" in \"{literal}\"; better: {better}"));
                }
            }
            if has_is_no(&words) {
                found.push(format!("{path}: \"is no …\" in \"{literal}\"; better: is not a …"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn literals_are_read_without_comments_characters_and_tests() {
    let code = "// \"a\"\nlet b = '\"'; f(\"c\\\n   d\", r#\"e \"f\"\"#, '\\'', \"g\\\"h\"); fn x<'a>() {}\n#[cfg(test)]\nmod tests { \"i\" }";
    let literals: Vec<_> = literals(code).iter().map(|literal| words(literal)).collect();
    assert_eq!(literals, [" c d ", " e f ", " g h "]);
}

#[test]
fn a_phrase_is_found_across_line_breaks_and_in_identifiers() {
    assert!(words("fn it_is_told_to_stop()").contains(" told to stop "));
    assert!(words("/// It goes\n/// on.").contains(" goes on "));
    assert!(has_is_no(&words("This is no list.")));
    assert!(!has_is_no(&words("There is no list, and it is no longer needed.")));
}
