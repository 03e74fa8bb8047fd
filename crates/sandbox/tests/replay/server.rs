//! The sandbox, brought along the way of a recording.

use crate::compare::{Comparison, Difference, Ids, ids};
use crate::recording::{Record, Server};
use crate::state::{APPS, POLLER, Step, before};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use quiesce_sandbox::{Clock, Options, Sandbox};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::{Cursor, Read};
use tower::ServiceExt;

/// A run of no server, which the recorder asked for.
const NO_RUN: &str = "11111111-e705-11f1-8b0f-02fc00000001";
/// How long the recorder waited for a state, in fifths of a second.
const PATIENCE: usize = 150 * 5;

pub struct Sandboxed {
    router: Router,
    ids: Ids,
    /// The recorded tokens and the sandbox's.
    tokens: Vec<(String, String)>,
    /// The second of the end of the first run that was started again.
    restarted: i64,
}

/// An answer of the sandbox.
struct Answer {
    status: u16,
    headers: axum::http::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|it| it.to_str().ok())
    }
}

impl Sandboxed {
    /// A fresh sandbox with the settings of the recorded server.
    pub async fn of(recorded: &Server, records: &[Record]) -> Self {
        let clock = Clock::Fixed("2026-11-23T07:20:00Z".parse().expect("a time"));
        let options = Options { profile: recorded.profile, clock, ..Options::default() };
        let router = Sandbox::new(options).router();
        let it = Self { router, ids: Ids::default(), tokens: Vec::new(), restarted: 0 };
        it.control("reset", &json!({"bare": true})).await;
        match recorded.name {
            "short deadline" => {
                let settings = json!({
                    "max_stop_seconds": 5, "terminator_interval_seconds": 5, "terminate_buffer_seconds": 0,
                });
                it.control("settings", &settings).await;
                // The recorder deployed the same as on the other server and did not write it down.
                let others = crate::SERVERS[0].records();
                for record in others.iter().filter(|it| it.name.starts_with("deploy-")) {
                    it.send(
                        &record.request.method,
                        &record.request.path,
                        &record.request.body,
                        &headers(record),
                    )
                    .await;
                }
            }
            "secured" => it.control("settings", &json!({"token_seconds": 10})).await,
            _ => {}
        }
        assert!(!records.is_empty());
        it
    }

    /// Does what the recorder did before a record.
    pub async fn reach(&mut self, recorded: &Server, record: &Record, records: &[Record]) {
        for step in before(recorded, &record.name, records) {
            match step {
                Step::Start(program, arguments) => {
                    let target = format!("{APPS}/{program}/start");
                    // The recorder waited for the end of the run before it.
                    for _ in 0..PATIENCE {
                        if self.send("POST", &target, &arguments.to_string(), &[]).await.status == 200 {
                            break;
                        }
                        self.pass(0.2).await;
                    }
                    self.pass(3.0).await;
                }
                Step::Stop(programs) => {
                    let programs: Vec<_> = programs.iter().map(|it| element(it)).collect();
                    self.done("POST", "/v3/namespaces/default/stop", &json!(programs).to_string()).await;
                }
                Step::StopNewer(program) => {
                    let runs = self.send("GET", &format!("{APPS}/{program}/runs"), "", &[]).await.json();
                    let alive = runs.as_array().expect("runs").iter().filter(|run| run["end"].is_null());
                    let mut alive: Vec<_> = alive.filter_map(|run| run["runid"].as_str()).collect();
                    alive.pop();
                    for run in alive {
                        self.done("POST", &format!("{APPS}/{program}/runs/{run}/stop"), "").await;
                    }
                }
                Step::Post(target) => self.done("POST", target, "").await,
                Step::Put(target, body) => self.done("PUT", &target, &body.to_string()).await,
                Step::Pass(seconds) => self.pass(f64::from(seconds)).await,
            }
        }
    }

    /// Asks what was recorded; how the answer differs.
    pub async fn answer(&mut self, record: &Record) -> Vec<Difference> {
        let target = self.target(record).await;
        let body = self.ids.translate(&record.request.body);
        let mut headers = headers(record);
        for (_, value) in &mut headers {
            for (recorded, own) in &self.tokens {
                *value = value.replace(recorded, own);
            }
        }
        let theirs = serde_json::from_slice::<Value>(&record.response.bytes()).unwrap_or_default();
        let mut answer = self.send(&record.request.method, &target, &body, &headers).await;
        if record.request.method == "GET" {
            // The recorder waited for a state before it asked.
            for _ in 0..PATIENCE {
                if states(&answer.json()) == states(&theirs) {
                    break;
                }
                self.pass(0.2).await;
                answer = self.send("GET", &target, &body, &headers).await;
            }
        } else {
            self.pass(0.2).await;
        }
        if let (Some(recorded), Some(own)) =
            (theirs["access_token"].as_str(), answer.json()["access_token"].as_str())
        {
            self.tokens.push((recorded.to_owned(), own.to_owned()));
            // It is opaque: that there is one is all that can agree.
            answer.body = String::from_utf8_lossy(&answer.body).replace(own, recorded).into_bytes();
        }
        self.compare(record, &answer)
    }

    fn compare(&mut self, record: &Record, answer: &Answer) -> Vec<Difference> {
        let mut comparison = Comparison { ids: &mut self.ids, differences: Vec::new() };
        let recorded = &record.response;
        if recorded.status != answer.status {
            comparison.differ("status", &recorded.status, &answer.status);
        }
        for name in ["content-type", "www-authenticate", "content-disposition", "location"] {
            let theirs = recorded.headers.get(name).map_or("(none)", String::as_str);
            comparison.text(name, theirs, answer.header(name).unwrap_or("(none)"));
        }
        let theirs = recorded.bytes();
        if theirs.starts_with(b"PK") && answer.body.starts_with(b"PK") {
            files(&mut comparison, &theirs, &answer.body);
        } else {
            comparison.text("", &String::from_utf8_lossy(&theirs), &String::from_utf8_lossy(&answer.body));
        }
        comparison.differences
    }

    /// The recorded target with the sandbox's ids and times.
    async fn target(&mut self, record: &Record) -> String {
        let path = &record.request.path;
        // Colons are encoded in a query.
        for id in ids(&path.replace("%3A", ":")) {
            if id != NO_RUN && !self.ids.knows(id) {
                self.find_run(path, id).await;
            }
        }
        match record.name.as_str() {
            "restart-programs" => {
                let runs = self.send("GET", &format!("{APPS}/{POLLER}/runs?limit=1"), "", &[]).await.json();
                self.restarted = runs[0]["end"].as_i64().expect("an end");
                window(path, self.restarted, self.restarted + 1)
            }
            "restart-programs-two-killed-runs" => {
                window(path, self.restarted - 5, self.now().await / 1_000 + 1)
            }
            "schedules-re-enable" => {
                let now = self.now().await;
                window(path, now - 30_000, now + 1_000)
            }
            _ => self.ids.translate(path),
        }
    }

    /// The recorder had read the id of the newest run without writing that down.
    async fn find_run(&mut self, path: &str, id: &str) {
        let program = if let Some((program, _)) = path.split_once("/runs/") {
            program.to_owned()
        } else {
            let of =
                |tag: &str| path.split(tag).nth(1).and_then(|it| it.split('&').next()).unwrap_or_default();
            format!("{APPS}/{}/spark/{}", of("tag=app%3A"), of("tag=spark%3A"))
        };
        let runs = self.send("GET", &format!("{program}/runs"), "", &[]).await.json();
        let runs = runs.as_array().cloned().unwrap_or_default();
        let ids = runs.iter().filter_map(|run| run["runid"].as_str());
        if let Some(newest) = ids.into_iter().find(|it| !self.ids.is_taken(it)) {
            let newest = newest.to_owned();
            self.ids.same(id, &newest);
        }
    }

    async fn control(&self, route: &str, body: &Value) {
        self.done("POST", &format!("/sandbox/{route}"), &body.to_string()).await;
    }

    async fn pass(&self, seconds: f64) {
        self.control("clock", &json!({ "advance_seconds": seconds })).await;
    }

    /// Now, in milliseconds.
    async fn now(&self) -> i64 {
        let now = self.send("GET", "/sandbox", "", &[]).await.json();
        let now: jiff::Timestamp = now["now"].as_str().and_then(|it| it.parse().ok()).expect("a time");
        now.as_millisecond()
    }

    async fn done(&self, method: &str, target: &str, body: &str) {
        let answer = self.send(method, target, body, &[]).await;
        assert_eq!(answer.status, 200, "{method} {target}: {}", String::from_utf8_lossy(&answer.body));
    }

    async fn send(&self, method: &str, target: &str, body: &str, headers: &[(String, String)]) -> Answer {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let (head, body) = self.router.clone().oneshot(request).await.expect("an answer").into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }
}

fn headers(record: &Record) -> Vec<(String, String)> {
    record.request.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn element(program: &str) -> Value {
    let [application, kind, name] = program.split('/').collect::<Vec<_>>()[..] else { panic!("{program}") };
    let kind = kind.trim_end_matches('s');
    json!({"appId": application, "programType": kind, "programId": name})
}

/// The words of all states in an answer, in order.
fn states(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| match value.as_str() {
                Some(word) if key == "status" => vec![word.to_owned()],
                _ => states(value),
            })
            .collect(),
        Value::Array(list) => list.iter().flat_map(states).collect(),
        _ => Vec::new(),
    }
}

/// The path with another window in its query.
fn window(path: &str, from: i64, to: i64) -> String {
    let (path, query) = path.split_once('?').expect("a query");
    let values = [from, to];
    let pairs = query.split('&').zip(values).map(|(pair, value)| {
        let name = pair.split('=').next().unwrap_or_default();
        format!("{name}={value}")
    });
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// Compares two archives file by file.
fn files(comparison: &mut Comparison, recorded: &[u8], sandbox: &[u8]) {
    let open = |bytes: &[u8]| zip::ZipArchive::new(Cursor::new(bytes.to_vec())).expect("a zip");
    let (mut theirs, mut ours) = (open(recorded), open(sandbox));
    let names = |zip: &zip::ZipArchive<Cursor<Vec<u8>>>| -> Vec<String> {
        let mut names: Vec<_> = zip.file_names().filter_map(Result::ok).map(Cow::into_owned).collect();
        names.sort();
        names
    };
    let (a, b) = (names(&theirs), names(&ours));
    if a != b {
        comparison.differ("/(files)", &a.join(" "), &b.join(" "));
    }
    for name in a.iter().filter(|name| b.contains(name)) {
        let text = |zip: &mut zip::ZipArchive<Cursor<Vec<u8>>>| {
            let mut text = String::new();
            zip.by_name(name).expect("a file").read_to_string(&mut text).expect("text");
            text
        };
        comparison.text(&format!("/{name}"), &text(&mut theirs), &text(&mut ours));
    }
}
