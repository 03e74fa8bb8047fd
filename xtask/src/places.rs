//! Folders and files that several commands use.

use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// The checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The release page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The browser journeys.
pub fn e2e() -> PathBuf {
    root().join("e2e")
}

/// The server that the page is embedded in.
pub fn server_binary() -> PathBuf {
    target().join("server/quiesce")
}

/// Ours in the operator's cache folder: what is worth keeping over checkouts.
pub fn cache() -> Result<PathBuf> {
    let given = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let base = match given {
        Some(dir) => dir,
        None => PathBuf::from(std::env::var_os("HOME").context("HOME is not set: set it or XDG_CACHE_HOME")?)
            .join(".cache"),
    };
    Ok(base.join("quiesce"))
}

/// Tools that we installed.
pub fn tools() -> Result<PathBuf> {
    Ok(cache()?.join("tools"))
}
