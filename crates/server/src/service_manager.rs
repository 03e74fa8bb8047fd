//! Tells systemd, over the socket that it names in `NOTIFY_SOCKET`, that this server is ready, stops, or is alive
//! (<https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html>).

use std::ffi::OsStr;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// The connection to a service manager. Without one, nothing is sent.
#[derive(Debug, Default)]
pub struct ServiceManager {
    socket: Option<UnixDatagram>,
    watchdog: Option<Duration>,
}

impl ServiceManager {
    /// Connects to the service manager that the environment names.
    pub fn from_environment() -> std::io::Result<Self> {
        let Some(path) = std::env::var_os("NOTIFY_SOCKET").filter(|path| !path.is_empty()) else {
            return Ok(Self::default());
        };
        let socket = UnixDatagram::unbound()?;
        socket.connect_addr(&address(&path)?)?;
        // A service manager that does not read must not stop this server.
        socket.set_nonblocking(true)?;
        let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
        let for_us = number("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
        let watchdog =
            number("WATCHDOG_USEC").filter(|micros| for_us && *micros > 0).map(Duration::from_micros);
        Ok(Self { socket: Some(socket), watchdog })
    }

    /// Requests are accepted from now on.
    pub fn ready(&self) {
        self.send("READY=1");
    }

    /// The server shuts down.
    pub fn stopping(&self) {
        self.send("STOPPING=1");
    }

    /// Reports twice as often as required that this server is alive.
    pub async fn keep_alive(&self) {
        let Some(watchdog) = self.watchdog else { return std::future::pending().await };
        let mut due = tokio::time::interval(watchdog / 2);
        loop {
            due.tick().await;
            self.send("WATCHDOG=1");
        }
    }

    fn send(&self, state: &str) {
        if let Some(socket) = &self.socket
            && let Err(error) = socket.send(state.as_bytes())
        {
            tracing::warn!(%error, "cannot notify the service manager");
        }
    }
}

/// The address of a socket. A name that starts with @ is not in the file system.
#[cfg(target_os = "linux")]
fn address(path: &OsStr) -> std::io::Result<SocketAddr> {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::ffi::OsStrExt;
    match path.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(path),
    }
}

#[cfg(not(target_os = "linux"))]
fn address(path: &OsStr) -> std::io::Result<SocketAddr> {
    SocketAddr::from_pathname(path)
}
