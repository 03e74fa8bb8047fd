//! Builds the page and the server that embeds it.

mod hashed;
mod index_html;
mod modules;
mod server;
mod short_names;
pub mod stack;

pub use server::Server;

use crate::fingerprint;
use crate::paths;
use crate::process::Tool;
use crate::steps::{Steps, there};
use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

/// Builds the release page into `dist/`.
pub fn build(steps: &mut Steps) -> Result<()> {
    build_next_to(Server::Optimized, steps)
}

/// Builds the release page into `dist/`, and what the server needs of other crates.
pub fn build_next_to(server: Server, steps: &mut Steps) -> Result<()> {
    steps.step("Build the page", "release build, optimized for size", || {
        let inputs = inputs_fingerprint()?;
        let kept = paths::target().join("quiesce-page.stamp");
        // Includes the output: a manual `trunk build` may have replaced it.
        if fingerprint::matches(&kept, &(inputs.clone() + &outputs_fingerprint()?)) {
            there("dist/");
            return Ok(());
        }
        with_libraries_of(server, || release_build(&paths::target()))?;
        fingerprint::store(&kept, &(inputs + &outputs_fingerprint()?))
    })
}

/// Builds the page while cargo compiles what the server needs of other crates, if it never did here: the page's linker
/// keeps only one core busy for a minute or more. Until then, the page has both.
fn with_libraries_of<T>(server: Server, build_page: impl FnOnce() -> Result<T>) -> Result<T> {
    if server.binary().exists() {
        return build_page();
    }
    thread::scope(|scope| {
        let libraries = server.built_by(Tool::with_low_priority("cargo")).args(["--lib", "--quiet"]);
        // A failure is reported by the build of the server, which repeats it.
        scope.spawn(|| libraries.run().ok());
        build_page()
    })
}

/// Builds the release page with this target folder of cargo.
pub fn release_build(target: &Path) -> Result<()> {
    let modules = modules::build(target, &target.join("page"))?;
    let dist = paths::dist();
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::create_dir_all(&dist)?;
    index_html::write(&modules, &dist)
}

/// The fingerprint of all sources of the page.
fn inputs_fingerprint() -> Result<String> {
    let root = paths::root();
    let mut paths: Vec<PathBuf> = [
        "Cargo.toml",
        "Cargo.lock",
        "index.html",
        "rust-toolchain.toml",
        "src",
        "style",
        "public",
        "crates/api",
        "crates/json",
        "crates/lifecycle",
        "e2e/package-lock.json",
        "xtask/minify-html.mjs",
        "xtask/optimize-modules.mjs",
        "xtask/src/page",
    ]
    .iter()
    .map(|path| root.join(path))
    .collect();
    paths.extend(extra_assets()?);
    fingerprint::of(&root, &paths, &[])
}

/// Scripts and images next to index.html.
fn extra_assets() -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(paths::root()).context("cannot list the checkout")?;
    let paths = entries.flatten().map(|entry| entry.path());
    let asset = |path: &PathBuf| {
        path.extension()
            .is_some_and(|kind| ["js", "mjs", "svg", "png", "ico", "css"].iter().any(|known| kind == *known))
    };
    Ok(paths.filter(asset).collect())
}

fn outputs_fingerprint() -> Result<String> {
    fingerprint::of(&paths::dist(), &[paths::dist()], &[])
}
