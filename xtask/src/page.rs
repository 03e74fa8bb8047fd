//! The page and the server that it is embedded in.

use crate::places;
use crate::process::Tool;
use crate::setup;
use crate::stamp;
use crate::steps::{Steps, there};
use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;

/// Builds the release page into `dist/`.
pub fn build(steps: &mut Steps) -> Result<()> {
    steps.step("Build the page", "optimised for size, as it is delivered", || {
        let inputs = inputs_stamp()?;
        let kept = places::target().join("quiesce-page.stamp");
        // Together with what came out of them: `trunk build` by hand may have replaced it.
        if stamp::holds(&kept, &(inputs.clone() + &outputs_stamp()?)) {
            there("dist/");
            return Ok(());
        }
        if !places::root().join("index.html").is_file() {
            bail!("there is no index.html in {}", places::root().display());
        }
        trunk()?.args(["build", "--release", "--locked"]).mend("see above; then `cargo xtask dist`").run()?;
        stamp::put(&kept, &(inputs + &outputs_stamp()?))
    })
}

/// Builds the server in the profile that is delivered, with the page of `dist/` in it.
pub fn build_server(steps: &mut Steps) -> Result<()> {
    steps.step("Build the server", "the page is embedded in it", || {
        Tool::new("cargo")
            .args(["build", "--locked", "--profile", "server", "--package", "quiesce-server"])
            .current_dir(places::root())
            .mend("see above")
            .run()
    })
}

/// Trunk with its companions on its `PATH`.
pub fn trunk() -> Result<Tool> {
    let bin = places::tools()?.join("bin");
    let npm = places::e2e().join("node_modules/.bin");
    let trunk = setup::trunk()?;
    let tool = Tool::new(trunk)
        .current_dir(places::root())
        .path_first(&[&bin, &npm])
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // The compiler said what is wrong.
        .env("RUST_BACKTRACE", "0");
    // By convention any value counts; trunk takes true or false only.
    Ok(if std::env::var_os("NO_COLOR").is_some() { tool.env("NO_COLOR", "true") } else { tool })
}

/// All that the page is made from.
fn inputs_stamp() -> Result<String> {
    let root = places::root();
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
    stamp::of(&root, &paths, &[])
}

/// Scripts and pictures that stand beside index.html.
fn extra_assets() -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(places::root()).context("the checkout cannot be listed")?;
    let paths = entries.flatten().map(|entry| entry.path());
    let asset = |path: &PathBuf| {
        path.extension()
            .is_some_and(|kind| ["js", "mjs", "svg", "png", "ico", "css"].iter().any(|known| kind == *known))
    };
    Ok(paths.filter(asset).collect())
}

fn outputs_stamp() -> Result<String> {
    stamp::of(&places::dist(), &[places::dist()], &[])
}
