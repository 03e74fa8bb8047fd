//! Forwards requests to a router. It changes as little as possible, stores nothing and follows no redirect.

pub(crate) mod connector;
mod extra_header;
pub(crate) mod headers;
pub(crate) mod replay;
mod router_url;
pub mod target;
mod timeouts;

pub use router_url::RouterUrl;
pub use timeouts::Timeouts;

use crate::config::ExtraHeader;
use crate::error_response::ErrorResponse;
use crate::observation::{REQUEST_ID, RequestId};
use crate::request_body::BodyFailure;
use crate::token_command::TokenCommand;
use axum::body::Body;
use connector::{Roots, connector};
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{Method, Request, Response, StatusCode};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use replay::Replayable;
use rustls::pki_types::CertificateDer;
use std::error::Error;
use std::io::ErrorKind;
use std::time::{Duration, SystemTime};

/// The router closes a connection that is idle for 15 s. Ours is closed earlier, so that no request meets that.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a router may take to answer the probe of [`Proxy::is_reachable`].
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// Forwards requests to one router.
#[derive(Clone, Debug)]
pub struct Proxy {
    router: RouterUrl,
    timeouts: Timeouts,
    reads: Client<HttpsConnector<HttpConnector>, Body>,
    writes: Client<HttpsConnector<HttpConnector>, Body>,
    headers: Vec<ExtraHeader>,
    token_command: Option<TokenCommand>,
}

impl Proxy {
    /// Creates the clients; no connection is opened yet.
    pub fn new(
        router: RouterUrl,
        timeouts: Timeouts,
        authorities: &[CertificateDer<'static>],
    ) -> anyhow::Result<Self> {
        let roots = if router.is_encrypted() { Roots::Required } else { Roots::None };
        let connector = connector(timeouts.connect, roots, authorities)?;
        let client = |idle_connections| {
            Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(POOL_IDLE_TIMEOUT)
                .pool_max_idle_per_host(idle_connections)
                .build(connector.clone())
        };
        // A write gets a connection of its own: a reused one may turn out to be closed only when the request fails, and
        // then it is unknown whether the router received it.
        Ok(Self {
            timeouts,
            reads: client(32),
            writes: client(0),
            router,
            headers: Vec::new(),
            token_command: None,
        })
    }

    /// Adds headers to each request.
    #[must_use]
    pub fn with_headers(self, headers: Vec<ExtraHeader>) -> Self {
        Self { headers, ..self }
    }

    /// Sends the tokens of a command, and never one of the browser.
    #[must_use]
    pub fn with_token_command(self, command: TokenCommand) -> Self {
        Self { token_command: Some(command), ..self }
    }

    /// Whether this server adds the credentials, so that a browser has none.
    pub fn adds_credentials(&self) -> bool {
        self.token_command.is_some() || self.headers.iter().any(|header| header.name == AUTHORIZATION)
    }

    pub fn router(&self) -> &RouterUrl {
        &self.router
    }

    /// How long a body may pause.
    pub fn idle_timeout(&self) -> Duration {
        self.timeouts.idle
    }

    /// Forwards a request and returns the response with its body still streaming.
    pub async fn forward(&self, request: Request<Body>) -> Result<Response<Body>, ErrorResponse> {
        let (parts, body) = self.prepare(request)?;
        match &self.token_command {
            Some(command) => self.send_with_token(command, parts, body).await,
            None => self.send_once(parts, body).await,
        }
    }

    /// Whether the router answers at all, also if it requires a token.
    pub async fn is_reachable(&self) -> bool {
        let Ok(request) = Request::get("/ping").body(Body::empty()) else { return false };
        let Ok((parts, body)) = self.prepare(request) else { return false };
        let answer = tokio::time::timeout(PROBE_TIMEOUT, self.send_once(parts, body)).await;
        answer.is_ok_and(|answer| answer.is_ok_and(|response| !response.status().is_server_error()))
    }

    /// Turns a request of the browser into one for the router.
    fn prepare(&self, request: Request<Body>) -> Result<(Parts, Body), ErrorResponse> {
        let (mut parts, body) = request.into_parts();
        if let Some(name) = headers::repeated(&parts.headers) {
            let message = format!("The request has the header {name} more than once.");
            return Err(ErrorResponse::new(StatusCode::BAD_REQUEST, "bad_request", message));
        }
        let target = parts.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        parts.uri = self.router.with_target(&target).map_err(|error| {
            ErrorResponse::new(StatusCode::BAD_REQUEST, "path_refused", error.to_string())
        })?;
        parts.version = http::Version::HTTP_11;
        headers::to_router(&mut parts.headers);
        if let Some(id) = parts.extensions.get::<RequestId>() {
            parts.headers.insert(REQUEST_ID, id.to_header());
        }
        parts.extensions.clear();
        extra_header::add(&self.headers, &mut parts.headers);
        Ok((parts, body))
    }

    /// Sends a request with a token of the command, and once more with a new one if the router rejects it. A router that
    /// answers 401 has not executed the request (docs/cdap-api.md#authentication), so a write can be repeated, too.
    async fn send_with_token(
        &self,
        command: &TokenCommand,
        mut parts: Parts,
        body: Body,
    ) -> Result<Response<Body>, ErrorResponse> {
        let body = Replayable::read(body).await?;
        let token = command.token().await?;
        parts.headers.insert(AUTHORIZATION, token.header());
        match body {
            Replayable::Streaming(body) => {
                let response = self.send_once(parts, body).await?;
                if response.status() == StatusCode::UNAUTHORIZED {
                    // For the next request.
                    let _ = command.replace(&token).await;
                }
                Ok(response)
            }
            Replayable::Whole(body) => {
                let response = self.send_once(parts.clone(), Body::from(body.clone())).await?;
                if response.status() != StatusCode::UNAUTHORIZED {
                    return Ok(response);
                }
                parts.headers.insert(AUTHORIZATION, command.replace(&token).await?.header());
                self.send_once(parts, Body::from(body)).await
            }
        }
    }

    async fn send_once(&self, parts: Parts, body: Body) -> Result<Response<Body>, ErrorResponse> {
        let method = parts.method.clone();
        let timeout = self.timeouts.response_header_for(&method, parts.uri.path());
        let client = if is_read(&method) { &self.reads } else { &self.writes };
        match tokio::time::timeout(timeout, client.request(Request::from_parts(parts, body))).await {
            Ok(Ok(response)) if response.status().is_informational() => {
                let message =
                    format!("The router at {} changed the protocol, which was not requested.", self.router);
                Err(ErrorResponse::new(StatusCode::BAD_GATEWAY, "router_response", message).maybe_sent())
            }
            Ok(Ok(response)) => {
                let (mut parts, body) = response.into_parts();
                headers::to_browser(&mut parts.headers);
                headers::add_time(&mut parts.headers, SystemTime::now());
                parts.extensions.clear();
                Ok(Response::from_parts(parts, Body::new(body)))
            }
            Ok(Err(error)) => Err(self.connection_error(&error)),
            Err(_) => Err(ErrorResponse::new(
                StatusCode::GATEWAY_TIMEOUT,
                "router_timeout",
                format!("The router at {} did not respond within {} s.", self.router, timeout.as_secs()),
            )
            .maybe_sent()),
        }
    }

    fn connection_error(&self, error: &hyper_util::client::legacy::Error) -> ErrorResponse {
        let mut cause: &(dyn Error + 'static) = error;
        let (mut timed_out, mut by_browser) = (false, false);
        while let Some(source) = cause.source() {
            cause = source;
            by_browser |= cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_user);
            timed_out |=
                cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == ErrorKind::TimedOut);
        }
        if let Some(failure) = cause.downcast_ref::<BodyFailure>() {
            return ErrorResponse::from(*failure).maybe_sent();
        }
        let router = &self.router;
        if by_browser {
            let message = format!("The body of the request is interrupted or not valid: {cause}.");
            return ErrorResponse::new(StatusCode::BAD_REQUEST, "bad_request", message).maybe_sent();
        }
        if !error.is_connect() {
            let message =
                format!("The router at {router} closed the connection before it responded: {cause}.");
            return ErrorResponse::new(StatusCode::BAD_GATEWAY, "router_hung_up", message).maybe_sent();
        }
        if timed_out {
            let seconds = self.timeouts.connect.as_secs();
            let message = format!("The router at {router} did not accept a connection within {seconds} s.");
            return ErrorResponse::new(StatusCode::GATEWAY_TIMEOUT, "router_unreachable", message);
        }
        let message = format!("Cannot connect to the router at {router}: {cause}.");
        ErrorResponse::new(StatusCode::BAD_GATEWAY, "router_unreachable", message)
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}
