//! What has to be on the machine: each part looks first and does nothing when it is there.

mod cargo_tools;
mod lock;
mod npm;
mod rust;
pub mod system;

use crate::steps::Steps;
use anyhow::{Context as _, Result};
use std::path::PathBuf;

/// What building the page needs.
pub fn for_page(steps: &mut Steps) -> Result<()> {
    steps.step(
        "Set up: Rust",
        "the page is compiled to WebAssembly, from sources that are all there",
        || {
            rust::wasm_target()?;
            rust::crates()
        },
    )?;
    steps.step("Set up: trunk and wasm-bindgen", "they bundle the page", || {
        cargo_tools::ensure(&cargo_tools::TRUNK)?;
        cargo_tools::ensure(&cargo_tools::wasm_bindgen()?)
    })?;
    steps.step("Set up: npm packages", "wasm-opt makes the page small, Playwright tests it", npm::ensure)
}

/// What the browser journeys need besides.
pub fn for_journeys(steps: &mut Steps) -> Result<()> {
    steps.step("Set up: Chromium", "the journeys run in a browser", || system::ensure(&[system::chromium()]))
}

/// What a real CDAP needs.
pub fn for_cdap(steps: &mut Steps) -> Result<()> {
    steps.step("Set up: Java 17 and Maven", "a real CDAP is collected with Maven and runs on Java", || {
        system::ensure(&[system::java(), system::maven()])
    })
}

/// What the checks of `ci` need besides.
pub fn for_checks(steps: &mut Steps) -> Result<()> {
    steps.step("Set up: cargo-deny", "it checks the licences and sources of all dependencies", || {
        cargo_tools::ensure(&cargo_tools::CARGO_DENY)
    })
}

/// Trunk, once it is set up.
pub fn trunk() -> Result<PathBuf> {
    cargo_tools::path(&cargo_tools::TRUNK)?.context("trunk is not set up")
}

/// cargo-deny, once it is set up.
pub fn cargo_deny() -> Result<PathBuf> {
    cargo_tools::path(&cargo_tools::CARGO_DENY)?.context("cargo-deny is not set up")
}
