//! The result of a command that runs tests: `N passed, N failed`, and `, N skipped` if some were.

use crate::steps::Steps;
use anyhow::Result;
use std::fmt;
use std::ops::AddAssign;
use std::process::ExitCode;

/// Numbers of tests that passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 { write!(f, ", {} skipped", self.skipped) } else { Ok(()) }
    }
}

impl Sum {
    /// One test that passed.
    pub const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };

    /// One test that was skipped; prints the reason.
    pub fn skipped(reason: &str) -> Self {
        println!("    skipped: {reason}");
        Self { skipped: 1, ..Self::default() }
    }

    /// Counts a failed runner as one failure if it reported none.
    pub fn of_runner(self, succeeded: bool) -> Self {
        let uncounted = !succeeded && self.failed == 0;
        Self { failed: self.failed + u64::from(uncounted), ..self }
    }
}

/// Continues after a failure, so that one run shows all failures.
#[derive(Default)]
pub struct Outcome {
    steps: Steps,
    sum: Sum,
    failures: Vec<String>,
}

impl Outcome {
    /// A check that counts as one test.
    pub fn check(&mut self, what: &str, why: &str, work: impl FnOnce() -> Result<()>) {
        self.tests(what, why, || work().map(|()| Sum::PASSED));
    }

    /// Runs a test runner and adds its counts.
    pub fn tests(&mut self, what: &str, why: &str, work: impl FnOnce() -> Result<Sum>) {
        match self.steps.step(what, why, work) {
            Ok(sum) => {
                self.sum += sum;
                if sum.failed > 0 {
                    self.failures.push(format!("{what}: {sum}"));
                }
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Runs a prerequisite of tests; it counts only if it fails.
    pub fn need<T>(&mut self, work: impl FnOnce(&mut Steps) -> Result<T>) -> Option<T> {
        work(&mut self.steps).map_err(|error| self.failed(&error)).ok()
    }

    fn failed(&mut self, error: &anyhow::Error) {
        eprintln!("\nerror: {error:#}");
        self.failures.push(format!("{error:#}"));
        self.sum.failed += 1;
    }

    /// Prints the durations, the failures, and the sum alone on the last line.
    pub fn end(self) -> ExitCode {
        println!("{}", self.steps.table());
        for failure in &self.failures {
            println!("\nfailed: {failure}");
        }
        println!("\n{}", self.sum);
        if self.sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(passed: u64, failed: u64) -> Sum {
        Sum { passed, failed, skipped: 0 }
    }

    #[test]
    fn mentions_skipped_tests_only_if_there_are_any() {
        assert_eq!(sum(3, 1).to_string(), "3 passed, 1 failed");
        assert_eq!(Sum { skipped: 2, ..sum(3, 0) }.to_string(), "3 passed, 0 failed, 2 skipped");
    }

    #[test]
    fn a_failed_runner_without_counts_is_one_failure() {
        assert_eq!(sum(3, 0).of_runner(false), sum(3, 1));
        assert_eq!(sum(3, 2).of_runner(false), sum(3, 2));
        assert_eq!(sum(3, 0).of_runner(true), sum(3, 0));
    }

    #[test]
    fn continues_after_a_failure_and_counts_all_failures() {
        let mut outcome = Outcome::default();
        outcome.check("one", "", || anyhow::bail!("broken"));
        outcome.check("two", "", || Ok(()));
        outcome.tests("three", "", || Ok(sum(5, 1)));
        let needed: Option<()> = outcome.need(|_| anyhow::bail!("not there"));
        assert!(needed.is_none());
        assert_eq!(outcome.sum.to_string(), "6 passed, 3 failed");
        assert_eq!(outcome.failures, ["broken", "three: 5 passed, 1 failed", "not there"]);
    }
}
