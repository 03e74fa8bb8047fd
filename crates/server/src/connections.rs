//! Accepts connections until a shutdown is requested, then lets requests in progress finish for a bounded time.

use crate::app::App;
use crate::peer::PeerAddress;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// How long a browser may take to send the header of a request, and how long an idle connection stays open.
const HEADER_TIMEOUT: Duration = Duration::from_secs(75);
/// Pause after a failed accept, for example when there are too many open files.
const ACCEPT_RETRY: Duration = Duration::from_millis(200);

/// Serves until `shutdown` is ready; requests in progress then get `shutdown_timeout` to finish.
pub async fn serve(
    listener: TcpListener,
    app: App,
    shutdown: impl Future<Output = ()>,
    shutdown_timeout: Duration,
) {
    let mut http = http1::Builder::new();
    // The router sends no `Date`, and the page would mistake ours for the router's. `quiesce-time` is ours.
    http.auto_date_header(false).timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    let in_progress = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        // Otherwise small responses may wait for the browser's acknowledgement.
        let _ = stream.set_nodelay(true);
        let app = app.clone();
        let open = app.connection();
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let app = app.clone();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(PeerAddress(peer));
            async move { Ok::<_, Infallible>(app.respond(request).await) }
        });
        let connection = in_progress.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A browser that disconnects is not an error of this server, and an interrupted response of the router
            // has already interrupted the browser's.
            let _ = connection.await;
            drop(open);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(shutdown_timeout, in_progress.shutdown()).await;
}

/// Installs handlers for SIGTERM and SIGINT; the returned future is ready when one arrives.
pub fn shutdown_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
