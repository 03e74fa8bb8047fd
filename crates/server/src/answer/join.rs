//! Joins the chunks of a body. The router sends lists in chunks of a few bytes (a list of 281 kB was 736 kB on the
//! wire); here they become pieces of up to 64 kB, which never wait longer than 25 ms, so that a live stream flows.

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long received bytes may wait for more.
pub(super) const FLUSH: Duration = Duration::from_millis(25);
/// A piece of this size, in bytes, waits for nothing.
const FULL: usize = 64 * 1024;
/// A chunk of this size, in bytes, is passed on as it is.
const LARGE: usize = 16 * 1024;
/// How long the connection gets to write what came before a break.
const BEFORE_BREAK: Duration = Duration::from_millis(50);
/// Stands for "no limit": a year.
const FOR_EVER: Duration = Duration::from_hours(365 * 24);

/// What went wrong with the body of an answer; the browser's connection breaks as well.
pub(super) type Broken = Box<dyn std::error::Error + Send + Sync>;

/// A piece of a body.
#[derive(Debug)]
pub(super) struct Piece {
    pub data: Bytes,
    /// Nothing more is there yet: it should go out now.
    pub flush: bool,
}

/// A body whose chunks are joined.
pub(super) struct Joined {
    body: BodyDataStream,
    idle: Duration,
    pending: BytesMut,
    /// When the first byte of `pending` came.
    since: Instant,
    end: Option<End>,
}

enum End {
    Whole,
    Broken(Option<Broken>),
}

impl Joined {
    /// Joins `body`, which breaks when nothing comes for `idle`.
    pub fn new(body: Body, idle: Option<Duration>) -> Self {
        Self {
            body: body.into_data_stream(),
            idle: idle.unwrap_or(FOR_EVER),
            pending: BytesMut::new(),
            since: Instant::now(),
            end: None,
        }
    }

    /// The next piece; `None` after the end. Nothing is lost if this is dropped before it is ready.
    pub async fn next(&mut self) -> Option<Result<Piece, Broken>> {
        loop {
            if self.pending.len() >= FULL {
                return Some(Ok(self.piece(false)));
            }
            match &mut self.end {
                Some(_) if !self.pending.is_empty() => return Some(Ok(self.piece(true))),
                Some(End::Whole) => return None,
                Some(End::Broken(why)) => {
                    let why = why.take()?;
                    // An error closes the connection at once, with what it has not yet written.
                    tokio::time::sleep(BEFORE_BREAK).await;
                    return Some(Err(why));
                }
                None => {}
            }
            let waits_until =
                if self.pending.is_empty() { Instant::now() + self.idle } else { self.since + FLUSH };
            match timeout_at(waits_until, self.body.next()).await {
                Ok(Some(Ok(data))) if self.pending.is_empty() && data.len() >= LARGE => {
                    return Some(Ok(Piece { data, flush: false }));
                }
                Ok(Some(Ok(data))) => {
                    if self.pending.is_empty() {
                        self.since = Instant::now();
                    }
                    self.pending.extend_from_slice(&data);
                }
                Ok(Some(Err(why))) => self.end = Some(End::Broken(Some(why.into()))),
                Ok(None) => self.end = Some(End::Whole),
                Err(_) if self.pending.is_empty() => {
                    let why = format!("nothing came for {} s", self.idle.as_secs());
                    self.end = Some(End::Broken(Some(why.into())));
                }
                Err(_) => return Some(Ok(self.piece(true))),
            }
        }
    }

    fn piece(&mut self, flush: bool) -> Piece {
        Piece { data: self.pending.split().freeze(), flush }
    }

    /// The whole body, if `first` was all of it.
    pub fn whole(&self, first: Option<&Result<Piece, Broken>>) -> Option<Bytes> {
        match (&self.end, first) {
            (Some(End::Whole), Some(Ok(piece))) if self.pending.is_empty() => Some(piece.data.clone()),
            (Some(End::Whole), None) if self.pending.is_empty() => Some(Bytes::new()),
            _ => None,
        }
    }

    /// The joined chunks as a body.
    pub fn into_body(self) -> Body {
        Body::from_stream(stream::unfold(self, |mut it| async move {
            it.next().await.map(|piece| (piece.map(|piece| piece.data), it))
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

    async fn sizes(mut joined: Joined) -> Vec<usize> {
        let mut sizes = Vec::new();
        while let Some(piece) = joined.next().await {
            sizes.push(piece.unwrap().data.len());
        }
        sizes
    }

    #[tokio::test]
    async fn tiny_chunks_become_one_piece() {
        assert_eq!(sizes(Joined::new(body(vec![b"ab"; 100]), None)).await, [200]);
    }

    #[tokio::test]
    async fn a_long_body_goes_out_in_full_pieces() {
        let sizes = sizes(Joined::new(body(vec![&[7; 1000]; 200]), None)).await;
        assert_eq!(sizes.iter().sum::<usize>(), 200_000);
        assert!(sizes.iter().rev().skip(1).all(|it| *it >= FULL), "{sizes:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_chunk_goes_out_when_nothing_follows_it_for_the_time_of_a_flush() {
        let endless = stream::iter([Ok::<_, Infallible>("tick")]).chain(stream::pending());
        let mut joined = Joined::new(Body::from_stream(endless), None);
        let asked = Instant::now();
        let piece = joined.next().await.unwrap().unwrap();
        assert!(piece.flush);
        assert_eq!(piece.data, "tick");
        assert_eq!(asked.elapsed().as_millis(), FLUSH.as_millis());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_falls_silent_breaks_after_the_idle_limit() {
        let silent = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let mut joined = Joined::new(silent, Some(Duration::from_secs(30)));
        let asked = Instant::now();
        assert_eq!(joined.next().await.unwrap().unwrap_err().to_string(), "nothing came for 30 s");
        assert!(asked.elapsed() >= Duration::from_secs(30));
        assert!(joined.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn what_came_before_a_break_goes_out_before_the_break() {
        let chunks = [Ok("[{},"), Err("cut")];
        let mut joined = Joined::new(Body::from_stream(stream::iter(chunks)), None);
        let piece = joined.next().await.unwrap().unwrap();
        assert_eq!((piece.data.as_ref(), piece.flush), (&b"[{},"[..], true));
        assert_eq!(joined.next().await.unwrap().unwrap_err().to_string(), "cut");
    }
}
