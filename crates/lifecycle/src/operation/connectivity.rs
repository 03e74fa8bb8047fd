//! Whether the server can be reached: while it is unavailable or requires a token, nothing is sent, and one request at
//! a time finds out whether it is back.

use super::delivery::{is_read_only, is_unauthenticated};
use quiesce_api::{Error, Timestamp};

/// What the latest responses tell of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Connectivity {
    outage: Option<Outage>,
}

/// Why nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outage {
    /// When it began, by the browser's clock.
    pub since: Timestamp,
    /// What the last request brought.
    pub error: Error,
    /// What it takes to continue.
    pub reason: OutageReason,
}

/// What it takes to continue after an outage.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OutageReason {
    /// The server has to answer again.
    Unavailable {
        /// How many requests in a row failed.
        attempts: u32,
        /// When the next one is sent, by the browser's clock.
        next: Timestamp,
    },
    /// The operator has to sign in.
    SignIn,
}

/// How long to wait after this many failed requests in a row, in milliseconds: 2 s, doubling to 30 s.
pub fn back_off(attempts: u32) -> u32 {
    1000 * 2_u32.saturating_pow(attempts.min(5)).min(30)
}

impl Connectivity {
    /// The outage, if there is one.
    pub fn outage(&self) -> Option<&Outage> {
        self.outage.as_ref()
    }

    /// Whether requests may be sent.
    pub fn is_up(&self) -> bool {
        self.outage.is_none()
    }

    /// Whether the operator has to sign in.
    pub fn requires_sign_in(&self) -> bool {
        self.outage.as_ref().is_some_and(|outage| outage.reason == OutageReason::SignIn)
    }

    /// When the server is asked again, if it is unavailable.
    pub fn next_attempt(&self) -> Option<Timestamp> {
        match self.outage.as_ref()?.reason {
            OutageReason::Unavailable { next, .. } => Some(next),
            OutageReason::SignIn => None,
        }
    }

    /// The server answered, or there is a new session.
    pub fn restore(&mut self) {
        self.outage = None;
    }

    /// Takes in an error of a request. `true`: it tells of the server or the session alone, and nothing of what was
    /// asked for.
    pub fn take_error(&mut self, at: Timestamp, error: &Error) -> bool {
        // A console that is read-only can be reached, and reads.
        if !error.is_unrelated_to_request() || is_read_only(error) {
            self.restore();
            return is_read_only(error);
        }
        let same = |outage: &&Outage| (outage.reason == OutageReason::SignIn) == is_unauthenticated(error);
        let known = self.outage.as_ref().filter(same);
        let since = known.map_or(at, |outage| outage.since);
        let reason = if is_unauthenticated(error) {
            OutageReason::SignIn
        } else {
            let attempts = match known.map(|outage| &outage.reason) {
                Some(OutageReason::Unavailable { attempts, .. }) => attempts.saturating_add(1),
                _ => 1,
            };
            OutageReason::Unavailable { attempts, next: at.after(back_off(attempts)) }
        };
        self.outage = Some(Outage { since, error: error.clone(), reason });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::{Refusal, TransportError};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn refused(status: u16) -> Error {
        let kind = status.into();
        Error::Refused(Refusal { status, kind, message: String::new(), auth_uris: Vec::new() })
    }

    fn unreachable() -> Error {
        TransportError::Unreachable("gone".into()).into()
    }

    #[test]
    fn an_unavailable_server_is_asked_less_and_less_often_and_at_least_every_half_minute() {
        let mut connectivity = Connectivity::default();
        let mut waits = Vec::new();
        for _ in 0..6 {
            assert!(connectivity.take_error(at(10), &unreachable()));
            waits.push(connectivity.next_attempt().unwrap().as_millisecond() - at(10).as_millisecond());
        }
        assert_eq!(waits, [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!(connectivity.outage().unwrap().since, at(10));
    }

    #[test]
    fn an_expired_session_is_not_asked_again_until_the_operator_signs_in() {
        let mut connectivity = Connectivity::default();
        assert!(connectivity.take_error(at(1), &refused(401)));
        assert!(connectivity.take_error(at(2), &refused(401)));
        assert!(connectivity.requires_sign_in() && connectivity.next_attempt().is_none());
        assert_eq!(connectivity.outage().unwrap().since, at(1));
        connectivity.restore();
        assert!(connectivity.is_up());
    }

    #[test]
    fn an_outage_after_an_expired_session_begins_anew() {
        let mut connectivity = Connectivity::default();
        connectivity.take_error(at(1), &refused(401));
        connectivity.take_error(at(5), &unreachable());
        assert!(!connectivity.requires_sign_in());
        assert_eq!(connectivity.outage().unwrap().since, at(5));
    }

    #[test]
    fn a_read_only_console_is_no_outage() {
        let (kind, message) = (quiesce_api::RefusalKind::ReadOnly, String::new());
        let error = Error::Refused(Refusal { status: 403, kind, message, auth_uris: Vec::new() });
        let mut connectivity = Connectivity::default();
        connectivity.take_error(at(1), &unreachable());
        assert!(connectivity.take_error(at(2), &error) && connectivity.is_up());
    }

    #[test]
    fn a_refusal_of_a_request_shows_that_the_server_is_back() {
        let mut connectivity = Connectivity::default();
        connectivity.take_error(at(1), &unreachable());
        assert!(!connectivity.take_error(at(2), &refused(404)));
        assert!(connectivity.is_up());
    }
}
