//! The files that `build.rs` embeds into the binary.

/// An embedded file, uncompressed and compressed.
pub(super) struct Packed {
    pub path: &'static str,
    pub identity: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

/// All files: the documents, and the page if it was built before the binary.
pub(super) static FILES: &[Packed] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Served by a binary that was built without the page.
pub(super) const PLACEHOLDER: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Quiesce</title>
<h1>This binary was built without the page</h1>
<p>Build the page first, then the binary again: <code>cargo xtask dist</code>, then
<code>cargo build -p quiesce-server --profile server</code>.</p>
</html>
";
