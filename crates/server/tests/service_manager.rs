//! The messages of the process to systemd, received by a socket of the test.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use std::time::Duration;
use support::process::Process;
use tokio::net::UnixDatagram;

#[tokio::test]
async fn tells_systemd_that_it_is_ready_alive_and_stopping() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    let variables = [("NOTIFY_SOCKET", path.to_str().expect("text")), ("WATCHDOG_USEC", "100000")];
    let process = Process::start(&["demo"], &variables).await;
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
    let stopping = async {
        let mut last = next().await;
        while last == "WATCHDOG=1" {
            last = next().await;
        }
        assert_eq!(last, "STOPPING=1");
    };
    tokio::join!(process.end(), stopping);
}
