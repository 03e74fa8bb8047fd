//! The anchors of headings.

/// The anchor that GitHub generates for a heading: lower case, without punctuation, hyphens for spaces.
pub fn slug(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_match_those_of_github() {
        assert_eq!(slug(" Write-ahead log of a run"), "write-ahead-log-of-a-run");
        assert_eq!(slug("The contract"), "the-contract");
        assert_eq!(slug("CDAP's `stop` & start"), "cdaps-stop--start");
    }
}
