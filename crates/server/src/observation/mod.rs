//! One line in the log and one count in the metrics for each request, and its identifier.
//!
//! * [`Observer`]: begins the observation of a request.
//! * [`Observation`]: what is known of a request until the end of its response.
//! * [`RequestId`]: the identifier of a request.
//! * [`Label`]: the name of a request without the names in its path.
//! * [`Metrics`]: counters and histograms.
//!
//! Neither contains paths, queries, headers or bodies.

mod access_log;
mod body;
mod label;
mod metrics;
mod record;
mod request_id;

pub use label::Label;
pub use metrics::{MEDIA_TYPE, Metrics, OpenConnection};
pub use request_id::{REQUEST_ID, RequestId};

use crate::error_response::OwnError;
use crate::shared_reads::SharedRead;
use axum::body::Body;
use body::ObservedBody;
use http::header::CONTENT_LENGTH;
use http::{Request, Response};
use record::Record;
use std::sync::Arc;
use std::time::Instant;

/// Observes the requests of a server.
#[derive(Debug, Default)]
pub struct Observer {
    metrics: Arc<Metrics>,
}

impl Observer {
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Begins the observation of a request, and replaces the identifier that it came with.
    pub fn begin(&self, request: &mut Request<Body>, user: Option<String>) -> Observation {
        let id = RequestId::random();
        request.headers_mut().remove(REQUEST_ID);
        request.extensions_mut().insert(id.clone());
        Observation {
            metrics: Arc::clone(&self.metrics),
            id,
            method: request.method().clone(),
            label: Label::default(),
            user,
            started: Instant::now(),
        }
    }
}

/// A request without its response.
#[derive(Debug)]
pub struct Observation {
    metrics: Arc<Metrics>,
    id: RequestId,
    method: http::Method,
    /// Set as soon as it is known.
    pub label: Label,
    user: Option<String>,
    started: Instant,
}

impl Observation {
    /// Adds the identifier to the response, and observes it until the end of its body.
    pub fn end(self, mut response: Response<Body>) -> Response<Body> {
        response.headers_mut().insert(REQUEST_ID, self.id.to_header());
        let record = Record {
            id: self.id,
            method: self.method,
            label: self.label,
            user: self.user,
            started: self.started,
            status: response.status(),
            shared: response.extensions_mut().remove::<SharedRead>(),
            error: response.extensions_mut().remove::<OwnError>(),
            bytes: 0,
            interrupted: false,
        };
        let length =
            response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        response.map(|body| Body::new(ObservedBody::new(body, length, record, self.metrics)))
    }
}
