//! What an operation of this browser needs: a person, or nothing but time.

use crate::journal::Header;
use crate::user::{Identity, UserName};

/// What the page knows around an operation.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The server of this page, as operations name it.
    pub server: &'a str,
    /// Who sends the requests of this tab.
    pub identity: &'a Identity,
    /// Whether the server rejects all requests until an operator signs in.
    pub requires_sign_in: bool,
    /// Whether a tab of this browser acts on the operation.
    pub is_acted_on: bool,
    /// Whether that tab waits for a decision.
    pub waits: bool,
}

/// What an operation needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: it has finished.
    Finished,
    /// Time: a tab acts on it.
    Time,
    /// A page of the server that it belongs to.
    OtherServer(String),
    /// An operator who signs in.
    SignIn,
    /// A decision on its page.
    Decision,
    /// An operator who opens its page: no tab acts on it.
    Page,
    /// A decision whether to continue what this user started.
    OtherUser(UserName),
}

impl Need {
    /// The need of an operation.
    pub fn of(header: &Header, around: &Circumstances) -> Self {
        if header.finished {
            return Self::Finished;
        }
        if header.server != around.server {
            return Self::OtherServer(header.server.clone());
        }
        match (around.requires_sign_in, around.is_acted_on, around.waits) {
            (true, ..) => Self::SignIn,
            (false, true, true) => Self::Decision,
            (false, true, false) => Self::Time,
            (false, false, _) => match header.started_by_another(around.identity) {
                Some(user) => Self::OtherUser(user.clone()),
                None => Self::Page,
            },
        }
    }

    /// Whether a person is needed on a page of this server.
    pub fn is_urgent(&self) -> bool {
        match self {
            Self::Finished | Self::Time | Self::OtherServer(_) => false,
            Self::SignIn | Self::Decision | Self::Page | Self::OtherUser(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{OperationId, OperationKind, VERSION};
    use quiesce_api::Millis;

    const AROUND: Circumstances<'static> = Circumstances {
        server: "cdap",
        identity: &Identity::Anonymous,
        requires_sign_in: false,
        is_acted_on: true,
        waits: false,
    };

    fn header(user: Option<&str>) -> Header {
        Header {
            id: OperationId("op-1".to_owned()),
            version: VERSION,
            kind: OperationKind::Upgrade,
            namespace: "default".into(),
            server: "cdap".to_owned(),
            created: Millis(0).timestamp(),
            title: "Upgrade 1 application".to_owned(),
            finished: false,
            user: user.map(UserName::from),
            continued: Vec::new(),
        }
    }

    #[test]
    fn an_operation_on_which_a_tab_acts_needs_nobody_until_it_waits_for_a_decision() {
        let of = |around: Circumstances| Need::of(&header(None), &around);
        assert_eq!(of(AROUND), Need::Time);
        assert_eq!(of(Circumstances { waits: true, ..AROUND }), Need::Decision);
        assert_eq!(of(Circumstances { is_acted_on: false, ..AROUND }), Need::Page);
        assert_eq!(of(Circumstances { requires_sign_in: true, ..AROUND }), Need::SignIn);
    }

    #[test]
    fn an_operation_of_another_user_needs_whoever_is_signed_in() {
        let bob = Identity::Named(UserName::from("bob"));
        let around = Circumstances { identity: &bob, is_acted_on: false, ..AROUND };
        assert_eq!(Need::of(&header(Some("alice")), &around), Need::OtherUser(UserName::from("alice")));
        assert_eq!(Need::of(&header(Some("bob")), &around), Need::Page);
    }

    #[test]
    fn a_finished_operation_and_one_of_another_server_need_nobody_here() {
        let around = Circumstances { requires_sign_in: true, is_acted_on: false, ..AROUND };
        let finished = Header { finished: true, ..header(None) };
        let elsewhere = Header { server: "other".to_owned(), ..header(None) };
        for (header, need) in [(finished, Need::Finished), (elsewhere, Need::OtherServer("other".to_owned()))]
        {
            let found = Need::of(&header, &around);
            assert_eq!(found, need);
            assert!(!found.is_urgent());
        }
        assert!(Need::of(&header(None), &around).is_urgent());
    }
}
