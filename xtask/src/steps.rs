//! Progress output: each step with its purpose and duration.

use anyhow::Result;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// The steps of one command, in order.
#[derive(Default)]
pub struct Steps {
    done: Vec<(String, Duration)>,
}

impl Steps {
    /// Prints the step and its purpose, runs it and records its duration.
    pub fn step<T>(&mut self, what: &str, why: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n==> {what}: {why}");
        let began = Instant::now();
        let outcome = work();
        self.done.push((what.to_owned(), began.elapsed()));
        outcome
    }

    /// A table of the durations.
    pub fn table(&self) -> String {
        let mut table = String::from("\nstep                                           seconds\n");
        for (what, time) in &self.done {
            let _ = writeln!(table, "{what:<46} {:>7.1}", time.as_secs_f64());
        }
        let all: Duration = self.done.iter().map(|(_, time)| *time).sum();
        let _ = write!(table, "{:<46} {:>7.1}", "all", all.as_secs_f64());
        table
    }
}

/// Prints that a step has nothing to do.
pub fn there(what: &str) {
    println!("    {what}: exists");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_includes_failed_steps() {
        let mut steps = Steps::default();
        steps.step("Good", "it works", || Ok(())).unwrap();
        assert!(steps.step("Bad", "it does not", || -> Result<()> { anyhow::bail!("no") }).is_err());
        let table = steps.table();
        let names: Vec<&str> = table.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert!(names.windows(2).any(|pair| pair == ["Good", "Bad"]), "{table}");
    }
}
