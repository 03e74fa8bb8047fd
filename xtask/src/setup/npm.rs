//! npm packages, installed next to their `package-lock.json`.

use crate::fingerprint;
use crate::process::{Tool, which};
use crate::steps::there;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;

/// The minimum version for Playwright.
const NODE: u32 = 20;

/// Installs the exact versions of the `package-lock.json` in a folder.
pub fn ensure(folder: &Path) -> Result<()> {
    let file = folder.join("package-lock.json");
    let lock = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let installed = folder.join("node_modules/.installed-from");
    node()?;
    if fingerprint::matches(&installed, &lock) {
        there("npm packages");
        return Ok(());
    }
    Tool::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder)
        // The system's browser is used.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .hint(format!("check the network, then `npm ci --prefix {}`", folder.display()))
        .run()?;
    fingerprint::store(&installed, &lock)
}

fn node() -> Result<()> {
    let hint = format!("install Node.js {NODE} or newer with npm (https://nodejs.org)");
    if which("node").is_none() || which("npm").is_none() {
        bail!("no Node.js with npm on PATH\n  fix: {hint}");
    }
    let said = Tool::new("node").arg("--version").output()?;
    match major(&said) {
        Some(major) if major >= NODE => Ok(()),
        _ => bail!("Node.js is too old: {}\n  fix: {hint}", said.trim()),
    }
}

fn major(said: &str) -> Option<u32> {
    said.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_the_version_of_node() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("nonsense"), None);
    }
}
