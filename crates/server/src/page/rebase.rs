//! Moves the addresses of an HTML document below a base path.

use bytes::Bytes;
use std::io::Write as _;

/// The attributes that contain addresses.
const ATTRIBUTES: [&str; 2] = ["href=", "src="];

/// The document with the base before each of its absolute addresses: those in attributes, and those of `files` (paths
/// without a leading slash) in quotes, as scripts name them.
pub fn below(base: &str, html: &str, files: &[&str]) -> String {
    let mut moved = html.to_owned();
    for attribute in ATTRIBUTES {
        for quote in ["", "\"", "'"] {
            let start = format!("{attribute}{quote}/");
            let mut parts = moved.split(start.as_str());
            let mut next = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                // `//host/` is an address of another host.
                let prefix = if part.starts_with('/') { "" } else { base };
                next = next + attribute + quote + prefix + "/" + part;
            }
            moved = next;
        }
    }
    for file in files {
        for quote in ['"', '\'', '`'] {
            moved = moved.replace(&format!("{quote}/{file}{quote}"), &format!("{quote}{base}/{file}{quote}"));
        }
    }
    moved
}

/// The index with an element that tells the page something, before its scripts.
pub fn with_meta(name: &str, content: &str, html: &str) -> String {
    let element = format!("<meta name=\"{name}\" content=\"{content}\">");
    let at = html
        .find("<title")
        .or_else(|| html.get(..15)?.eq_ignore_ascii_case("<!doctype html>").then_some(15))
        .unwrap_or_default();
    let (before, after) = html.split_at(at);
    format!("{before}{element}{after}")
}

/// Compressed with Brotli, if that is smaller.
pub fn brotli(bytes: &[u8]) -> Option<Bytes> {
    let params = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &params).ok()?;
    (packed.len() < bytes.len()).then(|| packed.into())
}

/// Compressed with gzip, if that is smaller.
pub fn gzip(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len()).then(|| packed.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_addresses_in_attributes_and_those_of_files_in_scripts() {
        let html = "<link href=/icon.svg><a href=\"/\">a</a><a href='/docs/loss#x'>b</a><script src=/boot.js></script>\
                    <a href=\"https://cdap.io/\">c</a><a href=//other/>d</a><use href=#mark>\
                    <script>import a from\"/app.js\";init({module_or_path:`/app.wasm`});load('/app.wasm');x='/v3'</script>";
        let expected = "<link href=/console/icon.svg><a href=\"/console/\">a</a><a href='/console/docs/loss#x'>b</a>\
                        <script src=/console/boot.js></script>\
                        <a href=\"https://cdap.io/\">c</a><a href=//other/>d</a><use href=#mark>\
                        <script>import a from\"/console/app.js\";init({module_or_path:`/console/app.wasm`});load('/console/app.wasm');x='/v3'</script>";
        assert_eq!(below("/console", html, &["app.js", "app.wasm", "boot.js", "icon.svg"]), expected);
    }

    #[test]
    fn tells_the_page_its_base_before_its_title() {
        let element = "<meta name=\"quiesce-base\" content=\"/console\">";
        let with_base = |html| with_meta("quiesce-base", "/console", html);
        assert_eq!(with_base("<head><title>a"), format!("<head>{element}<title>a"));
        assert_eq!(with_base("<!doctype html><p>"), format!("<!doctype html>{element}<p>"));
    }
}
