//! A schedule: it is paused, and resumed at the end.

use crate::operation::{Coverage, Delivery};
use quiesce_api::{ApplicationId, Error, RefusalKind, Timestamp};

/// A schedule that was on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ScheduleTask {
    /// The place of its application.
    pub application: usize,
    /// Its name.
    pub name: String,
    /// The applications that set it off; empty when the time does.
    pub triggered_by: Vec<ApplicationId>,
    /// Its state.
    pub state: ScheduleTaskState,
    /// Whether a call of ours that turns it off may have arrived. Then "it is off already" means: by us.
    pub may_have_been_sent: bool,
    /// When it was last read. Not kept in the journal.
    pub read_at: Option<Timestamp>,
}

/// How a schedule stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ScheduleTaskState {
    /// The request that pauses it. Confirmed: it is paused by this upgrade.
    Pause(Delivery),
    /// The request that resumes it. Confirmed: it is enabled again.
    Resume(Delivery),
    /// Another user paused it: it stays as it is.
    AlreadySuspended,
    /// It no longer exists.
    Deleted,
    /// It stays paused because the operator wants it so.
    LeftSuspended,
}

impl ScheduleTask {
    /// Whether it is enabled and no request that pauses it was sent.
    pub fn is_enabled(&self) -> bool {
        self.state == ScheduleTaskState::Pause(Delivery::NotSent)
    }

    /// Whether it is paused by this upgrade and not resumed yet.
    pub fn is_paused(&self) -> bool {
        self.state == ScheduleTaskState::Pause(Delivery::Confirmed)
    }

    /// Whether it does not fire, as far as is known.
    pub fn is_suspended(&self) -> bool {
        self.is_paused()
            || matches!(self.state, ScheduleTaskState::AlreadySuspended | ScheduleTaskState::Deleted)
    }

    /// Its last request.
    pub fn delivery(&self) -> Option<&Delivery> {
        match &self.state {
            ScheduleTaskState::Pause(delivery) | ScheduleTaskState::Resume(delivery) => Some(delivery),
            _ => None,
        }
    }

    /// Whether a request is in flight or in doubt.
    pub fn is_open(&self) -> bool {
        self.delivery().is_some_and(Delivery::is_open)
    }

    /// Whether a request is in flight.
    pub fn is_in_flight(&self) -> bool {
        self.delivery() == Some(&Delivery::InFlight)
    }

    /// Why the server refused the last request.
    pub fn refusal(&self) -> Option<&Error> {
        match self.delivery() {
            Some(Delivery::Refused(error)) => Some(error),
            _ => None,
        }
    }

    /// Whether the server refused to pause it.
    pub fn is_pause_refused(&self) -> bool {
        matches!(self.state, ScheduleTaskState::Pause(Delivery::Refused(_)))
    }

    /// Whether the server refused to resume it.
    pub fn is_resume_refused(&self) -> bool {
        matches!(self.state, ScheduleTaskState::Resume(Delivery::Refused(_)))
    }

    pub(in crate::upgrade) fn sending(&mut self, enable: bool) {
        self.state = if enable {
            ScheduleTaskState::Resume(Delivery::InFlight)
        } else {
            ScheduleTaskState::Pause(Delivery::InFlight)
        };
    }

    /// Takes in the response. A good one is a proof: the server changes a schedule before it answers.
    pub(in crate::upgrade) fn answered(&mut self, at: Timestamp, error: Option<&Error>) -> bool {
        if !self.is_in_flight() {
            return false;
        }
        let kind = error.and_then(Error::refusal).map(|refusal| refusal.kind);
        let resumes = matches!(self.state, ScheduleTaskState::Resume(_));
        self.state = match kind {
            // It is in the wanted state already.
            Some(RefusalKind::Conflict) if resumes => ScheduleTaskState::Resume(Delivery::Confirmed),
            Some(RefusalKind::Conflict) if self.may_have_been_sent => {
                ScheduleTaskState::Pause(Delivery::Confirmed)
            }
            Some(RefusalKind::Conflict) => ScheduleTaskState::AlreadySuspended,
            Some(RefusalKind::NotFound) => ScheduleTaskState::Deleted,
            _ => {
                let mut delivery = Delivery::InFlight;
                delivery.answer(at, error, Coverage::Whole);
                self.may_have_been_sent |= matches!(delivery, Delivery::InDoubt(_));
                match delivery {
                    Delivery::Acknowledged(_) if resumes => ScheduleTaskState::Resume(Delivery::Confirmed),
                    Delivery::Acknowledged(_) => ScheduleTaskState::Pause(Delivery::Confirmed),
                    Delivery::NotSent if resumes => ScheduleTaskState::Pause(Delivery::Confirmed),
                    delivery if resumes => ScheduleTaskState::Resume(delivery),
                    delivery => ScheduleTaskState::Pause(delivery),
                }
            }
        };
        true
    }

    /// Takes in a reading, which tells what a request in doubt did.
    pub(in crate::upgrade) fn read(&mut self, is_enabled: bool) -> bool {
        self.state = match (&self.state, is_enabled) {
            (ScheduleTaskState::Pause(Delivery::InDoubt(_)), true) => {
                ScheduleTaskState::Pause(Delivery::NotSent)
            }
            (
                ScheduleTaskState::Pause(Delivery::InDoubt(_))
                | ScheduleTaskState::Resume(Delivery::InDoubt(_)),
                false,
            ) => ScheduleTaskState::Pause(Delivery::Confirmed),
            (ScheduleTaskState::Resume(Delivery::InDoubt(_)), true) => {
                ScheduleTaskState::Resume(Delivery::Confirmed)
            }
            _ => return false,
        };
        true
    }

    /// Takes in that it can't be read, which a request in doubt can't outlast.
    pub(in crate::upgrade) fn read_failed(&mut self, error: &Error) -> bool {
        let Some(refusal) = error.refusal().filter(|refusal| matches!(refusal.status, 403 | 404)) else {
            return false;
        };
        self.state = match &self.state {
            _ if !self.is_open() => return false,
            _ if refusal.status == 404 => ScheduleTaskState::Deleted,
            ScheduleTaskState::Resume(Delivery::InDoubt(_)) => {
                ScheduleTaskState::Resume(Delivery::Refused(error.clone()))
            }
            _ => ScheduleTaskState::Pause(Delivery::Refused(error.clone())),
        };
        true
    }

    /// Prepares a refused request to be sent again.
    pub(in crate::upgrade) fn retry(&mut self) -> bool {
        self.state = match &self.state {
            ScheduleTaskState::Pause(Delivery::Refused(_)) => ScheduleTaskState::Pause(Delivery::NotSent),
            ScheduleTaskState::Resume(Delivery::Refused(_)) => ScheduleTaskState::Pause(Delivery::Confirmed),
            _ => return false,
        };
        true
    }
}
