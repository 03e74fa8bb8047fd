//! The differences that docs/sandbox-differences.md lists, one reason each.

use std::cell::Cell;

const TEXT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sandbox-differences.md"));
const BEGIN: &str = "<!-- recorded differences: begin -->";
const END: &str = "<!-- recorded differences: end -->";

/// A row: on which servers, in which records, at which place. A `*` at an end stands for anything.
#[derive(Debug)]
pub struct Listed {
    pub line: String,
    servers: Vec<String>,
    records: Vec<String>,
    places: Vec<String>,
    /// The combinations of record and place that were met.
    met: Vec<Vec<Cell<bool>>>,
}

/// The rows of the document.
pub fn listed() -> Vec<Listed> {
    read(TEXT)
}

fn read(text: &str) -> Vec<Listed> {
    let (_, rest) = text.split_once(BEGIN).expect("the table's begin");
    let (table, _) = rest.split_once(END).expect("the table's end");
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|line| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [servers, records, places, reason] = cells.as_slice() else { panic!("four cells: {line}") };
        assert!(!reason.is_empty(), "a reason: {line}");
        let list = |cell: &str| -> Vec<String> {
            cell.split(',').map(|it| it.trim().trim_matches('`').to_owned()).collect()
        };
        let (servers, records, places) = (list(servers), list(records), list(places));
        let met = records.iter().map(|_| places.iter().map(|_| Cell::new(false)).collect()).collect();
        Listed { line: line.to_owned(), servers, records, places, met }
    })
    .collect()
}

impl Listed {
    /// Whether a difference is of this row.
    pub fn takes(&self, server: &str, record: &str, place: &str) -> bool {
        if !self.servers.iter().any(|it| it == server) {
            return false;
        }
        let mut taken = false;
        for (pattern, met) in self.records.iter().zip(&self.met) {
            for (prefix, met) in self.places.iter().zip(met) {
                if fits(pattern, record) && fits(prefix, place) {
                    met.set(true);
                    taken = true;
                }
            }
        }
        taken
    }

    /// What of this row was never met.
    pub fn gone(&self) -> Vec<String> {
        let mut gone = Vec::new();
        for (record, met) in self.records.iter().zip(&self.met) {
            if met.iter().all(|met| !met.get()) {
                gone.push(record.clone());
            }
        }
        for (index, place) in self.places.iter().enumerate() {
            if self.met.iter().all(|met| met.get(index).is_none_or(|met| !met.get())) {
                gone.push(place.clone());
            }
        }
        gone
    }
}

/// Whether a text fits a pattern: a `*` stands for any part of it.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).filter_map(|at| rest.get(at..)).any(|rest| fits(after, rest))
        }),
    }
}

#[test]
fn a_star_stands_for_any_part() {
    assert!(fits("/*/plugin/*", "/0/plugin/artifact"));
    assert!(fits("spec-*", "spec-clicks_live") && !fits("spec-*", "app-clicks_live"));
    assert!(!fits("/a", "/a/b") && fits("/a*", "/a/b"));
}

#[test]
fn a_row_takes_what_it_names_and_tells_what_of_it_is_gone() {
    let text = format!(
        "{BEGIN}\n| server | records | where | why |\n| --- | --- | --- | --- |\n\
         | 6.11.0, 6.7.2 | `app-*`, `apps` | `status`, `/0*` | because |\n{END}"
    );
    let rows = read(&text);
    let row = rows.first().expect("a row");
    assert!(!row.takes("secured", "apps", "status"));
    assert!(!row.takes("6.7.2", "apps", "body"));
    assert_eq!(row.gone(), ["app-*", "apps", "status", "/0*"]);
    assert!(row.takes("6.7.2", "app-x", "status"));
    assert_eq!(row.gone(), ["apps", "/0*"]);
    assert!(row.takes("6.11.0", "apps", "/0/name"));
    assert!(row.gone().is_empty());
}
