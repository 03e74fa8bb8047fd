//! The npm packages of the browser journeys; wasm-opt is among them.

use crate::places;
use crate::process::{Tool, which};
use crate::stamp;
use crate::steps::there;
use anyhow::{Context as _, Result, bail};
use std::fs;

/// What Playwright needs.
const NODE: u32 = 20;

/// Installs exactly what package-lock.json says.
pub fn ensure() -> Result<()> {
    let e2e = places::e2e();
    let lock =
        fs::read_to_string(e2e.join("package-lock.json")).context("e2e/package-lock.json cannot be read")?;
    let installed = e2e.join("node_modules/.installed-from");
    node()?;
    if stamp::holds(&installed, &lock) {
        there("npm packages");
        return Ok(());
    }
    Tool::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&e2e)
        // The system's browser is used.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .mend("check the network, then `npm ci --prefix e2e`")
        .run()?;
    stamp::put(&installed, &lock)
}

fn node() -> Result<()> {
    let mend = format!("install Node.js {NODE} or newer with npm (https://nodejs.org)");
    if which("node").is_none() || which("npm").is_none() {
        bail!("there is no Node.js with npm on PATH\n  to mend it: {mend}");
    }
    let said = Tool::new("node").arg("--version").output()?;
    match major(&said) {
        Some(major) if major >= NODE => Ok(()),
        _ => bail!("Node.js is too old: {}\n  to mend it: {mend}", said.trim()),
    }
}

fn major(said: &str) -> Option<u32> {
    said.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_read_from_what_it_says() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("nonsense"), None);
    }
}
