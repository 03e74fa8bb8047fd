//! Whether this browser may have an operation that has not finished: a mark in the local storage, so that a page of a
//! browser without one loads nothing that reads the journal. Without the mark the journal is read.

use super::preferences;

/// The name of the mark.
const MARK: &str = "open-operations";
/// The mark of a journal in which every operation has finished.
const NONE: &str = "none";

/// Whether an operation may be open.
pub fn may_exist() -> bool {
    may_exist_by(preferences::get(MARK).as_deref())
}

fn may_exist_by(mark: Option<&str>) -> bool {
    mark != Some(NONE)
}

/// To be called when a transaction that writes the journal is open, and again once it is on disk: a reading of another
/// tab that missed it then sets no mark.
pub(super) fn written() {
    preferences::set(MARK, &format!("{:016x}", js_sys::Math::random().to_bits()));
}

/// A reading of the journal.
pub(super) struct Reading(Option<String>);

impl Reading {
    /// To be called before the journal is read.
    pub fn begin() -> Self {
        Self(preferences::get(MARK))
    }

    /// Marks that every operation has finished, unless something was written since the reading began.
    pub fn found_none(&self) {
        if self.may_mark(preferences::get(MARK).as_deref()) {
            preferences::set(MARK, NONE);
        }
    }

    fn may_mark(&self, now: Option<&str>) -> bool {
        may_exist_by(now) && self.0.as_deref() == now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_mark_of_a_journal_without_open_operations_says_that_there_is_none() {
        assert!(may_exist_by(None));
        assert!(may_exist_by(Some("")));
        assert!(may_exist_by(Some("3fe0000000000000")));
        assert!(!may_exist_by(Some(NONE)));
    }

    #[test]
    fn a_reading_marks_nothing_if_the_journal_was_written_meanwhile() {
        let reading = Reading(Some("1".to_owned()));
        assert!(reading.may_mark(Some("1")));
        assert!(!reading.may_mark(Some("2")));
        let first = Reading(None);
        assert!(first.may_mark(None));
        assert!(!first.may_mark(Some("1")));
    }
}
