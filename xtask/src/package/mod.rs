//! `cargo xtask package`: what an operator installs.

pub mod page_folder;

use crate::page;
use crate::setup;
use crate::steps::Steps;
use anyhow::Result;

/// Builds the packages of this version into `target/package`.
pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    setup::for_page(&mut steps)?;
    page::build(&mut steps)?;
    page::build_server(&mut steps)?;
    page(&mut steps)?;
    println!("{}", steps.table());
    Ok(())
}

/// The page for a web server of your own, as a folder; the page and the server must be built.
pub fn page(steps: &mut Steps) -> Result<()> {
    steps.step("Package the page", "for nginx and Caddy, without the server", page_folder::write)
}
