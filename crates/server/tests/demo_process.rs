//! The demo as a process: the server that it imitates, its start-up time, how fast it lists ten thousand applications,
//! and its memory use.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use std::time::{Duration, Instant};
use support::process::Process;

/// Unoptimized code takes this many times as long.
const SLOWDOWN: u32 = if cfg!(debug_assertions) { 8 } else { 1 };

struct Demo {
    process: Process,
    /// From the start of the process until it prints its address.
    seeded: Duration,
}

impl Demo {
    async fn start(arguments: &[&str]) -> Self {
        let began = Instant::now();
        let process = Process::start(&[&["demo"], arguments].concat(), &[]).await;
        Self { process, seeded: began.elapsed() }
    }

    /// The length of a successful response and its duration.
    async fn get(&self, target: &str) -> (usize, Duration) {
        let began = Instant::now();
        let answer = self.answer(target).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{target}");
        (answer.len(), began.elapsed())
    }

    /// A response as sent on the wire.
    async fn answer(&self, target: &str) -> String {
        self.process.send(&format!("GET {target} HTTP/1.1"), "").await
    }

    /// Its memory use in MB; `None` on systems without `/proc`.
    fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1_024)
    }
}

#[tokio::test]
async fn ten_thousand_applications_are_seeded_in_two_seconds_and_listed_in_a_third_of_a_second() {
    let demo = Demo::start(&["--fleet", "10000"]).await;
    assert!(demo.seeded < Duration::from_secs(2) * SLOWDOWN, "{:?}", demo.seeded);
    let list = "/v3/namespaces/retail/apps";
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let (length, took) = demo.get(list).await;
        assert!(length > 2_500_000, "{length}");
        best = best.min(took);
    }
    assert!(best < Duration::from_millis(300) * SLOWDOWN, "{best:?}");
    let memory = demo.memory();
    assert!(memory.is_none_or(|megabytes| megabytes < 300), "{memory:?} MB");
    eprintln!("10,000 applications: seeded in {:?}, listed in {best:?}, {memory:?} MB", demo.seeded);
}

#[tokio::test]
async fn the_demo_uses_less_than_forty_megabytes() {
    let demo = Demo::start(&[]).await;
    demo.get("/v3/namespaces/default/apps").await;
    let memory = demo.memory();
    assert!(memory.is_none_or(|megabytes| megabytes < 40), "{memory:?} MB");
    eprintln!("the default seed: there in {:?}, {memory:?} MB", demo.seeded);
}

#[tokio::test]
async fn the_demo_imitates_the_server_of_its_profile() {
    for (profile, words) in [
        ("6.11.0", "{\"version\":\"6.11.0\"}"),
        ("6.7.2", "{\"version\":\"6.7.2\"}"),
        ("graceful", "{\"version\":\"6.11.0\"}"),
        ("secured", "auth_uri"),
    ] {
        let demo = Demo::start(&["--profile", profile]).await;
        let answer = demo.answer("/v3/version").await;
        assert!(answer.contains(words), "{profile}: {answer}");
        let info = demo.answer("/quiesce/info").await;
        assert!(info.contains(&format!("\"profile\":\"{profile}\"")), "{profile}");
    }
}
