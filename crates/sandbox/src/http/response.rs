//! Responses and their bodies.

use super::media::{JSON, TEXT};
use crate::json;
use crate::model::refusal::Refusal;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response as HttpResponse;
use http_body::Frame;
use serde::Serialize;
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The content type of streamed lists, although they are JSON.
const STREAM: &str = "application/octet-stream";

/// The result of a handler.
pub(crate) type HandlerResult = Result<Response, Refusal>;

/// Extension of a response whose connection is closed instead: its body fails at once. A layer that buffers bodies must
/// not touch a response with this extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped;

/// A response before it is sent.
#[derive(Debug)]
pub(crate) struct Response {
    pub status: u16,
    content_type: Option<&'static str>,
    headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// The ends of the chunks of a streamed body.
    chunks: Option<Vec<usize>>,
    closes: bool,
}

impl Response {
    /// 200 without a body, and so without a content type.
    pub(crate) fn empty() -> Self {
        Self::bare(200, "")
    }

    /// A response without a content type.
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

    /// A response with a content type.
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

    /// 200 with elements that are sent one by one between two texts, as `application/octet-stream`.
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

    /// 200 with JSON that is streamed.
    pub(crate) fn streamed_json(value: &impl Serialize) -> Self {
        let body = json::write(value);
        Self { chunks: Some(vec![body.len()]), ..Self::typed(200, JSON, body) }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Replaces the body.
    pub(super) fn replace(&mut self, body: Vec<u8>) {
        self.chunks = self.chunks.take().map(|_| vec![body.len()]);
        self.body = body;
    }

    /// Closes the connection after the response.
    pub(crate) fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// The response to send; `truncated` ends it in the middle of its body.
    pub(crate) fn into_response(self, truncated: bool) -> HttpResponse {
        let body = if truncated {
            ChunkedBody::truncated(self.body).body()
        } else if let Some(chunks) = self.chunks {
            ChunkedBody::chunked(self.body, &chunks).body()
        } else {
            Body::from(self.body)
        };
        let mut response = HttpResponse::new(body);
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

impl From<Refusal> for Response {
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

/// Closes the connection without a response: hyper aborts a connection whose body fails before anything is sent.
pub(crate) fn dropped() -> HttpResponse {
    let mut response = HttpResponse::new(ChunkedBody { left: VecDeque::from([Chunk::Break]) }.body());
    response.extensions_mut().insert(Dropped);
    response
}

enum Chunk {
    Bytes(Bytes),
    /// Lets the previous chunks be sent first.
    Pause,
    /// Closes the connection.
    Break,
}

/// A body that is sent in chunks, without `Content-Length`.
struct ChunkedBody {
    left: VecDeque<Chunk>,
}

impl ChunkedBody {
    fn chunked(body: Vec<u8>, ends: &[usize]) -> Self {
        let body = Bytes::from(body);
        let mut from = 0;
        let left = ends.iter().filter(|end| **end <= body.len()).map(|end| {
            let piece = body.slice(from.min(*end)..*end);
            from = *end;
            Chunk::Bytes(piece)
        });
        Self { left: left.filter(|it| !matches!(it, Chunk::Bytes(bytes) if bytes.is_empty())).collect() }
    }

    fn truncated(body: Vec<u8>) -> Self {
        let half = body.len() / 2;
        let half = Bytes::from(body).slice(..half);
        Self { left: VecDeque::from([Chunk::Bytes(half), Chunk::Pause, Chunk::Break]) }
    }

    fn body(self) -> Body {
        Body::new(self)
    }
}

impl HttpBody for ChunkedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.left.pop_front() {
            None => Poll::Ready(None),
            Some(Chunk::Bytes(bytes)) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Some(Chunk::Pause) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Chunk::Break) => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }
}
