//! Numbers in sentences: thousands separators and English plurals, for the page and the report.

use std::fmt::{Display, Write as _};

/// A number with commas: `1,041`.
pub fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun, which is given in the singular: `1 entry`, `3 entries`, `1,041 runs`.
pub fn plural(count: usize, noun: &str) -> String {
    let mut text = number(count);
    text.push(' ');
    text.push_str(noun);
    if count != 1 {
        let stem = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
        if let Some(stem) = stem {
            text.truncate(text.len() - noun.len() + stem.len());
            text.push_str("ies");
        } else if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") {
            text.push_str("es");
        } else {
            text.push('s');
        }
    }
    text
}

/// The word that agrees with a number: `agree(1, "is", "are")` is `is`.
pub fn agree<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// A number with the form of a phrase that agrees with it: `2 risks are`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(count), agree(count, one, many))
}

/// The items with commas between them.
pub fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let mut text = String::new();
    for item in items {
        let comma = if text.is_empty() { "" } else { ", " };
        let _ = write!(text, "{comma}{item}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_thousands_separators() {
        assert_eq!([0, 41, 1_041, 1_234_567].map(number), ["0", "41", "1,041", "1,234,567"]);
    }

    #[test]
    fn nouns_follow_english_plural_rules() {
        for (count, noun, text) in [
            (0, "run", "0 runs"),
            (1, "run", "1 run"),
            (2_000, "run", "2,000 runs"),
            (1, "entry", "1 entry"),
            (2, "journal entry", "2 journal entries"),
            (2, "key", "2 keys"),
            (2, "batch", "2 batches"),
            (2, "process", "2 processes"),
            (3, "application record", "3 application records"),
        ] {
            assert_eq!(plural(count, noun), text);
        }
    }

    #[test]
    fn verbs_agree_with_their_number() {
        assert_eq!([0, 1, 2].map(|count| agree(count, "is", "are")), ["are", "is", "are"]);
    }
}
