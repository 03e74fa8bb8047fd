//! A read that is in progress, on a task of its own: the browser that asked first may disconnect.

use super::answer::{Answer, Head};
use super::budget::Reservation;
use crate::error_response::ErrorResponse;
use crate::proxy::Proxy;
use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::CONTENT_LENGTH;
use http::{Request, Response, StatusCode};
use std::sync::{Arc, OnceLock};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};

/// The longest body, in bytes, that is shared: a list of some 50,000 applications.
pub(super) const BODY_LIMIT: usize = 16 << 20;

/// A read in progress. Everyone who waits for it has a reference; without any, it is canceled.
#[derive(Debug)]
pub(super) struct Flight {
    outcome: watch::Receiver<Option<Outcome>>,
    /// When the header of the response arrived.
    arrived: Arc<OnceLock<Instant>>,
    task: AbortHandle,
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The end of a read.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Answer(Arc<Answer>),
    /// No response.
    Failed(ErrorResponse),
    /// A response that only the browser that asked first gets.
    NotShared,
}

/// A part of the response to the browser that asked first.
enum Piece {
    Data(Bytes),
    /// Everything else, straight from the router.
    Rest(BodyDataStream),
    Interrupted(axum::BoxError),
}

/// The response to the browser that asked first, as it arrives.
pub(super) struct Leader {
    head: oneshot::Receiver<Result<Head, ErrorResponse>>,
    pieces: mpsc::UnboundedReceiver<Piece>,
}

impl Flight {
    /// Starts a read; `end` is called with its outcome before anyone who waits learns it.
    pub fn start(
        proxy: Proxy,
        request: Request<Body>,
        reservation: Reservation,
        end: impl FnOnce(&Outcome) + Send + 'static,
    ) -> (Arc<Self>, Leader) {
        let (head, head_received) = oneshot::channel();
        let (pieces, pieces_received) = mpsc::unbounded_channel();
        let (ended, outcome) = watch::channel(None);
        let arrived = Arc::new(OnceLock::new());
        let read = Read { head, pieces, arrived: Arc::clone(&arrived) };
        let task = tokio::spawn(async move {
            let outcome = read.run(&proxy, request, reservation).await;
            end(&outcome);
            ended.send_replace(Some(outcome));
        });
        let flight = Self { outcome, arrived, task: task.abort_handle() };
        (Arc::new(flight), Leader { head: head_received, pieces: pieces_received })
    }

    /// When the header of the response arrived.
    pub fn arrived(&self) -> Option<Instant> {
        self.arrived.get().copied()
    }

    /// Waits for the end.
    pub async fn outcome(&self) -> Outcome {
        let mut outcome = self.outcome.clone();
        let ended = outcome.wait_for(Option::is_some).await;
        ended.ok().and_then(|outcome| outcome.clone()).unwrap_or(Outcome::NotShared)
    }
}

impl Leader {
    /// The response as soon as its header has arrived. Its body holds the reference to the read.
    pub async fn response(self, flight: Arc<Flight>) -> Result<Response<Body>, ErrorResponse> {
        let head = self.head.await.unwrap_or_else(|_| {
            let message = "The read failed in this server.";
            Err(ErrorResponse::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message).maybe_sent())
        })?;
        let pieces =
            stream::unfold(self.pieces, |mut pieces| async move { Some((pieces.recv().await?, pieces)) });
        let body = pieces.flat_map(move |piece| {
            let _held = &flight;
            match piece {
                Piece::Data(data) => stream::once(async { Ok(data) }).boxed(),
                Piece::Rest(rest) => rest.map(|data| data.map_err(axum::BoxError::from)).boxed(),
                Piece::Interrupted(error) => stream::once(async { Err(error) }).boxed(),
            }
        });
        Ok(head.with_body(Body::from_stream(body)))
    }
}

/// The task of a read.
struct Read {
    head: oneshot::Sender<Result<Head, ErrorResponse>>,
    pieces: mpsc::UnboundedSender<Piece>,
    arrived: Arc<OnceLock<Instant>>,
}

impl Read {
    async fn run(self, proxy: &Proxy, request: Request<Body>, mut reservation: Reservation) -> Outcome {
        let (parts, body) = match proxy.forward(request).await {
            Ok(response) => response.into_parts(),
            Err(error) => {
                let _ = self.head.send(Err(error.clone()));
                return Outcome::Failed(error);
            }
        };
        let announced =
            parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let head = Head::new(parts);
        let _ = self.arrived.set(head.arrived);
        let mut body = body.into_data_stream();
        let _ = self.head.send(Ok(head.clone()));
        let send = |piece| {
            // Without a receiver the browser has disconnected; others may wait.
            let _ = self.pieces.send(piece);
        };
        let refused = matches!(head.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if refused || announced.is_some_and(|length| length > BODY_LIMIT) {
            send(Piece::Rest(body));
            return Outcome::NotShared;
        }
        let mut received = Vec::new();
        let interrupted = loop {
            match timeout(proxy.idle_timeout(), body.next()).await {
                Ok(Some(Ok(data))) => {
                    if received.len() + data.len() > BODY_LIMIT || !reservation.grow(data.len()) {
                        send(Piece::Data(data));
                        send(Piece::Rest(body));
                        return Outcome::NotShared;
                    }
                    received.extend_from_slice(&data);
                    send(Piece::Data(data));
                }
                Ok(Some(Err(error))) => break Some(error.into()),
                Ok(None) => break None,
                Err(_) => {
                    break Some(format!("nothing arrived for {} s", proxy.idle_timeout().as_secs()).into());
                }
            }
        };
        received.shrink_to_fit();
        let answer = Answer::new(head, received, reservation, interrupted.is_some());
        if let Some(error) = interrupted {
            send(Piece::Interrupted(error));
        }
        Outcome::Answer(Arc::new(answer))
    }
}
