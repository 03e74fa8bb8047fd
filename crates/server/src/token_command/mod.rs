//! Tokens from a command of the operator, such as `gcloud auth print-access-token`. The command runs once at a time,
//! and neither its output nor a token is logged.
//!
//! * [`TokenCommand`]: the current token, and when the command runs.
//! * `run`: one run, within its time limit.
//! * `expiry`: when a token expires, if it says so.

mod expiry;
mod run;

use crate::config::Secret;
use crate::error_response::ErrorResponse;
use http::HeaderValue;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// A token is renewed when it expires within this time.
const MARGIN: Duration = Duration::from_mins(1);

/// A token, as the `Authorization` header that carries it.
#[derive(Clone)]
pub struct IssuedToken {
    header: HeaderValue,
    expires: Option<SystemTime>,
    /// Number of the run that printed it.
    run: u64,
}

impl IssuedToken {
    pub fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    fn is_fresh(&self, now: SystemTime) -> bool {
        self.expires.is_none_or(|expires| now + MARGIN < expires)
    }
}

/// A command that prints a token, and the last token. Clones share both.
#[derive(Clone)]
pub struct TokenCommand {
    shared: Arc<Shared>,
}

struct Shared {
    command: Secret,
    limit: Duration,
    last: Mutex<LastRun>,
    running: tokio::sync::Mutex<()>,
}

/// The result of the last run.
struct LastRun {
    number: u64,
    result: Option<Result<IssuedToken, ErrorResponse>>,
}

/// The command may contain a secret.
impl std::fmt::Debug for TokenCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenCommand").finish_non_exhaustive()
    }
}

impl TokenCommand {
    /// How long the command may run.
    pub const LIMIT: Duration = Duration::from_secs(10);

    /// A command for `sh -c`; it does not run yet.
    pub fn new(command: Secret, limit: Duration) -> Self {
        let last = Mutex::new(LastRun { number: 0, result: None });
        let running = tokio::sync::Mutex::new(());
        Self { shared: Arc::new(Shared { command, limit, last, running }) }
    }

    /// The current token; runs the command if there is none, or if it expires soon.
    pub async fn token(&self) -> Result<IssuedToken, ErrorResponse> {
        match self.last_token() {
            Some(token) if token.is_fresh(SystemTime::now()) => Ok(token),
            _ => self.run(self.last_number()).await,
        }
    }

    /// A token that replaces a rejected one; runs the command unless that was already done.
    pub async fn replace(&self, rejected: &IssuedToken) -> Result<IssuedToken, ErrorResponse> {
        match self.last_token() {
            Some(token) if token.run != rejected.run => Ok(token),
            _ => self.run(rejected.run.max(self.last_number())).await,
        }
    }

    /// Runs the command, unless a run has ended after the one with the number `known`.
    async fn run(&self, known: u64) -> Result<IssuedToken, ErrorResponse> {
        let command = self.clone();
        // On its own task: a browser that disconnects must not leave a run that nobody waits for.
        let run = tokio::spawn(async move {
            let shared = &command.shared;
            let _one_at_a_time = shared.running.lock().await;
            if let Some(result) = command.result_after(known) {
                return result;
            }
            let number = command.last_number() + 1;
            let result = run::run(shared.command.reveal(), shared.limit).await.map(|token| IssuedToken {
                header: token.header,
                expires: expiry::expiry(&token.text),
                run: number,
            });
            match &result {
                Ok(_) => tracing::info!("the token command printed a token"),
                Err(error) => tracing::warn!(error = error.code, "{}", error.message),
            }
            *command.last_run() = LastRun { number, result: Some(result.clone()) };
            result
        });
        run.await.unwrap_or_else(|_| Err(run::failed("The token command could not be run.")))
    }

    fn last_run(&self) -> std::sync::MutexGuard<'_, LastRun> {
        self.shared.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn last_number(&self) -> u64 {
        self.last_run().number
    }

    fn last_token(&self) -> Option<IssuedToken> {
        self.last_run().result.as_ref().and_then(|result| result.clone().ok())
    }

    fn result_after(&self, known: u64) -> Option<Result<IssuedToken, ErrorResponse>> {
        let last = self.last_run();
        last.result.clone().filter(|_| last.number > known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(folder: &std::path::Path, rest: &str) -> TokenCommand {
        let runs = folder.join("runs");
        let command = format!("echo x >> '{}'; {rest}", runs.display());
        TokenCommand::new(Secret::new(command), TokenCommand::LIMIT)
    }

    fn runs(folder: &std::path::Path) -> usize {
        std::fs::read_to_string(folder.join("runs")).map_or(0, |text| text.lines().count())
    }

    #[tokio::test]
    async fn many_requests_share_one_run_and_its_token() {
        let folder = tempfile::tempdir().unwrap();
        let command = counting(folder.path(), "printf 'ya29.token\\n'");
        let tokens = futures_util::future::join_all((0..20).map(|_| command.token())).await;
        for token in tokens {
            assert_eq!(token.ok().unwrap().header(), "Bearer ya29.token");
        }
        assert_eq!(runs(folder.path()), 1);
    }

    #[tokio::test]
    async fn requests_that_wait_for_a_failing_run_share_its_error() {
        let folder = tempfile::tempdir().unwrap();
        let command = counting(folder.path(), "exit 3");
        let (first, second) = tokio::join!(command.token(), command.token());
        for result in [first, second] {
            assert_eq!(result.err().map(|error| error.code), Some("token_command_failed"));
        }
        assert_eq!(runs(folder.path()), 1);
        assert!(command.token().await.is_err());
        assert_eq!(runs(folder.path()), 2, "a later request tries again");
    }

    #[tokio::test]
    async fn a_token_that_several_requests_had_rejected_is_replaced_once() {
        let folder = tempfile::tempdir().unwrap();
        let command = counting(folder.path(), "echo token");
        let rejected = command.token().await.ok().unwrap();
        let (first, second) = tokio::join!(command.replace(&rejected), command.replace(&rejected));
        assert!(first.is_ok() && second.is_ok());
        assert!(command.replace(&rejected).await.is_ok());
        assert_eq!(runs(folder.path()), 2);
    }

    #[tokio::test]
    async fn a_token_that_expires_soon_is_renewed_before_it_is_used() {
        use base64::Engine;
        let folder = tempfile::tempdir().unwrap();
        let soon = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + 30;
        let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{{\"exp\":{soon}}}"));
        let command = counting(folder.path(), &format!("echo header.{payload}.signature"));
        for expected in 1..3 {
            assert!(command.token().await.is_ok());
            assert_eq!(runs(folder.path()), expected);
        }
    }
}
