//! Builds the page and the server that embeds it.

use crate::fingerprint;
use crate::paths;
use crate::process::Tool;
use crate::setup;
use crate::steps::{Steps, there};
use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;

/// Builds the release page into `dist/`.
pub fn build(steps: &mut Steps) -> Result<()> {
    steps.step("Build the page", "release build, optimized for size", || {
        let inputs = inputs_fingerprint()?;
        let kept = paths::target().join("quiesce-page.stamp");
        // Includes the output: a manual `trunk build` may have replaced it.
        if fingerprint::matches(&kept, &(inputs.clone() + &outputs_fingerprint()?)) {
            there("dist/");
            return Ok(());
        }
        if !paths::root().join("index.html").is_file() {
            bail!("no index.html in {}", paths::root().display());
        }
        release_build()?.hint("see above; then `cargo xtask dist`").run()?;
        fingerprint::store(&kept, &(inputs + &outputs_fingerprint()?))
    })
}

/// Builds the release server with the page of `dist/` embedded.
pub fn build_server(steps: &mut Steps) -> Result<()> {
    steps.step("Build the server", "release build with the embedded page", || {
        server_build().hint("see above").run()
    })
}

/// The command that builds the release page.
pub fn release_build() -> Result<Tool> {
    Ok(trunk()?.args(["build", "--release", "--locked"]))
}

/// The command that builds the release server.
pub fn server_build() -> Tool {
    Tool::new("cargo")
        .args(["build", "--locked", "--profile", "server", "--package", "quiesce-server"])
        .current_dir(paths::root())
}

/// Trunk with the tools that it needs on its `PATH`.
pub fn trunk() -> Result<Tool> {
    let bin = paths::tools()?.join("bin");
    let npm = paths::e2e().join("node_modules/.bin");
    let trunk = setup::trunk()?;
    let tool = Tool::new(trunk)
        .current_dir(paths::root())
        .path_first(&[&bin, &npm])
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // The compiler's message is sufficient.
        .env("RUST_BACKTRACE", "0");
    // By convention any value counts; trunk accepts only true or false.
    Ok(if std::env::var_os("NO_COLOR").is_some() { tool.env("NO_COLOR", "true") } else { tool })
}

/// The fingerprint of all sources of the page.
fn inputs_fingerprint() -> Result<String> {
    let root = paths::root();
    let mut paths: Vec<PathBuf> = [
        "Cargo.toml",
        "Cargo.lock",
        "Trunk.toml",
        "index.html",
        "rust-toolchain.toml",
        "src",
        "style",
        "public",
        "crates/api",
        "crates/lifecycle",
        "e2e/package-lock.json",
        "xtask/wasm-preload.mjs",
    ]
    .iter()
    .map(|path| root.join(path))
    .collect();
    paths.extend(extra_assets()?);
    fingerprint::of(&root, &paths, &[])
}

/// Scripts and images next to index.html.
fn extra_assets() -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(paths::root()).context("cannot list the checkout")?;
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
