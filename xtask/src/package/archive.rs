//! Archives and checksums that depend on nothing but the files: no times, no owners, in a fixed order.

use crate::fingerprint::sha256;
use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The time of all files in an archive: 1980, the earliest that every tool can represent.
pub const TIME: u64 = 315_532_800;

/// Packs a folder into a `.tar.gz`, below a folder of this name.
pub fn pack(folder: &Path, name: &str, to: &Path) -> Result<()> {
    let file = fs::File::create(to).with_context(|| to.display().to_string())?;
    let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::best()));
    add(&mut archive, folder, Path::new(name))?;
    archive.into_inner()?.finish()?.flush()?;
    Ok(())
}

fn add(archive: &mut tar::Builder<impl Write>, from: &Path, to: &Path) -> Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_mtime(TIME);
    if from.is_dir() {
        header.set_entry_type(tar::EntryType::Directory);
        header.set_mode(0o755);
        header.set_size(0);
        archive.append_data(&mut header, to, std::io::empty())?;
        for path in sorted(from)? {
            add(archive, &path, &to.join(path.file_name().unwrap_or_default()))?;
        }
        return Ok(());
    }
    let bytes = fs::read(from)?;
    header.set_entry_type(tar::EntryType::Regular);
    header.set_mode(if is_executable(from)? { 0o755 } else { 0o644 });
    header.set_size(bytes.len() as u64);
    Ok(archive.append_data(&mut header, to, bytes.as_slice())?)
}

/// The paths in a folder, in a fixed order.
pub fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn is_executable(file: &Path) -> Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(file)?.permissions().mode() & 0o100 != 0)
}

/// A list that `sha256sum --check` reads, of files in one folder.
pub fn checksums(files: &[PathBuf]) -> Result<String> {
    files.iter().try_fold(String::new(), |mut list, file| {
        let name = file.file_name().and_then(|name| name.to_str()).context("a file name is not UTF-8")?;
        let _ = writeln!(list, "{}  {name}", sha256(file)?);
        Ok(list)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_same_files_make_the_same_archive() {
        let folder = tempfile::tempdir().unwrap();
        let packed = |name: &str| {
            let from = folder.path().join(name);
            fs::create_dir_all(from.join("b")).unwrap();
            // Written in another order, at another time, by another mask.
            for file in if name == "one" { ["a", "b/c"] } else { ["b/c", "a"] } {
                fs::write(from.join(file), file).unwrap();
            }
            fs::set_permissions(from.join("a"), fs::Permissions::from_mode(0o700)).unwrap();
            let to = folder.path().join(format!("{name}.tar.gz"));
            pack(&from, "quiesce", &to).unwrap();
            fs::read(to).unwrap()
        };
        let (one, two) = (packed("one"), packed("two"));
        assert_eq!(one, two);

        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(one.as_slice()));
        let entries: Vec<(String, u32, String)> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let mut entry = entry.unwrap();
                let mut text = String::new();
                entry.read_to_string(&mut text).unwrap();
                (entry.path().unwrap().display().to_string(), entry.header().mode().unwrap(), text)
            })
            .collect();
        let entry = |path: &str, mode, text: &str| (path.to_owned(), mode, text.to_owned());
        assert_eq!(
            entries,
            [
                entry("quiesce", 0o755, ""),
                entry("quiesce/a", 0o755, "a"),
                entry("quiesce/b", 0o755, ""),
                entry("quiesce/b/c", 0o644, "b/c"),
            ]
        );
    }

    #[test]
    fn checksums_are_those_of_sha256sum() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("abc");
        fs::write(&file, "abc").unwrap();
        // FIPS 180-2, appendix B.1
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc\n";
        assert_eq!(checksums(&[file]).unwrap(), expected);
    }
}
