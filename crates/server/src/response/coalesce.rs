//! Coalesces the chunks of a body, as Nagle's algorithm does for TCP. The router sends lists in chunks of a few bytes (a
//! list of 281 kB was 736 kB on the wire); here they become frames of up to 64 KiB that wait for at most 25 ms, so that
//! a live stream keeps flowing.

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long received bytes may wait for more.
pub(super) const FLUSH_DELAY: Duration = Duration::from_millis(25);
/// A frame of this size, in bytes, is sent at once.
const FULL: usize = 64 * 1024;
/// A chunk of this size, in bytes, is passed on without copying.
const LARGE: usize = 16 * 1024;
/// How long the connection gets to write what came before an interruption.
const DRAIN_DELAY: Duration = Duration::from_millis(50);
/// Stands for "no limit": a year.
const FOREVER: Duration = Duration::from_hours(365 * 24);

/// Why a body was interrupted; the browser's connection is interrupted too.
pub(super) type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A part of a body.
#[derive(Debug)]
pub(super) struct Frame {
    pub data: Bytes,
    /// Nothing more has arrived yet: send the frame now.
    pub flush: bool,
}

/// A body with coalesced chunks.
pub(super) struct Coalesced {
    body: BodyDataStream,
    idle: Duration,
    pending: BytesMut,
    /// When the first byte of `pending` arrived.
    since: Instant,
    end: Option<End>,
}

enum End {
    Complete,
    Interrupted(Option<BodyError>),
}

impl Coalesced {
    /// Coalesces `body`, which is interrupted if nothing arrives for `idle`.
    pub fn new(body: Body, idle: Option<Duration>) -> Self {
        Self {
            body: body.into_data_stream(),
            idle: idle.unwrap_or(FOREVER),
            pending: BytesMut::new(),
            since: Instant::now(),
            end: None,
        }
    }

    /// The next frame; `None` after the end. Cancel-safe: nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<Result<Frame, BodyError>> {
        loop {
            if self.pending.len() >= FULL {
                return Some(Ok(self.take_frame(false)));
            }
            match &mut self.end {
                Some(_) if !self.pending.is_empty() => return Some(Ok(self.take_frame(true))),
                Some(End::Complete) => return None,
                Some(End::Interrupted(error)) => {
                    let error = error.take()?;
                    // hyper closes the connection on an error without writing what is still buffered.
                    tokio::time::sleep(DRAIN_DELAY).await;
                    return Some(Err(error));
                }
                None => {}
            }
            let deadline =
                if self.pending.is_empty() { Instant::now() + self.idle } else { self.since + FLUSH_DELAY };
            match timeout_at(deadline, self.body.next()).await {
                Ok(Some(Ok(data))) if self.pending.is_empty() && data.len() >= LARGE => {
                    return Some(Ok(Frame { data, flush: false }));
                }
                Ok(Some(Ok(data))) => {
                    if self.pending.is_empty() {
                        self.since = Instant::now();
                    }
                    self.pending.extend_from_slice(&data);
                }
                Ok(Some(Err(error))) => self.end = Some(End::Interrupted(Some(error.into()))),
                Ok(None) => self.end = Some(End::Complete),
                Err(_) if self.pending.is_empty() => {
                    let error = format!("nothing arrived for {} s", self.idle.as_secs());
                    self.end = Some(End::Interrupted(Some(error.into())));
                }
                Err(_) => return Some(Ok(self.take_frame(true))),
            }
        }
    }

    fn take_frame(&mut self, flush: bool) -> Frame {
        Frame { data: self.pending.split().freeze(), flush }
    }

    /// The complete body, if `first` was all of it.
    pub fn whole(&self, first: Option<&Result<Frame, BodyError>>) -> Option<Bytes> {
        match (&self.end, first) {
            (Some(End::Complete), Some(Ok(frame))) if self.pending.is_empty() => Some(frame.data.clone()),
            (Some(End::Complete), None) if self.pending.is_empty() => Some(Bytes::new()),
            _ => None,
        }
    }

    pub fn into_body(self) -> Body {
        Body::from_stream(stream::unfold(self, |mut coalesced| async move {
            coalesced.next().await.map(|frame| (frame.map(|frame| frame.data), coalesced))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn body(chunks: Vec<&'static [u8]>) -> Body {
        Body::from_stream(stream::iter(chunks.into_iter().map(Ok::<_, Infallible>)))
    }

    async fn sizes(mut coalesced: Coalesced) -> Vec<usize> {
        let mut sizes = Vec::new();
        while let Some(frame) = coalesced.next().await {
            sizes.push(frame.unwrap().data.len());
        }
        sizes
    }

    #[tokio::test]
    async fn tiny_chunks_become_one_frame() {
        assert_eq!(sizes(Coalesced::new(body(vec![b"ab"; 100]), None)).await, [200]);
    }

    #[tokio::test]
    async fn a_long_body_is_sent_in_full_frames() {
        let sizes = sizes(Coalesced::new(body(vec![&[7; 1000]; 200]), None)).await;
        assert_eq!(sizes.iter().sum::<usize>(), 200_000);
        assert!(sizes.iter().rev().skip(1).all(|size| *size >= FULL), "{sizes:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_chunk_is_sent_after_the_flush_delay_if_nothing_follows() {
        let endless = stream::iter([Ok::<_, Infallible>("tick")]).chain(stream::pending());
        let mut coalesced = Coalesced::new(Body::from_stream(endless), None);
        let started = Instant::now();
        let frame = coalesced.next().await.unwrap().unwrap();
        assert!(frame.flush);
        assert_eq!(frame.data, "tick");
        assert_eq!(started.elapsed().as_millis(), FLUSH_DELAY.as_millis());
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_body_is_interrupted_after_the_idle_timeout() {
        let silent = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let mut coalesced = Coalesced::new(silent, Some(Duration::from_secs(30)));
        let started = Instant::now();
        assert_eq!(coalesced.next().await.unwrap().unwrap_err().to_string(), "nothing arrived for 30 s");
        assert!(started.elapsed() >= Duration::from_secs(30));
        assert!(coalesced.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_received_before_an_interruption_are_sent_before_it() {
        let chunks = [Ok("[{},"), Err("cut")];
        let mut coalesced = Coalesced::new(Body::from_stream(stream::iter(chunks)), None);
        let frame = coalesced.next().await.unwrap().unwrap();
        assert_eq!((frame.data.as_ref(), frame.flush), (&b"[{},"[..], true));
        assert_eq!(coalesced.next().await.unwrap().unwrap_err().to_string(), "cut");
    }
}
