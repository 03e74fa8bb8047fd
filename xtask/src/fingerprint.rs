//! Fingerprints of inputs, to skip work whose inputs have not changed.

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// All files below the paths, in a fixed order, without hidden files, which belong to tools. A missing path has none.
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

/// A fingerprint of names and contents of all files below the paths. Names are relative to `base`, so that it is the
/// same in two checkouts of the same state.
pub fn of(base: &Path, paths: &[PathBuf], also: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    also.hash(&mut hasher);
    for file in files(paths)? {
        file.strip_prefix(base).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// The SHA-256 of a file, in hexadecimal digits.
pub fn sha256(file: &Path) -> Result<String> {
    let digest = Sha256::digest(fs::read(file).with_context(|| file.display().to_string())?);
    Ok(digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

/// Whether `file` contains the fingerprint.
pub fn matches(file: &Path, fingerprint: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text == fingerprint)
}

/// Writes the fingerprint to `file`.
pub fn store(file: &Path, fingerprint: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, fingerprint).with_context(|| format!("cannot write {}", file.display()))
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
    fn a_fingerprint_changes_with_contents_names_and_number_of_files() {
        let dir = folder("changes");
        let fingerprint = || of(&dir, std::slice::from_ref(&dir), &[]).unwrap();
        let first = fingerprint();
        assert_eq!(first, fingerprint());
        fs::write(dir.join("deep/b"), "3").unwrap();
        let content = fingerprint();
        fs::rename(dir.join("deep/b"), dir.join("deep/c")).unwrap();
        let name = fingerprint();
        fs::write(dir.join("d"), "").unwrap();
        let more = fingerprint();
        let all = [&first, &content, &name, &more];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{all:?}");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn two_checkouts_of_the_same_state_have_the_same_fingerprint() {
        let (one, two) = (folder("one"), folder("two"));
        let fingerprint = |dir: &PathBuf| of(dir, std::slice::from_ref(dir), &["x"]).unwrap();
        assert_eq!(fingerprint(&one), fingerprint(&two));
        assert_ne!(fingerprint(&one), of(&one, std::slice::from_ref(&one), &["y"]).unwrap());
        fs::remove_dir_all(one).unwrap();
        fs::remove_dir_all(two).unwrap();
    }

    #[test]
    fn hidden_files_are_excluded() {
        let dir = folder("hidden");
        let before = files(std::slice::from_ref(&dir)).unwrap();
        fs::write(dir.join(".lock"), "").unwrap();
        assert_eq!(files(std::slice::from_ref(&dir)).unwrap(), before);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_missing_path_is_not_an_error() {
        assert_eq!(files(&[PathBuf::from("/no/such/path")]).unwrap(), Vec::<PathBuf>::new());
    }
}
