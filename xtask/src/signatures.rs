//! Checks the registry's signatures of all npm packages, where the keys can be reached.

use crate::outcome::Sum;
use crate::paths;
use crate::process::Tool;
use anyhow::Result;

/// What npm reports if it cannot reach the registry's keys, or the registry has none.
const UNREACHABLE: [&str; 8] =
    ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "E404", "E405"];

/// Counts as skipped, with the reason, without the keys.
pub fn check() -> Result<Sum> {
    let audit = Tool::new("npm")
        .args(["audit", "signatures", "--fetch-retries=0"])
        .current_dir(paths::e2e())
        .hint("see above; compare e2e/package-lock.json with its last reviewed state")
        .output();
    match audit {
        Ok(said) => {
            print!("{said}");
            Ok(Sum::PASSED)
        }
        Err(error) => match unreachable(&error.to_string()) {
            Some(reason) => Ok(Sum::skipped(&format!("npm cannot get the keys: {reason}"))),
            None => Err(error),
        },
    }
}

/// The error code in npm's output if it is about the network and not about a signature.
fn unreachable(said: &str) -> Option<&str> {
    let mut codes = said.lines().filter_map(|line| line.strip_prefix("npm error code "));
    codes.find(|code| UNREACHABLE.contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failure_of_the_network_is_skipped() {
        let offline = "`npm` exited with 1\nnpm error code ENOTFOUND\nnpm error network request to …";
        assert_eq!(unreachable(offline), Some("ENOTFOUND"));
        let forged = "`npm` exited with 1\naudited 12 packages\n1 package has an invalid registry signature:\nENOTFOUND@1.0.0";
        assert_eq!(unreachable(forged), None);
    }
}
