//! A schedule: it is paused, and resumed at the end.

use super::doubt::Doubt;
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

/// How a schedule stands, in the order in which it goes through it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ScheduleTaskState {
    /// It is on, and nothing was sent.
    Enabled,
    /// It is being turned off.
    Pausing,
    /// Requested, without a good answer.
    PauseInDoubt(Doubt),
    /// We turned it off.
    Paused,
    /// Another user had turned it off: it stays as it is.
    AlreadySuspended,
    /// It is not there any more.
    Deleted,
    /// The server does not let us turn it off.
    PauseRefused(Error),
    /// It is being turned on again.
    Resuming,
    /// Requested, without a good answer.
    ResumeInDoubt(Doubt),
    /// It is on again.
    Resumed,
    /// The server does not let us turn it on again.
    ResumeRefused(Error),
    /// It stays off because the operator wants it so.
    LeftSuspended,
}

impl ScheduleTask {
    /// Whether it does not fire, as far as is known.
    pub fn is_suspended(&self) -> bool {
        matches!(
            self.state,
            ScheduleTaskState::Paused | ScheduleTaskState::AlreadySuspended | ScheduleTaskState::Deleted
        )
    }

    /// Whether a call is under way or in doubt.
    pub fn is_open(&self) -> bool {
        matches!(
            self.state,
            ScheduleTaskState::Pausing
                | ScheduleTaskState::PauseInDoubt(_)
                | ScheduleTaskState::Resuming
                | ScheduleTaskState::ResumeInDoubt(_)
        )
    }

    pub(in crate::upgrade) fn answered(&mut self, at: Timestamp, on: bool, error: Option<&Error>) {
        let kind = error.and_then(Error::refusal).map(|refusal| refusal.kind);
        self.state = match (error, kind) {
            (None, _) if on => ScheduleTaskState::Resumed,
            (None, _) => ScheduleTaskState::Paused,
            // The router refuses before it forwards.
            (_, Some(RefusalKind::Unauthenticated)) if on => ScheduleTaskState::Paused,
            (_, Some(RefusalKind::Unauthenticated)) => ScheduleTaskState::Enabled,
            (_, Some(RefusalKind::Conflict)) if on => ScheduleTaskState::Resumed,
            (_, Some(RefusalKind::Conflict)) if self.may_have_been_sent => ScheduleTaskState::Paused,
            (_, Some(RefusalKind::Conflict)) => ScheduleTaskState::AlreadySuspended,
            (_, Some(RefusalKind::NotFound)) => ScheduleTaskState::Deleted,
            (Some(error), _) if error.leaves_doubt() => {
                self.may_have_been_sent = true;
                let doubt = Doubt { since: at, error: Some(error.clone()) };
                if on {
                    ScheduleTaskState::ResumeInDoubt(doubt)
                } else {
                    ScheduleTaskState::PauseInDoubt(doubt)
                }
            }
            (Some(error), _) if on => ScheduleTaskState::ResumeRefused(error.clone()),
            (Some(error), _) => ScheduleTaskState::PauseRefused(error.clone()),
        };
    }

    pub(in crate::upgrade) fn read(&mut self, is_on: bool) -> bool {
        self.state = match (&self.state, is_on) {
            (ScheduleTaskState::PauseInDoubt(_), true) => ScheduleTaskState::Enabled,
            (ScheduleTaskState::PauseInDoubt(_) | ScheduleTaskState::ResumeInDoubt(_), false) => {
                ScheduleTaskState::Paused
            }
            (ScheduleTaskState::ResumeInDoubt(_), true) => ScheduleTaskState::Resumed,
            _ => return false,
        };
        true
    }
}
