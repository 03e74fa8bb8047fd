//! The shell script of an upgrade, run on the sandbox and on a real CDAP: once, twice, and after interruptions.
//!
//! `CDAP_URL` is the real server of the ignored test.

#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod server;

use quiesce_api::run::RunStatus;
use server::{BATCH, COPY, Server, Shell};

/// What has to be true after the script has ended, however often it was run.
async fn is_upgraded_once(server: &Server, context: &str) {
    for application in [BATCH, COPY] {
        let detail = server.detail(application).await;
        assert_eq!(detail.artifact.version, "6.11.0", "{context}");
        assert_eq!(server.versions(application).await, 2, "{application}, {context}");
    }
    let configuration =
        |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("a configuration");
    // A redeployment takes it as it was.
    assert_eq!(
        configuration(&server.detail(COPY).await.configuration),
        configuration(&server.before.configuration)
    );
    let runs = server.runs().await;
    let active: Vec<_> = runs.iter().filter(|run| !run.status.is_end()).collect();
    assert_eq!((runs.len(), active.len()), (3, 1), "{context}: {runs:?}");
    let mut arguments = server.arguments_of(&active[0].run).await;
    arguments.remove("logical.start.time");
    assert_eq!(arguments, server.arguments, "{context}");
    let stopped = runs.iter().find(|run| run.run == server.run.run).expect("the run that was stopped");
    assert_eq!(stopped.status, RunStatus::Killed, "{context}");
    assert_eq!(server.schedules().await, [true, false], "{context}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_of_the_script_reads_and_changes_nothing() {
    let server = Server::sandbox().await;
    let shell = Shell::new(&server);
    let first = shell.run(&server).await;
    assert!(first.is_done(), "{first:?}");
    is_upgraded_once(&server, "once").await;
    server.forget_requests().await;
    let second = shell.run(&server).await;
    assert!(second.is_done(), "{second:?}");
    for part in [
        format!("{BATCH}: already on 6.11.0 SYSTEM, continued"),
        format!("Schedule {BATCH}/nightly: not paused, its application is upgraded"),
        "already started by this script".to_owned(),
        format!("Schedule {BATCH}/nightly: already resumed by this script"),
        format!("Schedule {BATCH}/manual: not paused by this script, left as it is"),
    ] {
        assert!(second.out.contains(&part), "{part}: {second:?}");
    }
    assert_eq!(server.changes().await, Vec::<String>::new());
    is_upgraded_once(&server, "twice").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_another_user_turned_off_after_the_script_stays_off() {
    let server = Server::sandbox().await;
    let shell = Shell::new(&server);
    assert!(shell.run(&server).await.is_done());
    server.switch("nightly", false).await;
    assert!(shell.run(&server).await.is_done());
    assert_eq!(server.schedules().await, [false, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_records_the_script_leaves_upgraded_applications_as_they_are() {
    let server = Server::sandbox().await;
    assert!(Shell::new(&server).run(&server).await.is_done());
    server.forget_requests().await;
    let elsewhere = Shell::new(&server).run(&server).await;
    assert!(elsewhere.is_done(), "{elsewhere:?}");
    assert!(elsewhere.out.contains("left as it is with its schedules and runs"), "{elsewhere:?}");
    assert_eq!(server.changes().await, Vec::<String>::new());
    is_upgraded_once(&server, "from another folder").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_sends_nothing() {
    let server = Server::sandbox().await;
    let shell = Shell::new(&server);
    server.forget_requests().await;
    let dry = shell.dry_run(&server).await;
    assert!(dry.is_done(), "{dry:?}");
    assert!(dry.out.contains(&format!("{COPY}: upgrade to 6.11.0 SYSTEM")), "{dry:?}");
    assert_eq!(server.requests().await, Vec::<String>::new());
    assert!(shell.run(&server).await.is_done(), "a dry run leaves no record");
    is_upgraded_once(&server, "after a dry run").await;
}

/// The requests that change something, and the export. Each fails once, and ends the script.
const REQUESTS: [(&str, &str); 7] = [
    ("POST", "/disable"),
    ("POST", "/stop"),
    ("GET", "/export/apps"),
    ("POST", "/upgrade"),
    ("PUT", "/apps/script_copy"),
    ("POST", "/start"),
    ("POST", "/enable"),
];

/// Runs the script until it succeeds, in spite of a fault of each request; how often it was interrupted.
async fn interrupted_by(fault: &str) -> usize {
    let server = Server::sandbox().await;
    let shell = Shell::new(&server);
    for (method, path) in REQUESTS {
        server.fault(fault, method, path).await;
    }
    let mut interruptions = 0;
    loop {
        let last = shell.run(&server).await;
        if last.is_done() {
            break;
        }
        interruptions += 1;
        let words = if fault == "500" { "the server answered 500: " } else { "no response to " };
        assert!(last.err.contains(words) && interruptions <= REQUESTS.len(), "{last:?}");
    }
    is_upgraded_once(&server, fault).await;
    interruptions
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_whose_requests_are_refused_is_completed_by_running_it_again() {
    assert_eq!(interrupted_by("500").await, REQUESTS.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_whose_requests_are_lost_is_completed_by_running_it_again() {
    assert_eq!(interrupted_by("drop-before").await, REQUESTS.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_whose_responses_are_lost_is_completed_by_running_it_again() {
    // Not the upgrade and the redeployment: the application is read, and is on its target version.
    assert_eq!(interrupted_by("drop-after").await, REQUESTS.len() - 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_is_killed_while_runs_end_is_completed_by_running_it_again() {
    let server = Server::sandbox().await;
    let shell = Shell::new(&server);
    shell.kill_at(&server, "waiting for its end").await;
    assert!(shell.run(&server).await.is_done());
    is_upgraded_once(&server, "killed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_another_user_started_ends_the_script_before_the_upgrade() {
    let server = Server::sandbox().await;
    let shell = Shell::new(&server);
    let other = server.start(&[("wait", "600")]).await;
    let refused = shell.run(&server).await;
    let words = format!("run {other} is active and not listed in this script; stop it first");
    assert!(!refused.is_done() && refused.err.contains(&words), "{refused:?}");
    assert_eq!(server.versions(BATCH).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_ends_the_script_with_the_message_of_the_server() {
    let server = Server::sandbox().await;
    let shell = Shell::new(&server);
    server.delete(COPY).await;
    let refused = shell.run(&server).await;
    assert!(!refused.is_done(), "{refused:?}");
    let words =
        format!("{COPY}: the server answered 404: 'applicationreference:default.{COPY}' was not found.");
    assert!(refused.err.contains(&words), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs CDAP_URL, a real server"]
async fn a_real_cdap_is_upgraded_once_by_a_script_that_is_run_twice() {
    let url = std::env::var("CDAP_URL").expect("CDAP_URL");
    let began = std::time::Instant::now();
    let server = Server::real(&url).await;
    let shell = Shell::new(&server);
    let dry = shell.dry_run(&server).await;
    assert!(dry.is_done(), "{dry:?}");
    let first = shell.run(&server).await;
    assert!(first.is_done(), "{first:?}");
    is_upgraded_once(&server, "once").await;
    let second = shell.run(&server).await;
    assert!(second.is_done(), "{second:?}");
    is_upgraded_once(&server, "twice").await;
    server.clean().await;
    eprintln!("{}\n{}\nin {:?}", first.out, second.out, began.elapsed());
}
