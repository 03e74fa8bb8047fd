//! The compile target of the page.

use crate::paths;
use crate::process::{Tool, which};
use crate::steps::there;
use anyhow::{Result, bail};
use std::path::PathBuf;

const TARGET: &str = "wasm32-unknown-unknown";

/// Downloads the sources of all dependencies, so that the build of the page needs no network.
pub fn crates() -> Result<()> {
    Tool::new("cargo")
        .args(["fetch", "--locked", "--quiet"])
        .current_dir(paths::root())
        .hint("check the network, then `cargo fetch`")
        .run()
}

/// Adds the target with rustup.
pub fn wasm_target() -> Result<()> {
    let libraries = Tool::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output()?;
    if PathBuf::from(libraries.trim()).is_dir() {
        there(TARGET);
        return Ok(());
    }
    if which("rustup").is_none() {
        bail!(
            "this Rust has no {TARGET} target, and rustup was not found to add it\n  fix: install rustup (https://rustup.rs), \
             or your system's package for that target, such as rust-std-static-wasm32-unknown-unknown"
        );
    }
    Tool::new("rustup")
        .args(["target", "add", TARGET])
        .hint(format!("check the network, then `rustup target add {TARGET}`"))
        .run()
}
