//! Which programs of a large list are read in which turn, once all were read.

use super::fleet::CHUNK;
use super::row::Row;

/// The rows of the next call, as indices: those that are or may be active, and a part of the rest. A page takes each turn
/// unless turns are those of the clock: then a slow one may miss every second turn.
pub(super) fn due(rows: &[Row], turn: usize, by_clock: bool) -> Vec<usize> {
    let may_be_active =
        |place: &usize| rows.get(*place).is_some_and(|row| row.is_active() || row.is_unknown());
    let (mut ask, rest): (Vec<_>, Vec<_>) = (0..rows.len()).partition(may_be_active);
    ask.truncate(CHUNK);
    let room = CHUNK.saturating_sub(ask.len()).min(rest.len());
    let parts = rest.len().div_ceil(room.max(1)).max(1);
    // Rounds that start at different parts let a page that misses turns reach all of them.
    let first = if by_clock { mixed(turn / parts) } else { 0 };
    let part = turn.wrapping_add(first) % parts;
    ask.extend(rest.iter().cycle().skip(part * room).take(room));
    ask
}

/// A number whose bits all depend on all bits of another one: the finalizer of `MurmurHash3` (Appleby), halved.
#[expect(clippy::cast_possible_truncation, reason = "the numbers of rounds differ in the lower bits")]
fn mixed(round: usize) -> usize {
    let mut bits = round as u32;
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ (bits >> 13)).wrapping_mul(0xc2b2_ae35);
    ((bits ^ (bits >> 16)) >> 1) as usize
}

#[cfg(test)]
mod tests {
    use super::super::row::Latest;
    use super::*;
    use quiesce_api::{ProgramRef, ProgramType};
    use quiesce_lifecycle::kind::Kind;
    use std::collections::BTreeSet;

    fn rows(count: usize) -> Vec<Row> {
        let row = |index: usize| {
            let program = ProgramRef::new("retail", format!("a{index:05}"), ProgramType::Workflow, "Main");
            Row { latest: Latest::Never, ..Row::unread(program, Kind::BatchPipeline, None) }
        };
        (0..count).map(row).collect()
    }

    #[test]
    fn a_round_of_turns_reads_all_programs_and_two_rounds_by_the_clock() {
        for count in [0, 1, CHUNK, CHUNK + 1, 1_234, 5_000] {
            let (rows, round) = (rows(count), count.div_ceil(CHUNK));
            for (first, by_clock) in [(0, false), (7, false), (0, true), (118_939_123, true)] {
                let turns = first..first + if by_clock { 2 * round } else { round };
                let read: BTreeSet<_> = turns.flat_map(|turn| due(&rows, turn, by_clock)).collect();
                assert_eq!(read.len(), count, "{count} from {first}");
            }
        }
    }

    #[test]
    fn a_page_that_misses_turns_reads_all_programs() {
        let rows = rows(5_000);
        for step in 2..=6 {
            let turns = (118_939_123..).step_by(step).take(200);
            let read: BTreeSet<_> = turns.flat_map(|turn| due(&rows, turn, true)).collect();
            assert_eq!(read.len(), rows.len(), "every turn of {step}");
        }
    }

    #[test]
    fn programs_that_may_be_active_are_in_each_turn() {
        let mut rows = rows(1_234);
        rows[1_000].latest = Latest::Problem("unknown".to_owned());
        for turn in 0..5 {
            let asked = due(&rows, turn, true);
            assert_eq!((asked.len(), asked[0]), (CHUNK, 1_000));
        }
    }
}
