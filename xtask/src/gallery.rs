//! Pictures of the gallery, and what changed in them since the last commit (docs/testing.md).

use crate::page;
use crate::paths;
use crate::process::Tool;
use crate::setup;
use crate::steps::Steps;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// How many commits are searched for pictures to compare with.
const COMMITS: &str = "200";

/// Options of `cargo xtask gallery`.
#[derive(clap::Args)]
pub struct Options {
    /// Folder of the pictures to compare with [default: those of the latest commit that has some]
    #[arg(long, value_name = "FOLDER")]
    before: Option<PathBuf>,
}

/// Takes the pictures of this state and compares them with those before.
pub fn run(options: &Options) -> Result<()> {
    let mut steps = Steps::default();
    setup::for_gallery(&mut steps)?;
    page::build(&mut steps)?;
    page::Server::Optimized.build(&mut steps)?;
    let is_changed = !git(&["status", "--porcelain"])?.trim().is_empty();
    let commits = git(&["log", "--format=%h", "--max-count", COMMITS])?;
    let commits: Vec<&str> = commits.split_whitespace().collect();
    let folder = paths::target().join("gallery");
    let name = name(commits.first().copied().unwrap_or("none"), is_changed);
    let before = match &options.before {
        Some(before) => Some(std::path::absolute(before).context("invalid path of the pictures before")?),
        None => before(&commits, is_changed, |commit| folder.join(commit).is_dir()).map(|it| folder.join(it)),
    };
    steps.step("Take the pictures", "each section in both widths and themes", || {
        script(&folder.join(name), before.as_deref())?.hint("see above").run()
    })
}

fn script(into: &Path, before: Option<&Path>) -> Result<Tool> {
    let chromium = setup::system::chromium_program().context("Chromium not found")?;
    let mut tool = Tool::new("node")
        .arg(paths::e2e().join("gallery.mjs"))
        .arg("--binary")
        .arg(paths::server_binary())
        .arg("--into")
        .arg(into)
        .env("CHROMIUM", chromium);
    if let Some(before) = before {
        tool = tool.arg("--before").arg(before);
    }
    Ok(tool)
}

/// The folder of the pictures of a state: that of its commit, or of what was changed since.
fn name(commit: &str, is_changed: bool) -> String {
    if is_changed { format!("{commit}-changed") } else { commit.to_owned() }
}

/// The latest commit before this state that has pictures.
fn before<'a>(commits: &[&'a str], is_changed: bool, has_pictures: impl Fn(&str) -> bool) -> Option<&'a str> {
    commits.iter().skip(usize::from(!is_changed)).copied().find(|commit| has_pictures(commit))
}

fn git(arguments: &[&str]) -> Result<String> {
    Tool::new("git").args(arguments).current_dir(paths::root()).hint("run it in a checkout").output()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_compared_with_the_latest_one_before_it_that_has_pictures() {
        let commits = ["ccc", "bbb", "aaa"];
        assert_eq!(before(&commits, false, |_| true), Some("bbb"));
        assert_eq!(before(&commits, false, |commit| commit == "aaa"), Some("aaa"));
        assert_eq!(before(&commits, false, |commit| commit == "ccc"), None);
        assert_eq!(name("ccc", false), "ccc");
    }

    #[test]
    fn what_is_not_committed_is_compared_with_the_last_commit() {
        assert_eq!(before(&["ccc", "bbb"], true, |_| true), Some("ccc"));
        assert_eq!(name("ccc", true), "ccc-changed");
    }
}
