//! When a request counts as without effect.

/// How long after a request a run without a sign of it counts as not changed by it, in milliseconds.
pub(super) const SETTLES: i64 = 15_000;
