//! Recorded journals, which the gallery shows without anything that runs them.

use super::journal_file::Journals;
use quiesce_lifecycle::journal::{Entry, Header};

/// The beginning of a recorded journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// A file of *Download journal* with one operation.
    pub file: &'static str,
    /// How many of its entries are shown as all that happened.
    pub entries: usize,
}

impl Recorded {
    /// Its operation, with these entries.
    pub fn read(self) -> Option<(Header, Vec<Entry>)> {
        let Journals { operations, .. } = serde_json::from_str(self.file).ok()?;
        let mut journal = operations.into_iter().next()?;
        journal.entries.truncate(self.entries);
        Some((journal.header, journal.entries))
    }
}
