//! Random numbers that depend only on a seed and on their purpose: `SplitMix64`, seeded by FNV-1a.

/// `SplitMix64` (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct SeededRng(u64);

impl SeededRng {
    /// The FNV-1a hash of the words, with the seed, is the initial state.
    pub(crate) fn new(seed: u64, words: &[&str]) -> Self {
        let mut state = seed ^ 0xcbf2_9ce4_8422_2325;
        for word in words {
            for byte in word.bytes().chain([0xff]) {
                state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        Self(state)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both inclusive.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.next() % span)
    }

    /// `true` with the probability `hits / of`.
    pub(crate) fn chance(&mut self, hits: u64, of: u64) -> bool {
        self.next() % of.max(1) < hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_words_result_in_the_same_numbers() {
        let numbers = |seed, words| {
            let mut rng = SeededRng::new(seed, words);
            [rng.next(), rng.next()]
        };
        assert_eq!(numbers(7, &["a", "b"]), numbers(7, &["a", "b"]));
        assert_ne!(numbers(7, &["a", "b"]), numbers(8, &["a", "b"]));
        assert_ne!(numbers(7, &["a", "b"]), numbers(7, &["ab"]));
    }

    #[test]
    fn numbers_stay_in_their_range() {
        let mut rng = SeededRng::new(1, &["x"]);
        assert!((0..1_000).map(|_| rng.between(-3, 4)).all(|it| (-3..=4).contains(&it)));
    }
}
