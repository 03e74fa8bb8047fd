//! An answer, and how it is put on the wire.

use crate::json;
use crate::model::refusal::Refusal;
use crate::model::{JSON, TEXT};
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body::Frame;
use serde::Serialize;
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The content type of what is streamed, although it is JSON.
const STREAM: &str = "application/octet-stream";

/// Marks a response that must not be answered: its body fails at once, and the connection with it, unless a layer
/// in between holds the body back. Such a layer leaves a response alone that has this among its extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    content_type: Option<&'static str>,
    headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// Where the chunks of a streamed body end.
    chunks: Option<Vec<usize>>,
    closes: bool,
}

impl Answer {
    /// 200 without a body, and so without a content type.
    pub(crate) fn empty() -> Self {
        Self::bare(200, "")
    }

    /// An answer without a content type.
    pub(crate) fn bare(status: u16, body: &str) -> Self {
        Self {
            status,
            content_type: None,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            chunks: None,
            closes: false,
        }
    }

    /// An answer of a content type.
    pub(crate) fn typed(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { content_type: Some(content_type), body: body.into(), ..Self::bare(status, "") }
    }

    /// 200 with a sentence.
    pub(crate) fn text(body: impl Into<String>) -> Self {
        Self::typed(200, TEXT, body.into())
    }

    /// 200 with JSON.
    pub(crate) fn json(value: &impl Serialize) -> Self {
        Self::typed(200, JSON, json::write(value))
    }

    /// 200 with elements that come one by one between two texts, as octets.
    pub(crate) fn stream(before: &str, elements: impl IntoIterator<Item = Vec<u8>>, after: &str) -> Self {
        let mut body = before.as_bytes().to_vec();
        let mut chunks = vec![body.len()];
        for (index, element) in elements.into_iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            body.extend(element);
            chunks.push(body.len());
        }
        body.extend(after.as_bytes());
        chunks.push(body.len());
        Self { chunks: Some(chunks), ..Self::typed(200, STREAM, body) }
    }

    /// A body that is JSON and streamed.
    pub(crate) fn streamed_json(value: &impl Serialize) -> Self {
        let body = json::write(value);
        Self { chunks: Some(vec![body.len()]), ..Self::typed(200, JSON, body) }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Puts another body in its place.
    pub(super) fn replace(&mut self, body: Vec<u8>) {
        self.chunks = self.chunks.take().map(|_| vec![body.len()]);
        self.body = body;
    }

    /// Closes the connection after it.
    pub(crate) fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// Puts it on the wire; `cut` ends it in the middle of its body.
    pub(crate) fn into_response(self, cut: bool) -> Response<Body> {
        let body = if cut {
            Pieces::cut(self.body).body()
        } else if let Some(chunks) = self.chunks {
            Pieces::chunked(self.body, &chunks).body()
        } else {
            Body::from(self.body)
        };
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if let Some(content_type) = self.content_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if self.closes {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self {
            status: refusal.status,
            content_type: refusal.content_type.filter(|_| !refusal.text.is_empty()),
            closes: refusal.closes,
            body: refusal.text.into_bytes(),
            ..Self::empty()
        }
    }
}

/// No answer at all: the connection is closed. The server gives up a connection whose body fails before anything of
/// the answer was sent.
pub(crate) fn dropped() -> Response<Body> {
    let mut response = Response::new(Pieces { left: VecDeque::from([Piece::Break]) }.body());
    response.extensions_mut().insert(Dropped);
    response
}

enum Piece {
    Bytes(Bytes),
    /// Lets what was written go out first.
    Pause,
    /// Closes the connection.
    Break,
}

/// A body in pieces, of a length that is not told.
struct Pieces {
    left: VecDeque<Piece>,
}

impl Pieces {
    fn chunked(body: Vec<u8>, ends: &[usize]) -> Self {
        let body = Bytes::from(body);
        let mut from = 0;
        let left = ends.iter().filter(|end| **end <= body.len()).map(|end| {
            let piece = body.slice(from.min(*end)..*end);
            from = *end;
            Piece::Bytes(piece)
        });
        Self { left: left.filter(|it| !matches!(it, Piece::Bytes(bytes) if bytes.is_empty())).collect() }
    }

    fn cut(body: Vec<u8>) -> Self {
        let half = body.len() / 2;
        let half = Bytes::from(body).slice(..half);
        Self { left: VecDeque::from([Piece::Bytes(half), Piece::Pause, Piece::Break]) }
    }

    fn body(self) -> Body {
        Body::new(self)
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.left.pop_front() {
            None => Poll::Ready(None),
            Some(Piece::Bytes(bytes)) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Some(Piece::Pause) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Piece::Break) => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }
}
