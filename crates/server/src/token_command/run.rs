//! One run of a token command.

use crate::error_response::ErrorResponse;
use http::{HeaderValue, StatusCode};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

/// The longest output, in bytes.
const OUTPUT_LIMIT: u64 = 64 * 1024;

/// What a run printed.
pub(super) struct Printed {
    pub text: String,
    pub header: HeaderValue,
}

/// Runs a command with `sh -c` in a process group of its own, which is killed after `limit`.
pub(super) async fn run(command: &str, limit: Duration) -> Result<Printed, ErrorResponse> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // It may contain a token, too.
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(&format!("Cannot run the token command: {error}.")))?;
    let group = Group(child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw));
    let mut stdout = child.stdout.take();
    let finished = async {
        let mut output = Vec::new();
        if let Some(stdout) = &mut stdout {
            // One byte more than is accepted, so that the run ends by its error and not by a truncated token.
            stdout.take(OUTPUT_LIMIT + 1).read_to_end(&mut output).await?;
        }
        // A command that still prints must not wait forever for a reader.
        drop(stdout);
        Ok::<_, std::io::Error>((child.wait().await?, output))
    };
    let Ok(finished) = tokio::time::timeout(limit, finished).await else {
        drop(group);
        let message = format!("The token command did not end within {} s and was killed.", limit.as_secs());
        return Err(ErrorResponse::new(StatusCode::GATEWAY_TIMEOUT, "token_command_timeout", message));
    };
    group.ended();
    let (status, output) =
        finished.map_err(|error| failed(&format!("The token command failed: {error}.")))?;
    if !status.success() {
        return Err(failed(&format!("The token command failed with {status}.")));
    }
    if output.len() as u64 > OUTPUT_LIMIT {
        return Err(failed("The token command printed more than 64 kB."));
    }
    let text = std::str::from_utf8(&output).unwrap_or_default().trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(failed("The token command did not print a token: one line of visible characters."));
    }
    let mut header = HeaderValue::from_str(&format!("Bearer {text}"))
        .map_err(|_| failed("The token command did not print a token."))?;
    header.set_sensitive(true);
    Ok(Printed { text: text.to_owned(), header })
}

pub(super) fn failed(message: &str) -> ErrorResponse {
    ErrorResponse::new(StatusCode::BAD_GATEWAY, "token_command_failed", message)
}

/// The process group of a run: killed unless the run has ended.
struct Group(Option<Pid>);

impl Group {
    fn ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // It fails only if the group is gone.
            let _ = killpg(group, Signal::SIGKILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    async fn code(command: &str) -> Option<&'static str> {
        run(command, Duration::from_secs(10)).await.err().map(|error| error.code)
    }

    #[tokio::test]
    async fn the_output_without_surrounding_space_is_the_token() {
        let printed =
            run("echo '  AghyZXk=  '; echo warning >&2", Duration::from_secs(10)).await.ok().unwrap();
        assert_eq!(printed.text, "AghyZXk=");
        assert!(printed.header.is_sensitive());
    }

    #[tokio::test]
    async fn a_failing_command_or_an_output_that_is_not_a_token_is_an_error() {
        for command in [
            "exit 1",
            "no-such-command-exists",
            "true",
            "echo; echo",
            "echo two words",
            "printf 'a\\nb'",
            "printf 'a\\rb'",
            "printf '\\303\\251'",
            "printf '\\377'",
            "head -c 70000 /dev/zero | tr '\\0' x",
            "kill -9 $$",
        ] {
            assert_eq!(code(command).await, Some("token_command_failed"), "{command}");
        }
    }

    #[tokio::test]
    async fn a_command_that_does_not_end_is_killed_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let began = Instant::now();
        let command = format!("sleep 600 & echo $! > '{}'; wait", pid.display());
        let error = run(&command, Duration::from_millis(500)).await.err().unwrap();
        assert_eq!(error.code, "token_command_timeout");
        assert!(began.elapsed() < Duration::from_secs(5));
        let pid: i32 = std::fs::read_to_string(&pid).unwrap().trim().parse().unwrap();
        // The killed child is an orphan until its new parent has waited for it.
        for _ in 0..100 {
            if is_gone(pid) {
                return;
            }
            tokio::task::yield_now().await;
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("process {pid} is still running");
    }

    fn is_gone(pid: i32) -> bool {
        let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        nix::sys::signal::kill(Pid::from_raw(pid), None).is_err() || state.contains(") Z ")
    }

    #[tokio::test]
    async fn no_error_contains_the_output() {
        let error = run("echo hunter2 hunter2; exit 1", Duration::from_secs(10)).await.err().unwrap();
        assert!(!error.message.contains("hunter2"), "{}", error.message);
    }
}
