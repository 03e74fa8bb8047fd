//! Properties of a file of the page that follow from its name.

/// The media type of a file, by its extension.
pub fn media_type(path: &str) -> &'static str {
    match extension(path).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether the path names a file and not a route of the page. Application versions contain dots too, so only the
/// extensions of known file types count.
pub fn names_a_file(path: &str) -> bool {
    extension(path)
        .is_some_and(|name| media_type(path) != "application/octet-stream" || name == "br" || name == "gz")
}

fn extension(path: &str) -> Option<&str> {
    path.rsplit('/').next()?.rsplit_once('.').map(|(_, extension)| extension)
}

/// Whether the name of a file contains a hash of its content, as `name-0123456789abcdef.js`,
/// `name-0123456789abcdef_bg.wasm`. Such a file never changes.
pub fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('-').skip(1).any(|part| {
        let hash = part.split(['.', '_']).next().unwrap_or_default();
        hash.len() >= 12 && hash.len() < part.len() && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_names_with_a_hash_from_names_without() {
        assert!(is_hashed("quiesce-console-3f2a9c1b2d4e5f6a.js"));
        assert!(is_hashed("quiesce-console-3f2a9c1b2d4e5f6a_bg.wasm"));
        assert!(is_hashed("style/main-3f2a9c1b2d4e5f6a.css"));
        for path in [
            "index.html",
            "favicon.svg",
            "well-known.js",
            "snippets/dom-3f2a9c1b2d4e5f6a/inline0.js",
            "a-cafe.js",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn a_route_that_ends_with_a_version_is_not_a_file() {
        assert!(!names_a_file("ns/default/apps/a/versions/6.11.0"));
        assert!(!names_a_file("ns/default/programs"));
        assert!(names_a_file("missing.js"));
        assert!(names_a_file("a/b.wasm"));
    }
}
