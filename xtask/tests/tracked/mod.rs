//! The files of the repository that git tracks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The tracked files below these paths with one of these extensions, each by its path from the root and its text.
/// Without paths: those of the whole repository.
pub fn files(paths: &[&str], extensions: &[&str]) -> Vec<(String, String)> {
    let list = Command::new("git").args(["ls-files", "--"]).args(paths).current_dir(root()).output();
    let list = String::from_utf8(list.expect("git lists its files").stdout).expect("paths are UTF-8");
    list.lines()
        .filter(|path| {
            let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| extensions.contains(&extension))
        })
        .map(|path| (path.to_owned(), fs::read_to_string(root().join(path)).expect("a text file")))
        .collect()
}
