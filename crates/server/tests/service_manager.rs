//! The messages of the process to systemd, received by a socket of the test.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

use std::process::Stdio;
use std::time::Duration;
use tokio::net::UnixDatagram;
use tokio::process::Command;

#[tokio::test]
async fn tells_systemd_that_it_is_ready_alive_and_stopping() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    let mut child = Command::new(env!("CARGO_BIN_EXE_quiesce"))
        .args(["demo", "--listen", "127.0.0.1:0"])
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "100000")
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("started");
    let next = async || {
        let mut message = [0; 64];
        let received = tokio::time::timeout(Duration::from_secs(20), socket.recv(&mut message));
        let length = received.await.expect("a message").expect("received");
        String::from_utf8_lossy(&message[..length]).into_owned()
    };
    assert_eq!(next().await, "READY=1");
    for _ in 0..3 {
        assert_eq!(next().await, "WATCHDOG=1");
    }
    let id = child.id().expect("running").to_string();
    assert!(Command::new("kill").arg(id).status().await.expect("sent").success());
    let mut last = next().await;
    while last == "WATCHDOG=1" {
        last = next().await;
    }
    assert_eq!(last, "STOPPING=1");
    assert!(child.wait().await.expect("ended").success());
}
