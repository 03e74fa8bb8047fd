//! What a service tells systemd through the socket of `sd_notify(3)`.

use anyhow::{Context as _, Result};
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::time::Duration;

/// The longest time until a notification.
const LIMIT: Duration = Duration::from_secs(10);

/// A socket in place of that of systemd, to which every user may write.
pub struct Notifications {
    socket: UnixDatagram,
    folder: tempfile::TempDir,
}

impl Notifications {
    pub fn listen() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        set_permissions(folder.path(), Permissions::from_mode(0o755))?;
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path)?;
        set_permissions(path, Permissions::from_mode(0o666))?;
        socket.set_read_timeout(Some(LIMIT))?;
        Ok(Self { socket, folder })
    }

    /// The value of `NOTIFY_SOCKET`.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("notify")
    }

    /// Waits for an assignment such as `READY=1`.
    pub fn wait_for(&self, assignment: &str) -> Result<()> {
        let mut message = [0; 4096];
        loop {
            let length =
                self.socket.recv(&mut message).with_context(|| format!("no {assignment} for systemd"))?;
            let message = String::from_utf8_lossy(message.get(..length).unwrap_or_default());
            if message.lines().any(|line| line == assignment) {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_for_the_assignment_and_ignores_others() {
        let notifications = Notifications::listen().unwrap();
        let service = UnixDatagram::unbound().unwrap();
        for message in ["STATUS=READY=1", "STATUS=starting\nMAINPID=1", "READY=1\nSTATUS=ready"] {
            service.send_to(message.as_bytes(), notifications.path()).unwrap();
        }
        notifications.wait_for("READY=1").unwrap();
    }
}
