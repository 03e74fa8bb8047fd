//! An application: it is upgraded or redeployed, and possibly rolled back.

use super::settling::SETTLES;
use crate::operation::{Coverage, Delivery, has_passed};
use crate::upgrade::event::{Call, NotSentReason};
use crate::upgrade::plan::UpgradeMethod;
use crate::upgrade::reasons::{DrainFailure, DriftReason};
use quiesce_api::artifact::Artifact;
use quiesce_api::{Error, Timestamp, VersionId};

/// How long after a failure that the server answered an application that was not upgraded counts as such, in
/// milliseconds: one reading at once and one more, for a server whose readings lag behind its writes.
const FAILURE_SETTLES: i64 = 5_000;
/// How long after a lost answer an application that was not upgraded counts as such, in milliseconds: an upgrade
/// continues at the server while the connection is gone.
const UPGRADE_SETTLES: i64 = 60_000;

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
    pub drain_failure: Option<DrainFailure>,
    /// The artifact that it was last read on when its request was disproved; `None`: it can't be read.
    pub still_on: Option<Artifact>,
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
    /// Its request. Confirmed: it was read in the version that it should have. Disproved: it was read, and is not what
    /// it should be.
    Request(Delivery),
    /// It is not what it was, or something runs: it was left alone.
    Changed(DriftReason),
    /// Its request could not be built, for this reason, with details from the browser or the backup if any.
    NotSent(NotSentReason, Option<String>),
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
            still_on: None,
            read_at: None,
        }
    }

    /// The call that is sent for it next.
    pub(in crate::upgrade) fn call(&self) -> Call {
        match (self.rolling_back, self.method) {
            (true, _) => Call::RollBack,
            (false, UpgradeMethod::Upgrade) => Call::Upgrade,
            (false, UpgradeMethod::Redeploy) => Call::Redeploy,
        }
    }

    /// Its request, once it was sent.
    pub fn delivery(&self) -> Option<&Delivery> {
        match &self.state {
            AppUpgradeState::Request(delivery) => Some(delivery),
            _ => None,
        }
    }

    /// Whether a request is in flight, or its effect is not read yet.
    pub fn is_open(&self) -> bool {
        self.delivery().is_some_and(Delivery::is_open)
    }

    /// Whether its request has no answer: it is in flight, or its answer was lost and no reading has settled it.
    pub fn is_unanswered(&self) -> bool {
        self.delivery().is_some_and(Delivery::is_unanswered)
    }

    /// Whether its last request had the effect that it should have.
    pub fn is_done(&self) -> bool {
        self.delivery() == Some(&Delivery::Confirmed)
    }

    /// Why its request had no good answer.
    pub fn error(&self) -> Option<&Error> {
        self.delivery().and_then(Delivery::error)
    }

    /// When its request was answered, while its effect is not read yet, and how long readings that show none leave it
    /// open, in milliseconds.
    fn patience(&self) -> Option<(Timestamp, i64)> {
        let delivery = self.delivery()?;
        let patience = match delivery.error() {
            None => SETTLES,
            Some(error) if error.is_answer() => FAILURE_SETTLES,
            Some(_) => UPGRADE_SETTLES,
        };
        Some((delivery.answered_at()?, patience))
    }

    /// How long after a reading the next one is due while its effect is not read yet, in milliseconds.
    pub(in crate::upgrade) fn read_again_after(&self) -> Option<i64> {
        self.patience()?;
        Some(if self.error().is_some_and(Error::is_answer) { FAILURE_SETTLES } else { 3_000 })
    }

    /// Takes in a reading that shows no effect of its request. `false`: it may still come.
    pub(in crate::upgrade) fn no_effect(&mut self, at: Timestamp, artifact: &Artifact) -> bool {
        let over = self.patience().is_some_and(|(since, patience)| has_passed(since, at, patience));
        if let (true, AppUpgradeState::Request(delivery)) = (over, &mut self.state) {
            delivery.disprove();
            self.still_on = Some(artifact.clone());
        }
        over
    }

    /// Whether nothing more happens to it automatically.
    pub fn is_settled(&self) -> bool {
        !self.is_open() && !matches!(self.state, AppUpgradeState::Pending | AppUpgradeState::Ready(_))
    }

    /// Whether it settled without the version that it should have, so that it can be tried again.
    pub fn has_failed(&self) -> bool {
        self.is_settled() && !self.is_done()
    }

    /// Whether it is on its new version, as far as was read: not while a roll back is open or its end is not known.
    pub fn is_upgraded(&self) -> bool {
        let done = matches!(self.delivery(), Some(Delivery::Confirmed | Delivery::Disproved(_)));
        let back = self.rolling_back && (self.is_open() || done);
        self.new_version.is_some() && !back
    }

    /// Takes in the response. A good one proves nothing: only a reading shows which version it has
    /// (docs/cdap-api.md#upgrade).
    pub(in crate::upgrade) fn answered(&mut self, at: Timestamp, error: Option<&Error>) -> bool {
        let AppUpgradeState::Request(delivery) = &mut self.state else { return false };
        if !delivery.answer(at, error, Coverage::Whole) {
            return false;
        }
        self.may_have_been_sent |= delivery.is_open();
        // What was read before the request says nothing about it: it is read back at once.
        self.read_at = None;
        if *delivery == Delivery::NotSent {
            self.state = AppUpgradeState::Pending;
        }
        true
    }
}
