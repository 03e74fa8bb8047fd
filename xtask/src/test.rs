//! Runs all tests: Rust tests, and browser journeys on the sandbox and on a real CDAP, without and with security.

use crate::cdap;
use crate::outcome::{Outcome, Sum};
use crate::package::{self, page_folder::page_folder};
use crate::page;
use crate::paths;
use crate::process::Tool;
use crate::setup;
use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::thread;

/// Options to run only a part of the tests.
#[derive(clap::Args, Default)]
pub struct Options {
    /// Start no real CDAP: run the contract and the journeys only on the sandbox
    #[arg(long)]
    no_cdap: bool,
    /// Run only one half
    #[arg(long, value_enum)]
    only: Option<Half>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Half {
    /// `cargo test`
    Rust,
    /// The browser journeys
    E2e,
}

/// Runs all tests and continues after failures.
pub fn run(options: &Options, outcome: &mut Outcome) {
    let rust = options.only != Some(Half::E2e);
    let compiled = rust
        && outcome
            .need(|steps| steps.step("Compile the Rust tests", "before a real CDAP is started", compile))
            .is_some();
    let e2e = options.only != Some(Half::Rust)
        && outcome
            .need(|steps| {
                setup::for_page(steps)?;
                setup::for_journeys(steps)?;
                page::build(steps)?;
                page::Server::Optimized.build(steps)?;
                package::page(steps)
            })
            .is_some();
    if e2e && options.only.is_none() {
        package::test(outcome);
        package::test_container(outcome);
    }
    let mut cdap = (!options.no_cdap && (compiled || e2e))
        .then(|| {
            outcome.need(|steps| {
                setup::for_cdap(steps)?;
                cdap::for_tests(steps)
            })
        })
        .flatten();
    let url = cdap.as_ref().map(cdap::ForTests::url);
    if compiled {
        outcome.tests("Rust tests", "unit, property and contract tests of all crates", || {
            cargo_test(url.as_deref())
        });
    }
    // The sandbox's journeys need no CDAP, so they run at the same time as all that follows.
    thread::scope(|scope| {
        let sandbox = e2e.then(|| scope.spawn(|| journeys("sandbox", &[])));
        if let Some(cdap) = &mut cdap {
            on_cdap(cdap, compiled, e2e, outcome);
        }
        if e2e {
            outcome.tests("Browser journey in Firefox", "on the sandbox", in_firefox);
        }
        if let Some(cdap) = cdap {
            outcome.need(|steps| cdap.end(steps));
            on_secured_cdap(compiled, e2e, outcome);
        }
        if let Some(sandbox) = sandbox {
            outcome.tests(
                "Browser journeys on the sandbox",
                "in parallel; the duration is the remaining time",
                || sandbox.join().map_err(|_| anyhow!("the journeys panicked"))?,
            );
        }
    });
}

/// The tests on a real CDAP with security, which is started for them.
fn on_secured_cdap(contract: bool, e2e: bool, outcome: &mut Outcome) {
    let Some(cdap) = outcome.need(cdap::secured_for_tests) else { return };
    let url = cdap.url();
    if contract {
        outcome.tests(
            "Tests on a secured CDAP",
            "tokens, and a sign-in through the console's server",
            || {
                let mut sum = Sum::default();
                for test in SECURED {
                    sum += ignored_test(test, "CDAP_SECURED_URL", &url)?;
                }
                Ok(sum)
            },
        );
    }
    if e2e {
        outcome.tests("Browser journeys on a secured CDAP", "sign-in, and sessions that expire", || {
            journeys("secured", &[("CDAP_SECURED_URL", url.as_ref())])
        });
    }
    outcome.need(|steps| cdap.end(steps));
}

/// The tests on the real CDAP: the contract, then the journeys, which need the seeded programs.
fn on_cdap(cdap: &mut cdap::ForTests, contract: bool, e2e: bool, outcome: &mut Outcome) {
    if contract {
        let url = cdap.url();
        outcome.tests("Contract on a real CDAP", "the sandbox and the real server agree", || real_test(&url));
    }
    if !e2e {
        return;
    }
    if contract {
        outcome.need(|steps| cdap.seed_again(steps));
    }
    outcome.tests("Browser journeys on a real CDAP", "what an operator does, in Chromium", || {
        let (url, facts) = (cdap.url(), cdap.facts());
        cdap.revived_during(|| {
            journeys("cdap", &[("CDAP_URL", url.as_ref()), ("CDAP_PROCESS", facts.as_ref())])
        })
    });
}

fn in_firefox() -> Result<Sum> {
    let Some(firefox) = setup::system::firefox_program() else {
        return Ok(Sum::skipped(&setup::system::firefox().missing()));
    };
    journeys("firefox", &[("FIREFOX", firefox.as_ref())])
}

fn cargo() -> Tool {
    Tool::new("cargo").current_dir(paths::root())
}

fn compile() -> Result<()> {
    cargo().args(["test", "--workspace", "--locked", "--no-run"]).hint("see above").run()
}

/// The tests that need a real CDAP, with the program that they are in. Cargo ignores them unless it is told not to.
/// The comparison comes first: the contract starts and stops programs.
const REAL: [IgnoredTest; 3] = [
    ("compare", "a_real_cdap_answers_as_the_sandbox_does"),
    ("script", "a_real_cdap_is_upgraded_once_by_a_script_that_is_run_twice"),
    ("contract", "a_real_cdap_keeps_the_contract"),
];
/// The tests that need a secured CDAP, which `CDAP_SECURED_URL` names.
const SECURED: [IgnoredTest; 2] = [
    ("contract", "a_real_secured_cdap_keeps_the_contract"),
    ("sign_in", "alice_signs_in_at_a_real_secured_cdap"),
];
/// Program and name of a test.
type IgnoredTest = (&'static str, &'static str);

fn cargo_test(cdap: Option<&str>) -> Result<Sum> {
    let mut sum = counted(cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]))?;
    // They are counted when they run.
    if cdap.is_some() {
        sum.skipped = sum.skipped.saturating_sub((REAL.len() + SECURED.len()) as u64);
    }
    Ok(sum)
}

/// The tests that only a real CDAP can pass.
fn real_test(url: &str) -> Result<Sum> {
    let mut sum = Sum::default();
    for test in REAL {
        sum += ignored_test(test, "CDAP_URL", url)?;
    }
    Ok(sum)
}

fn ignored_test((program, test): IgnoredTest, variable: &str, url: &str) -> Result<Sum> {
    counted(
        // Of the workspace, as it was compiled: a package alone would have other features, and be compiled again.
        cargo()
            .args(["test", "--workspace", "--locked", "--test", program])
            .args(["--", "--ignored", "--exact", test])
            .env(variable, url),
    )
}

/// Runs `cargo test` and parses its results.
fn counted(tool: Tool) -> Result<Sum> {
    let mut sum = Sum::default();
    let status = tool.run_lines(|line| {
        if let Some(counted) = cargo_result(line) {
            sum += counted;
        }
    })?;
    Ok(sum.of_runner(status.success()))
}

/// Parses `test result: ok. 12 passed; 0 failed; 1 ignored; …`, printed once per test binary.
fn cargo_result(line: &str) -> Option<Sum> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let count = |what: &str| counts.split("; ").find_map(|each| each.strip_suffix(what)?.trim().parse().ok());
    Some(Sum { passed: count("passed")?, failed: count("failed")?, skipped: count("ignored")? })
}

/// Runs the journeys of one of Playwright's projects.
fn journeys(project: &str, environment: &[(&str, &OsStr)]) -> Result<Sum> {
    let report = paths::target().join(format!("journeys-{project}.json"));
    // The report of an earlier run must not be counted.
    let _ = fs::remove_file(&report);
    let chromium = setup::system::chromium_program().context("Chromium not found")?;
    let e2e = paths::e2e();
    let tool = Tool::new(e2e.join("node_modules/.bin/playwright"))
        .args(["test", &format!("--project={project}"), &format!("--output=test-results/{project}")])
        .current_dir(&e2e)
        .env("CHROMIUM", chromium)
        .env("QUIESCE_BIN", paths::server_binary())
        .env("QUIESCE_PAGE", page_folder())
        .env("NGINX", setup::web_servers::nginx()?)
        .env("CADDY", setup::web_servers::caddy()?)
        .env("PLAYWRIGHT_JSON", &report);
    let tool = environment.iter().fold(tool, |tool, (name, value)| tool.env(name, value));
    let status = tool.run_lines(|_| ())?;
    let counted =
        fs::read_to_string(&report).ok().and_then(|text| playwright_result(&text)).unwrap_or_default();
    Ok(counted.of_runner(status.success()))
}

/// The counts in Playwright's JSON report. A flaky test counts as failed: journeys are not retried.
fn playwright_result(report: &str) -> Option<Sum> {
    let report: Value = serde_json::from_str(report).ok()?;
    let count = |what: &str| report.get("stats")?.get(what)?.as_u64();
    Some(Sum {
        passed: count("expected")?,
        failed: count("unexpected")? + count("flaky")?,
        skipped: count("skipped")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_cargo_are_read_from_its_lines() {
        let ok =
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        let failed = "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s";
        assert_eq!(cargo_result(ok), Some(Sum { passed: 12, failed: 0, skipped: 1 }));
        assert_eq!(cargo_result(failed), Some(Sum { passed: 2, failed: 3, skipped: 0 }));
        assert_eq!(cargo_result("test a_sentence ... ok"), None);
        assert_eq!(cargo_result("test result: what is this"), None);
    }

    #[test]
    fn results_of_playwright_are_read_from_its_report() {
        let report = r#"{"suites": [], "stats": {"duration": 1.5, "expected": 17, "skipped": 2, "unexpected": 1, "flaky": 1}}"#;
        assert_eq!(playwright_result(report), Some(Sum { passed: 17, failed: 2, skipped: 2 }));
        assert_eq!(playwright_result("{"), None);
    }
}
