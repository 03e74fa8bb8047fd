//! Fuzzy matching of a label: each word of the query is found as it stands, or else as letters in the same order, as
//! fzf does (`FuzzyMatchV1` in <https://github.com/junegunn/fzf/blob/v0.56.0/src/algo/algo.go>).
//!
//! Letters of ASCII are compared in any case, as names on a server are ASCII (docs/cdap-api.md#names).

/// A matched letter.
const LETTER: i32 = 16;
/// A matched letter at the start of a word.
const START: i32 = 8;
/// A matched letter after another one.
const NEXT: i32 = 4;
/// The first letter that is not matched between two that are, and each one after it.
const GAP: (i32, i32) = (-3, -1);

/// How well a label matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// Higher is better.
    pub score: i32,
    /// The matched letters, as indices of characters in order.
    pub letters: Vec<usize>,
}

/// The words of what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query(Vec<Vec<char>>);

impl Query {
    /// Splits at white space.
    pub fn new(text: &str) -> Self {
        let word = |word: &str| word.chars().map(|letter| letter.to_ascii_lowercase()).collect();
        Self(text.split_whitespace().map(word).collect())
    }

    /// Whether it has no word: it matches everything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Matches a label. `None` if a word is not in it.
    pub fn matches(&self, label: &str) -> Option<Match> {
        if !self.0.iter().all(|word| has_in_order(label, word)) {
            return None;
        }
        let label: Vec<char> = label.chars().collect();
        let mut all = Match { score: 0, letters: Vec::new() };
        for word in &self.0 {
            let found = find(&label, word)?;
            all.score += found.score;
            for letter in found.letters {
                if let Err(at) = all.letters.binary_search(&letter) {
                    all.letters.insert(at, letter);
                }
            }
        }
        Some(all)
    }
}

/// Whether the label has all letters of the word in their order: most labels have not, and are not looked at further.
fn has_in_order(label: &str, word: &[char]) -> bool {
    let mut letters = label.chars();
    word.iter().all(|wanted| letters.any(|letter| letter.to_ascii_lowercase() == *wanted))
}

/// Whether a word begins at this letter: after a separator, or where a capital follows a small letter.
fn starts(label: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| label.get(before));
    before.is_none_or(|before| {
        let is_capital = |letter: &char| letter.is_ascii_uppercase();
        !before.is_alphanumeric() || before.is_ascii_lowercase() && label.get(at).is_some_and(is_capital)
    })
}

/// The best place of a word: the one with the highest score, or the first of those.
fn find(label: &[char], word: &[char]) -> Option<Match> {
    let places = 0..=label.len().checked_sub(word.len())?;
    let whole = places.filter(|from| {
        let there = label.iter().skip(*from).map(char::to_ascii_lowercase);
        there.zip(word).all(|(letter, wanted)| letter == *wanted)
    });
    let whole = whole.map(|from| rate(label, (from..from + word.len()).collect()));
    let best = whole.reduce(|best, other| if other.score > best.score { other } else { best });
    best.or_else(|| scattered(label, word).map(|letters| rate(label, letters))).filter(|it| it.score > 0)
}

/// The letters of a word in the shortest part of the label that ends where they are first all there.
fn scattered(label: &[char], word: &[char]) -> Option<Vec<usize>> {
    let same =
        |at: usize, wanted: char| label.get(at).is_some_and(|letter| letter.to_ascii_lowercase() == wanted);
    let mut at = 0;
    for wanted in word {
        at += (at..label.len()).position(|at| same(at, *wanted))? + 1;
    }
    let mut letters = vec![0; word.len()];
    for (place, wanted) in letters.iter_mut().zip(word).rev() {
        at = (0..at).rfind(|at| same(*at, *wanted))?;
        *place = at;
    }
    Some(letters)
}

fn rate(label: &[char], letters: Vec<usize>) -> Match {
    let mut score = 0;
    let mut before = None::<usize>;
    for at in &letters {
        score += LETTER + if starts(label, *at) { START } else { 0 };
        match before.map(|before| at - before - 1) {
            None => {}
            Some(0) => score += NEXT,
            Some(gap) => score += GAP.0 + GAP.1 * i32::try_from(gap).unwrap_or(i32::MAX / 2),
        }
        before = Some(*at);
    }
    Match { score, letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(query: &str, label: &str) -> Option<Vec<usize>> {
        Query::new(query).matches(label).map(|it| it.letters)
    }

    fn score(query: &str, label: &str) -> i32 {
        Query::new(query).matches(label).map_or(0, |it| it.score)
    }

    #[test]
    fn a_word_is_found_as_it_stands_in_any_case_and_first_where_a_word_begins() {
        assert_eq!(letters("cli", "clicks_live"), Some(vec![0, 1, 2]));
        assert_eq!(letters("LIVE", "olive_clicks_live"), Some(vec![13, 14, 15, 16]));
        assert_eq!(letters("poll", "StockPoller"), Some(vec![5, 6, 7, 8]));
    }

    #[test]
    fn letters_in_order_are_found_in_the_shortest_part() {
        assert_eq!(letters("ckl", "clicks_live"), Some(vec![3, 4, 7]));
        assert_eq!(letters("cl", "c_clicks"), Some(vec![2, 3]));
        assert_eq!(letters("xyz", "clicks_live"), None);
        assert_eq!(letters("evil", "live"), None, "not in this order");
    }

    #[test]
    fn letters_far_apart_are_no_match() {
        let label = format!("a{}b", "x".repeat(60));
        assert_eq!(letters("ab", &label), None);
    }

    #[test]
    fn all_words_must_be_there_in_any_order() {
        assert_eq!(letters("live cli", "clicks_live"), Some(vec![0, 1, 2, 7, 8, 9, 10]));
        assert_eq!(letters("clicks orders", "clicks_live"), None);
        assert_eq!(letters("", "clicks_live"), Some(Vec::new()));
    }

    #[test]
    fn a_word_of_the_label_goes_before_letters_within_one_and_those_before_scattered_ones() {
        let [word, within, scattered] =
            ["daily_orders", "reorders", "other_daily_report_users"].map(|label| score("orders", label));
        assert!(word > within && within > scattered, "{word} {within} {scattered}");
    }

    #[test]
    fn names_that_are_not_ascii_are_matched_by_their_characters() {
        assert_eq!(letters("über", "die übersicht"), Some(vec![4, 5, 6, 7]));
        assert_eq!(letters("ß", "straße"), Some(vec![4]));
    }
}
