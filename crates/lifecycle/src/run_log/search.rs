//! Finds a text in a line.

use std::ops::Range;

/// The matches of a text in another, in bytes, from left to right without overlap. Case is ignored. An empty text has
/// none.
pub fn matches(text: &str, sought: &str) -> Vec<Range<usize>> {
    if sought.is_empty() {
        return Vec::new();
    }
    if text.is_ascii() && sought.is_ascii() {
        let (bytes, sought) = (text.as_bytes(), sought.as_bytes());
        let is_match = |at: usize| {
            bytes.get(at..at + sought.len()).is_some_and(|part| part.eq_ignore_ascii_case(sought))
        };
        return places(bytes.len(), sought.len(), is_match).map(|at| at..at + sought.len()).collect();
    }
    // A character can be several in lower case; each of them stands for the whole.
    let mut folded = Vec::with_capacity(text.len());
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        folded.extend(character.to_lowercase().map(|lower| (lower, start, end)));
    }
    let sought: Vec<char> = sought.chars().flat_map(char::to_lowercase).collect();
    let is_match = |at: usize| {
        let part = folded.get(at..at + sought.len());
        part.is_some_and(|part| part.iter().map(|(lower, ..)| lower).eq(&sought))
    };
    let range = |at: usize| {
        let (_, start, _) = folded.get(at)?;
        let (.., end) = folded.get(at + sought.len() - 1)?;
        Some(*start..*end)
    };
    let mut found: Vec<Range<usize>> =
        places(folded.len(), sought.len(), is_match).filter_map(range).collect();
    // Two matches within one character are one.
    found.dedup_by(|next, one| next.start < one.end);
    found
}

/// The places of matches of a length that do not overlap.
fn places(length: usize, sought: usize, is_match: impl Fn(usize) -> bool) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at + sought <= length {
            let here = at;
            if is_match(here) {
                at += sought;
                return Some(here);
            }
            at += 1;
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found<'a>(text: &'a str, sought: &str) -> Vec<&'a str> {
        matches(text, sought).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn case_is_ignored_in_any_alphabet() {
        assert_eq!(found("ERROR: error, Error", "error"), ["ERROR", "error", "Error"]);
        assert_eq!(found("Größe GRÖẞE größe", "GRÖSSE"), Vec::<&str>::new());
        assert_eq!(found("Größe GRÖßE", "größe"), ["Größe", "GRÖßE"]);
    }

    #[test]
    fn matches_do_not_overlap_and_an_empty_text_has_none() {
        assert_eq!(matches("aaaa", "aa"), [0..2, 2..4]);
        assert!(matches("aaaa", "").is_empty() && matches("a", "ab").is_empty());
    }

    #[test]
    fn a_character_that_is_several_in_lower_case_is_matched_as_a_whole() {
        assert_eq!(found("İstanbul", "i"), ["İ"]);
        assert_eq!(found("İİ", "\u{307}i"), ["İİ"]);
    }

    proptest! {
        #[test]
        fn every_match_is_the_text_that_was_sought(text in "[aAbÄäİ]{0,12}", sought in "[aAbÄäİ]{1,3}") {
            let ranges = matches(&text, &sought);
            prop_assert!(ranges.windows(2).all(|two| two[0].end <= two[1].start));
            for range in ranges {
                prop_assert!(text[range].to_lowercase().contains(&sought.to_lowercase()));
            }
        }

        #[test]
        fn a_text_is_found_wherever_it_is(before in "[xyö]{0,5}", sought in "[aä]{1,3}", after in "[xyö]{0,5}") {
            let text = format!("{before}{}{after}", sought.to_uppercase());
            prop_assert_eq!(matches(&text, &sought).first().map(|it| it.start), Some(before.len()));
        }
    }
}
