//! `cargo xtask package`: what an operator installs, in `target/package`.

mod archive;
mod container;
mod crates;
mod debian;
mod installed;
mod licenses;
mod notifications;
pub mod page_folder;
mod probe;
mod release;
mod routes;
mod sbom;

use crate::outcome::Outcome;
use crate::page;
use crate::setup;
use crate::steps::Steps;
use anyhow::Result;

/// Options of `cargo xtask package`.
#[derive(clap::Args)]
pub struct Options {
    /// Also build the static binary of the container image
    #[arg(long)]
    container: bool,
    /// Also test the packages: as root, the Debian package is installed and purged
    #[arg(long)]
    test: bool,
}

/// Builds the packages of this version.
pub fn run(options: &Options, outcome: &mut Outcome) {
    let built = outcome.need(|steps| {
        setup::for_page(steps)?;
        page::build(steps)?;
        page::Server::Optimized.build(steps)?;
        page(steps)
    });
    if built.is_none() {
        return;
    }
    if options.test {
        test(outcome);
    } else {
        outcome.need(release);
    }
    match (options.container, options.test) {
        (true, true) => test_container(outcome),
        (true, false) => drop(outcome.need(container)),
        (false, _) => {}
    }
}

/// The page for a web server of your own, as a folder; the page and the server must be built.
pub fn page(steps: &mut Steps) -> Result<()> {
    steps.step("Package the page", "for nginx and Caddy, without the server", page_folder::write)
}

/// The files of a release; the page must be packaged.
fn release(steps: &mut Steps) -> Result<()> {
    steps.step("Package the release", "archives, Debian package, licenses, SBOM, checksums", release::write)
}

/// The folder of the container image; the page must be built.
fn container(steps: &mut Steps) -> Result<()> {
    steps.step("Package the container", "a static binary for deploy/Containerfile", container::write)
}

/// Builds and runs the container image where a builder is installed; the page and the server must be built.
pub fn test_container(outcome: &mut Outcome) {
    if !container::has_builder() || outcome.need(container).is_some() {
        outcome.tests("Container image", "built by buildah; serves as an unprivileged user", container::test);
    }
}

/// Packages the release and installs its Debian package; the page must be packaged.
pub fn test(outcome: &mut Outcome) {
    if outcome.need(release).is_some() {
        outcome.tests(
            "Packages",
            "checksums; the Debian package is installed, serves and is purged",
            release::test,
        );
    }
}
