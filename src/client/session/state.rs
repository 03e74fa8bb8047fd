//! The session of a tab: who is signed in, and whether the operator has to sign in.

use super::credential::{Credential, Validity};
use quiesce_api::{Error, Timestamp};
use quiesce_lifecycle::user::UserName;

/// The session of a tab. It begins without a token: many servers need none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    credential: Option<Credential>,
    /// The refusal of the server that requires a sign-in.
    refusal: Option<Error>,
    /// Whether the operator signed out.
    signed_out: bool,
    /// Whether there was a token since the page was loaded or the operator signed out.
    had_token: bool,
    /// Who was signed in last.
    last_user: Option<UserName>,
}

/// What a refusal of a request for its token means. A refused request was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The token is the one in use, or there is none: the operator has to sign in.
    SignIn,
    /// The same user signed in while the request was under way: it can be sent again with the new token.
    Renewed,
    /// A user signed in while the request was under way, which was sent without a token.
    FirstSignIn,
    /// Another user signed in while the request was under way.
    OtherUser,
}

/// Where a session stands, for the top bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// No token: none was required so far.
    #[default]
    Anonymous,
    /// Signed in.
    SignedIn,
    /// Signed in, but not for long.
    Ending,
    /// The token expired, or the server rejects it.
    Expired,
    /// The server requires a token and there was none.
    Required,
    /// The operator signed out.
    SignedOut,
}

impl Session {
    /// The credential in use.
    pub fn credential(&self) -> Option<&Credential> {
        self.credential.as_ref()
    }

    /// Who is signed in, if known.
    pub fn user(&self) -> Option<&UserName> {
        self.credential.as_ref()?.user.as_ref()
    }

    /// Who was signed in last: the form proposes this name.
    pub fn last_user(&self) -> Option<&UserName> {
        self.last_user.as_ref()
    }

    /// The refusal that requires a sign-in.
    pub fn refusal(&self) -> Option<&Error> {
        self.refusal.as_ref()
    }

    /// Whether the server rejects what this tab sends until the operator signs in.
    pub fn requires_sign_in(&self) -> bool {
        self.refusal.is_some() || self.signed_out
    }

    /// Whether the operator signed out.
    pub fn is_signed_out(&self) -> bool {
        self.signed_out
    }

    /// The operator signed in.
    pub fn sign_in(&mut self, credential: Credential) {
        let last_user = credential.user.clone();
        *self = Self { credential: Some(credential), had_token: true, last_user, ..Self::default() };
    }

    /// The operator signed out: nothing of the session is kept, not even the name.
    pub fn sign_out(&mut self) {
        *self = Self { signed_out: true, ..Self::default() };
    }

    /// The server refused a request that was sent with this credential.
    pub fn refused(&mut self, sent: Option<&Credential>, error: Error) -> Refused {
        match (&self.credential, sent) {
            (Some(current), Some(sent)) if current.token == sent.token => {}
            (Some(current), Some(sent)) if current.user == sent.user => return Refused::Renewed,
            (Some(_), Some(_)) => return Refused::OtherUser,
            (Some(_), None) => return Refused::FirstSignIn,
            (None, _) => {}
        }
        self.credential = None;
        self.refusal = Some(error);
        Refused::SignIn
    }

    /// The operator wants to try again without signing in: the console's server signs in.
    pub fn try_again(&mut self) {
        self.refusal = None;
    }

    /// Where the session stands.
    pub fn phase(&self, now: Timestamp) -> Phase {
        match &self.credential {
            Some(credential) => match credential.validity(now) {
                Validity::Valid => Phase::SignedIn,
                Validity::Ending => Phase::Ending,
                Validity::Over => Phase::Expired,
            },
            None if self.signed_out => Phase::SignedOut,
            None if self.refusal.is_none() => Phase::Anonymous,
            None if self.had_token => Phase::Expired,
            None => Phase::Required,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::credential::{Expiry, Token};
    use super::*;
    use quiesce_api::Response;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn credential(token: &str, user: Option<&str>) -> Credential {
        let expiry = Some(Expiry::new(at(0), 100));
        Credential { token: Token::read(token).unwrap(), user: user.map(UserName::from), expiry }
    }

    fn refusal() -> Error {
        Error::refused(&Response::new(401, "expired"))
    }

    fn signed_in(token: &str, user: Option<&str>) -> Session {
        let mut session = Session::default();
        session.sign_in(credential(token, user));
        session
    }

    #[test]
    fn a_server_without_security_never_requires_a_sign_in() {
        let session = Session::default();
        assert!(!session.requires_sign_in());
        assert_eq!(session.phase(at(0)), Phase::Anonymous);
    }

    #[test]
    fn a_refusal_without_a_token_requires_one() {
        let mut session = Session::default();
        assert_eq!(session.refused(None, refusal()), Refused::SignIn);
        assert!(session.requires_sign_in());
        assert_eq!(session.phase(at(0)), Phase::Required);
        assert_eq!(session.refusal(), Some(&refusal()));
    }

    #[test]
    fn a_session_is_valid_then_ending_then_expired() {
        let session = signed_in("one", Some("alice"));
        let phases = [0, 79, 80, 99, 100].map(|second| session.phase(at(second)));
        assert_eq!(phases, [Phase::SignedIn, Phase::SignedIn, Phase::Ending, Phase::Ending, Phase::Expired]);
    }

    #[test]
    fn a_token_that_the_server_rejects_is_dropped_and_its_user_is_proposed() {
        let mut session = signed_in("one", Some("alice"));
        let sent = session.credential().cloned();
        assert_eq!(session.refused(sent.as_ref(), refusal()), Refused::SignIn);
        assert_eq!((session.credential(), session.user()), (None, None));
        assert_eq!(session.last_user(), Some(&"alice".into()));
        assert_eq!(session.phase(at(0)), Phase::Expired);
    }

    #[test]
    fn a_late_refusal_of_an_outdated_token_does_not_end_the_new_session() {
        for (sent, user, refused) in [
            (Some(credential("one", Some("alice"))), Some("alice"), Refused::Renewed),
            (Some(credential("one", None)), None, Refused::Renewed),
            (Some(credential("one", Some("alice"))), Some("bob"), Refused::OtherUser),
            (Some(credential("one", Some("alice"))), None, Refused::OtherUser),
            (None, Some("bob"), Refused::FirstSignIn),
        ] {
            let mut session = signed_in("two", user);
            assert_eq!(session.refused(sent.as_ref(), refusal()), refused);
            assert!(!session.requires_sign_in());
            assert_eq!(session, signed_in("two", user));
        }
    }

    #[test]
    fn signing_in_again_ends_the_requirement() {
        let mut session = Session::default();
        session.refused(None, refusal());
        session.sign_in(credential("one", Some("alice")));
        assert!(!session.requires_sign_in());
        assert_eq!(session.phase(at(0)), Phase::SignedIn);
    }

    #[test]
    fn signing_out_forgets_the_name_too() {
        let mut session = signed_in("one", Some("alice"));
        session.sign_out();
        assert!(session.requires_sign_in() && session.is_signed_out());
        assert_eq!((session.credential(), session.last_user()), (None, None));
        assert_eq!(session.phase(at(0)), Phase::SignedOut);
        session.sign_in(credential("two", Some("bob")));
        assert!(!session.is_signed_out());
    }

    #[test]
    fn a_request_of_before_a_sign_out_that_is_refused_later_still_requires_a_sign_in() {
        let mut session = signed_in("one", Some("alice"));
        let sent = session.credential().cloned();
        session.sign_out();
        assert_eq!(session.refused(sent.as_ref(), refusal()), Refused::SignIn);
        assert_eq!(session.phase(at(0)), Phase::SignedOut);
    }

    #[test]
    fn a_server_that_signs_in_is_asked_again_when_the_operator_wants_it() {
        let mut session = Session::default();
        session.refused(None, refusal());
        session.try_again();
        assert!(!session.requires_sign_in());
    }
}
