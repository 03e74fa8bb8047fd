//! Which rows a filter shows, in order. What a keystroke does not change is not computed again: the searched texts and
//! the order of all rows are kept, and more words are only searched for in the rows that fewer words found.

use super::filter::Filter;
use super::fleet::Fleet;
use super::row::Row;
use std::sync::Arc;

/// The rows of a fleet in order, with what the last filter showed of them.
#[derive(Default)]
pub struct Index {
    fleet: Arc<Fleet>,
    /// Made when something is searched for.
    texts: Option<Texts>,
    /// The indices of all rows, in the order of the last filter.
    order: Vec<usize>,
    last: Option<(Filter, Arc<Vec<usize>>)>,
}

impl Index {
    /// The indices of the rows that the filter shows, in order.
    pub fn shown(&mut self, fleet: &Arc<Fleet>, filter: &Filter) -> Arc<Vec<usize>> {
        if !Arc::ptr_eq(&self.fleet, fleet) {
            self.fleet = fleet.clone();
            self.texts = None;
            self.last = None;
            if self.order.len() != fleet.rows.len() {
                self.order = (0..fleet.rows.len()).collect();
            }
        }
        let before = self.last.take().filter(|(before, _)| filter.same_order(before));
        if before.is_none() {
            let rows = &self.fleet.rows;
            // Rows that are mostly in order already are sorted in one pass.
            self.order.sort_by(|a, b| match (rows.get(*a), rows.get(*b)) {
                (Some(a), Some(b)) => filter.order(a, b),
                _ => std::cmp::Ordering::Equal,
            });
        }
        let shown = match before {
            Some((before, shown)) if before.narrows_further(filter) && filter.narrows_further(&before) => {
                shown
            }
            Some((before, shown)) if filter.narrows_further(&before) => self.found(filter, &shown),
            _ => {
                let order = std::mem::take(&mut self.order);
                let shown = self.found(filter, &order);
                self.order = order;
                shown
            }
        };
        self.last = Some((filter.clone(), shown.clone()));
        shown
    }

    /// Those of these rows that the filter shows.
    fn found(&mut self, filter: &Filter, among: &[usize]) -> Arc<Vec<usize>> {
        let words = filter.searched();
        let rows = &self.fleet.rows;
        let shows = |place: usize| rows.get(place).is_some_and(|row| filter.shows(row));
        let places = among.iter().copied();
        if words.is_empty() {
            return Arc::new(places.filter(|place| shows(*place)).collect());
        }
        let texts = self.texts.get_or_insert_with(|| Texts::new(rows));
        Arc::new(places.filter(|place| texts.has(*place, words.as_bytes()) && shows(*place)).collect())
    }
}

/// The texts of all rows that a search finds, in lower case. Names are ASCII (docs/cdap-api.md#names); others are
/// compared as they are.
struct Texts {
    text: Vec<u8>,
    /// Where the text of each row ends.
    ends: Vec<usize>,
}

impl Texts {
    fn new(rows: &[Row]) -> Self {
        let (mut text, mut ends) = (Vec::new(), Vec::with_capacity(rows.len()));
        for row in rows {
            for part in row.searched() {
                text.extend_from_slice(part.as_bytes());
                text.push(b'\n');
            }
            ends.push(text.len());
        }
        text.make_ascii_lowercase();
        Self { text, ends }
    }

    /// Whether the words, in lower case, are in a text of the row.
    fn has(&self, place: usize, words: &[u8]) -> bool {
        let start =
            place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let text = self.ends.get(place).and_then(|end| self.text.get(start..*end)).unwrap_or_default();
        let Some((first, rest)) = words.split_first() else { return true };
        let mut text = text.iter();
        while text.any(|byte| byte == first) {
            if text.as_slice().starts_with(rest) {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::filter::{Sort, State};
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
    fn another_page_of_the_same_rows_is_not_computed_again() {
        let fleet = fleet(&[("orders", None), ("clicks", None)]);
        let mut index = Index::default();
        let shown = index.shown(&fleet, &Filter::default());
        let next = index.shown(&fleet, &Filter { page: 1, ..Filter::default() });
        assert!(Arc::ptr_eq(&shown, &next));
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
