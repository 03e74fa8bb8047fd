//! Sends a list of requests to the sandbox and to a real CDAP and compares the answers: `cargo xtask compare`.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `CDAP_URL` | the real server |
//! | `SANDBOX_URL` | the sandbox; if not set, one is started |
//! | `COMPARE_REQUESTS` | the list; if not set, `requests.txt` |
//! | `COMPARE_ONLY` | only the blocks with these words in their name |

#![allow(clippy::expect_used, reason = "a test may fail at any line")]

#[allow(dead_code, reason = "the replay uses more of it")]
#[path = "../replay/compare.rs"]
mod comparison;
mod list;

use comparison::{Comparison, Difference, Ids};
use list::{Entry, fill};
use quiesce_sandbox::{Options, Sandbox};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compare/requests.txt");

/// A server with the variables that its answers have set.
struct Server {
    base: String,
    client: reqwest::Client,
    variables: BTreeMap<String, String>,
}

struct Answer {
    status: u16,
    content_type: String,
    text: String,
}

impl Server {
    fn new(url: &str) -> Self {
        let base = url.trim_end_matches('/').to_owned();
        Self { base, client: reqwest::Client::new(), variables: BTreeMap::new() }
    }

    async fn send(&mut self, entry: &Entry) -> Answer {
        let address = format!("{}{}", self.base, fill(&entry.target, &self.variables));
        let method = reqwest::Method::from_bytes(entry.method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, &address);
        for (name, value) in &entry.headers {
            request = request.header(name, fill(value, &self.variables));
        }
        if let Some(body) = &entry.body {
            request = request.body(fill(body, &self.variables));
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{address}: {error}"));
        let content_type = answer.headers().get("content-type").and_then(|it| it.to_str().ok());
        let content_type = content_type.unwrap_or("(none)").to_owned();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap_or_else(|error| panic!("{address}: {error}"));
        let read = serde_json::from_str::<Value>(&text).unwrap_or_default();
        for (name, pointer) in &entry.saves {
            if let Some(value) = read.pointer(pointer) {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.variables.insert(name.clone(), value);
            }
        }
        Answer { status, content_type, text }
    }
}

/// A text without what no two servers share: the frames of a stack trace, and the hashes of Java's objects.
fn normalized(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("\tat ") && !line.starts_with("\t... "));
    let text = lines.collect::<Vec<_>>().join("\n");
    let mut parts = text.split('@');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let hash = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        out.push('@');
        out.push_str(if (5..=8).contains(&hash) { &part[hash..] } else { part });
    }
    out
}

/// The differences between two answers.
fn compare(ids: &mut Ids, real: &Answer, sandbox: &Answer) -> Vec<Difference> {
    let mut comparison = Comparison { ids, differences: Vec::new() };
    if real.status != sandbox.status {
        comparison.differ("status", &real.status, &sandbox.status);
    }
    if real.content_type != sandbox.content_type {
        comparison.differ("content-type", &real.content_type, &sandbox.content_type);
    }
    match (serde_json::from_str(&real.text), serde_json::from_str(&sandbox.text)) {
        (Ok(real), Ok(sandbox)) => comparison.value("", &real, &sandbox),
        _ => comparison.text("", &normalized(&real.text), &normalized(&sandbox.text)),
    }
    comparison.differences
}

/// Whether a place of an answer is one that a list names; a `*` stands for anything.
fn fits(pattern: &str, place: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == place,
        Some((before, after)) => place.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| fits(after, &rest[at..]))
        }),
    }
}

async fn sandbox() -> String {
    if let Ok(url) = std::env::var("SANDBOX_URL") {
        return url;
    }
    let router = Sandbox::new(Options::default()).router();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs CDAP_URL, a real server"]
async fn a_real_cdap_answers_as_the_sandbox_does() {
    let url = std::env::var("CDAP_URL").expect("CDAP_URL");
    let file = std::env::var_os("COMPARE_REQUESTS").map_or_else(|| PathBuf::from(LIST), PathBuf::from);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let entries = list::read(&text).unwrap_or_else(|error| panic!("{}, {error}", file.display()));
    let only = std::env::var("COMPARE_ONLY").unwrap_or_default();
    let entries: Vec<_> = entries.into_iter().filter(|it| it.block.contains(&only)).collect();
    let (mut real, mut sandbox) = (Server::new(&url), Server::new(&sandbox().await));
    let mut ids = Ids::default();
    let (mut agree, mut listed, mut differ) = (0, 0, 0);
    for entry in &entries {
        let (there, here) = (real.send(entry).await, sandbox.send(entry).await);
        let found = compare(&mut ids, &there, &here);
        let is_listed = |it: &Difference| entry.differs.iter().any(|(pattern, _)| fits(pattern, &it.place));
        let unlisted: Vec<_> = found.iter().filter(|it| !is_listed(it)).collect();
        match (found.is_empty(), unlisted.is_empty()) {
            (true, _) => agree += 1,
            (false, true) => listed += 1,
            (false, false) => differ += 1,
        }
        let Entry { line, method, target, body, .. } = entry;
        if !unlisted.is_empty() {
            eprintln!("\n{line}: {method} {target} {}", body.as_deref().unwrap_or_default());
        }
        for Difference { place, recorded, sandbox } in unlisted {
            eprintln!("  {place}\n    real     {recorded}\n    sandbox  {sandbox}");
        }
        for (pattern, _) in
            entry.differs.iter().filter(|(it, _)| !found.iter().any(|found| fits(it, &found.place)))
        {
            eprintln!(
                "\n{line}: {method} {target}\n  {pattern} is listed as a difference, but does not differ"
            );
        }
    }
    eprintln!(
        "\n{} requests: {agree} agree, {listed} differ as listed, {differ} differ otherwise",
        entries.len()
    );
    assert_eq!(differ, 0, "requests whose answers differ");
}

#[test]
fn the_list_of_requests_can_be_read_and_each_request_has_a_block() {
    let entries = list::read(&std::fs::read_to_string(LIST).expect("the list")).expect("a list");
    assert!(entries.len() > 150 && entries.iter().all(|it| !it.block.is_empty()), "{}", entries.len());
}

#[test]
fn frames_of_a_stack_trace_and_hashes_of_objects_are_not_compared() {
    let trace =
        |line: u8, hash: &str| format!("java.lang.Error: x.Y@{hash}\n\tat a.b(C.java:{line})\n\t... 3 more");
    assert_eq!(normalized(&trace(1, "1a2b3c")), normalized(&trace(2, "9f8e7d6c")));
    assert_eq!(normalized("alice@example.org"), "alice@example.org");
}

#[test]
fn status_content_type_and_body_are_compared() {
    let answer =
        |status, kind: &str, text: &str| Answer { status, content_type: kind.into(), text: text.into() };
    let places = |a: &Answer, b: &Answer| {
        compare(&mut Ids::default(), a, b).into_iter().map(|it| it.place).collect::<Vec<_>>()
    };
    let one = answer(200, "application/json", r#"{"id": "7a2612f1-e70e-11f1-a483-02fc00000001", "n": 1}"#);
    let same = answer(200, "application/json", r#"{"n": 1, "id": "8fd81ef3-e70e-11f1-b971-02fc00000001"}"#);
    assert!(places(&one, &same).is_empty());
    let other = answer(404, "text/plain", "'x' was not found.");
    assert_eq!(places(&one, &other), ["status", "content-type", "body"]);
    assert!(fits("/*/created", "/0/created") && !fits("/0", "/0/created"));
}
