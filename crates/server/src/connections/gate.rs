//! The bytes between a browser and the HTTP parser. A [`Gate`] passes a request on only after its head is complete and
//! [checked](super::head), never more than that request, and limits the time that a head may take.
//!
//! A request that is refused is replaced by one that has no meaning; [`GateHandle::refusal`] is the response to it. The
//! parser writes that response, in its order after those of earlier requests.

use super::head::{self, Framing, MAX_HEAD};
use crate::error_response::ErrorResponse;
use crate::limits::Limits;
use bytes::{Buf, BytesMut};
use http::StatusCode;
use std::io::{Error, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// What the parser reads instead of a refused request.
const REPLACEMENT: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
/// How much is read at once.
const CHUNK: usize = 16 * 1_024;
/// How long a closing connection reads what the browser still sends. Closed earlier, the browser would lose the response.
const LINGER: Duration = Duration::from_secs(1);

/// A stream to a browser.
pub struct Gate<S> {
    stream: S,
    shared: Arc<Mutex<Shared>>,
    limits: Limits,
    /// Read from the browser, and not yet from here.
    held: BytesMut,
    /// How many of the held bytes were searched for the end of a head, which may arrive byte by byte.
    searched: usize,
    /// How many bytes may be read from here before the next head: the rest of the current request.
    passing: u64,
    /// Until the next head must be complete, or must have begun.
    timer: Option<Pin<Box<Sleep>>>,
    /// Nothing more is read from the browser.
    last: bool,
    shut_down: bool,
}

/// The part of a [`Gate`] that its connection's service knows.
#[derive(Clone, Debug)]
pub struct GateHandle {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// From the end of a head until the end of its response.
    busy: bool,
    /// Whether the connection has to end with the current response.
    closes: bool,
    refusal: Option<ErrorResponse>,
    /// The reader that waits for the end of a response.
    reader: Option<Waker>,
}

/// A response in progress; the next request begins when this is dropped.
#[derive(Debug)]
pub struct Responding(GateHandle);

impl GateHandle {
    /// The response to the current request if it was refused.
    pub fn refusal(&self) -> Option<ErrorResponse> {
        lock(&self.shared).refusal.take()
    }

    /// Whether the connection has to end with the current response.
    pub fn closes(&self) -> bool {
        lock(&self.shared).closes
    }

    pub fn responding(&self) -> Responding {
        Responding(self.clone())
    }
}

impl Drop for Responding {
    fn drop(&mut self) {
        let mut shared = lock(&self.0.shared);
        shared.busy = false;
        if let Some(reader) = shared.reader.take() {
            reader.wake();
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S> Gate<S> {
    pub fn new(stream: S, limits: Limits) -> (Self, GateHandle) {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let gate = Self {
            stream,
            shared: Arc::clone(&shared),
            limits,
            held: BytesMut::new(),
            searched: 0,
            passing: 0,
            timer: Some(Box::pin(sleep(limits.header))),
            last: false,
            shut_down: false,
        };
        (gate, GateHandle { shared })
    }

    /// Passes the head on that is held, if it is complete and valid.
    fn pass_head(&mut self) {
        let end = head::end(&self.held, self.searched);
        self.searched = if end.is_some() { 0 } else { self.held.len() };
        match end {
            Some(end) => match head::check(&self.held[..end]) {
                Ok(framing) => {
                    self.timer = None;
                    let mut shared = lock(&self.shared);
                    shared.busy = true;
                    match framing {
                        Framing::Length(length) => self.passing = (end as u64).saturating_add(length),
                        // Where the last chunk ends is known to the parser only, so this request is the last one.
                        Framing::Chunked => {
                            self.passing = u64::MAX;
                            shared.closes = true;
                        }
                    }
                }
                Err(error) => self.refuse(error),
            },
            None if self.held.len() > MAX_HEAD => {
                self.refuse(head::too_large(format!(
                    "The header of the request has more than {MAX_HEAD} bytes."
                )));
            }
            None => {}
        }
    }

    fn refuse(&mut self, error: ErrorResponse) {
        self.timer = None;
        self.last = true;
        self.held = BytesMut::from(REPLACEMENT);
        self.passing = REPLACEMENT.len() as u64;
        let mut shared = lock(&self.shared);
        shared.busy = true;
        shared.closes = true;
        shared.refusal = Some(error);
    }

    fn is_busy(&self) -> bool {
        lock(&self.shared).busy
    }

    /// Whether the time for the next head is over.
    fn timed_out(&mut self, cx: &mut Context<'_>) -> bool {
        // After a response. The next request may have begun meanwhile.
        let limit = if self.held.is_empty() { self.limits.keep_alive } else { self.limits.header };
        self.timer.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(cx).is_ready()
    }
}

impl<S: AsyncRead + Unpin> Gate<S> {
    /// Reads more from the browser; the number of bytes is 0 at the end.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Error>> {
        let mut chunk = [0; CHUNK];
        let mut buffer = ReadBuf::new(&mut chunk);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
        self.held.extend_from_slice(buffer.filled());
        Poll::Ready(Ok(buffer.filled().len()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gate<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<(), Error>> {
        let gate = &mut *self;
        loop {
            if gate.passing > 0 && !gate.held.is_empty() {
                let passing = usize::try_from(gate.passing).unwrap_or(usize::MAX);
                let length = gate.held.len().min(buffer.remaining()).min(passing);
                buffer.put_slice(&gate.held[..length]);
                gate.held.advance(length);
                gate.passing -= length as u64;
                return Poll::Ready(Ok(()));
            }
            if gate.last {
                return Poll::Pending;
            }
            let busy = gate.is_busy();
            if gate.passing == 0 && !busy {
                gate.pass_head();
                if gate.passing > 0 {
                    continue;
                }
            }
            if busy {
                // What follows is read only to notice that the browser disconnects.
                lock(&gate.shared).reader = Some(cx.waker().clone());
                if gate.passing == 0 && gate.held.len() > MAX_HEAD {
                    return Poll::Pending;
                }
            }
            let waiting = gate.passing == 0 && !busy;
            let idle = gate.held.is_empty();
            match gate.poll_fill(cx)? {
                Poll::Ready(0) => return Poll::Ready(Ok(())),
                Poll::Ready(_) if waiting && idle && gate.timer.is_some() => {
                    gate.timer = Some(Box::pin(sleep(gate.limits.header)));
                }
                Poll::Ready(_) => {}
                Poll::Pending if waiting && gate.timed_out(cx) => {
                    if idle {
                        return Poll::Ready(Ok(()));
                    }
                    let seconds = gate.limits.header.as_secs();
                    gate.refuse(ErrorResponse::new(
                        StatusCode::REQUEST_TIMEOUT,
                        "request_timeout",
                        format!("The header of the request was not complete within {seconds} s."),
                    ));
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Gate<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize, Error>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize, Error>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let gate = &mut *self;
        if !gate.shut_down {
            ready!(Pin::new(&mut gate.stream).poll_shutdown(cx))?;
            gate.shut_down = true;
            gate.timer = Some(Box::pin(sleep(LINGER)));
        }
        if !gate.last && gate.passing == 0 && gate.held.is_empty() {
            return Poll::Ready(Ok(()));
        }
        // Asked again, it continues to linger.
        gate.last = true;
        while gate.timer.as_mut().is_some_and(|timer| timer.as_mut().poll(cx).is_pending()) {
            let read = ready!(gate.poll_fill(cx))?;
            gate.held.clear();
            if read == 0 {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}
