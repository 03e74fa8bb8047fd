//! Whether something has to be made again: a stamp over all that it is made from.

use anyhow::{Context as _, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// All files under the paths, in a fixed order; hidden ones are left out, since they are what tools keep for themselves.
/// A path that does not exist has none.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        walk(path, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn walk(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))? {
            let entry = entry?;
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                walk(&entry.path(), found)?;
            }
        }
    } else if path.is_file() {
        found.push(path.to_path_buf());
    }
    Ok(())
}

/// Changes when a file under the paths changes, appears, goes or is renamed. Names count from `base`, so that two
/// checkouts of the same state agree.
pub fn of(base: &Path, paths: &[PathBuf], also: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    also.hash(&mut hasher);
    for file in files(paths)? {
        file.strip_prefix(base).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Whether `file` holds the stamp.
pub fn holds(file: &Path, stamp: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text == stamp)
}

/// Writes the stamp.
pub fn put(file: &Path, stamp: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, stamp).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("quiesce-xtask-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(dir.join("deep")).unwrap();
        fs::write(dir.join("a"), "1").unwrap();
        fs::write(dir.join("deep/b"), "2").unwrap();
        dir
    }

    #[test]
    fn a_stamp_changes_with_the_content_the_name_and_the_number_of_files() {
        let dir = folder("changes");
        let stamp = || of(&dir, std::slice::from_ref(&dir), &[]).unwrap();
        let first = stamp();
        assert_eq!(first, stamp());
        fs::write(dir.join("deep/b"), "3").unwrap();
        let content = stamp();
        fs::rename(dir.join("deep/b"), dir.join("deep/c")).unwrap();
        let name = stamp();
        fs::write(dir.join("d"), "").unwrap();
        let more = stamp();
        let all = [&first, &content, &name, &more];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{all:?}");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn two_checkouts_of_the_same_state_have_the_same_stamp() {
        let (one, two) = (folder("one"), folder("two"));
        let stamp = |dir: &PathBuf| of(dir, std::slice::from_ref(dir), &["x"]).unwrap();
        assert_eq!(stamp(&one), stamp(&two));
        assert_ne!(stamp(&one), of(&one, std::slice::from_ref(&one), &["y"]).unwrap());
        fs::remove_dir_all(one).unwrap();
        fs::remove_dir_all(two).unwrap();
    }

    #[test]
    fn hidden_files_are_left_out() {
        let dir = folder("hidden");
        let before = files(std::slice::from_ref(&dir)).unwrap();
        fs::write(dir.join(".lock"), "").unwrap();
        assert_eq!(files(std::slice::from_ref(&dir)).unwrap(), before);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_path_that_does_not_exist_is_no_error() {
        assert_eq!(files(&[PathBuf::from("/no/such/path")]).unwrap(), Vec::<PathBuf>::new());
    }
}
