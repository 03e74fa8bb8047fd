//! Answers connections that are too many.

use super::capacity::Full;
use crate::observation::{REQUEST_ID, RequestId};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// How long such a connection stays open, so that its browser reads the response.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Seconds after which the browser may try again.
const RETRY_AFTER: u32 = 5;

/// Writes a response without reading a request, and closes the connection.
pub async fn turn_away<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, full: Full) {
    let _ = tokio::time::timeout(TIMEOUT, async {
        stream.write_all(response(full).as_bytes()).await?;
        stream.shutdown().await?;
        // Closed with unread bytes, the connection would be reset before the browser has read the response.
        while stream.read(&mut [0; 1_024]).await? > 0 {}
        Ok::<_, std::io::Error>(())
    })
    .await;
}

fn response(full: Full) -> String {
    let reason = match full {
        Full::InAll => "This server has too many open connections.",
        Full::OfThisAddress => "Your address has too many open connections to this server.",
    };
    let body = format!(
        "{{\"error\":\"too_many_connections\",\"message\":\"{reason} Try again in {RETRY_AFTER} s.\",\"sent\":\"no\"}}"
    );
    format!(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: {RETRY_AFTER}\r\nconnection: close\r\ncontent-type: \
         application/json\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\nx-quiesce-error: \
         too_many_connections\r\n{REQUEST_ID}: {}\r\ncontent-length: {}\r\n\r\n{body}",
        RequestId::random().as_str(),
        body.len()
    )
}
