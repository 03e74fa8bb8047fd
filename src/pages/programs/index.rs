//! Which rows a filter shows, in order. What did not change is not computed again: the order by name lasts as long as the
//! names, and more words are only searched for in the rows that fewer words found.

use super::filter::{Filter, Sort};
use super::fleet::Fleet;
use super::row::{Bucket, Row};
use crate::selected_programs::{SelectedPrograms, by_name};
use std::cmp::Ordering;
use std::sync::Arc;

/// The rows of a fleet in order, with what the last filter showed of them.
#[derive(Default)]
pub struct Index {
    fleet: Arc<Fleet>,
    /// The indices of all rows, by name.
    by_name: Vec<usize>,
    /// The indices of the rows with an active run.
    active: Vec<usize>,
    /// The indices of all rows, in the order of the last filter.
    order: Vec<usize>,
    last: Option<(Filter, Arc<Vec<usize>>)>,
}

impl Index {
    /// The indices of the rows that the filter shows, in order.
    pub fn shown(&mut self, fleet: &Arc<Fleet>, filter: &Filter) -> Arc<Vec<usize>> {
        if !Arc::ptr_eq(&self.fleet, fleet) {
            if !Arc::ptr_eq(&self.fleet.names, &fleet.names) {
                self.by_name = (0..fleet.rows.len()).collect();
                sort(&mut self.by_name, &fleet.rows, &|a, b| by_name(&a.program, &b.program));
            }
            let places = fleet.rows.iter().enumerate().filter(|(_, row)| row.is_active());
            self.active = places.map(|(place, _)| place).collect();
            self.fleet = fleet.clone();
            self.last = None;
        }
        let before = self.last.take().filter(|(before, _)| filter.same_order(before));
        if before.is_none() {
            self.order = self.ordered(filter);
        }
        let shown = match before {
            Some((before, shown)) if before.narrows_further(filter) && filter.narrows_further(&before) => {
                shown
            }
            Some((before, shown)) if filter.narrows_further(&before) => self.found(filter, &shown),
            _ => self.found(filter, &self.order),
        };
        self.last = Some((filter.clone(), shown.clone()));
        shown
    }

    /// How many of these programs have an active run.
    pub fn active(&self, selected: &SelectedPrograms) -> usize {
        let rows = self.active.iter().filter_map(|place| self.fleet.rows.get(*place));
        rows.filter(|row| selected.contains(&row.program)).count()
    }

    /// The programs of these rows.
    pub fn select(&self, shown: &[usize]) -> SelectedPrograms {
        let mut is_shown = vec![false; self.fleet.rows.len()];
        for place in shown {
            if let Some(is_shown) = is_shown.get_mut(*place) {
                *is_shown = true;
            }
        }
        let places = self.by_name.iter().filter(|place| is_shown.get(**place) == Some(&true));
        let rows = places.filter_map(|place| self.fleet.rows.get(*place));
        SelectedPrograms::all(rows.map(|row| row.program.clone()).collect())
    }

    /// The indices of all rows in the order of a filter; rows that are equal in it are in the order of their names.
    fn ordered(&self, filter: &Filter) -> Vec<usize> {
        let rows = &self.fleet.rows;
        let mut order = match filter.sort {
            Sort::State => self.by_bucket(),
            _ => self.by_name.clone(),
        };
        // Names begin with the application.
        if !matches!(filter.sort, Sort::State | Sort::Application) {
            sort(&mut order, rows, &|a, b| filter.order(a, b));
        }
        if !filter.descending {
            return order;
        }
        let are_equal = |a: &usize, b: &usize| {
            rows.get(*a).zip(rows.get(*b)).is_some_and(|(a, b)| filter.order(a, b).is_eq())
        };
        let mut turned: Vec<_> = order.chunk_by(are_equal).rev().flatten().copied().collect();
        if filter.sort == Sort::Started {
            // What never ran comes last, whichever way round.
            let never = |place: &&usize| rows.get(**place).is_some_and(|row| row.started().is_none());
            let never = turned.iter().take_while(never).count();
            turned.rotate_left(never);
        }
        turned
    }

    /// The indices of all rows by bucket, and then by name. There are few buckets, so that of each row is found once instead of
    /// for each comparison.
    fn by_bucket(&self) -> Vec<usize> {
        let buckets: Vec<Bucket> = self.fleet.rows.iter().map(Row::bucket).collect();
        let mut order = Vec::with_capacity(buckets.len());
        for bucket in Bucket::ALL {
            order.extend(self.by_name.iter().filter(|place| buckets.get(**place) == Some(&bucket)));
        }
        order
    }

    /// Those of these rows that the filter shows.
    fn found(&self, filter: &Filter, among: &[usize]) -> Arc<Vec<usize>> {
        let words = filter.searched();
        let shows = |row: &Row| filter.shows(row) && (words.is_empty() || mentions(row, words.as_bytes()));
        let places = among.iter().copied();
        Arc::new(places.filter(|place| self.fleet.rows.get(*place).is_some_and(shows)).collect())
    }
}

/// Sorts indices of rows. Those of equal rows keep their order.
fn sort(places: &mut [usize], rows: &[Row], order: &dyn Fn(&Row, &Row) -> Ordering) {
    places.sort_by(|a, b| match (rows.get(*a), rows.get(*b)) {
        (Some(a), Some(b)) => order(a, b),
        _ => Ordering::Equal,
    });
}

/// Whether these words, in lower case, are in a name of a row, its type, its run or its artifact.
fn mentions(row: &Row, words: &[u8]) -> bool {
    let has = |text: &str| contains(text.as_bytes(), words);
    let program = &row.program;
    has(program.application.as_str())
        || has(program.program.as_str())
        || has(program.program_type.word())
        || row.run().is_some_and(|run| has(run.run.as_str()))
        || row.artifact.as_ref().is_some_and(|artifact| has(&artifact.name) || has(&artifact.version))
}

/// Whether a text has these words, which are in lower case. Names are ASCII (docs/cdap-api.md#names); other letters are
/// compared as they are.
fn contains(mut text: &[u8], words: &[u8]) -> bool {
    let Some(first) = words.first() else { return true };
    while text.len() >= words.len() {
        // Eight letters at once, as most of them are not the first one.
        let steps = match text.first_chunk() {
            Some(eight) => equal_letters(u64::from_le_bytes(*eight), *first).trailing_zeros() / u8::BITS,
            None => 0,
        };
        if steps == 0 && text[..words.len()].eq_ignore_ascii_case(words) {
            return true;
        }
        text = &text[steps.max(1) as usize..];
    }
    false
}

/// The highest bit of each of eight letters that is this one in either case. It may also be set in those after the first, and
/// of other characters of the same last five bits.
fn equal_letters(eight: u64, letter: u8) -> u64 {
    const LOWEST: u64 = u64::MAX / 255;
    let differs = (eight ^ (LOWEST * u64::from(letter))) & !(LOWEST * 0x20);
    differs.wrapping_sub(LOWEST) & !differs & (LOWEST << 7)
}

#[cfg(test)]
mod tests {
    use super::super::filter::State;
    use super::super::row::Latest;
    use super::*;
    use quiesce_api::{ProgramRef, ProgramType};
    use quiesce_lifecycle::kind::Kind;

    fn row(application: &str, status: Option<&str>) -> Row {
        let latest = status.map_or(Latest::Never, |status| {
            let record =
                serde_json::json!({ "runid": format!("run-{application}"), "starting": 5, "status": status });
            Latest::Run(Arc::new(serde_json::from_value(record).unwrap()))
        });
        let program = ProgramRef::new("default", application, ProgramType::Worker, "Main");
        Row { latest, ..Row::unread(program, Kind::Worker, None) }
    }

    fn fleet(rows: &[(&str, Option<&str>)]) -> Arc<Fleet> {
        let rows = rows.iter().map(|(name, status)| row(name, *status)).collect();
        Arc::new(Fleet { rows, ..Fleet::default() })
    }

    fn filters() -> Vec<Filter> {
        let words = ["", "o", "or", "ord", "ORD", " or", "c", "", "run-", "n-or", "\n", "x"];
        let states = [Vec::new(), vec![State::Active]];
        let sorts = [(Sort::State, false), (Sort::Application, true), (Sort::Started, false)];
        let mut filters = Vec::new();
        for (sort, descending) in sorts {
            for states in &states {
                for words in words {
                    let words = words.to_owned();
                    let states = states.clone();
                    filters.push(Filter { words, states, sort, descending, ..Filter::default() });
                }
            }
        }
        filters
    }

    #[test]
    fn a_filter_after_others_shows_what_it_shows_alone() {
        let before =
            fleet(&[("orders", Some("RUNNING")), ("clicks", None), ("Corder", Some("FAILED")), ("a", None)]);
        let after =
            fleet(&[("orders", Some("KILLED")), ("clicks", Some("RUNNING")), ("Corder", None), ("a", None)]);
        let fewer = fleet(&[("clicks", None), ("orders", Some("RUNNING"))]);
        let filters = filters();
        let mut index = Index::default();
        for fleet in [&before, &after, &fewer, &before] {
            for filter in filters.iter().chain(filters.iter().rev()) {
                let alone = Index::default().shown(fleet, filter);
                assert_eq!(index.shown(fleet, filter), alone, "{filter:?}");
            }
        }
    }

    #[test]
    fn rows_are_ordered_as_by_all_that_they_are_compared_by() {
        let names = [("b", "RUNNING"), ("a", "FAILED"), ("d", "FAILED"), ("c", "RUNNING"), ("e", "")];
        let fleet = fleet(&names.map(|(name, status)| (name, Some(status).filter(|it| !it.is_empty()))));
        let order = |sort, descending| {
            let filter = Filter { sort, descending, ..Filter::default() };
            let shown = Index::default().shown(&fleet, &filter);
            shown.iter().map(|place| names[*place].0).collect::<String>()
        };
        assert_eq!((order(Sort::State, false), order(Sort::State, true)), ("bcade".into(), "eadbc".into()));
        assert_eq!(
            (order(Sort::Application, false), order(Sort::Application, true)),
            ("abcde".into(), "edcba".into())
        );
        // All have the same start, except for the one that never ran.
        assert_eq!(
            (order(Sort::Started, false), order(Sort::Started, true)),
            ("abcde".into(), "abcde".into())
        );
        assert_eq!((order(Sort::Kind, false), order(Sort::Kind, true)), ("abcde".into(), "abcde".into()));
    }

    #[test]
    fn all_that_a_filter_shows_are_selected_whatever_their_order() {
        let fleet =
            fleet(&[("c", Some("RUNNING")), ("b", Some("FAILED")), ("a", Some("RUNNING")), ("d", None)]);
        let selected = |states: &[State], sort, descending| {
            let filter = Filter { states: states.to_vec(), sort, descending, ..Filter::default() };
            let mut index = Index::default();
            let shown = index.shown(&fleet, &filter);
            let selected = index.select(&shown);
            let names = selected.to_vec().iter().map(|program| program.application.to_string()).collect();
            (names, index.active(&selected))
        };
        for sort in [Sort::Application, Sort::State, Sort::Started] {
            for descending in [false, true] {
                assert_eq!(selected(&[], sort, descending), ("abcd".to_owned(), 2));
                assert_eq!(selected(&[State::Active], sort, descending), ("ac".to_owned(), 2));
                assert_eq!(selected(&[State::Failed], sort, descending), ("b".to_owned(), 0));
            }
        }
    }

    #[test]
    fn another_page_of_the_same_rows_is_not_computed_again() {
        let fleet = fleet(&[("orders", None), ("clicks", None)]);
        let mut index = Index::default();
        let shown = index.shown(&fleet, &Filter::default());
        let next = index.shown(&fleet, &Filter { page: 1, ..Filter::default() });
        assert!(Arc::ptr_eq(&shown, &next));
    }

    #[test]
    fn words_are_found_at_each_place_of_a_text_of_any_length() {
        let text = b"Ab-ba_AAB.xyZ{zab0123456789@`abz";
        for from in 0..text.len() {
            for to in from..=text.len() {
                let text = &text[from..to];
                let lower = text.to_ascii_lowercase();
                for words in
                    [&b"a"[..], b"ab", b"aab", b"z", b"zab", b"{z", b"`", b"@", b"_", b"9@`abz", b"abzz"]
                {
                    let expected = lower.windows(words.len()).any(|it| it == words);
                    assert_eq!(contains(text, words), expected, "{text:?} {words:?}");
                }
            }
        }
    }

    #[test]
    fn words_are_not_found_across_two_texts_of_a_row() {
        let fleet = fleet(&[("orders", None)]);
        let found = |words: &str| {
            let filter = Filter { words: words.to_owned(), ..Filter::default() };
            Index::default().shown(&fleet, &filter).len()
        };
        assert_eq!((found("orders"), found("main"), found("ordersmain")), (1, 1, 0));
    }
}
