//! Sentences about a request without a good answer.

use quiesce_api::Error;

/// The answer of the server with its own message, or that there was none; one sentence.
pub fn answer(error: &Error) -> String {
    let mut text = match error {
        Error::Transport(error) => format!("No response: {error}"),
        Error::Undecodable(error) => format!("The server answered 200, but {error}"),
        Error::Refused(refusal) if refusal.message.is_empty() => format!("The server answered {refusal}"),
        Error::Refused(refusal) => format!("The server answered {}: {}", refusal.status, refusal.message),
    };
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::guide::follows_the_guide;
    use quiesce_api::{Endpoint, Response, TransportError, system::GetVersion};

    #[test]
    fn answers_follow_the_writing_guide() {
        let refused = |status, message: &str| Error::refused(&Response::new(status, message));
        for error in [
            TransportError::TimedOut(10).into(),
            TransportError::Unreachable("connection refused".to_owned()).into(),
            TransportError::Aborted.into(),
            refused(403, "not authorized"),
            refused(404, ""),
            GetVersion.read(&Response::new(200, "<html>")).unwrap_err(),
        ] {
            follows_the_guide(&answer(&error));
        }
        assert_eq!(answer(&refused(403, "not authorized.")), "The server answered 403: not authorized.");
    }
}
