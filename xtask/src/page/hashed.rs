//! Names of files that contain a hash of their content, and hashes for the browser to check it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// `name-0123456789abcdef.extension`: a file that never changes and can be cached forever.
pub fn name(name: &str, extension: &str, content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let hash: u64 = digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte));
    format!("{name}-{hash:016x}.{extension}")
}

/// The value of an `integrity` attribute. A longer hash is 16 bytes more for each module that the first load names.
pub fn integrity(content: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_depends_on_the_content() {
        assert_eq!(name("quiesce", "js", b"abc"), "quiesce-ba7816bf8f01cfea.js");
        assert_eq!(name("quiesce", "js", b""), "quiesce-e3b0c44298fc1c14.js");
    }

    #[test]
    fn an_integrity_is_the_sha_256_in_base64() {
        // The script of the example in <https://www.w3.org/TR/SRI/#integrity-metadata-description>.
        let expected = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=";
        assert_eq!(integrity(b"alert('Hello, world.');"), expected);
    }
}
