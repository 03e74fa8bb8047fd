//! The program as a process, with the variables of the test and no others.

use super::wire;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout};

/// No start, line of the log or end takes longer.
const BOUND: Duration = Duration::from_secs(20);

fn command(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quiesce"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command
}

/// Runs the program until it ends.
pub fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    command(arguments, variables).output().expect("ran")
}

/// A server on a free port.
pub struct Process {
    child: Child,
    /// Host and port.
    pub address: String,
    out: BufReader<ChildStdout>,
    log: BufReader<ChildStderr>,
}

impl Process {
    /// Starts a server and waits for its address.
    pub async fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = command(arguments, variables);
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = tokio::process::Command::from(command).kill_on_drop(true).spawn().expect("started");
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let log = BufReader::new(child.stderr.take().expect("its log"));
        let mut line = String::new();
        tokio::time::timeout(BOUND, out.read_line(&mut line)).await.expect("in time").expect("a line");
        let url = line.trim_end().strip_prefix("listening on ").expect("the address");
        let (_, address) = url.split_once("://").expect("a URL");
        Self { child, address: address.to_owned(), out, log }
    }

    pub fn id(&self) -> u32 {
        self.child.id().expect("running")
    }

    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.id()).expect("an identifier");
        kill(Pid::from_raw(id), signal).expect("sent");
    }

    /// Waits for a line of the log with these words.
    pub async fn wait_for_log(&mut self, words: &str) {
        let mut line = String::new();
        let found = async {
            while !line.contains(words) {
                line.clear();
                assert!(self.log.read_line(&mut line).await.expect("text") > 0, "the log ends");
            }
        };
        tokio::time::timeout(BOUND, found).await.expect("the log says it");
    }

    /// Sends the start of a request, with `Host` and `Connection` added, and a body; returns the response as text.
    pub async fn send(&self, head: &str, body: &str) -> String {
        let host = &self.address;
        let request = format!("{head}\r\nhost: {host}\r\nconnection: close\r\n\r\n{body}");
        wire::exchange(host, request.as_bytes()).await.text()
    }

    /// Ends the server as systemd does and returns its log.
    pub async fn end(self) -> String {
        self.end_with(Signal::SIGTERM).await
    }

    /// Ends the server, which must succeed, and returns the log that was not read yet.
    pub async fn end_with(mut self, signal: Signal) -> String {
        self.signal(signal);
        let end = async {
            let (mut out, mut log) = (String::new(), String::new());
            self.log.read_to_string(&mut log).await.expect("text");
            self.out.read_to_string(&mut out).await.expect("text");
            assert_eq!(out, "", "standard output carries the address and nothing else");
            let status = self.child.wait().await.expect("a status");
            assert!(status.success(), "{signal}: {status}\n{log}");
            log
        };
        tokio::time::timeout(BOUND, end).await.expect("it ends")
    }
}
