//! Counters and histograms in the text format of Prometheus.

use super::record::Record;
use http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;

/// The media type of [`Metrics::to_text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the histogram of durations, in seconds.
const BOUNDS: [f64; 13] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    router: String,
    method: &'static str,
    path: &'static str,
    /// `2xx` and so on.
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DurationLabels {
    router: String,
    method: &'static str,
    path: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ErrorLabels {
    router: String,
    error: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SharedLabels {
    router: String,
    path: &'static str,
    /// `joined` or `kept`.
    read: &'static str,
}

/// The metrics of a server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<DurationLabels, Histogram, fn() -> Histogram>,
    upstream_errors: Family<ErrorLabels, Counter>,
    shared_reads: Family<SharedLabels, Counter>,
    connections: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("quiesce");
        let requests = Family::default();
        registry.register("requests", "Requests by path pattern and class of status", requests.clone());
        let durations: Family<_, _, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(BOUNDS));
        let help = "Time until the end of the response";
        registry.register_with_unit("request_duration", help, Unit::Seconds, durations.clone());
        let upstream_errors = Family::default();
        let help = "Requests that a router, an authentication server or a token command did not answer";
        registry.register("upstream_errors", help, upstream_errors.clone());
        let shared_reads = Family::default();
        let help = "Requests that were answered with the response to another one";
        registry.register("shared_reads", help, shared_reads.clone());
        let connections = Gauge::default();
        registry.register("connections", "Open connections", connections.clone());
        Self { registry, requests, durations, upstream_errors, shared_reads, connections }
    }
}

impl Metrics {
    /// All metrics as text.
    pub fn to_text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// Counts a connection until the result is dropped.
    pub fn connection(&self) -> OpenConnection {
        self.connections.inc();
        OpenConnection(self.connections.clone())
    }

    pub(super) fn request(&self, record: &Record) {
        let router = record.label.router.to_string();
        let (method, path) = (method(&record.method), record.label.path);
        let status = match record.status.as_u16() {
            100..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        let seconds = record.started.elapsed().as_secs_f64();
        self.durations
            .get_or_create(&DurationLabels { router: router.clone(), method, path })
            .observe(seconds);
        if let Some(shared) = record.shared {
            let labels = SharedLabels { router: router.clone(), path, read: shared.as_str() };
            self.shared_reads.get_or_create(&labels).inc();
        }
        self.requests.get_or_create(&RequestLabels { router, method, path, status }).inc();
        if let Some(error) = &record.error
            && record.status.is_server_error()
        {
            self.upstream_error(&record.label.router, error.code);
        }
    }

    pub(super) fn upstream_error(&self, router: &str, error: &'static str) {
        self.upstream_errors.get_or_create(&ErrorLabels { router: router.to_owned(), error }).inc();
    }
}

/// The methods that are told apart: a client can send any word.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// A connection that is open.
#[derive(Debug)]
pub struct OpenConnection(Gauge);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_connection_is_counted_until_it_is_dropped() {
        let metrics = Metrics::default();
        let open = || {
            let text = metrics.to_text().unwrap();
            text.lines().find_map(|line| line.strip_prefix("quiesce_connections ")).unwrap().to_owned()
        };
        let (first, second) = (metrics.connection(), metrics.connection());
        assert_eq!(open(), "2");
        drop(first);
        assert_eq!(open(), "1");
        drop(second);
        assert_eq!(open(), "0");
    }

    #[test]
    fn unknown_methods_are_one() {
        let lock = Method::from_bytes(b"LOCK").unwrap();
        assert_eq!((method(&lock), method(&Method::GET)), ("other", "GET"));
    }
}
