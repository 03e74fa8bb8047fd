//! Embeds the page and the documents into the binary: renders `docs/`, compresses each of its pages and each file of
//! `dist/`, and writes the list that `src/page/embedded.rs` includes.

use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<()> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../..");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    // Compressing at the highest level takes seconds, which only a released binary needs.
    let release = std::env::var("PROFILE")? == "release";
    let (dist, docs) = (root.join("dist"), root.join("docs"));
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed={}", docs.display());

    let mut list = String::from("&[\n");
    let mut at = 0;
    let mut pack = |path: &str, bytes: &[u8]| -> Result<()> {
        // A copy: the page may be rebuilt before the compiler includes it.
        let identity = out.join(format!("{at}.id"));
        std::fs::write(&identity, bytes)?;
        let compressed = |name: &str, data: Option<Vec<u8>>| -> Result<String> {
            // Skip the variant if compression does not help.
            let Some(data) = data.filter(|data| data.len() < bytes.len()) else {
                return Ok("None".to_owned());
            };
            let to = out.join(format!("{at}.{name}"));
            std::fs::write(&to, data)?;
            Ok(format!("Some(include_bytes!({:?}))", to.display().to_string()))
        };
        let brotli = compressed("br", release.then(|| brotli(bytes)).transpose()?)?;
        let gzip = compressed("gz", release.then(|| gzip(bytes)).transpose()?)?;
        writeln!(
            list,
            "    Packed {{ path: {path:?}, identity: include_bytes!({:?}), brotli: {brotli}, gzip: {gzip} }},",
            identity.display().to_string(),
        )?;
        at += 1;
        Ok(())
    };
    // Without an index, the page was not built yet, or is being built.
    let files = if dist.join("index.html").is_file() { files(&dist)? } else { Vec::new() };
    for file in &files {
        let path = file.strip_prefix(&dist)?.to_str().context("a file name of the page is not UTF-8")?;
        let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        pack(&path.replace('\\', "/"), &bytes)?;
    }
    for file in quiesce_docs::Site::read(&docs)?.files() {
        pack(&file.path, &file.content)?;
    }
    list.push(']');
    std::fs::write(out.join("page.rs"), list)?;
    Ok(())
}

/// All files below `folder` in a fixed order, without the hidden ones of a build in progress.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &params)?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes)?;
    Ok(packed.finish()?)
}
