//! Embeds the page and the documents into the binary: renders `docs/`, compresses each of its pages and each file of
//! `dist/`, and writes the list that `src/page/embedded.rs` includes.

use anyhow::{Context, Result};
use rayon::prelude::*;
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

    // Without an index, the page was not built yet, or is being built.
    let page = if dist.join("index.html").is_file() { files(&dist)? } else { Vec::new() };
    let page = page.iter().map(|file| {
        let path = file.strip_prefix(&dist)?.to_str().context("a file name of the page is not UTF-8")?;
        let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        Ok((path.replace('\\', "/"), bytes))
    });
    let docs = quiesce_docs::Site::read(&docs)?.files();
    let docs = docs.into_iter().map(|file| Ok((file.path, file.content)));
    let files: Vec<(String, Vec<u8>)> = page.chain(docs).collect::<Result<_>>()?;
    let entries =
        files.par_iter().enumerate().map(|(at, (path, bytes))| pack(&out, release, at, path, bytes));
    let entries: Vec<String> = entries.collect::<Result<_>>()?;
    std::fs::write(out.join("page.rs"), format!("&[\n{}]", entries.concat()))?;
    Ok(())
}

/// Writes the compressed variants of a file, and returns its entry in the list.
fn pack(out: &Path, release: bool, at: usize, path: &str, bytes: &[u8]) -> Result<String> {
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
    Ok(format!(
        "    Packed {{ path: {path:?}, identity: include_bytes!({:?}), brotli: {brotli}, gzip: {gzip} }},\n",
        identity.display().to_string(),
    ))
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
