//! What happens to a stop: what its journal has.

use super::plan::StopCall;
use crate::drain_log::DrainLog;
use quiesce_api::run::RunRecord;
use quiesce_api::stop::StopResult;
use quiesce_api::{Error, ProgramRef, Rows, Timestamp};
use serde::{Deserialize, Serialize};

/// A call of this operation, in the order in which calls were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub u32);

/// Something that happened. Every event carries the moment by the browser's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The runs of a program were read, before anything is sent.
    Checked {
        /// The time.
        at: Timestamp,
        /// The program.
        program: ProgramRef,
        /// Its runs that matter: those alive, and the targets.
        result: Result<Vec<RunRecord>, Error>,
    },
    /// A call is about to be sent. In the journal before it is.
    Sending {
        /// The time.
        at: Timestamp,
        /// The call.
        call: CallId,
        /// What is sent.
        stop: StopCall,
        /// The places of its targets.
        targets: Vec<usize>,
    },
    /// A call was answered, or was not.
    Answered {
        /// The time.
        at: Timestamp,
        /// The call.
        call: CallId,
        /// What came: elements of a batch call, none of the others.
        result: Result<Rows<StopResult>, Error>,
    },
    /// A run was read.
    Read {
        /// The time.
        at: Timestamp,
        /// The place of the target.
        target: usize,
        /// Its record.
        result: Result<RunRecord, Error>,
    },
    /// The log of a run was read.
    LogRead {
        /// The time.
        at: Timestamp,
        /// The place of the target.
        target: usize,
        /// What it says.
        log: DrainLog,
        /// Whether a later reading could say more.
        last: bool,
    },
    /// The operator asks that a run gets another stop request, by run.
    SendAgain {
        /// The time.
        at: Timestamp,
        /// The place of the target.
        target: usize,
    },
    /// The operator signed in.
    SignedIn {
        /// The time.
        at: Timestamp,
    },
    /// The operation is resumed from its journal: whatever had no answer then will get none.
    Resumed {
        /// The time.
        at: Timestamp,
    },
    /// The operator wants no more reading of this operation.
    Closed {
        /// The time.
        at: Timestamp,
    },
}

impl Event {
    /// When it happened, by the browser's clock.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Checked { at, .. }
            | Self::Sending { at, .. }
            | Self::Answered { at, .. }
            | Self::Read { at, .. }
            | Self::LogRead { at, .. }
            | Self::SendAgain { at, .. }
            | Self::SignedIn { at }
            | Self::Resumed { at }
            | Self::Closed { at } => *at,
        }
    }
}
