//! The files of a release.

use super::{archive, crates, debian, installed, licenses, page_folder, sbom};
use crate::outcome::Sum;
use crate::paths;
use crate::process::{Tool, which};
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const SUMS: &str = "SHA256SUMS";

fn folder() -> PathBuf {
    paths::target().join("package")
}

/// Writes all files. Those of an earlier version are removed, so that they are not released with it.
pub fn write() -> Result<()> {
    let folder = folder();
    for path in archive::sorted(&folder)?.iter().filter(|path| path.is_file()) {
        fs::remove_file(path)?;
    }
    let packages = crates::of_binary()?;
    let (licenses, sbom) = (folder.join("LICENSES.txt"), folder.join(format!("quiesce-{VERSION}.cdx.json")));
    fs::write(&licenses, licenses::text(&packages)?)?;
    fs::write(&sbom, sbom::json(&packages)?)?;

    // x86_64-unknown-linux-gnu: the last part follows from the rest for everyone who reads it.
    let target = crates::host()?.replace("-unknown", "").replace("-gnu", "");
    let mut files = vec![
        binary(&folder, &format!("quiesce-{VERSION}-{target}"), &licenses, &sbom)?,
        page(&folder, &format!("quiesce-page-{VERSION}"), &licenses)?,
    ];
    if debian::is_possible() {
        files.push(debian::build(&folder, &licenses, &sbom)?);
    } else {
        println!("    no Debian package: this system has no dpkg-deb");
    }
    files.extend([licenses, sbom]);
    files.sort();
    fs::write(folder.join(SUMS), archive::checksums(&files)?)?;
    for file in files {
        println!("    {} ({} kB)", file.display(), fs::metadata(&file)?.len() / 1000);
    }
    Ok(())
}

/// The binary, with the files of `deploy` that it needs.
fn binary(folder: &Path, name: &str, licenses: &Path, sbom: &Path) -> Result<PathBuf> {
    let deploy = paths::root().join("deploy");
    let from = |file: &str| (deploy.join(file), format!("deploy/{file}"));
    pack(
        folder,
        name,
        &[
            (paths::server_binary(), "quiesce".to_owned()),
            (licenses.to_owned(), "LICENSES.txt".to_owned()),
            (sbom.to_owned(), "quiesce.cdx.json".to_owned()),
            (paths::root().join("docs/deployment.md"), "deployment.md".to_owned()),
            from("quiesce.toml"),
            from("quiesce.service"),
            from("kubernetes.yaml"),
        ],
    )
}

/// The page with the configurations of web servers.
fn page(folder: &Path, name: &str, licenses: &Path) -> Result<PathBuf> {
    let page = page_folder::page_folder();
    ensure!(page.is_dir(), "the page is not packaged");
    let copied = page.join("LICENSES.txt");
    fs::copy(licenses, &copied)?;
    let to = folder.join(format!("{name}.tar.gz"));
    archive::pack(&page, name, &to)?;
    Ok(to)
}

fn pack(folder: &Path, name: &str, files: &[(PathBuf, String)]) -> Result<PathBuf> {
    let staged = folder.join(name);
    for (from, to) in files {
        let to = staged.join(to);
        fs::create_dir_all(to.parent().context("a file without a folder")?)?;
        fs::copy(from, &to).with_context(|| from.display().to_string())?;
    }
    let to = folder.join(format!("{name}.tar.gz"));
    archive::pack(&staged, name, &to)?;
    fs::remove_dir_all(staged)?;
    Ok(to)
}

/// Tests the files that were written.
pub fn test() -> Result<Sum> {
    let folder = folder();
    let mut sum = Sum::default();
    if which("sha256sum").is_some() {
        Tool::new("sha256sum").args(["--check", "--strict", SUMS]).current_dir(&folder).run()?;
        sum.passed += 1;
    }
    let package =
        archive::sorted(&folder)?.into_iter().find(|path| path.extension().is_some_and(|it| it == "deb"));
    sum += installed::test(&package.unwrap_or_default())?;
    Ok(sum)
}
