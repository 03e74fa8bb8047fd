//! The format of a list of requests, which docs/testing.md describes.

use std::collections::BTreeMap;

/// A request of a list, with what is known about its answers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub line: usize,
    pub block: String,
    pub method: String,
    pub target: String,
    pub body: Option<String>,
    pub headers: Vec<(String, String)>,
    /// Variables to set from the answer of each server: the name, and a JSON pointer.
    pub saves: Vec<(String, String)>,
    /// Parts of the answer that are known to differ, each with its reason.
    pub differs: Vec<(String, String)>,
}

const METHODS: [&str; 6] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD"];

/// Reads a list. The error names the line.
pub fn read(text: &str) -> Result<Vec<Entry>, String> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut block = String::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let wrong = |what: &str| format!("line {number}: {what}: {line}");
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("==") {
            name.trim().clone_into(&mut block);
        } else if line.starts_with([' ', '\t']) {
            let entry = entries.last_mut().ok_or_else(|| wrong("no request above"))?;
            let two =
                |rest: &str| rest.trim().split_once(' ').map(|(a, b)| (a.to_owned(), b.trim().to_owned()));
            if let Some(rest) = trimmed.strip_prefix("save ") {
                entry.saves.push(two(rest).ok_or_else(|| wrong("`save` needs a name and a pointer"))?);
            } else if let Some(rest) = trimmed.strip_prefix("differs ") {
                entry.differs.push(two(rest).ok_or_else(|| wrong("`differs` needs a place and a reason"))?);
            } else {
                let (name, value) = trimmed.split_once(':').ok_or_else(|| wrong("not a header"))?;
                entry.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        } else {
            let mut words = trimmed.splitn(3, ' ');
            let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            if !METHODS.contains(&method) || !target.starts_with('/') {
                return Err(wrong("not a request"));
            }
            entries.push(Entry {
                line: number,
                block: block.clone(),
                method: method.to_owned(),
                target: target.to_owned(),
                body: words.next().map(str::to_owned),
                ..Entry::default()
            });
        }
    }
    Ok(entries)
}

/// A text with each `{name}` of a saved variable replaced.
pub fn fill(text: &str, variables: &BTreeMap<String, String>) -> String {
    variables.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[test]
fn reads_blocks_bodies_headers_variables_and_differences() {
    let text = "# a comment\n== one block\nGET /v3/version\n\nPUT /a/{x} {\"b\": 1}\n  X-Name: value: 2\n  save x /a/0\n\
                \x20 differs /body the clock\n";
    let entries = read(text).expect("a list");
    assert_eq!(
        entries.iter().map(|it| (it.line, it.block.as_str())).collect::<Vec<_>>(),
        [(3, "one block"), (5, "one block")]
    );
    assert_eq!((entries[0].method.as_str(), entries[0].body.as_deref()), ("GET", None));
    assert_eq!(entries[1].body.as_deref(), Some("{\"b\": 1}"));
    assert_eq!(entries[1].headers, [("X-Name".to_owned(), "value: 2".to_owned())]);
    assert_eq!(entries[1].saves, [("x".to_owned(), "/a/0".to_owned())]);
    assert_eq!(entries[1].differs, [("/body".to_owned(), "the clock".to_owned())]);
    let variables = BTreeMap::from([("x".to_owned(), "7".to_owned())]);
    assert_eq!(fill(&entries[1].target, &variables), "/a/7");
}

#[test]
fn names_the_line_that_cannot_be_read() {
    assert_eq!(read("GET /a\nFETCH /b").unwrap_err(), "line 2: not a request: FETCH /b");
    assert!(read("  X: y").unwrap_err().starts_with("line 1: no request above"));
    assert!(read("GET /a\n  differs /x").unwrap_err().contains("needs a place and a reason"));
}
