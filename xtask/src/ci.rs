//! Everything that a change must pass.

use crate::outcome::Outcome;
use crate::page;
use crate::places;
use crate::process::Tool;
use crate::setup;
use crate::size;
use crate::test;

/// Runs all checks, the cheapest first, then all tests.
pub fn run(outcome: &mut Outcome) {
    outcome.check("Format", "one form for all code", || {
        cargo("fmt --all --check").mend("cargo fmt --all").run()
    });
    outcome.check("Lints: host", "warnings are errors, tests included", || {
        cargo("clippy --workspace --exclude quiesce-console --all-targets --locked -- -D warnings").run()
    });
    if outcome.need(setup::for_page).is_some() {
        outcome.check("Lints: page", "as it is compiled for the browser", || {
            cargo("clippy --package quiesce-console --target wasm32-unknown-unknown --all-targets --locked -- -D warnings")
                .run()
        });
        outcome.check("Types of the journeys", "Playwright runs them unchecked", || {
            Tool::new(places::e2e().join("node_modules/.bin/tsc"))
                .current_dir(places::e2e())
                .mend("see above")
                .run()
        });
        if outcome.need(page::build).is_some() {
            outcome.check("Size of the page", "it has to load over a thin line", size::check);
        }
    }
    if outcome.need(setup::for_checks).is_some() {
        outcome.check("Dependencies", "licences, sources and duplicates, by deny.toml", || {
            Tool::new(setup::cargo_deny()?)
                .args("--locked --workspace check bans licenses sources".split(' '))
                .current_dir(places::root())
                .mend("see above; exceptions are written into deny.toml, with their reason")
                .run()
        });
    }
    test::run(&test::Options::default(), outcome);
}

fn cargo(line: &str) -> Tool {
    Tool::new("cargo").args(line.split(' ')).current_dir(places::root()).mend("see above")
}
