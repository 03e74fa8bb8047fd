//! The test of the Debian package: it is installed on this machine, runs as its own user, and is removed without a trace.

use super::notifications::Notifications;
use super::probe;
use crate::outcome::Sum;
use crate::process::{Tool, which};
use anyhow::{Context as _, Result, bail, ensure};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

const CONFIG: &str = "/etc/quiesce/quiesce.toml";
const UNIT: &str = "/usr/lib/systemd/system/quiesce.service";

/// Why the package cannot be tested here.
fn obstacle() -> Option<&'static str> {
    if !super::debian::is_possible() {
        Some("this system has no dpkg")
    } else if !nix::unistd::geteuid().is_root() {
        Some("only root can install a package")
    } else if which("setpriv").is_none() {
        Some("setpriv (util-linux) is missing")
    } else if Path::new("/usr/bin/quiesce").exists() || user().is_some() {
        Some("quiesce is installed on this machine")
    } else {
        None
    }
}

/// Tests a package, or counts as skipped with the reason.
pub fn test(package: &Path) -> Result<Sum> {
    if let Some(reason) = obstacle() {
        return Ok(Sum::skipped(reason));
    }
    let before = accounts()?;
    let installed = Installed::new(package)?;
    files_are_in_place()?;
    serves()?;
    installed.purge()?;
    ensure!(accounts()? == before, "the package leaves accounts behind");
    for path in ["/usr/bin/quiesce", "/etc/quiesce", UNIT, "/usr/share/doc/quiesce"] {
        ensure!(!Path::new(path).exists(), "the package leaves {path} behind");
    }
    Ok(Sum::PASSED)
}

/// The accounts of this machine.
fn accounts() -> Result<String> {
    Ok(fs::read_to_string("/etc/passwd")? + &fs::read_to_string("/etc/group")?)
}

/// The user and the group of the service.
fn user() -> Option<(u32, u32)> {
    let passwd = fs::read_to_string("/etc/passwd").ok()?;
    let line = passwd.lines().find_map(|line| line.strip_prefix("quiesce:x:"))?;
    let mut fields = line.split(':');
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// An installed package. It is purged when this is dropped, also after a failure.
struct Installed {
    purged: bool,
}

impl Installed {
    fn new(package: &Path) -> Result<Self> {
        let installed = Self { purged: false };
        Tool::new("dpkg").arg("--install").arg(package).run()?;
        Ok(installed)
    }

    fn purge(mut self) -> Result<()> {
        self.purged = true;
        Tool::new("dpkg").args(["--purge", "quiesce"]).run()
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        if !self.purged && Tool::new("dpkg").args(["--purge", "quiesce"]).run().is_err() {
            eprintln!("the package is still installed: dpkg --purge quiesce");
        }
    }
}

fn files_are_in_place() -> Result<()> {
    let (user, group) = user().context("the package did not create its user")?;
    ensure!(user < 1000, "the user {user} is not one of the system");
    for (path, mode, group) in [
        ("/usr/bin/quiesce", 0o755, 0),
        (UNIT, 0o644, 0),
        ("/etc/quiesce", 0o750, group),
        (CONFIG, 0o640, group),
        ("/usr/share/doc/quiesce/copyright", 0o644, 0),
        ("/usr/share/doc/quiesce/quiesce.cdx.json", 0o644, 0),
    ] {
        let file = fs::metadata(path).with_context(|| path.to_owned())?;
        let found = (file.permissions().mode() & 0o7777, file.uid(), file.gid());
        ensure!(
            found == (mode, 0, group),
            "{path} has mode {:o}, user {}, group {}",
            found.0,
            found.1,
            found.2
        );
    }
    let conffiles =
        Tool::new("dpkg-query").args(["--show", "--showformat=${Conffiles}", "quiesce"]).output()?;
    ensure!(conffiles.contains(CONFIG), "an upgrade would replace {CONFIG}");
    if which("systemd-analyze").is_some() {
        Tool::new("systemd-analyze").args(["verify", UNIT]).run()?;
    }
    Ok(())
}

/// Runs the command of the unit as its user, as systemd would, with a sandbox as the router.
fn serves() -> Result<()> {
    let mut router = Tool::that_dies_with_us("/usr/bin/quiesce")
        .args(["demo", "--listen", "127.0.0.1:0"])
        .piped()
        .spawn()?;
    let router_url = probe::address(&mut router)?;
    let unit = fs::read_to_string(UNIT)?;
    let command = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).context("no ExecStart")?;
    let notifications = Notifications::listen()?;
    let mut service = Tool::new("setpriv")
        .args(["--reuid=quiesce", "--regid=quiesce", "--clear-groups", "--no-new-privs"])
        .args(["--bounding-set=-all", "--inh-caps=-all", "--pdeathsig=TERM", "--"])
        .args(command.split(' '))
        // The packaged configuration as it is, but for a free port and the sandbox.
        .env("QUIESCE_LISTEN", "127.0.0.1:0")
        .env("QUIESCE_ROUTER", &router_url)
        .env("NOTIFY_SOCKET", notifications.path())
        .env("WATCHDOG_USEC", "1000000")
        .current_dir("/")
        .piped()
        .spawn()?;
    let url = probe::address(&mut service)?;
    // `Type=notify` and `WatchdogSec` of the unit depend on both.
    notifications.wait_for("READY=1")?;
    notifications.wait_for("WATCHDOG=1")?;
    is_confined(service.id())?;

    probe::serves(&url)?;
    for process in [&mut service, &mut router] {
        ensure!(!process.end()?, "it does not exit on SIGTERM");
    }
    Ok(())
}

fn is_confined(process: u32) -> Result<()> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.map(|line| line.split_whitespace().next().unwrap_or_default().to_owned())
    };
    let (user, group) = user().context("no user")?;
    for (name, expected) in [
        ("Uid:", user.to_string()),
        ("Gid:", group.to_string()),
        ("NoNewPrivs:", "1".to_owned()),
        ("CapBnd:", "0".repeat(16)),
        ("CapEff:", "0".repeat(16)),
    ] {
        let found = field(name);
        if found.as_deref() != Some(&expected) {
            bail!("{name} is {found:?}, not {expected}");
        }
    }
    Ok(())
}
