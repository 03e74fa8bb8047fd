//! Accepts connections until a shutdown is requested, then lets requests in progress finish for a bounded time.
//!
//! * `capacity`: how many connections there may be; the others are turned away.
//! * `gate`, `head`: the bytes of each connection, checked before they are parsed.

mod capacity;
mod gate;
mod head;
mod response_body;
mod signals;
mod turn_away;

pub use signals::shutdown_signal;

use crate::app::App;
use crate::config::Network;
use crate::limits::Limits;
use crate::peer::{ClientAddress, PeerAddress};
use crate::request_body::{LimitedBody, Pace, is_upload};
use crate::tls::TlsServer;
use axum::body::Body;
use capacity::{Capacity, Full};
use gate::{Gate, GateHandle};
use http::header::{CONNECTION, STRICT_TRANSPORT_SECURITY};
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use response_body::ResponseBody;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutWriter;
use tokio_rustls::server::TlsStream;

/// Pause after a failed accept, for example when there are too many open files.
const ACCEPT_RETRY: Duration = Duration::from_millis(200);
/// How many connections are turned away with a response at the same time; any other is closed at once.
const TURNED_AWAY: usize = 64;

/// With TLS, a browser uses nothing else for this host for a year.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// A server with its limits.
#[derive(Clone, Debug)]
pub struct Server {
    app: App,
    limits: Limits,
    capacity: Capacity,
    turned_away: Arc<Semaphore>,
    trusted: Arc<[Network]>,
    tls: Option<TlsServer>,
}

impl Server {
    /// `trusted` are the addresses of proxies.
    pub fn new(app: App, limits: Limits, trusted: &[Network]) -> Self {
        let capacity = Capacity::new(limits.connections, limits.connections_per_address, trusted);
        let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
        Self { app, limits, capacity, turned_away, trusted: trusted.into(), tls: None }
    }

    /// The same server with TLS.
    #[must_use]
    pub fn with_tls(self, tls: Option<TlsServer>) -> Self {
        Self { tls, ..self }
    }

    /// Serves until `shutdown` is ready; requests in progress then get `shutdown_timeout` to finish.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
        shutdown_timeout: Duration,
    ) {
        let in_progress = GracefulShutdown::new();
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.accept(stream, peer, &in_progress),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_RETRY).await;
                }
            }
        }
        drop(listener);
        let _ = tokio::time::timeout(shutdown_timeout, in_progress.shutdown()).await;
    }

    fn accept(&self, stream: TcpStream, peer: SocketAddr, in_progress: &GracefulShutdown) {
        // Otherwise small responses may wait for the browser's acknowledgement.
        let _ = stream.set_nodelay(true);
        match self.capacity.admit(peer.ip()) {
            Ok(ticket) => {
                let stream = with_write_timeout(stream, self.limits.response_idle);
                let (server, watcher, open) = (self.clone(), in_progress.watcher(), self.app.connection());
                tokio::spawn(async move {
                    match &server.tls {
                        None => server.connection(stream, peer, watcher).await,
                        Some(tls) => {
                            if let Some(stream) = handshake(tls, stream, server.limits.handshake).await {
                                server.connection(stream, peer, watcher).await;
                            }
                        }
                    }
                    drop((ticket, open));
                });
            }
            Err(full) => self.turn_away(stream, peer, full),
        }
    }

    fn turn_away(&self, stream: TcpStream, peer: SocketAddr, full: Full) {
        tracing::warn!(address = %peer.ip(), limit = ?full, "turned a connection away");
        let Ok(permit) = Arc::clone(&self.turned_away).try_acquire_owned() else { return };
        let (tls, timeout) = (self.tls.clone(), self.limits.handshake);
        tokio::spawn(async move {
            match tls {
                None => turn_away::turn_away(stream, full).await,
                Some(tls) => {
                    if let Some(stream) = handshake(&tls, stream, timeout).await {
                        turn_away::turn_away(stream, full).await;
                    }
                }
            }
            drop(permit);
        });
    }

    async fn connection<S>(&self, stream: S, peer: SocketAddr, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (stream, gate) = Gate::new(stream, self.limits);
        let service = service_fn(move |request| {
            let (server, gate) = (self, gate.clone());
            async move { Ok::<_, Infallible>(server.respond(request, peer, &gate).await) }
        });
        let mut http = http1::Builder::new();
        // The router sends no `Date`, and the page would mistake ours for the router's. `quiesce-time` is ours. The
        // time for a header is limited by the gate.
        http.auto_date_header(false).header_read_timeout(None);
        // A browser that disconnects is not an error of this server, and an interrupted response of the router has
        // already interrupted the browser's.
        let _ = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await;
    }

    async fn respond(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        gate: &GateHandle,
    ) -> Response<ResponseBody> {
        let (mut ends, refusal) = (gate.closes(), gate.refusal());
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(PeerAddress(peer));
        parts.extensions.insert(ClientAddress::find(peer.ip(), &parts.headers, &self.trusted));
        let upload = is_upload(&parts.method, parts.uri.path());
        let limit = if upload { self.limits.upload } else { self.limits.body };
        let pace = Pace { pause: self.limits.body_idle, rate: self.limits.body_rate };
        let body = LimitedBody::new(body, limit, pace);
        let response = match (refusal, body) {
            (None, Ok(body)) => self.app.respond(Request::from_parts(parts, Body::new(body))).await,
            (Some(error), _) => self.app.refuse(Request::from_parts(parts, Body::empty()), error),
            (None, Err(failure)) => {
                ends = true;
                self.app.refuse(Request::from_parts(parts, Body::empty()), failure.into())
            }
        };
        let mut response = response.map(|body| ResponseBody::new(body, gate.responding()));
        if self.tls.is_some() {
            response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HSTS);
        }
        if ends {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// The stream with an error for a write that the browser does not read any part of in time.
fn with_write_timeout(stream: TcpStream, timeout: Duration) -> Pin<Box<TimeoutWriter<TcpStream>>> {
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(timeout));
    Box::pin(stream)
}

/// A connection with TLS; `None` if there is none in time.
async fn handshake<S>(tls: &TlsServer, stream: S, timeout: Duration) -> Option<TlsStream<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    match tokio::time::timeout(timeout, tls.acceptor().accept(stream)).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "no connection with TLS");
            None
        }
        Err(_) => {
            tracing::debug!("no connection with TLS in time");
            None
        }
    }
}
