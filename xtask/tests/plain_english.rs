//! Keeps phrases out of code and documents that a reader would have to translate (CONTRIBUTING.md, "Style").

#![allow(clippy::expect_used)] // `allow-expect-in-tests` does not know that helpers of a test are tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files and folders that are checked. Add a folder once its texts are converted.
const CHECKED: [&str; 11] = [
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "crates/api",
    "crates/server",
    "docs/adr",
    "docs/cdap-api.md",
    "docs/deployment.md",
    "docs/sandbox-differences.md",
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

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The tracked source and text files below [`CHECKED`], without this one, which contains the phrases.
fn files() -> Vec<(String, String)> {
    let list = Command::new("git")
        .args(["ls-files", "--"])
        .args(CHECKED)
        .current_dir(root())
        .output()
        .expect("git lists its files");
    String::from_utf8_lossy(&list.stdout)
        .lines()
        .filter(|path| {
            let kind = Path::new(path).extension().and_then(|kind| kind.to_str());
            matches!(kind, Some("rs" | "md" | "toml")) && !path.ends_with("plain_english.rs")
        })
        .map(|path| (path.to_owned(), fs::read_to_string(root().join(path)).expect("a text file")))
        .collect()
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
    let files = files();
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
fn a_phrase_is_found_across_line_breaks_and_in_identifiers() {
    assert!(words("fn it_is_told_to_stop()").contains(" told to stop "));
    assert!(words("/// It goes\n/// on.").contains(" goes on "));
    assert!(has_is_no(&words("This is no list.")));
    assert!(!has_is_no(&words("There is no list, and it is no longer needed.")));
}
