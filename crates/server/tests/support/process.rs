//! The program as a process.

use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// `quiesce serve` on a free port.
pub struct Process {
    child: Child,
    /// Host and port.
    pub address: String,
}

impl Process {
    /// Starts a server connected to `router`, with the log level `level`.
    pub async fn serve(router: &str, options: &[&str], level: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_quiesce"))
            .args(["serve", "--router", router, "--listen", "127.0.0.1:0"])
            .args(options)
            .env("RUST_LOG", level)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("started");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        stdout.read_line(&mut line).await.expect("a line");
        let address = line.trim_end().strip_prefix("listening on http://").expect("the address").to_owned();
        Self { child, address }
    }

    /// Sends the start of a request, with `Host` and `Connection` added, and a body; returns the response as text.
    pub async fn send(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).await.expect("it listens");
        let request = format!("{head}\r\nhost: {}\r\nconnection: close\r\n\r\n{body}", self.address);
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("a response");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Ends the server and returns its log.
    pub async fn end(mut self) -> String {
        let id = self.child.id().expect("running").to_string();
        assert!(Command::new("kill").arg(id).status().await.expect("sent").success());
        let mut log = String::new();
        self.child.stderr.take().expect("its log").read_to_string(&mut log).await.expect("text");
        log
    }
}
