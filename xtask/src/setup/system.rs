//! Programs that the system's package manager brings: a browser, Java, Maven.

use crate::process::{Tool, which};
use crate::steps::there;
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// The Java that CDAP runs on here; it was run on no other.
const JAVA: &str = "17";

/// Something that the system has or has not.
pub struct Need {
    name: &'static str,
    there: fn() -> Option<PathBuf>,
    /// Packages of Debian and Ubuntu.
    packages: &'static [&'static str],
    /// What to do on another system.
    elsewhere: &'static str,
}

pub fn chromium() -> Need {
    Need {
        name: "Chromium",
        there: chromium_program,
        // Without a font a page is drawn without letters.
        packages: &["chromium", "fonts-liberation"],
        elsewhere: "install Chromium or Google Chrome, and set CHROMIUM to its program if it is not on PATH",
    }
}

pub fn java() -> Need {
    Need {
        name: "Java 17 (JDK)",
        there: java_home,
        packages: &["openjdk-17-jdk-headless"],
        elsewhere: "install a JDK 17 (https://adoptium.net, or `brew install openjdk@17`), and set JAVA_HOME to it",
    }
}

pub fn maven() -> Need {
    Need {
        name: "Maven",
        there: || which("mvn"),
        packages: &["maven"],
        elsewhere: "install Maven 3.8 or newer (https://maven.apache.org, or `brew install maven`)",
    }
}

/// Installs what is missing where that can be done with apt-get, and says what to do where not.
pub fn ensure(needs: &[Need]) -> Result<()> {
    let mut packages = Vec::new();
    for need in needs {
        match (need.there)() {
            Some(at) => there(&format!("{} ({})", need.name, at.display())),
            None if which("apt-get").is_some() => packages.extend(need.packages),
            None => bail!("there is no {}\n  to mend it: {}", need.name, need.elsewhere),
        }
    }
    if packages.is_empty() {
        return Ok(());
    }
    apt(&packages)?;
    for need in needs {
        if (need.there)().is_none() {
            bail!("{} is installed but cannot be found\n  to mend it: {}", need.name, need.elsewhere);
        }
    }
    Ok(())
}

fn apt(packages: &[&str]) -> Result<()> {
    println!("    installing with apt-get: {}", packages.join(" "));
    let root = nix::unistd::geteuid().is_root();
    if !root && which("sudo").is_none() {
        bail!(
            "there is no sudo to install packages with\n  to mend it, as root: apt-get install {}",
            packages.join(" ")
        );
    }
    let apt = |args: &[&str]| {
        let tool = if root { Tool::new("env") } else { Tool::new("sudo").arg("env").asks_operator() };
        tool.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .args(args)
            .mend(format!("`apt-get update && apt-get install {}` as root", packages.join(" ")))
            .run()
    };
    let install: Vec<&str> =
        ["install", "--yes", "--no-install-recommends"].into_iter().chain(packages.iter().copied()).collect();
    // Lists of packages that are missing or stale are the usual reason of a failure.
    if apt(&install).is_err() {
        apt(&["update"])?;
        apt(&install)?;
    }
    Ok(())
}

/// The browser that the journeys run in.
pub fn chromium_program() -> Option<PathBuf> {
    let given = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|file| file.is_file());
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let bundles = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    given
        .or_else(|| names.iter().find_map(|name| which(name)))
        .or_else(|| bundles.iter().map(PathBuf::from).find(|file| file.is_file()))
}

/// A JDK 17, wherever it is, whichever Java is the default.
pub fn java_home() -> Option<PathBuf> {
    let given = std::env::var_os("JAVA_HOME").map(PathBuf::from);
    // <home>/bin/java, behind links
    let default =
        which("java").and_then(|java| Some(fs::canonicalize(java).ok()?.parent()?.parent()?.to_path_buf()));
    let folders = [
        "/usr/lib/jvm",
        "/opt/java",
        "/opt/homebrew/opt/openjdk@17/libexec",
        "/Library/Java/JavaVirtualMachines",
    ];
    let installed = folders.iter().flat_map(|folder| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        entries.flat_map(|home| [home.join("Contents/Home"), home])
    });
    given.into_iter().chain(default).chain(installed).find(|home| is_jdk_17(home))
}

fn is_jdk_17(home: &Path) -> bool {
    let release = fs::read_to_string(home.join("release")).unwrap_or_default();
    home.join("bin/javac").is_file() && java_version(&release).is_some_and(|version| version == JAVA)
}

/// The major version, from the file `release` of a Java home.
fn java_version(release: &str) -> Option<&str> {
    let version = release.lines().find_map(|line| line.strip_prefix("JAVA_VERSION=\""))?;
    version.split(['.', '"']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_a_java_is_read_from_its_release_file() {
        let release = "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"17.0.15\"\nJAVA_VERSION_DATE=\"2025-04-15\"\n";
        assert_eq!(java_version(release), Some("17"));
        assert_eq!(java_version("JAVA_VERSION=\"21\"\n"), Some("21"));
        assert_eq!(java_version("IMPLEMENTOR=\"Debian\"\n"), None);
    }
}
