//! A token of the server, with what is known of it.

use crate::client::clock;
use quiesce_api::Timestamp;
use quiesce_lifecycle::user::UserName;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A token. `Debug` omits it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

/// Why a text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenTextError {
    /// It has no characters but spaces.
    Empty,
    /// It has spaces or line breaks in its middle, or characters that no header can carry.
    Malformed,
}

impl Token {
    /// Reads a pasted text or the text of a file: the token itself, with or without `Bearer`, or the response of an
    /// authentication server.
    pub fn read(text: &str) -> Result<Self, TokenTextError> {
        #[derive(Deserialize)]
        struct Issued {
            access_token: String,
        }
        let issued = quiesce_api::json::from_str::<Issued>(text).ok().map(|issued| issued.access_token);
        let text = issued.as_deref().unwrap_or(text).trim_start();
        let token = text.strip_prefix("Bearer ").unwrap_or(text).trim();
        if token.is_empty() {
            return Err(TokenTextError::Empty);
        }
        let is_header = token.chars().all(|c| c.is_ascii_graphic());
        is_header.then(|| Self(token.to_owned())).ok_or(TokenTextError::Malformed)
    }

    /// The token, for its header.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// When a token expires. Times are by the browser's clock: the server tells how long the token lasts, not until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    /// The time.
    pub at: Timestamp,
    /// The time from which on the operator is warned.
    pub warn: Timestamp,
}

/// The longest time between the warning and the expiry, in seconds.
const WARNING: u32 = 300;

impl Expiry {
    /// The expiry of a token that was requested at a time and lasts for this many seconds. The warning comes five
    /// minutes before, for a short token when a fifth of its time is left.
    pub fn new(requested: Timestamp, seconds: u32) -> Self {
        let warning = WARNING.min(seconds / 5);
        Self { at: after(requested, seconds), warn: after(requested, seconds - warning) }
    }
}

/// A moment this many seconds later; no further than about 49 days.
fn after(at: Timestamp, seconds: u32) -> Timestamp {
    at.after(seconds.saturating_mul(1_000))
}

/// A token with its user and its expiry, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The token.
    pub token: Token,
    /// The user; unknown for a pasted token.
    #[serde(default)]
    pub user: Option<UserName>,
    /// The expiry; unknown for a pasted token.
    #[serde(default)]
    pub expiry: Option<Expiry>,
}

/// How far a credential is from its expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It is valid, as far as the page knows.
    Valid,
    /// It expires soon.
    Ending,
    /// Its time is over by the browser's clock. The server has not rejected it yet.
    Over,
}

impl Credential {
    /// How far it is from its expiry.
    pub fn validity(&self, now: Timestamp) -> Validity {
        match self.expiry {
            Some(expiry) if now >= expiry.at => Validity::Over,
            Some(expiry) if now >= expiry.warn => Validity::Ending,
            _ => Validity::Valid,
        }
    }

    /// The milliseconds until [`Self::validity`] changes.
    pub fn next_change(&self, now: Timestamp) -> Option<u32> {
        let expiry = self.expiry?;
        let next = [expiry.warn, expiry.at].into_iter().find(|at| *at > now)?;
        let left = clock::millis_between(clock::Moment::Browser(now), clock::Moment::Browser(next));
        u32::try_from(left).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn credential(seconds: u32) -> Credential {
        let expiry = Some(Expiry::new(at(1_000), seconds));
        Credential { token: Token::read("abc").unwrap(), user: None, expiry }
    }

    #[test]
    fn a_token_is_read_from_what_people_paste() {
        for text in [
            "AghhbGljZQ==",
            " AghhbGljZQ==\n",
            "Bearer AghhbGljZQ==",
            r#"{"access_token": "AghhbGljZQ==", "token_type": "Bearer", "expires_in": 15}"#,
        ] {
            assert_eq!(Token::read(text).unwrap().secret(), "AghhbGljZQ==", "{text}");
        }
        for (text, error) in [
            ("", TokenTextError::Empty),
            (" \n", TokenTextError::Empty),
            ("Bearer ", TokenTextError::Empty),
            ("one two", TokenTextError::Malformed),
            ("one\ntwo", TokenTextError::Malformed),
            ("tök", TokenTextError::Malformed),
            (r#"{"access_token": ""}"#, TokenTextError::Empty),
            (r#"{"token": "a"}"#, TokenTextError::Malformed),
        ] {
            assert_eq!(Token::read(text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn debug_output_never_contains_a_token() {
        let text = format!("{:?}", credential(15));
        assert!(!text.contains("abc") && text.contains("Token"), "{text}");
    }

    #[test]
    fn a_long_token_warns_five_minutes_before_its_expiry() {
        let credential = credential(86_400);
        for (second, validity) in [
            (1_000, Validity::Valid),
            (87_099, Validity::Valid),
            (87_100, Validity::Ending),
            (87_399, Validity::Ending),
            (87_400, Validity::Over),
        ] {
            assert_eq!(credential.validity(at(second)), validity, "{second}");
        }
    }

    #[test]
    fn a_short_token_warns_when_a_fifth_of_its_time_is_left() {
        let credential = credential(15);
        assert_eq!(credential.validity(at(1_011)), Validity::Valid);
        assert_eq!(credential.validity(at(1_012)), Validity::Ending);
        assert_eq!(credential.validity(at(1_015)), Validity::Over);
    }

    #[test]
    fn a_token_of_no_time_is_over_at_once_and_one_without_an_expiry_never() {
        assert_eq!(credential(0).validity(at(1_000)), Validity::Over);
        let unlimited = Credential { expiry: None, ..credential(0) };
        assert_eq!(unlimited.validity(at(9_000_000)), Validity::Valid);
        assert_eq!(unlimited.next_change(at(0)), None);
    }

    #[test]
    fn the_next_change_is_the_warning_and_then_the_expiry() {
        let credential = credential(15);
        assert_eq!(credential.next_change(at(1_000)), Some(12_000));
        assert_eq!(credential.next_change(at(1_012)), Some(3_000));
        assert_eq!(credential.next_change(at(1_015)), None);
    }

    #[test]
    fn a_lifetime_beyond_all_clocks_is_long_and_not_over() {
        let credential = credential(u32::MAX);
        assert_eq!(credential.validity(at(2_000_000)), Validity::Valid);
    }
}
