//! The package for Debian and Ubuntu, made with the system's `dpkg-deb`.

use super::archive::{TIME, sorted};
use crate::paths;
use crate::process::{Tool, which};
use anyhow::{Context as _, Result};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Whether this machine can make one.
pub fn is_possible() -> bool {
    which("dpkg-deb").is_some() && which("dpkg").is_some()
}

/// The files of a package, each with its mode: from a source to a path below the root.
fn files(licenses: &Path, sbom: &Path) -> Vec<(PathBuf, &'static str, u32)> {
    let deploy = |file: &str| paths::root().join("deploy").join(file);
    vec![
        (paths::server_binary(), "usr/bin/quiesce", 0o755),
        (deploy("quiesce.toml"), "etc/quiesce/quiesce.toml", 0o644),
        (deploy("quiesce.service"), "usr/lib/systemd/system/quiesce.service", 0o644),
        (licenses.to_owned(), "usr/share/doc/quiesce/copyright", 0o644),
        (sbom.to_owned(), "usr/share/doc/quiesce/quiesce.cdx.json", 0o644),
        (paths::root().join("docs/deployment.md"), "usr/share/doc/quiesce/deployment.md", 0o644),
        (deploy("debian/postinst"), "DEBIAN/postinst", 0o755),
        (deploy("debian/prerm"), "DEBIAN/prerm", 0o755),
        (deploy("debian/postrm"), "DEBIAN/postrm", 0o755),
    ]
}

/// Builds the package below `folder` and returns its path.
pub fn build(folder: &Path, licenses: &Path, sbom: &Path) -> Result<PathBuf> {
    let root = folder.join("debian");
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    let mut size = 0;
    for (from, to, mode) in files(licenses, sbom) {
        let bytes = fs::read(&from).with_context(|| from.display().to_string())?;
        size += bytes.len().div_ceil(1024);
        write(&root.join(to), &bytes, mode)?;
    }
    let version = env!("CARGO_PKG_VERSION");
    let architecture = Tool::new("dpkg").arg("--print-architecture").output()?.trim().to_owned();
    let control = fs::read_to_string(paths::root().join("deploy/debian/control"))?
        .replace("@version@", version)
        .replace("@architecture@", &architecture)
        .replace("@size@", &size.to_string())
        .replace("@glibc@", &newest_glibc(&fs::read(paths::server_binary())?)?);
    write(&root.join("DEBIAN/control"), control.as_bytes(), 0o644)?;
    // An upgrade asks before it replaces a changed one.
    write(&root.join("DEBIAN/conffiles"), b"/etc/quiesce/quiesce.toml\n", 0o644)?;
    set_folder_modes(&root)?;

    let package = folder.join(format!("quiesce_{version}_{architecture}.deb"));
    Tool::new("dpkg-deb")
        .args(["--build", "--root-owner-group"])
        .args([&root, &package])
        // Newer files get this time, so that the package depends on nothing but their content.
        .env("SOURCE_DATE_EPOCH", TIME.to_string())
        .run()?;
    fs::remove_dir_all(root)?;
    Ok(package)
}

fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    fs::create_dir_all(path.parent().context("a file without a folder")?)?;
    fs::write(path, bytes)?;
    Ok(fs::set_permissions(path, Permissions::from_mode(mode))?)
}

/// Independent of the mask of this process.
fn set_folder_modes(folder: &Path) -> Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    sorted(folder)?.iter().filter(|path| path.is_dir()).try_for_each(|path| set_folder_modes(path))
}

/// The newest version of the C library of which the binary uses a symbol.
fn newest_glibc(binary: &[u8]) -> Result<String> {
    let marker = b"GLIBC_2.";
    let minor = |at: usize| -> Option<u32> {
        let digits = binary.get(at + marker.len()..)?.split(|byte| !byte.is_ascii_digit()).next()?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    };
    let found = binary.windows(marker.len()).enumerate().filter(|(_, window)| window == marker);
    let newest = found.filter_map(|(at, _)| minor(at)).max();
    Ok(format!("2.{}", newest.context("the binary does not use the GNU C library")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requires_the_newest_c_library_that_the_binary_uses() {
        assert_eq!(newest_glibc(b"\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.9\0GLIBC_PRIVATE").unwrap(), "2.34");
        assert!(newest_glibc(b"static").is_err());
    }

    #[test]
    fn the_package_has_the_program_that_its_unit_starts_and_keeps_its_configuration() {
        let to =
            |wanted: &str| files(Path::new(""), Path::new("")).into_iter().any(|(_, to, _)| to == wanted);
        let unit = fs::read_to_string(paths::root().join("deploy/quiesce.service")).unwrap();
        assert!(unit.contains("ExecStart=/usr/bin/quiesce serve --config /etc/quiesce/quiesce.toml\n"));
        assert!(to("usr/bin/quiesce") && to("etc/quiesce/quiesce.toml"));
    }
}
