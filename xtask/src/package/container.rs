//! The image of deploy/Containerfile: a static binary and nothing else.

use super::probe;
use super::{crates, licenses};
use crate::outcome::Sum;
use crate::page;
use crate::paths;
use crate::process::{Tool, which};
use anyhow::{Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the build: what the image copies.
fn folder() -> PathBuf {
    paths::target().join("package/container")
}

/// Builds the static binary, with the page of `dist/`, into the folder.
pub fn write() -> Result<()> {
    let target = crates::host()?;
    if !target.contains("linux") {
        bail!("an image needs a binary for Linux, and this machine builds for {target}");
    }
    // Statically linked with the C library, which resolves names by `files` and `dns` then. With `--target`, the flag
    // does not apply to build scripts.
    page::Server::Optimized
        .build_command()
        .args(["--target", &target])
        .env("RUSTFLAGS", "-C target-feature=+crt-static")
        .hint("see above; a static binary needs libc.a (Debian: libc6-dev)")
        .run()?;
    let folder = folder();
    fs::create_dir_all(&folder)?;
    fs::copy(paths::target().join(target).join("server/quiesce"), folder.join("quiesce"))?;
    fs::write(folder.join("LICENSES.txt"), licenses::text(&crates::of_binary()?)?)?;
    println!("    {}", folder.display());
    Ok(())
}

/// Whether an image can be built here.
pub fn has_builder() -> bool {
    which("buildah").is_some()
}

/// Builds the image and runs it, in front of a sandbox.
pub fn test() -> Result<Sum> {
    if !has_builder() {
        return Ok(Sum::skipped("no buildah"));
    }
    let store = Store(paths::target().join("package/images"));
    let image = "quiesce-test";
    let containerfile = paths::root().join("deploy/Containerfile");
    store
        .buildah(&["build", "--isolation", "chroot", "--tag", image, "--file"])
        .arg(&containerfile)
        .arg(folder())
        .run()?;
    let user = store
        .buildah(&["inspect", "--type", "image", "--format", "{{.OCIv1.Config.User}}", image])
        .output()?;
    ensure!(user.trim() == "65532:65532", "the image runs as {user}");

    let mut router = Tool::that_dies_with_us(paths::server_binary())
        .args(["demo", "--listen", "127.0.0.1:0"])
        .piped()
        .spawn()?;
    let router_url = probe::address(&mut router)?;
    let container = store.buildah(&["from", image]).output()?;
    let mut server = store
        .buildah(&["run", "--isolation", "chroot", "--user", "65532:65532", container.trim(), "--"])
        .args(["/quiesce", "serve", "--listen", "127.0.0.1:0", "--router"])
        // By name: the static C library resolves it.
        .arg(router_url.replace("127.0.0.1", "localhost"))
        .piped()
        .spawn()?;
    let url = probe::address(&mut server)?;
    probe::serves(&url)?;
    server.end()?;
    router.end()?;
    Ok(Sum::PASSED)
}

/// Images and containers of the test only, removed when this is dropped.
struct Store(PathBuf);

impl Store {
    fn buildah(&self, args: &[&str]) -> Tool {
        let part = |name: &str| -> PathBuf { self.0.join(name) };
        Tool::new("buildah")
            .args(["--storage-driver", "vfs"])
            .args([Path::new("--root"), &part("root"), Path::new("--runroot"), &part("run")])
            .args(args)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if self.buildah(&["rm", "--all"]).output().is_err() || fs::remove_dir_all(&self.0).is_err() {
            eprintln!("{} was not removed", self.0.display());
        }
    }
}
