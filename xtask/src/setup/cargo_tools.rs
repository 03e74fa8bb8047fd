//! Tools installed by cargo, each in one exact version, into a folder shared by all checkouts.

use super::lock;
use crate::paths;
use crate::process::{Tool, which};
use crate::steps::there;
use anyhow::{Context as _, Result};
use std::borrow::Cow;
use std::fs;
use std::path::PathBuf;

/// A tool on crates.io.
pub struct CargoTool {
    /// Package on crates.io.
    package: &'static str,
    /// Name of its binary.
    program: &'static str,
    version: Cow<'static, str>,
    /// Additional options of `cargo install`.
    options: &'static [&'static str],
}

/// 0.22 declares a newer Rust than it needs; 0.21.14 has a bug in file names with integrity hashes.
pub const TRUNK: CargoTool = CargoTool {
    package: "trunk",
    program: "trunk",
    version: Cow::Borrowed("0.22.1"),
    options: &["--locked", "--ignore-rust-version", "--no-default-features", "--features", "rustls"],
};

/// Checks licenses, bans and sources of dependencies.
pub const CARGO_DENY: CargoTool = CargoTool {
    package: "cargo-deny",
    program: "cargo-deny",
    version: Cow::Borrowed("0.20.2"),
    options: &["--locked", "--no-default-features"],
};

/// It must have exactly the version of the library in Cargo.lock. Its own lock file contains versions that do not
/// build with this Rust, so it is installed without `--locked`.
pub fn wasm_bindgen() -> Result<CargoTool> {
    let text = fs::read_to_string(paths::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let version = lock::version(&text, "wasm-bindgen").context("Cargo.lock does not contain wasm-bindgen")?;
    Ok(CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: Cow::Owned(version.to_owned()),
        options: &[],
    })
}

/// The path of the tool in the required version: ours, or one on `PATH`.
pub fn path(tool: &CargoTool) -> Result<Option<PathBuf>> {
    let ours = paths::tools()?.join("bin").join(tool.program);
    let right = |file: &PathBuf| {
        let said = Tool::new(file).arg("--version").output().unwrap_or_default();
        says_version(&said, &tool.version)
    };
    Ok([Some(ours), which(tool.program)].into_iter().flatten().filter(|file| file.is_file()).find(right))
}

fn says_version(said: &str, version: &str) -> bool {
    said.split_whitespace().nth(1) == Some(version)
}

/// Installs the tool unless it exists.
pub fn ensure(tool: &CargoTool) -> Result<()> {
    let name = format!("{} {}", tool.package, tool.version);
    if path(tool)?.is_some() {
        there(&name);
        return Ok(());
    }
    println!("    {name}: compiling once for this machine; takes minutes");
    let (root, build) = (paths::tools()?, paths::cache()?.join("build").join(tool.package));
    let spec = format!("{}@{}", tool.package, tool.version);
    let root_option = root.display().to_string();
    let line = ["install", &spec, "--debug", "--force", "--root", &root_option];
    let typed = line.iter().chain(tool.options).copied().collect::<Vec<_>>().join(" ");
    Tool::new("cargo")
        .args(line)
        .args(tool.options)
        // Kept after a failure, so that the next attempt continues there.
        .env("CARGO_TARGET_DIR", &build)
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .hint(format!("see above; then `cargo {typed}`"))
        .run()?;
    // It can take gigabytes and is no longer needed.
    let _ = fs::remove_dir_all(build);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_the_exact_version() {
        assert!(says_version("trunk 0.22.1\n", "0.22.1"));
        assert!(!says_version("trunk 0.22.10\n", "0.22.1"));
        assert!(!says_version("", "0.22.1"));
    }

    #[test]
    fn trunk_and_the_build_command_use_the_wasm_bindgen_of_cargo_lock() {
        let read = |name: &str| fs::read_to_string(paths::root().join(name)).unwrap();
        let (trunk, bindgen) = (read("Trunk.toml"), wasm_bindgen().unwrap().version);
        let xtask = read("xtask/Cargo.toml");
        assert!(xtask.contains(&format!("wasm-bindgen-cli-support = \"={bindgen}\"")), "{bindgen}\n{xtask}");
        assert!(trunk.contains(&format!("wasm_bindgen = \"{bindgen}\"")), "{bindgen}\n{trunk}");
    }
}
