//! nginx and Caddy, in front of which the journeys run the page.
//!
//! Where they are missing, Debian's packages are unpacked into our folder of tools and not installed: an installed one
//! starts a web server on port 80 of this machine.

use super::system;
use crate::paths;
use crate::process::{Tool, which};
use crate::steps::there;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// A web server: its package, and its program in it.
struct WebServer {
    package: &'static str,
    program: &'static str,
    version_option: &'static str,
}

const NGINX: WebServer = WebServer { package: "nginx", program: "usr/sbin/nginx", version_option: "-v" };
const CADDY: WebServer = WebServer { package: "caddy", program: "usr/bin/caddy", version_option: "version" };

/// The program of nginx after setup.
pub fn nginx() -> Result<PathBuf> {
    NGINX.path()?.context("nginx is not set up")
}

/// The program of Caddy after setup.
pub fn caddy() -> Result<PathBuf> {
    CADDY.path()?.context("Caddy is not set up")
}

/// Finds both, or unpacks them.
pub fn ensure() -> Result<()> {
    for server in [NGINX, CADDY] {
        if let Some(at) = server.path()? {
            there(&format!("{} ({})", server.package, at.display()));
            continue;
        }
        if which("apt-get").is_none() || which("dpkg-deb").is_none() {
            bail!("{0} not found\n  fix: install {0}", server.package);
        }
        server.unpack()?;
        server.path()?.with_context(|| {
            format!("{0} was unpacked but does not run here\n  fix: install {0}", server.package)
        })?;
    }
    Ok(())
}

impl WebServer {
    /// The system's program or the unpacked one, if it runs.
    fn path(&self) -> Result<Option<PathBuf>> {
        let name = Path::new(self.program).file_name().unwrap_or_default().to_string_lossy();
        let system = [which(&name), Some(Path::new("/").join(self.program))];
        let candidates = system.into_iter().flatten().chain([self.unpacked()?.join(self.program)]);
        let runs = |program: &PathBuf| Tool::new(program).arg(self.version_option).output().is_ok();
        Ok(candidates.filter(|file| file.is_file()).find(runs))
    }

    fn unpacked(&self) -> Result<PathBuf> {
        Ok(paths::tools()?.join(self.package))
    }

    fn unpack(&self) -> Result<()> {
        let folder = self.unpacked()?;
        let download = folder.join("download");
        fs::create_dir_all(&download)?;
        println!("    unpacking Debian's package {}", self.package);
        let load = || {
            Tool::new("apt-get")
                .args(["download", "--quiet", self.package])
                .current_dir(&download)
                .hint(format!("install {}", self.package))
                .run()
        };
        // The usual cause of a failure is a missing or stale package list.
        if load().is_err() {
            system::update_package_lists()?;
            load()?;
        }
        for entry in fs::read_dir(&download)? {
            Tool::new("dpkg-deb").arg("--extract").arg(entry?.path()).arg(&folder).run()?;
        }
        Ok(fs::remove_dir_all(download)?)
    }
}
