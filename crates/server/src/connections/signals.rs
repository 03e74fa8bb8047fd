//! Signals of the system.

use std::future::Future;
use tokio::signal::unix::{SignalKind, signal};

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
