//! The sign-in, who is signed in, and the operations of other users.

use crate::client::session::credential::TokenTextError;
use crate::client::session::password::SignInError;
use quiesce_lifecycle::user::UserName;

pub const WAY: &str = "Sign in with";
pub const WITH_PASSWORD: &str = "Name and password";
pub const WITH_TOKEN: &str = "Access token";
pub const NAME: &str = "User name";
pub const PASSWORD: &str = "Password";
pub const SHOW: &str = "Show";
pub const HIDE: &str = "Hide";
pub const SHOW_PASSWORD: &str = "Show the password";
pub const CAPS_LOCK: &str = "Caps Lock is on.";
pub const TOKEN: &str = "Access token";
pub const TOKEN_HINT: &str = "Paste a token, or open the file that contains it. ";
pub const TOKEN_FILE: &str = "Open file…";
pub const FILE_NAME: &str = "File with an access token";
pub const STAY: &str = "Stay signed in for this tab";
pub const STAY_HINT: &str = "Survives a reload: the browser stores the token until you sign out or close the tab. \
    Not for shared computers.";
pub const SIGNING_IN: &str = "Signing in…";
pub const SIGN_IN_AGAIN: &str = "Sign in again";
pub const SIGN_OUT: &str = "Sign out";
pub const NOT_NOW: &str = "Not now";

pub const REQUIRED: &str = "This server requires you to sign in.";
pub const EXPIRED: &str = "Your sign-in has expired. ";
pub const EXPIRED_EFFECT: &str =
    "Sign in again, and everything continues where it was. Nothing is sent twice.";
pub const SIGNED_OUT: &str = "You signed out. ";
pub const SIGNED_OUT_EFFECT: &str =
    "The token is forgotten in all tabs. Runs that are stopping continue to stop.";
pub const BY_SERVER: &str = "The console's server signs in. ";
pub const BY_SERVER_EFFECT: &str =
    "The router rejects its token. Ask the administrator of the console, then try again.";
pub const TRY_AGAIN: &str = "Try again";
pub const NAME_MISSING: &str = "Enter your user name.";
pub const PASSWORD_MISSING: &str = "Enter your password.";

pub const UNNAMED: &str = "Signed in with a token";
pub const BY_PROXY: &str = "Signed in by the proxy";
pub const ANOTHER_USER: &str = "another user";
pub const UNTIL_UNKNOWN: &str = "The console doesn't know when the token expires.";

pub fn token_source(addresses: &[String]) -> String {
    format!("Get a token from {}.", addresses.join(", "))
}

pub fn token_text(error: TokenTextError) -> &'static str {
    match error {
        TokenTextError::Empty => "Paste an access token.",
        TokenTextError::Malformed => "This is not an access token: it has spaces or line breaks in it.",
    }
}

/// Why nobody was signed in: what happened, and what to do. `None`: the error of a request says it.
pub fn failure(error: &SignInError) -> Option<(&'static str, &'static str)> {
    match error {
        SignInError::WrongCredentials => {
            Some(("Wrong user name or password.", "Check both, and whether Caps Lock is on."))
        }
        SignInError::TooManySignIns => {
            Some(("Too many failed sign-ins from your address.", "Wait a minute, then try again."))
        }
        SignInError::NoAuthServer => Some((
            "This server has no authentication server that the console knows.",
            "Sign in with an access token, or ask the administrator to set --auth-server.",
        )),
        SignInError::AuthServerRefused(_) => Some((
            "The console may not send passwords to this authentication server.",
            "Ask the administrator to allow its host.",
        )),
        SignInError::AuthServerUnreachable(_) => {
            Some(("The authentication server does not answer.", "Your password was not checked. Try again."))
        }
        SignInError::AuthServerTimeout(_) => {
            Some(("The authentication server did not answer in time.", "Try again."))
        }
        SignInError::AuthServerResponse(_) => Some((
            "The console can't read the answer of the authentication server.",
            "Sign in with an access token, or ask the administrator.",
        )),
        SignInError::Failed(_) => None,
    }
}

/// The message of the console's server for a failure.
pub fn details(error: &SignInError) -> Option<&str> {
    match error {
        SignInError::AuthServerRefused(message)
        | SignInError::AuthServerUnreachable(message)
        | SignInError::AuthServerTimeout(message)
        | SignInError::AuthServerResponse(message) => {
            Some(message).filter(|it| !it.is_empty()).map(String::as_str)
        }
        SignInError::WrongCredentials
        | SignInError::TooManySignIns
        | SignInError::NoAuthServer
        | SignInError::Failed(_) => None,
    }
}

pub fn signed_in_as(name: &str) -> String {
    format!("Signed in as {name}")
}

pub fn until(time: &str) -> String {
    format!("until {time}")
}

pub fn ends_at(time: &str) -> String {
    format!("Your sign-in expires at {time}.")
}

/// Another user started an operation.
pub fn started_by(starter: &str) -> String {
    format!("{starter} started this operation. ")
}

/// The consequence for whoever is signed in. `None`: with a token, which names nobody.
pub fn continues_as(name: Option<&UserName>) -> String {
    let until = match name {
        Some(name) => format!("you continue it as {name}"),
        None => "you continue it".to_owned(),
    };
    format!("No requests are sent until {until}. The journal records who continued.")
}

pub fn continue_as(name: Option<&UserName>) -> String {
    name.map_or_else(|| "Continue".to_owned(), |name| format!("Continue as {name}"))
}

/// Who started an operation and who continued it, each with the time: `by alice, continued by bob at 14:02`.
pub fn users(starter: &str, continued: &[(&str, String)]) -> String {
    let mut text = format!("by {starter}");
    for (name, time) in continued {
        text.push_str(", continued by ");
        text.push_str(name);
        text.push_str(" at ");
        text.push_str(time);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::TransportError;

    #[test]
    fn every_failure_of_a_sign_in_says_what_to_do() {
        let message = || "the message".to_owned();
        let errors = [
            SignInError::WrongCredentials,
            SignInError::TooManySignIns,
            SignInError::NoAuthServer,
            SignInError::AuthServerRefused(message()),
            SignInError::AuthServerUnreachable(message()),
            SignInError::AuthServerTimeout(message()),
            SignInError::AuthServerResponse(message()),
        ];
        let mut said: Vec<_> = errors.iter().map(|error| failure(error).unwrap()).collect();
        for (what, advice) in &said {
            assert!(what.ends_with('.') && advice.ends_with('.'), "{what} {advice}");
            assert!(what.split(' ').count() <= 15 && advice.split(' ').count() <= 15, "{what} {advice}");
        }
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), errors.len());
        assert_eq!(errors.iter().filter(|error| details(error) == Some("the message")).count(), 4);
        let failed = SignInError::Failed(TransportError::TimedOut(60).into());
        assert_eq!((failure(&failed), details(&failed)), (None, None));
    }

    #[test]
    fn an_operation_names_all_its_users() {
        assert_eq!(users("alice", &[]), "by alice");
        let continued = [("bob", "14:02".to_owned()), (ANOTHER_USER, "15:30".to_owned())];
        let text = "by alice, continued by bob at 14:02, continued by another user at 15:30";
        assert_eq!(users("alice", &continued), text);
    }
}
