//! Checks that the labels and messages in the operator's guide are on screen.

#![allow(clippy::expect_used)] // `allow-expect-in-tests` does not know that helpers of a test are tests.

mod literals;
mod tracked;

use literals::literals;

/// The fixed parts of a text of the guide: without `…`, and without a number `N` and the word that agrees with it.
fn fixed_parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if word == "N" {
            words.next();
            parts.push(String::new());
            continue;
        }
        for (index, piece) in word.split('…').enumerate() {
            if index > 0 {
                parts.push(String::new());
            }
            let part = parts.last_mut().expect("there is a part");
            if !part.is_empty() && !piece.is_empty() && index == 0 {
                part.push(' ');
            }
            part.push_str(piece);
        }
    }
    let parts = parts.into_iter().map(|part| part.trim_matches(['.', ',', ':', ' ']).to_owned());
    parts.filter(|part| part.chars().filter(|c| c.is_alphabetic()).count() > 2).collect()
}

#[test]
fn labels_and_messages_of_the_guide_are_in_the_texts_of_the_page() {
    let code = tracked::files(&["src", "crates/lifecycle/src"], &["rs"]);
    let texts: Vec<String> = code.iter().flat_map(|(_, code)| literals(code)).collect();
    let texts: Vec<_> = texts
        .iter()
        .map(|text| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let guide = tracked::files(&["docs/guide.md"], &["md"]);
    let (_, guide) = guide.first().expect("the guide is tracked");
    // Labels are bold, messages in curly quotes.
    let labels = guide.split("**").skip(1).step_by(2);
    let messages = guide.split('“').skip(1).filter_map(|rest| rest.split('”').next());
    let parts: Vec<_> = labels.chain(messages).flat_map(fixed_parts).collect();
    assert!(parts.len() > 150, "only {} texts were found", parts.len());
    let missing: Vec<_> =
        parts.iter().filter(|part| !texts.iter().any(|text| text.contains(&part.to_lowercase()))).collect();
    assert!(missing.is_empty(), "the guide quotes what is not on screen: {missing:#?}");
}

#[test]
fn fixed_parts_have_no_names_numbers_or_plurals() {
    assert_eq!(fixed_parts("Stop N runs"), ["Stop"]);
    assert_eq!(fixed_parts("Only the first … of … received"), ["Only the first", "received"]);
    assert_eq!(fixed_parts("Check a backup…"), ["Check a backup"]);
    assert_eq!(fixed_parts("Redeploy … without\n   draining"), ["Redeploy", "without draining"]);
}
