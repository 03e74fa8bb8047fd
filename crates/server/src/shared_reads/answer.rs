//! Responses that several browsers get.

use super::budget::Reservation;
use crate::proxy::headers::add_time;
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::header::DATE;
use http::response::Parts;
use http::{HeaderMap, Response, StatusCode};
use std::time::SystemTime;
use tokio::time::Instant;

/// Status and headers of a response, and when they arrived.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub status: StatusCode,
    headers: HeaderMap,
    pub arrived: Instant,
}

impl Head {
    pub fn new(parts: Parts) -> Self {
        Self { status: parts.status, headers: parts.headers, arrived: Instant::now() }
    }

    pub fn with_body(self, body: Body) -> Response<Body> {
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// A response that was read to its end, or to its interruption.
#[derive(Debug)]
pub(super) struct Answer {
    pub head: Head,
    body: Bytes,
    pub interrupted: bool,
}

/// A body with the memory that is reserved for it until the last response with it is sent.
struct Reserved {
    bytes: Vec<u8>,
    _reservation: Reservation,
}

impl AsRef<[u8]> for Reserved {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Answer {
    pub fn new(head: Head, bytes: Vec<u8>, reservation: Reservation, interrupted: bool) -> Self {
        let body = Bytes::from_owner(Reserved { bytes, _reservation: reservation });
        Self { head, body, interrupted }
    }

    /// The response to a request that arrived at this moment.
    pub fn response(&self, asked: Instant) -> Response<Body> {
        let mut head = self.head.clone();
        // A page concludes that the clock in a header was read after its request. `Date` is not replaced: it is of
        // another clock.
        if head.arrived < asked && head.headers.remove(DATE).is_none() {
            add_time(&mut head.headers, SystemTime::now());
        }
        let body = self.body.clone();
        head.with_body(if self.interrupted {
            let end = Err("the response of the router was interrupted".into());
            Body::from_stream(stream::iter([Ok::<_, axum::BoxError>(body), end]))
        } else {
            Body::from(body)
        })
    }
}
