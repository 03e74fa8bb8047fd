//! Finds a text in a line.

use std::ops::Range;

/// The matches of a text in another, in bytes, from left to right without overlap. The case of ASCII letters is ignored.
/// An empty text has none.
pub fn matches(text: &str, sought: &str) -> Vec<Range<usize>> {
    let (text, sought) = (text.as_bytes(), sought.as_bytes());
    let mut found = Vec::new();
    let mut at = 0;
    // A text in UTF-8 is found only where a character begins.
    while !sought.is_empty()
        && let Some(part) = text.get(at..at + sought.len())
    {
        if part.eq_ignore_ascii_case(sought) {
            found.push(at..at + sought.len());
            at += sought.len();
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found<'a>(text: &'a str, sought: &str) -> Vec<&'a str> {
        matches(text, sought).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn the_case_of_ascii_letters_is_ignored() {
        assert_eq!(found("ERROR: error, Error", "error"), ["ERROR", "error", "Error"]);
        assert_eq!(found("Größe GRöße GRÖßE", "größe"), ["Größe", "GRöße"]);
    }

    #[test]
    fn matches_do_not_overlap_and_an_empty_text_has_none() {
        assert_eq!(matches("aaaa", "aa"), [0..2, 2..4]);
        assert!(matches("aaaa", "").is_empty() && matches("a", "ab").is_empty());
    }

    proptest! {
        #[test]
        fn every_match_is_the_text_that_was_sought(text in "[aAbäÄ€]{0,12}", sought in "[aAbäÄ€]{1,3}") {
            let ranges = matches(&text, &sought);
            prop_assert!(ranges.windows(2).all(|two| two[0].end <= two[1].start));
            for range in ranges {
                prop_assert!(text[range].eq_ignore_ascii_case(&sought));
            }
        }

        #[test]
        fn a_text_is_found_wherever_it_is(before in "[xyö]{0,5}", sought in "[aä]{1,3}", after in "[xyö]{0,5}") {
            let text = format!("{before}{}{after}", sought.to_ascii_uppercase());
            prop_assert_eq!(matches(&text, &sought).first().map(|it| it.start), Some(before.len()));
        }
    }
}
