//! Checks the links from code and documents into `docs/`.

#![allow(clippy::expect_used)] // `allow-expect-in-tests` does not know that helpers of a test are tests.

mod tracked;

use quiesce_docs::slug;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tracked::root;

/// Every tracked text file of the repository.
fn files() -> Vec<(String, String)> {
    tracked::files(&[], &["rs", "md", "ts", "mjs", "html"])
}

fn anchors(document: &str) -> BTreeSet<String> {
    document
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| slug(line.trim_start_matches('#')))
        .collect()
}

#[test]
fn every_link_to_a_heading_is_valid() {
    let mut dead = Vec::new();
    let mut seen = 0;
    for (path, text) in files() {
        for (at, _) in text.match_indices(".md#") {
            let start = text[..at].rfind(|c: char| !(c.is_ascii_alphanumeric() || "-_./".contains(c)));
            let document = &text[start.map_or(0, |start| start + 1)..at + 3];
            let rest = &text[at + 4..];
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)));
            let wanted = &rest[..end.unwrap_or(rest.len())];
            if document.starts_with('.') && document.len() == 3 || wanted.is_empty() {
                continue;
            }
            // Links in code are relative to the root, links in a document to the document.
            let relative = Path::new(&path).parent().map(|folder| root().join(folder).join(document));
            let found = [Some(root().join(document)), relative]
                .into_iter()
                .flatten()
                .find_map(|file| fs::read_to_string(file).ok());
            seen += 1;
            if !found.is_some_and(|found| anchors(&found).contains(wanted)) {
                dead.push(format!("{path}: {document}#{wanted}"));
            }
        }
    }
    assert!(seen > 50, "only {seen} links were found");
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}

/// Whether Rust code defines an item, a variant or a field of this name.
fn is_defined(code: &str, name: &str) -> bool {
    let item = ["struct", "enum", "fn", "mod", "trait", "const", "type"];
    item.iter().any(|kind| {
        code.match_indices(&format!("{kind} {name}")).any(|(at, found)| {
            !code[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    }) || code.lines().any(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with([',', '(', ':', ' ']))
    })
}

#[test]
fn every_name_of_code_in_the_glossary_is_defined() {
    let code: String = tracked::files(&[], &["rs"]).into_iter().map(|(_, text)| text).collect();
    let glossary = fs::read_to_string(root().join("docs/glossary.md")).expect("the glossary");
    let mut names = 0;
    let mut missing = Vec::new();
    for row in glossary.lines().filter(|line| line.starts_with("| ")) {
        let column = row.rsplit('|').nth(1).unwrap_or_default();
        for name in column.split('`').skip(1).step_by(2) {
            names += 1;
            if !name.split("::").all(|part| is_defined(&code, part)) {
                missing.push(name.to_owned());
            }
        }
    }
    assert!(names > 20, "only {names} names were found");
    assert_eq!(missing, Vec::<String>::new());
}
