//! Setup of the machine. Each part does nothing if its tool exists.

mod cargo_tools;
mod lock;
mod npm;
mod rust;
pub mod system;
pub mod web_servers;

use crate::paths;
use crate::steps::Steps;
use anyhow::{Context as _, Result};
use std::path::PathBuf;

/// Sets up the build of the page.
pub fn for_page(steps: &mut Steps) -> Result<()> {
    steps.step("Set up: Rust", "WebAssembly target and sources of all dependencies", || {
        rust::target_and_library()?;
        rust::crates()
    })?;
    steps.step("Set up: npm packages", "to shrink the page, and Playwright to test it", || {
        npm::ensure(&paths::e2e())
    })
}

/// Sets up the additional tools of `dev`.
pub fn for_development(steps: &mut Steps) -> Result<()> {
    steps.step("Set up: trunk and wasm-bindgen", "to rebuild and reload the page on changes", || {
        cargo_tools::ensure(&cargo_tools::TRUNK)?;
        cargo_tools::ensure(&cargo_tools::wasm_bindgen()?)
    })
}

/// Sets up the additional tools of the browser journeys.
pub fn for_journeys(steps: &mut Steps) -> Result<()> {
    steps
        .step("Set up: Chromium", "to run the browser journeys", || system::ensure(&[system::chromium()]))?;
    steps.step("Set up: Firefox", "to run one journey in a second browser", || {
        // Ubuntu has apt-get and not the package. Without Firefox that journey is skipped.
        system::ensure(&[system::firefox()]).or_else(|error| {
            println!("    not set up: {error:#}");
            Ok(())
        })
    })?;
    steps.step("Set up: nginx, Caddy and OpenSSL", "to serve the page with them, with TLS", || {
        system::ensure(&[system::openssl()])?;
        web_servers::ensure()
    })
}

/// Sets up the page and the browser that shows the gallery.
pub fn for_gallery(steps: &mut Steps) -> Result<()> {
    for_page(steps)?;
    steps.step("Set up: Chromium", "to take the pictures", || system::ensure(&[system::chromium()]))
}

/// Sets up the page and the additional tools of the comparison with another page.
pub fn for_comparison(steps: &mut Steps) -> Result<()> {
    for_page(steps)?;
    steps.step("Set up: Chromium", "to open both pages", || system::ensure(&[system::chromium()]))?;
    steps.step("Set up: React", "for the page that the console is compared with", || {
        npm::ensure(&paths::root().join("bench/peers/react"))
    })
}

/// Sets up the additional tools of `bench`.
pub fn for_bench(steps: &mut Steps) -> Result<()> {
    steps.step("Set up: Python", "to download and unpack the consoles of other products", || {
        system::ensure(&[system::python()])
    })
}

/// Sets up the tools of a real CDAP.
pub fn for_cdap(steps: &mut Steps) -> Result<()> {
    steps.step("Set up: Java 17 and Maven", "to download and run a real CDAP", || {
        system::ensure(&[system::java(), system::maven()])
    })
}

/// Sets up the additional tools of `ci`.
pub fn for_checks(steps: &mut Steps) -> Result<()> {
    steps.step("Set up: cargo-deny", "to check the licenses and sources of all dependencies", || {
        cargo_tools::ensure(&cargo_tools::CARGO_DENY)
    })
}

/// The path of trunk after setup.
pub fn trunk() -> Result<PathBuf> {
    cargo_tools::path(&cargo_tools::TRUNK)?.context("trunk is not set up")
}

/// The path of cargo-deny after setup.
pub fn cargo_deny() -> Result<PathBuf> {
    cargo_tools::path(&cargo_tools::CARGO_DENY)?.context("cargo-deny is not set up")
}
