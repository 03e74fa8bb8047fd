//! Paths used by several commands.

use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The folder of the release page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The folder of the browser journeys.
pub fn e2e() -> PathBuf {
    root().join("e2e")
}

/// The release server with the embedded page.
pub fn server_binary() -> PathBuf {
    target().join("server/quiesce")
}

/// Our folder in the user's cache folder, shared by all checkouts.
pub fn cache() -> Result<PathBuf> {
    let given = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let base = match given {
        Some(dir) => dir,
        None => {
            PathBuf::from(std::env::var_os("HOME").context("HOME is not set; set HOME or XDG_CACHE_HOME")?)
                .join(".cache")
        }
    };
    Ok(base.join("quiesce"))
}

/// The folder of the installed tools.
pub fn tools() -> Result<PathBuf> {
    Ok(cache()?.join("tools"))
}
