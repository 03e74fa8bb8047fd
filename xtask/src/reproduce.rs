//! `cargo xtask reproduce`: builds the page and the server twice from nothing and compares every byte.

use crate::fingerprint::{self, sha256};
use crate::page;
use crate::paths;
use crate::setup;
use crate::steps::Steps;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The hash of each file of a build, by its name.
type Build = BTreeMap<String, String>;

/// Builds twice and fails unless both are the same. It uses a target folder of its own, but replaces `dist/`.
pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    setup::for_page(&mut steps)?;
    let first = steps.step("First build", "page and server, without anything built before", build)?;
    let second = steps.step("Second build", "the same once more", build)?;
    println!("{}\n", steps.table());
    for (name, hash) in &first {
        println!("{hash}  {name}");
    }
    let different = differences(&first, &second);
    if !different.is_empty() {
        bail!("two builds differ in {}", different.join(", "));
    }
    println!("\n{} files, the same in both builds", first.len());
    Ok(())
}

fn build() -> Result<Build> {
    let target = paths::target().join("reproduce");
    for folder in [&target, &paths::dist()] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
    }
    page::release_build(&target)?;
    page::Server::Optimized.build_command().env("CARGO_TARGET_DIR", &target).hint("see above").run()?;
    let mut build = Build::new();
    build.insert("quiesce".to_owned(), sha256(&target.join("server/quiesce"))?);
    for file in fingerprint::files(&[paths::dist()])? {
        build.insert(name_in_page(&file)?, sha256(&file)?);
    }
    fs::remove_dir_all(target)?;
    Ok(build)
}

fn name_in_page(file: &Path) -> Result<String> {
    let root = paths::root();
    let relative: PathBuf = file.strip_prefix(&root)?.into();
    Ok(relative.to_str().context("a file name is not UTF-8")?.to_owned())
}

/// The names of files that only one build has, or that differ.
fn differences<'a>(first: &'a Build, second: &'a Build) -> Vec<&'a str> {
    let changed =
        first.iter().filter(|(name, hash)| second.get(*name) != Some(*hash)).map(|it| it.0.as_str());
    let added = second.keys().filter(|name| !first.contains_key(*name)).map(String::as_str);
    changed.chain(added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_a_missing_and_an_added_file_are_differences() {
        let build = |files: &[(&str, &str)]| -> Build {
            files.iter().map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned())).collect()
        };
        let first = build(&[("quiesce", "1"), ("dist/a.js", "2"), ("dist/b.js", "3")]);
        let second = build(&[("quiesce", "9"), ("dist/a.js", "2"), ("dist/c.js", "3")]);
        assert_eq!(differences(&first, &second), ["dist/b.js", "quiesce", "dist/c.js"]);
        assert!(differences(&first, &first).is_empty());
    }
}
