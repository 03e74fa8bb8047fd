//! The steps after the selection, each a function from the operation to a view.

pub(crate) mod backup;
pub(crate) mod pause_schedules;
pub(crate) mod report;
pub(crate) mod restore;
pub(crate) mod review;
pub(crate) mod stop_runs;
pub(crate) mod upgrade;
