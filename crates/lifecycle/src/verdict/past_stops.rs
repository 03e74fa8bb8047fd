//! The durations of past stops.

use quiesce_api::run::RunRecord;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// How long past stops of a program took, in seconds, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PastStops {
    /// `end - stopping` of each.
    pub took: Vec<i64>,
}

impl PastStops {
    /// How many are looked at.
    pub const MOST: usize = 5;

    /// Takes the last stops from the records of a program, in whatever order these come.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a RunRecord>) -> Self {
        let mut stops: Vec<_> = records
            .into_iter()
            .filter(|record| record.status.is_end())
            .filter_map(|record| Some((record.end?, record.end?.0.saturating_sub(record.stopping?.0))))
            .collect();
        stops.sort_unstable_by_key(|(end, _)| Reverse(*end));
        Self { took: stops.into_iter().take(Self::MOST).map(|(_, took)| took).collect() }
    }
}
