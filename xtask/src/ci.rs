//! The checks that every change must pass.

use crate::bench;
use crate::outcome::Outcome;
use crate::page;
use crate::paths;
use crate::process::Tool;
use crate::setup;
use crate::signatures;
use crate::size;
use crate::test;
use anyhow::Result;

/// Runs all checks, the cheapest first, then all tests.
pub fn run(outcome: &mut Outcome) {
    outcome.check("Format", "rustfmt", || cargo("fmt --all --check").hint("cargo fmt --all").run());
    outcome.check("Lints: host", "clippy for all crates and tests; warnings are errors", || {
        cargo("clippy --workspace --exclude quiesce-console --all-targets --locked -- -D warnings").run()
    });
    outcome.check("Documentation: host", "rustdoc; a link to a renamed item is an error", || {
        documentation("--workspace --exclude quiesce-console")
    });
    if outcome.need(setup::for_page).is_some() {
        outcome.check("Documentation: page", "rustdoc for the browser target", || {
            documentation("--package quiesce-console --target wasm32-unknown-unknown")
        });
        for (what, features) in [("as one module", ""), ("in parts", "--features split ")] {
            outcome.check(&format!("Lints: page {what}"), "clippy for the browser target", || {
                cargo(&format!(
                    "clippy --package quiesce-console {features}--target wasm32-unknown-unknown --all-targets --locked -- -D warnings"
                ))
                .run()
            });
        }
        outcome.check("Types of the journeys", "tsc; Playwright does not check types", || {
            Tool::new(paths::e2e().join("node_modules/.bin/tsc"))
                .current_dir(paths::e2e())
                .hint("see above")
                .run()
        });
        outcome.tests(
            "Signatures of npm packages",
            "what is installed is what the registry signed",
            signatures::check,
        );
        if outcome.need(page::build).is_some() {
            outcome.check("Size of the page", "the page must load quickly on slow connections", || {
                size::check(false)
            });
        }
    }
    if outcome.need(setup::for_checks).is_some() {
        outcome.check("Dependencies", "licenses, sources and duplicates (deny.toml)", || {
            Tool::new(setup::cargo_deny()?)
                .args("--locked --workspace check bans licenses sources".split(' '))
                .current_dir(paths::root())
                .hint("see above; add exceptions to deny.toml with a reason")
                .run()
        });
    }
    test::run(&test::Options::default(), outcome);
    if outcome.need(bench::prepare).is_some() {
        outcome.check(
            "Ratio of first rows",
            "to those of the same list in React, in pairs of runs",
            bench::check,
        );
    }
}

fn documentation(packages: &str) -> Result<()> {
    cargo(&format!("doc {packages} --no-deps --document-private-items --locked"))
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()
}

fn cargo(line: &str) -> Tool {
    Tool::new("cargo").args(line.split(' ')).current_dir(paths::root()).hint("see above")
}
