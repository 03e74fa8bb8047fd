//! What the page is compiled with: its target, the sources of the standard library, and those of all dependencies.

use crate::paths;
use crate::process::{Tool, which};
use crate::steps::there;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

const TARGET: &str = "wasm32-unknown-unknown";

/// Downloads the sources of all dependencies, so that the build of the page needs no network.
pub fn crates() -> Result<()> {
    fetch(&paths::root())?;
    fetch(&standard_library()?)
}

fn fetch(workspace: &Path) -> Result<()> {
    Tool::new("cargo")
        .args(["fetch", "--locked", "--quiet", "--manifest-path"])
        .arg(workspace.join("Cargo.toml"))
        // The manifest of the standard library uses what is not stable yet.
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(paths::root())
        .hint("check the network, then `cargo fetch`")
        .run()
}

/// Adds the target and the sources of the standard library with rustup.
pub fn target_and_library() -> Result<()> {
    let libraries = Tool::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(paths::root())
        .output()?;
    add(
        &PathBuf::from(libraries.trim()),
        ["target", "add", TARGET],
        "rust-std-static-wasm32-unknown-unknown",
    )?;
    add(&standard_library()?, ["component", "add", "rust-src"], "rust-src")
}

/// Where rustup has the sources of the standard library.
fn standard_library() -> Result<PathBuf> {
    let root = Tool::new("rustc").args(["--print", "sysroot"]).current_dir(paths::root()).output()?;
    Ok(PathBuf::from(root.trim()).join("lib/rustlib/src/rust/library"))
}

/// Adds what is in `folder` with rustup, if it is not there.
fn add(folder: &Path, [kind, verb, name]: [&str; 3], package: &str) -> Result<()> {
    if folder.is_dir() {
        there(name);
        return Ok(());
    }
    if which("rustup").is_none() {
        bail!(
            "this Rust has no {name}, and rustup was not found to add it\n  fix: install rustup (https://rustup.rs), or \
             your system's package for it, such as {package}"
        );
    }
    Tool::new("rustup")
        .args([kind, verb, name])
        .current_dir(paths::root())
        .hint(format!("check the network, then `rustup {kind} {verb} {name}`"))
        .run()
}
