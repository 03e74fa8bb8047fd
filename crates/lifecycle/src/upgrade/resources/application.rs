//! An application: it is upgraded or redeployed, and possibly rolled back.

use super::doubt::Doubt;
use crate::upgrade::event::NotSentReason;
use crate::upgrade::plan::UpgradeMethod;
use quiesce_api::artifact::Artifact;
use quiesce_api::{Error, RefusalKind, Timestamp, VersionId};

/// Why an application is not on the version that its call should have led to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AppUpgradeFailure {
    /// Why the call had no good answer, or why the application can't be read; `None`: the server accepted the call.
    pub error: Option<Error>,
    /// The artifact that it was last read on; `None`: it can't be read.
    pub still_on: Option<Artifact>,
}

/// An application in the upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AppUpgrade {
    /// How it gets to the other version.
    pub method: UpgradeMethod,
    /// Whether it is being rolled back.
    pub rolling_back: bool,
    /// Its state.
    pub state: AppUpgradeState,
    /// Whether a call for it may have arrived.
    pub may_have_been_sent: bool,
    /// The version that the upgrade made, once it was read back.
    pub new_version: Option<VersionId>,
    /// The message that the operator acknowledged to redeploy it although something may be left.
    pub risk_accepted: Option<String>,
    /// Why a recovery failed.
    pub drain_failure: Option<String>,
    /// When it was last read back. Not kept in the journal.
    pub read_at: Option<Timestamp>,
}

/// How an application stands in the upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AppUpgradeState {
    /// Nothing was sent; it has to be read right before.
    Pending,
    /// It was read: nothing runs, and it is what the backup has.
    Ready(Timestamp),
    /// A call is under way.
    InFlight,
    /// It was answered, well or not: it is read back.
    InDoubt(Doubt),
    /// It was read back in the version that it should have.
    Done,
    /// It is not what it was, or something runs: it was left alone.
    Changed(String),
    /// There is no request that could be sent, with details where there are any.
    NotSent(NotSentReason, Option<String>),
    /// The server said no.
    Refused(Error),
    /// It was read back, and is not what it should be.
    Failed(AppUpgradeFailure),
}

impl AppUpgrade {
    pub(in crate::upgrade) fn new(way: UpgradeMethod) -> Self {
        Self {
            method: way,
            rolling_back: false,
            state: AppUpgradeState::Pending,
            may_have_been_sent: false,
            new_version: None,
            risk_accepted: None,
            drain_failure: None,
            read_at: None,
        }
    }

    /// Whether a call is under way or in doubt.
    pub fn is_open(&self) -> bool {
        matches!(self.state, AppUpgradeState::InFlight | AppUpgradeState::InDoubt(_))
    }

    /// Whether its request has no answer: it is under way, or its answer was lost and no reading has settled it.
    pub fn is_unanswered(&self) -> bool {
        match &self.state {
            AppUpgradeState::InFlight => true,
            AppUpgradeState::InDoubt(doubt) => doubt.is_unanswered(),
            _ => false,
        }
    }

    /// Why its call had no good answer.
    pub fn error(&self) -> Option<&Error> {
        match &self.state {
            AppUpgradeState::InDoubt(doubt) => doubt.error.as_ref(),
            AppUpgradeState::Refused(error) => Some(error),
            AppUpgradeState::Failed(failure) => failure.error.as_ref(),
            _ => None,
        }
    }

    /// Whether nothing more happens to it automatically.
    pub fn is_settled(&self) -> bool {
        !self.is_open() && !matches!(self.state, AppUpgradeState::Pending | AppUpgradeState::Ready(_))
    }

    /// Whether it settled without the version that it should have, so that it can be tried again.
    pub fn has_failed(&self) -> bool {
        self.is_settled() && self.state != AppUpgradeState::Done
    }

    /// Whether it is on its new version, as far as was read: not while a roll back is open or its end is not known.
    pub fn is_upgraded(&self) -> bool {
        let back = self.rolling_back
            && (self.is_open() || matches!(self.state, AppUpgradeState::Done | AppUpgradeState::Failed(_)));
        self.new_version.is_some() && !back
    }

    pub(in crate::upgrade) fn answered(&mut self, at: Timestamp, error: Option<&Error>) {
        // What was read before the call says nothing about it: it is read back at once.
        self.read_at = None;
        let kind = error.and_then(Error::refusal).map(|refusal| refusal.kind);
        self.state = match error {
            None => AppUpgradeState::InDoubt(Doubt { since: at, error: None }),
            Some(_) if kind == Some(RefusalKind::Unauthenticated) => AppUpgradeState::Pending,
            Some(error) if error.leaves_doubt() => {
                AppUpgradeState::InDoubt(Doubt { since: at, error: Some(error.clone()) })
            }
            Some(error) => AppUpgradeState::Refused(error.clone()),
        };
    }
}
