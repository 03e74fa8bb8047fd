//! Programs from the system's package manager: browsers, Java, Maven, Python.

use crate::process::{Tool, which};
use crate::steps::there;
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// The Java version for CDAP; no other was tested.
const JAVA: &str = "17";

/// A program that the system must provide.
pub struct Need {
    name: &'static str,
    there: fn() -> Option<PathBuf>,
    /// Packages of Debian and Ubuntu.
    packages: &'static [&'static str],
    /// The hint for other systems.
    elsewhere: &'static str,
}

pub fn chromium() -> Need {
    Need {
        name: "Chromium",
        there: chromium_program,
        // Without a font, pages have no text.
        packages: &["chromium", "fonts-liberation"],
        elsewhere: "install Chromium or Google Chrome, and set CHROMIUM to its program if it is not on PATH",
    }
}

pub fn firefox() -> Need {
    Need {
        name: "Firefox",
        there: firefox_program,
        packages: &["firefox-esr"],
        elsewhere: "install Firefox, and set FIREFOX to its program if firefox-esr is not on PATH",
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

pub fn python() -> Need {
    Need {
        name: "Python with pip",
        there: || {
            let python = which("python3")?;
            Tool::new(&python).args(["-m", "pip", "--version"]).output().ok().map(|_| python)
        },
        packages: &["python3", "python3-pip"],
        elsewhere: "install Python 3 with pip (https://www.python.org)",
    }
}

pub fn openssl() -> Need {
    Need {
        name: "OpenSSL",
        there: || which("openssl"),
        packages: &["openssl"],
        elsewhere: "install OpenSSL 1.1.1 or newer",
    }
}

impl Need {
    /// That it is missing, and how to install it.
    pub fn missing(&self) -> String {
        let apt = which("apt-get").map(|_| format!("{}, or ", fix_with_apt(self.packages)));
        format!("{} not found\n  fix: {}{}", self.name, apt.unwrap_or_default(), self.elsewhere)
    }
}

/// Installs missing programs with apt-get; on other systems fails with a hint.
pub fn ensure(needs: &[Need]) -> Result<()> {
    let mut packages = Vec::new();
    for need in needs {
        match (need.there)() {
            Some(at) => there(&format!("{} ({})", need.name, at.display())),
            None if which("apt-get").is_some() => packages.extend(need.packages),
            None => bail!(need.missing()),
        }
    }
    if packages.is_empty() {
        return Ok(());
    }
    apt(&packages)?;
    for need in needs {
        if (need.there)().is_none() {
            bail!("{} is installed but was not found\n  fix: {}", need.name, need.elsewhere);
        }
    }
    Ok(())
}

fn apt(packages: &[&str]) -> Result<()> {
    println!("    installing with apt-get: {}", packages.join(" "));
    let install: Vec<&str> =
        ["install", "--yes", "--no-install-recommends"].into_iter().chain(packages.iter().copied()).collect();
    let fix = fix_with_apt(packages);
    // The usual cause of a failure is a missing or stale package list.
    if apt_get(&install, &fix).is_err() {
        update_package_lists()?;
        apt_get(&install, &fix)?;
    }
    Ok(())
}

fn fix_with_apt(packages: &[&str]) -> String {
    format!("apt-get update && apt-get install {}", packages.join(" "))
}

/// Reads which packages there are.
pub fn update_package_lists() -> Result<()> {
    apt_get(&["update"], "apt-get update")
}

fn apt_get(args: &[&str], fix: &str) -> Result<()> {
    let root = nix::unistd::geteuid().is_root();
    if !root && which("sudo").is_none() {
        bail!("sudo not found, which is required to install packages\n  fix, as root: {fix}");
    }
    let tool = if root { Tool::new("env") } else { Tool::new("sudo").arg("env").asks_operator() };
    let tool = tool.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(args);
    tool.hint(format!("`{fix}` as root")).run()
}

/// The browser that the journeys run in.
pub fn chromium_program() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let bundles = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    browser("CHROMIUM", &names, &bundles)
}

/// The second browser, in which one journey runs. Not any `firefox` on PATH: on Ubuntu it is a snap, which reads no
/// profile in /tmp.
pub fn firefox_program() -> Option<PathBuf> {
    browser("FIREFOX", &["firefox-esr"], &["/Applications/Firefox.app/Contents/MacOS/firefox"])
}

/// A browser: named by a variable, on PATH, or one of the bundles of macOS.
fn browser(variable: &str, names: &[&str], bundles: &[&str]) -> Option<PathBuf> {
    let given = std::env::var_os(variable).map(PathBuf::from).filter(|file| file.is_file());
    given
        .or_else(|| names.iter().find_map(|name| which(name)))
        .or_else(|| bundles.iter().map(PathBuf::from).find(|file| file.is_file()))
}

/// The home of a JDK 17, whichever Java is the default.
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
    fn a_missing_browser_is_named_with_what_to_install() {
        let missing = firefox().missing();
        assert!(missing.starts_with("Firefox not found\n  fix: "), "{missing}");
        assert!(
            missing.ends_with(", and set FIREFOX to its program if firefox-esr is not on PATH"),
            "{missing}"
        );
        assert_eq!(missing.contains("apt-get install firefox-esr, or "), which("apt-get").is_some());
    }

    #[test]
    fn reads_the_major_version_from_the_release_file_of_java() {
        let release = "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"17.0.15\"\nJAVA_VERSION_DATE=\"2025-04-15\"\n";
        assert_eq!(java_version(release), Some("17"));
        assert_eq!(java_version("JAVA_VERSION=\"21\"\n"), Some("21"));
        assert_eq!(java_version("IMPLEMENTOR=\"Debian\"\n"), None);
    }
}
