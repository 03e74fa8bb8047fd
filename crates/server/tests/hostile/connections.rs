//! Clients that hold connections and send nothing more.

use crate::recorder::Received;
use crate::row::{Mode, Row};
use crate::servers::Servers;
use crate::wire;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

#[tokio::test]
async fn connections_with_half_a_request_do_not_keep_others_waiting() {
    let servers = Servers::start().await;
    let address = servers.address(Mode::Plain);
    let mut held = Vec::new();
    for index in 0..100 {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        let half = if index % 2 == 0 { "GET /v3/ver" } else { "POST /auth/token HTTP/1.1\r\nhost: a\r\nx-" };
        stream.write_all(half.as_bytes()).await.expect("sent");
        held.push(stream);
    }
    let answer = wire::exchange(address, Row::get("harmless", "/v3/version").bytes(address), false).await;
    assert_eq!(answer.status(), Some(200));
    let lines: Vec<_> = servers.received().iter().map(Received::line).collect();
    assert_eq!(lines, ["GET /v3/version"]);
    drop(held);
}
