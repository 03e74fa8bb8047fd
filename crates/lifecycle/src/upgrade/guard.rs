//! The guards that the search in the tests takes away one at a time, to see that it would notice.

/// A guard of the machine.
#[cfg_attr(test, derive(Debug))]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// No backup before every run has ended, by a reading after the stop.
    RunsEnded,
    /// No upgrade before a verified backup that has the application.
    BackedUp,
    /// No call for an application that runs, by a reading right before the call.
    NothingRuns,
    /// No call for an application that another user changed.
    NoDrift,
    /// No second call while an answer is in doubt.
    DoubtIsRead,
    /// What had an intent and no answer before a crash is in doubt.
    CrashIsDoubt,
    /// One unanswered request at a time.
    OneUnanswered,
    /// No verdict on a lost answer before a minute of readings.
    Patience,
    /// An answer of 200 is not a proof.
    ReadBack,
    /// A schedule that another user paused is not resumed.
    OnlyOurs,
    /// No start where something runs.
    NoSecondCopy,
    /// No schedule continues before every start is settled.
    SchedulesLast,
    /// No redeploy while something may be left.
    Gate,
    /// An abort puts schedules back.
    AbortPutsBack,
}

/// Whether the guard was taken away: never, outside the tests.
#[cfg(not(test))]
pub(super) const fn without(_: Guard) -> bool {
    false
}

#[cfg(test)]
thread_local! {
    pub(super) static TAKEN_AWAY: std::cell::Cell<Option<Guard>> = const { std::cell::Cell::new(None) };
}

#[cfg(test)]
pub(super) fn without(guard: Guard) -> bool {
    TAKEN_AWAY.get() == Some(guard)
}
