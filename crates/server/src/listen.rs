//! Connections: they are accepted until the process is told to end; then those that are at work may finish, for a
//! bounded time.

use crate::console::Console;
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

/// How long a browser may take to send the head of a request, and how long an idle connection is kept.
const HEAD: Duration = Duration::from_secs(75);
/// How long nothing is accepted after accepting failed, as it does when there are too many open files.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves until `end` is ready; after that, connections at work get `bound` to finish.
pub async fn serve(listener: TcpListener, console: Console, end: impl Future<Output = ()>, bound: Duration) {
    let mut http = http1::Builder::new();
    // The router sends no `Date`, and the page would take one from here for the router's. `quiesce-time` is ours.
    http.auto_date_header(false).timer(TokioTimer::new()).header_read_timeout(HEAD);
    let at_work = GracefulShutdown::new();
    let mut end = std::pin::pin!(end);
    loop {
        let accepted = tokio::select! {
            () = &mut end => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(why) => {
                eprintln!("cannot accept a connection: {why}");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        // Without it small answers may wait for the browser's acknowledgement.
        let _ = stream.set_nodelay(true);
        let console = console.clone();
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let console = console.clone();
            async move { Ok::<_, Infallible>(console.answer(request.map(Body::new)).await) }
        });
        let connection = at_work.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A browser that goes away is no failure of this server, and a router that breaks was told to the browser.
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(bound, at_work.shutdown()).await;
}

/// Begins to listen for SIGTERM and SIGINT; what it returns is ready when one came.
pub fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
