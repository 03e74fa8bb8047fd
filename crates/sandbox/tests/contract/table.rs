//! The table of docs/testing.md: how many cases agree, on the sandbox and on a real 6.11.0.

use crate::cases::Agreement;
use std::fs;
use std::sync::{Mutex, PoisonError};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/testing.md");
const BEGIN: &str = "<!-- contract table: begin -->\n";
const END: &str = "<!-- contract table: end -->";
const HEAD: &str = "| what the cases are about | cases | sandbox | 6.11.0 |\n| --- | --- | --- | --- |\n";
/// The tests of one run write one after the other.
static WRITING: Mutex<()> = Mutex::new(());

/// Which server was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Sandbox,
    Real,
}

/// A subject, how many cases it has, and how many agree on each server, as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    subject: String,
    cases: String,
    sandbox: String,
    real: String,
}

/// The text around the table, and its rows.
fn read() -> (String, Vec<Row>, String) {
    let text = fs::read_to_string(FILE).expect("docs/testing.md");
    let (before, rest) = text.split_once(BEGIN).expect("the table's begin");
    let (table, after) = rest.split_once(END).expect("the table's end");
    let rows = table.lines().skip(2).filter_map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
        let mut cell = || cells.next();
        Some(Row { subject: cell()?, cases: cell()?, sandbox: cell()?, real: cell()? })
    });
    let rows = rows.filter(|row| row.subject != "all").collect();
    (before.to_owned(), rows, after.to_owned())
}

/// Puts what was found into the table.
pub fn write(column: Column, agreements: &[Agreement]) {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let (before, old, after) = read();
    let mut rows: Vec<Row> = Vec::new();
    let subjects = crate::cases::all().into_iter().chain(crate::cases::secured());
    for subject in subjects {
        let known = old.iter().find(|row| row.subject == subject.name);
        let kept = |cell: fn(&Row) -> &String| known.map_or_else(|| "–".to_owned(), |row| cell(row).clone());
        let mut row = Row {
            subject: subject.name.to_owned(),
            cases: subject.cases.len().to_string(),
            sandbox: kept(|row| &row.sandbox),
            real: kept(|row| &row.real),
        };
        if let Some(found) = agreements.iter().find(|it| it.subject == subject.name) {
            *cell(&mut row, column) = found.agree.to_string();
        }
        rows.push(row);
    }
    let sum = |cell: fn(&Row) -> &String| {
        rows.iter().filter_map(|row| cell(row).parse::<usize>().ok()).sum::<usize>().to_string()
    };
    let all = Row {
        subject: "all".to_owned(),
        cases: sum(|row| &row.cases),
        sandbox: sum(|row| &row.sandbox),
        real: sum(|row| &row.real),
    };
    let lines = rows
        .iter()
        .chain([&all])
        .map(|row| format!("| {} | {} | {} | {} |\n", row.subject, row.cases, row.sandbox, row.real));
    let table: String = lines.collect();
    fs::write(FILE, format!("{before}{BEGIN}{HEAD}{table}{END}{after}")).expect("docs/testing.md is written");
}

fn cell(row: &mut Row, column: Column) -> &mut String {
    match column {
        Column::Sandbox => &mut row.sandbox,
        Column::Real => &mut row.real,
    }
}

/// Fails if the table says something else than what was found.
pub fn hold(column: Column, agreements: &[Agreement]) {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, mut rows, _) = read();
    let mend = "mend it: CONTRACT_TABLE=write cargo test -p quiesce-sandbox --test contract";
    for found in agreements {
        let row = rows.iter_mut().find(|row| row.subject == found.subject);
        let row = row.unwrap_or_else(|| panic!("{} is not in docs/testing.md; {mend}", found.subject));
        let told = (row.cases.clone(), cell(row, column).clone());
        let true_ones = (found.cases.to_string(), found.agree.to_string());
        assert_eq!(told, true_ones, "{} in docs/testing.md, {column:?}; {mend}", found.subject);
    }
}
