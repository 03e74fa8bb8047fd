//! Waits of an operation. Both moments are by the browser's clock.

use quiesce_api::Timestamp;

/// Whether this many milliseconds have passed.
pub(crate) fn has_passed(since: Timestamp, now: Timestamp, milliseconds: i64) -> bool {
    now.as_millisecond().saturating_sub(since.as_millisecond()) >= milliseconds
}

/// The milliseconds until a moment; `None` once it has come.
pub(crate) fn left(until: Timestamp, now: Timestamp) -> Option<u32> {
    let left = until.as_millisecond().saturating_sub(now.as_millisecond());
    (left > 0).then(|| u32::try_from(left).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_over_at_its_moment() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!((left(at(5), at(3)), left(at(5), at(5)), left(at(5), at(6))), (Some(2_000), None, None));
        assert!(has_passed(at(3), at(5), 2_000) && !has_passed(at(3), at(5), 2_001));
    }
}
