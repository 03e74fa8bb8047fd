//! Requests and answers as bytes.

use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, ToSocketAddrs};

/// No answer takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Everything that a server sent until it closed the connection.
#[derive(Clone, Debug)]
pub struct Wire(Vec<u8>);

/// Sends bytes, all of which the server accepts, and reads until it closes the connection.
pub async fn exchange(address: impl ToSocketAddrs, request: &[u8]) -> Wire {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(request).await.expect("sent");
    rest(&mut stream).await
}

/// Reads until the server closes the connection.
pub async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> Wire {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    read.expect("it closes").expect("no reset");
    Wire(answer)
}

/// Sends bytes, and reads until the server closes or resets the connection. The sending side is closed after the bytes
/// if they are not a whole request: a server that waits for the rest would wait in vain.
pub async fn provoke(address: impl ToSocketAddrs, request: &[u8], truncated: bool) -> Wire {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let mut answer = Vec::new();
    let conversation = async {
        // A server that has seen enough closes the connection while the rest is sent.
        if stream.write_all(request).await.is_ok() && truncated {
            let _ = stream.shutdown().await;
        }
        let _ = stream.read_to_end(&mut answer).await;
    };
    tokio::time::timeout(PATIENCE, conversation).await.expect("the connection ends");
    Wire(answer)
}

impl Wire {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn start(&self) -> String {
        self.text().chars().take(300).collect()
    }

    /// The status of the first answer; `None` if there is none.
    pub fn status(&self) -> Option<u16> {
        self.text().strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
    }

    /// The statuses of all answers.
    pub fn statuses(&self) -> Vec<u16> {
        let text = self.text();
        text.split("HTTP/1.1 ").skip(1).filter_map(|answer| answer.get(..3)?.parse().ok()).collect()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let text = self.text();
        let head = text.split("\r\n\r\n").next()?.to_owned();
        head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }
}
